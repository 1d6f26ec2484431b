"""TraceCurves: a lens whose curves come from one trace or from several over each other."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from pyprobe.plots.axes_painter import LegendEntry
from pyprobe.plots.curves import Curve
from pyprobe.plots.drawn_trace import DrawnTrace, LineStyle
from pyprobe.plots.measured_canvas import MeasuredCanvas
from pyprobe.plots.persistence import BAND_OPACITY
from pyprobe.plots.reached_area import Area
from pyprobe.plots.theme import PlotTheme

_EARLIER_OPACITY = (0.45, 0.3, 0.2, 0.14, 0.1, 0.08)  # by how many runs ago


class TraceCurves(MeasuredCanvas):
    """Draws all traces it is given; a subclass says what curves a single one has."""

    overlays: ClassVar[bool] = True

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__(theme, color)
        self.traces: tuple[DrawnTrace, ...] = ()

    def show_traces(self, traces: Sequence[DrawnTrace]) -> None:
        """Draw the traces as they are now."""
        self.traces = tuple(traces)
        self.rebuild()

    @property
    def shown_traces(self) -> tuple[DrawnTrace, ...]:
        """The traces that are not hidden."""
        return tuple(trace for trace in self.traces if not trace.is_hidden)

    @abstractmethod
    def curves_of(self, trace: DrawnTrace, columns: int) -> list[Curve]:
        """Return a trace's curves, the newest first, for a number of pixel columns.

        Their names are those of the trace's parts: ``""`` where there is only one. Raises LensError
        with a sentence where the trace cannot be drawn so.
        """

    @abstractmethod
    def empty_reason(self, trace: DrawnTrace) -> str:
        """Return the sentence for a trace with nothing to draw; ``""`` where all is well."""

    def load(self, columns: int) -> None:
        """Load the curves of all shown traces."""
        self.curves = []
        reasons = []
        for trace in self.shown_traces:
            reason = self.empty_reason(trace)
            curves = [] if reason else self.curves_of(trace, columns)
            if curves and not any(bool(np.isfinite(curve.y).any()) for curve in curves):
                seen = any(len(curve.y) for curve in curves)
                reason = "only NaN and infinities here" if seen else ""
            reasons.append(reason)
            self.curves += curves
        self.empty_sentence = reasons[0] if reasons and all(reasons) else ""
        if self.traces and not reasons:
            self.empty_sentence = "all traces are hidden; a click in the legend shows one"
        self.fit_y()

    def legend(self) -> tuple[LegendEntry, ...]:
        """Return the traces' names where there are several, else those of the parts."""
        if len(self.traces) < 2:
            return super().legend()
        return tuple(
            LegendEntry(trace.title, trace.color, place, trace.is_hidden)
            for place, trace in enumerate(self.traces)
        )

    def part_name(self, trace: DrawnTrace, part: str) -> str:
        """Return what a part of a trace is called among all that are drawn."""
        if len(self.traces) < 2:
            return part
        return f"{trace.title} {part}".strip()

    def part_look(self, trace: DrawnTrace, part: str) -> tuple[str, LineStyle]:
        """Return colour and style of a part: the imaginary one steps back behind the real one."""
        if part != "im":
            return trace.color, trace.style
        if len(self.traces) < 2:
            return self.theme.muted, trace.style
        return trace.color, LineStyle.DASHED


def earlier_opacity(runs_ago: int) -> float:
    """Return the opacity of a run's curves, 1 for the one just before this one."""
    return _EARLIER_OPACITY[min(runs_ago, len(_EARLIER_OPACITY)) - 1]


def area_curve(area: Area, trace: DrawnTrace) -> Curve:
    """Return the area that the points of a trace have reached."""
    return Curve(
        "",
        trace.color,
        area.x,
        area.top,
        side=trace.side,
        opacity=BAND_OPACITY,
        floor=area.floor,
        bare=True,
    )
