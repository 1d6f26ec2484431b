"""Statistics of an array that no NaN or infinity can spoil."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

NUMBER_KINDS = "biuf"
_MOST_EXACT = 1 << 53


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts of all, of finite, NaN and infinite elements; the rest is about the finite ones.

    The four numbers are NaN where nothing is finite.
    """

    count: int
    finite: int
    nan: int
    infinite: int
    minimum: float
    maximum: float
    mean: float
    deviation: float


def statistics(values: NDArray[Any]) -> Statistics | None:
    """Return the statistics of real numbers or bools of any shape, None for every other dtype."""
    if values.dtype.kind not in NUMBER_KINDS:
        return None
    flat = values.reshape(-1)
    with np.errstate(all="ignore"):
        origin = _origin(flat)
        numbers = (flat - flat.dtype.type(origin) if origin else flat).astype(np.float64)
        finite: NDArray[Any] = numbers[np.isfinite(numbers)]
        nan = int(np.count_nonzero(np.isnan(numbers)))
        if not finite.size:
            missing = float("nan")
            infinite = flat.size - nan
            return Statistics(flat.size, 0, nan, infinite, missing, missing, missing, missing)
        low, high = float(finite.min()), float(finite.max())
        largest = max(abs(low), abs(high)) or 1.0
        scaled = finite / largest  # sums of numbers near the largest float would overflow
        return Statistics(
            count=flat.size,
            finite=finite.size,
            nan=nan,
            infinite=flat.size - nan - finite.size,
            minimum=low + origin,
            maximum=high + origin,
            mean=float(scaled.mean()) * largest + origin,
            deviation=float(scaled.std()) * largest,
        )


def _origin(values: NDArray[Any]) -> int:
    """Return what ints are counted from, so that floats tell large neighbours apart."""
    is_long = values.dtype.kind in "iu" and values.dtype.itemsize == 8 and values.size
    low, high = (int(values.min()), int(values.max())) if is_long else (0, 0)
    return low if high - low <= _MOST_EXACT < max(-low, high) else 0
