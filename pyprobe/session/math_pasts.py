"""MathPasts: what math traces gave at moments of the past, as far as it has been computed."""

from collections import OrderedDict
from collections.abc import Hashable, Iterable
from time import monotonic
from typing import NamedTuple

from pyprobe.ipc.column_reader import Column
from pyprobe.session.history import History
from pyprobe.session.math_trace import MathPast, MathTrace

_MOST_BYTES = 64 << 20
_MOST_KEPT = 256
_MOST_NUMBERS, _MOST_ARRAYS = 1 << 16, 32  # that are drawn behind a result
_MOST_BYTES_BEFORE = 4 << 20
_STAND_IN_S = 0.3  # for so long something like it may be shown for what is being computed


def columns_before(trace: MathTrace, t_ns: int, epoch_ns: int) -> list[Column]:
    """Return the newest results that came one by one up to a time of a run, oldest first."""
    own = trace.history.as_of(t_ns)
    if trace.is_series or not own.count or own.epoch_ns != epoch_ns:
        return []
    scalars, arrays, _texts = own.ends
    start = max(scalars - _MOST_NUMBERS, 0), max(arrays - _MOST_ARRAYS, 0), 0
    newest, nbytes = [], 0
    for column in reversed(list(own.columns(trace.id, start, own.ends))):
        nbytes += sum(one.array.nbytes for one in column.arrays)
        if nbytes > _MOST_BYTES_BEFORE:
            break
        newest.append(column)
    return newest[::-1]


def history_of(columns: Iterable[Column], epoch_ns: int) -> History:
    """Return a history that holds these."""
    history = History(epoch_ns=epoch_ns)
    for column in columns:
        history.append(column)
    return history


def empty_of(trace: MathTrace) -> History:
    """Return a history without a result, of the run that a trace is at."""
    return History(epoch_ns=trace.history.epoch_ns)


class _Told(NamedTuple):
    t_ns: int
    revision: int
    past: MathPast


class MathPasts:
    """Results are kept by what they were computed from, so that the same is not computed again.

    ``wanted`` are the times at which traces are looked at and that have no result yet, the newest
    of each trace.
    """

    def __init__(self) -> None:
        self.wanted: dict[int, int] = {}
        self._revision = 0
        self._kept: OrderedDict[Hashable, MathPast] = OrderedDict()
        self._bytes = 0
        self._told: dict[int, _Told] = {}
        self._shown: dict[int, tuple[str, MathPast]] = {}  # the newest exact one, of an expression
        self._since_s: dict[int, float] = {}

    def outdate(self) -> None:
        """Something has come, gone or been computed: what was told may be other now."""
        self._revision += 1

    def told(self, trace: MathTrace, t_ns: int) -> MathPast | None:
        """Return what was told of a time, where nothing has changed since."""
        told = self._told.get(trace.id)
        return told.past if told is not None and told[:2] == (t_ns, self._revision) else None

    def find(self, key: Hashable) -> MathPast | None:
        """Return the result that was computed from this."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def keep(self, trace: MathTrace, key: Hashable, past: MathPast) -> None:
        """Keep a result, which may be shown until that of the wanted time has come."""
        self._shown[trace.id] = (trace.expression, past)
        if trace.id in self._since_s:
            self._since_s[trace.id] = monotonic()
        known = self._kept.pop(key, None)
        self._bytes += _nbytes(past) - (_nbytes(known) if known is not None else 0)
        self._kept[key] = past
        while len(self._kept) > 1 and (self._bytes > _MOST_BYTES or len(self._kept) > _MOST_KEPT):
            _key, gone = self._kept.popitem(last=False)
            self._bytes -= _nbytes(gone)

    def tell(self, trace: MathTrace, t_ns: int, past: MathPast) -> MathPast:
        """Note what is told of a time."""
        self.wanted.pop(trace.id, None)
        self._since_s.pop(trace.id, None)
        self._shown[trace.id] = (trace.expression, past)
        self._told[trace.id] = _Told(t_ns, self._revision, past)
        return past

    def stand_in(self, trace: MathTrace, t_ns: int) -> MathPast:
        """Ask for the result of a time, and return what may be shown meanwhile."""
        self.wanted[trace.id] = t_ns
        since_s = self._since_s.setdefault(trace.id, monotonic())
        expression, shown = self._shown.get(trace.id, ("", None))
        if _is_late(since_s):
            past = MathPast(empty_of(trace), is_exact=False)
        elif trace.is_series and (own := trace.history.as_of(t_ns)).count:
            past = MathPast(own, is_exact=False)
        elif shown is not None and expression == trace.expression and not shown.problem:
            past = MathPast(shown.history, is_exact=False)
        else:
            past = MathPast(trace.history.as_of(t_ns), is_exact=False)
        self._told[trace.id] = _Told(t_ns, self._revision, past)
        return past

    def late(self) -> set[int]:
        """Return the traces whose plots have waited for too long to show something else."""
        return {one for one, since_s in self._since_s.items() if _is_late(since_s)}

    def forget(self, trace_id: int) -> None:
        """A trace is gone."""
        for known in (self.wanted, self._told, self._shown, self._since_s):
            known.pop(trace_id, None)

    def go_live(self) -> None:
        """Nothing of the past is looked at any more."""
        self.wanted.clear()
        self._since_s.clear()


def _is_late(since_s: float) -> bool:
    return monotonic() - since_s > _STAND_IN_S


def _nbytes(past: MathPast) -> int:
    return past.history.nbytes if isinstance(past.history, History) else 0
