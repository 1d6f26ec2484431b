"""TimeBar: one slim row to stop the window's time, drag it back, and be live again."""

from dataclasses import dataclass

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QMouseEvent
from PyQt6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QToolButton,
    QWidget,
)

from pyprobe.gui.icons import make_icon
from pyprobe.gui.theme import Theme
from pyprobe.session.time_cursor import TimeRange

_STEPS = 1_000_000  # of the slider, finer than any screen


@dataclass(frozen=True, slots=True)
class TimePosition:
    """What the bar shows. ``t_ns`` is None for live; ``range`` is None before any capture.

    Times are the target's ``perf_counter_ns``, shown in seconds since ``epoch_ns``.
    """

    range: TimeRange | None = None
    t_ns: int | None = None
    epoch_ns: int = 0
    count: int = 0
    total: int = 0

    def text(self) -> str:
        """Return the time and the count of captures in words."""
        if self.range is None:
            return "No captures yet"
        shown_ns = self.range.last_ns if self.t_ns is None else self.t_ns
        time = seconds_text(shown_ns - self.epoch_ns, self.range.span_ns)
        count = f"{self.total:,}" if self.t_ns is None else f"{self.count:,} of {self.total:,}"
        return f"{time}  ·  {count} capture{'s' * (self.total != 1)}"


def seconds_text(elapsed_ns: int, span_ns: int) -> str:
    """Return a time in seconds with as many decimals as tell the places of a span apart."""
    decimals = 3
    while decimals < 9 and 0 < span_ns < 10 ** (12 - decimals):
        decimals += 3
    return f"{elapsed_ns / 1e9:.{decimals}f} s"


class TimeBar(QFrame):
    """``moved`` carries a time in ``perf_counter_ns``, ``stepped`` 1 or -1 capture.

    ``live_wanted`` carries whether the window is to be live. What has ended has an end there.
    """

    moved = pyqtSignal(object)
    stepped = pyqtSignal(int)
    live_wanted = pyqtSignal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timeBar")
        self.setAccessibleName("Time of the window")
        self.position = TimePosition()
        self._goes_on = True
        self.slider = TimeSlider()
        self.slider.moved.connect(self._on_moved)
        self.slider.stepped.connect(self.stepped)
        self.slider.live_wanted.connect(lambda: self.live_wanted.emit(True))
        self.back = self._button("One capture back (Alt+Left)")
        self.back.clicked.connect(lambda: self.stepped.emit(-1))
        self.forward = self._button("One capture forward (Alt+Right)")
        self.forward.clicked.connect(lambda: self.stepped.emit(1))
        self.live = self._button("")
        self.live.setObjectName("timeLive")
        self.live.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.live.clicked.connect(lambda: self.live_wanted.emit(self.position.t_ns is not None))
        self.label = QLabel()
        self.label.setObjectName("timeLabel")
        self.label.setAccessibleName("Time and captures")
        self.label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 2, 6, 2)
        layout.setSpacing(2)
        layout.addWidget(self.back)
        layout.addWidget(self.forward)
        layout.addSpacing(6)
        layout.addWidget(self.slider, 1)
        layout.addSpacing(6)
        layout.addWidget(self.label)
        layout.addSpacing(4)
        layout.addWidget(self.live)
        self.set_theme(theme)
        self.show_position(TimePosition())

    def _button(self, tip: str) -> QToolButton:
        button = QToolButton()
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self.back.setIcon(make_icon("back", theme))
        self.forward.setIcon(make_icon("forward", theme))

    def set_goes_on(self, goes_on: bool) -> None:
        """Say whether there may be more captures to come."""
        if goes_on is not self._goes_on:
            self._goes_on = goes_on
            self.show_position(self.position)

    def show_position(self, position: TimePosition) -> None:
        """Show where the window stands; the slider under the user's hand stays."""
        self.position = position
        is_live, has_range = position.t_ns is None, position.range is not None
        for widget in (self.slider, self.back, self.forward, self.live):
            widget.setEnabled(has_range)
        texts = ("Live", "Go live") if self._goes_on else ("End", "Go to end")
        self.live.setText(texts[0 if is_live else 1])
        holds = "Hold the time here; the program goes on" if self._goes_on else "Stay at this time"
        self.live.setToolTip(f"{holds if is_live else 'Show what is newest'} (Ctrl+L)")
        self.live.setAccessibleName(self.live.text())
        self._mark(self.live, live=is_live, ended=not self._goes_on)
        self._mark(self.slider, live=is_live)
        self.label.setText(position.text())
        # Grows with the numbers but never shrinks, so that the slider's end does not tremble.
        self.label.setMinimumWidth(max(self.label.minimumWidth(), self.label.sizeHint().width()))
        if not self.slider.isSliderDown():
            self.slider.setValue(self._place(position))

    @staticmethod
    def _mark(widget: QWidget, **marks: bool) -> None:
        if any(widget.property(name) != value for name, value in marks.items()):
            for name, value in marks.items():
                widget.setProperty(name, value)
            style = widget.style()
            if style is not None:
                style.unpolish(widget)
                style.polish(widget)

    @staticmethod
    def _place(position: TimePosition) -> int:
        span = position.range
        if position.t_ns is None or span is None or not span.span_ns:
            return _STEPS
        return (position.t_ns - span.first_ns) * _STEPS // span.span_ns

    def _on_moved(self, place: int) -> None:
        span = self.position.range
        if span is not None:
            self.moved.emit(span.first_ns + place * span.span_ns // _STEPS)


class TimeSlider(QSlider):
    """A slider that goes where it is pressed; arrow keys step by captures, Escape is live."""

    moved = pyqtSignal(int)
    stepped = pyqtSignal(int)
    live_wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName("timeSlider")
        self.setAccessibleName("Time; left and right step by captures, Escape is live again")
        self.setRange(0, _STEPS)
        self.setValue(_STEPS)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def mousePressEvent(self, ev: QMouseEvent | None) -> None:
        """Go where the mouse is."""
        if ev is not None and ev.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._go_to(ev)

    def mouseMoveEvent(self, ev: QMouseEvent | None) -> None:
        """Follow the mouse."""
        if ev is not None and self.isSliderDown():
            self._go_to(ev)

    def mouseReleaseEvent(self, ev: QMouseEvent | None) -> None:
        """Stay there."""
        if ev is not None and ev.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(False)

    def _go_to(self, event: QMouseEvent) -> None:
        handle_px = self._handle_px()
        room_px = max(self.width() - handle_px, 1)
        x = round(event.position().x() - handle_px / 2)
        value = QStyle.sliderValueFromPosition(0, _STEPS, x, room_px)
        self.setValue(value)
        self.moved.emit(value)
        event.accept()

    def _handle_px(self) -> int:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        style = self.style()
        if style is None:
            return 0
        part = QStyle.SubControl.SC_SliderHandle
        return style.subControlRect(QStyle.ComplexControl.CC_Slider, option, part, self).width()

    def keyPressEvent(self, ev: QKeyEvent | None) -> None:
        """Step by captures, go to the ends, or be live."""
        if ev is None:
            return
        key, has_modifiers = ev.key(), bool(ev.modifiers() & ~Qt.KeyboardModifier.KeypadModifier)
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: _STEPS}
        if has_modifiers:
            ev.ignore()
        elif key in steps:
            self.stepped.emit(steps[Qt.Key(key)])
        elif key in ends:
            self.moved.emit(ends[Qt.Key(key)])
        elif key == Qt.Key.Key_Escape:
            self.live_wanted.emit()
        else:
            super().keyPressEvent(ev)
