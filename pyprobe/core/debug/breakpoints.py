"""Breakpoints: all that stops a target by itself: lines, changes and exceptions."""

from collections.abc import Callable, Iterator
from types import CodeType

from pyprobe.core.debug.breakpoint_actions import BreakpointActions, Stops
from pyprobe.core.debug.data_breakpoints import DataBreakpoints, StoppedFrame
from pyprobe.core.debug.exception_stops import ExceptionStopper
from pyprobe.core.debug.line_breakpoints import LineBreakpoints
from pyprobe.core.debug.log_outlet import LogOutlet
from pyprobe.core.debug.records import Breakpoint, ExceptionStops
from pyprobe.core.debug.target_breakpoint import TargetBreakpoint
from pyprobe.core.engine import Engine
from pyprobe.ipc.messages import (
    BreakpointNote,
    Command,
    Message,
    RemoveBreakpoint,
    SetBreakpoint,
    SetDataBreakpoint,
    SetExceptionStops,
)


def _no_frame() -> None:
    return None


class Breakpoints:
    """One for the process. Commands are obeyed on the service thread, or by whoever tests.

    ``is_mine`` tells the program's own code from that of libraries. ``stopped_frame`` returns the
    frame of the thread that has stopped last, where one stands.
    """

    def __init__(
        self,
        engine: Engine,
        stopper: Stops,
        *,
        is_mine: Callable[[CodeType], bool] = lambda code: True,
        stopped_frame: StoppedFrame = _no_frame,
    ) -> None:
        self._engine = engine
        self.log = LogOutlet(engine.gate)
        copies_locals = engine.source.copies_locals
        actions = BreakpointActions(
            stopper, self.log, engine.watching.take_snapshot, copies_locals=copies_locals
        )
        self.lines = LineBreakpoints(engine, actions)
        self.data = DataBreakpoints(engine, actions, stopped_frame, is_mine)
        self.exceptions = ExceptionStopper(engine, stopper, is_mine)
        self._targets: dict[int, TargetBreakpoint] = {}
        self._told: dict[int, BreakpointNote] = {}
        self._listens = False

    def obey(self, command: Command) -> None:
        """Carry out a command.

        Raises:
            PyProbeError, ValueError: it cannot be done; the text says why.
        """
        if isinstance(command, SetBreakpoint):
            record = Breakpoint(
                command.file,
                command.line,
                command.condition,
                command.hit_count,
                command.message,
                command.one_shot,
                command.entity,
            )
            self.set(command.breakpoint_id, record)
        elif isinstance(command, SetDataBreakpoint):
            self.set_data(command)
        elif isinstance(command, RemoveBreakpoint):
            self.remove(command.breakpoint_id)
        elif isinstance(command, SetExceptionStops):
            names = tuple(str(name) for name in command.names)
            self.exceptions.set(ExceptionStops(command.uncaught, command.raised, names))

    def set(self, breakpoint_id: int, wanted: Breakpoint) -> None:
        """Set a line breakpoint, in running frames too. One that has this id is replaced.

        Raises:
            PyProbeError: its condition, hit count or message is none.
        """
        self._listen()
        self._targets[breakpoint_id] = self.lines.set(breakpoint_id, wanted)
        self._told.pop(breakpoint_id, None)
        self._engine.gate.wake()

    def set_data(self, command: SetDataBreakpoint) -> None:
        """Set a data breakpoint, in running frames too. One that has this id is replaced.

        Raises:
            PyProbeError, ValueError: its condition is none, or an occurrence is malformed.
        """
        self._listen()
        self._targets[command.breakpoint_id] = self.data.set(command)
        self._told.pop(command.breakpoint_id, None)
        self._engine.gate.wake()

    def remove(self, breakpoint_id: int) -> None:
        """Remove a breakpoint of either kind; harmless when there is none."""
        self._targets.pop(breakpoint_id, None)
        self._told.pop(breakpoint_id, None)
        self.lines.remove(breakpoint_id)
        self.data.remove(breakpoint_id)
        if not self._targets and self._listens:
            self._listens = False
            self._engine.stop_listening_to_code(self._on_code)

    def leave(self) -> None:
        """Remove all; what waits to be logged makes nobody wait any more."""
        self.log.leave()
        self.exceptions.set(ExceptionStops())
        for breakpoint_id in list(self._targets):
            self.remove(breakpoint_id)

    def abandon(self) -> None:
        """In a forked child, which nobody listens to."""
        self.log.leave()

    @property
    def has_untold(self) -> bool:
        """Whether counts may change without a word: of what a condition could not decide."""
        return any(target.asks for target in list(self._targets.values()))

    def news(self) -> Iterator[Message]:
        """Yield what is to be told at once: what was logged, and new states."""
        yield from self.log.messages()
        for target in list(self._targets.values()):
            told = self._told.get(target.breakpoint_id)
            if told is None or told.state != target.state.value:
                yield self._tell(target)

    def changed(self) -> Iterator[Message]:
        """Yield what is to be told a few times a second: how often each was hit."""
        for target in list(self._targets.values()):
            if self._told.get(target.breakpoint_id) != target.note():
                yield self._tell(target)

    def _tell(self, target: TargetBreakpoint) -> BreakpointNote:
        note = self._told[target.breakpoint_id] = target.note()
        return note

    def _listen(self) -> None:
        if not self._listens:
            self._listens = True
            self._engine.listen_to_code(self._on_code)

    def _on_code(self, code: CodeType, file: str) -> None:
        self.lines.met(code, file)
        self.data.met(code, file)
