"""XY: one trace against another, as an oscilloscope draws two channels."""

import numpy as np

from pyprobe.plots.curves import Curve
from pyprobe.plots.drawn_trace import DrawnTrace, LineStyle
from pyprobe.plots.finite import finite_bounds
from pyprobe.plots.measured_samples import MeasuredCurve
from pyprobe.plots.number_text import count_text, number_text
from pyprobe.plots.pairs import MOST_PAIRS, newest_pairs
from pyprobe.plots.trace_curves import TraceCurves

_PADDING = 0.05


class XyLens(TraceCurves):
    """The panel's own trace goes across; every trace laid over it goes up."""

    @property
    def _across(self) -> DrawnTrace | None:
        return self.traces[0] if self.traces else None

    @property
    def _ups(self) -> tuple[DrawnTrace, ...]:
        return tuple(trace for trace in self.traces[1:] if not trace.is_hidden)

    def load(self, columns: int) -> None:
        """Pair the captures of each trace with the first one's."""
        self.curves = []
        self.empty_sentence = ""
        for trace in self._ups:
            self.curves += self.curves_of(trace, columns)
        if not self._ups:
            self.empty_sentence = "drag a second trace onto this plot to draw it against this one"
        elif not any(len(curve.x) for curve in self.curves):
            self.empty_sentence = "no pair of captures yet"
        self.fit_y()

    def curves_of(self, trace: DrawnTrace, columns: int) -> list[Curve]:
        """Return the newest pairs as dots, or joined where the trace has a line."""
        if self._across is None:
            return []
        x, y = newest_pairs(self._across.history, trace.history)
        there = np.isfinite(x) & np.isfinite(y)
        style = LineStyle.DOTS if trace.style is LineStyle.SOLID else trace.style
        return [Curve(trace.title, trace.color, x[there], y[there], style=style, side=trace.side)]

    def empty_reason(self, trace: DrawnTrace) -> str:
        """Return why a trace cannot be drawn alone."""
        return "" if trace.history.span() else "no number captured yet"

    def fit_x(self) -> None:
        """Show all pairs."""
        self.load(1)
        bounds = [pair for curve in self.unscaled() if (pair := finite_bounds(curve.x)) is not None]
        if bounds:
            low, high = min(low for low, _ in bounds), max(high for _, high in bounds)
            positive = [np.min(c.x[c.x > 0], initial=np.inf) for c in self.unscaled()]
            self.fit_x_to(low, high, least=min(positive), padding=_PADDING, calm=True)

    def readout(self, x: float, y: float) -> str:
        """Return the place under the mouse; the nearest in x alone would mean nothing."""
        return f"x {number_text(x)}, y {number_text(y)}"

    def is_whole_x(self) -> bool:
        """Values may be any number."""
        return False

    def x_title(self) -> str:
        """Return what goes across."""
        return self._across.title if self._across is not None else ""

    def measured(self) -> list[MeasuredCurve]:
        """Return the points that are drawn, which have no order along x."""
        return self.measured_points(has_edges=False)

    def notes(self) -> tuple[str, ...]:
        """Say how many pairs are drawn where there may be more."""
        drawn = max((len(curve.x) for curve in self.curves), default=0)
        return (f"newest {count_text(drawn)} pairs",) if drawn >= MOST_PAIRS else ()
