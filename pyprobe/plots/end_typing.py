"""End typing: opens an editor on one end of an axis, and takes what is typed as a data value."""

from PyQt6.QtWidgets import QWidget

from pyprobe.plots.axis_end import AxisEnd
from pyprobe.plots.canvas_axes import CanvasAxes
from pyprobe.plots.range_editor import RangeEditor


def type_end(canvas: CanvasAxes, parent: QWidget, end: AxisEnd) -> None:
    """Let the user type an end of an axis of a plot, where it stands; ``parent`` is the plot."""
    axis_range = canvas.range_of(end)
    scale = canvas.scale_of(end.axis)
    shown = axis_range.high if end.is_high else axis_range.low

    def take(value: float) -> str:
        place = scale.place_of(value)
        if place is None:
            return "a logarithmic axis has no zero and no negative values"
        low = axis_range.low if end.is_high else place
        high = place if end.is_high else axis_range.high
        if not low < high:
            return "the lower end must be below the upper one"
        before = canvas.view()
        axis_range.set_user(low, high)
        canvas.rebuild()
        canvas.view_was_changed(before)
        return "" if not axis_range.is_locked else "the axis is locked"

    editor = RangeEditor(scale.value_at(shown), take, parent)
    editor.open_at(*end.place(canvas.frame))
