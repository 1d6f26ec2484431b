"""Axis scale: linear or logarithmic; what an axis shows of data values. Pure.

The range, the curves and the ticks of a logarithmic axis are decimal logarithms, so that zooming
and panning are the same on both; only what people read is turned back.
"""

from enum import Enum
from math import ceil, floor, log10

import numpy as np
from numpy.typing import NDArray

from pyprobe.plots.axis_range import LARGEST
from pyprobe.plots.ticks import NO_TICKS, Ticks, value_ticks

Floats = NDArray[np.float64]

_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_PLAIN_DECADES = range(-3, 5)
_LARGEST_DECADE = 308.0
_DECADES = (-330.0, 312.0)  # a little beyond all floats, so that data have room around them


class AxisScale(Enum):
    """The value is its name in menus and remembered layouts."""

    LINEAR = "linear"
    LOGARITHMIC = "logarithmic"

    def shown(self, values: Floats) -> Floats:
        """Return where values stand on the axis; NaN where a logarithmic one has no place."""
        if self is AxisScale.LINEAR:
            return values
        with np.errstate(divide="ignore", invalid="ignore"):
            result: Floats = np.log10(values)
        result[~np.isfinite(result)] = np.nan
        return result

    @property
    def limits(self) -> tuple[float, float]:
        """The lowest and the highest place there is on such an axis."""
        return (-LARGEST, LARGEST) if self is AxisScale.LINEAR else _DECADES

    def value_at(self, shown: float) -> float:
        """Return the value at a place on the axis."""
        if self is AxisScale.LINEAR:
            return shown
        return _power(shown)

    def values_at(self, shown: Floats) -> Floats:
        """Return the values at places on the axis."""
        if self is AxisScale.LINEAR:
            return shown
        with np.errstate(over="ignore"):
            return np.minimum(10.0**shown, LARGEST)

    def place_of(self, value: float) -> float | None:
        """Return the place of a value, ``None`` where it has none."""
        if self is AxisScale.LINEAR:
            return value
        return log10(value) if value > 0 else None


def log_ticks(low: float, high: float, most: int) -> Ticks:
    """Return ticks for decimal logarithms from ``low`` to ``high``: decades, or parts of one."""
    if not low < high or most < 1:
        return NO_TICKS
    first, last = ceil(low - 1e-9), floor(high + 1e-9)
    decades = last - first + 1
    if decades >= 2:
        step = max(-(-decades // max(most, 1)), 1)
        places = [float(place) for place in range(first + -first % step, last + 1, step)]
        if step == 1 and decades * 3 <= most:
            places = sorted(
                place
                for decade in range(first - 1, last + 1)
                for factor in (1, 2, 5)
                if low <= (place := decade + log10(factor)) <= high
            )
        return Ticks(tuple(places), tuple(_label(place) for place in places))
    linear = value_ticks(_power(low), _power(high), most)
    pairs = [
        (log10(value), label)
        for value, label in zip(linear.positions, linear.labels, strict=True)
        if value > 0
    ]
    return Ticks(tuple(at for at, _ in pairs), tuple(label for _, label in pairs), linear.note)


def _power(shown: float) -> float:
    return float(10.0 ** min(max(shown, -_LARGEST_DECADE), _LARGEST_DECADE))


def _label(place: float) -> str:
    decade = floor(place + 1e-9)
    factor = round(10.0 ** (place - decade))
    if decade in _PLAIN_DECADES:
        return f"{factor * 10.0**decade:.10g}"
    power = f"10{str(decade).translate(_SUPERSCRIPT)}"
    return power if factor == 1 else f"{factor}·{power}"
