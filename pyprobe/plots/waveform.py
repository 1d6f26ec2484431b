"""Waveform: the newest 1-D array over its index; complex ones as real and imaginary part."""

from pyprobe.plots.drawn_trace import DrawnTrace
from pyprobe.plots.series_lens import Part, SeriesLens
from pyprobe.session.values import ArrayValue


class WaveformLens(SeriesLens):
    """One array as a curve; of long ones the minimum and maximum of each pixel column."""

    def transform(self, value: ArrayValue, trace: DrawnTrace) -> list[Part]:
        """Return the array itself; one that was reduced at the source over its full length."""
        array = value.array
        dx = value.full_shape[0] / len(array)
        x0 = (dx - 1.0) / 2.0  # each sample that was sent stands for ``dx`` of the program's
        if array.dtype.kind == "c":
            return [Part("re", array.real, x0, dx, x0), Part("im", array.imag, x0, dx, x0)]
        return [Part("", array, x0, dx, x0, staircase=array.dtype.kind == "b")]

    def is_whole(self) -> bool:
        """Whether the arrays hold bools or ints."""
        return self._dtype_kinds() <= set("biu")

    def _dtype_kinds(self) -> set[str]:
        values = [trace.history.last for trace in self.shown_traces]
        return {value.array.dtype.kind for value in values if isinstance(value, ArrayValue)}

    def x_title(self) -> str:
        """Return the unit of the horizontal axis."""
        return "sample"

    def x_text(self, x: float) -> str:
        """Return a horizontal position as the readout tells it."""
        return f"sample {x:,.0f}"
