"""PlotCanvas: the common ground of lenses with axes: layout, ticks, gestures, painting.

Drawn by QPainter on a plain widget: sixteen live plots of two points a pixel column take 0.4 ms
each this way, 1.7 ms as pyqtgraph scenes, of the 2 ms that thirty frames a second leave.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from math import isnan, nan

from PyQt6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt
from PyQt6.QtGui import (
    QAction,
    QContextMenuEvent,
    QEnterEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PyQt6.QtWidgets import QSizePolicy

from pyprobe.plots.axes_painter import (
    LABELS_FROM_PX,
    LOW_EDGE_PX,
    Axes,
    AxesPainter,
    LegendEntry,
    bottom_height,
    gutter_width,
    top_height,
)
from pyprobe.plots.axis_actions import AxisActions
from pyprobe.plots.axis_end import Axis, AxisEnd, axis_end_at
from pyprobe.plots.axis_range import (
    AxisRange,
    AxisView,
    RangeMode,
    ranges_state,
    restore_ranges,
)
from pyprobe.plots.axis_scale import AxisScale
from pyprobe.plots.canvas_tool import CanvasTool
from pyprobe.plots.end_typing import type_end
from pyprobe.plots.gestures import Gestures, PointerMode
from pyprobe.plots.lens import LensWidget
from pyprobe.plots.option_menu import OptionMenu
from pyprobe.plots.plot_frame import PlotFrame
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.ticks import NO_TICKS, Ticks, value_ticks

_RIGHT_PX = 10.0
_X_TICK_PX = 76.0
_Y_TICK_PX = 42.0
_LEAST_Y_TICK_PX = 24.0
_SLACK_PX = 16.0  # the gutter gives width back only when it has this much too much


class PlotCanvas(LensWidget):
    """A lens with two axes.

    A subclass says what the axes are (``fit_x``, ``x_ticks`` …), loads its data for a number of
    pixel columns (``load``), maps them to the frame (``place``) and paints them (``paint_data``).
    """

    def __init__(self, theme: PlotTheme, color: str, *, zoom_both: bool = False) -> None:
        super().__init__()
        self.x_range = AxisRange()
        self.y_range = AxisRange()
        self.frame = PlotFrame(0, 0, 1, 1, 0, 1, 0, 1)
        self.axes = Axes(NO_TICKS, NO_TICKS)
        self.theme = theme
        self.color = color
        self.empty_sentence = ""
        self.gestures = Gestures(self.x_range, self.y_range, zoom_both=zoom_both)
        self._painter = AxesPainter(theme)
        self._gutter_px = 0.0
        self.tools: list[CanvasTool] = []
        self._tool: CanvasTool | None = None
        self._mouse: QPointF | None = None
        self._readout = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(48, 24)
        font = self.font()
        font.setPointSizeF(max(font.pointSizeF() * 0.88, 6.5))
        self.setFont(font)
        self.grid_action = QAction("Grid", self)
        self.grid_action.setCheckable(True)
        self.grid_action.setChecked(True)
        self.grid_action.setShortcut("G")
        self.grid_action.toggled.connect(lambda _on: self._show_grid())
        self._before: tuple[AxisView, ...] = ()
        self.mode_menu = OptionMenu("Mouse", PointerMode.PAN, self._set_mode, self)
        self.axis_actions = AxisActions(self, self)
        self.auto_action, self.lock_actions = self.axis_actions.auto, self.axis_actions.locks
        for action in (self.auto_action, self.grid_action):
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            self.addAction(action)

    # What a subclass says.

    def fit_x(self) -> None:
        """Fit the horizontal range to the data, where the data decide."""

    def load(self, columns: int) -> None:
        """Fetch what ``columns`` pixel columns show of the data, and fit the vertical range."""

    def place(self, frame: PlotFrame) -> None:
        """Map what was loaded to pixels."""

    def paint_data(self, painter: QPainter, frame: PlotFrame) -> None:
        """Paint what was placed; the painter is clipped to the data area."""

    def paint_beside(self, painter: QPainter, frame: PlotFrame) -> None:
        """Paint what belongs right of the data."""

    def x_ticks(self, most: int) -> Ticks:
        """Return the ticks of the horizontal axis."""
        return value_ticks(self.x_range.low, self.x_range.high, most, whole=self.is_whole_x())

    def is_whole_x(self) -> bool:
        """Whether only whole numbers stand on the horizontal axis."""
        return True

    def y_ticks(self, most: int) -> Ticks:
        """Return the ticks of the vertical axis."""
        return value_ticks(self.y_range.low, self.y_range.high, most)

    def x_title(self) -> str:
        """Return the unit of the horizontal axis."""
        return ""

    def legend(self) -> tuple[LegendEntry, ...]:
        """Return what tells several curves apart."""
        return ()

    @property
    def legend_areas(self) -> list[tuple[QRectF, LegendEntry]]:
        """Where the names of traces stand that a click hides or shows."""
        return self._painter.legend_areas

    def right_margin(self) -> float:
        """Return the pixels kept free right of the data."""
        return _RIGHT_PX

    def room_below(self) -> float:
        """Return the pixels kept free below the horizontal axis."""
        return 0.0

    def below_data(self) -> float:
        """Return the height of the labels and the title of the horizontal axis."""
        if self.height() < LABELS_FROM_PX:
            return LOW_EDGE_PX
        height = self.height() - self.room_below()
        return bottom_height(QFontMetricsF(self.font()), self.axes.whole_x_title, height)

    def readout(self, x: float, y: float) -> str:
        """Return what to tell about the data values under the mouse."""
        return ""

    # Building.

    def rebuild(self) -> None:
        """Load, lay out and place everything anew, and repaint."""
        self.fit_x()
        metrics = QFontMetricsF(self.font())
        for _attempt in range(2):  # the labels' width decides the data's, which decides the labels
            margin = self.right_margin()
            width = max(self.width() - self._gutter_px - margin, 8.0)
            self.load(max(int(width * self.devicePixelRatioF()), 8))
            x_ticks = self.x_ticks(max(int(width / _X_TICK_PX), 2))
            self.axes = Axes(x_ticks, NO_TICKS, self.x_title(), self.legend())
            bottom = self.height() - self.below_data() - self.room_below()
            rows = max(int(bottom / _Y_TICK_PX), min(int(bottom / _LEAST_Y_TICK_PX), 4), 2)
            if not self.empty_sentence:
                self.axes = replace(self.axes, y=self.y_ticks(rows))
            gutter = float(int(gutter_width(self.axes.y, metrics)) + 1)
            fits = self._gutter_px - _SLACK_PX <= gutter <= self._gutter_px
            if fits and self.right_margin() == margin:
                break
            if not fits:
                self._gutter_px = gutter
        top = float(int(top_height(self.axes, metrics, self.height())))
        self.frame = PlotFrame(
            left=self._gutter_px,
            top=top,
            width=max(float(int(self.width() - self._gutter_px - self.right_margin())), 8.0),
            height=max(float(int(bottom - top)), 8.0),
            x_low=self.x_range.low,
            x_high=self.x_range.high,
            y_low=self.y_range.low,
            y_high=self.y_range.high,
            y_down=self.frame.y_down,
        )
        self.place(self.frame)
        self.auto_action.setChecked(self.is_auto())
        self._tell_readout()
        self.update()

    def is_auto(self) -> bool:
        """Whether the data decide about both axes."""
        return self.y_range.mode is RangeMode.AUTO and self.x_range.mode is not RangeMode.USER

    # What is in view, undone and typed.

    def view(self) -> tuple[AxisView, ...]:
        """Return what is in view, to be brought back."""
        return (self.x_range.view, self.y_range.view)

    def bring_back(self, view: tuple[AxisView, ...]) -> None:
        """Show what was in view once."""
        before = self.view()
        self.x_range.bring_back(view[0])
        self.y_range.bring_back(view[1])
        self.guarded(self.rebuild)
        self.changed.emit()
        self._tell_linked(before)

    def view_was_changed(self, before: tuple[AxisView, ...], *, is_step: bool = False) -> None:
        """Tell that the user has changed what is in view; steps are undone together."""
        now = self.view()
        if now != before:
            self._tell_linked(before)
            redo, undo = partial(self.bring_back, now), partial(self.bring_back, before)
            self.done.emit("change view", redo, undo, self if is_step else None)

    def _tell_linked(self, before: tuple[AxisView, ...]) -> None:
        if self.x_range.mode is RangeMode.AUTO is not before[0].mode:
            self.x_moved.emit(nan, nan)
        self._tell_x()

    def _tell_x(self) -> None:
        ends = self.chosen_x()
        if ends is not None:
            self.x_moved.emit(*ends)

    def chosen_x(self) -> tuple[float, float] | None:
        """Return the ends of the X axis in data values, unless the data decide about them."""
        if self.x_range.mode is RangeMode.AUTO:
            return None
        scale = self.scale_of(Axis.X)
        return scale.value_at(self.x_range.low), scale.value_at(self.x_range.high)

    def x_kind(self) -> str:
        """Return what the horizontal axis counts."""
        return self.x_title()

    def show_x(self, low: float, high: float) -> None:
        """Show this stretch of the horizontal axis in data values; NaN hands it to the data."""
        start, end = (self.scale_of(Axis.X).place_of(value) for value in (low, high))
        if isnan(low):
            self.x_range.set_auto()
        elif end is None:
            return  # all of it lies where a logarithmic axis has no place
        else:
            self.x_range.set_user(min(self.x_range.low, end - 1.0) if start is None else start, end)
        self.guarded(self.rebuild)
        self.changed.emit()

    def scale_of(self, axis: Axis) -> AxisScale:
        """Return how an axis shows values."""
        return AxisScale.LINEAR

    def _show_grid(self) -> None:
        self.update()
        self.changed.emit()

    def _set_mode(self, mode: PointerMode) -> None:
        self.gestures.mode = mode
        self.changed.emit()

    def range_of(self, end: AxisEnd) -> AxisRange:
        """Return the range that an end belongs to."""
        return self.x_range if end.axis is Axis.X else self.y_range

    def ranges(self) -> dict[str, AxisRange]:
        """Return all ranges by the names they are remembered by."""
        return {"x": self.x_range, "y": self.y_range}

    @property
    def has_right_axis(self) -> bool:
        """Whether there is a vertical axis right of the data."""
        return False

    def _show_shape(self, position: QPointF) -> None:
        """Let the pointer tell what a drag will do."""
        over = self._tool_at(position) is not None
        band = self.gestures.mode.value.startswith("zoom") and self.frame.holds(
            position.x(), position.y()
        )
        shape = Qt.CursorShape.SizeHorCursor if over else Qt.CursorShape.CrossCursor
        self.setCursor(shape) if over or band else self.unsetCursor()

    def view_actions(self) -> Sequence[QAction]:
        """Return the actions for the panel's menu."""
        return (self.auto_action, self.grid_action, self.mode_menu.action, *self.axis_entries())

    def axis_entries(self) -> Sequence[QAction]:
        """Return what the menu has for each axis."""
        menus = self.axis_actions.menus(has_second=self.has_right_axis)
        return (*menus, *self.lock_actions)

    def header_actions(self) -> Sequence[QAction]:
        """Return the actions that stand in the panel's header."""
        return (self.auto_action,)

    def set_theme(self, theme: PlotTheme, color: str) -> None:
        """Draw in these colours."""
        self.theme = theme
        self.color = color
        self._painter = AxesPainter(theme)
        self.guarded(self.rebuild)

    def state(self) -> dict[str, object]:
        """Return what the user chose."""
        locked = [name for name in ("x", "y") if self.ranges()[name].is_locked]
        return {
            "mouse": self.mode_menu.choice.value,
            "grid": self.grid_action.isChecked(),
            "ranges": ranges_state(self.ranges()),
            "locked": locked,
        }

    def restore(self, state: Mapping[str, object]) -> None:
        """Take over what the user chose once."""
        self.mode_menu.restore(state.get("mouse"))
        self.gestures.mode = self.mode_menu.choice
        self.grid_action.setChecked(state.get("grid") is not False)
        restore_ranges(self.ranges(), state.get("ranges"))
        locked = state.get("locked")
        for axis, action in zip(Axis, self.lock_actions, strict=True):
            action.setChecked(isinstance(locked, list) and axis.value.lower() in locked)

    # Painting.

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint the plot as it was last built."""
        self.guarded(self._paint)

    def _paint(self) -> None:
        painter = QPainter(self)
        try:
            painter.fillRect(self.rect(), self._painter.panel)
            grid = self.grid_action.isChecked() and not self.empty_sentence
            self._painter.paint_ground(painter, self.frame, self.axes, grid=grid)
            area = QRectF(self.frame.left, self.frame.top, self.frame.width, self.frame.height)
            painter.save()
            painter.setClipRect(area)
            try:
                self.paint_data(painter, self.frame)
                for tool in self.tools:
                    tool.paint(painter, self.frame)
            finally:
                painter.restore()
            if self.empty_sentence:
                self._painter.paint_sentence(painter, area, self.empty_sentence)
            room, focused = QSizeF(self.width(), self.height() - self.room_below()), self.hasFocus()
            self._painter.paint_around(painter, self.frame, self.axes, room=room, focused=focused)
            self.paint_beside(painter, self.frame)
            if self.gestures.band is not None:
                self._painter.paint_band(painter, self.gestures.band)
        finally:
            painter.end()

    def sizeHint(self) -> QSize:
        """Return a size at which a trace can be read."""
        return QSize(420, 240)

    # Events.

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Lay out for the new size."""
        self.guarded(self.rebuild)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Begin a drag, or take a click on the legend."""
        if event is None:
            return
        entry = self._painter.legend_at(event.position())
        if entry is not None and entry.trace is not None:
            if event.button() is Qt.MouseButton.LeftButton:
                self.legend_clicked.emit(entry.trace)
            return
        self._before = self.view()
        if event.button() is Qt.MouseButton.LeftButton:
            self._tool = self._tool_at(event.position())
            if self._tool is not None:
                self._tool.press(self.frame, event.position())
                return
        self.gestures.press(self.frame, event)

    def _tool_at(self, position: QPointF) -> CanvasTool | None:
        return next((tool for tool in self.tools if tool.takes(self.frame, position)), None)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Go on with a drag, and tell what is under the mouse."""
        if event is not None:
            self._mouse = event.position()
            self.guarded(self._tell_readout)
            if self._tool is not None:
                self.guarded(partial(self._tool.move, self.frame, event.position()))
                return
            if not event.buttons():
                self._show_shape(event.position())
            if self.gestures.move(self.frame, event):
                self.guarded(self.update if self.gestures.band is not None else self.rebuild)
                self._tell_x()

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        """End a drag; a right click without one opens the menu."""
        if event is None:
            return
        if self._tool is not None:
            self._tool.release()
            self._tool = None
            return
        was_drag = self.gestures.release(self.frame)
        if was_drag:
            self.guarded(self.rebuild)
            self.view_was_changed(self._before)
        elif event.button() is Qt.MouseButton.RightButton:
            self.menu_requested.emit(event.globalPosition().toPoint())

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        """Go back to auto-range."""
        if event is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        entry = self._painter.legend_at(event.position())
        if entry is not None and entry.trace is not None:
            self.legend_double_clicked.emit(entry.trace)
            return
        position, has_second = event.position(), self.has_right_axis
        end = axis_end_at(self.frame, position, has_second=has_second)
        if end is not None:
            self.guarded(partial(type_end, self, self, end))
            return
        before = self.view()
        self.gestures.double_click(self.frame, event)
        self.guarded(self.rebuild)
        self.view_was_changed(before)

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Zoom or pan."""
        before = self.view()
        if event is not None and self.gestures.wheel(self.frame, event):
            event.accept()
            self.guarded(self.rebuild)
            self.view_was_changed(before, is_step=True)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Pan and zoom by keys; Escape gives up a rubber band."""
        if event is None:
            return
        before = self.view()
        if event.key() == Qt.Key.Key_Escape and self.gestures.cancel():
            self.update()
        elif self.gestures.key(self.frame, event):
            self.guarded(self.rebuild)
            self.view_was_changed(before, is_step=True)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        """Open the menu by the keyboard; the mouse opens it on release, as it may draw a band."""
        if event is not None:
            if event.reason() is not QContextMenuEvent.Reason.Mouse:
                self.menu_requested.emit(event.globalPos())
            event.accept()

    def enterEvent(self, event: QEnterEvent | None) -> None:
        """Start telling what is under the mouse."""
        if event is not None:
            self._mouse = event.position()
            self.guarded(self._tell_readout)

    def leaveEvent(self, event: QEvent | None) -> None:
        """Stop telling what is under the mouse."""
        self._mouse = None
        self.guarded(self._tell_readout)

    def _tell_readout(self) -> None:
        text = ""
        if self._mouse is not None and self.frame.holds(self._mouse.x(), self._mouse.y()):
            x, y = self.frame.x_at(self._mouse.x()), self.frame.y_at(self._mouse.y())
            text = self.readout(
                self.scale_of(Axis.X).value_at(x), self.scale_of(Axis.Y).value_at(y)
            )
        if text != self._readout:
            self._readout = text
            self.readout_changed.emit(text)
