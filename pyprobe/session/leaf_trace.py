"""LeafTrace: one leaf of a trace's values as a trace of its own, past captures included."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import ValueKind
from pyprobe.ipc.tree_form import Path
from pyprobe.session.array_leaf import array_leaf_columns
from pyprobe.session.history import History
from pyprobe.session.history_records import Capture, CaptureGoneError, TextCapture
from pyprobe.session.trace import ProbeStatus, Trace
from pyprobe.session.tree_leaf import past_leaf_columns
from pyprobe.session.tree_samples import find_samples
from pyprobe.session.tree_value import TreeValue
from pyprobe.session.values import ArrayValue

if TYPE_CHECKING:
    from pyprobe.session.history_reader import HistoryReader

C = TypeVar("C", bound=Capture[Any])

_BATCH = 256  # captures that are read before the clock is looked at
_SCALARS = (ValueKind.FLOAT, ValueKind.INT, ValueKind.BOOL, ValueKind.COMPLEX)


class LeafTrace:
    """``path`` leads into the values of ``source``. Fulfils ``session.trace.Trace``.

    ``update`` takes what the source has captured since; until it has been called, and while it
    says that more waits, ``history`` lags behind.
    """

    def __init__(
        self,
        trace_id: int,
        source: Trace,
        path: Path,
        *,
        color_index: int = 0,
        make_history: Callable[[int], History] | None = None,
    ) -> None:
        self.id = trace_id
        self.source = source
        self.path = path
        self.color_index = color_index
        self._make_history = make_history or _plain_history
        self._runs: list[_Run] = [self._begin(source.history)]

    def _begin(self, source: "HistoryReader") -> "_Run":
        return _Run(source, self._make_history(source.epoch_ns))

    # What a trace tells.

    @property
    def label(self) -> str:
        """The leaf as Python would write it: ``state['gains'][0]``."""
        return self._root[0] + "".join(self.path)

    @property
    def _root(self) -> tuple[str, str]:
        symbol, _, place = self.source.title.partition(" @ ")
        return symbol, place

    @property
    def title(self) -> str:
        """The whole name: ``state['gain'] @ script.py:10``."""
        place = self._root[1]
        return f"{self.label} @ {place}" if place else self.label

    @property
    def short_title(self) -> str:
        """The name where there is little room."""
        return self.label

    @property
    def status(self) -> ProbeStatus:
        """How the source fares; ARMED until the leaf has come."""
        status = self.source.status
        waits = status in (ProbeStatus.LIVE, ProbeStatus.STALE) and not self.history.count
        return ProbeStatus.ARMED if waits else status

    @property
    def detail(self) -> str:
        """Why the source is INVALID."""
        return self.source.detail

    @property
    def mode(self) -> str:
        """How the source's hits became captures."""
        return self.source.mode

    @property
    def dropped(self) -> int:
        """Hits that the source has lost."""
        return self.source.dropped

    @property
    def run_code(self) -> bool:
        """Whether reading the source may run code of the program."""
        return self.source.run_code

    @property
    def history(self) -> History:
        """The leaf's captures of this run."""
        return self._runs[-1].own

    @property
    def earlier(self) -> Sequence[History]:
        """The leaf's captures of the runs before, oldest first."""
        return tuple(run.own for run in self._runs[:-1])

    @property
    def sample_rate_hz(self) -> float | None:
        """The sample rate of the leaf, where its object carries one beside it."""
        value = self.source.history.last
        if not isinstance(value, TreeValue):
            return self.source.sample_rate_hz
        form = value.tree.form
        node = form.find(self.path)
        if node is None or node.parent < 0:
            return None
        found = find_samples(value.tree, form.nodes[node.parent])
        return 1.0 / found.step if found is not None and found.samples is node else None

    def waiting_sentence(self) -> str:
        """Return what stands in its plot's place before its first capture."""
        if not self.source.history.count or self.source.status is ProbeStatus.INVALID:
            return self.source.waiting_sentence()
        return f"there has been no {self.label} yet"

    # Taking captures.

    def update(self, max_ms: float = 4.0) -> tuple[bool, bool]:
        """Take what the source has captured; return whether there was news, and whether more waits.

        The newest run comes first; it stops when ``max_ms`` are over.
        """
        self._match_runs()
        until = perf_counter() + max_ms / 1e3
        news = False
        for run in reversed(self._runs):
            for columns in run.batches(self.path, self.id):
                news |= run.store(columns)
                if perf_counter() > until:
                    return news, True
        return news, False

    def _match_runs(self) -> None:
        """Keep a run for each history of the source, in the same order."""
        wanted = (*self.source.earlier, self.source.history)
        if len(wanted) == len(self._runs) and all(
            run.source is history for run, history in zip(self._runs, wanted, strict=True)
        ):
            return
        known = {id(run.source): run for run in self._runs}
        self._runs = [known.get(id(history)) or self._begin(history) for history in wanted]

    def close(self) -> None:
        """Give back what the histories hold."""
        for run in self._runs:
            run.own.close()


def _plain_history(epoch_ns: int) -> History:
    return History(epoch_ns=epoch_ns)


@dataclass(frozen=True, slots=True)
class _Part:
    """Some captures, as what keeps trees."""

    captures: Sequence[TextCapture]

    def texts(self) -> Sequence[TextCapture]:
        """Return them."""
        return self.captures


class _Run:
    """One history of the source, and how far it has been taken over."""

    def __init__(self, source: "HistoryReader", own: History) -> None:
        self.source = source
        self.own = own
        self._taken = 0
        self._from_arrays: bool | None = None  # decided by the first value

    def batches(self, path: Path, trace_id: int) -> Iterator[list[Column]]:
        """Yield what has come since, a few captures at a time."""
        if self._from_arrays is None:
            last = self.source.last
            if last is None:
                return
            self._from_arrays = isinstance(last, ArrayValue)
        if self._from_arrays:
            for arrays in self._parts(self.source.arrays(), self.source.dropped_arrays):
                yield list(array_leaf_columns(arrays, path, probe_id=trace_id))
        else:
            for texts in self._parts(self.source.texts(), self.source.dropped_texts):
                yield past_leaf_columns(_Part(texts), path, probe_id=trace_id)

    def _parts(self, kept: Sequence[C], dropped: int) -> Iterator[list[C]]:
        while self._taken < dropped + len(kept):
            start = max(self._taken - dropped, 0)
            stop = min(start + _BATCH, len(kept))
            self._taken = dropped + stop
            yield _readable(kept, start, stop)

    def store(self, columns: list[Column]) -> bool:
        """Keep columns of the leaf; gaps only where they interrupt numbers."""
        news = False
        for column in columns:
            is_gap = column.kind is ValueKind.FLOAT and bool((column.values != column.values).all())
            if is_gap and self.own.kind not in _SCALARS:
                continue  # before the first number, or between arrays
            self.own.append(column)
            news = True
        return news


def _readable(kept: Sequence[C], start: int, stop: int) -> list[C]:
    found: list[C] = []
    for at in range(start, stop):
        try:
            found.append(kept[at])
        except CaptureGoneError:
            continue  # it was let go since, or the disk does not give it back
    return found
