"""The stored captures of one probe, within fixed bounds of memory, and what is drawn of them."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import ValueKind
from pyprobe.session.scalar_history import Axis, Part, ScalarHistory, ScalarSeries
from pyprobe.session.values import ArrayValue, ScalarValue, TextValue, Value

MAX_ARRAY_BYTES = 16 << 20
MAX_TEXT_CHARACTERS = 1 << 20
_TEXT_OVERHEAD_CHARACTERS = 64


@dataclass(frozen=True)
class Capture:
    """One stored capture that is not a scalar. ``t_ns`` is the target's ``perf_counter_ns``."""

    seq: int
    t_ns: int
    thread: int
    value: ArrayValue | TextValue


class History:
    """One probe's captures.

    Scalars are kept up to four million, arrays up to 16 MiB, texts up to a million characters; of
    each the oldest go first, the newest always stays, and what went is counted.
    """

    def __init__(self, *, epoch_ns: int = 0, max_array_bytes: int = MAX_ARRAY_BYTES) -> None:
        self.epoch_ns = epoch_ns
        self.count = 0
        self.last: Value | None = None
        self.last_t_ns: int | None = None
        self.dropped_arrays = 0
        self.dropped_texts = 0
        self._max_array_bytes = max_array_bytes
        self._scalars = ScalarHistory()
        self._arrays: deque[Capture] = deque()
        self._array_bytes = 0
        self._texts: deque[Capture] = deque()
        self._text_characters = 0

    @property
    def kind(self) -> ValueKind | None:
        """The kind of the newest capture; ``None`` before the first."""
        return self.last.kind if self.last is not None else None

    @property
    def dropped_scalars(self) -> int:
        """Scalars that were let go."""
        return self._scalars.dropped

    @property
    def nbytes(self) -> int:
        """Bytes of memory held for values and for drawing them."""
        return self._scalars.nbytes + self._array_bytes + 4 * self._text_characters

    def append(self, column: Column) -> None:
        """Store a column of captures, which are younger than all that are stored."""
        if not column.count:
            return
        self.count += column.count
        self.last_t_ns = int(column.t_ns[-1])
        if column.kind is ValueKind.ARRAY:
            self._append_arrays(column)
        elif column.kind is ValueKind.TEXT:
            self._append_texts(column)
        else:
            self._scalars.append(column)
            newest = column.values[-1].item()
            self.last = ScalarValue(newest, column.kind, column.dtype)

    def _append_arrays(self, column: Column) -> None:
        for position, record in enumerate(column.arrays):
            value = ArrayValue(record.array, record.type, tuple(record.full_shape), record.reduced)
            self._arrays.append(_capture(column, position, value))
            self._array_bytes += record.array.nbytes
            self.last = value
        while self._array_bytes > self._max_array_bytes and len(self._arrays) > 1:
            oldest = self._arrays.popleft().value
            if isinstance(oldest, ArrayValue):
                self._array_bytes -= oldest.array.nbytes
            self.dropped_arrays += 1

    def _append_texts(self, column: Column) -> None:
        for position, record in enumerate(column.texts):
            value = TextValue(record["text"], record["kind"], record["type"], record["cut"])
            self._texts.append(_capture(column, position, value))
            self._text_characters += _TEXT_OVERHEAD_CHARACTERS + len(value.content)
            self.last = value
        while self._text_characters > MAX_TEXT_CHARACTERS and len(self._texts) > 1:
            oldest = self._texts.popleft().value
            if isinstance(oldest, TextValue):
                self._text_characters -= _TEXT_OVERHEAD_CHARACTERS + len(oldest.content)
            self.dropped_texts += 1

    def scalars(self) -> ScalarSeries:
        """Return views of all stored scalars; they do not change when more are appended."""
        return self._scalars.series()

    def arrays(self) -> Sequence[Capture]:
        """Return the arrays that are kept, oldest first; each capture's value is an ArrayValue."""
        return self._arrays

    def texts(self) -> Sequence[Capture]:
        """Return the texts that are kept, oldest first; each capture's value is a TextValue."""
        return self._texts

    @property
    def last_array(self) -> NDArray[Any] | None:
        """The newest array that is kept."""
        value = self._arrays[-1].value if self._arrays else None
        return value.array if isinstance(value, ArrayValue) else None

    def envelope(
        self,
        start: float,
        stop: float,
        pixels: int,
        *,
        axis: Axis = "index",
        part: Part = "re",
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return x and y of at most about ``2 * pixels`` points that draw the scalars.

        ``start`` and ``stop`` bound x: the number of the scalar capture, counted from 0 over all
        ever stored, or with ``axis="time"`` seconds since ``epoch_ns``. Few points are exact; of
        many, each column of pixels gives its minimum and its maximum at one x. NaN marks a gap:
        NaN and infinities of the program are not drawn.
        """
        return self._scalars.envelope(
            start, stop, pixels, axis=axis, part=part, epoch_ns=self.epoch_ns
        )

    def span(self, axis: Literal["index", "time"] = "index") -> tuple[float, float] | None:
        """Return the x of the first and of the last stored scalar; ``None`` when there is none."""
        return self._scalars.span(axis, self.epoch_ns)


def _capture(column: Column, position: int, value: ArrayValue | TextValue) -> Capture:
    return Capture(
        int(column.seq[position]),
        int(column.t_ns[position]),
        int(column.thread[position]),
        value,
    )
