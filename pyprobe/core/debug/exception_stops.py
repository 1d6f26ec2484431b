"""ExceptionStopper: stops the program where exceptions are raised that are wanted.

One that a library raises is of interest where it comes into the program's own code. An uncaught
one stops there as long as it is certain then that nothing will catch it: no frame is unwound yet.
One of which that was not certain stops as soon as it is, at the latest when it leaves the last
frame, or when an event loop reports it. What is shown then is where it was raised, in frames that
can still be looked at, although they have ended.
"""

from collections.abc import Callable
from opcode import opname as _OPNAME
from types import CodeType, FrameType, TracebackType

from pyprobe.core.debug.breakpoint_actions import Stops
from pyprobe.core.debug.exception_fate import ExceptionFate, is_thread_end
from pyprobe.core.debug.exception_origin import (
    group_parts,
    passed_frames,
    traceback_of,
    was_raised_here,
)
from pyprobe.core.debug.fingerprint import is_plain
from pyprobe.core.debug.log_text import MAX_VALUE_CHARS, short_text
from pyprobe.core.debug.loop_reports import LoopReports
from pyprobe.core.debug.records import ExceptionStops, StopReason
from pyprobe.core.debug.stopped_thread import PassedFrame
from pyprobe.core.engine import Engine
from pyprobe.core.plain_types import class_name, has_base, mro_of, namespace_of

_CONTROL_FLOW = (StopIteration, StopAsyncIteration, GeneratorExit)
# By which schedulers end tasks: by module and name, as the program may never load them.
_CANCELLATIONS = (
    ("asyncio.exceptions", "CancelledError"),
    ("trio", "Cancelled"),
    ("greenlet", "GreenletExit"),
)
_MOST_STOPPED = 100  # exceptions of which it is remembered that they have stopped the program
_args_of = namespace_of(BaseException)["args"].__get__


class ExceptionStopper:
    """Listens to the event source only while an exception is wanted."""

    def __init__(self, engine: Engine, stopper: Stops, is_mine: Callable[[CodeType], bool]) -> None:
        self._source = engine.source
        self._stopper = stopper
        self._is_mine = is_mine
        self._stops = ExceptionStops()
        self._fate = ExceptionFate(copies_locals=engine.source.copies_locals)
        self._reports = LoopReports(engine, self._on_report)
        self._stopped: dict[int, None] = {}  # the exceptions it has stopped for, by their ids

    def set(self, stops: ExceptionStops) -> None:
        """Say which exceptions stop the program from now on."""
        self._stops = stops
        wanted = stops.uncaught or stops.raised or stops.names
        self._source.listen_to_raises(self._on_raise if wanted else None)
        self._reports.listen(stops.uncaught)

    def _on_raise(
        self, frame: FrameType, error: BaseException, traceback: TracebackType | None, offset: int
    ) -> None:
        """Called in each frame that an exception is raised in or passes, or is raised again in."""
        if was_raised_here(traceback) and not _raises_again(frame.f_code, offset):
            self._stopped.pop(id(error), None)  # another one that had its place in memory
        if id(error) not in self._stopped:
            why = self._why(frame, error, offset)
            if why:
                self._stop(frame, error, why, traceback)
                return
        if self._stops.uncaught and self._leaves(frame, error, offset):
            self._stop(frame, error, "uncaught", traceback)

    def _on_report(self, frame: FrameType, error: BaseException) -> None:
        """An event loop reports an exception that nothing has caught, in ``frame``."""
        if self._stops.uncaught and _is_failure(error) and not _is_control_flow(error):
            self._stop(frame, error, "uncaught", traceback_of(error))

    def _why(self, frame: FrameType, error: BaseException, offset: int) -> str:
        """Return the reason to stop here, ``""`` for none.

        One that a library raises is of interest where it comes into the program's own code.
        """
        stops = self._stops
        if not self._is_mine(frame.f_code):
            return ""
        if stops.names and any(_is_named(kind, stops.names) for kind in mro_of(type(error))):
            return "raised"
        if _is_control_flow(error):
            return ""
        if stops.uncaught and _is_failure(error) and self._fate.is_uncaught(frame, error, offset):
            return "uncaught"
        return "raised" if stops.raised and not _is_cancellation(error) else ""

    def _leaves(self, frame: FrameType, error: BaseException, offset: int) -> bool:
        """Whether an exception comes out of the last frame of its thread."""
        if not _is_failure(error) or has_base(type(error), GeneratorExit):
            return False
        caller = frame.f_back
        is_last = caller is None or is_thread_end(caller)
        return is_last and not self._fate.is_caught_in(frame, error, offset)

    def _stop(
        self, frame: FrameType, error: BaseException, why: str, traceback: TracebackType | None
    ) -> None:
        """Stop where it was raised; an uncaught one that is raised again, where it was at first."""
        if id(error) in self._stopped:
            return
        passed = () if why == "raised" else passed_frames(error, traceback, self._is_mine)
        if not passed and not self._is_mine(frame.f_code):
            return  # none of the program's own code has to do with it
        if len(self._stopped) >= _MOST_STOPPED:
            self._stopped.pop(next(iter(self._stopped)), None)
        self._stopped[id(error)] = None
        if passed and passed[0] == PassedFrame(frame, frame.f_lineno or 0):
            passed = ()
        detail = f"{describe(error)} ({why})"
        self._stopper.stop(frame, StopReason.EXCEPTION, detail=detail, passed=passed)


def describe(error: BaseException) -> str:
    """Return an exception's class and text; it runs no code of the program."""
    args = _args_of(error)
    text = ""
    if len(args) == 1 and is_plain(args[0]):
        is_text = type(args[0]) is str and not has_base(type(error), KeyError)
        text = args[0] if is_text else short_text(args[0])
    name = class_name(type(error))
    said = f"{name}: {text[:MAX_VALUE_CHARS]}" if text else name
    parts = group_parts(error)
    if not parts:
        return said
    others = f" and {len(parts) - 1:,} more" if len(parts) > 1 else ""
    return f"{said or name} of {describe(parts[0])}{others}"


def _is_named(kind: type, names: tuple[str, ...]) -> bool:
    name = class_name(kind)
    if name in names:
        return True
    return f"{_module_of(kind)}.{name}" in names


def _module_of(kind: type) -> str:
    module = namespace_of(kind).get("__module__", "builtins")
    return module if type(module) is str else ""


def _is_cancellation(error: BaseException) -> bool:
    """Whether it is how a scheduler ends a task, which is as ordinary as the end of a loop."""
    return any(
        (_module_of(kind), class_name(kind)) in _CANCELLATIONS for kind in mro_of(type(error))
    )


def _is_control_flow(error: BaseException) -> bool:
    return any(has_base(type(error), kind) for kind in _CONTROL_FLOW)


def _is_failure(error: BaseException) -> bool:
    """Whether it would end the program with a traceback."""
    return not has_base(type(error), SystemExit)


def _raises_again(code: CodeType, offset: int) -> bool:
    """Whether an instruction is a ``raise`` without an exception, or ends a handler."""
    raw = code.co_code
    if not 0 <= offset < len(raw):
        return True  # it leaves the frame
    name = _OPNAME[raw[offset]]
    return name == "RERAISE" or (name == "RAISE_VARARGS" and raw[offset + 1] == 0)
