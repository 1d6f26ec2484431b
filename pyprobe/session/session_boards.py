"""SessionBoards: what is asked of a session about conditions, stops and breakpoints."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from pyprobe.session.boards import Boards
from pyprobe.session.launch import Program
from pyprobe.session.probe import Probe
from pyprobe.session.session_reading import SessionReading

if TYPE_CHECKING:
    from pyprobe.core.trigger import Trigger
    from pyprobe.ipc.messages import Command
    from pyprobe.session.breakpoint_board import BreakpointBoard
    from pyprobe.session.debug_board import DebugBoard
    from pyprobe.session.monitor import Handle, MonitorCallback, When
    from pyprobe.session.run import Run
    from pyprobe.session.snapshots import SnapshotStore
    from pyprobe.session.trigger_board import BoardWatch, TriggerBoard
    from pyprobe.session.trigger_reading import TriggerReading


class SessionBoards(SessionReading):
    """Base of a session that runs a program; a board is made when it is first asked for."""

    def __init__(self, program: Program) -> None:
        super().__init__()
        self.program = program
        self._boards = Boards()
        self._run: Run | None = None
        self._next_id = 1  # of a probe, or of what else has captures or handles

    # Conditions and monitors

    @property
    def snapshots(self) -> "SnapshotStore":
        """What ``when(…).snapshot(label)`` has taken, over all runs."""
        return self.trigger_board.snapshots

    def when(self, condition: str, *, at: Probe | None = None) -> "When":
        """Ask a condition at every hit of one probe, or of all, and act when it becomes true.

        It is asked in the program, in the frame that is hit, whatever the probes' throttles say. A
        condition with an edge acts at each of them.

        Raises:
            ConditionSyntaxError: the text is no condition.
        """
        return self.trigger_board.when(condition, at.id if at is not None else 0)

    def monitor(self, tag: str, callback: "MonitorCallback") -> "Handle":
        """Call back with each capture of the probes that are named ``tag``.

        It is called inside ``process_events``. What it raises is noted once and harms nothing.
        """
        return self.trigger_board.monitor(tag, callback)

    @property
    def trigger_board(self) -> "TriggerBoard":
        """The conditions, monitors and snapshots, as ``when`` and ``monitor`` make them."""
        if self._boards.triggers is None:
            from pyprobe.session.trigger_board import TriggerBoard  # only where there are some

            self._boards.triggers = TriggerBoard(
                self._model, new_id=self._new_id, send=self._set_watch
            )
        return self._boards.triggers

    def _new_id(self) -> int:
        self._next_id += 1
        return self._next_id - 1

    @property
    def debug(self) -> "DebugBoard":
        """Where the program stands, and its steps. As long as there is one, stops are wanted."""
        board = self._boards.debug
        if board is None:
            from pyprobe.session.debug_board import DebugBoard  # only where something stops

            board = DebugBoard(self.program, self._model, self._send_debug)
            self._boards.debug = board
            board.send_settings()
        return board

    @property
    def breakpoints(self) -> "BreakpointBoard":
        """The breakpoints, and what they have logged."""
        board = self._boards.breakpoints
        if board is None:
            from pyprobe.session.breakpoint_board import BreakpointBoard  # only where asked for

            board = self._boards.breakpoints = BreakpointBoard(
                self._model,
                new_id=self._new_id,
                send=self._send_debug,
                name_snapshots=self._name_snapshots,
            )
        return board

    def _name_snapshots(self, owner_id: int, label: str, condition: str) -> None:
        one = self.trigger_board.name_snapshots(owner_id, label, condition)
        if self._run is not None:
            self._run.note_watch(one)

    def _send_debug(self, command_type: "Callable[..., Command]", **fields: object) -> int:
        return self._run.send(command_type, **fields) if self._run is not None else 0

    def _set_watch(self, one: "BoardWatch", on: bool) -> None:
        if self._run is not None:
            self._run.set_watch(one, on)

    # The trigger that all probes share

    def set_shared_trigger(self, trigger: "Trigger | None") -> None:
        """Have all probes that have no trigger of their own share one; it begins anew.

        Its condition is asked at the hits of each of them, and the captures from before and after
        are counted over all of them. ``trigger_board`` tells which it is, and how it fares.

        Raises:
            ConditionSyntaxError: the condition's text is none.
        """
        self.trigger_board.set_trigger(trigger)
        if self._run is not None:
            self._run.set_shared_trigger(trigger)

    @property
    def shared_trigger(self) -> "tuple[Trigger, TriggerReading | None] | None":
        """The trigger that probes share, and how it fares; asking loads nothing where none is."""
        board = self._boards.triggers
        if board is None or board.trigger is None:
            return None
        return board.trigger, board.trigger_reading
