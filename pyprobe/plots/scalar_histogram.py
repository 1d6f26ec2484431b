"""Scalar histogram: how the captured numbers of traces are spread over their range."""

import numpy as np
from numpy.typing import NDArray

from pyprobe.ipc.columns import ValueKind
from pyprobe.plots.bins import count_bins
from pyprobe.plots.curves import Curve
from pyprobe.plots.drawn_trace import DrawnTrace
from pyprobe.plots.number_text import count_text, number_text
from pyprobe.plots.trace_curves import TraceCurves
from pyprobe.session.history_reader import HistoryReader

MOST_CAPTURES = 1 << 20  # the newest of them are counted, so that a frame stays short


class ScalarHistogramLens(TraceCurves):
    """Bars over the values; of complex numbers over their magnitude."""

    def curves_of(self, trace: DrawnTrace, columns: int) -> list[Curve]:
        """Return the counts as a staircase down to zero."""
        is_whole = trace.history.kind in (ValueKind.BOOL, ValueKind.INT)
        bins = count_bins(newest_numbers(trace.history), is_whole=is_whole)
        if bins is None:
            return []
        edges = bins.low + np.arange(len(bins.counts) + 1, dtype=np.float64) * bins.width
        counts = np.append(bins.counts, bins.counts[-1]).astype(np.float64)
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

    def empty_reason(self, trace: DrawnTrace) -> str:
        """Return why there is nothing to draw."""
        if trace.history.span() is None:
            return "no number captured yet"
        has_any = np.isfinite(newest_numbers(trace.history)).any()
        return "" if has_any else "only NaN and infinities here"

    def fit_x(self) -> None:
        """Show all bars."""
        self.load(1)
        ends = [(curve.x[0], curve.x[-1]) for curve in self.curves]
        if ends:
            self.x_range.fit(min(low for low, _ in ends), max(high for _, high in ends))

    def fit_y(self) -> None:
        """Fit the counts; bars stand on the edge of the plot."""
        super().fit_y()
        self.y_range.fit(0.0, max((float(np.max(curve.y)) for curve in self.curves), default=1.0))

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

    def notes(self) -> tuple[str, ...]:
        """Say how many captures are counted of more."""
        if not self.shown_traces:
            return ()
        span = self.shown_traces[0].history.span()
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
    return np.hypot(series.value, series.imag)
