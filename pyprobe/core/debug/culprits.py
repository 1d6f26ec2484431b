"""Culprits: which line has done what is found to have happened, at the event that comes after."""

from _thread import get_ident
from collections.abc import Callable
from os.path import basename
from types import CodeType, FrameType

_MAX_FRAMES = 200

_Place = tuple[CodeType, int]  # where a thread is: code and line
# Who may have done it: the line this thread was at, and that of another which ran in between.
Suspects = tuple[_Place | None, _Place | None]


class Culprits:
    """Follows each thread from line to line. ``is_told``: whether lines of a code are told of.

    ``file`` is the one whose lines need no name.
    """

    def __init__(self, file_of: Callable[[CodeType], str], file: str) -> None:
        self._file_of = file_of
        self._file = file
        self._places: dict[int, _Place] = {}  # by thread: the line that it works on
        self._last_thread = 0
        self._told: Callable[[CodeType], bool] = lambda code: True

    def follow(self, is_told: Callable[[CodeType], bool]) -> None:
        """Say of which code lines are told."""
        self._told = is_told

    def at_line(self, frame: FrameType) -> Suspects:
        """A thread arrives at a line, or comes back to one: return which was at work until now."""
        return self._move_to((frame.f_code, frame.f_lineno or 0))

    def at_leave(self, frame: FrameType) -> Suspects:
        """A frame is left for its caller: return the line that has been at work until now."""
        return self._move_to(self._caller_of(frame))

    def words(self, suspects: Suspects) -> str:
        """Return `` by line 3``, ``""`` where that is not known."""
        before, other = suspects
        if before is None:
            return f" by {self._line(other)} in another thread" if other is not None else ""
        words = f" by {self._line(before)}"
        return f"{words}, or by {self._line(other)} in another thread" if other else words

    def _move_to(self, here: _Place | None) -> Suspects:
        ident, places = get_ident(), self._places
        before = places.get(ident)
        other = None if self._last_thread == ident else places.get(self._last_thread)
        self._last_thread = ident
        if here is None:
            places.pop(ident, None)
        else:
            places[ident] = here
        return before, other

    def _line(self, place: _Place) -> str:
        code, line = place
        return f"line {line}{self.elsewhere(code)}"

    def elsewhere(self, code: CodeType) -> str:
        """Return `` of NAME`` for code of another file."""
        file = self._file_of(code)
        return "" if file == self._file else f" of {basename(file)}"

    def _caller_of(self, frame: FrameType) -> _Place | None:
        above = frame.f_back
        for _ in range(_MAX_FRAMES):
            if above is None:
                return None
            if self._told(above.f_code):
                return above.f_code, above.f_lineno or 0
            above = above.f_back
        return None
