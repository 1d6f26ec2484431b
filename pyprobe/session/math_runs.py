"""MathRuns: what math traces give of the runs before this one, each a generation of its own."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence

from pyprobe.errors import MathError
from pyprobe.session.history import History
from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.math_inputs import MathInputs, Place, gather
from pyprobe.session.math_sources import (
    Sources,
    key_of,
    places_of,
    reader_at,
    run_epochs,
    run_readers,
    sources_of,
)
from pyprobe.session.math_trace import NUMBER_KINDS, MathTrace
from pyprobe.session.math_worker import MathJob, Purpose
from pyprobe.session.probe import MAX_EARLIER_BYTES
from pyprobe.session.trace import Trace


class MathRuns:
    """Knows what each run of each math trace was computed from; the results stand in the trace.

    A run that has no such key was taken over as it came, and is not computed.
    """

    def __init__(self) -> None:
        self._keys: dict[tuple[int, int], Hashable] = {}
        self._order: dict[tuple[int, int], int] = {}  # in which they were computed

    def next_job(
        self,
        traces: Iterable[MathTrace],
        named: Mapping[str, Trace],
        shown_ns: int | None,
        changed: Callable[[MathTrace], None],
    ) -> MathJob | None:
        """Return the next run to compute, for what is shown at a time; None is live.

        ``changed`` hears of traces that have lost a run.
        """
        found: list[tuple[MathTrace, Sources, int]] = []
        for trace in traces:
            try:
                sources = sources_of(trace, named)
            except MathError:
                continue
            epochs = run_epochs(sources)
            if self._match(trace, epochs):
                changed(trace)
            found += [(trace, sources, epoch_ns) for epoch_ns in self._computed(trace, epochs)]
        # In turn: what is shown may change all the time.
        found.sort(key=lambda one: self._order.get((one[0].id, one[2]), -1))
        for trace, sources, epoch_ns in found:
            if epoch_ns not in run_epochs(sources):
                continue  # another math trace has been found to give nothing of it
            readers = run_readers(sources, _shown(sources, shown_ns), epoch_ns)
            key = key_of(trace, readers)
            if self._keys.get((trace.id, epoch_ns)) == key:
                continue
            inputs = _inputs(readers, places_of(sources, named))
            if inputs is not None:
                self._order[trace.id, epoch_ns] = max(self._order.values(), default=0) + 1
                return MathJob(trace, trace.expression, inputs, Purpose.RUN, key)
            self.keep(trace, epoch_ns, key, None)
        return None

    def forget(self, trace: MathTrace) -> None:
        """Compute all runs of a trace anew."""
        for known in [one for one in self._keys if one[0] == trace.id]:
            del self._keys[known]

    def _match(self, trace: MathTrace, epochs: Sequence[int]) -> bool:
        """Let go of runs that the sources have no more; True where there were any."""
        gone = trace.runs.keys() - set(epochs)
        for epoch_ns in gone:
            del trace.runs[epoch_ns]
            self._keys.pop((trace.id, epoch_ns), None)
            self._order.pop((trace.id, epoch_ns), None)
        return bool(gone)

    def _computed(self, trace: MathTrace, epochs: Sequence[int]) -> Iterator[int]:
        """Yield the runs that are computed, the newest first, as far as memory allows."""
        used_bytes = 0
        for epoch_ns in epochs:
            if used_bytes > MAX_EARLIER_BYTES:
                return
            known = trace.runs.get(epoch_ns)
            used_bytes += known.nbytes if known is not None else 0
            if known is None or (trace.id, epoch_ns) in self._keys:
                yield epoch_ns

    def keep(
        self,
        trace: MathTrace,
        epoch_ns: int,
        key: Hashable,
        history: History | None,
        *,
        is_series: bool = False,
    ) -> None:
        """Take a result, of sources that are series or not; None where there is none."""
        self._keys[trace.id, epoch_ns] = key
        if history is not None and not is_series and history.kind in NUMBER_KINDS:
            del self._keys[trace.id, epoch_ns]  # the others of the run are made up for
        if history is not None:
            trace.runs[epoch_ns] = history
        else:
            trace.runs.pop(epoch_ns, None)


def _shown(sources: Sources, shown_ns: int | None) -> dict[str, HistoryReader]:
    if shown_ns is None:
        return {name: source.history for name, source in sources.items()}
    return {name: reader_at(source, shown_ns) for name, source in sources.items()}


def _inputs(readers: Mapping[str, HistoryReader], places: Mapping[str, Place]) -> MathInputs | None:
    try:
        return gather(readers, places)
    except MathError:
        return None  # a run that gives nothing is not drawn
