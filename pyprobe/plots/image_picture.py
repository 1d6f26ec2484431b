"""Arrays of colours: which arrays they are, and their pixels. Pure."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_CHANNELS = (3, 4)
_LEAST_SIDE = 3  # a smaller one is rather a few vectors than a picture
_LOOKED_AT = 1 << 14


def has_channels(shape: tuple[int, ...]) -> bool:
    """Whether the last axis could be red, green and blue, with or without opacity."""
    return len(shape) >= 3 and shape[-1] in _CHANNELS


def looks_like_picture(array: NDArray[Any]) -> bool:
    """Whether an array is most likely H × W × 3 or 4 of colours: bytes, 16 bits, or 0 to 1."""
    if not has_channels(array.shape) or min(array.shape[-3:-1]) < _LEAST_SIDE:
        return False
    if array.dtype in (np.uint8, np.uint16):
        return True
    if array.dtype.kind != "f":
        return False
    values = array.reshape(-1)[:: max(array.size // _LOOKED_AT, 1)]
    return bool(np.all((values >= 0) & (values <= 1)))


def picture_colors(part: NDArray[Any]) -> NDArray[np.uint32]:
    """Return the ``0xAARRGGBB`` of H × W × 3 or 4 colours.

    Integers run over their type's whole range, floats from 0 to 1; NaN is black, what is beyond is
    cut off.
    """
    channels = _as_bytes(part)
    packed = np.empty((*channels.shape[:2], 4), np.uint8)
    for place, channel in enumerate((2, 1, 0)):  # blue first, as little-endian words have it
        packed[..., place] = channels[..., channel]
    packed[..., 3] = channels[..., 3] if channels.shape[2] == 4 else 255
    return packed.view(np.dtype("<u4"))[..., 0].astype(np.uint32, copy=False)


def _as_bytes(part: NDArray[Any]) -> NDArray[np.uint8]:
    if part.dtype == np.uint8:
        return part
    if part.dtype == np.uint16:
        return (part >> 8).astype(np.uint8)
    if part.dtype.kind == "b":
        return part.view(np.uint8) * np.uint8(255)
    with np.errstate(all="ignore"):
        numbers = part.astype(np.float32)
        if part.dtype.kind in "iu":
            numbers /= np.float32(255.0 if np.iinfo(part.dtype).max > 255 else 127.0)
        np.nan_to_num(numbers, copy=False, nan=0.0, posinf=1.0, neginf=0.0)
        np.clip(numbers, 0.0, 1.0, out=numbers)
        numbers *= 255.0
        numbers += 0.5
        return numbers.astype(np.uint8)
