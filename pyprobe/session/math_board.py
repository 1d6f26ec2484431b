"""MathBoard: all math traces of a session, brought up to date beside the front end's thread."""

import queue
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from time import monotonic

from pyprobe.errors import MathError
from pyprobe.session.history import History
from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.math_expression import load_functions, rename_traces
from pyprobe.session.math_inputs import MathInputs, gather
from pyprobe.session.math_trace import MathResult, MathTrace, compute
from pyprobe.session.trace import Trace

LONGEST_S = 5.0


@dataclass(frozen=True, slots=True)
class _Job:
    trace: MathTrace
    expression: str
    inputs: MathInputs


@dataclass(frozen=True, slots=True)
class _Done:
    job: _Job
    result: MathResult | None
    problem: str


class MathBoard:
    """``wakeup`` is called from another thread when ``collect`` has something to take.

    ``sources`` gives the traces an expression may use, in the order of their names ``tr0``,
    ``tr1`` …; a front end calls ``update`` when some of them have news. One expression is computed
    at a time, and each starts from what is newest then. One that takes longer than five seconds is
    given up and says so; the others go on.
    """

    def __init__(
        self,
        sources: Callable[[], Iterable[Trace]],
        wakeup: Callable[[], None],
        *,
        make_history: Callable[[], History] = History,
    ) -> None:
        self.traces: dict[int, MathTrace] = {}
        self._sources = sources
        self._wakeup = wakeup
        self._make_history = make_history
        self._next_id = -1
        self._names: dict[int, str] = {}
        self._stale: dict[int, None] = {}
        self._done: queue.SimpleQueue[_Done] = queue.SimpleQueue()
        self._worker: _Worker | None = None
        self._running: _Job | None = None

    # Traces and their names.

    def name_of(self, trace: Trace) -> str:
        """Return the name of a trace in expressions, which stays with it: ``tr0``, ``tr1`` …"""
        name = self._names.get(trace.id)
        if name is None:
            taken = set(self._names.values())
            name = next(f"tr{n}" for n in range(len(taken) + 1) if f"tr{n}" not in taken)
            self._names[trace.id] = name
        return name

    def named(self) -> dict[str, Trace]:
        """Return all traces an expression may use by their names."""
        return {self.name_of(trace): trace for trace in (*self._sources(), *self.traces.values())}

    def add(self, expression: str, *, color_index: int = 0) -> MathTrace:
        """Add a math trace; what is wrong with its expression stands in its ``detail``."""
        self.named()  # the sources come first
        trace = MathTrace(
            self._next_id,
            "",
            expression,
            color_index=color_index,
            make_history=self._make_history,
        )
        self._next_id -= 1
        trace.name = self.name_of(trace)
        self.traces[trace.id] = trace
        self._mark(trace)
        return trace

    def remove(self, trace: MathTrace) -> None:
        """Compute it no more; its name may be given to another one."""
        if self.traces.pop(trace.id, None) is not None:
            self._names.pop(trace.id, None)
            self._stale.pop(trace.id, None)

    def restore(self, trace: MathTrace) -> None:
        """Bring a removed trace back."""
        self.traces[trace.id] = trace
        trace.name = self.name_of(trace)
        self._mark(trace)

    def set_expression(self, trace: MathTrace, expression: str) -> None:
        """Compute something else from now on."""
        trace.set_expression(expression)
        self._mark(trace)

    # Computing.

    def update(self, trace_ids: set[int]) -> None:
        """Compute anew what depends on these traces, and what depends on that."""
        named = self.named()
        changed = {name for name, trace in named.items() if trace.id in trace_ids}
        for trace in self.traces.values():
            if changed.intersection(trace.uses):
                self._mark(trace)
        self._go_on()

    def collect(self) -> set[int]:
        """Take finished results; return the ids of the traces that have changed."""
        changed: set[int] = set()
        while True:
            try:
                done = self._done.get_nowait()
            except queue.Empty:
                break
            self._running = None
            changed |= self._take(done)
        changed |= self._give_up()
        if changed:
            self.update(changed)
        else:
            self._go_on()
        return changed

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being computed or waits to be."""
        return self._running is None and not self._stale and self._done.empty()

    def close(self) -> None:
        """Compute no more, and leave no thread that still does something."""
        self._stale.clear()
        if self._worker is not None:
            self._worker.close()
            self._worker = None
        for trace in self.traces.values():
            trace.history.close()

    def _mark(self, trace: MathTrace) -> None:
        self._stale[trace.id] = None
        self._go_on()

    def _go_on(self) -> None:
        while self._running is None and self._stale:
            trace_id = next(iter(self._stale))
            del self._stale[trace_id]
            trace = self.traces.get(trace_id)
            job = self._job(trace) if trace is not None else None
            if job is not None:
                self._running = job
                if self._worker is None:
                    self._worker = _Worker(self._done, self._wakeup)
                self._worker.put(job)

    def _job(self, trace: MathTrace) -> _Job | None:
        named = self.named()
        readers: dict[str, HistoryReader] = {}
        for name in trace.uses:
            source = named.get(name)
            if source is None or source.id == trace.id:
                why = "it cannot use itself" if source is not None else f"there is no trace {name}"
                trace.fail(why)
                return None
            readers[name] = source.history
        try:
            inputs = gather(readers) if readers else None
        except MathError as error:
            trace.fail(str(error))
            return None
        return _Job(trace, trace.expression, inputs) if inputs is not None else None

    def _take(self, done: _Done) -> set[int]:
        trace = done.job.trace
        if trace.id not in self.traces or trace.expression != done.job.expression:
            return set()  # it was removed or changed meanwhile
        if done.result is None:
            trace.fail(done.problem)
        else:
            trace.take(done.job.inputs, done.result)
        return {trace.id}

    def _give_up(self) -> set[int]:
        if self._running is None or self._worker is None or not self._worker.takes_too_long():
            return set()
        trace = self._running.trace
        self._running = None
        self._worker.abandon()
        self._worker = None
        trace.fail(f"it takes longer than {LONGEST_S:g} s, and was given up")
        return {trace.id} if trace.id in self.traces else set()

    # Memory.

    def to_list(self, key_of: Callable[[Trace], str]) -> list[dict[str, object]]:
        """Return the math traces as JSON takes them; ``key_of`` gives lasting names of sources."""
        keys = {name: key_of(trace) for name, trace in self.named().items() if trace.id >= 0}
        return [
            {
                "expression": trace.expression,
                "name": trace.name,
                "color": trace.color_index,
                "uses": {name: keys[name] for name in trace.uses if name in keys},
            }
            for trace in self.traces.values()
        ]

    def restore_list(self, data: object, key_of: Callable[[Trace], str]) -> None:
        """Add the math traces of ``to_list``; what is not understood is passed over."""
        by_key = {key_of(trace): name for name, trace in self.named().items() if trace.id >= 0}
        renamed: dict[str, str] = {}
        for entry in data if isinstance(data, list) else ():
            if not isinstance(entry, Mapping) or not isinstance(entry.get("expression"), str):
                continue
            uses = entry.get("uses")
            pairs = uses.items() if isinstance(uses, Mapping) else ()
            names = {**renamed, **{old: by_key[key] for old, key in pairs if key in by_key}}
            color = entry.get("color")
            trace = self.add(
                rename_traces(entry["expression"], names),
                color_index=color if isinstance(color, int) else 0,
            )
            if isinstance(entry.get("name"), str):
                renamed[entry["name"]] = trace.name


class _Worker(threading.Thread):
    """Computes one job after the other. An abandoned one ends after the job it is at."""

    def __init__(self, done: "queue.SimpleQueue[_Done]", wakeup: Callable[[], None]) -> None:
        super().__init__(name="pyprobe-math", daemon=True)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._done = done
        self._wakeup = wakeup
        self._is_abandoned = False
        self._began_s: float | None = None
        self.start()

    def put(self, job: _Job) -> None:
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
        load_functions()
        while (job := self._jobs.get()) is not None:
            self._began_s = monotonic()
            try:
                done = _Done(job, compute(job.expression, job.inputs), "")
            except MathError as error:
                done = _Done(job, None, str(error))
            self._began_s = None
            if not self._is_abandoned:
                self._done.put(done)
                self._wakeup()
