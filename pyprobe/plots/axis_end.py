"""Axis end: which end of which axis lies under the mouse, to be typed. Pure."""

from dataclasses import dataclass
from enum import Enum

from PyQt6.QtCore import QPointF

from pyprobe.plots.plot_frame import PlotFrame

_END_SHARE = 0.15  # of an axis' length, at each of its ends


class Axis(Enum):
    """The two axes every plot has; the value stands in menus."""

    X = "X"
    Y = "Y"


@dataclass(frozen=True, slots=True)
class AxisEnd:
    """``is_high`` for the right and the upper end, ``is_second`` for the vertical axis at the
    right of the data.
    """

    axis: Axis
    is_high: bool
    is_second: bool = False

    def place(self, frame: PlotFrame) -> tuple[float, float]:
        """Return where the end stands, in pixels."""
        if self.axis is Axis.X:
            return (frame.right if self.is_high else frame.left), frame.bottom + 10.0
        across = frame.right + 30.0 if self.is_second else frame.left - 30.0
        return across, (frame.top if self.is_high is not frame.y_down else frame.bottom)


def axis_end_at(frame: PlotFrame, position: QPointF, *, has_second: bool) -> AxisEnd | None:
    """Return the end of an axis under the mouse; ``None`` in its middle and over the data."""
    if position.y() >= frame.bottom and position.x() >= frame.left:
        share = (position.x() - frame.left) / max(frame.width, 1.0)
        return _end(Axis.X, share)
    if position.x() < frame.left and position.y() < frame.bottom:
        share = (frame.bottom - position.y()) / max(frame.height, 1.0)
        return _end(Axis.Y, 1.0 - share if frame.y_down else share)
    if has_second and position.x() > frame.right and position.y() < frame.bottom:
        return _end(Axis.Y, (frame.bottom - position.y()) / max(frame.height, 1.0), is_second=True)
    return None


def _end(axis: Axis, share: float, *, is_second: bool = False) -> AxisEnd | None:
    if share >= 1.0 - _END_SHARE:
        return AxisEnd(axis, True, is_second)
    return AxisEnd(axis, False, is_second) if share <= _END_SHARE else None
