"""A capture out of a history as the column it came in, for what reads runs and recordings alike."""

import numpy as np

from pyprobe.ipc import array_reader
from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import TextRecord, ValueKind
from pyprobe.session.history_records import Capture
from pyprobe.session.tree_value import TreeValue
from pyprobe.session.values import ArrayValue, TextValue, Value


def column_of(probe_id: int, capture: Capture[Value]) -> Column:
    """Return an array, a text or a value with parts as a column of one capture."""
    seq, t_ns = np.array([capture.seq], np.int64), np.array([capture.t_ns], np.int64)
    thread, value = np.array([capture.thread], np.uint64), capture.value
    if isinstance(value, ArrayValue):
        wire = array_reader.ArrayValue(
            value.array, value.type_name, value.full_shape, value.reduced
        )
        kind, dtype = ValueKind.ARRAY, value.dtype
        return Column(probe_id, kind, dtype, seq, t_ns, thread, arrays=[wire])
    if isinstance(value, TreeValue):
        return Column(probe_id, ValueKind.TREE, "", seq, t_ns, thread, trees=[value.tree])
    assert isinstance(value, TextValue)  # scalars stand in columns already
    record: TextRecord = {
        "kind": value.dtype,
        "type": value.type_name,
        "text": value.content,
        "cut": value.cut,
    }
    return Column(probe_id, ValueKind.TEXT, "", seq, t_ns, thread, texts=[record])
