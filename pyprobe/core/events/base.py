"""The seam between the engine and where execution events come from."""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Protocol

# A handler takes the frame that hit, a value handler also the value that leaves it. Either returns
# the source's DISABLE when it wants no more events at this place until the code is re-armed.
Handler = Callable[[FrameType], object]
ValueHandler = Callable[[FrameType, object], object]


@dataclass(slots=True)
class CodeSites:
    """What to call at which offset of one code object; empty tables cost nothing."""

    before: dict[int, Handler] = field(default_factory=dict)
    returns: dict[int, ValueHandler] = field(default_factory=dict)
    yields: dict[int, ValueHandler] = field(default_factory=dict)
    unwind: Handler | None = None

    def __bool__(self) -> bool:
        return bool(self.before or self.returns or self.yields)


class EventSource(Protocol):
    """Delivers execution events of chosen places to handlers, and nothing of all others.

    ``name`` is ``monitoring`` or ``settrace``; ``disable`` is what a handler returns to be left
    alone until ``rearm``. ``on_code`` is told each code object once, when it first runs.
    ``copies_locals``: the interpreter itself copies a frame's variables to ``f_locals`` before each
    event and back after it, so nobody else may empty that copy. ``on_halt`` is told
    ``(file, line)`` by each thread that halts after ``pause``.
    """

    name: str
    disable: object
    copies_locals: bool

    def start(self, on_code: Callable[[CodeType], None]) -> None: ...

    def prepare_for_depth(self) -> None:
        """Get ready for hits where the program has used up its recursion limit, if that can be."""

    def arm(self, code: CodeType, sites: CodeSites) -> None:
        """Replace what is watched in ``code``, in running frames too."""

    def rearm(self, code: CodeType) -> None:
        """Deliver the events of ``code`` that handlers have disabled again."""

    def settle(self, code: CodeType) -> None:
        """The handlers of ``code`` have disabled what they can: let it run as plain as it may."""

    def disarm(self, code: CodeType) -> None: ...

    def pause(self, on_halt: Callable[[str, int], None]) -> None: ...

    def halt(self, frame: FrameType) -> None:
        """Halt the calling thread, which a handler has been called in, until ``resume``.

        Harmless unless paused.
        """

    def resume(self) -> None: ...

    def exempt_this_thread(self) -> None:
        """Never halt the calling thread: it is ours."""

    def stop(self) -> None:
        """Give back every hook; harmless when called twice."""

    def abandon(self) -> None:
        """Forget everything in a forked child, which is plain."""
