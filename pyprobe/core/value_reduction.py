"""Reduces arrays that are too large to send: minimum and maximum of each bucket, or every n-th."""

from math import ceil
from typing import Any

from pyprobe.core.value_numpy import NumpyTypes

MOST_POINTS = 1 << 16
MOST_IMAGE_BYTES = 4 << 20

_CHANNELS = 4  # an axis this short holds colours or channels, which are kept
_SIGNAL_RATIO = 64  # an axis that much longer than the others together is a signal's time


def reduce_array(array: Any, limit_bytes: int, numpy: NumpyTypes) -> tuple[Any, str]:
    """Return an array of at most about ``limit_bytes``, and in a few words what was done.

    Long signals keep the minimum and the maximum of each bucket, NaN left out where there is
    anything else in it; images, and data without an order, keep every n-th element of each axis.
    """
    shape = array.shape
    longest = max(range(len(shape)), key=shape.__getitem__)
    others = array.size // shape[longest]
    if array.dtype.kind in "biufc" and others * _SIGNAL_RATIO <= shape[longest]:
        return _by_buckets(array, longest, limit_bytes, numpy)
    return _by_steps(array, min(limit_bytes, MOST_IMAGE_BYTES))


def _by_buckets(array: Any, axis: int, limit_bytes: int, numpy: NumpyTypes) -> tuple[Any, str]:
    moved = numpy.module.moveaxis(array, axis, -1)
    length = moved.shape[-1]
    row_bytes = array.nbytes // length
    points = min(MOST_POINTS, max(limit_bytes // max(row_bytes, 1), 2))
    size = ceil(length / (points // 2))
    whole = length // size
    with numpy.module.errstate(all="ignore"):
        low, high = _extremes(moved, size, whole, numpy)
    pairs = numpy.module.stack((low, high), axis=-1)
    reduced = pairs.reshape(*moved.shape[:-1], 2 * low.shape[-1])
    return numpy.module.moveaxis(reduced, -1, axis), f"min/max of {length} points"


def _extremes(moved: Any, size: int, whole: int, numpy: NumpyTypes) -> tuple[Any, Any]:
    """Return minimum and maximum of each bucket along the last axis, the incomplete one too."""
    if moved.dtype.kind == "c":
        real_low, real_high = _extremes(moved.real, size, whole, numpy)
        imag_low, imag_high = _extremes(moved.imag, size, whole, numpy)
        kind = moved.dtype.type
        return (real_low + 1j * imag_low).astype(kind), (real_high + 1j * imag_high).astype(kind)
    main = moved[..., : whole * size].reshape(*moved.shape[:-1], whole, size)
    rest = moved[..., whole * size :]
    found = []
    for ufunc in (numpy.module.fmin, numpy.module.fmax):
        parts = [ufunc.reduce(main, axis=-1)]
        if rest.shape[-1]:
            parts.append(ufunc.reduce(rest, axis=-1)[..., None])
        found.append(numpy.module.concatenate(parts, axis=-1))
    return found[0], found[1]


def _by_steps(array: Any, limit_bytes: int) -> tuple[Any, str]:
    """Take every n-th element of each axis: the same n for all, so that an image keeps its form."""
    shape = array.shape
    thinned = [length > _CHANNELS for length in shape]
    if not any(thinned):
        thinned = [True] * len(shape)
    step = 1
    while _nbytes(_lengths(shape, thinned, step), array.dtype.itemsize) > limit_bytes:
        if step > max(shape):
            break  # a single element is larger than the limit
        step += 1 + step // 64
    reduced = array[tuple(slice(None, None, step if thin else 1) for thin in thinned)]
    return reduced, f"every {_ordinal(step)} of {' × '.join(map(str, shape))}"


def _lengths(shape: tuple[int, ...], thinned: list[bool], step: int) -> list[int]:
    return [
        ceil(length / step) if thin else length for length, thin in zip(shape, thinned, strict=True)
    ]


def _nbytes(lengths: list[int], itemsize: int) -> int:
    total = itemsize
    for length in lengths:
        total *= length
    return total


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if 10 <= number % 100 <= 20 else ending}"
