"""BreakpointMoves: takes breakpoints along with their lines when a file's text is edited."""

from typing import TYPE_CHECKING

from pyprobe.analysis.line_mover import move_lines
from pyprobe.analysis.problems import SyntaxProblem
from pyprobe.gui.breakpoint_words import place_text
from pyprobe.gui.messages import Level

if TYPE_CHECKING:
    from pyprobe.gui.breakpoint_owner import BreakpointOwner
    from pyprobe.gui.window_base import WindowBase
    from pyprobe.session.board_breakpoint import BoardBreakpoint


class BreakpointMoves:
    """Knows for each file the text that the lines of its breakpoints refer to."""

    def __init__(self, window: "WindowBase", control: "BreakpointOwner") -> None:
        self._window = window
        self._control = control
        self._texts: dict[str, str] = {}

    def keep_text(self, path: str) -> None:
        """Take note that breakpoints refer to a file's text as it is open."""
        self._texts.setdefault(path, self._window.workspace.open(path).text)

    def remember_text(self, path: str, text: str) -> None:
        """Take over the text that remembered breakpoints of a file refer to."""
        self._texts[path] = text

    def text_of(self, path: str) -> str:
        """Return the text that the breakpoints of a file refer to."""
        return self._texts.get(path, "")

    def follow_edits(self) -> None:
        """Move the breakpoints of files whose text has changed."""
        with self._window.undo.quiet():
            for path, old in list(self._texts.items()):
                new = self._window.workspace.open(path).text
                if new != old:
                    self._texts[path] = new
                    self._move(path, old, new, self._control.all)

    def put_back(self, one: "BoardBreakpoint", text: str) -> None:
        """Set a breakpoint again that was removed when its file had this text."""
        path = one.record.file
        self._control.board.put_back(one)
        now = self._texts.get(path, text)
        if now != text:
            self._move(path, text, now, (one,))
        self._control.show()

    def _move(
        self, path: str, old: str, new: str, breakpoints: "tuple[BoardBreakpoint, ...]"
    ) -> None:
        standing = [one for one in breakpoints if one.record.file == path]
        lost = self._move_lines(path, old, new, [one for one in standing if not one.is_data])
        lost += self._move_data(path, old, new, [one for one in standing if one.is_data])
        if lost:
            text = f"Breakpoints went with their lines: {'; '.join(lost)}."
            self._window.messages.post(text, Level.WARN)

    def _move_lines(
        self, path: str, old: str, new: str, lines: "list[BoardBreakpoint]"
    ) -> list[str]:
        board, moved = self._control.board, move_lines(old, new, [one.line for one in lines])
        lost = []
        for one in lines:
            place = moved[one.line]
            landing = self._control.landing(path, place.new) if place.new is not None else None
            at = landing.line if landing is not None else None
            if at is None:
                lost.append(f"{place_text(path, one.line)}: {place.why or 'nothing runs there'}")
                board.remove(one.id)
            elif at != one.line:
                board.move(one.id, at)
        return lost

    def _move_data(
        self, path: str, old: str, new: str, standing: "list[BoardBreakpoint]"
    ) -> list[str]:
        board = self._control.board
        occurrences = [one.occurrence for one in standing if one.occurrence is not None]
        if not occurrences:
            return []
        from pyprobe.analysis.anchor_mover import move_occurrences

        lost = []
        try:
            moved = move_occurrences(old, new, occurrences)
        except SyntaxProblem:
            return []  # they stay where they were until the text can be read again
        for one, place in zip(standing, moved, strict=True):
            if place.new is None:
                lost.append(f"{place_text(path, one.line)}: {place.why}")
                board.remove(one.id)
            else:
                board.move_data(one.id, place.new)
        return lost
