"""InnerHistory: a history of values with parts as one of the arrays in them, for array lenses."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from pyprobe.ipc.columns import ValueKind
from pyprobe.plots.drawn_trace import DrawnTrace
from pyprobe.plots.inner_array import InnerArray, inner_array
from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.history_records import ArrayCapture, TextCapture
from pyprobe.session.values import ArrayValue, Value

_NOTHING = ArrayValue(np.empty(0), "ndarray", (0,))


class InnerHistory:
    """What array lenses read of a history: the newest array, and those before it.

    All else is the history's own.
    """

    def __init__(self, history: HistoryReader) -> None:
        self.history = history
        self._of: Value | None = None
        self._inner: InnerArray | None = None

    @property
    def inner(self) -> InnerArray | None:
        """The array in the newest value."""
        last = self.history.last
        if last is not self._of:
            self._of = last
            self._inner = inner_array(last) if last is not None else None
        return self._inner

    @property
    def last(self) -> Value | None:
        """The newest array."""
        return self.inner.array if self.inner is not None else self.history.last

    @property
    def kind(self) -> ValueKind | None:
        """What the lens draws."""
        return ValueKind.ARRAY if self.inner is not None else self.history.kind

    @property
    def last_array(self) -> NDArray[Any] | None:
        """The newest array."""
        return self.inner.array.array if self.inner is not None else None

    def arrays(self) -> Sequence[ArrayCapture]:
        """Return the arrays, oldest first; each is read when it is indexed."""
        if isinstance(self.history.last, ArrayValue):
            return self.history.arrays()
        return _InnerCaptures(self.history.texts())

    def __getattr__(self, name: str) -> Any:
        return getattr(self.history, name)


class _InnerCaptures(Sequence[ArrayCapture]):
    def __init__(self, captures: Sequence[TextCapture]) -> None:
        self._captures = captures

    def __len__(self) -> int:
        return len(self._captures)

    @overload
    def __getitem__(self, index: int) -> ArrayCapture: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[ArrayCapture]: ...
    def __getitem__(self, index: int | slice) -> ArrayCapture | Sequence[ArrayCapture]:
        if isinstance(index, slice):
            return _InnerCaptures(self._captures[index])
        capture = self._captures[index]
        inner = inner_array(capture.value)
        value = inner.array if inner is not None else _NOTHING
        return ArrayCapture(capture.seq, capture.t_ns, capture.thread, value)


class InnerTraces:
    """Gives the same view of a history again, as lenses keep what they made by the history."""

    def __init__(self) -> None:
        self._views: dict[int, InnerHistory] = {}

    def of(self, traces: Sequence[DrawnTrace]) -> list[DrawnTrace]:
        """Return traces of the arrays in the values of these traces."""
        known = self._views
        self._views = {}
        found = []
        for trace in traces:
            key = id(trace.history)
            view = known.get(key)
            if view is None or view.history is not trace.history:
                view = InnerHistory(trace.history)
            self._views[key] = view
            history: Any = view
            inner = view.inner
            rate_hz = 1.0 / inner.step if inner is not None and inner.unit == "s" else None
            found.append(
                replace(trace, history=history, sample_rate_hz=rate_hz or trace.sample_rate_hz)
            )
        return found


def inner_of(trace: DrawnTrace) -> InnerArray | None:
    """Return the array in the newest value of a trace that ``InnerTraces`` gave."""
    history: object = trace.history
    return history.inner if isinstance(history, InnerHistory) else None
