"""ConsoleTimes: when the lines of the console came, and where in the view they stand. Pure."""

from bisect import bisect_right

_MAX_MARKS = 100_000
_APART_NS = 1_000_000  # pieces that come closer together are told apart by no one


class ConsoleTimes:
    """Lines are counted from 0 over all the program wrote, also those not shown."""

    def __init__(self) -> None:
        self._times_ns: list[int] = []
        self._ends: list[int] = []  # the first line that had not begun after that time's output
        self._starts = [0]  # from this line on ...
        self._offsets = [0]  # ... a line stands this much further down in the view

    def note(self, t_ns: int, end: int) -> None:
        """Output has come: ``end`` is the first line that has not begun after it."""
        if self._times_ns and t_ns - self._times_ns[-1] < _APART_NS:
            self._ends[-1] = end
            return
        self._times_ns.append(max(t_ns, self._times_ns[-1] if self._times_ns else t_ns))
        self._ends.append(end)
        if len(self._times_ns) > _MAX_MARKS:
            del self._times_ns[: _MAX_MARKS // 2], self._ends[: _MAX_MARKS // 2]

    def row_at(self, t_ns: int) -> int:
        """Return the row of the view in which the first line stands that came later."""
        index = bisect_right(self._times_ns, t_ns)
        line = self._ends[index - 1] if index else 0
        segment = bisect_right(self._starts, line) - 1
        return max(0, line + self._offsets[max(segment, 0)])

    def replaced(self, first_line: int, lines: int, rows: int) -> None:
        """Lines from ``first_line`` on stand in the view as ``rows`` rows: left out and noted."""
        self._starts.append(first_line + lines)
        self._offsets.append(self._offsets[-1] + rows - lines)

    def moved_up(self, rows: int) -> None:
        """Everything stands this many rows higher now."""
        self._offsets = [offset - rows for offset in self._offsets]

    def clear(self, next_line: int) -> None:
        """The view is empty, and the next line its first row."""
        self._times_ns, self._ends = [], []
        self._starts, self._offsets = [0], [-next_line]
