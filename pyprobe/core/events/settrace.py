"""Execution events from ``sys.settrace``: Python 3.11, or anywhere on request.

Opcode events on frames whose code holds a probe, none on all others.
"""

import sys
import threading
from _thread import get_ident
from collections.abc import Callable
from types import CodeType, FrameType, TracebackType
from typing import TYPE_CHECKING, Any

from pyprobe.core.door import Door, cut_ours
from pyprobe.core.events.base import (
    LEAVING,
    PROBES,
    CodeSites,
    Handler,
    LineHandler,
    RaiseHandler,
)
from pyprobe.core.events.depth import Depth
from pyprobe.core.events.entry_check import without_entry_check
from pyprobe.core.events.frame_exits import FrameExits
from pyprobe.core.events.raised_last import RaisedLast
from pyprobe.core.events.thread_hooks import ThreadHooks
from pyprobe.core.events.thread_start import AtThreadStart, RawThreads
from pyprobe.core.events.uncaught_traceback import cut_ours_where_uncaught

if TYPE_CHECKING:
    from pyprobe.core.events.layers import Layers

_gettrace = sys.gettrace  # in a target it is replaced, to hide our hook
_settrace = sys.settrace  # before anybody wraps it
# A thread that has less of them left is not listened to: the interpreter needs one to call us, and
# more may go unseen in C code of the program before the next call of a function.
_LEAST_LEVELS = 10
_ROOM_LEVELS = 500  # more than any callback needs
_LOST_IN_DEPTH = (
    "the program came close to its recursion limit: on this Python nothing is captured on the last "
    f"{_LEAST_LEVELS} levels, nor while what was raised there is handled"
)
_LOST_AT_EXCEPTION = (
    "an exception was raised in the middle of a hit: on this Python nothing is captured in that "
    "thread for a moment"
)

TraceFunction = Callable[[FrameType, str, Any], Any]


class _Disable:
    """The answer of a handler that wants no more events until the code is re-armed."""


class SettraceSource:
    """EventSource over ``sys.settrace`` and ``threading.settrace``."""

    name = "settrace"
    disable: object = _Disable()
    copies_locals = True
    slows_code = False  # frames that are not traced are plain already
    waits_plain = False

    def __init__(self, door: Door) -> None:
        self.program_door: Callable[[], object] | None = None
        self.on_slowed: Callable[[CodeType], object] = lambda code: None
        self._door = door
        self._sites: dict[int, CodeSites] = {}
        self._codes: dict[int, CodeType] = {}
        self._asleep: dict[int, set[int]] = {}
        self._ahead: dict[int, dict[int, Handler]] = {}
        self._on_code: Callable[[CodeType], None] = lambda code: None
        self._layers: Layers | None = None
        self._line_listener: LineHandler | None = None
        self._silent: dict[tuple[int, int], CodeType] = {}  # code and line, no more wanted
        self._raise_listener: RaiseHandler | None = None
        self._passing: BaseException | None = None  # of the program, on its way out of ours
        self._raised_last = RaisedLast()
        self._exits = FrameExits()
        self._stopped = True
        self._own_threads: set[int] = set()
        self._thread_hooks = ThreadHooks()
        self._own_levels = self._thread_hooks.own_levels
        self._depth = Depth(self._on_call, self._hear_end)
        self._has_fallen = False  # some thread's hook, and it may not have been set again
        self.heard: set[int] = set()  # threads whose calls were told since this was emptied
        # Called when a thread's hook is dropped, with a sentence that says what it means: by the
        # interpreter, when an exception leaves it, or by us, as the thread has no levels left. We
        # drop none where nobody has it set again.
        self.on_fall: Callable[[str], None] | None = None
        self._at_thread_start: AtThreadStart | None = None
        self._raw_threads = RawThreads(self._on_call, self._thread_hooks)

    @property
    def has_sites(self) -> bool:
        """Whether anything is watched."""
        return bool(self._sites)

    def start(self, on_code: Callable[[CodeType], None]) -> None:
        self._on_code = on_code
        self._door.on_pass = self._let_pass
        self._stopped = False
        self._at_thread_start = AtThreadStart(self._on_call, self)
        threading.settrace(self._at_thread_start)
        # 3.12 delivers opcode events only to hooks set after some frame has asked for them.
        sys._getframe().f_trace_opcodes = True
        sys.settrace(self._on_call)

    def prepare_for_depth(self) -> None:
        self._thread_hooks.prepare(self._on_call)
        self._own_levels = self._thread_hooks.own_levels
        if not self._stopped:
            self._raw_threads.install()

    @property
    def reaches_threads(self) -> bool:
        """Whether ``hook_threads`` can be used."""
        return self._thread_hooks.usable

    def arm(self, code: CodeType, sites: CodeSites, *, layer: str = PROBES) -> None:
        key = id(code)
        if layer != PROBES or (self._layers is not None and key in self._layers):
            sites = self._merged(key, layer, sites)
        self._arm(code, sites)

    def _merged(self, key: int, layer: str, sites: CodeSites) -> CodeSites:
        if self._layers is None:
            from pyprobe.core.events.layers import Layers  # only where there are several

            self._layers = Layers(self.disable)
        return self._layers.put(key, layer, sites, self._sites.get(key))

    def _arm(self, code: CodeType, sites: CodeSites) -> None:
        self._ahead.pop(id(code), None)
        if sites.stored and _has_lines(sites):
            from pyprobe.core.events.ahead import look_ahead  # only where lines are told of

            sites, self._ahead[id(code)] = look_ahead(sites, self.disable)
        self._codes[id(code)] = code
        self._sites[id(code)] = sites
        self._asleep.pop(id(code), None)
        self._mend_hooks()
        self._trace_running(code)

    def _mend_hooks(self) -> None:
        """Have what is armed now heard at once also where a thread's hook was dropped."""
        if self._has_fallen and self.reaches_threads:
            self._has_fallen = not self.hook_threads()

    def rearm(self, code: CodeType) -> None:
        if self._asleep.pop(id(code), None) is not None:
            self._trace_running(code)

    def is_settled(self, code: CodeType) -> bool:
        return True

    def settle(self, code: CodeType) -> None:
        """There is nothing to do; see ``slows_code``."""

    def disarm(self, code: CodeType, *, layer: str = PROBES) -> None:
        key = id(code)
        if self._layers is not None and key in self._layers:
            left = self._merged(key, layer, CodeSites())
            if left:
                self._arm(code, left)
                return
        elif layer != PROBES:
            return
        self._ahead.pop(key, None)
        self._sites.pop(key, None)
        self._codes.pop(key, None)
        self._asleep.pop(key, None)

    def listen_to_lines(self, handler: LineHandler | None) -> None:
        self._line_listener = None
        self._silent = {}
        if handler is None or self._stopped:
            return
        self._line_listener = handler
        self._mend_hooks()
        for _ident, frame in self._running_frames():
            self._trace(frame)

    def listen_to_raises(self, handler: RaiseHandler | None) -> None:
        self._raise_listener = handler
        if handler is None or self._stopped:
            self._depth.leave_ends()
            return
        for _ident, frame in self._running_frames():
            self._trace(frame)

    def let_pass(self, error: BaseException, frame: FrameType) -> None:
        if _gettrace() == self._on_call:
            self._passing = error
            if frame.f_trace is None:
                self._trace(frame)

    def is_own_thread(self) -> bool:
        return get_ident() in self._own_threads

    def exempt_this_thread(self) -> None:
        """Call no handlers in the calling thread: it is ours."""
        self._own_threads.add(get_ident())

    def stop(self) -> None:
        if self._stopped:
            return
        self.listen_to_lines(None)
        self.listen_to_raises(None)
        self._stopped = True
        self._depth.leave()
        self._raw_threads.remove()
        self._sites.clear()
        self._codes.clear()
        self._layers = None
        if sys.gettrace() == self._on_call:
            sys.settrace(None)
        # threading offers no way to read its hook before 3.10's gettrace.
        if threading.gettrace() is self._at_thread_start:
            threading.settrace(None)

    def abandon(self) -> None:
        self.stop()

    def let_go(self) -> None:
        """Leave the calling thread's frames as they would be: the program takes its hook."""
        self._depth.forget(get_ident())
        self._has_fallen = False
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            if id(frame.f_code) in self._codes:  # a debugger may have set f_trace already
                frame.f_trace_opcodes = False
                frame.f_trace_lines = True
            if frame.f_trace == self._on_event:
                frame.f_trace = None
            frame = frame.f_back

    def trace_again(self) -> None:
        """Look into running frames again: the program has given the calling thread's hook back.

        What its own hook has left in frames would be called through ours, so it goes.
        """
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            if frame.f_trace is not None and frame.f_trace != self._on_event:
                frame.f_trace = None
            frame = frame.f_back
        for code in list(self._codes.values()):
            self._trace_running(code)

    def hook_threads(self) -> bool:
        """Listen to the threads that have no hook; False where some have no levels for it now.

        What a hook of the program has left in frames would be called through ours, so it goes.
        """
        bare = self._thread_hooks.threads_without(exempt=self._own_threads)
        if not bare:
            return True
        frames = [frame for ident, frame in self._running_frames() if ident in bare]
        for frame in frames:
            tracer = frame.f_trace
            if tracer is None or self._depth.is_mark(tracer):
                continue
            if tracer != self._on_event:
                frame.f_trace = None
        self._thread_hooks.set_where_none(
            self._on_call, threads=bare, least_levels=2 * _LEAST_LEVELS
        )
        for frame in frames:
            self._on_code(frame.f_code)  # its call may have been heard by nobody
            if id(frame.f_code) in self._codes or self._listens_to(frame.f_code):
                self._trace(frame)
        return not self._thread_hooks.threads_without(exempt=self._own_threads)

    @without_entry_check
    def _on_call(self, frame: FrameType, event: str, arg: Any) -> TraceFunction | None:
        try:
            if self._stopped:
                _settrace(None)
                return None
            ident = get_ident()
            if ident in self._own_threads:
                return None
            if self._own_levels.counter.value < _LEAST_LEVELS and self.on_fall is not None:
                _settrace(None)
                self._depth.enter(frame)
                if self._raise_listener is not None:
                    self._depth.hear_ends()
                self._fall(_LOST_IN_DEPTH)
                return None
            self.heard.add(ident)
            code = frame.f_code
            self._on_code(code)
            sites = self._sites.get(id(code))
            if sites is None and not self._listens_to(code):
                return None
            self._exits.forget(frame)
            self._trace(frame)
        except RecursionError:  # any call of ours may meet the limit that the program is about to
            try:
                again: TraceFunction | None = self._with_room(self._on_call, frame, event, arg)
            except RecursionError:
                return None
            return again
        except BaseException as error:
            self._door.answer(error)
            return None
        return self._on_event

    def _listens_to(self, code: CodeType) -> bool:
        """Whether the lines of ``code``, or what is raised in it, are wanted."""
        listens = self._line_listener is not None or self._raise_listener is not None
        return listens and not self._door.is_own(code)

    def _with_room(self, call: Callable[..., Any], *event: Any) -> Any:
        """Call what has failed for want of levels with more of them, once."""
        counter = self._own_levels.counter
        if not self._thread_hooks.usable or counter.value > _ROOM_LEVELS // 2:
            self._door.fault_count += 1
            return None
        counter.value += _ROOM_LEVELS
        try:
            return call(*event)
        finally:
            counter.value -= _ROOM_LEVELS

    def _finish(self, error: RecursionError, frame: FrameType, event: str, arg: Any) -> None:
        """Take up an event where its handlers have failed for want of levels."""
        parts = getattr(error, "unfinished", None)
        if parts is None:
            self._on_event(frame, event, arg)
            return
        for part in parts:
            if event == "return":
                part(frame, arg)
            else:
                part(frame)

    def _let_pass(self, error: BaseException) -> None:
        """An exception of the program's leaves our hook, which the interpreter then drops."""
        cut_ours_where_uncaught(error)
        self._fall(_LOST_AT_EXCEPTION)

    def _fall(self, loss: str) -> None:
        self._has_fallen = True
        if self.on_fall is not None:
            self.on_fall(loss)

    @without_entry_check
    def _on_event(self, frame: FrameType, event: str, arg: Any) -> TraceFunction | None:
        try:
            sites = self._sites.get(id(frame.f_code))
            if event == "line":
                self._on_line(frame, sites)
            elif event == "exception":
                if arg[1] is self._passing:
                    self._passing = None
                    cut_ours(arg[2])
                if sites is not None:
                    self._exits.note_raise(frame)
                    if sites.every_yield is not None:
                        frame.f_trace_lines = True  # to hear of it if the exception is caught
                listener = self._raise_listener
                if listener is not None and get_ident() not in self._own_threads:
                    self._raised_last.note(frame, arg[1], arg[2])
                    listener(frame, arg[1], arg[2], frame.f_lasti)
            elif event == "return" and self._raised_last:
                self._leave_raising(frame)
                if sites is not None:
                    self._on_leave(frame, sites, arg)
            elif sites is None:
                frame.f_trace_opcodes = False
            elif event == "opcode":
                self._on_opcode(frame, sites)
            elif event == "return":
                self._on_leave(frame, sites, arg)
        except RecursionError as error:
            try:
                if event in ("opcode", "return"):
                    self._with_room(self._finish, error, frame, event, arg)
                else:  # it may be half done
                    self._door.fault_count += 1
            except RecursionError:
                self._door.fault_count += 1
        except BaseException as error:
            self._door.answer(error)
        return self._on_event

    def _hear_end(
        self, frame: FrameType, error: BaseException, traceback: TracebackType | None
    ) -> None:
        listener = self._raise_listener
        if listener is None or get_ident() in self._own_threads:
            return
        try:
            listener(frame, error, traceback, LEAVING)
        except BaseException as own_error:
            self._door.answer(own_error)

    def _leave_raising(self, frame: FrameType) -> None:
        raised, listener = self._raised_last.leave(frame), self._raise_listener
        if raised is not None and listener is not None:
            listener(frame, *raised, LEAVING)

    def _on_line(self, frame: FrameType, sites: CodeSites | None) -> None:
        if self._raised_last:
            self._raised_last.arrive(frame)
        listener = self._line_listener
        if get_ident() in self._own_threads:
            return
        self._exits.note_line(frame)
        line, key = frame.f_lineno, id(frame.f_code)
        handler = None if sites is None else sites.lines.get(line, sites.every_line)
        if handler is not None and -line not in self._asleep.get(key, ()):
            early = self._ahead.get(key, {}).get(frame.f_lasti)
            if early is not None:
                early(frame)
            if handler(frame) is self.disable:
                self._asleep.setdefault(key, set()).add(-line)
        elif listener is None and (sites is None or not _has_lines(sites)):
            frame.f_trace_lines = bool(self._raised_last)
        # A thread may stand in a handler for long: what came since is for later lines.
        if listener is None or listener is not self._line_listener:
            return
        if self._door.is_own(frame.f_code):
            return
        if (key, line) not in self._silent and listener(frame) is self.disable:
            self._silent[key, line] = frame.f_code

    def _on_opcode(self, frame: FrameType, sites: CodeSites) -> None:
        offset = frame.f_lasti
        if offset in sites.yields:
            self._exits.note_yield(frame)
        handler = sites.before.get(offset)
        key = id(frame.f_code)
        if handler is not None and offset not in self._asleep.get(key, ()):
            self._answer(key, sites, offset, frame, handler(frame))

    def _answer(
        self, key: int, sites: CodeSites, offset: int, frame: FrameType, answer: object
    ) -> None:
        if answer is not self.disable:
            return
        asleep = self._asleep.setdefault(key, set())
        asleep.add(offset)
        if not (sites.returns or sites.yields) and asleep.issuperset(sites.before):
            frame.f_trace_opcodes = False

    def _on_leave(self, frame: FrameType, sites: CodeSites, value: object) -> None:
        opname, offset = self._exits.way_out(frame, sites, value)
        if opname.startswith("RETURN_"):
            value_handler = sites.returns.get(offset, sites.every_return)
        elif opname == "YIELD_VALUE":
            value_handler = sites.yields.get(offset, sites.every_yield)
        else:
            value_handler = None
            if sites.unwind is not None:
                sites.unwind(frame)
        if value_handler is not None and offset not in self._asleep.get(id(frame.f_code), ()):
            self._answer(id(frame.f_code), sites, offset, frame, value_handler(frame, value))
        self._exits.forget(frame)  # not before: what lacks room is called again

    def _trace(self, frame: FrameType) -> None:
        """Have the interpreter tell of a frame what its sites and the listeners want."""
        sites = self._sites.get(id(frame.f_code))
        if sites is not None:
            frame.f_trace_opcodes = bool(sites.before or sites.returns or sites.yields)
        local = sites is not None and _has_lines(sites)
        frame.f_trace_lines = local or self._line_listener is not None
        frame.f_trace = self._on_event

    def _trace_running(self, code: CodeType) -> None:
        for _ident, frame in self._running_frames():
            if frame.f_code is code:
                self._trace(frame)

    def _running_frames(self) -> list[tuple[int, FrameType]]:
        """Return the program's frames with their threads.

        One of ours would hold itself, and all that it holds.
        """
        found = []
        tops = sys._current_frames()
        for ident in list(tops):
            frame: FrameType | None = tops.pop(ident)
            while frame is not None and ident not in self._own_threads:
                if not self._door.is_own(frame.f_code):
                    found.append((ident, frame))
                frame = frame.f_back
            frame = None
        return found


def _has_lines(sites: CodeSites) -> bool:
    return bool(sites.lines or sites.every_line)
