"""MathWorker: computes expressions one after the other, beside the front end's thread."""

import queue
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import Enum
from time import monotonic

from pyprobe.errors import MathError
from pyprobe.ipc.column_reader import Column
from pyprobe.session.history import History
from pyprobe.session.math_expression import evaluate, load_functions
from pyprobe.session.math_inputs import MathInputs
from pyprobe.session.math_trace import MathResult, MathTrace, is_series, result_column

LONGEST_S = 5.0


class Purpose(Enum):
    """What a result is for: what is newest, a moment of the past, or a run before this one."""

    NOW = "now"
    PAST = "past"
    RUN = "run"


@dataclass(frozen=True, slots=True)
class MathJob:
    """``key`` says what it is computed from, of any purpose but NOW.

    ``prior`` are results of before, which a result that is no series of its own is put behind.
    """

    trace: MathTrace
    expression: str
    inputs: MathInputs
    purpose: Purpose = Purpose.NOW
    key: Hashable = None
    prior: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class MathDone:
    """``result`` is for NOW, ``history`` for other purposes; both are None where it failed."""

    job: MathJob
    result: MathResult | None = None
    history: History | None = None
    problem: str = ""


class MathWorker(threading.Thread):
    """Computes one job after the other. An abandoned one ends after the job it is at."""

    def __init__(self, done: "queue.SimpleQueue[MathDone]", wakeup: Callable[[], None]) -> None:
        super().__init__(name="pyprobe-math", daemon=True)
        self._jobs: queue.SimpleQueue[MathJob | None] = queue.SimpleQueue()
        self._done = done
        self._wakeup = wakeup
        self._is_abandoned = False
        self._began_s: float | None = None
        self.start()

    def put(self, job: MathJob) -> None:
        """Compute this."""
        self._jobs.put(job)

    def takes_too_long(self) -> bool:
        """Whether it has computed the present job for too long; to get ready does not count."""
        began_s = self._began_s
        return began_s is not None and monotonic() - began_s >= LONGEST_S

    def abandon(self) -> None:
        """Tell nothing more, and end."""
        self._is_abandoned = True
        self._jobs.put(None)

    def close(self) -> None:
        """End; a job that runs is waited for, but no longer than it may take."""
        self.abandon()
        self.join(LONGEST_S)

    def run(self) -> None:
        """Compute until it is abandoned."""
        load_functions()
        while (job := self._jobs.get()) is not None:
            self._began_s = monotonic()
            try:
                done = _done(job)
            except MathError as error:
                done = MathDone(job, problem=str(error))
            self._began_s = None
            if not self._is_abandoned:
                self._done.put(done)
                self._wakeup()


def _done(job: MathJob) -> MathDone:
    result = compute(job.expression, job.inputs)
    if job.purpose is Purpose.NOW:
        return MathDone(job, result)
    history = History(epoch_ns=job.inputs.epoch_ns)
    if not is_series(job.inputs, result):
        for column in job.prior:
            history.append(column)
    history.append(result_column(job.trace.id, job.inputs, result))
    return MathDone(job, history=history)


def compute(expression: str, inputs: MathInputs) -> MathResult:
    """Return an expression's result; runs on any thread.

    Raises:
        MathError: it fails or gives no numbers.
    """
    values = {
        name: value.item() if value.ndim == 0 else value for name, value in inputs.values.items()
    }
    result = evaluate(expression, values)
    # What is kept of it must not keep the whole of a source, such as a place in the ring.
    is_own = result.flags.owndata and not any(result is one for one in inputs.values.values())
    return result if is_own else result.copy()
