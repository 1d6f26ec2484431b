"""Superinstructions of 3.12: puts back those that an instrumented code object has lost.

Python 3.12 fuses frequent pairs of instructions when it makes a code object (``STORE_FAST``, then
``LOAD_FAST``), unfuses all of them when it first instruments the code, and never fuses again: a
tight loop stays 5 to 8 % slower than plain, even when no event is left in it. 3.13 lets the
compiler fuse, so nothing is lost there.

Written are only opcodes that the interpreter itself had put there, and only where both halves of a
pair are plain at that moment; the second may begin a pair of its own, as the interpreter has it.
Whatever instruments the code next unfuses it again. To be told of a code object's first run is to
instrument it, so this is done to all code that runs.
"""

import opcode
import sys
from types import CodeType

from pyprobe.core.memory_arrays import address_of, bytes_from

NEEDED = sys.version_info[:2] == (3, 12) and sys.implementation.name == "cpython"
# A module of data is millions of bytes long, and is no loop.
_LONGEST_BYTES = 1 << 15
_PAIR_NAMES = (
    "LOAD_CONST__LOAD_FAST",
    "LOAD_FAST__LOAD_CONST",
    "LOAD_FAST__LOAD_FAST",
    "STORE_FAST__LOAD_FAST",
    "STORE_FAST__STORE_FAST",
)

# Where a pair begins, as an offset in bytes; the fused opcode; the opcode of its first half, and
# those that its second may have: its own, or one that is fused with what follows.
_Place = tuple[int, int, int, frozenset[int]]


class Superinstructions:
    """Does nothing but on CPython 3.12, and nothing where the layout is not as expected."""

    def __init__(self) -> None:
        self._pairs = _fused_opcodes() if NEEDED else {}
        self._places: dict[int, list[_Place]] = {}
        self._is_checked = False

    def restore(self, code: CodeType) -> None:
        """Fuse what is not instrumented now. The caller holds ``code`` until ``forget``."""
        if not self._pairs:
            return
        places = self._places.get(id(code))
        if places is None:
            places = self._places[id(code)] = _places(code, self._pairs)
        self._fuse(code, places)

    def restore_once(self, code: CodeType) -> None:
        """Fuse what is not instrumented now, and keep nothing about it."""
        if self._pairs:
            self._fuse(code, _places(code, self._pairs))

    def _fuse(self, code: CodeType, places: list[_Place]) -> None:
        if not places:
            return
        if not self._is_checked:
            if not _layout_is_known():
                self._pairs = {}
                return
            self._is_checked = True
        _write(code, places)

    def forget(self, code: CodeType) -> None:
        """``code`` may go away."""
        self._places.pop(id(code), None)


def _fused_opcodes() -> dict[tuple[int, int], int]:
    """Return the fused opcode of each pair; it has one of the numbers that have no name."""
    unnamed = [number for number, name in enumerate(opcode.opname) if name.startswith("<")]
    numbers = dict(zip(getattr(opcode, "_specialized_instructions", ()), unnamed, strict=False))
    pairs = {}
    for name in _PAIR_NAMES:
        first, _, second = name.partition("__")
        if name in numbers:
            pairs[opcode.opmap[first], opcode.opmap[second]] = numbers[name]
    return pairs


def _places(code: CodeType, pairs: dict[tuple[int, int], int]) -> list[_Place]:
    """Return where the interpreter fuses when it makes this code object."""
    plain = code.co_code
    if len(plain) > _LONGEST_BYTES:
        return []
    opcodes = plain[::2]  # the caches in between are zeros here, which are no halves of a pair
    places = []
    for (first, second), fused in pairs.items():
        halves = bytes((first, second))
        seconds = frozenset({second} | {pairs[pair] for pair in pairs if pair[0] == second})
        index = opcodes.find(halves)
        while index >= 0:
            places.append((2 * index, fused, first, seconds))
            index = opcodes.find(halves, index + 1)
    return places


def _write(code: CodeType, places: list[_Place]) -> None:
    opcodes, begin = bytes_from(CodeType.__basicsize__), address_of(code)
    for offset, fused, first, seconds in places:
        at = begin + offset
        # Nothing here lets another thread in between the look and the write.
        if opcodes[at] == first and opcodes[at + 2] in seconds:
            opcodes[at] = fused


def _layout_is_known() -> bool:
    """Whether a code object ends in its instructions, looked up in one that never runs."""
    try:
        opcodes = bytes_from(CodeType.__basicsize__)
    except ImportError:
        return False
    code = _never_called.__code__
    begin = address_of(code)
    adaptive: bytes = code._co_code_adaptive  # type: ignore[attr-defined]
    return bytes(opcodes[begin : begin + len(adaptive)]) == adaptive


def _never_called(left: int, right: int) -> int:
    total = left
    for index in range(right):
        total += index * left
    return total
