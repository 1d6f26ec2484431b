"""CanvasAxes: what typing, fitting and locking axes ask of the plot that has them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from pyprobe.plots.axis_end import Axis, AxisEnd
from pyprobe.plots.axis_range import AxisRange, AxisView
from pyprobe.plots.axis_scale import AxisScale
from pyprobe.plots.plot_frame import PlotFrame

if TYPE_CHECKING:
    from PyQt6.QtCore import pyqtBoundSignal


class CanvasAxes(Protocol):
    """``changed`` says that an option was changed; ``guarded`` shows what fails in its place."""

    @property
    def changed(self) -> "pyqtBoundSignal": ...

    @property
    def frame(self) -> PlotFrame: ...

    def range_of(self, end: AxisEnd) -> AxisRange: ...

    def ranges(self) -> dict[str, AxisRange]: ...

    def scale_of(self, axis: Axis) -> AxisScale: ...

    def view(self) -> tuple[AxisView, ...]: ...

    def view_was_changed(self, before: tuple[AxisView, ...]) -> None: ...

    def rebuild(self) -> None: ...

    def guarded(self, run: Callable[[], object]) -> None: ...
