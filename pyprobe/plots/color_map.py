"""The colour map of images: viridis, even in lightness and safe for colour-blind readers."""

import numpy as np
from numpy.typing import NDArray

# 33 stops of viridis by Nathaniel J. Smith, Stefan van der Walt and Eric Firing (CC0); straight
# lines between them stay within 2 of 255 of the original.
_STOPS = (
    "440154 470d60 48186a 482374 472d7b 453781 424086 3e4989 3b528b 375b8d 33638d 2f6b8e 2c728e "
    "297a8e 26828e 23898e 21918c 1f978b 1f9f88 21a685 27ad81 31b57b 3dbc74 4cc26c 5cc863 6ece58 "
    "81d34d 95d840 aadc32 c0df25 d5e21a eae51a fde725"
)
LEVELS = 256


def color_table(missing: str) -> NDArray[np.uint32]:
    """Return 257 colours ``0xffRRGGBB``: 256 from low to high, then ``missing`` for NaN."""
    stops = np.array(
        [[int(stop[at : at + 2], 16) for at in (0, 2, 4)] for stop in _STOPS.split()], np.float64
    )
    places = np.linspace(0, LEVELS - 1, len(stops))
    red, green, blue = (
        np.interp(np.arange(LEVELS), places, stops[:, channel]).round().astype(np.uint32)
        for channel in range(3)
    )
    table = np.empty(LEVELS + 1, np.uint32)
    table[:LEVELS] = 0xFF000000 | red << 16 | green << 8 | blue
    table[LEVELS] = 0xFF000000 | int(missing[1:], 16)
    return table
