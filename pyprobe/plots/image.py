"""Image: the newest array of two or more dimensions as colours, with what is measured on it."""

from collections.abc import Hashable, Mapping, Sequence
from enum import Enum
from functools import partial
from typing import Any, ClassVar

import numpy as np
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QAction, QKeyEvent

from pyprobe.plots.axis_range import RangeMode
from pyprobe.plots.image_canvas import ImageCanvas
from pyprobe.plots.image_instruments import ImageInstruments, ImageOf
from pyprobe.plots.image_picture import has_channels, looks_like_picture
from pyprobe.plots.option_menu import OptionMenu
from pyprobe.plots.persistence import Persistence, persisted_count
from pyprobe.plots.profile import ProfileKind
from pyprobe.plots.profile_strip import ProfileStrip
from pyprobe.plots.readings import Reading
from pyprobe.plots.stack import Stack
from pyprobe.plots.stack_bar import StackBar
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.value_traits import NUMBER_KINDS
from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.history_records import ArrayCapture
from pyprobe.session.values import ArrayValue, format_scalar

_SQUARE_UP_TO = 8.0  # longer images fill the panel, as square pixels would leave a hair
_TOP_PX = 7.0  # above an image, whose vertical axis has no title
_IMAGE_LEAST_PX = 90  # below it sliders and profile give their room to the image
_PROFILE_SHARE, _PROFILE_LEAST_PX, _PROFILE_MOST_PX = 0.34, 84, 190
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_PAGES = {Qt.Key.Key_PageUp: 1, Qt.Key.Key_PageDown: -1}


class Channels(Enum):
    """What a last axis of three or four is; the value is its name in menus."""

    AUTO = "as it looks"
    COLORS = "red, green, blue"
    NUMBERS = "numbers"


class ImageLens(ImageCanvas):
    """The last two axes, or H × W × channels; sliders for all others."""

    square_by_default: ClassVar[bool] = True
    draws_pictures: ClassVar[bool] = True

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__(theme, color)
        self._value: ArrayValue | None = None
        self._history: HistoryReader | None = None
        self._looked_at: tuple[object, ...] = ()
        self._looks_like_picture = False
        self._no_image = ""
        self.stack = Stack()
        self._axis = 0  # the axis that keys move along
        self.stack_bar = StackBar(theme, self)
        self.stack_bar.moved.connect(self._on_moved)
        self.strip = ProfileStrip(theme, color)
        self.strip.setParent(self)
        self.strip.hide()
        for signal, own in (
            (self.strip.readout_changed, self.readout_changed),
            (self.strip.menu_requested, self.menu_requested),
            (self.strip.failed, self.failed),
            (self.strip.done, self.done),
            (self.strip.asked, self._instruments_changed),
        ):
            signal.connect(own)
        self.instruments = ImageInstruments(
            self, self, theme.accent, self._instruments_changed, self._tell_done
        )
        self.tools = [self.bar, self.instruments.region, self.instruments.profile]
        self.channels_menu = OptionMenu("Last axis", Channels.AUTO, self._on_channels, self)
        self.square_action = QAction("Square pixels", self)
        self.square_action.setCheckable(True)
        self.square_action.setChecked(self.square_by_default)
        self.square_action.setShortcut("S")
        self.square_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.square_action.triggered.connect(lambda _on: self.guarded(self._square_changed))
        self.addActions(
            [
                self.square_action,
                self.instruments.region_action,
                self.instruments.next_profile_action,
            ]
        )

    # What is shown.

    def show_history(self, history: HistoryReader) -> None:
        """Draw the newest value."""
        self._history = history
        last = history.last
        if last is not self._value or not isinstance(last, ArrayValue):
            self._value = last if isinstance(last, ArrayValue) else None
            self._take_image()
        self.rebuild()

    def _take_image(self) -> None:
        """Show the part of the value that the sliders choose."""
        self._no_image = ""
        array = np.empty((0, 0)) if self._value is None else self._value.array
        if self._value is None or array.ndim < 2 or array.dtype.kind not in NUMBER_KINDS:
            self._no_image = "the newest value is no array of two or more dimensions"
            array = np.empty((0, 0))
        is_picture = self._is_picture(array)
        self.stack.fit(array.shape[: array.ndim - (3 if is_picture else 2)])
        self._axis = min(self._axis, max(len(self.stack.lengths) - 1, 0))
        self.stack_bar.show_stack(self.stack)
        self.set_image(self.stack.image_of(array), is_picture=is_picture)

    def _is_picture(self, array: np.ndarray[Any, Any]) -> bool:
        choice = self.channels_menu.choice
        if not self.draws_pictures or choice is Channels.NUMBERS or not has_channels(array.shape):
            return False
        if choice is Channels.COLORS:
            return bool(array.dtype.kind != "c")
        # Looked at once for all arrays alike, so that live ones do not change their looks.
        looked_at = (array.shape[-3:], array.dtype)
        if looked_at != self._looked_at and array.size:
            self._looked_at = looked_at
            self._looks_like_picture = looks_like_picture(array)
        return self._looks_like_picture and looked_at == self._looked_at

    def _on_channels(self, _choice: Channels) -> None:
        self.guarded(self._image_changed)

    def _image_changed(self) -> None:
        self._take_image()
        self.rebuild()
        self.read.emit()
        self.changed.emit()

    def _on_moved(self, axis: int, place: int) -> None:
        self._axis = axis
        self.stack.move(axis, place)
        self.guarded(self._image_changed)

    def empty_reason(self) -> str:
        """Return why there is no pixel."""
        if self._no_image or self._value is None:
            return self._no_image
        return f"empty image, {' × '.join(map(str, self._value.array.shape))}"

    # Layout: the image, below it sliders, below them the profile.

    def room_below(self) -> float:
        """Return the height of sliders and profile."""
        return float(self._bar_px() + self._strip_px())

    def _bar_px(self) -> int:
        wanted = self.stack_bar.height_wanted()
        return wanted if self.height() - wanted >= _IMAGE_LEAST_PX else 0

    def _strip_px(self) -> int:
        if self.instruments.profile.kind is ProfileKind.OFF:
            return 0
        share = int(self.height() * _PROFILE_SHARE)
        wanted = min(max(share, _PROFILE_LEAST_PX), _PROFILE_MOST_PX)
        return wanted if self.height() - self._bar_px() - wanted >= _IMAGE_LEAST_PX else 0

    def rebuild(self) -> None:
        """Lay out image, sliders and profile."""
        super().rebuild()
        bar_px, strip_px = self._bar_px(), self._strip_px()
        width, height = self.width(), self.height()
        self.stack_bar.setVisible(bar_px > 0)
        self.stack_bar.setGeometry(0, height - strip_px - bar_px, width, bar_px)
        self.strip.setGeometry(0, height - strip_px, width, strip_px)
        self.strip.setVisible(strip_px > 0)
        if strip_px:
            self.instruments.fill(self.strip, self._older_images())

    def _older_images(self) -> list[tuple[Hashable, ImageOf]]:
        """Return what persists in the profile: the images before the one that is drawn."""
        mode = self.strip.persistence_menu.choice
        if mode is Persistence.LAST or self._history is None:
            return []
        arrays = self._history.arrays()
        count = persisted_count(mode, 1, len(arrays))
        kept = [arrays[len(arrays) - count + place] for place in range(count - 1)]
        places = self.stack.places
        return [((one.seq, places), partial(self._image_of, one)) for one in kept]

    def _image_of(self, capture: ArrayCapture) -> np.ndarray[Any, Any]:
        """Return the part of an earlier array that the sliders choose; none if it is unlike."""
        now, array = self._value, capture.value.array
        if now is None or (array.shape, array.dtype) != (now.array.shape, now.array.dtype):
            return np.empty((0, 0))
        return self.stack.image_of(array)

    @property
    def _is_square(self) -> bool:
        ratio = max(self.rows, self.columns) / max(min(self.rows, self.columns), 1)
        return self.square_action.isChecked() and ratio <= _SQUARE_UP_TO

    def _square_changed(self) -> None:
        self.rebuild()
        self.changed.emit()

    def load(self, columns: int) -> None:
        """Show all rows; with square pixels, leave room along one axis."""
        super().load(columns)
        is_auto = self.x_range.mode is RangeMode.AUTO and self.y_range.mode is RangeMode.AUTO
        if is_auto and self._is_square:
            self._make_square(columns / self.devicePixelRatioF())

    def _make_square(self, width: float) -> None:
        height = max(self.height() - self.room_below() - self.below_data() - _TOP_PX, 8.0)
        rows, columns = max(self.rows, 1), max(self.columns, 1)
        pixel = min(width / columns, height / rows)
        more_x, more_y = (width / pixel - columns) / 2, (height / pixel - rows) / 2
        self.x_range.fit(-0.5 - more_x, columns - 0.5 + more_x)
        self.y_range.fit(-0.5 - more_y, rows - 0.5 + more_y)

    # Instruments and keys.

    def _instruments_changed(self) -> None:
        self.guarded(self.rebuild)
        self.read.emit()
        self.changed.emit()

    def _tell_done(self, text: str, redo: object, undo: object) -> None:
        self.done.emit(text, redo, undo, None)

    def readings(self) -> Sequence[Reading]:
        """Return the statistics of the region."""
        return self.instruments.readings()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Page keys move along an axis, Shift and arrows what is measured; else as any plot."""
        if event is None:
            return
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        grow = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        if key in _PAGES and self.stack.lengths:
            place = self.stack.places[self._axis] + _PAGES[key]
            self._on_moved(self._axis, place)
        elif not (shift and key in _ARROWS and self.instruments.step(*_ARROWS[key], grow=grow)):
            super().keyPressEvent(event)

    def data(self) -> dict[str, np.ndarray[Any, Any]]:
        """Return the image that is shown, and the line profile where there is one."""
        profile = self.strip.values if self.strip.isVisible() else None
        return {**super().data(), **({"profile": profile} if profile is not None else {})}

    def _show_shape(self, position: QPointF) -> None:
        if self._tool_at(position) is None:
            super()._show_shape(position)
        elif self._tool_at(position) is self.bar:
            self.setCursor(Qt.CursorShape.SizeVerCursor)
        elif (
            self.instruments.profile.kind is ProfileKind.LINE and not self.instruments.profile.line
        ):
            self.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.setCursor(Qt.CursorShape.SizeAllCursor)

    # What is told and remembered.

    def readout(self, x: float, y: float) -> str:
        """Return the place in the array and the exact value under the mouse."""
        pixel = self.pixel_at(x, y)
        if pixel is None or not self.image.size:
            return ""
        place = ", ".join(map(str, (*self.stack.places, *pixel)))
        value = self.image[pixel].tolist()
        texts = [format_scalar(one) for one in (value if isinstance(value, list) else [value])]
        text = texts[0] if len(texts) == 1 else f"({', '.join(texts)})"
        return f"[{place}]: {text}"

    def notes(self) -> tuple[str, ...]:
        """Say what is shown of the value and what was left out."""
        notes = []
        shown = len(self.stack_bar.sliders) if self._bar_px() else 0
        if sum(length > 1 for length in self.stack.lengths) > shown:
            notes.append(f"at {self.stack.text()}")
        if self._value is not None and self._value.reduced:
            notes.append(f"reduced: {self._value.reduced}")
        if self.instruments.profile.kind is not ProfileKind.OFF and not self._strip_px():
            notes.append("no room for the profile")
        if self._strip_px():
            notes += self.strip.notes()
        return (*notes, *super().notes())

    def view_actions(self) -> Sequence[QAction]:
        """Return the actions for the panel's menu."""
        more = [self.square_action]
        if (
            self._value is not None
            and has_channels(self._value.array.shape)
            and self.draws_pictures
        ):
            more.append(self.channels_menu.action)
        measures = [self.instruments.region_action, self.instruments.profile_menu.action]
        if self.instruments.profile.kind is not ProfileKind.OFF:
            measures.append(self.strip.persistence_menu.action)
        return (*super().view_actions(), *more, *measures)

    def set_theme(self, theme: PlotTheme, color: str) -> None:
        """Draw in these colours."""
        self.instruments.set_color(theme.accent)
        self.stack_bar.set_theme(theme)
        self.strip.set_theme(theme, color)
        super().set_theme(theme, color)

    def state(self) -> dict[str, object]:
        """Return what the user chose."""
        chosen = {
            "square": self.square_action.isChecked(),
            "channels": self.channels_menu.choice.value,
            "places": self.stack.state(),
            "profile_persistence": self.strip.persistence_menu.choice.value,
        }
        return {**super().state(), **chosen, **self.instruments.state()}

    def restore(self, state: Mapping[str, object]) -> None:
        """Take over what the user chose once."""
        super().restore(state)
        square = state.get("square")
        self.square_action.setChecked(
            square if isinstance(square, bool) else self.square_by_default
        )
        self.channels_menu.restore(state.get("channels"))
        self.stack.restore(state.get("places"))
        self.strip.persistence_menu.restore(state.get("profile_persistence"))
        self.instruments.restore(state)
        if self._value is not None:
            self._take_image()
            self.guarded(self.rebuild)
