"""Where each occurrence went when its file was edited."""

import difflib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pyprobe.analysis.line_matching import match_lines
from pyprobe.analysis.occurrence import Occurrence, OccurrenceKind
from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.analysis.source_lines import split_lines

_LIKE = 0.5  # how alike two changed lines must be to be taken for the same statement


@dataclass(frozen=True, slots=True)
class Moved:
    """Where one occurrence went; ``new`` is None where it is gone, and ``why`` then says so."""

    old: Occurrence
    new: Occurrence | None
    why: str = ""


def move_occurrences(
    old_source: str, new_source: str, occurrences: Sequence[Occurrence]
) -> list[Moved]:
    """Return, in the order given, where each occurrence of the old text stands in the new one.

    An occurrence on an unchanged line follows that line. One on a changed line follows its symbol
    to the changed lines that took its place, or that stand in the same function.

    Raises:
        SyntaxProblem: the new text does not parse; everything then stays where it was.
    """
    old, new = find_occurrences(old_source), find_occurrences(new_source)
    return move_found(old_source, new_source, old, new, occurrences)


def move_found(
    old_source: str,
    new_source: str,
    old: list[Occurrence],
    new: list[Occurrence],
    occurrences: Sequence[Occurrence],
) -> list[Moved]:
    """Do the same for texts whose occurrences, ``old`` and ``new``, are known."""
    mover = _Mover(split_lines(old_source), split_lines(new_source), new)
    return [mover.move(occurrence, old) for occurrence in occurrences]


_Key = tuple[OccurrenceKind, str]


class _Mover:
    def __init__(self, old: list[str], new: list[str], found: list[Occurrence]) -> None:
        self._old_lines = old
        self._new_lines = new
        self._found = found
        self._by_key: dict[_Key, list[Occurrence]] = defaultdict(list)
        for occurrence in found:
            self._by_key[_key(occurrence)].append(occurrence)
        self._same: dict[int, int] = {}  # old line to the line that it is now
        self._replaced: list[tuple[range, range]] = []
        self._compare()
        self._kept = set(self._same.values())

    def _compare(self) -> None:
        for block in match_lines(self._old_lines, self._new_lines):
            old = range(block.old.start + 1, block.old.stop + 1)
            new = range(block.new.start + 1, block.new.stop + 1)
            if block.is_same:
                self._same.update(zip(old, new, strict=True))
            else:
                self._replaced.append((old, new))

    def move(self, old: Occurrence, olds: list[Occurrence]) -> Moved:
        candidates = self._by_key[_key(old)]
        line = self._same.get(old.line)
        if line is not None:
            for occurrence in candidates:
                if (occurrence.line, occurrence.col) == (line, old.col):
                    return Moved(old, occurrence)
        fresh = [one for one in candidates if one.line not in self._kept or one.line == line]
        chosen = self._best(old, fresh, olds)
        return Moved(old, chosen) if chosen is not None else Moved(old, None, self._why(old))

    def _best(
        self, old: Occurrence, fresh: list[Occurrence], olds: list[Occurrence]
    ) -> Occurrence | None:
        place = self._place(old)
        near = [one for one in fresh if one.line in place]
        same_text = [one for one in fresh if self._text(one, new=True) == self._text(old)]
        for pool in (
            [one for one in near if one in same_text],
            [one for one in same_text if one.func == old.func],
        ):
            if pool:
                return self._fittest(old, pool, olds)
        counterpart = self._counterpart(old, near, olds)
        if counterpart is not None:
            return counterpart
        for pool in (
            near,
            [one for one in fresh if one.func == old.func and self._is_like(old, one)],
            same_text,
        ):
            if pool:
                return self._fittest(old, pool, olds)
        return None

    def _counterpart(
        self, old: Occurrence, near: list[Occurrence], olds: list[Occurrence]
    ) -> Occurrence | None:
        """Return the one as far along in the changed lines, when there are as many as before."""
        before = self._place_before(old)
        row = [one for one in olds if one.line in before and _key(one) == _key(old)]
        if len(row) != len(near) or old not in row:
            return None
        return sorted(near, key=_place_of)[sorted(row, key=_place_of).index(old)]

    def _fittest(
        self, old: Occurrence, pool: list[Occurrence], olds: list[Occurrence]
    ) -> Occurrence | None:
        """Of several that fit, take the most alike; of equals, the one as far along in its line.

        The second of two on a line does not turn into the first when only one is left.
        """
        rank = _rank_on_line(old, olds)
        expected = self._place(old).start + old.line - self._place_before(old).start

        def fitness(one: Occurrence) -> tuple[float, int, int]:
            along = abs(_rank_on_line(one, self._found) - rank)
            return -self._likeness(old, one), along, abs(one.line - expected)

        best = min(pool, key=fitness)
        is_alone = len(pool) < _row_length(old, olds)
        return None if is_alone and _rank_on_line(best, self._found) != rank else best

    def _place(self, old: Occurrence) -> range:
        """Return the new lines that stand where the old line stood."""
        line = self._same.get(old.line)
        if line is not None:
            return range(line, line + 1)
        for old_range, new_range in self._replaced:
            if old.line in old_range:
                return new_range
        return range(0)

    def _is_like(self, old: Occurrence, new: Occurrence) -> bool:
        return self._likeness(old, new) >= _LIKE

    def _likeness(self, old: Occurrence, new: Occurrence) -> float:
        before, after = self._text(old), self._text(new, new=True)
        return difflib.SequenceMatcher(None, before, after, autojunk=False).ratio()

    def _text(self, occurrence: Occurrence, *, new: bool = False) -> str:
        lines = self._new_lines if new else self._old_lines
        return lines[occurrence.line - 1].strip() if occurrence.line <= len(lines) else ""

    def _why(self, old: Occurrence) -> str:
        what = f"{old.symbol!r} of line {old.line}"
        place = self._place(old)
        if not place:
            return f"{what} is gone: the line was removed"
        if len(place) == len(self._place_before(old)):
            line = place.start + old.line - self._place_before(old).start
            others = [one for one in self._found if one.line == line and one.kind is old.kind]
            if len(others) == 1 and others[0].symbol != old.symbol:
                return f"{what} is gone: {others[0].symbol!r} stands there now"
        return f"{what} is gone: the line was changed"

    def _place_before(self, old: Occurrence) -> range:
        one = range(old.line, old.line + 1)
        return next((lines for lines, _new in self._replaced if old.line in lines), one)


def _key(occurrence: Occurrence) -> _Key:
    return occurrence.kind, occurrence.symbol


def _place_of(occurrence: Occurrence) -> tuple[int, int]:
    return occurrence.line, occurrence.col


def _row_length(occurrence: Occurrence, among: list[Occurrence]) -> int:
    """Return how many of the same kind and symbol stand on its line."""
    same = [one for one in among if one.line == occurrence.line]
    return sum(_key(one) == _key(occurrence) for one in same)


def _rank_on_line(occurrence: Occurrence, among: list[Occurrence]) -> int:
    """Return how many of the same kind and symbol stand before it on its line."""
    return sum(
        one.line == occurrence.line and one.col < occurrence.col and _key(one) == _key(occurrence)
        for one in among
    )
