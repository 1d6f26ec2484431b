"""One run of the target: the handshake, commands out, messages in, and the end."""

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from pyprobe.core.trigger import TriggerState
from pyprobe.errors import ProtocolError
from pyprobe.ipc.codec import decode, encode
from pyprobe.ipc.column_reader import inline_slots, read_columns
from pyprobe.ipc.messages import (
    Ack,
    AddProbe,
    Answer,
    BreakpointNote,
    Bye,
    Captures,
    Command,
    Configure,
    Failure,
    Hello,
    Logged,
    Message,
    Note,
    ProbeState,
    ProgramWatch,
    RemoveBreakpoint,
    RemoveProbe,
    RemoveWatch,
    Resume,
    SetBreakpoint,
    SetDataBreakpoint,
    SetPolicy,
    SetStepping,
    SetThrottle,
    SetTrigger,
    SetWatch,
    Start,
    State,
    Stats,
    Stopped,
    TriggerNote,
)
from pyprobe.ipc.ring import RingError, RingReader
from pyprobe.session.boards import Boards
from pyprobe.session.cut_off import CutOff
from pyprobe.session.ending import Ending, describe_ending
from pyprobe.session.evaluation_watch import EvaluationWatch
from pyprobe.session.launch import Program, Stdio
from pyprobe.session.listener import ProgramState
from pyprobe.session.model import SessionModel
from pyprobe.session.options import RunOptions
from pyprobe.session.output_lines import OutputLines
from pyprobe.session.probe import Probe, ProbeStatus
from pyprobe.session.target import Target

if TYPE_CHECKING:
    from pyprobe.core.trigger import Trigger
    from pyprobe.session.debug_board import DebugBoard
    from pyprobe.session.recording import Recorder  # brings mcap, which a window need not load
    from pyprobe.session.trigger_board import BoardWatch, TriggerBoard

_CONNECT_PATIENCE_S = 15.0
# Commands that nobody misses where the program cannot be reached any more.
_UNANSWERED = (RemoveProbe, RemoveWatch, RemoveBreakpoint, Resume, SetPolicy, SetStepping)
_PROBE_STATES = {"armed": ProbeStatus.ARMED, "live": ProbeStatus.LIVE}


class Run:
    """A program's process and what comes from it, applied to the model."""

    def __init__(
        self,
        program: Program,
        options: RunOptions,
        model: SessionModel,
        recorder: "Recorder | None",
        wakeup: Callable[[], None],
        *,
        boards: Boards,
        triggers: "Callable[[], TriggerBoard]",
        debug: "Callable[[], DebugBoard]",
    ) -> None:
        """``triggers`` and ``debug`` return a board that the session makes when first asked."""
        self._boards = boards
        self._triggers = triggers
        self._debug = debug
        self._options = options
        self._model = model
        self._recorder = recorder
        self._commands = 0
        self._unanswered: dict[int, Command] = {}
        self._lines = OutputLines()
        self._bye: Bye | None = None
        self._failure: Failure | None = None
        self._handlers: dict[type[Message], Callable[..., None]] = {
            Hello: self._on_hello,
            Ack: self._on_ack,
            Captures: self._on_captures,
            ProbeState: self._on_probe_state,
            TriggerNote: self._on_trigger_note,
            ProgramWatch: self._on_program_watch,
            BreakpointNote: self._on_breakpoint_note,
            Logged: self._on_logged,
            Stats: self._on_stats,
            State: self._on_state,
            Stopped: self._on_stopped,
            Answer: self._on_answer,
            Note: lambda message: model.note(message.text),
            Failure: self._on_failure,
            Bye: self._on_bye,
        }
        ends_with_us = options.orphan == "end"
        self.target = Target(program, options.stdio, wakeup, ends_with_us=ends_with_us)
        self._ring = self._make_ring()  # while the interpreter starts
        self._evaluations = EvaluationWatch(self.target, self._ring, model)
        self._cut_off = CutOff(self.target, self._ring, model)

    def _make_ring(self) -> RingReader | None:
        try:
            return RingReader()
        except RingError as error:
            self._model.note(f"Large arrays go through the pipe, which is slower: {error}.")
            return None

    def set_recorder(self, recorder: "Recorder | None") -> None:
        """Record from now on, or no more. A recording that begins in mid-run is told what is."""
        self._recorder = recorder
        self._send(SetPolicy, lossless=self._is_lossless, reduce_above=self._reduce_above)
        if recorder is None or self._model.hello is None:
            return
        hello = self._model.hello
        recorder.write(encode(hello), hello, epoch_ns=self._model.epoch_ns)
        for probe in self._model.probes.values():
            if not probe.lost:
                recorder.add_probe(probe)
        if self._boards.triggers is not None:
            self._boards.triggers.note_in(recorder)

    @property
    def _is_lossless(self) -> bool:
        return self._options.lossless or self._recorder is not None

    @property
    def _reduce_above(self) -> int:
        return 0 if self._recorder is not None else self._options.reduce_above

    # Out

    def _send(self, command_type: Callable[..., Command], **fields: object) -> int:
        if self._model.hello is None:
            return 0  # what is wanted is sent with the greeting
        self._commands += 1
        command = command_type(command_id=self._commands, **fields)
        self._unanswered[self._commands] = command
        if self._cut_off.why:
            told = "" if isinstance(command, _UNANSWERED) else self._cut_off.why
            self._on_ack(Ack(self._commands, ok=not told, detail=told))
            return 0
        self._evaluations.sending(command)
        self.target.pipe.send(command)
        return self._commands

    @property
    def is_answered(self) -> bool:
        """Whether every command there was has been acknowledged."""
        return self._model.hello is not None and not self._unanswered

    def send(self, command_type: Callable[..., Command], **fields: object) -> int:
        """Send a command of the debug board; return its id, 0 before the greeting."""
        return self._send(command_type, **fields)

    def add_probe(self, probe: Probe) -> None:
        """Have the target watch a probe."""
        self._send(
            AddProbe,
            probe_id=probe.id,
            anchor=probe.anchor.to_dict(),
            occurrence=probe.occurrence.to_dict(),
            throttle=probe.throttle,
            run_code=probe.run_code,
        )
        if probe.trigger is not None:
            self.set_trigger(probe)
        if self._recorder is not None:
            self._recorder.add_probe(probe)

    def remove_probe(self, probe: Probe) -> None:
        """Have the target forget a probe."""
        self._send(RemoveProbe, probe_id=probe.id, anchor=probe.anchor.to_dict())

    def set_throttle(self, probe: Probe) -> None:
        """Have the target take over a probe's throttle."""
        self._send(SetThrottle, probe_id=probe.id, throttle=probe.throttle, run_code=probe.run_code)

    def set_trigger(self, probe: Probe) -> None:
        """Have the target take over a probe's trigger."""
        self._send_trigger(probe.id, probe.trigger)

    def set_shared_trigger(self, trigger: "Trigger | None") -> None:
        """Have the target take over the trigger of all probes that have none of their own."""
        self._send_trigger(0, trigger)

    def _send_trigger(self, probe_id: int, trigger: "Trigger | None") -> None:
        self._send(
            SetTrigger,
            probe_id=probe_id,
            condition=trigger.condition if trigger is not None else "",
            mode=trigger.mode.value if trigger is not None else "",
            pre=trigger.pre if trigger is not None else 0,
            post=trigger.post if trigger is not None else 0,
            hold_off_ms=trigger.hold_off_ms if trigger is not None else 0.0,
        )

    def set_watch(self, one: "BoardWatch", on: bool) -> None:
        """Have the target ask a watch's condition, or ask it no more."""
        if not on:
            self._send(RemoveWatch, watch_id=one.id)
            return
        self._send(
            SetWatch,
            watch_id=one.id,
            condition=one.watch.condition,
            action=one.watch.action.value,
            probe_id=one.watch.probe_id,
        )
        if self._recorder is not None:
            one.note_in(self._recorder)

    def note_watch(self, one: "BoardWatch") -> None:
        """Have a recording say what the snapshots are that come under an id."""
        if self._recorder is not None:
            one.note_in(self._recorder)

    def resume(self) -> None:
        """Let the threads go on."""
        self._send(Resume)

    def stop(self) -> None:
        """Ask the program to end, and kill it after three seconds."""
        # A halted thread could not run the program's own handler of the signal.
        self._send(Resume)
        self.target.stop()

    # In

    def process(self, deadline_s: float) -> bool:
        """Apply what has come; True when there is more, because the time was up."""
        for stream, text in self._lines.arrange(self.target.output.take()):
            if self._recorder is not None:
                self._recorder.add_output(stream, text)
            for listener in list(self._model.listeners):
                listener.on_output(stream, text)
        with self._model.gathering_captures():
            while (frame := self.target.pipe.take()) is not None:
                self._process_frame(frame)
                if monotonic() >= deadline_s:
                    return True
        self._cut_off.look(self._bye)
        return self._lines.holds

    def _process_frame(self, frame: bytes) -> None:
        try:
            message = decode(frame)
            if self._bye is not None and self._bye.reason in ("exec", "exit"):
                self._bye = None  # the call has failed, and the program goes on
            if self._recorder is not None:
                frame, message = self._record(frame, message, self._recorder)
            self._handlers.get(type(message), self._on_unexpected)(message)
        except ProtocolError as error:
            self._model.stats.count_refused()
            self._model.note(f"A message of the program was not understood: {error}.")

    def _record(
        self, frame: bytes, message: Message, recorder: "Recorder"
    ) -> tuple[bytes, Message]:
        """Write a frame as it came, or with its arrays taken out of the shared memory."""
        if isinstance(message, Captures) and self._ring is not None and has_slots(message.columns):
            message = Captures(inline_slots(message.columns, self._ring))
            frame = encode(message)
        recorder.write(frame, message, epoch_ns=self._model.epoch_ns)
        return frame, message

    def _on_unexpected(self, message: Message) -> None:
        raise ProtocolError(f"{message.type.value} is not for a front end")

    def _on_hello(self, hello: Hello) -> None:
        if self._model.hello is not None:
            raise ProtocolError("a second hello")
        self._model.hello = hello
        options = self._options
        self._send(
            Configure,
            budget_percent=options.budget_percent,
            lossless=self._is_lossless,
            ring_path=self._ring.path if self._ring is not None else "",
            ring_bytes=self._ring.size if self._ring is not None else 0,
            reduce_above=self._reduce_above,
            orphan=options.orphan,
            stream_output=options.stdio is Stdio.PIPES,
        )
        for probe in self._model.probes.values():
            if not probe.lost:
                self.add_probe(probe)
        if self._boards.triggers is not None:
            for one in self._boards.triggers.wanted():
                self.set_watch(one, True)
            if self._boards.triggers.trigger is not None:
                self.set_shared_trigger(self._boards.triggers.trigger)
        if self._boards.debug is not None:
            self._boards.debug.send_settings()
        if self._boards.breakpoints is not None:
            self._boards.breakpoints.send_all()
        self._send(Start)
        self._model.set_state(ProgramState.RUNNING)

    def _on_ack(self, ack: Ack) -> None:
        command = self._unanswered.pop(ack.command_id, None)
        if isinstance(command, Configure) and self._ring is not None:
            self._ring.remove_name()  # the target has it open, so nothing can be left behind
        board = self._boards.debug
        if board is not None and board.acknowledged(ack.command_id, ack.ok, ack.detail):
            return
        if ack.ok:
            return
        if isinstance(command, SetBreakpoint | SetDataBreakpoint):
            self._breakpoint_refused(command.breakpoint_id, ack.detail)
            return
        if isinstance(command, AddProbe | SetThrottle):
            probe = self._model.probes.get(command.probe_id)
            if probe is not None:
                self._model.set_status(probe, ProbeStatus.INVALID, ack.detail)
                return
        if ack.detail:
            self._model.note(ack.detail)

    def _on_captures(self, message: Captures) -> None:
        columns, board = read_columns(message.columns, self._ring), self._boards.triggers
        for column in columns:
            probe = self._model.probes.get(column.probe_id)
            if probe is None:
                if board is not None:
                    board.hold(column)
                continue  # removed, and its last captures were on their way
            if self._options.keep_histories:
                probe.history.append(column)
            probe.captured += column.count
            self._model.captures_came(probe)
            if board is not None:
                board.captured(probe, column)
        if board is not None:
            board.settle()
        self._model.stats.count_received(sum(column.count for column in columns))

    def _on_probe_state(self, message: ProbeState) -> None:
        probe = self._model.probes.get(message.probe_id)
        if probe is None:
            return
        status = _PROBE_STATES.get(message.state, ProbeStatus.INVALID)
        if status is ProbeStatus.LIVE or (
            status is ProbeStatus.ARMED and probe.status is ProbeStatus.LIVE
        ):
            return  # captures themselves say that it is live
        self._model.set_status(probe, status, message.detail)

    def _on_trigger_note(self, message: TriggerNote) -> None:
        from pyprobe.session.trigger_reading import read_note  # only where there are triggers

        reading = read_note(message)
        probe = self._model.probes.get(message.owner_id)
        if probe is None and self._boards.triggers is not None:
            self._boards.triggers.note_came(message)
        if probe is None or probe.trigger is None:
            return
        probe.trigger_reading = reading
        self._model.tell_probe(probe)
        if reading.state is TriggerState.OFF:
            title = probe.anchor.identity_label()
            self._model.note(f"The trigger of {title} is switched off: {reading.detail}.")

    def _on_program_watch(self, message: ProgramWatch) -> None:
        self._evaluations.sending(message)
        one = self._triggers().program_set(message)
        if self._recorder is not None:
            one.note_in(self._recorder)

    def _on_stats(self, message: Stats) -> None:
        self._model.stats.take(message)
        for key, counters in message.probes.items():
            probe = self._model.probes.get(int(key)) if key.isdecimal() else None
            if probe is None:
                continue
            match counters:
                case [int(), int(dropped), str(mode)]:
                    if (dropped, mode) != (probe.dropped, probe.mode):
                        probe.dropped, probe.mode = dropped, mode
                        self._model.tell_probe(probe)
                case _:
                    raise ProtocolError(f"the counters of probe {key} are {counters!r:.60}")
        self._model.tell_stats()

    def _on_state(self, message: State) -> None:
        paused = message.state == "paused"
        self._model.halted_at = (message.file, message.line) if paused else None
        self._model.set_state(ProgramState.PAUSED if paused else ProgramState.RUNNING)
        board = self._boards.debug
        if board is not None and not paused:
            board.program_goes_on()
        elif board is not None and board.settings.release_after_s:
            board.send_settings()  # a sign of life, which a program that stands asks for

    def _breakpoint_refused(self, breakpoint_id: int, why: str) -> None:
        if self._boards.breakpoints is not None:
            self._boards.breakpoints.refused(breakpoint_id, why)

    def _on_breakpoint_note(self, message: BreakpointNote) -> None:
        if self._boards.breakpoints is not None:
            self._boards.breakpoints.note_came(message)

    def _on_logged(self, message: Logged) -> None:
        if self._boards.breakpoints is not None:
            self._boards.breakpoints.logged_came(message)

    def _on_stopped(self, message: Stopped) -> None:
        self._debug().thread_stopped(message)

    def _on_answer(self, message: Answer) -> None:
        if self._boards.debug is not None:
            self._boards.debug.answer_came(message)

    def _on_failure(self, message: Failure) -> None:
        self._failure = message

    def _on_bye(self, message: Bye) -> None:
        self._bye = message
        self._model.stats.captured = max(self._model.stats.captured, message.captured)
        self._model.stats.dropped = max(self._model.stats.dropped, message.dropped)

    # The end

    def watch_connection(self) -> None:
        """Say so when the program cannot be reached or computes for us and does not end."""
        self._evaluations.look()
        self._cut_off.look(self._bye)
        if self._boards.debug is not None:
            self._boards.debug.look()
            if self._boards.debug.is_overdue:
                self._evaluations.interrupt()
        if self.target.pipe.failure:
            self._model.note(f"The program cannot be reached: {self.target.pipe.failure}.")
        if self._model.hello is not None or self.target.pipe.connected:
            return
        if monotonic() - self.target.started_s > _CONNECT_PATIENCE_S:
            self._model.note(
                "The program has not connected to PyProbe, so nothing is captured;"
                " its interpreter may ignore PYTHONPATH."
            )

    def ending(self) -> Ending | None:
        """Return how the program ended once nothing more can come, before that ``None``."""
        target = self.target
        if not (target.has_ended and target.pipe.is_drained) or target.exit_status is None:
            return None
        return describe_ending(
            exit_status=target.exit_status,
            failure=self._failure,
            bye=self._bye,
            was_connected=self._model.hello is not None,
            was_stopped=target.stop_was_asked,
            last_error_line=target.last_error_line(),
        )

    def close(self) -> None:
        """End the program if it still runs; leave no process, thread, socket or shared memory."""
        self.target.close()
        if self._ring is not None:
            self._ring.close()


def has_slots(columns: list[object]) -> bool:
    """Whether any array of a Captures message lies in the shared memory."""
    for column in columns:
        records = column.get("x") if isinstance(column, dict) else None
        if isinstance(records, dict):
            return True
        if isinstance(records, list) and any(
            isinstance(record, dict) and record.get("slot") for record in records
        ):
            return True
    return False
