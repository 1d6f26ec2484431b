"""Makes a picture of a window small: a window has few colours, so 256 of them show it as it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_COLORS = 256
_EXACT = 96  # the most frequent colours, which are grounds and frames, stay as they are


def shrink_png(path: Path) -> None:
    """Write a PNG again with a palette, where that makes it smaller."""
    before = path.read_bytes()
    with Image.open(path) as opened:
        pixels = np.asarray(opened.convert("RGB"))
    colors, places, counts = np.unique(
        pixels.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True
    )
    palette = _palette(colors[np.argsort(-counts)])
    # Pillow's own search for the nearest color is not exact.
    ways = (colors.astype(np.int32)[:, None] - palette.astype(np.int32)[None]) ** 2
    nearest = ways.sum(axis=2).argmin(axis=1).astype(np.uint8)
    small = Image.fromarray(nearest[places].reshape(pixels.shape[:2]), "P")
    small.putpalette(palette.reshape(-1).tolist())
    small.save(path, optimize=True)
    if path.stat().st_size > len(before):
        path.write_bytes(before)


def _palette(colors: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return at most 256 colors for these, which come with the most frequent first."""
    if len(colors) <= _COLORS:
        return colors
    rest = Image.fromarray(colors[None, _EXACT:])
    found = rest.quantize(_COLORS - _EXACT, method=Image.Quantize.MAXCOVERAGE).getpalette()
    return np.concatenate((colors[:_EXACT], np.array(found, np.uint8).reshape(-1, 3)))
