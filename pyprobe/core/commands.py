"""Commands: obeys what a front end asks for, and acknowledges each."""

from _thread import get_ident
from types import FrameType
from typing import TYPE_CHECKING, Protocol

from pyprobe.analysis.occurrence import Occurrence
from pyprobe.core.anchor import ProbeAnchor
from pyprobe.core.sender import Sender
from pyprobe.core.target_parts import TargetParts
from pyprobe.core.throttle import WatchConfig, parse_throttle
from pyprobe.errors import ProtocolError, PyProbeError
from pyprobe.ipc.messages import (
    Ack,
    AddProbe,
    Bye,
    Command,
    Configure,
    Detach,
    Inspect,
    Message,
    Note,
    Pause,
    ProbeState,
    RemoveBreakpoint,
    RemoveProbe,
    RemoveWatch,
    Resume,
    SetBreakpoint,
    SetDataBreakpoint,
    SetExceptionStops,
    SetPolicy,
    SetStepping,
    SetThrottle,
    SetTrigger,
    SetWatch,
    Start,
    Step,
)

if TYPE_CHECKING:
    from pyprobe.core.breakpoint_hook import BreakpointHook
    from pyprobe.core.debug.debugger import Debugger

_DEBUG_COMMANDS = (
    *(Pause, Resume, Step, Inspect, SetBreakpoint, SetDataBreakpoint),
    *(RemoveBreakpoint, SetExceptionStops),
)


class Control(Protocol):
    """What commands ask of the runner as a whole."""

    def configure(self, message: Configure) -> None: ...

    def set_policy(self, lossless: bool, reduce_above: int) -> None: ...

    def post(self, message: Message) -> None: ...

    def leave_plain(self) -> None: ...


class Commands:
    """Made on the main thread, which obeys until Start; from there on the service thread does."""

    def __init__(self, parts: TargetParts, sender: Sender, control: Control) -> None:
        self._parts = parts
        self._sender = sender
        self._control = control
        self._debugger: Debugger | None = None
        self._stepping: SetStepping | None = None
        self._main_thread = get_ident()
        self._breakpoint_hook: BreakpointHook | None = None
        self._to_halt: dict[int, str] = {}  # threads in which a condition has held, and which
        parts.engine.watching.pause = self._remember_to_halt
        parts.engine.watching.halt = self._halt

    def obey_received(self) -> bool:
        """Obey every command that has arrived whole, or up to Start: then True.

        A malformed message is refused and counted, and the next one is read.
        """
        while True:
            try:
                message = self._parts.connection.receive()
            except ProtocolError as error:
                self._sender.refused += 1
                self._sender.send(Note(f"a message from the front end was refused: {error}"))
                continue
            if message is None:
                return False
            if self._debugger is not None:
                self._debugger.dead_man.heard()
            if isinstance(message, Command):
                self.obey(message)
            if isinstance(message, Start):
                return True  # what is behind it may stop the thread that obeys until here

    def obey(self, command: Command) -> None:
        """Carry out a command and send its Ack, with the reason when it cannot be done."""
        try:
            self._obey(command)
        except (PyProbeError, ValueError) as error:
            self._sender.send(Ack(command.command_id, False, str(error)))
        else:
            self._sender.send(Ack(command.command_id, True, ""))

    def _obey(self, command: Command) -> None:
        engine, sender = self._parts.engine, self._sender
        if isinstance(command, AddProbe):
            self._add(command)
        elif isinstance(command, RemoveProbe):
            sender.forget(command.probe_id)
            engine.remove(command.probe_id)
        elif isinstance(command, SetThrottle):
            self._set_throttle(command)
        elif isinstance(command, SetTrigger):
            self._set_trigger(command)
        elif isinstance(command, SetWatch):
            self._set_watch(command)
        elif isinstance(command, RemoveWatch):
            engine.remove_watch(command.watch_id)
        elif isinstance(command, _DEBUG_COMMANDS):
            debugger = self.debugger()
            debugger.obey(command)
            sender.breakpoints = debugger.breakpoints_if_any
        elif isinstance(command, SetStepping):
            self._set_stepping(command)
        elif isinstance(command, Configure):
            self._control.configure(command)
        elif isinstance(command, SetPolicy):
            self._control.set_policy(command.lossless, command.reduce_above)
        elif isinstance(command, Detach):
            sender.flush_captures()
            sender.send(Bye("detach", sender.captured, sender.dropped()))
            self._control.leave_plain()

    @property
    def wants_stops(self) -> bool:
        """Whether the front end can let a program go on that stands."""
        return self._stepping is not None

    def debugger(self) -> "Debugger":
        """Return what stops and steps; it is loaded when it is first needed."""
        if self._debugger is None:
            from pyprobe.core.debug.debugger import Debugger

            post = self._control.post
            debugger = Debugger(self._parts.engine, post, main_thread=self._main_thread)
            if self._stepping is not None:
                debugger.configure(self._stepping)
            self._debugger = debugger
        return self._debugger

    def debug_sleep_s(self) -> float | None:
        """Return the seconds until ``look_at_debugger`` has something to do; None for any time."""
        return None if self._debugger is None else self._debugger.sleep_s()

    @property
    def program_stands(self) -> bool:
        """Whether a thread of the program has been stopped."""
        return self._debugger is not None and bool(self._debugger.stopper.standing)

    @property
    def program_is_in_hand(self) -> bool:
        """Whether a thread has been stopped, takes a step, or was let go on by the dead man."""
        debugger = self._debugger
        if debugger is None:
            return False
        return self.program_stands or debugger.stopper.is_unwatched or not debugger.stepping.is_idle

    def look_at_debugger(self) -> None:
        """Do what is due while the program stands or a thread takes a step."""
        if self._debugger is not None:
            self._debugger.look()

    def leave(self) -> None:
        """Nothing stops any more, and what stands goes on: the program is to be plain."""
        if self._breakpoint_hook is not None:
            self._breakpoint_hook.remove()
        if self._debugger is not None:
            self._debugger.leave()

    def pass_over_breakpoint_calls(self) -> None:
        """Let ``breakpoint()`` do nothing once we have left: its prompt would reach nobody."""
        self._breakpoint_hook = None  # it stays in place, and stops nothing any more

    def abandon(self) -> None:
        """The same in a forked child, which can tell nobody."""
        if self._debugger is not None:
            self._debugger.abandon()
        self.leave()

    def _set_stepping(self, command: SetStepping) -> None:
        self._stepping = command
        if self._debugger is not None:
            self._debugger.configure(command)
        if self._breakpoint_hook is None:
            from pyprobe.core.breakpoint_hook import BreakpointHook

            self._breakpoint_hook = BreakpointHook(self._stop_at_call)

    def _stop_at_call(self, frame: FrameType) -> None:
        self.debugger().stop_at_call(frame)

    def _remember_to_halt(self, condition: str) -> None:
        self._to_halt[get_ident()] = condition

    def _halt(self, frame: FrameType) -> None:
        """Called at each hit that a watch may stop at, when all that it costs is counted."""
        condition = self._to_halt.pop(get_ident(), None) if self._to_halt else None
        if condition is not None and (self._debugger is not None or self.wants_stops):
            self.debugger().stop_at_watch(frame, condition)

    def _add(self, command: AddProbe) -> None:
        anchor = ProbeAnchor.from_dict(command.anchor)
        occurrence = Occurrence.from_dict(command.occurrence)
        strategy, param = parse_throttle(command.throttle)
        config = WatchConfig(anchor.symbol, strategy, param, run_code=command.run_code)
        self._parts.engine.add(command.probe_id, anchor, occurrence, config)
        self._sender.send(ProbeState(command.probe_id, "armed", ""))

    def _set_throttle(self, command: SetThrottle) -> None:
        strategy, param = parse_throttle(command.throttle)
        config = WatchConfig("", strategy, param, run_code=command.run_code)
        self._parts.engine.set_config(command.probe_id, config)

    def _set_watch(self, command: SetWatch) -> None:
        from pyprobe.core.named_members import member_named
        from pyprobe.core.trigger_watch import Watch, WatchAction

        action = member_named(WatchAction, command.action)
        watch = Watch(command.condition, action, command.probe_id)
        if watch.action is WatchAction.PAUSE:
            self.debugger()  # not first in the program's thread, at a hit
        self._parts.engine.set_watch(command.watch_id, watch)

    def _set_trigger(self, command: SetTrigger) -> None:
        from pyprobe.core.named_members import member_named
        from pyprobe.core.trigger import Trigger, TriggerMode

        trigger = None
        if command.condition:
            trigger = Trigger(
                command.condition,
                mode=member_named(TriggerMode, command.mode),
                pre=command.pre,
                post=command.post,
                hold_off_ms=command.hold_off_ms,
            )
        if command.probe_id:
            self._parts.engine.set_trigger(command.probe_id, trigger)
        else:
            self._parts.engine.set_shared_trigger(trigger)
