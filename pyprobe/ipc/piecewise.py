"""Copies in pieces, each smaller than the cache of a processor's core.

The C library copies what is larger than that in another way, on AMD's processors at least
(``rep_movsb_stop_threshold`` in glibc's ``sysdeps/x86/dl-cacheinfo.h``): it reads each line of the
target before it writes it. Into a place that has left the cache that takes half as long again.
"""

from _operator import getitem, setitem
from collections import deque
from itertools import repeat
from typing import Any

PIECE_BYTES = 256 << 10  # half of the smallest such cache of the last ten years

_MOST_SIZES = 64
_known_pieces: dict[int, tuple[slice, ...]] = {}
_call_all = deque[None](maxlen=0).extend
_set: Any = setitem
_get: Any = getitem


def pieces_of(nbytes: int) -> tuple[slice, ...]:
    """Return the pieces that so many bytes are copied in."""
    pieces = _known_pieces.get(nbytes)
    if pieces is None:
        starts = range(0, nbytes, PIECE_BYTES)
        pieces = tuple(slice(start, min(start + PIECE_BYTES, nbytes)) for start in starts)
        if len(_known_pieces) >= _MOST_SIZES:
            _known_pieces.clear()
        _known_pieces[nbytes] = pieces
    return pieces


def copy_pieces(target: memoryview, source: memoryview, pieces: tuple[slice, ...]) -> None:
    """Copy bytes, in one call into C: no signal handler of the program comes in between.

    The GIL is kept: to let it go and have it back takes longer than copying a mebibyte.
    """
    _call_all(map(_set, repeat(target), pieces, map(_get, repeat(source), pieces)))
