"""MathTrace: a trace that is computed from others by an expression, and drawn like a probe's."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pyprobe.errors import MathError
from pyprobe.ipc.array_reader import ArrayValue
from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import ValueKind
from pyprobe.session.history import History
from pyprobe.session.math_expression import check, evaluate, trace_names
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
MathResult = NDArray[np.generic]


class MathTrace:
    """``id`` is negative, so that it is none of a probe's. Fulfils ``session.trace.Trace``."""

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
    ) -> None:
        self.id = trace_id
        self.name = name
        self.color_index = color_index
        self.status = ProbeStatus.ARMED
        self.detail = ""
        self.earlier: Sequence[HistoryReader] = ()
        self._make_history = make_history
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

    def waiting_sentence(self) -> str:
        """Return what stands in its plot's place before its first result."""
        if self.status is ProbeStatus.INVALID:
            return f"{self.expression}: {self.detail}"
        return f"waiting for {', '.join(self.uses) or 'a value'}"

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
        self.history.close()
        self.history = self._make_history()
        self.status, self.detail = ProbeStatus.ARMED, ""

    def fail(self, why: str) -> None:
        """Say why there is no result; what there was stays."""
        self.status, self.detail = ProbeStatus.INVALID, why

    def take(self, inputs: MathInputs, result: MathResult) -> None:
        """Keep a result: a series replaces what was, any other is the newest capture of its run."""
        is_series = inputs.is_series and result.shape == inputs.seq.shape
        if is_series or self.history.epoch_ns != inputs.epoch_ns:
            self.history.close()
            self.history = self._make_history()
            self.history.epoch_ns = inputs.epoch_ns
        if is_series:
            self.history.append(_scalar_column(self.id, inputs.seq, inputs.t_ns, result))
        else:
            newest = slice(len(inputs.seq) - 1, None)
            self.history.append(_column(self.id, inputs.seq[newest], inputs.t_ns[newest], result))
        self.status, self.detail = ProbeStatus.LIVE, ""


def compute(expression: str, inputs: MathInputs) -> MathResult:
    """Return an expression's result; runs on any thread.

    Raises:
        MathError: it fails or gives no numbers.
    """
    values: Mapping[str, object] = {
        name: value.item() if value.ndim == 0 else value for name, value in inputs.values.items()
    }
    return evaluate(expression, values)


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
