"""MathBoard: all math traces of a session, brought up to date beside the front end's thread."""

import queue
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from time import monotonic

from pyprobe.errors import MathError
from pyprobe.session import math_worker
from pyprobe.session.history import History
from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.math_fills import MathFills, Target
from pyprobe.session.math_inputs import gather
from pyprobe.session.math_pasts import MathPasts, columns_before, empty_of, history_of
from pyprobe.session.math_runs import MathRuns
from pyprobe.session.math_sources import (
    Sources,
    key_of,
    places_of,
    reader_at,
    sources_of,
)
from pyprobe.session.math_trace import MathPast, MathTrace
from pyprobe.session.math_worker import MathDone, MathJob, MathWorker, Purpose
from pyprobe.session.trace import ProbeStatus, Trace

_RUNS_EVERY_S = 0.1  # while there is always something newer to compute
_FILL_AFTER_S = 0.3  # without anything newer


class MathBoard:
    """``wakeup`` is called when ``collect`` has something to take, mostly from another thread.

    ``sources`` gives the traces an expression may use, in the order of their names ``tr0``,
    ``tr1`` …; a front end calls ``update`` when some of them have news. One expression is computed
    at a time, and each starts from what is newest then. One that takes longer than five seconds is
    given up and says so; the others go on. What is looked at in the past comes first, then what is
    newest, then runs before the current one. When nothing newer has come for ``fill_after_s``,
    results that were passed over are made up for; with None they never are.
    """

    def __init__(
        self,
        sources: Callable[[], Iterable[Trace]],
        wakeup: Callable[[], None],
        *,
        make_history: Callable[[], History] = History,
        fill_after_s: float | None = _FILL_AFTER_S,
    ) -> None:
        self.traces: dict[int, MathTrace] = {}
        self._sources = sources
        self._wakeup = wakeup
        self._make_history = make_history
        self._next_id = -1
        self._names: dict[int, str] = {}
        self._lost: set[str] = set()  # what remembered expressions call traces that are not there
        self._stale: dict[int, None] = {}
        self._bound: dict[int, frozenset[int]] = {}
        self._pasts = MathPasts()
        self._runs = MathRuns()
        self._fills = MathFills()
        self._fill_after_s = fill_after_s
        self._runs_s = self._newest_s = 0.0
        self._fill_waits = False
        self._news: set[int] = set()
        self._shown_ns: int | None = None
        self._done: queue.SimpleQueue[MathDone] = queue.SimpleQueue()
        self._worker: MathWorker | None = None
        self._running: MathJob | None = None

    # Traces and their names.

    def name_of(self, trace: Trace) -> str:
        """Return the name of a trace in expressions, which stays with it: ``tr0``, ``tr1`` …"""
        name = self._names.get(trace.id)
        if name is None:
            name = self._names[trace.id] = self._free_name()
        return name

    def lost_name(self) -> str:
        """Return a name that no trace has or gets, for one that is not there any more."""
        name = self._free_name()
        self._lost.add(name)
        return name

    def _free_name(self) -> str:
        used = (name for trace in self.traces.values() for name in trace.uses)
        taken = {*self._names.values(), *self._lost, *used}
        return next(f"tr{n}" for n in range(len(taken) + 1) if f"tr{n}" not in taken)

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
            look_back=self,
        )
        self._next_id -= 1
        trace.name = self.name_of(trace)
        self.traces[trace.id] = trace
        self._mark(trace)
        return trace

    def remove(self, trace: MathTrace) -> None:
        """Compute it no more; its name may be given to another one, unless an expression has it."""
        if self.traces.pop(trace.id, None) is not None:
            self._names.pop(trace.id, None)
            self._stale.pop(trace.id, None)
            self._pasts.forget(trace.id)
            self.update(set())

    def restore(self, trace: MathTrace) -> None:
        """Bring a removed trace back."""
        if trace.name not in self._names.values():
            self._names[trace.id] = trace.name
        trace.name = self.name_of(trace)
        self.traces[trace.id] = trace
        self._mark(trace)
        self.update({trace.id})

    def set_expression(self, trace: MathTrace, expression: str) -> None:
        """Compute something else from now on."""
        trace.set_expression(expression)
        self._runs.forget(trace)
        self._fills.forget(trace)
        self._mark(trace)

    # Computing.

    def update(self, trace_ids: set[int]) -> None:
        """Compute anew what depends on these traces, and what depends on that.

        So is what names a trace that has gone or come since.
        """
        self._pasts.outdate()
        named = self.named()
        for trace in self.traces.values():
            if self._bind(trace, named) or trace_ids.intersection(self._bound[trace.id]):
                self._stale[trace.id] = None
        self._go_on()

    def _bind(self, trace: MathTrace, named: Mapping[str, Trace]) -> bool:
        """Note which traces an expression names; whether these are other ones than before."""
        found = (named.get(name) for name in trace.uses)
        bound = frozenset(0 if source is None else source.id for source in found)
        is_new = bound != self._bound.get(trace.id)
        self._bound[trace.id] = bound
        return is_new

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
        late = self._pasts.late()
        if late:
            self._pasts.outdate()
        news, self._news = self._news, set()
        return changed | late | news

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being computed or waits to be, and nothing is to be told."""
        waits = self._stale or self._pasts.wanted or self._news or self._fill_waits
        return self._running is None and not waits and self._done.empty()

    def close(self) -> None:
        """Compute no more, and leave no thread that still does something."""
        self._stale.clear()
        self._fill_waits = False
        self._pasts.go_live()
        if self._worker is not None:
            self._worker.close()
            self._worker = None
        for trace in self.traces.values():
            trace.history.close()

    def _mark(self, trace: MathTrace) -> None:
        self._pasts.outdate()
        self._bind(trace, self.named())
        self._stale[trace.id] = None
        self._go_on()

    def _tell(self, trace: MathTrace) -> None:
        """Let ``collect`` return a trace that has changed without a result."""
        self._pasts.outdate()
        self._news.add(trace.id)
        self._wakeup()

    def _go_on(self) -> None:
        if self._running is not None:
            return
        named = self.named() if self.traces else {}
        job = self._past_job(named)
        if job is None and monotonic() - self._runs_s > _RUNS_EVERY_S:
            job = self._run_job(named)
        job = job or self._newest_job(named) or self._run_job(named) or self._fill_job(named)
        if job is not None:
            if job.purpose is Purpose.NOW:
                job.trace.is_computed = True
                if not job.trace.history.count:
                    self._tell(job.trace)
            self._running = job
            if self._worker is None:
                self._worker = MathWorker(self._done, self._wakeup)
            self._worker.put(job)

    # What is newest.

    def _newest_job(self, named: Mapping[str, Trace]) -> MathJob | None:
        while self._stale:
            trace_id = next(iter(self._stale))
            del self._stale[trace_id]
            trace = self.traces.get(trace_id)
            job = self._job(trace, named) if trace is not None else None
            if job is not None:
                self._newest_s = monotonic()
                return job
        return None

    def _job(self, trace: MathTrace, named: Mapping[str, Trace]) -> MathJob | None:
        try:
            sources = sources_of(trace, named)
            if not sources:
                return None
            self._match_run(trace, sources, named)
            readers = {name: source.history for name, source in sources.items()}
            inputs = gather(readers, places_of(sources, named))
        except MathError as error:
            if (trace.status, trace.detail) != (ProbeStatus.INVALID, str(error)):
                trace.fail(str(error))
                self._tell(trace)
            return None
        return MathJob(trace, trace.expression, inputs) if inputs is not None else None

    def _match_run(self, trace: MathTrace, sources: Sources, named: Mapping[str, Trace]) -> None:
        """Begin a trace's history anew where its sources have begun another run."""
        for source in sources.values():
            if isinstance(source, MathTrace):
                with suppress(MathError):  # it stands in its own plot
                    self._match_run(source, sources_of(source, named), named)
        epoch_ns = max((source.history.epoch_ns for source in sources.values()), default=0)
        if trace.history.count and trace.history.epoch_ns != epoch_ns:
            before_ns = trace.history.epoch_ns
            trace.begin_run(epoch_ns)
            self._fills.begin_run(trace, before_ns)
            self._tell(trace)

    def _take(self, done: MathDone) -> set[int]:
        job, trace = done.job, done.job.trace
        if job.purpose is Purpose.NOW:
            trace.is_computed = False
        if trace.id not in self.traces or trace.expression != job.expression:
            return set()  # it was removed or changed meanwhile
        if job.purpose is Purpose.NOW:
            if done.result is None or job.inputs is None:
                trace.fail(done.problem)
            else:
                trace.take(job.inputs, done.result)
                trace.took_s = done.took_s
            return {trace.id}
        if job.purpose is Purpose.FILL:
            return self._take_fill(job, done)
        if job.purpose is Purpose.PAST:
            past = MathPast(done.history or empty_of(trace), done.problem)
            self._pasts.keep(trace, job.key, past)
        elif job.inputs is not None:
            inputs = job.inputs
            self._runs.keep(
                trace, inputs.epoch_ns, job.key, done.history, is_series=inputs.is_series
            )
        self._pasts.outdate()
        self._news.add(trace.id)
        return set()

    def _give_up(self) -> set[int]:
        if self._running is None or self._worker is None or not self._worker.takes_too_long():
            return set()
        job, self._running = self._running, None
        self._worker.abandon()
        self._worker = None
        why = f"it takes longer than {math_worker.LONGEST_S:g} s, and was given up"
        return self._take(MathDone(job, problem=why, took_s=math_worker.LONGEST_S))

    # The past.

    def show_at(self, t_ns: int | None) -> None:
        """Hear which time is shown; None is live."""
        self._shown_ns = t_ns
        if t_ns is None:
            self._pasts.go_live()
        self._go_on()

    def past(self, trace: MathTrace, t_ns: int) -> MathPast:
        """Return what a trace gave at a time; until that is computed, what may be shown for it."""
        found = self._past(trace, t_ns, None)
        if not found.is_exact:
            self._go_on()
            self._wakeup()  # so that somebody looks whether it takes too long
        return found

    def _past(self, trace: MathTrace, t_ns: int, named: Mapping[str, Trace] | None) -> MathPast:
        told = self._pasts.told(trace, t_ns)
        if told is not None:
            return told
        try:
            readers = self._past_readers(trace, t_ns, named or self.named())
            found = self._pasts.find(key_of(trace, readers)) if readers is not None else None
        except MathError as error:
            found = MathPast(empty_of(trace), str(error))
        if found is not None:
            return self._pasts.tell(trace, t_ns, found)
        return self._pasts.stand_in(trace, t_ns)

    def _past_readers(
        self, trace: MathTrace, t_ns: int, named: Mapping[str, Trace]
    ) -> dict[str, HistoryReader] | None:
        """Return what the sources had at a time; None where that is to be computed first.

        Raises:
            MathError: there is none of a name, or something was wrong with it.
        """
        readers: dict[str, HistoryReader] = {}
        for name, source in sources_of(trace, named).items():
            if isinstance(source, MathTrace):
                past = self._past(source, t_ns, named)
                if past.problem:
                    raise MathError(f"{name}: {past.problem}")
                if not past.is_exact:
                    return None
                readers[name] = past.history
            else:
                readers[name] = reader_at(source, t_ns)
        return readers

    def _past_job(self, named: Mapping[str, Trace]) -> MathJob | None:
        for trace_id, t_ns in list(self._pasts.wanted.items()):
            trace = self.traces.get(trace_id)
            if trace is None:
                self._pasts.forget(trace_id)
                continue
            try:
                readers = self._past_readers(trace, t_ns, named)
                job = self._job_of_past(trace, t_ns, readers, named) if readers else None
            except MathError:  # ``past`` will say so
                readers, job = {}, None
            if job is not None:
                return job
            if readers is not None:
                self._pasts.wanted.pop(trace_id, None)
                self._tell(trace)
        return None

    def _job_of_past(
        self,
        trace: MathTrace,
        t_ns: int,
        readers: dict[str, HistoryReader],
        named: Mapping[str, Trace],
    ) -> MathJob | None:
        """Return what is to be computed; None where the result is known, and kept now."""
        key = key_of(trace, readers)
        if self._pasts.find(key) is not None:
            return None
        try:
            inputs = gather(readers, places_of(sources_of(trace, named), named))
        except MathError as error:
            self._pasts.keep(trace, key, MathPast(empty_of(trace), str(error)))
            return None
        if inputs is None:
            self._pasts.keep(trace, key, MathPast(empty_of(trace)))
            return None
        prior = columns_before(trace, t_ns, inputs.epoch_ns)
        newest_seq = prior[-1].seq[-1] if prior else -1
        if newest_seq == inputs.seq[-1:] and not inputs.is_series:
            self._pasts.keep(trace, key, MathPast(history_of(prior, inputs.epoch_ns)))
            return None
        prior = [column for column in prior if column.seq[-1] < inputs.seq[-1]]
        return MathJob(trace, trace.expression, inputs, Purpose.PAST, key, tuple(prior))

    # The runs before, and what was passed over.

    def _run_job(self, named: Mapping[str, Trace]) -> MathJob | None:
        self._runs_s = monotonic()
        return self._runs.next_job(self.traces.values(), named, self._shown_ns, self._tell)

    def _fill_job(self, named: Mapping[str, Trace]) -> MathJob | None:
        self._fill_waits = False
        if self._fill_after_s is None:
            return None
        live = [trace for trace in self.traces.values() if trace.status is ProbeStatus.LIVE]
        wanted = self._fills.wanted(live, named)
        if wanted is not None and monotonic() - self._newest_s < self._fill_after_s:
            self._fill_waits = True
            return None
        return self._fills.job(wanted, named) if wanted is not None else None

    def _take_fill(self, job: MathJob, done: MathDone) -> set[int]:
        job.trace.took_s = done.took_s
        target = job.key
        if not isinstance(target, Target):
            return set()
        if not self._fills.take(target, job.moments, done.results):
            return set()
        if target.epoch_ns is None:
            return {job.trace.id}
        self._news.add(job.trace.id)
        return set()
