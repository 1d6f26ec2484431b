"""Copies in pieces are whole, whatever their size, and no signal handler comes in between."""

import signal
from array import array
from itertools import pairwise

import pytest

from pyprobe.ipc.piecewise import PIECE_BYTES, copy_pieces, pieces_of


@pytest.mark.parametrize(
    "nbytes", [1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES + 7]
)
def test_every_byte_is_copied_and_none_beside_it(nbytes: int) -> None:
    source = bytes(number % 251 for number in range(nbytes))
    target = bytearray(nbytes + 2)
    copy_pieces(memoryview(target)[1:-1], memoryview(source), pieces_of(nbytes))
    assert target == b"\0" + source + b"\0"


def test_pieces_of_many_sizes_are_those_of_each() -> None:
    for _ in range(2):
        for nbytes in range(1, 500 * PIECE_BYTES, 3 * PIECE_BYTES + 1):
            pieces = pieces_of(nbytes)
            assert (pieces[0].start, pieces[-1].stop) == (0, nbytes)
            assert max(piece.stop - piece.start for piece in pieces) <= PIECE_BYTES
            assert all(a.stop == b.start for a, b in pairwise(pieces))


def test_a_signal_handler_comes_before_or_after_all_of_it() -> None:
    """One that changes what is copied would else be seen in a part of it."""
    source, target = bytearray(64 * PIECE_BYTES), array("b", bytes(64 * PIECE_BYTES))
    ones = bytes([1]) * len(source)
    seen: list[int] = []

    def change(_number: int, _frame: object) -> None:
        source[:] = ones
        seen.append(len(seen))

    before = signal.signal(signal.SIGALRM, change)
    try:
        while len(seen) < 20:
            source[:] = bytes(len(source))
            signal.setitimer(signal.ITIMER_REAL, 0.0005 + 0.0002 * (len(seen) % 10))
            copied = len(seen)
            while len(seen) == copied:
                copy_pieces(
                    memoryview(target).cast("B"), memoryview(source), pieces_of(len(source))
                )
                assert target[0] == target[-1]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
