"""The plain records of stopping and stepping, as front ends and the target both use them."""

from dataclasses import dataclass
from enum import Enum

# Functions ``module:qualname`` of which a call is one event of a simulator, unless others are said.
EVENT_FUNCTIONS = ("simpy.core:Environment.step",)
# How long code that is evaluated may run where no other limit is said.
EVALUATION_LIMIT_MS = 2000
# What the files of the code that imports are named, up to their end.
IMPORTER = "<frozen importlib"


class StopReason(Enum):
    """Why a thread stands; the value is the name on the wire.

    PAUSE: it was asked to. WATCH: a condition of the session held. CALL: the program called
    ``breakpoint()``. EXCEPTION: one was raised that is to stop the program. OTHER: it stands
    because another thread has stopped.
    """

    PAUSE = "pause"
    BREAKPOINT = "breakpoint"
    DATA = "data"
    EXCEPTION = "exception"
    STEP = "step"
    CALL = "call"
    WATCH = "watch"
    OTHER = "other"


class StepKind(Enum):
    """Where a thread runs on to; the value is the name on the wire.

    INTO: the next line, also of a called function. OVER: the next line of this frame, or, once
    that has ended, its caller. OUT: the caller, right after the call. TO_LINE: a line of a file.
    TO_YIELD: the frame's next ``yield`` or ``await``. RESUMPTION: over a ``yield`` or ``await`` to
    the next line of the same generator or task. EVENT: the simulator's next event.
    """

    INTO = "into"
    OVER = "over"
    OUT = "out"
    TO_LINE = "to_line"
    TO_YIELD = "to_yield"
    RESUMPTION = "resumption"
    EVENT = "event"


class BreakpointState(Enum):
    """Where a breakpoint stands; the value is the name on the wire.

    PENDING: no code of its line has run yet. SET: it is armed. INVALID: it can never be reached, or
    its condition failed; the note's detail says why. SPENT: a one-shot one that has stopped.
    """

    PENDING = "pending"
    SET = "set"
    INVALID = "invalid"
    SPENT = "spent"


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """One breakpoint, as front ends set it.

    ``hit_count``: ``""``, ``"5"`` (the fifth hit), ``">= 5"`` or ``"% 3"``; only hits for which the
    condition holds count. ``message``: what is logged instead of stopping, with expressions in
    braces; ``Snapshot: label`` takes a snapshot. ``entity``: what it is limited to, such as
    ``self.name == "Server 3"`` or ``in Server``.
    """

    file: str
    line: int
    condition: str = ""
    hit_count: str = ""
    message: str = ""
    one_shot: bool = False
    entity: str = ""


@dataclass(frozen=True, slots=True)
class DataBreakpoint:
    """One that stops where ``symbol``, as it stands in ``line`` of ``func``, changes.

    ``in_place``: changes of its contents are found too.
    """

    file: str
    line: int
    func: str
    symbol: str
    condition: str = ""
    in_place: bool = False


@dataclass(frozen=True, slots=True)
class ExceptionStops:
    """Which exceptions stop the program: ``names`` are those of classes, raised anywhere."""

    uncaught: bool = False
    raised: bool = False
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StopPlace:
    """Where and why a thread stands.

    ``thread`` is the interpreter's number of it. ``detail`` is one sentence: the condition that
    held, the exception, a data breakpoint's old and new value, the value a function has returned.
    """

    thread: int
    thread_name: str
    reason: StopReason
    file: str
    line: int
    function: str
    breakpoint_id: int = 0
    detail: str = ""
