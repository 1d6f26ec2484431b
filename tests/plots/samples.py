"""Probes with captures for the tests of plots: real histories, fed with real columns."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.analysis.occurrence import Occurrence, OccurrenceKind, Path, Scope, Span
from pyprobe.core.anchor import ProbeAnchor
from pyprobe.ipc.array_reader import ArrayValue
from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import ValueKind
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.plots.value_traits import ValueTraits, traits_of
from pyprobe.session import values as session_values
from pyprobe.session.probe import Probe
from pyprobe.session.values import ScalarValue, TextValue, Value

STEP_NS = 1_000_000

_KINDS = {"f": ValueKind.FLOAT, "i": ValueKind.INT, "b": ValueKind.BOOL, "c": ValueKind.COMPLEX}


def make_probe(symbol: str = "x", line: int = 10, *, color_index: int = 0) -> Probe:
    """Return an armed probe on ``symbol @ script.py:line``."""
    span = Span(line, 0, line, len(symbol))
    occurrence = Occurrence(
        kind=OccurrenceKind.STORE,
        symbol=symbol,
        line=line,
        col=0,
        end_col=len(symbol),
        func="",
        span=span,
        name=symbol,
        path=Path(symbol),
        scope=Scope("<module>", 1, span),
        statement=span,
    )
    return Probe(
        1,
        ProbeAnchor("/project/script.py", line, 0, symbol),
        occurrence,
        throttle="every",
        run_code=False,
        color_index=color_index,
        epoch_ns=0,
    )


def append_scalars(probe: Probe, values: NDArray[Any]) -> None:
    """Let the probe capture numbers, one every millisecond."""
    probe.history.append(
        Column(
            **_head(probe, len(values), _KINDS[values.dtype.kind], values.dtype.name),
            values=values,
        )
    )


def make_probe_values(values: NDArray[Any]) -> Probe:
    """Return a probe that has captured numbers, one every millisecond."""
    probe = make_probe()
    append_scalars(probe, values)
    return probe


def append_array(
    probe: Probe,
    array: NDArray[Any],
    *,
    type_name: str = "ndarray",
    full_shape: tuple[int, ...] | None = None,
    reduced: str = "",
) -> None:
    """Let the probe capture one array."""
    shape = array.shape if full_shape is None else full_shape
    value = ArrayValue(array, type_name, shape, reduced)
    probe.history.append(
        Column(**_head(probe, 1, ValueKind.ARRAY, str(array.dtype)), arrays=[value])
    )


def append_texts(
    probe: Probe, texts: Sequence[str], *, kind: str = "str", cut: bool = False
) -> None:
    """Let the probe capture values that arrive as text."""
    records: Any = [{"kind": kind, "type": kind, "text": text, "cut": cut} for text in texts]
    probe.history.append(Column(**_head(probe, len(texts), ValueKind.TEXT, kind), texts=records))


def _head(probe: Probe, count: int, kind: ValueKind, dtype: str) -> dict[str, Any]:
    seq = np.arange(probe.history.count, probe.history.count + count, dtype=np.int64)
    return {
        "probe_id": probe.id,
        "kind": kind,
        "dtype": dtype,
        "seq": seq,
        "t_ns": seq * STEP_NS,
        "thread": np.zeros(count, np.uint64),
    }


def make_traits(kind: ValueKind) -> ValueTraits:
    """Return the traits of a scalar or a text."""
    values: dict[ValueKind, Value] = {
        ValueKind.FLOAT: ScalarValue(1.0, ValueKind.FLOAT, "float"),
        ValueKind.INT: ScalarValue(1, ValueKind.INT, "int"),
        ValueKind.BOOL: ScalarValue(True, ValueKind.BOOL, "bool"),
        ValueKind.COMPLEX: ScalarValue(1j, ValueKind.COMPLEX, "complex"),
        ValueKind.TEXT: TextValue("text", "str", "str"),
    }
    return traits_of(values[kind])


def array_traits(dtype: str, shape: tuple[int, ...]) -> ValueTraits:
    """Return the traits of an array."""
    return traits_of(session_values.ArrayValue(np.zeros(shape, dtype), "ndarray", shape))


def probe_of(panel: TracePanel) -> Probe:
    """Return the probe that a panel draws."""
    assert isinstance(panel.trace, Probe)
    return panel.trace
