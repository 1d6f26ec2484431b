"""Debugger: what a target has when its front end wants to stop it, made at the first such command.

One for the process: the stopper, stepping, breakpoints and inspection, and who obeys which command.
"""

from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING

from pyprobe.core.debug.dead_man import DeadMan
from pyprobe.core.debug.records import EVENT_FUNCTIONS, StepKind, StopReason
from pyprobe.core.debug.stepping import Stepping
from pyprobe.core.debug.stopper import Stopper
from pyprobe.core.engine import Engine
from pyprobe.core.named_members import member_named
from pyprobe.ipc.messages import Command, Inspect, Message, Note, Pause, Resume, SetStepping, Step

if TYPE_CHECKING:
    from pyprobe.core.debug.breakpoints import Breakpoints
    from pyprobe.core.debug.inspection import Inspection


class Debugger:
    """``post`` sends a message from any thread. Commands are obeyed on the service thread."""

    def __init__(
        self, engine: Engine, post: Callable[[Message], None], *, main_thread: int = 0
    ) -> None:
        self.engine = engine
        self.post = post
        self.stopper = Stopper(engine.source, post, main_thread=main_thread)
        self.stepping = Stepping(engine, self.stopper, self._say)
        self.dead_man = DeadMan(self.stopper, post, self._go_on_unasked)
        self._inspection: Inspection | None = None
        self._breakpoints: Breakpoints | None = None

    def _say(self, sentence: str) -> None:
        self.post(Note(sentence))

    def sleep_s(self) -> float | None:
        """Return the seconds until ``look`` has something to do; None for any time."""
        waits = [
            wait for wait in (self.dead_man.sleep_s(), self.stepping.sleep_s()) if wait is not None
        ]
        return min(waits, default=None)

    def look(self) -> None:
        """Do what is due by itself; called on the service thread."""
        self.dead_man.look()
        self.stepping.look()

    def configure(self, message: SetStepping) -> None:
        """Take over how the program stops and steps from now on."""
        self.stopper.all_threads = message.all_threads
        self.dead_man.limit_s = message.release_after_s
        my_code = self.stepping.my_code
        my_code.only_mine = message.only_my_code
        my_code.set_folders([str(folder) for folder in message.my_folders])
        names = tuple(str(name) for name in message.event_functions)
        self.stepping.event_functions = names or EVENT_FUNCTIONS

    def obey(self, command: Command) -> None:
        """Carry out a command.

        Raises:
            PyProbeError: it cannot be done; the text is one sentence that says why.
        """
        if isinstance(command, Pause):
            self.engine.source.prepare_for_depth()  # the program may come to stand in that import
            self.stopper.pause(command.thread)
        elif isinstance(command, Resume):
            self.stepping.end_all()
            self.stopper.go_on()
        elif isinstance(command, Step):
            self._step(command)
        elif isinstance(command, Inspect):
            self._inspect(command)
        else:
            self.breakpoints.obey(command)

    @property
    def breakpoints(self) -> "Breakpoints":
        """All that stops by itself; it is loaded when it is first needed."""
        if self._breakpoints is None:
            from pyprobe.core.debug.breakpoints import Breakpoints

            self.engine.source.prepare_for_depth()
            self._breakpoints = Breakpoints(
                self.engine,
                self.stopper,
                is_mine=self.stepping.my_code.is_mine,
                stopped_frame=self._stopped_frame,
            )
        return self._breakpoints

    def _stopped_frame(self) -> FrameType | None:
        standing = self.stopper.standing
        return standing[-1].frame if standing else None

    @property
    def breakpoints_if_any(self) -> "Breakpoints | None":
        """All that stops by itself, where anything was ever asked for."""
        return self._breakpoints

    def _inspect(self, command: Inspect) -> None:
        if self._inspection is None:
            from pyprobe.core.debug.inspection import Inspection  # only where asked

            self.engine.source.prepare_for_depth()  # what is evaluated may lose a thread's hook
            self._inspection = Inspection(
                self.stopper,
                self.post,
                is_mine=self.stepping.my_code.is_mine,
            )
        self._inspection.ask(command)

    def _step(self, command: Step) -> None:
        thread = self.stopper.stopped(command.thread)
        self.engine.source.prepare_for_depth()
        self.stepping.begin(
            thread,
            member_named(StepKind, command.kind),
            file=command.file,
            line=command.line,
            entity=command.entity,
        )

    def stop_at_watch(self, frame: FrameType, condition: str) -> None:
        """Stop the calling thread: a condition of the session holds."""
        self.stopper.stop(frame, StopReason.WATCH, detail=condition)

    def stop_at_call(self, frame: FrameType) -> None:
        """Stop the calling thread: the program has called ``breakpoint()``."""
        try:
            self.stopper.stop(frame, StopReason.CALL)
        except BaseException as error:  # of a signal handler of the program
            self.engine.source.let_pass(error, frame)
            raise

    def _go_on_unasked(self) -> None:
        """Let the program go on for want of a front end, also from what that has evaluated."""
        self._cut_short()
        self.stopper.go_on()

    def _cut_short(self) -> None:
        if self._inspection is not None:
            self._inspection.cut_short()

    def leave(self) -> None:
        """Let the program go on for good, plain."""
        self._cut_short()
        if self._breakpoints is not None:
            self._breakpoints.leave()
        self.stepping.end_all()
        self.stopper.leave()

    def abandon(self) -> None:
        """In a forked child: stop nothing any more."""
        self.stopper.abandon()
        self.stepping.end_all()
        if self._breakpoints is not None:
            self._breakpoints.abandon()
