"""Scalar histogram: how the captured numbers of traces are spread over their range."""

import numpy as np
from numpy.typing import NDArray

from pyprobe.ipc.columns import ValueKind
from pyprobe.plots.axis_scale import AxisScale
from pyprobe.plots.bins import count_bins
from pyprobe.plots.curve_scaling import NO_X
from pyprobe.plots.curves import Curve
from pyprobe.plots.drawn_trace import DrawnTrace
from pyprobe.plots.measured_samples import MeasuredCurve, ValueSamples
from pyprobe.plots.number_text import count_text, number_text
from pyprobe.plots.trace_curves import TraceCurves
from pyprobe.session.history_reader import HistoryReader

_BELOW_ONE = -0.3  # on a logarithmic axis bars of a single capture are to be seen
MOST_CAPTURES = 1 << 20  # the newest of them are counted, so that a frame stays short


class ScalarHistogramLens(TraceCurves):
    """Bars over the values; of complex numbers over their magnitude."""

    def curves_of(self, trace: DrawnTrace, columns: int) -> list[Curve]:
        """Return the counts as a staircase down to zero."""
        found = self._bins_of(trace.history)
        if found is None:
            return []
        edges, heights = found
        counts = np.append(heights, heights[-1]).astype(np.float64)
        name = self.part_name(trace, "")
        return [
            Curve(
                name,
                trace.color,
                edges,
                counts,
                staircase=True,
                style=trace.style,
                side=trace.side,
                floor=np.zeros(len(counts)),
            )
        ]

    def _bins_of(
        self, history: HistoryReader
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]] | None:
        """Return edges and counts, of equal width on the axis as it is."""
        is_log = self.x_scale is AxisScale.LOGARITHMIC
        is_whole = history.kind in (ValueKind.BOOL, ValueKind.INT) and not is_log
        bins = count_bins(self.x_scale.shown(newest_numbers(history)), is_whole=is_whole)
        return None if bins is None else (self.x_scale.values_at(bins.edges), bins.counts)

    def empty_reason(self, trace: DrawnTrace) -> str:
        """Return why there is nothing to draw."""
        if trace.history.span() is None:
            return "no number captured yet"
        numbers = newest_numbers(trace.history)
        if not np.isfinite(numbers).any():
            return "only NaN and infinities here"
        return NO_X if self.x_scale is AxisScale.LOGARITHMIC and not (numbers > 0).any() else ""

    def fit_x(self) -> None:
        """Show all bars."""
        self.load(1)
        ends = [(curve.x[0], curve.x[-1]) for curve in self.unscaled()]
        if ends:
            self.fit_x_to(min(low for low, _ in ends), max(high for _, high in ends))

    def fit_y(self) -> None:
        """Fit the counts; bars stand on the edge of the plot."""
        super().fit_y()
        highest = max((float(np.nanmax(curve.y)) for curve in self.curves), default=1.0)
        low = 0.0 if self.y_scale is AxisScale.LINEAR else _BELOW_ONE
        self.y_range.fit(low, max(highest, low + 0.1))

    def is_whole(self) -> bool:
        """Counts are whole numbers."""
        return True

    def is_whole_x(self) -> bool:
        """Values may be any number."""
        return False

    def x_title(self) -> str:
        """Return what stands on the horizontal axis."""
        return "value"

    def x_text(self, x: float) -> str:
        """Return a value as the readout tells it."""
        return f"from {number_text(x)}"

    def measured(self) -> list[MeasuredCurve]:
        """Return the numbers that are counted, by their values."""
        curves = []
        for trace in self.shown_traces:
            history = trace.history
            samples = ValueSamples(newest_numbers(history), (id(history), history.count))
            note = " ".join(_left_out(history))
            curves.append(MeasuredCurve(self.part_name(trace, ""), trace.color, samples, note))
        return curves

    def notes(self) -> tuple[str, ...]:
        """Say how many captures are counted of more."""
        return _left_out(self.shown_traces[0].history) if self.shown_traces else ()


def _left_out(history: HistoryReader) -> tuple[str, ...]:
    span = history.span()
    stored = int(span[1] - span[0]) + 1 if span is not None else 0
    if stored <= MOST_CAPTURES:
        return ()
    return (f"newest {count_text(MOST_CAPTURES)} of {count_text(stored)}",)


def newest_numbers(history: HistoryReader) -> NDArray[np.float64]:
    """Return the newest scalars, at most a million; of complex ones the magnitudes."""
    span = history.span()
    if span is None:
        return np.empty(0)
    last = int(span[1]) + 1
    series = history.scalars(max(int(span[0]), last - MOST_CAPTURES), last)
    if series.imag is None:
        return series.value
    with np.errstate(over="ignore"):
        return np.hypot(series.value, series.imag)
