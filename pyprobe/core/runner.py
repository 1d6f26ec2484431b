"""ScriptRunner: PyProbe inside the target, from before the program's first line to its end.

It connects to the front end, takes the first commands, and then lets the interpreter run the
program; from there on its service thread answers commands and sends captures.
"""

import atexit
import os
import sys
from _thread import get_ident
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from pyprobe.core.budget import Budget
from pyprobe.core.capture_log import CaptureLog
from pyprobe.core.commands import Commands
from pyprobe.core.door import Door
from pyprobe.core.engine import Engine
from pyprobe.core.evaluations import PROCESS_EVALUATIONS
from pyprobe.core.events.choose import choose_event_source
from pyprobe.core.failure import describe_failure
from pyprobe.core.gate import Gate
from pyprobe.core.orphan import is_unread, throw_output_away
from pyprobe.core.packer import Packer
from pyprobe.core.process_hooks import AfterFork, ProcessHooks
from pyprobe.core.sender import Sender
from pyprobe.core.service_thread import ServiceThread
from pyprobe.core.slots_in_hand import SlotsInHand
from pyprobe.core.target_parts import TargetParts
from pyprobe.core.values import pack
from pyprobe.errors import PyProbeError
from pyprobe.ipc.connect_text import read_connect
from pyprobe.ipc.messages import Bye, Configure, Hello, Message, Note, State
from pyprobe.ipc.ring import RingWriter
from pyprobe.ipc.target_connection import ConnectionLost, TargetConnection

if TYPE_CHECKING:
    from pyprobe.core.in_program import InProgram
    from pyprobe.core.trace_hook_watch import TraceHookWatch

BUDGET_PERCENT = 5.0
SNAPSHOT_ARRAY_BYTES = 1 << 16  # larger ones are reduced


class ScriptRunner:
    """Owns everything of ours in the target. ``start`` returns when the program may begin."""

    def __init__(self, connection: TargetConnection) -> None:
        gate, log, budget = Gate(), CaptureLog(), Budget(BUDGET_PERCENT)
        self._packer, self._in_hand = Packer(), SlotsInHand(log)
        door = Door(self.note)
        source, self._event_source_reason = choose_event_source(door)
        engine = Engine(
            source,
            extend=log.extend,
            pack=self._packer,
            gate=gate,
            budget=budget,
            pack_to_keep=self._pack_to_keep,
            pack_snapshot=_pack_snapshot,
            share=self._packer.share,
            in_hand=self._in_hand,
            looks=True,
        )
        self._parts = TargetParts(connection, gate, budget, log, door, engine)
        self._sender = Sender(self._parts)
        self._commands = Commands(self._parts, self._sender, self)
        self._service = ServiceThread(self._parts, self._sender, self._commands, self)
        self._after_fork = AfterFork(self._start_service_again)
        self._hooks: ProcessHooks | None = None
        self._trace_watch: TraceHookWatch | None = None
        self._in_program: InProgram | None = None
        self._reduce_above = 0
        self._orphan_ends = False
        self._pid = os.getpid()
        self._ended = False
        self._failed = False

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "ScriptRunner":
        """Connect as ``PYPROBE_CONNECT`` says: family, address and key.

        Raises:
            PyProbeError: the variable is malformed, or the front end is not there.
        """
        try:
            connect = read_connect(environment["PYPROBE_CONNECT"])
            family, address, key = connect["family"], connect["address"], connect["key"]
            ends_with_it = connect.get("orphan") == "end"
            connection = TargetConnection.connect(address, family, bytes.fromhex(key))
        except ConnectionLost:
            if ends_with_it and is_unread():
                _end_program()
            raise
        except (KeyError, ValueError, TypeError) as error:
            raise PyProbeError(f"PYPROBE_CONNECT is malformed: {error!r}") from error
        runner = cls(connection)
        runner._orphan_ends = ends_with_it
        return runner

    def start(self) -> None:
        """Say hello, obey until Start, and leave the service thread running."""
        self._sender.send(
            Hello(
                pid=self._pid,
                python_version=".".join(map(str, sys.version_info[:3])),
                executable=sys.executable,
                event_source=self._parts.engine.source.name,
                event_source_reason=self._event_source_reason,
            )
        )
        self._parts.engine.start()
        try:
            self._obey_until_start()
        except ConnectionLost as loss:
            self.connection_is_lost(loss)
            return
        # Registered before anything of the program's, so it runs after all of that.
        atexit.register(self._at_exit)
        self._hooks = ProcessHooks(self)
        if self._parts.engine.source.name == "settrace":
            self._watch_trace_hook()
        self._parts.engine.source.program_door = self._open_program_door
        self._service.start()

    def configure(self, message: Configure) -> None:
        """Take the settings of this run.

        Raises:
            PyProbeError: the shared-memory ring cannot be opened.
        """
        self.set_policy(message.lossless, message.reduce_above)
        self._parts.budget.set_percent(message.budget_percent)
        self._orphan_ends = message.orphan == "end"
        if message.ring_path:
            self._parts.ring = RingWriter(message.ring_path, message.ring_bytes)
            self._parts.gate.size_by_ring(message.ring_bytes)
            self._parts.ring.wait_for_room = self._wait_for_room
            self._packer.set_ring(self._parts.ring)
            self._in_hand.ring = self._parts.ring
            PROCESS_EVALUATIONS.show = self._parts.ring.show_busy
            PROCESS_EVALUATIONS.show_signal = self._parts.ring.show_signal
        if message.stream_output:
            reconfigure = getattr(sys.stdout, "reconfigure", None)
            if reconfigure is not None:
                reconfigure(line_buffering=True)

    def set_policy(self, lossless: bool, reduce_above: int) -> None:
        """Let the program wait for a slow front end or not, and arrays be reduced or not."""
        self._parts.gate.lossless = lossless
        self._reduce_above = reduce_above
        self._packer.reduce(reduce_above)

    def post(self, message: Message) -> None:
        """Have the service thread send a message; called by any thread."""
        self._sender.post(message)
        self._service.wake()

    def note(self, sentence: str) -> None:
        """Tell the person at the front end something."""
        self.post(Note(sentence))

    def connection_is_lost(self, loss: ConnectionLost) -> None:
        """Whoever has closed the pipe, end what needs it."""
        if loss.by_program:
            self._leave_rest()
        else:
            self._front_end_is_gone()

    def _leave_rest(self) -> None:
        """The program has closed our descriptors: leave it alone, and what is unsent in the ring.

        The front end is there, so the program does not end with it.
        """
        sender, ring = self._sender, self._parts.ring
        sender.flush_captures()
        sender.send_stats()
        dropped = sender.dropped()
        self.leave_plain()
        rest = sender.take_rest(Bye("closed", sender.captured, dropped))
        if ring is not None:
            ring.leave_rest(rest, sender.captured)

    def _front_end_is_gone(self) -> None:
        """The pipe is closed: stop tracing, and let the program go on or end as configured.

        What a person has in hand, standing or in a step, goes on: ending it would lose it.
        """
        goes_on = not self._orphan_ends or self._commands.program_is_in_hand
        if goes_on and self._orphan_ends:
            throw_output_away()  # before anything stops standing, and writes
            self._commands.pass_over_breakpoint_calls()
        self.leave_plain()
        if not goes_on:
            _end_program()
        if get_ident() == self._service.ident:
            PROCESS_EVALUATIONS.outlast()
        if self._parts.ring is not None:
            self._parts.ring.show_left()

    def has_failed(self, error: Exception) -> None:
        """Say that we have, once, and leave the program alone; called where it must go on."""
        if not self._failed:
            self._failed = True
            with suppress(OSError):  # the program has closed it
                os.write(
                    2, f"pyprobe: the runner failed: {type(error).__name__}: {error}\n".encode()
                )
        self.leave_plain()

    def leave_plain(self) -> None:
        """Give back everything; the program goes on as if PyProbe had never been there."""
        self._ended = True
        self._parts.gate.lossless = False
        self._parts.gate.open()
        self._commands.leave()
        self._parts.engine.stop()
        if self._hooks is not None:
            self._hooks.remove()
        if self._trace_watch is not None:
            self._trace_watch.remove()

    def _open_program_door(self) -> "InProgram | None":
        """The program imports pyprobe itself, and asks something of us."""
        if self._ended:
            return None
        if self._in_program is None:
            from pyprobe.core.in_program import InProgram

            self._in_program = InProgram(
                self._parts.engine,
                self._parts.log,
                self.post,
                lambda: self._commands.wants_stops,
            )
        return self._in_program

    # What ProcessHooks tells.

    def before_fork(self) -> None:
        self._after_fork.remember_caller()
        self._service.stop()

    def after_fork_in_parent(self) -> None:
        if not self._ended:
            self._after_fork.call_soon()

    def after_fork_in_child(self) -> None:
        self._ended = True
        PROCESS_EVALUATIONS.abandon()
        self._commands.abandon()
        self._parts.engine.source.abandon()
        self._parts.gate.lossless = False
        self._parts.gate.open()
        self._service.close()
        self._parts.connection.abandon()
        if self._parts.ring is not None:
            self._parts.ring.close()

    def before_leaving(self, reason: str) -> None:
        if self._is_elsewhere():
            return
        self._service.stop()
        self._send_all(reason)

    def own_descriptors(self) -> tuple[int, ...]:
        return (self._parts.connection.fileno(), *self._service.descriptors)

    def has_stayed(self) -> None:
        if self._is_elsewhere():
            return
        try:
            # Anything that comes after the goodbye takes it back.
            self._sender.send(State("running", "", 0))
            self._sender.drain_pipe()
        except ConnectionLost as loss:
            self.connection_is_lost(loss)
        except Exception as error:  # noqa: BLE001  the program's call goes on
            self._answer(error)
        else:
            self._service.start()

    def _is_elsewhere(self) -> bool:
        """Whether it is not the program itself that leaves."""
        return self._ended or os.getpid() != self._pid or get_ident() == self._service.ident

    def _at_exit(self) -> None:
        if self._ended or os.getpid() != self._pid:
            return
        self._service.stop()
        self._parts.gate.lossless = False
        failure = describe_failure()
        self._send_all("end", *([failure] if failure is not None else []))
        self.leave_plain()
        self._parts.connection.close()
        self._service.close()

    def _start_service_again(self) -> None:
        if not self._ended and os.getpid() == self._pid:
            self._service.start()

    def _send_all(self, reason: str, *first: Message) -> None:
        """Send what is left and the goodbye, and wait until the front end has taken it."""
        if self._failed:
            return
        try:
            for message in first:
                self._sender.send(message)
            self._sender.flush_captures()
            self._sender.send_stats()
            self._sender.drain_pipe()
            self._sender.send(Bye(reason, self._sender.captured, self._sender.dropped()))
            self._sender.drain_pipe()
        except ConnectionLost as loss:
            self.connection_is_lost(loss)
        except Exception as error:  # noqa: BLE001  the program ends as it would
            self._answer(error)

    def _answer(self, error: Exception) -> None:
        """Let the program have what its signal handlers raise, and take the blame for ours."""
        if not self._parts.door.is_ours(error):
            raise error
        self.has_failed(error)

    def _obey_until_start(self) -> None:
        self._sender.drain_pipe()
        started = False
        while not started:
            self._parts.connection.wait()
            self._parts.connection.feed()
            started = self._commands.obey_received()
            self._sender.drain_pipe()

    def _pack_to_keep(self, value: object) -> object:
        return pack(value, reduce_above=self._reduce_above, ring=None)

    def _wait_for_room(self, nbytes: int) -> bool:
        """Called at a hit when the ring is full; False where the run is not lossless."""
        if not self._parts.gate.lossless or get_ident() == self._service.ident:
            return False
        self._parts.gate.hurry()
        self._parts.gate.pause_briefly()
        return True

    def _watch_trace_hook(self) -> None:
        # Imported here: on sys.monitoring they would only make the start longer.
        from pyprobe.core.events.settrace import SettraceSource
        from pyprobe.core.trace_hook_watch import TraceHookWatch

        source = self._parts.engine.source
        if isinstance(source, SettraceSource):
            self._trace_watch = TraceHookWatch(
                source, self._trace_hook_taken, on_loss=self.note, wake=self._service.wake
            )
            self._service.look_after = self._trace_watch.look_after

    def _trace_hook_taken(self) -> None:
        self.note(
            "the program uses sys.settrace itself: on this Python probes capture nothing meanwhile"
        )


def _end_program() -> None:
    import signal  # most programs are not ended by us

    os.kill(os.getpid(), signal.SIGTERM)


def _pack_snapshot(value: object) -> object:
    return pack(value, reduce_above=SNAPSHOT_ARRAY_BYTES, ring=None)
