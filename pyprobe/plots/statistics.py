"""Statistics of an array that no NaN or infinity can spoil."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

NUMBER_KINDS = "biuf"


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
        numbers = flat.astype(np.float64)
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
            minimum=low,
            maximum=high,
            mean=float(scaled.mean()) * largest,
            deviation=float(scaled.std()) * largest,
        )
