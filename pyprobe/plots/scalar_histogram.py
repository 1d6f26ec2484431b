"""Scalar histogram: how the captured numbers of traces are spread over their range."""

import numpy as np
from numpy.typing import NDArray

from pyprobe.ipc.columns import ValueKind
from pyprobe.plots.axis_scale import AxisScale
from pyprobe.plots.bar_axis import stand_bars_on_edge
from pyprobe.plots.bins import count_bins
from pyprobe.plots.curve_scaling import NO_X
from pyprobe.plots.curves import Curve
from pyprobe.plots.drawn_trace import DrawnTrace
from pyprobe.plots.measured_samples import MeasuredCurve, ValueSamples, rounding_note
from pyprobe.plots.number_text import count_text, number_text
from pyprobe.plots.persistence import Persistence, layers
from pyprobe.plots.run_curves import RunCurves
from pyprobe.plots.trace_curves import earlier_opacity
from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.scalar_series import ScalarSeries

MOST_CAPTURES = 1 << 20  # the newest of them are counted, so that a frame stays short


class ScalarHistogramLens(RunCurves):
    """Bars over the values; of complex numbers over their magnitude."""

    def curves_of(self, trace: DrawnTrace, columns: int) -> list[Curve]:
        """Return the counts as a staircase down to zero, and what persists of earlier runs."""
        mode = self.runs_menu.choice
        runs = [newest_numbers(trace.history)]
        if mode is not Persistence.LAST:
            runs += [newest_numbers(one) for one in reversed(trace.earlier) if one.span()]
        is_log = self.x_scale is AxisScale.LOGARITHMIC
        is_whole = trace.history.kind in (ValueKind.BOOL, ValueKind.INT) and not is_log
        placed = [self.x_scale.shown(numbers) for numbers in runs]
        bins = count_bins(np.concatenate(placed), is_whole=is_whole)
        if bins is None:
            return []
        edges = self.x_scale.values_at(bins.edges)
        # The newest run comes last, as layers want it; a bar ends where it ends.
        counts = [bins.counting(one).counts.astype(np.float64) for one in reversed(placed)]
        stack = layers([np.append(one, one[-1]) for one in counts], mode)
        curves = []
        for depth, layer in enumerate(stack):
            floor = layer.floor if depth else np.zeros(len(edges))
            curves.append(
                Curve(
                    self.part_name(trace, "") if not depth else "",
                    trace.color,
                    edges,
                    layer.y,
                    staircase=True,
                    style=trace.style,
                    side=trace.side,
                    opacity=layer.opacity if floor is not None else earlier_opacity(depth),
                    floor=floor,
                )
            )
        return curves

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
        stand_bars_on_edge(self)

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
            samples = ValueSamples(_exact_numbers(history), (id(history), history.count))
            note = " ".join(filter(None, (*_left_out(history), rounding_note(history))))
            curves.append(MeasuredCurve(self.part_name(trace, ""), trace.color, samples, note))
        return curves

    def notes(self) -> tuple[str, ...]:
        """Say how many captures are counted of more."""
        left_out = _left_out(self.shown_traces[0].history) if self.shown_traces else ()
        return (*self.run_notes(), *left_out)


def _left_out(history: HistoryReader) -> tuple[str, ...]:
    span = history.span()
    stored = int(span[1] - span[0]) + 1 if span is not None else 0
    if stored <= MOST_CAPTURES:
        return ()
    return (f"newest {count_text(MOST_CAPTURES)} of {count_text(stored)}",)


def newest_numbers(history: HistoryReader) -> NDArray[np.float64]:
    """Return the newest scalars, at most a million; of complex ones the magnitudes."""
    series = _newest(history)
    if series.imag is None:
        return series.value
    with np.errstate(over="ignore"):
        return np.hypot(series.value, series.imag)


def _exact_numbers(history: HistoryReader) -> NDArray[np.float64] | NDArray[np.int64]:
    whole = _newest(history).whole
    return newest_numbers(history) if whole is None else whole


def _newest(history: HistoryReader) -> ScalarSeries:
    first, last = history.span() or (0.0, -1.0)
    stop = int(last) + 1
    return history.scalars(max(int(first), stop - MOST_CAPTURES), stop)
