"""Where lines went when their file was edited."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyprobe.analysis.source_lines import split_lines

_LIKE = 0.5  # how alike two changed lines must be to be taken for the same statement


@dataclass(frozen=True, slots=True)
class MovedLine:
    """Where a line went; ``new`` is None where it is gone, and ``why`` then says so."""

    old: int
    new: int | None
    why: str = ""


def move_lines(old_source: str, new_source: str, lines: Iterable[int]) -> Mapping[int, MovedLine]:
    """Return where each line (from 1) of the old text stands in the new one.

    An unchanged line is followed. A changed one goes to the line that took its place: the one as
    far along where as many stand there as before, else the one most alike. A line that was cut
    and pasted elsewhere unchanged is followed if there is only one such.
    """
    mover = _LineMover(split_lines(old_source), split_lines(new_source))
    return {line: mover.move(line) for line in lines}


class _LineMover:
    def __init__(self, old: list[str], new: list[str]) -> None:
        self._old, self._new = old, new
        self._same: dict[int, int] = {}
        self._replaced: list[tuple[range, range]] = []
        self._compare()
        taken = set(self._same.values())
        self._fresh = [line for line in range(1, len(new) + 1) if line not in taken]

    def _compare(self) -> None:
        """Match the texts' lines; equal beginnings and ends first, since most edits are small."""
        old, new = self._old, self._new
        head = 0
        while head < min(len(old), len(new)) and old[head] == new[head]:
            head += 1
        tail = 0
        while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
            tail += 1
        self._same.update({line: line for line in range(1, head + 1)})
        self._same.update({len(old) - index: len(new) - index for index in range(tail)})
        middle = difflib.SequenceMatcher(
            None, old[head : len(old) - tail], new[head : len(new) - tail], autojunk=False
        )
        for tag, old_start, old_end, new_start, new_end in middle.get_opcodes():
            before = range(head + old_start + 1, head + old_end + 1)
            after = range(head + new_start + 1, head + new_end + 1)
            if tag == "equal":
                self._same.update(zip(before, after, strict=True))
            else:
                self._replaced.append((before, after))

    def move(self, line: int) -> MovedLine:
        if line in self._same:
            return MovedLine(line, self._same[line])
        if not 1 <= line <= len(self._old):
            return MovedLine(line, None, f"there was no line {line:,}")
        text = self._old[line - 1].strip()
        pasted = [one for one in self._fresh if text and self._new[one - 1].strip() == text]
        if len(pasted) == 1:
            return MovedLine(line, pasted[0])
        new = self._in_place(line, text)
        if new is not None:
            return MovedLine(line, new)
        return MovedLine(line, None, f"line {line:,} was removed")

    def _in_place(self, line: int, text: str) -> int | None:
        for before, after in self._replaced:
            if line not in before or not after:
                continue
            if len(before) == len(after):
                return after[before.index(line)]
            best = max(after, key=lambda one: self._likeness(text, one))
            return best if self._likeness(text, best) >= _LIKE else None
        return None

    def _likeness(self, text: str, line: int) -> float:
        new = self._new[line - 1].strip()
        return difflib.SequenceMatcher(None, text, new, autojunk=False).ratio()
