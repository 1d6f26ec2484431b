"""Stopper: the one door through which a thread of the program stops, and goes on again."""

import sys
from _thread import RLock, get_ident
from collections.abc import Callable
from time import perf_counter_ns
from types import CodeType, FrameType

from pyprobe.core.code_registry import PROCESS_REGISTRY
from pyprobe.core.debug.records import IMPORTER, StopPlace, StopReason
from pyprobe.core.debug.stopped_thread import PassedFrame, StoppedThread
from pyprobe.core.evaluations import PROCESS_EVALUATIONS
from pyprobe.core.events.base import EventSource
from pyprobe.core.plain_access import PlainAccessError, read_attribute
from pyprobe.core.value_records import encodable
from pyprobe.errors import PyProbeError
from pyprobe.ipc.messages import Message, State, Stopped

_NOBODY = -1
_ANYBODY = 0
_MOST_CHARS = 1000  # of each text that says where and why a thread stands


class Stopper:
    """Threads stop in handlers of the event source, each in its own; nothing of ours waits.

    Who is asked to stop, or halts with another, does so once it has left the importer's own code.
    ``post`` sends a message from any thread. ``all_threads``: where one stops, all others halt at
    their next line. ``on_stop`` is told the number of each thread that stops. ``wide`` hears each
    line of a program that goes on, as a listener of the source, where it is set by ``listen``.
    ``main_thread`` is the number of the program's main thread, 0 where that is not known.
    """

    def __init__(
        self, source: EventSource, post: Callable[[Message], None], *, main_thread: int = 0
    ) -> None:
        self._source = source
        self._main_thread = main_thread
        self._post = post
        self._lock = RLock()  # a signal handler may come within, and stop, fork or leave
        self._standing: dict[int, StoppedThread] = {}  # the one that stopped last at the end
        self._asked = _NOBODY  # the thread that is to stop at its next line
        self._halts_others = False
        self._threads: frozenset[int] = frozenset()  # those there were when others were halted
        self._wide: Callable[[FrameType], object] | None = None
        self._ended = False
        self.is_unwatched = False  # nobody could let go on what stops, so that nothing does
        self.since_ns = 0  # when the first of those that stand has stopped
        self.all_threads = True
        self.on_stop: Callable[[int], None] = lambda ident: None

    def stop(
        self,
        frame: FrameType,
        reason: StopReason,
        *,
        breakpoint_id: int = 0,
        detail: str = "",
        passed: tuple[PassedFrame, ...] = (),
    ) -> None:
        """Stop the calling thread in ``frame``, its own; return when it may go on.

        ``passed``: the frames that an exception has left, where these are to be looked at.
        What a signal handler of the program raises meanwhile passes through, and lets it go on.
        Harmless in a thread of ours, in one that stands already, and in one that a line has started
        which is just being evaluated.
        """
        ident = get_ident()
        is_free = self._ended or self.is_unwatched or self._works_for_line(ident)
        if is_free or self._source.is_own_thread() or ident in self._standing:
            return
        shown, line = (passed[0].frame, passed[0].line) if passed else (frame, frame.f_lineno or 0)
        place = self._place_of(shown.f_code, line, reason, breakpoint_id, detail)
        is_main = self._main_thread in (0, ident)
        thread = StoppedThread(ident, frame, place, hears_signals=is_main, passed=passed)
        try:
            self._begin(thread)
            thread.stand()
        except BaseException:
            self.let_go(thread)
            raise
        finally:
            with self._lock:
                if self._standing.get(ident) is thread:
                    del self._standing[ident]

    def _place_of(
        self, code: CodeType, line: int, reason: StopReason, breakpoint_id: int, detail: str
    ) -> StopPlace:
        ident = get_ident()
        name = thread_name(ident)
        if not name and ident == self._main_thread:
            name = "MainThread"  # as the program has not loaded threading, which would say so
        return StopPlace(
            thread=ident,
            thread_name=_bounded(name),
            reason=reason,
            file=encodable(PROCESS_REGISTRY.file_of(code)),
            line=line,
            function=_bounded(code.co_qualname),
            breakpoint_id=breakpoint_id,
            detail=_bounded(detail),
        )

    def _begin(self, thread: StoppedThread) -> None:
        place = thread.place
        with self._lock:
            if self._ended or not self._is_to_stand(place):
                thread.release()
                return
            self.on_stop(thread.ident)
            is_first = not self._standing
            if is_first:
                self.since_ns = perf_counter_ns()
            self._standing[thread.ident] = thread
            if place.reason is not StopReason.OTHER:
                if self._asked in (_ANYBODY, thread.ident):
                    self._asked = _NOBODY  # it was to stop, and has
                if self.all_threads:
                    self._halt_others()
                self._listen()
            if is_first:
                self._post(State("paused", place.file, place.line))
            self._post(
                Stopped(
                    thread=place.thread,
                    thread_name=place.thread_name,
                    reason=place.reason.value,
                    file=place.file,
                    line=place.line,
                    function=place.function,
                    breakpoint_id=place.breakpoint_id,
                    detail=place.detail,
                )
            )

    def _is_to_stand(self, place: StopPlace) -> bool:
        """Whether what a thread comes to stand for still holds: meanwhile all may have gone on."""
        if place.reason is StopReason.PAUSE:
            return self._asked in (_ANYBODY, place.thread)
        return self._halts_others or place.reason is not StopReason.OTHER

    def _halt_others(self) -> None:
        if not self._halts_others:
            self._threads = frozenset(sys._current_frames())
        self._halts_others = True

    def _works_for_line(self, ident: int) -> bool:
        """Whether a thread was started by a line that is being evaluated, and that waits for it."""
        is_new = self._halts_others and ident not in self._threads
        return is_new and PROCESS_EVALUATIONS.any_line_runs

    def pause(self, thread: int = 0) -> None:
        """Stop a thread at its next line, or whichever comes to one first.

        The others halt when it stands, and not before: it may be one of them that it waits for.
        """
        with self._lock:
            if self._ended or thread in self._standing or self._halts_others:
                return
            self._asked = thread
            self._listen()

    def go_on(self) -> None:
        """Let all threads go on; harmless when none stands."""
        with self._lock:
            self._asked, self._halts_others = _NOBODY, False
            self._listen()
            self._release(list(self._standing.values()))

    def let_go(self, thread: StoppedThread) -> None:
        """Let a thread go on, and with ``all_threads`` all of them."""
        if self.all_threads:
            self.go_on()
            return
        with self._lock:
            self._release([thread])

    def _release(self, threads: list[StoppedThread]) -> None:
        for thread in threads:
            self._standing.pop(thread.ident, None)
        if threads and not self._standing:
            self._post(State("running", "", 0))
        for thread in threads:
            thread.release()

    def listen(self, wide: Callable[[FrameType], object] | None) -> None:
        """Have each line told from now on, or none. Takes effect at the next line."""
        with self._lock:
            self._wide = wide
            self._listen()

    def _listen(self) -> None:
        wanted = self._wide is not None or self._halts_others or self._asked != _NOBODY
        # A bound method is a new listener each time: it hears none of the lines that are disabled,
        # nor the line in whose handler a thread may just be standing.
        self._source.listen_to_lines(self._on_line if wanted and not self._ended else None)

    def _on_line(self, frame: FrameType) -> object:
        if self._asked != _NOBODY or self._halts_others:
            reason = self._reason_to_stop()
            # It may hold the lock of all imports: ours would wait for as long as the thread stands.
            if reason is not None and not frame.f_code.co_filename.startswith(IMPORTER):
                self.stop(frame, reason)
            return None
        wide = self._wide
        return self._source.disable if wide is None else wide(frame)

    def _reason_to_stop(self) -> StopReason | None:
        with self._lock:
            if self._asked in (_ANYBODY, get_ident()):
                return StopReason.PAUSE
            halts = self._halts_others and not self._works_for_line(get_ident())
            return StopReason.OTHER if halts else None

    @property
    def standing(self) -> tuple[StoppedThread, ...]:
        """The threads that stand; the one that stopped last at the end, those that only halted
        because of another before all that stopped for a reason of their own."""
        threads = list(self._standing.values())
        return tuple(sorted(threads, key=lambda one: one.place.reason is not StopReason.OTHER))

    def stopped(self, thread: int = 0) -> StoppedThread:
        """Return a thread that stands, by its number; 0 for the one that stopped last.

        Raises:
            PyProbeError: it does not stand.
        """
        if thread:
            found = self._standing.get(thread)
            if found is None:
                raise PyProbeError("the thread does not stand")
            return found
        standing = self.standing
        if not standing:
            raise PyProbeError("the program does not stand")
        return standing[-1]

    def leave(self) -> None:
        """Let all go on, for good: nothing stops any more."""
        self._ended = True
        self.go_on()

    def abandon(self) -> None:
        """In a forked child: what has been inherited stands no more, and says nothing."""
        self._ended = True
        self._lock = RLock()
        self._post = lambda message: None
        for thread in list(self._standing.values()):
            thread.release()
        self._standing.clear()


def _bounded(text: str) -> str:
    return encodable(text if len(text) <= _MOST_CHARS else f"{text[:_MOST_CHARS]}…")


def thread_name(ident: int) -> str:
    """Return the program's name of a thread, ``""`` for one that ``threading`` does not know."""
    threading = sys.modules.get("threading")
    active = getattr(threading, "_active", None)
    thread = active.get(ident) if type(active) is dict else None
    if thread is None:
        return ""
    try:
        name = read_attribute(thread, "_name")
    except PlainAccessError:
        return ""
    return name if type(name) is str else ""
