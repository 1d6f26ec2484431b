"""MathWorker: computes expressions one after the other, beside the front end's thread."""

import queue
import threading
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from enum import Enum
from time import monotonic, thread_time

from pyprobe.errors import MathError
from pyprobe.ipc.column_reader import Column
from pyprobe.session.history import History
from pyprobe.session.math_expression import evaluate, load_functions
from pyprobe.session.math_inputs import MathInputs
from pyprobe.session.math_trace import MathResult, MathTrace, is_series, result_column

LONGEST_S = 5.0
_FILL_S = 0.03  # what is wanted sooner waits for it


class Purpose(Enum):
    """What a result is for: what is newest, a moment of the past, or a run before this one.

    FILL is for results of this run that were passed over.
    """

    NOW = "now"
    PAST = "past"
    RUN = "run"
    FILL = "fill"


@dataclass(frozen=True, slots=True)
class MathJob:
    """``key`` says what it is computed from, of any purpose but NOW.

    ``prior`` are results of before, which a result that is no series of its own is put behind.
    ``moments`` are what to compute for FILL, as many as there is time for, in place of ``inputs``.
    """

    trace: MathTrace
    expression: str
    inputs: MathInputs | None
    purpose: Purpose = Purpose.NOW
    key: Hashable = None
    prior: tuple[Column, ...] = ()
    moments: tuple[tuple[int, MathInputs | None], ...] = ()


@dataclass(frozen=True, slots=True)
class MathDone:
    """``result`` is for NOW, ``results`` for FILL, ``history`` for other purposes.

    They are None where it failed. ``took_s`` is the time of the processor it took.
    """

    job: MathJob
    result: MathResult | None = None
    history: History | None = None
    problem: str = ""
    results: tuple[MathResult | None, ...] = ()
    took_s: float = 0.0


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
    began_s = thread_time()  # what else the machine does says nothing of an expression
    if job.inputs is None:
        results = tuple(_results(job, monotonic() + _FILL_S))
        each_s = (thread_time() - began_s) / max(len(results), 1)
        return MathDone(job, results=results, took_s=each_s)
    result = compute(job.expression, job.inputs)
    if job.purpose is Purpose.NOW:
        return MathDone(job, result, took_s=thread_time() - began_s)
    history = History(epoch_ns=job.inputs.epoch_ns)
    if not is_series(job.inputs, result):
        for column in job.prior:
            history.append(column)
    history.append(result_column(job.trace.id, job.inputs, result))
    return MathDone(job, history=history)


def _results(job: MathJob, until_s: float) -> Iterator[MathResult | None]:
    """Yield the results of the first moments, None for one that fails."""
    for _t_ns, inputs in job.moments:
        try:
            yield compute(job.expression, inputs) if inputs is not None else None
        except MathError:
            yield None  # what is wrong at one moment is told where that is looked at
        if monotonic() > until_s:
            return


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
    result = result if is_own else result.copy()
    result.flags.writeable = False  # other expressions may get it
    return result
