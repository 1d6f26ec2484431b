"""What mouse, wheel and keys do to the ranges of a plot: pan, zoom, rubber band, back to auto."""

from enum import Enum

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent

from pyprobe.plots.axis_range import AxisRange
from pyprobe.plots.plot_frame import PlotFrame

_DRAG_PX = 4.0  # below it a press is a click
_OTHER_AXIS_PX = 12.0  # a drag along one axis leaves the other alone until it strays this far
_BAND_PX = 8.0  # a band thinner than this zooms one axis only
_NOTCH = 120.0  # wheel units of one notch
_ZOOM_A_NOTCH = 0.8
_KEY_PAN = 0.1
_KEYS_PAN = {
    Qt.Key.Key_Left: (-_KEY_PAN, 0.0),
    Qt.Key.Key_Right: (_KEY_PAN, 0.0),
    Qt.Key.Key_Down: (0.0, -_KEY_PAN),
    Qt.Key.Key_Up: (0.0, _KEY_PAN),
}
_KEYS_ZOOM = {
    Qt.Key.Key_Plus: _ZOOM_A_NOTCH,
    Qt.Key.Key_Equal: _ZOOM_A_NOTCH,
    Qt.Key.Key_Minus: 1 / _ZOOM_A_NOTCH,
}


class Region(Enum):
    """Where in the plot a gesture began; on an axis it moves only that axis."""

    AREA = "area"
    X_AXIS = "x axis"
    Y_AXIS = "y axis"
    RIGHT_AXIS = "right axis"


class PointerMode(Enum):
    """What a drag with the left button does; the value is its name in menus."""

    PAN = "pan"
    POINTER = "pointer"  # nothing to the view: cursors and markers are moved
    ZOOM = "zoom"
    ZOOM_X = "zoom X"
    ZOOM_Y = "zoom Y"


class Drag(Enum):
    """What the pressed button does."""

    NONE = "none"
    PAN = "pan"
    BAND = "band"


_BAND_MODES = (PointerMode.ZOOM, PointerMode.ZOOM_X, PointerMode.ZOOM_Y)


class Gestures:
    """Turns events into range changes; each handler says whether the view has changed.

    ``zoom_both``: the wheel zooms both axes alike (images), else only the horizontal one. ``right``
    is the vertical axis right of the data, where there is one: over the data it moves with the
    left one.
    """

    def __init__(self, x: AxisRange, y: AxisRange, *, zoom_both: bool = False) -> None:
        self._x = x
        self._y = y
        self._zoom_both = zoom_both
        self.right: AxisRange | None = None
        self.mode = PointerMode.PAN
        self._press = QPointF()
        self._last = QPointF()
        self._region = Region.AREA
        self._moved = (False, False)
        self._drag = Drag.NONE
        self.band: QRectF | None = None

    def region_at(self, frame: PlotFrame, position: QPointF) -> Region:
        """Return the part of the plot at a pixel position."""
        if position.x() < frame.left and position.y() < frame.bottom:
            return Region.Y_AXIS
        if position.y() >= frame.bottom:
            return Region.X_AXIS
        is_right = self.right is not None and position.x() > frame.right
        return Region.RIGHT_AXIS if is_right else Region.AREA

    def _vertical(self, region: Region) -> list[AxisRange]:
        """Return the vertical axes that a gesture in a part of the plot moves."""
        left = [self._y] if region in (Region.AREA, Region.Y_AXIS) else []
        has_right = self.right is not None and region in (Region.AREA, Region.RIGHT_AXIS)
        return [*left, self.right] if has_right and self.right is not None else left

    def press(self, frame: PlotFrame, event: QMouseEvent) -> None:
        """Begin: left or middle drags pan; right, or left with Shift, draws a band."""
        self._press = self._last = event.position()
        self._region = self.region_at(frame, self._press)
        self._moved = (False, False)
        self.band = None
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        is_right = event.button() is Qt.MouseButton.RightButton
        wants_band = is_right or shift or self.mode in _BAND_MODES
        in_area = self._region is Region.AREA
        self._drag = Drag.BAND if wants_band and in_area else Drag.PAN
        if in_area and self.mode is PointerMode.POINTER and not (is_right or shift):
            self._drag = Drag.NONE
        if event.button() is Qt.MouseButton.RightButton and not in_area:
            self._drag = Drag.NONE

    def move(self, frame: PlotFrame, event: QMouseEvent) -> bool:
        """Pan, or stretch the band."""
        if self._drag is Drag.NONE:
            return False
        position = event.position()
        way = position - self._press
        if self._drag is Drag.BAND:
            if self.band is not None or way.manhattanLength() > _DRAG_PX:
                area = QRectF(frame.left, frame.top, frame.width, frame.height)
                self.band = self._shaped(QRectF(self._press, position).normalized() & area, area)
            return self.band is not None
        step = position - self._last
        self._last = position
        return self._pan(frame, way, step)

    def _shaped(self, band: QRectF, area: QRectF) -> QRectF:
        """Return the band as high or as wide as the plot where only one axis is zoomed."""
        if self.mode is PointerMode.ZOOM_X:
            return QRectF(band.left(), area.top(), band.width(), area.height())
        if self.mode is PointerMode.ZOOM_Y:
            return QRectF(area.left(), band.top(), area.width(), band.height())
        return band

    def _pan(self, frame: PlotFrame, way: QPointF, step: QPointF) -> bool:
        had_x, had_y = self._moved
        may_x = self._region in (Region.AREA, Region.X_AXIS)
        may_y = self._region is not Region.X_AXIS
        far_x = abs(way.x()) > (_OTHER_AXIS_PX if had_y else _DRAG_PX)
        far_y = abs(way.y()) > (_OTHER_AXIS_PX if had_x else _DRAG_PX)
        if not (had_x or had_y) and far_x and far_y:
            far_x, far_y = abs(way.x()) >= abs(way.y()), abs(way.y()) > abs(way.x())
        move_x, move_y = may_x and (had_x or far_x), may_y and (had_y or far_y)
        if move_x:
            self._x.pan(-(step.x() if had_x else way.x()) / max(frame.width, 1.0))
        if move_y:
            up = (step.y() if had_y else way.y()) / max(frame.height, 1.0)
            for axis in self._vertical(self._region):
                axis.pan(-up if frame.y_down else up)
        self._moved = (move_x, move_y)
        return move_x or move_y

    def release(self, frame: PlotFrame) -> bool:
        """End a drag; a band becomes the ranges in view. True if the press was not just a click."""
        band, self.band = self.band, None
        was_drag = band is not None or any(self._moved)
        self._drag = Drag.NONE
        if band is not None:
            if band.width() >= _BAND_PX and self.mode is not PointerMode.ZOOM_Y:
                self._x.set_user(frame.x_at(band.left()), frame.x_at(band.right()))
            if band.height() >= _BAND_PX and self.mode is not PointerMode.ZOOM_X:
                ends = sorted((frame.y_at(band.top()), frame.y_at(band.bottom())))
                if self.right is not None:
                    low, high = (_at(self.right, frame, y) for y in (band.bottom(), band.top()))
                    self.right.set_user(low, high)
                self._y.set_user(ends[0], ends[1])
        return was_drag

    def cancel(self) -> bool:
        """Give up a band; True if there was one."""
        had_band, self.band = self.band is not None, None
        self._drag = Drag.NONE
        return had_band

    def wheel(self, frame: PlotFrame, event: QWheelEvent) -> bool:
        """Zoom around the mouse: the axis under it, with Ctrl the vertical; sideways pans."""
        position, delta = event.position(), event.angleDelta()
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        turn = delta.y() or delta.x()
        if not turn:
            return False
        if shift or abs(delta.x()) > abs(delta.y()):
            self._x.pan(-turn / _NOTCH * _KEY_PAN)
            return True
        factor = _ZOOM_A_NOTCH ** (turn / _NOTCH)
        region = self.region_at(frame, position)
        if region is not Region.AREA or ctrl or self._zoom_both:
            for axis in self._vertical(region):
                is_left = axis is self._y
                y = position.y()
                axis.zoom(factor, frame.y_at(y) if is_left else _at(axis, frame, y))
        both = self._zoom_both and region is Region.AREA
        if region is Region.X_AXIS or (region is Region.AREA and (both or not ctrl)):
            self._x.zoom(factor, frame.x_at(position.x()))
        return True

    def double_click(self, frame: PlotFrame, event: QMouseEvent) -> None:
        """Hand the axis under the mouse, or both, back to the data."""
        region = self.region_at(frame, event.position())
        if region in (Region.AREA, Region.X_AXIS):
            self._x.set_auto()
        for axis in self._vertical(region):
            axis.set_auto()

    def key(self, frame: PlotFrame, event: QKeyEvent) -> bool:
        """Arrows pan; plus and minus zoom, with Ctrl the vertical axis."""
        key = Qt.Key(event.key())
        if key in _KEYS_PAN:
            right, up = _KEYS_PAN[key]
            if right:
                self._x.pan(right)
            else:
                for axis in self._vertical(Region.AREA):
                    axis.pan(-up if frame.y_down else up)
            return True
        if key in _KEYS_ZOOM:
            ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            axes = [self._x] if self._zoom_both or not ctrl else []
            axes += self._vertical(Region.AREA) if self._zoom_both or ctrl else []
            for axis in axes:
                axis.zoom(_KEYS_ZOOM[key], axis.low / 2 + axis.high / 2)
            return True
        return False


def _at(axis: AxisRange, frame: PlotFrame, y: float) -> float:
    """Return the place on the axis at the right at the height of a pixel."""
    share = (frame.bottom - y) / max(frame.height, 1.0)
    return axis.low + share * (axis.high - axis.low)
