"""MathFills: results that were passed over while newer ones were computed, made up for later."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from weakref import ref

from pyprobe.errors import MathError
from pyprobe.session.history import History
from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.history_reading import Ends, HistoryReading, PastHistory
from pyprobe.session.math_inputs import MathInputs, Place, gather
from pyprobe.session.math_sources import (
    Sources,
    places_of,
    reader_at,
    readers_of_run,
    run_epochs,
    sources_of,
)
from pyprobe.session.math_trace import NUMBER_KINDS, MathResult, MathTrace, result_column
from pyprobe.session.math_worker import MathJob, Purpose
from pyprobe.session.trace import Trace

_MOST_RESULTS = 100_000
_MOST_ARRAYS, _MOST_BYTES = 512, 8 << 20
_MOST_SPENT_S = 20.0  # to compute what is missing
_QUICK_S = 0.02
_MOST_EACH_S = 0.1  # one that takes longer would keep others waiting
_GATHER_S = 0.004
_GATHER_BYTES = 4 << 20
_BEFORE_ALL_NS, _AFTER_ALL_NS = -(1 << 62), 1 << 62

Moment = tuple[int, MathInputs | None]
GatherAt = Callable[[int], MathInputs | None]


@dataclass
class _Fill:
    """The captures of the leading source that have a result: ``done``, whose results are ``ends``.

    ``history`` is one that is being made whole, up to ``t_ns``; None while none is.
    """

    leader: "ref[HistoryReading]"
    done: int = 0
    ends: Ends = (0, 0, 0)
    history: History | None = None
    t_ns: int = _BEFORE_ALL_NS


@dataclass(frozen=True)
class Target:
    """What is made whole: a trace's history of this run, or of the run before that began then."""

    trace: MathTrace
    epoch_ns: int | None = None

    @property
    def history(self) -> History:
        """What there is of it."""
        return self.trace.history if self.epoch_ns is None else self.trace.runs[self.epoch_ns]

    @property
    def key(self) -> tuple[int, int | None]:
        """What tells it from others."""
        return self.trace.id, self.epoch_ns

    def adopt(self, history: History) -> None:
        """Take over one that is whole."""
        if self.epoch_ns is None:
            self.trace.adopt(history)
        else:
            self.trace.runs[self.epoch_ns] = history


class MathFills:
    """Makes histories of traces over arrays whole: a result for each capture of their source.

    Of several sources the one of arrays whose newest capture is the newest leads.
    """

    def __init__(self) -> None:
        self._fills: dict[tuple[int, int | None], _Fill] = {}

    def forget(self, trace: MathTrace) -> None:
        """Begin anew with a trace."""
        for key in [key for key in self._fills if key[0] == trace.id]:
            del self._fills[key]

    def begin_run(self, trace: MathTrace, before_ns: int) -> None:
        """Begin anew with a trace's history; the one of the run before is gone on with."""
        fill = self._fills.pop((trace.id, None), None)
        if fill is not None and before_ns in trace.runs:
            self._fills[trace.id, before_ns] = fill

    def _is_wanted(self, target: Target, readers: Mapping[str, HistoryReader]) -> bool:
        """Whether results are missing that can be made up for."""
        leader = self._leader(target, readers)
        if leader is None:
            return False
        fill = self._fills.get(target.key)
        if fill is None or fill.leader() is not leader:
            fill = self._fills[target.key] = _Fill(ref(leader))
        if fill.history is not None:
            return True
        own, there = target.history.ends, leader.ends[1]
        first = max(fill.done, leader.dropped_arrays, there - _most(target))
        if sum(own) - sum(fill.ends) >= there - first:
            fill.done, fill.ends = there, own
            return False
        return True

    def wanted(self, traces: Iterable[MathTrace], named: Mapping[str, Trace]) -> Target | None:
        """Return what of these traces is to be made up for next."""
        for target in _targets_of(traces):
            try:
                sources = sources_of(target.trace, named)
            except MathError:
                continue
            if target.epoch_ns is not None and target.epoch_ns not in run_epochs(sources):
                continue  # a source has it no more
            if self._is_wanted(target, readers_of_run(sources, target.epoch_ns)):
                return target
        return None

    def job(self, target: Target, named: Mapping[str, Trace]) -> MathJob | None:
        """Return what to compute next of what is ``wanted``."""
        trace = target.trace
        sources = sources_of(trace, named)
        gather_at = partial(_gather_at, sources, places_of(sources, named), target.epoch_ns)
        moments = tuple(self._moments(target, gather_at))
        if not moments:
            self.take(target, (), ())  # what was missing has been let go meanwhile
            return None
        return MathJob(trace, trace.expression, None, Purpose.FILL, target, moments=moments)

    def _moments(self, target: Target, gather_at: GatherAt) -> list[Moment]:
        fill = self._fills[target.key]
        leader = fill.leader()
        if leader is None:
            return []
        if fill.history is None:
            self._begin(fill, target, leader)
        found: list[Moment] = []
        until_s, nbytes, t_ns = perf_counter() + _GATHER_S, 0, fill.t_ns
        while nbytes < _GATHER_BYTES and (not found or perf_counter() < until_s):
            next_ns = leader.next_t_ns(t_ns)
            if next_ns is None:
                break
            t_ns = next_ns
            try:
                inputs = gather_at(t_ns)
            except MathError:
                inputs = None  # a moment that gives nothing has no result
            found.append((t_ns, inputs))
            values = inputs.values.values() if inputs is not None else ()
            nbytes += sum(value.nbytes for value in values)
        return found

    def take(
        self, target: Target, moments: Sequence[Moment], results: Sequence[MathResult | None]
    ) -> bool:
        """Keep the results of the first moments; True where the history is whole now."""
        fill = self._fills.get(target.key)
        leader = fill.leader() if fill is not None else None
        if fill is None or leader is None or fill.history is None:
            return False  # something else is computed since
        for (t_ns, inputs), result in zip(moments, results, strict=False):
            if inputs is not None and result is not None:
                fill.history.append(result_column(target.trace.id, inputs, result))
            fill.t_ns = t_ns
        if leader.next_t_ns(fill.t_ns) is not None:
            return False
        fill.done, fill.ends = leader.ends[1], fill.history.ends
        target.adopt(fill.history)
        fill.history = None
        return True

    @staticmethod
    def _leader(target: Target, readers: Mapping[str, HistoryReader]) -> HistoryReading | None:
        if not target.history.count or not _most(target):
            return None
        if target.epoch_ns is None and target.trace.is_series:
            return None
        arrays = [
            (reader.previous_t_ns(_AFTER_ALL_NS) or 0, at, reader)
            for at, reader in enumerate(readers.values())
            if isinstance(reader, HistoryReading) and reader.ends[1] == reader.count
        ]
        return max(arrays)[2] if arrays else None

    @staticmethod
    def _begin(fill: _Fill, target: Target, leader: HistoryReading) -> None:
        own = target.history
        fill.history = History(epoch_ns=own.epoch_ns)
        first = max(leader.dropped_arrays, leader.ends[1] - _most(target))
        if fill.done >= first:
            first = fill.done
            for column in own.columns(target.trace.id, (0, 0, 0), fill.ends):
                fill.history.append(column)
        before = PastHistory(leader, (0, first, 0)).previous_t_ns(_AFTER_ALL_NS)
        fill.t_ns = _BEFORE_ALL_NS if before is None else before


def _gather_at(
    sources: Sources, places: Mapping[str, Place], epoch_ns: int | None, t_ns: int
) -> MathInputs | None:
    if epoch_ns is not None:
        found = readers_of_run(sources, epoch_ns)
        return gather({name: one.as_of(t_ns) for name, one in found.items()}, places)
    return gather({name: reader_at(source, t_ns) for name, source in sources.items()}, places)


def _targets_of(traces: Iterable[MathTrace]) -> list[Target]:
    """Return the histories that may be made whole: those of numbers first, the newest run's first.

    Arrays of earlier runs are computed for what is shown of this one.
    """
    found: list[tuple[bool, int, Target]] = []
    for trace in traces:
        found.append((trace.history.kind not in NUMBER_KINDS, 0, Target(trace)))
        found += [
            (False, -epoch_ns, Target(trace, epoch_ns))
            for epoch_ns, one in trace.runs.items()
            if one.kind in NUMBER_KINDS
        ]
    found.sort(key=lambda one: one[:2])
    return [target for _is_array, _age, target in found]


def _most(target: Target) -> int:
    """Return of how many captures the results are made up for: the newest."""
    trace = target.trace
    if trace.took_s > _MOST_EACH_S:
        return 0
    is_quick = trace.took_s < _QUICK_S
    most = _MOST_RESULTS if is_quick else int(_MOST_SPENT_S / trace.took_s)
    array = target.history.last_array
    if array is None:
        return most
    return min(most, _MOST_ARRAYS, _MOST_BYTES // max(array.nbytes, 1))
