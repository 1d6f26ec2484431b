"""ExceptionStopper: stops the program where exceptions are raised that are wanted.

One that a library raises is of interest where it comes into the program's own code. An uncaught
one stops there as long as it is certain then that nothing will catch it: no frame is unwound yet.
One of which that was not certain stops as soon as it is, at the latest when it leaves the last
frame; the frame it came from can still be looked at, but its ``finally`` blocks have run.
"""

from _thread import get_ident
from collections.abc import Callable
from opcode import opname as _OPNAME
from types import CodeType, FrameType, TracebackType

from pyprobe.core.debug.breakpoint_actions import Stops
from pyprobe.core.debug.exception_fate import ExceptionFate, is_thread_end
from pyprobe.core.debug.fingerprint import is_plain
from pyprobe.core.debug.log_text import MAX_VALUE_CHARS, short_text
from pyprobe.core.debug.records import ExceptionStops, StopReason
from pyprobe.core.events.base import EventSource
from pyprobe.core.plain_types import class_name, has_base, mro_of, namespace_of

_CONTROL_FLOW = (StopIteration, StopAsyncIteration, GeneratorExit)
_args_of = namespace_of(BaseException)["args"].__get__
_traceback_of = namespace_of(BaseException)["__traceback__"].__get__


class ExceptionStopper:
    """Listens to the event source only while an exception is wanted."""

    def __init__(
        self, source: EventSource, stopper: Stops, is_mine: Callable[[CodeType], bool]
    ) -> None:
        self._source = source
        self._stopper = stopper
        self._is_mine = is_mine
        self._stops = ExceptionStops()
        self._fate = ExceptionFate(copies_locals=source.copies_locals)
        self._last: dict[int, tuple[int, int]] = {}  # by thread: exception, frame it goes to
        self._stopped: dict[int, int] = {}  # by thread: the exception it has stopped for

    def set(self, stops: ExceptionStops) -> None:
        """Say which exceptions stop the program from now on."""
        self._stops = stops
        wanted = stops.uncaught or stops.raised or stops.names
        self._source.listen_to_raises(self._on_raise if wanted else None)

    def _on_raise(self, frame: FrameType, error: BaseException) -> None:
        """Called in each frame that an exception is raised in or passes."""
        thread = get_ident()
        last = self._last.get(thread)
        self._last[thread] = id(error), id(frame.f_back)
        passes = last == (id(error), id(frame)) or _raises_again(frame)
        if not passes:
            self._stopped.pop(thread, None)
        if self._stopped.get(thread) != id(error):
            why = self._why(frame, error)
            if why:
                where = self._innermost(frame, error) if passes else None
                self._stop(thread, where or frame, error, why)
                return
        if self._stops.uncaught and self._leaves(frame, error):
            self._stop_at_end(thread, frame, error)

    def _why(self, frame: FrameType, error: BaseException) -> str:
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
        if stops.uncaught and _is_failure(error) and self._fate.is_uncaught(frame, error):
            return "uncaught"
        return "raised" if stops.raised else ""

    def _leaves(self, frame: FrameType, error: BaseException) -> bool:
        """Whether an exception comes out of the last frame of its thread."""
        if not _is_failure(error) or _is_control_flow(error):
            return False
        caller = frame.f_back
        is_last = caller is None or is_thread_end(caller)
        return is_last and not self._fate.is_caught_in(frame, error)

    def _stop_at_end(self, thread: int, frame: FrameType, error: BaseException) -> None:
        if self._stopped.get(thread) == id(error):
            return
        innermost = self._innermost(frame, error)
        if innermost is not None:
            self._stop(thread, innermost, error, "uncaught")

    def _innermost(self, frame: FrameType, error: BaseException) -> FrameType | None:
        """Return the innermost frame of the program's own that it has come through."""
        chosen = frame if self._is_mine(frame.f_code) else None
        traceback: TracebackType | None = _traceback_of(error)
        while traceback is not None:
            if self._is_mine(traceback.tb_frame.f_code):
                chosen = traceback.tb_frame
            traceback = traceback.tb_next
        return chosen

    def _stop(self, thread: int, frame: FrameType, error: BaseException, why: str) -> None:
        self._stopped[thread] = id(error)
        self._stopper.stop(frame, StopReason.EXCEPTION, detail=f"{describe(error)} ({why})")


def describe(error: BaseException) -> str:
    """Return an exception's class and text; it runs no code of the program."""
    args = _args_of(error)
    text = ""
    if len(args) == 1 and is_plain(args[0]):
        is_text = type(args[0]) is str and not has_base(type(error), KeyError)
        text = args[0] if is_text else short_text(args[0])
    name = class_name(type(error))
    return f"{name}: {text[:MAX_VALUE_CHARS]}" if text else name


def _is_named(kind: type, names: tuple[str, ...]) -> bool:
    name = class_name(kind)
    if name in names:
        return True
    module = namespace_of(kind).get("__module__", "builtins")
    return type(module) is str and f"{module}.{name}" in names


def _is_control_flow(error: BaseException) -> bool:
    return any(has_base(type(error), kind) for kind in _CONTROL_FLOW)


def _is_failure(error: BaseException) -> bool:
    """Whether it would end the program with a traceback."""
    return not has_base(type(error), SystemExit)


def _raises_again(frame: FrameType) -> bool:
    """Whether the frame's instruction is a ``raise`` without an exception, or ends a handler."""
    raw = frame.f_code.co_code
    offset = frame.f_lasti
    name = _OPNAME[raw[offset]] if 0 <= offset < len(raw) else ""
    return name == "RERAISE" or (name == "RAISE_VARARGS" and raw[offset + 1] == 0)
