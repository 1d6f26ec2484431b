"""Series histogram: how the samples of an array are spread over their range."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.errors import LensError
from pyprobe.plots.axis_end import Axis
from pyprobe.plots.axis_scale import AxisScale
from pyprobe.plots.bar_axis import stand_bars_on_edge
from pyprobe.plots.bins import Bins, count_bins
from pyprobe.plots.curve_scaling import NO_X
from pyprobe.plots.drawn_trace import DrawnTrace
from pyprobe.plots.finite import finite_or_nan
from pyprobe.plots.measured_samples import MeasuredCurve, ValueSamples, exact_or_floats
from pyprobe.plots.number_text import count_text, number_text
from pyprobe.plots.series_lens import SeriesLens
from pyprobe.plots.series_part import Part
from pyprobe.plots.theme import PlotTheme
from pyprobe.session.history_records import ArrayCapture
from pyprobe.session.values import ArrayValue


class SeriesHistogramLens(SeriesLens):
    """Bars over the values; of complex arrays over their magnitude."""

    def __init__(self, theme: PlotTheme, color: str) -> None:
        self._shared: dict[int, Bins] = {}
        super().__init__(theme, color)

    def prepare(self, trace: DrawnTrace, captures: Sequence[ArrayCapture]) -> None:
        """Choose the bins of captures that are drawn together: the same for all of them."""
        known = self._shared.pop(id(trace.history), None)
        if len(captures) < 2:
            if known is not None:
                self.forget_parts()
            return
        numbers = np.concatenate([self._numbers(one.value.array) for one in captures])
        if known is None or not known.suits(numbers):
            known = count_bins(numbers, is_whole=self._is_whole(captures[-1].value))
            self.forget_parts()
        if known is not None:
            self._shared[id(trace.history)] = known

    def _numbers(self, array: NDArray[Any]) -> NDArray[np.float64]:
        """The numbers that are counted, as they stand on the axis."""
        numbers = finite_or_nan(_reals(array))
        return self.x_scale.shown(numbers)

    def _is_whole(self, value: ArrayValue) -> bool:
        return value.array.dtype.kind in "biu" and self.x_scale is AxisScale.LINEAR

    def transform(self, value: ArrayValue, trace: DrawnTrace) -> list[Part]:
        """Return the counts as a staircase down to zero."""
        numbers = self._numbers(value.array)
        shared = self._shared.get(id(trace.history))
        if shared is None:
            bins = count_bins(numbers, is_whole=self._is_whole(value))
        else:
            bins = shared.counting(numbers)
        if bins is None:
            has_any = bool(np.isfinite(finite_or_nan(_reals(value.array))).any())
            raise LensError(NO_X if has_any else "only NaN and infinities here")
        counts = np.append(bins.counts, bins.counts[-1])  # the last bar ends where it ends
        edges = self.x_scale.values_at(bins.edges)
        return [Part("", counts, staircase=True, filled=True, x=edges)]

    def _set_log(self, axis: Axis, wanted: bool) -> None:
        self._shared.clear()
        self.forget_parts()  # the bins are of equal width on the axis
        super()._set_log(axis, wanted)

    def fit_y(self) -> None:
        """Fit the counts; bars stand on the edge of the plot."""
        super().fit_y()
        stand_bars_on_edge(self)

    def is_whole(self) -> bool:
        """Counts are whole numbers."""
        return True

    def x_title(self) -> str:
        """Return what stands on the horizontal axis."""
        return "value"

    def x_text(self, x: float) -> str:
        """Return a value as the readout tells it."""
        return f"from {number_text(x)}"

    def is_whole_x(self) -> bool:
        """Values may be any number."""
        return False

    def measured(self) -> list[MeasuredCurve]:
        """Return the samples of the newest arrays, by their values."""
        curves = []
        for trace in self.shown_traces:
            last = trace.history.last
            if isinstance(last, ArrayValue) and not self.empty_reason(trace):
                samples = ValueSamples(exact_or_floats(_reals(last.array)), id(last.array))
                curves.append(
                    MeasuredCurve(self.part_name(trace, ""), trace.color, samples, last.reduced)
                )
        return curves

    def notes(self) -> tuple[str, ...]:
        """Say of which numbers there are none in the bars."""
        last = self.shown_traces[0].history.last if self.shown_traces else None
        if not isinstance(last, ArrayValue) or last.array.dtype.kind not in "fc":
            return super().notes()
        missing = last.array.size - int(np.count_nonzero(np.isfinite(last.array)))
        left_out = (f"{count_text(missing)} not finite",) if missing else ()
        return (*left_out, *super().notes())


def _reals(array: NDArray[Any]) -> NDArray[Any]:
    """The array, or the magnitudes of a complex one."""
    if array.dtype.kind != "c":
        return array
    with np.errstate(over="ignore", invalid="ignore"):
        return np.abs(array)
