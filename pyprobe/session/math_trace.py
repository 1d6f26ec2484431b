"""MathTrace: a trace that is computed from others by an expression, and drawn like a probe's."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from pyprobe.errors import MathError
from pyprobe.ipc.array_reader import ArrayValue
from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import ValueKind
from pyprobe.session.history import History
from pyprobe.session.math_expression import check, trace_names
from pyprobe.session.math_inputs import MathInputs
from pyprobe.session.trace import ProbeStatus

if TYPE_CHECKING:
    from pyprobe.session.history_reader import HistoryReader

_KINDS = {
    "b": (ValueKind.BOOL, np.bool_, "bool"),
    "i": (ValueKind.INT, np.int64, "int"),
    "u": (ValueKind.INT, np.int64, "int"),
    "f": (ValueKind.FLOAT, np.float64, "float"),
    "c": (ValueKind.COMPLEX, np.complex128, "complex"),
}
NUMBER_KINDS = tuple(kind for kind, _dtype, _word in _KINDS.values())
_LATEST_NS = 1 << 62
MathResult = NDArray[np.generic]


@dataclass(frozen=True, eq=False)
class MathPast:
    """What a math trace gave at a moment: its history then, or the problem with it.

    Not ``is_exact``: it is still being computed, and ``history`` is what may be shown meanwhile.
    """

    history: "HistoryReader"
    problem: str = ""
    is_exact: bool = True


class LookBack(Protocol):
    """Tells what a math trace was at a time: its board."""

    def past(self, trace: "MathTrace", t_ns: int) -> MathPast:
        """Return it, the same object until it would be another."""


class MathTrace:
    """``id`` is negative, so that it is none of a probe's. Fulfils ``session.trace.Trace``.

    ``runs`` are its histories of the runs before this one, by zero of their time axis; ``took_s``
    is how long its newest result took. ``is_computed``: what is newest is being computed.
    """

    dropped = 0
    run_code = False
    sample_rate_hz: float | None = None

    def __init__(
        self,
        trace_id: int,
        name: str,
        expression: str,
        *,
        color_index: int = 0,
        make_history: Callable[[], History] = History,
        look_back: LookBack | None = None,
    ) -> None:
        self.id = trace_id
        self.name = name
        self.color_index = color_index
        self.status = ProbeStatus.ARMED
        self.detail = ""
        self.runs: dict[int, History] = {}
        self.is_series = self.is_computed = False
        self.took_s = 0.0
        self._make_history = make_history
        self._look_back = look_back
        self.history = make_history()
        self.expression = ""
        self.set_expression(expression)

    @property
    def title(self) -> str:
        """The whole name: what it is computed from."""
        return f"{self.name} = {self.expression}" if self.name else self.expression

    @property
    def short_title(self) -> str:
        """The name where there is little room."""
        return self.name or self.expression

    @property
    def mode(self) -> str:
        """What it is, in place of a throttle."""
        return "math"

    @property
    def uses(self) -> tuple[str, ...]:
        """The names of the traces it is computed from."""
        return trace_names(self.expression)

    @property
    def earlier(self) -> tuple[History, ...]:
        """The results of the runs before, oldest first."""
        return tuple(self.runs[epoch_ns] for epoch_ns in sorted(self.runs))

    def waiting_sentence(self) -> str:
        """Return what stands in its plot's place before its first result."""
        if self.status is ProbeStatus.INVALID:
            return f"{self.expression}: {self.detail}"
        if self.is_computed:
            return "computing the first result"
        return f"waiting for {', '.join(self.uses) or 'a value'}"

    # The past.

    def as_of(self, t_ns: int) -> "HistoryReader":
        """Return what it gave, or would have given, at a time."""
        return self._past(t_ns).history

    def fares_at(self, t_ns: int) -> tuple[ProbeStatus, str]:
        """Return how it fared at a time, and what was wrong."""
        past = self._past(t_ns)
        if past.problem:
            return ProbeStatus.INVALID, past.problem
        return ProbeStatus.LIVE if past.history.count else ProbeStatus.ARMED, ""

    def sentence_at(self, t_ns: int) -> str:
        """Return what stands in its plot's place where it had no result at a time."""
        past = self._past(t_ns)
        if past.problem:
            return f"{self.expression}: {past.problem}"
        return "no capture yet at this time" if past.is_exact else "computing what it was then"

    def _past(self, t_ns: int) -> MathPast:
        if self._look_back is None:
            return MathPast(self.history.as_of(t_ns))
        return self._look_back.past(self, t_ns)

    # What the board changes.

    def set_expression(self, expression: str) -> None:
        """Compute something else from now on; what cannot be computed says why."""
        self.expression = expression.strip()
        self.clear()
        try:
            check(self.expression)
            if not self.uses:
                raise MathError("an expression names at least one trace, such as tr0")
        except MathError as error:
            self.fail(str(error))

    def clear(self) -> None:
        """Forget all results and wait for the next one."""
        self.runs = {}
        self._begin(self.history.epoch_ns)

    def begin_run(self, epoch_ns: int) -> None:
        """Wait for the first result of a run.

        Numbers that came one by one stay as those of the run before.
        """
        before = self.history
        if before.count and not self.is_series and before.kind in NUMBER_KINDS:
            self.runs[before.epoch_ns] = before
            self.history = self._make_history()
        self._begin(epoch_ns)

    def _begin(self, epoch_ns: int) -> None:
        self.history.close()
        self.history = self._make_history()
        self.history.epoch_ns = epoch_ns
        self.is_series = False
        self.status, self.detail = ProbeStatus.ARMED, ""

    def fail(self, why: str) -> None:
        """Say why there is no result; what there was stays."""
        self.status, self.detail = ProbeStatus.INVALID, why

    def adopt(self, history: History) -> None:
        """Take over a history that is made whole, and go on behind it.

        Results that are younger than all in it are put behind it.
        """
        before, self.history = self.history, history
        last_seq = _last_seq(history)
        scalars, arrays, _texts = before.ends
        start = max(scalars - 1, 0), max(arrays - 1, 0), 0
        for column in before.columns(self.id, start, before.ends):
            if column.seq[-1] > last_seq:
                history.append(column)
                last_seq = int(column.seq[-1])
        before.close()

    def take(self, inputs: MathInputs, result: MathResult) -> None:
        """Keep a result: a series replaces what was, any other is the newest capture of its run."""
        if self.history.count and self.history.epoch_ns != inputs.epoch_ns:
            self.begin_run(inputs.epoch_ns)
        becomes_series = is_series(inputs, result)
        if becomes_series or self.is_series:
            self._begin(inputs.epoch_ns)
        self.is_series = becomes_series
        self.history.epoch_ns = inputs.epoch_ns
        self.history.append(result_column(self.id, inputs, result))
        self.status, self.detail = ProbeStatus.LIVE, ""


def _last_seq(history: History) -> int:
    newest = history.capture_at(_LATEST_NS)
    return newest.seq if newest is not None else -1


def is_series(inputs: MathInputs, result: MathResult) -> bool:
    """Whether a result is a number for each capture of the first source, and so a whole trace."""
    return inputs.is_series and result.shape == inputs.seq.shape


def result_column(trace_id: int, inputs: MathInputs, result: MathResult) -> Column:
    """Return a result as captures: a series, or one capture at the newest of what was used."""
    if is_series(inputs, result):
        return _scalar_column(trace_id, inputs.seq, inputs.t_ns, result)
    newest = slice(len(inputs.seq) - 1, None)
    return _column(trace_id, inputs.seq[newest], inputs.t_ns[newest], result)


def _scalar_column(
    trace_id: int, seq: NDArray[np.int64], t_ns: NDArray[np.int64], values: MathResult
) -> Column:
    kind, dtype, word = _KINDS[values.dtype.kind]
    return Column(
        probe_id=trace_id,
        kind=kind,
        dtype=word,
        seq=seq,
        t_ns=t_ns,
        thread=np.zeros(len(seq), np.uint64),
        values=values.astype(dtype),
    )


def _column(
    trace_id: int, seq: NDArray[np.int64], t_ns: NDArray[np.int64], result: MathResult
) -> Column:
    if result.ndim == 0:
        return _scalar_column(trace_id, seq, t_ns, result.reshape(1))
    return Column(
        probe_id=trace_id,
        kind=ValueKind.ARRAY,
        dtype=str(result.dtype),
        seq=seq,
        t_ns=t_ns,
        thread=np.zeros(1, np.uint64),
        arrays=[ArrayValue(result, "ndarray", result.shape, "")],
    )
