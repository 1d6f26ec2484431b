"""Sends values the whole way, from the hit to the front end's columns, within one process."""

from collections.abc import Sequence
from typing import Any, cast

from pyprobe.core.values import Packed, pack
from pyprobe.ipc.array_reader import ArrayValue
from pyprobe.ipc.capture_rows import CaptureRows
from pyprobe.ipc.codec import decode, encode
from pyprobe.ipc.column_reader import Column, read_columns
from pyprobe.ipc.column_writer import build_columns
from pyprobe.ipc.columns import TextRecord, ValueKind
from pyprobe.ipc.messages import Captures
from pyprobe.ipc.packed import PackedArray, PackedScalar, PackedText, PackedTree
from pyprobe.ipc.ring import RingReader, RingWriter
from pyprobe.ipc.tree_reader import Tree
from pyprobe.session.tree_value import TreeValue

KEEP_WHOLE = 0


def packed(
    value: object, *, reduce_above: int = KEEP_WHOLE, ring: RingWriter | None = None
) -> Packed:
    """Pack a value, which must not fail."""
    result = pack(value, reduce_above=reduce_above, ring=ring)
    assert not (isinstance(result, PackedText) and result.failure), result.record["text"]
    return result


def text_of(value: object) -> TextRecord:
    """Return the record of a value that travels as text, or what the front end makes of a tree."""
    result = packed(value)
    if isinstance(result, PackedTree):
        tree = TreeValue(send([result])[0].trees[0])
        return {
            "kind": tree.dtype,
            "type": tree.type_name,
            "text": tree.content,
            "cut": tree.cut,
        }
    assert isinstance(result, PackedText), result
    return result.record


def tree_of(value: object, **options: Any) -> Tree:
    """Return a value that travels as a tree, as the front end gets it."""
    result = packed(value, **options)
    assert isinstance(result, PackedTree), result
    (column,) = send([result])
    return column.trees[0]


def contents_of(tree: Tree) -> dict[str, object]:
    """Return every node by its path: a leaf's value, a branch's kind, type and length."""
    found: dict[str, object] = {}
    for node in tree.form.nodes:
        path = "".join(tree.form.path(node))
        if node.is_number:
            found[path] = tree.number(node)
        elif node.is_array:
            found[path] = (node.type, tree.array(node).array.tolist())
        elif node.code in "st":
            found[path] = tree.text(node)
        elif node.layout is not None:
            found[path] = (node.layout.value, node.kind, node.type, node.length)
        else:
            found[path] = node.code
    return found


def array_of(value: object, **options: Any) -> ArrayValue:
    """Return a value that travels as an array, as the front end gets it."""
    result = packed(value, **options)
    assert isinstance(result, PackedArray), result
    return send([result])[0].arrays[0]


def scalar_of(value: object) -> tuple[object, str]:
    """Return a number and its dtype, as the front end gets them."""
    column = send([packed(value)])[0]
    assert column.kind not in (ValueKind.ARRAY, ValueKind.TEXT)
    return column.values[0].item(), column.dtype


def is_scalar(value: object) -> bool:
    """Tell whether a packed value is a number."""
    return isinstance(value, bool | int | float | complex | PackedScalar)


def rows_of(log: Sequence[Any]) -> CaptureRows:
    """Return a flat capture log as it is drained."""
    return CaptureRows(*(list(log[item::4]) for item in range(4)))


def log_of(values: list[Any], probe_id: int = 1) -> CaptureRows:
    """Return a drained capture log that holds these values."""
    count = len(values)
    return CaptureRows([probe_id] * count, [*range(1000, 1000 + count)], [77] * count, values)


def send(values: list[Any], *, first_seq: int = 0, ring: RingReader | None = None) -> list[Column]:
    """Send packed values of one probe over the wire."""
    return send_log(log_of(values), first_seq=first_seq, ring=ring)


def send_log(
    log: CaptureRows, *, first_seq: int = 0, ring: RingReader | None = None
) -> list[Column]:
    """Send a capture log over the wire."""
    message = decode(encode(Captures(cast(list[object], build_columns(log, first_seq)))))
    assert isinstance(message, Captures)
    return read_columns(message.columns, ring)
