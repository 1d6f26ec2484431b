"""AwaitedJob: code of the program that a stopped thread runs, and its answer, within a time limit.

Nobody waits for it: what has come out is told from the thread itself. One small thread of ours
watches the limit; it runs no code but ours, as any other could be made to stand.
"""

from _thread import allocate_lock, start_new_thread
from _weakref import ref
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType
from typing import Any, Protocol

from pyprobe.core.debug.interruption import Interruptible, Interruption, prepare_interruption
from pyprobe.core.evaluations import PROCESS_EVALUATIONS
from pyprobe.core.plain_types import plain_type_name
from pyprobe.core.value_records import MAX_TEXT_CHARS, encodable
from pyprobe.errors import PyProbeError

RETRY_S = 0.1
TRIES = 5
LATER_RETRY_S = 0.5
_LEVELS = 40  # what running and answering take, beside what the code itself needs


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has come out; ``error`` is one sentence, ``""`` if nothing was raised."""

    value: Any = None
    error: str = ""


class StandingThread(Protocol):
    """What is needed of ``stopped_thread.StoppedThread``."""

    @property
    def frame(self) -> FrameType: ...

    def submit(self, job: Callable[[], object]) -> None: ...


class AwaitedJob:
    """``answer`` is called once, in the stopped thread, or in ours where no end can be had."""

    def __init__(
        self, piece: Callable[[], Any], limit_s: float, answer: Callable[[Outcome], None]
    ) -> None:
        self._piece: Callable[[], Any] | None = piece
        self._limit_s = limit_s
        self._answer: Callable[[Outcome], None] | None = answer
        self._lock = allocate_lock()
        self._interruptible = Interruptible(lambda number: PROCESS_EVALUATIONS.show_signal(number))
        self._started = False
        self._has_ended = False  # ``_done`` cannot say so: whoever waits for it holds it a moment
        self._tell_elsewhere = False
        self._is_unwanted = False
        self._done = allocate_lock()
        self._done.acquire()

    @property
    def is_over(self) -> bool:
        """Whether the code runs no more; true before its answer is told."""
        return self._has_ended

    def begin(self, thread: StandingThread) -> None:
        """Have the thread do it. Called on the service thread, whose signal mask is inherited.

        Raises:
            PyProbeError: the thread has gone on.
        """
        prepare_interruption()
        thread.submit(self._do)
        # A reference that does not keep it: with it goes what the program has shown of itself.
        start_new_thread(self._watch, (ref(thread),))

    def cut_short(self) -> None:
        """Interrupt it soon, as if its limit were over: nobody waits for the answer any more."""
        self._is_unwanted = True

    def _do(self) -> None:
        self._started = True
        piece, self._piece = self._piece, None
        number = PROCESS_EVALUATIONS.begin()
        try:
            _need_levels(_LEVELS)
            outcome = self._outcome_of(piece)
        except RecursionError:  # the program's own recursion has left none
            self._tell_elsewhere = True
            return
        finally:
            PROCESS_EVALUATIONS.end(number)
            self._has_ended = True
            self._done.release()
        self._tell(outcome)

    def _outcome_of(self, piece: Any) -> Outcome:
        try:
            return self._interruptible.run(lambda: _run(piece))
        except Interruption:
            return Outcome(error=f"It was interrupted after {self._limit_s:g} s.")

    def _tell(self, outcome: Outcome) -> None:
        with self._lock:
            answer, self._answer = self._answer, None
        if answer is None:
            return
        try:
            answer(outcome)
        except Exception as error:  # noqa: BLE001 - nothing of this may reach the program
            with suppress(Exception):  # that of a forked child has nobody to tell
                answer(Outcome(error=f"This cannot be shown: {plain_type_name(error)}."))

    def _ends_within(self, wait_s: float) -> bool:
        """Whether it ends in that time; False earlier where it is to be cut short."""
        while wait_s > _LOOK_S and not self._is_unwanted:
            if self._done.acquire(timeout=_LOOK_S):
                return True
            wait_s -= _LOOK_S
        return self._done.acquire(timeout=min(wait_s, RETRY_S) if self._is_unwanted else wait_s)

    def _watch(self, thread: Callable[[], StandingThread | None]) -> None:
        wait_s, tries = self._limit_s, 0
        while not self._ends_within(wait_s):
            if not self._started and _has_gone_on(thread()):
                self._tell(Outcome(error="The program goes on."))
                return
            if self._interruptible.interrupt():
                tries += 1
            wait_s = RETRY_S if tries < TRIES else LATER_RETRY_S
            if tries == TRIES:
                self._tell(Outcome(error=_STUBBORN))
        if self._tell_elsewhere:
            self._tell(Outcome(error=_TOO_DEEP))


_LOOK_S = 0.1
_STUBBORN = (
    "It cannot be interrupted: it catches every exception, or waits in a library."
    " PyProbe goes on trying; until it ends this thread can do nothing else."
)


_TOO_DEEP = "The program's recursion has left no room for this."


def _need_levels(count: int) -> None:
    """Raise RecursionError unless so many calls fit into the thread's stack."""
    if count:
        _need_levels(count - 1)


def _has_gone_on(thread: StandingThread | None) -> bool:
    try:
        return thread is None or thread.frame is None
    except PyProbeError:
        return True


def _run(piece: Callable[[], Any]) -> Outcome:
    try:
        return Outcome(piece())
    except Interruption:
        raise
    except BaseException as error:  # noqa: BLE001 - the program's code may raise anything
        return Outcome(error=describe_error(error))


def describe_error(error: BaseException) -> str:
    """Return what was raised as one sentence. This may run code of the program."""
    if isinstance(error, PyProbeError):
        return str(error)
    if isinstance(error, SyntaxError):
        column = f", column {error.offset}" if error.offset else ""  # 0: it is not known
        where = f" (line {error.lineno}{column})" if error.lineno else ""
        said = f"{error.msg}{where}"
    else:
        try:
            said = str(error)
        except Exception:  # noqa: BLE001 - as above
            said = ""
    name = plain_type_name(error)
    return encodable(f"{name}: {said}" if said else name)[:MAX_TEXT_CHARS]
