"""Makes a picture of a window small: a window has few colours, so 256 of them show it as it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

_COLORS = 256
_EXACT = 96  # the most frequent colours, which are grounds and frames, stay as they are


def shrink_png(path: Path) -> None:
    """Write a PNG again with a palette, where that makes it smaller."""
    before = path.read_bytes()
    with Image.open(path) as opened:
        picture = opened.convert("RGB")
    colors, counts = np.unique(np.asarray(picture).reshape(-1, 3), axis=0, return_counts=True)
    colors = colors[np.argsort(-counts)]
    rest = Image.fromarray(colors[None, _EXACT:]) if len(colors) > _COLORS else None
    palette = colors[:_EXACT].tolist() if rest is not None else colors.tolist()
    if rest is not None:
        found = rest.quantize(_COLORS - _EXACT, method=Image.Quantize.MAXCOVERAGE).getpalette()
        palette += np.array(found).reshape(-1, 3).tolist()
    carrier = Image.new("P", (1, 1))
    carrier.putpalette([part for color in palette for part in color])
    picture.quantize(palette=carrier, dither=Image.Dither.NONE).save(path, optimize=True)
    if path.stat().st_size > len(before):
        path.write_bytes(before)
