"""Series histogram: how the samples of an array are spread over their range."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.errors import LensError
from pyprobe.plots.axis_end import Axis
from pyprobe.plots.axis_scale import AxisScale
from pyprobe.plots.bins import count_bins, count_log_bins
from pyprobe.plots.curve_scaling import NO_X
from pyprobe.plots.drawn_trace import DrawnTrace
from pyprobe.plots.number_text import count_text, number_text
from pyprobe.plots.series_lens import Part, SeriesLens
from pyprobe.session.values import ArrayValue


class SeriesHistogramLens(SeriesLens):
    """Bars over the values; of complex arrays over their magnitude."""

    def transform(self, value: ArrayValue, trace: DrawnTrace) -> list[Part]:
        """Return the counts as a staircase down to zero."""
        array = np.abs(value.array) if value.array.dtype.kind == "c" else value.array
        bins = count_bins(array)
        if bins is None:
            raise LensError("only NaN and infinities here")
        if self.x_scale is AxisScale.LOGARITHMIC:
            return [_log_part(array)]
        counts = np.append(bins.counts, bins.counts[-1])  # the last bar ends where it ends
        return [Part("", counts, bins.low, bins.width, staircase=True, filled=True)]

    def _set_log(self, axis: Axis, wanted: bool) -> None:
        self._transformed.clear()  # the bins are of equal width on the axis
        super()._set_log(axis, wanted)

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

    def notes(self) -> tuple[str, ...]:
        """Say of which numbers there are none in the bars."""
        last = self.shown_traces[0].history.last if self.shown_traces else None
        if not isinstance(last, ArrayValue) or last.array.dtype.kind not in "fc":
            return super().notes()
        missing = last.array.size - int(np.count_nonzero(np.isfinite(last.array)))
        left_out = (f"{count_text(missing)} not finite",) if missing else ()
        return (*left_out, *super().notes())


def _log_part(array: NDArray[Any]) -> Part:
    found = count_log_bins(array)
    if found is None:
        raise LensError(NO_X)
    edges, counts = found
    return Part("", np.append(counts, counts[-1]), staircase=True, filled=True, x=edges)
