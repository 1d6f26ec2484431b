"""A 2-D array as pixels: its real numbers, which of them are drawn, and their colours. Pure."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.plots.color_map import LEVELS
from pyprobe.plots.image_levels import Levels

_FLOAT32_SAFE = 1e30  # between levels beyond it the arithmetic would leave float32


def plane_of(image: NDArray[Any]) -> NDArray[Any]:
    """Return the real numbers that stand for an array: magnitudes, and 0 and 1 for bools."""
    if image.dtype.kind == "c":
        with np.errstate(all="ignore"):
            return np.abs(image)
    if image.dtype.kind == "b":
        return image.view(np.uint8)
    return image


def sampled(count: int, first: int, last: int, pixels: int) -> slice | NDArray[np.intp]:
    """Which rows (or columns) from ``first`` to ``last`` are drawn: all, or one for each pixel."""
    first, last = max(first, 0), min(last, count)
    if last - first <= pixels:
        return slice(first, max(last, first))
    places = first + (np.arange(pixels) + 0.5) * ((last - first) / pixels)
    return np.minimum(places.astype(np.intp), count - 1)


def picked(
    image: NDArray[Any], rows: slice | NDArray[np.intp], columns: slice | NDArray[np.intp]
) -> NDArray[Any]:
    """Return these rows and columns of an image, with all its channels."""
    part = image[rows]
    if isinstance(columns, slice):
        return part[:, columns]
    return np.take(part, columns, axis=1)


def colored(part: NDArray[Any], levels: Levels, table: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the colours of a 2-D plane: beyond the levels the end colours, NaN the missing one."""
    if part.dtype.kind in "iu" and part.dtype.itemsize <= 2:
        # Few enough values to colour each once.
        unsigned = np.dtype(f"=u{part.dtype.itemsize}")
        part = np.ascontiguousarray(part, part.dtype.newbyteorder("="))
        every = np.arange(1 << 8 * unsigned.itemsize).astype(unsigned).view(part.dtype)
        of_value = table[_table_places(every, levels)]
        return np.take(of_value, part.view(unsigned))
    return np.take(table, _table_places(part, levels))


def _table_places(part: NDArray[Any], levels: Levels) -> NDArray[np.uint16]:
    half_span = levels.high / 2 - levels.low / 2
    is_safe = max(abs(levels.low), abs(levels.high)) < _FLOAT32_SAFE and half_span > 1e-30
    is_short = part.dtype.kind == "f" and part.dtype.itemsize <= 4
    with np.errstate(all="ignore"):
        if is_short and is_safe:
            share = np.subtract(part, np.float32(levels.low), dtype=np.float32)
            share *= np.float32(LEVELS / 2 / half_span)
        else:
            share = np.divide(part, 2.0, dtype=np.float64)
            share -= levels.low / 2
            share /= half_span
            share *= LEVELS
        np.clip(share, 0, LEVELS - 1, out=share)
        # A NaN is clipped to NaN; one sum over all finds out whether there is any.
        if part.dtype.kind == "f" and np.isnan(np.sum(share)):
            share[np.isnan(share)] = LEVELS
        places: NDArray[np.uint16] = share.astype(np.uint16)
    return places
