"""The seam between the engine and where execution events come from."""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import CodeType, FrameType, TracebackType
from typing import NamedTuple, Protocol

from pyprobe.core.door import Door
from pyprobe.core.events.headroom import Headroom

# A handler takes the frame that hit, a value handler also the value that leaves it. Either returns
# the source's DISABLE when it wants no more events at this place until the code is re-armed.
Handler = Callable[[FrameType], object]
ValueHandler = Callable[[FrameType, object], object]
# Called when a frame arrives at a line, before its first instruction.
LineHandler = Handler
# With the traceback so far, which the exception itself has only when it is caught (up to 3.11), and
# the offset of the instruction that raises, or LEAVING where it is known to leave the frame.
RaiseHandler = Callable[[FrameType, BaseException, TracebackType | None, int], object]
LEAVING = -1

# What the interpreter calls at an instruction, with the code object and the offset in bytes.
InstructionCallback = Callable[[CodeType, int], object]

# Who wants something of a code object; what they want is put together, in this order.
PROBES, BREAKPOINTS, DATA, STEPS = "probes", "breakpoints", "data", "steps"


class LoneTaker(Protocol):
    """Does itself what a handler does."""

    def callback(
        self,
        code: CodeType,
        site: "LoneSite",
        otherwise: InstructionCallback,
        door: Door,
        headroom: Headroom,
    ) -> InstructionCallback:
        """Return what is called at each instruction of any code that is armed.

        ``otherwise`` is called for all but the site in ``code``, one frame further down; the
        site's handler where the thread has too few levels left.
        """


class LoneSite(NamedTuple):
    """The only site of a code object, which wants every hit."""

    offset: int
    handler: Handler
    take: LoneTaker


class StoredSite(NamedTuple):
    """A part of what is called at an offset: ``stored`` is what is due to stores before it."""

    stored: Handler
    rest: Handler | None


@dataclass(slots=True)
class CodeSites:
    """What to call at which offset or line of one code object; empty tables cost nothing.

    ``every_line``, ``every_return`` and ``every_yield`` hear what the tables have no place for.
    ``lone`` is what ``before`` has, where that is one handler that never answers ``disable``.
    ``jumps``: all places of ``before`` are jumps back, and their handlers want nothing of the frame
    but its variables, so that they may be called while it jumps.
    A line is arrived at when the instruction before was of another one, so a loop that stands on
    one line is arrived at once. (With settrace: at each of its rounds.)
    """

    before: dict[int, Handler] = field(default_factory=dict)
    stored: dict[int, StoredSite] = field(default_factory=dict)
    returns: dict[int, ValueHandler] = field(default_factory=dict)
    yields: dict[int, ValueHandler] = field(default_factory=dict)
    unwind: Handler | None = None
    lines: dict[int, LineHandler] = field(default_factory=dict)
    every_line: LineHandler | None = None
    every_return: ValueHandler | None = None
    every_yield: ValueHandler | None = None
    lone: LoneSite | None = None
    jumps: bool = False

    def __bool__(self) -> bool:
        return bool(
            self.before
            or self.returns
            or self.yields
            or self.lines
            or self.every_line
            or self.every_return
            or self.every_yield
        )


class EventSource(Protocol):
    """Delivers execution events of chosen places to handlers, and nothing of all others.

    ``name`` is ``monitoring`` or ``settrace``; ``disable`` is what a handler returns to be left
    alone until ``rearm``. ``on_code`` is told each code object once, when it first runs.
    ``copies_locals``: the interpreter copies what ``f_locals`` has given back into the frame after
    the event (before 3.13), so it may be emptied only at the next one. ``slows_code``: code that
    was watched, if only for its first run, stays slower than plain until it is settled (3.12);
    such a source calls ``on_slowed`` when a part of armed code has run for the first time.
    ``waits_plain``: a loop's thread waits for its turn in the program's own instructions, where a
    trace hook is mostly waited in instead.
    ``program_door`` is what the program itself can reach of ours, through the hook that the source
    has in the interpreter.
    """

    name: str
    program_door: Callable[[], object] | None
    disable: object
    copies_locals: bool
    slows_code: bool
    waits_plain: bool
    on_slowed: Callable[[CodeType], object]

    def start(self, on_code: Callable[[CodeType], None]) -> None: ...

    def prepare_for_depth(self) -> None:
        """Get ready for hits where the program has used up its recursion limit, if that can be."""

    def arm(self, code: CodeType, sites: CodeSites, *, layer: str = PROBES) -> None:
        """Replace what one layer watches in ``code``, in running frames too."""

    def rearm(self, code: CodeType) -> None:
        """Deliver the events of ``code`` that handlers have disabled again."""

    def is_settled(self, code: CodeType) -> bool:
        """Whether ``code`` runs plain at once when it has been armed, and needs no settling."""

    def settle(self, code: CodeType) -> None:
        """The handlers of ``code``, if any, have disabled what they can: let it run plain."""

    def disarm(self, code: CodeType, *, layer: str = PROBES) -> None:
        """Watch nothing more in ``code`` for a layer."""

    def listen_to_lines(self, handler: LineHandler | None) -> None:
        """Call a handler at every line of all code but ours, in all threads but ours.

        The lines for which it answers DISABLE are silent until the next call of this method.
        """

    def listen_to_raises(self, handler: RaiseHandler | None) -> None:
        """Call a handler with each exception in each frame that it is raised in or passes.

        It is called again where the end of a handler, of ``finally`` or of ``with`` raises it
        again: with settrace, only in the outermost frame of a thread.
        """

    def let_pass(self, error: BaseException, frame: FrameType) -> None:
        """Take our frames out of the traceback of an exception when it has come to ``frame``.

        Called in a function of ours that the program has called from ``frame``, its last frames.
        """

    def is_own_thread(self) -> bool:
        """Whether the calling thread is one that was exempted."""

    def exempt_this_thread(self) -> None:
        """Call no handlers in the calling thread for lines and exceptions: it is ours."""

    def stop(self) -> None:
        """Give back every hook; harmless when called twice."""

    def abandon(self) -> None:
        """Forget everything in a forked child, which is plain."""
