"""The closed set of messages, as frozen dataclasses with one version number.

This module knows no feature: field values are plain msgpack data. ``ipc.codec`` says how a message
stands on the wire.
"""

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

PROTOCOL_VERSION = 1

PlainDict = dict[str, object]


class MessageType(Enum):
    """Every kind of message; the value stands on the wire. CMD_… go from front end to target."""

    CMD_CONFIGURE = "cmd_configure"
    CMD_ADD_PROBE = "cmd_add_probe"
    CMD_REMOVE_PROBE = "cmd_remove_probe"
    CMD_SET_THROTTLE = "cmd_set_throttle"
    CMD_SET_TRIGGER = "cmd_set_trigger"
    CMD_SET_WATCH = "cmd_set_watch"
    CMD_REMOVE_WATCH = "cmd_remove_watch"
    CMD_SET_POLICY = "cmd_set_policy"
    CMD_SET_BREAKPOINT = "cmd_set_breakpoint"
    CMD_SET_DATA_BREAKPOINT = "cmd_set_data_breakpoint"
    CMD_REMOVE_BREAKPOINT = "cmd_remove_breakpoint"
    CMD_SET_EXCEPTION_STOPS = "cmd_set_exception_stops"
    CMD_SET_STEPPING = "cmd_set_stepping"
    CMD_STEP = "cmd_step"
    CMD_INSPECT = "cmd_inspect"
    CMD_START = "cmd_start"
    CMD_PAUSE = "cmd_pause"
    CMD_RESUME = "cmd_resume"
    CMD_DETACH = "cmd_detach"
    HELLO = "hello"
    ACK = "ack"
    CAPTURES = "captures"
    PROBE_STATE = "probe_state"
    TRIGGER_NOTE = "trigger_note"
    BREAKPOINT_NOTE = "breakpoint_note"
    LOGGED = "logged"
    STOPPED = "stopped"
    ANSWER = "answer"
    PROGRAM_WATCH = "program_watch"
    STATS = "stats"
    STATE = "state"
    NOTE = "note"
    FAILURE = "failure"
    BYE = "bye"


@dataclass(frozen=True, slots=True)
class Message:
    """Base of all messages."""

    type: ClassVar[MessageType]


@dataclass(frozen=True, slots=True)
class Command(Message):
    """Base of what a front end sends; ``command_id`` comes back in the Ack."""

    command_id: int


@dataclass(frozen=True, slots=True)
class Configure(Command):
    """Sent once, before Start. ``ring_path`` is ``""`` where there is no shared-memory ring.

    ``lossless``: the program waits for a slow front end instead of dropping. ``orphan``: what the
    target does when the front end is gone, ``"continue"`` or ``"end"``. ``reduce_above`` is the
    size in bytes above which an array is reduced at the source; 0 keeps all arrays whole.
    ``stream_output``: make the program's stdout line-buffered, for a console behind a pipe.
    """

    type = MessageType.CMD_CONFIGURE
    budget_percent: float
    lossless: bool
    ring_path: str
    ring_bytes: int
    reduce_above: int
    orphan: str
    stream_output: bool


@dataclass(frozen=True, slots=True)
class AddProbe(Command):
    """``anchor``, ``occurrence``: the records' ``to_dict()``; ``throttle``: its text."""

    type = MessageType.CMD_ADD_PROBE
    probe_id: int
    anchor: PlainDict
    occurrence: PlainDict
    throttle: str
    run_code: bool


@dataclass(frozen=True, slots=True)
class RemoveProbe(Command):
    type = MessageType.CMD_REMOVE_PROBE
    probe_id: int
    anchor: PlainDict


@dataclass(frozen=True, slots=True)
class SetThrottle(Command):
    type = MessageType.CMD_SET_THROTTLE
    probe_id: int
    throttle: str
    run_code: bool


@dataclass(frozen=True, slots=True)
class SetTrigger(Command):
    """``mode``: auto, normal or single; the rest: see ``core.trigger``. No ``condition``: none.

    ``probe_id`` 0: the trigger that all probes share which have none of their own.
    """

    type = MessageType.CMD_SET_TRIGGER
    probe_id: int
    condition: str
    mode: str
    pre: int
    post: int
    hold_off_ms: float


@dataclass(frozen=True, slots=True)
class SetWatch(Command):
    """Ask a condition at the hits of a probe (0: of all). ``action``: see ``core.trigger_watch``.

    ``watch_id`` is no probe's; snapshots come as captures under it.
    """

    type = MessageType.CMD_SET_WATCH
    watch_id: int
    condition: str
    action: str
    probe_id: int


@dataclass(frozen=True, slots=True)
class RemoveWatch(Command):
    type = MessageType.CMD_REMOVE_WATCH
    watch_id: int


@dataclass(frozen=True, slots=True)
class SetPolicy(Command):
    """Change what Configure has set, in mid-run: a recording begins, or has ended."""

    type = MessageType.CMD_SET_POLICY
    lossless: bool
    reduce_above: int


@dataclass(frozen=True, slots=True)
class SetBreakpoint(Command):
    """See ``core.debug.records.Breakpoint``. One that has this id is replaced."""

    type = MessageType.CMD_SET_BREAKPOINT
    breakpoint_id: int
    file: str
    line: int
    condition: str
    hit_count: str
    message: str
    one_shot: bool
    entity: str


@dataclass(frozen=True, slots=True)
class SetDataBreakpoint(Command):
    """Stop where what stands at ``chosen`` is bound, wherever that is.

    ``file`` and ``func`` say in which scope. ``chosen`` and the ``occurrences`` that bind it in
    that file are their ``to_dict()``. ``is_global``: the variable is the module's;
    ``of_class``: whose instances (or, for a variable, whose own) it is, a qualified name. With
    ``in_place`` contents are compared at the lines of the code that can reach the object, too.
    """

    type = MessageType.CMD_SET_DATA_BREAKPOINT
    breakpoint_id: int
    file: str
    func: str
    symbol: str
    chosen: PlainDict
    occurrences: list[object]
    is_global: bool
    of_class: str
    condition: str
    in_place: bool


@dataclass(frozen=True, slots=True)
class RemoveBreakpoint(Command):
    """Of either kind."""

    type = MessageType.CMD_REMOVE_BREAKPOINT
    breakpoint_id: int


@dataclass(frozen=True, slots=True)
class SetExceptionStops(Command):
    """``names``: of exception classes that stop the program wherever they are raised."""

    type = MessageType.CMD_SET_EXCEPTION_STOPS
    uncaught: bool
    raised: bool
    names: list[object]


@dataclass(frozen=True, slots=True)
class SetStepping(Command):
    """How the program stops and steps from now on.

    ``all_threads``: the others stand while one has stopped. ``only_my_code``: library code is
    stepped over; ``my_folders`` are the program's own. ``release_after_s``: the program goes on by
    itself when the front end has been gone for so long while it stands, 0 for never.
    ``event_functions``: ``module:qualname`` of functions of which a call is one simulator event.
    """

    type = MessageType.CMD_SET_STEPPING
    all_threads: bool
    only_my_code: bool
    my_folders: list[object]
    release_after_s: float
    event_functions: list[object]


@dataclass(frozen=True, slots=True)
class Step(Command):
    """Let a stopped thread run on to where ``kind`` says (``core.debug.records.StepKind``).

    ``thread``: which, 0 for the one that stopped last. ``file`` and ``line`` are those of TO_LINE.
    ``entity``: only where this condition on the frame holds, ``""`` for anywhere.
    """

    type = MessageType.CMD_STEP
    kind: str
    thread: int
    file: str
    line: int
    entity: str


@dataclass(frozen=True, slots=True)
class Inspect(Command):
    """Ask of a stopped thread. ``request`` names the question: see ``core.debug.inspection``."""

    type = MessageType.CMD_INSPECT
    thread: int
    request: PlainDict


@dataclass(frozen=True, slots=True)
class Start(Command):
    """Let the program begin."""

    type = MessageType.CMD_START


@dataclass(frozen=True, slots=True)
class Pause(Command):
    """Stop a thread of the program at its next line, 0 for the first that comes to one.

    Whether the others halt too is said by ``SetStepping``; unless it was sent, they do.
    """

    type = MessageType.CMD_PAUSE
    thread: int


@dataclass(frozen=True, slots=True)
class Resume(Command):
    type = MessageType.CMD_RESUME


@dataclass(frozen=True, slots=True)
class Detach(Command):
    """Stop tracing for good; the program goes on plain."""

    type = MessageType.CMD_DETACH


@dataclass(frozen=True, slots=True)
class Hello(Message):
    """The target's first message. ``event_source`` is ``monitoring`` or ``settrace``."""

    type = MessageType.HELLO
    pid: int
    python_version: str
    executable: str
    event_source: str
    event_source_reason: str


@dataclass(frozen=True, slots=True)
class Ack(Message):
    """Answer to a command: done, or why not."""

    type = MessageType.ACK
    command_id: int
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Captures(Message):
    """One flush. Each column is one probe's run of values of one kind: see ipc.columns."""

    type = MessageType.CAPTURES
    columns: list[object]


@dataclass(frozen=True, slots=True)
class ProbeState(Message):
    """``state``: armed, live, invalid. ``detail`` says why, in one sentence, or is ``""``."""

    type = MessageType.PROBE_STATE
    probe_id: int
    state: str
    detail: str


@dataclass(frozen=True, slots=True)
class TriggerNote(Message):
    """How a trigger or watch fares. ``state``: armed, waiting, triggered, stopped or off.

    ``owner_id`` is the trigger's probe, 0 for the one that probes share, or the watch.
    ``count`` is how often it has triggered. ``undecided`` maps a part of the condition to
    ``[count, reason]``: how often it was false because a name was missing or values could not be
    compared. ``detail`` says why it is off, in one sentence, or is ``""``.
    """

    type = MessageType.TRIGGER_NOTE
    owner_id: int
    state: str
    count: int
    undecided: PlainDict
    detail: str


@dataclass(frozen=True, slots=True)
class BreakpointNote(Message):
    """How a breakpoint fares: see ``core.debug.records.BreakpointState``.

    ``line`` is where it stands indeed, ``hits`` how often it was reached and its condition held.
    """

    type = MessageType.BREAKPOINT_NOTE
    breakpoint_id: int
    state: str
    line: int
    hits: int
    detail: str


@dataclass(frozen=True, slots=True)
class Logged(Message):
    """What breakpoints have logged instead of stopping, in order; none of it is ever dropped.

    An entry is ``[breakpoint_id, t_ns, thread, file, line, function, text]``.
    """

    type = MessageType.LOGGED
    entries: list[object]


@dataclass(frozen=True, slots=True)
class Stopped(Message):
    """A thread stands: see ``core.debug.records.StopPlace``. It does until Resume or Step."""

    type = MessageType.STOPPED
    thread: int
    thread_name: str
    reason: str
    file: str
    line: int
    function: str
    breakpoint_id: int
    detail: str


@dataclass(frozen=True, slots=True)
class ProgramWatch(Message):
    """The program itself has set a condition; ``label`` is what its snapshots are called."""

    type = MessageType.PROGRAM_WATCH
    watch_id: int
    condition: str
    action: str
    label: str


@dataclass(frozen=True, slots=True)
class Answer(Message):
    """What an Inspect command has found; what cannot be found is said by its Ack."""

    type = MessageType.ANSWER
    command_id: int
    answer: PlainDict


@dataclass(frozen=True, slots=True)
class Stats(Message):
    """Counters since the start, sent a few times a second while something changes.

    ``probes`` maps ``str(probe_id)`` to ``[captured, dropped, mode]``; ``mode`` is what the trace's
    label says: ``every``, ``1 / N``, ``every 50 ms``, ``on change`` or ``sampled``.
    ``cost_ns`` is what probing has taken of the program's time, ``elapsed_ns`` the program's time.
    """

    type = MessageType.STATS
    captured: int
    dropped: int
    cost_ns: int
    elapsed_ns: int
    refused: int
    probes: PlainDict


@dataclass(frozen=True, slots=True)
class State(Message):
    """``running`` or ``paused``; ``file`` and ``line`` say where the first thread stopped."""

    type = MessageType.STATE
    state: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Note(Message):
    """One sentence for the person at the front end (what was lost, and to whom)."""

    type = MessageType.NOTE
    text: str


@dataclass(frozen=True, slots=True)
class Failure(Message):
    """The program ended by an uncaught exception. A frame is ``[file, line, function]``."""

    type = MessageType.FAILURE
    exception: str
    text: str
    frames: list[object]


@dataclass(frozen=True, slots=True)
class Bye(Message):
    """The target's last message: all captures are sent.

    ``reason``: end, exit, exec, detach, or closed (the program has closed the connection).
    """

    type = MessageType.BYE
    reason: str
    captured: int
    dropped: int


MESSAGE_CLASSES: dict[str, type[Message]] = {
    message_class.type.value: message_class
    for message_class in (
        *(Configure, AddProbe, RemoveProbe, SetThrottle, SetTrigger, SetWatch, RemoveWatch),
        *(SetBreakpoint, SetDataBreakpoint, RemoveBreakpoint, SetExceptionStops),
        *(SetStepping, Step, Inspect, SetPolicy, Start, Pause, Resume, Detach),
        *(Hello, Ack, Captures, ProbeState, TriggerNote, BreakpointNote, Logged, Stopped, Answer),
        *(ProgramWatch, Stats, State, Note, Failure, Bye),
    )
}
