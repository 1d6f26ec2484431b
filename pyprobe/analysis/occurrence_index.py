"""OccurrenceIndex: the occurrence at a place, fast enough to ask at every move of the pointer."""

from bisect import bisect_right
from collections.abc import Iterable

from pyprobe.analysis.occurrence import Occurrence

_Segments = tuple[list[int], list[Occurrence | None]]


class OccurrenceIndex:
    """Finds occurrences by place. Tokens may nest: of ``a[i]`` the ``i`` is a token in a token."""

    def __init__(self, occurrences: Iterable[Occurrence]) -> None:
        self._found: dict[int, list[Occurrence]] = {}
        for occurrence in occurrences:
            self._found.setdefault(occurrence.line, []).append(occurrence)
        self._segments: dict[int, _Segments] = {}  # of the lines that were asked for

    def _in_evaluation_order(self, line: int) -> list[Occurrence]:
        return self._found.get(line, [])

    def at(self, line: int, col: int) -> Occurrence | None:
        """Return what a click takes there: line from 1, column from 0 in characters."""
        segments = self._segments.get(line)
        if segments is None:
            segments = self._segments[line] = _segments(self.on_line(line))
        starts, owners = segments
        place = bisect_right(starts, col) - 1
        return owners[place] if place >= 0 else None

    def on_line(self, line: int) -> list[Occurrence]:
        """Return the occurrences whose token stands on a line, from left to right."""
        return sorted(self._in_evaluation_order(line), key=lambda one: (one.col, -one.end_col))

    def for_anchor(self, line: int, col: int, symbol: str) -> Occurrence | None:
        """Return the occurrence of an anchor's place and symbol."""
        for occurrence in self._in_evaluation_order(line):
            if (occurrence.col, occurrence.symbol) == (col, symbol):
                return occurrence
        return None

    @property
    def lines(self) -> list[int]:
        """The lines that hold an occurrence, ascending."""
        return sorted(self._found)


def occurrence_at(occurrences: Iterable[Occurrence], line: int, col: int) -> Occurrence | None:
    """Return what a click takes; to ask often, keep an OccurrenceIndex."""
    on_line = [occurrence for occurrence in occurrences if occurrence.line == line]
    return OccurrenceIndex(on_line).at(line, col)


def _segments(occurrences: list[Occurrence]) -> _Segments:
    """Cut a line into disjoint stretches, each owned by its innermost token.

    ``occurrences`` come outer before inner, from left to right.
    """
    starts: list[int] = []
    owners: list[Occurrence | None] = []

    def begin(col: int, owner: Occurrence | None) -> None:
        if starts and starts[-1] == col:
            owners[-1] = owner
        else:
            starts.append(col)
            owners.append(owner)

    def close_until(col: int) -> None:
        while stack and stack[-1].end_col <= col:
            ended = stack.pop()
            begin(ended.end_col, stack[-1] if stack else None)

    stack: list[Occurrence] = []
    for occurrence in occurrences:
        close_until(occurrence.col)
        begin(occurrence.col, occurrence)
        stack.append(occurrence)
    while stack:
        close_until(stack[-1].end_col)
    return starts, owners
