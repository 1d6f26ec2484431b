"""Colour maps of images: even in lightness and safe for colour-blind readers."""

from enum import Enum

import numpy as np
from numpy.typing import NDArray

LEVELS = 256


class ColorMap(Enum):
    """The value is the map's name in menus and remembered layouts."""

    VIRIDIS = "viridis"
    CIVIDIS = "cividis"
    MAGMA = "magma"
    GREY = "grey"
    DIVERGING = "blue and orange around zero"

    @property
    def is_symmetric(self) -> bool:
        """Whether the middle of the map means zero."""
        return self is ColorMap.DIVERGING


# 33 stops each; straight lines between them stay within 2 of 255 of the originals, within 5 of
# cividis. Viridis and magma by Nathaniel J. Smith, Stefan van der Walt and Eric Firing (CC0);
# cividis by Jamie R. Nuñez, Christopher R. Anderton and Ryan S. Renslow (CC0,
# doi.org/10.1371/journal.pone.0199239). The diverging one is our own: lightness falls alike to both
# sides in Oklab, hues 255° and 50°.
_STOPS = {
    ColorMap.VIRIDIS: (
        "440154 470d60 48186a 482374 472d7b 453781 424086 3e4989 3b528b 375b8d 33638d 2f6b8e "
        "2c728e 297a8e 26828e 23898e 21918c 1f978b 1f9f88 21a685 27ad81 31b57b 3dbc74 4cc26c "
        "5cc863 6ece58 81d34d 95d840 aadc32 c0df25 d5e21a eae51a fde725"
    ),
    ColorMap.CIVIDIS: (
        "00204d 00265a 002c69 00306f 05366e 1f3c6d 2d426c 38486b 414d6b 4a536b 52596c 595f6d "
        "61646f 686a71 6f7073 767676 7c7c78 848179 8b8779 938e78 9b9477 a39a76 aca174 b4a872 "
        "bcaf6f c5b56c cebc68 d7c463 e0cb5e e9d358 f2da50 fbe248 ffea46"
    ),
    ColorMap.MAGMA: (
        "000004 030312 0a0822 130d34 1d1147 29115a 36106b 440f76 50127c 5d177f 691c81 762181 "
        "822681 8f2a81 9c2e7f a9337d b6367a c33b75 cf4070 db476a e65164 ee5c5e f46a5c f9785d "
        "fb8861 fd9668 fea571 feb47b fec287 fed194 fde0a1 fceeb0 fcfdbf"
    ),
    ColorMap.GREY: "000000 ffffff",
    ColorMap.DIVERGING: (
        "003d7b 06478b 0e519a 175caa 2167b8 2d72c5 3d7ece 4d8ad6 5e96dd 6fa2e3 81aee7 93baeb "
        "a5c5ee b8d1f0 ccdcf2 dfe8f3 f3f3f3 f1e4dd eed5c7 ebc6b2 e6b79d e1a889 db9975 d58b61 "
        "cd7d4e c56f3a bb6126 b1540b a24b02 934200 833b01 743300 652b00"
    ),
}


def color_table(missing: str, color_map: ColorMap = ColorMap.VIRIDIS) -> NDArray[np.uint32]:
    """Return 257 colours ``0xffRRGGBB``: 256 from low to high, then ``missing`` for NaN."""
    stops = np.array(
        [[int(stop[at : at + 2], 16) for at in (0, 2, 4)] for stop in _STOPS[color_map].split()],
        np.float64,
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
