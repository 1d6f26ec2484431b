"""Math sources: which traces an expression is computed from, and where they stand in a round."""

from collections.abc import Hashable, Mapping
from operator import gt
from typing import NamedTuple
from weakref import ref

from pyprobe.analysis.occurrence import OccurrenceKind
from pyprobe.errors import MathError
from pyprobe.session.comparison_traces import OtherTrace
from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.history_reading import HistoryReading, PastHistory
from pyprobe.session.leaf_trace import LeafTrace
from pyprobe.session.math_inputs import APART, Place
from pyprobe.session.math_trace import MathTrace
from pyprobe.session.past_readers import HasPast
from pyprobe.session.probe import Probe
from pyprobe.session.trace import Trace

_BINDING = (OccurrenceKind.STORE, OccurrenceKind.MEMBER_STORE, OccurrenceKind.BASE_STORE)

_LATEST_NS = 1 << 62

Sources = Mapping[str, Trace]


class Extent(NamedTuple):
    """A history and how much of it is meant; equal where both are the same.

    It does not keep the history, which gives back its room when nobody else holds it.
    """

    history: "ref[HistoryReader]"
    ends: tuple[int, ...]


def extent_of(reader: HistoryReader) -> Extent:
    """Return what a reader reads, to tell whether two would give the same."""
    if isinstance(reader, HistoryReading):
        return Extent(ref(reader.whole), reader.ends)
    return Extent(ref(reader), (reader.count,))


def key_of(trace: MathTrace, readers: Mapping[str, HistoryReader]) -> Hashable:
    """Return what a result is computed from: an expression and what it is over."""
    return trace.id, trace.expression, *(extent_of(reader) for reader in readers.values())


def sources_of(trace: MathTrace, named: Mapping[str, Trace]) -> Sources:
    """Return the traces that an expression names, by their names.

    Raises:
        MathError: there is none of a name, or the trace would be computed from itself.
    """
    found: dict[str, Trace] = {}
    for name in trace.uses:
        source = named.get(name)
        if source is None:
            raise MathError(f"there is no trace {name}")
        if source.id == trace.id:
            raise MathError("it cannot use itself")
        if isinstance(source, MathTrace) and _reaches(source, trace, named, set()):
            raise MathError(f"it cannot use itself, as {name} does")
        found[name] = source
    return found


def _reaches(
    start: MathTrace, wanted: MathTrace, named: Mapping[str, Trace], seen: set[int]
) -> bool:
    """Whether a math trace is computed from another one, or from what is."""
    seen.add(start.id)
    for name in start.uses:
        source = named.get(name)
        if source is wanted:
            return True
        is_new = isinstance(source, MathTrace) and source.id not in seen
        if is_new and isinstance(source, MathTrace) and _reaches(source, wanted, named, seen):
            return True
    return False


def places_of(sources: Sources, named: Mapping[str, Trace]) -> dict[str, Place]:
    """Return where the sources stand in their function, of those that are known to stand in one."""
    found = {name: _place_of(source, named, 0) for name, source in sources.items()}
    return {name: place for name, place in found.items() if place is not None}


def _place_of(trace: Trace | None, named: Mapping[str, Trace], depth: int) -> Place | None:
    if isinstance(trace, OtherTrace):
        return APART
    if isinstance(trace, LeafTrace):
        return _place_of(trace.source, named, depth)
    if isinstance(trace, MathTrace):  # its results stand at the captures of the first it names
        first = named.get(trace.uses[0]) if trace.uses and depth < len(named) else None
        return _place_of(first, named, depth + 1)
    if not isinstance(trace, Probe):
        return None
    one = trace.occurrence
    scope = (trace.anchor.file, one.scope)
    # A statement reads before it binds.
    return Place(scope, (one.statement.line, int(one.kind in _BINDING)))


def run_epochs(sources: Sources) -> list[int]:
    """Return the zeros of the runs before this one that all sources were in, the newest first."""
    known = [{history.epoch_ns for history in source.earlier} for source in sources.values()]
    common = set.intersection(*known) if known else set()
    return sorted(common, reverse=True)


def reader_at(source: Trace, t_ns: int) -> HistoryReader:
    """Return what a trace had captured by a time; of a math trace what has been computed."""
    if isinstance(source, HasPast) and not isinstance(source, MathTrace):
        return source.as_of(t_ns)
    return source.history.as_of(t_ns)


def readers_of_run(sources: Sources, epoch_ns: int | None) -> dict[str, HistoryReader]:
    """Return all that sources captured in a run before that all were in; None is this run."""
    if epoch_ns is None:
        return {name: source.history for name, source in sources.items()}
    return {
        name: next(one for one in source.earlier if one.epoch_ns == epoch_ns)
        for name, source in sources.items()
    }


def run_readers(
    sources: Sources, shown: Mapping[str, HistoryReader], epoch_ns: int
) -> dict[str, HistoryReader]:
    """Return what sources captured in a run before.

    Where there are arrays: up to the moment at which it had as many captures as are shown of this
    run, as what is laid over each other is to be of the same point of the program.
    """
    found = readers_of_run(sources, epoch_ns)
    readings = [one for one in found.values() if isinstance(one, HistoryReading)]
    if not any(one.ends[1] for one in readings):
        return found
    cut = {name: _cut(one, shown[name]) for name, one in found.items()}
    times_ns = {name: one.previous_t_ns(_LATEST_NS) for name, one in cut.items() if one is not None}
    known_ns = {name: t_ns for name, t_ns in times_ns.items() if t_ns is not None}
    if not known_ns:
        return found
    leader = max(known_ns, key=lambda name: known_ns[name])
    at_ns = known_ns[leader]
    before_ns, after_ns = found[leader].previous_t_ns(at_ns), found[leader].next_t_ns(at_ns)
    # One that was added later in one of the runs goes by the other's round.
    until_ns = at_ns if before_ns is None else (after_ns or _LATEST_NS) - 1
    since_ns = at_ns - 1 if before_ns is None else before_ns
    readers: dict[str, HistoryReader] = {}
    for name, history in found.items():
        own = cut[name]
        is_beside = own is not None and known_ns.get(name, since_ns) > since_ns
        readers[name] = own if own is not None and is_beside else history.as_of(until_ns)
    return readers


def _cut(history: HistoryReader, shown: HistoryReader) -> HistoryReader | None:
    """Return a run's first captures, as many as are shown; None where it has fewer, or none are."""
    if not isinstance(history, HistoryReading) or not isinstance(shown, HistoryReading):
        return None
    if not shown.count or any(map(gt, shown.ends, history.ends)):
        return None
    scalars, arrays, texts = shown.ends
    return PastHistory(history, (scalars, arrays, texts))
