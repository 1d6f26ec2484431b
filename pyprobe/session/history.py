"""The stored captures of one probe, within fixed bounds, and what is drawn of them."""

from typing import Any

from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import ValueKind
from pyprobe.session.array_store_codec import ArrayCodec, TextCodec
from pyprobe.session.history_items import ItemSeries
from pyprobe.session.history_limits import HistoryLimits
from pyprobe.session.history_reading import Ends, HistoryReading
from pyprobe.session.history_records import Capture
from pyprobe.session.history_store import HistoryStore
from pyprobe.session.scalar_history import ScalarHistory
from pyprobe.session.values import ArrayValue, ScalarValue, TextValue, Value

_IN_MEMORY = HistoryLimits(max_array_bytes=16 << 20, max_disk_bytes=0)


class History(HistoryReading):
    """One probe's captures, as they come.

    Scalars are kept in memory up to a hundred million, arrays and texts up to a limit in memory
    and older ones on disk: see HistoryLimits. Of each the oldest go first, the newest always
    stays, and what went is counted. Without a ``store``, which a session has, nothing goes to disk.
    """

    def __init__(self, *, epoch_ns: int = 0, store: HistoryStore | None = None) -> None:
        self._store = store or HistoryStore(_IN_MEMORY)
        arrays: ItemSeries[Any, ArrayValue] = ItemSeries(ArrayCodec(), self._store.disk)
        texts: ItemSeries[Any, TextValue] = ItemSeries(TextCodec(), self._store.disk)
        super().__init__(ScalarHistory(self._store.limits.max_scalars), arrays, texts)
        self.epoch_ns = epoch_ns
        self._last: Capture[Value] | None = None
        self._store.adopt(self, self._scalars, arrays, texts)

    @property
    def ends(self) -> Ends:
        """The numbers of the next scalar, array and text."""
        return self._scalars.count, self._arrays.count, self._texts.count

    @property
    def nbytes(self) -> int:
        """Bytes of memory held for values and for drawing them."""
        return self._scalars.nbytes + self._arrays.recent_bytes + self._texts.recent_bytes

    def append(self, column: Column) -> None:
        """Store a column of captures, which are younger than all that are stored."""
        if not column.count:
            return
        if column.kind is ValueKind.ARRAY:
            self._append_items(self._arrays, column, column.arrays)
        elif column.kind is ValueKind.TEXT:
            self._append_items(self._texts, column, column.texts)
        elif column.kind is ValueKind.TREE:
            self._append_items(self._texts, column, column.trees)
        else:
            self._append_scalars(column)

    def _append_scalars(self, column: Column) -> None:
        if self._scalars.append(column):
            self._store.keep_scalars_in_bounds()
        value = ScalarValue(column.values[-1].item(), column.kind, column.dtype)
        when = int(column.seq[-1]), int(column.t_ns[-1]), int(column.thread[-1])
        self._last = Capture(*when, value)

    def _append_items(self, series: ItemSeries[Any, Any], column: Column, raws: Any) -> None:
        self._store.items_came(series, column.count, series.append(column, raws))
        self._last = series.before(series.count)

    def _newest(self) -> Capture[Value] | None:
        return self._last

    def close(self) -> None:
        """Let go of all arrays and texts and their place on disk; harmless when done already."""
        self._store.release(self._arrays)
        self._store.release(self._texts)
