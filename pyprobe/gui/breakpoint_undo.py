"""BreakpointUndo: hears which breakpoints come, go and change by the user's hand; undoes it."""

from dataclasses import dataclass, fields
from functools import partial
from typing import TYPE_CHECKING

from pyprobe.core.debug.records import Breakpoint, DataBreakpoint, ExceptionStops
from pyprobe.errors import PyProbeError
from pyprobe.gui.breakpoint_words import place_text
from pyprobe.gui.undo import UndoStack
from pyprobe.session.listener import SessionListener

if TYPE_CHECKING:
    from pyprobe.gui.breakpoint_moves import BreakpointMoves
    from pyprobe.gui.breakpoint_owner import BreakpointOwner
    from pyprobe.session.board_breakpoint import BoardBreakpoint
    from pyprobe.session.breakpoint_board import BreakpointBoard

_PLACE = ("file", "line", "func", "symbol")  # moved by edits of the text, not by the user
_WORDS = {
    "hit_count": "hit count",
    "message": "log message",
    "one_shot": "number of stops",
    "entity": "limit to one instance",
    "in_place": "look at the contents",
}


@dataclass(frozen=True, slots=True)
class _Known:
    one: "BoardBreakpoint"
    record: Breakpoint | DataBreakpoint
    enabled: bool


class BreakpointUndo(SessionListener):
    """Listens to the session, so that every way to change a breakpoint can be undone alike.

    What is there when it begins, and what happens while the stack is quiet, is not undoable.
    """

    def __init__(
        self,
        control: "BreakpointOwner",
        moves: "BreakpointMoves",
        board: "BreakpointBoard",
        stack: UndoStack,
    ) -> None:
        self._control = control
        self._moves = moves
        self._board = board
        self._stack = stack
        self._known = {one.id: _known(one) for one in board.all}
        self._stops = board.exception_stops

    def on_breakpoints(self) -> None:
        now = {one.id: one for one in self._board.all}
        for known in [one for number, one in self._known.items() if number not in now]:
            del self._known[known.one.id]
            self._push_removal(known)
        for number, one in now.items():
            before, after = self._known.get(number), _known(one)
            self._known[number] = after
            if before is None:
                self._push_addition(after)
            elif before != after:
                self._push_change(before, after)
        before_stops, self._stops = self._stops, self._board.exception_stops
        if before_stops != self._stops:
            self._stack.push(
                "change which exceptions stop",
                partial(self._set_stops, self._stops),
                partial(self._set_stops, before_stops),
            )

    def _push_addition(self, known: _Known) -> None:
        one = known.one
        text = self._moves.text_of(known.record.file)
        redo = partial(self._moves.put_back, one, text)
        self._stack.push(f"set the breakpoint {_name(one)}", redo, partial(self._remove, one.id))

    def _push_removal(self, known: _Known) -> None:
        one = known.one
        text = self._moves.text_of(known.record.file)
        undo = partial(self._moves.put_back, one, text)
        self._stack.push(f"remove the breakpoint {_name(one)}", partial(self._remove, one.id), undo)

    def _push_change(self, before: _Known, after: _Known) -> None:
        changed = _differences(before.record, after.record)
        if not changed and before.enabled is after.enabled:
            return  # it was moved
        what = "switch" if not changed else f"change the {_WORDS.get(changed[0], changed[0])} of"
        self._stack.push(
            f"{what} the breakpoint {_name(after.one)}",
            partial(self._apply, after, changed),
            partial(self._apply, before, changed),
        )

    def _remove(self, breakpoint_id: int) -> None:
        self._board.remove(breakpoint_id)
        self._control.show()

    def _apply(self, known: _Known, changed: list[str]) -> None:
        try:
            if changed:
                values = {name: getattr(known.record, name) for name in changed}
                self._board.change(known.one.id, **values)
            self._board.enable(known.one.id, known.enabled)
        except PyProbeError as error:  # an edit of the text has taken it away
            self._control.said.emit(f"{error}.")
        self._control.show()

    def _set_stops(self, stops: ExceptionStops) -> None:
        self._board.set_exception_stops(stops)
        self._control.show()


def _known(one: "BoardBreakpoint") -> _Known:
    return _Known(one, one.record, one.enabled)


def _differences(
    before: Breakpoint | DataBreakpoint, after: Breakpoint | DataBreakpoint
) -> list[str]:
    names = [field.name for field in fields(after) if field.name not in _PLACE]
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def _name(one: "BoardBreakpoint") -> str:
    record = one.record
    if isinstance(record, DataBreakpoint):
        return f"for {record.symbol}"
    return f"at {place_text(record.file, one.line)}"
