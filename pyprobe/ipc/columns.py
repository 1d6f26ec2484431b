"""Columns: how captures travel. One column holds captures of one probe and one value kind.

On the wire a column is a map::

    {"p": probe_id, "n": count, "k": ValueKind value, "d": dtype,
     "s": seq int64[n], "t": t_ns int64[n], "th": thread uint64[n], "x": values}

with little-endian packed arrays as bytes. Consecutive sequence numbers are sent as their first
alone, threads that are all the same as one. ``d`` names the Python or numpy type of the values
(``float``, ``int``, ``bool``, ``complex``, ``float32`` …). ``x`` is packed bytes for the packed
kinds and a list of records for ``ARRAY`` and ``TEXT``; arrays in the ring that differ in
nothing but their data come as one ``ArrayRun``, trees as one ``trees.TreeColumn``. Rows ascend by
sequence number; columns of one probe in one message may overlap where the kind of its values
changes to and fro.
"""

from enum import Enum
from typing import TypedDict


class ValueKind(Enum):
    """How the values of a column are stored."""

    FLOAT = "f8"
    INT = "i8"
    BOOL = "b1"  # one byte each
    COMPLEX = "c16"  # two float64 each: re, im
    ARRAY = "array"  # a list of ArrayRecord, or an ArrayRun
    TEXT = "text"  # a list of TextRecord
    TREE = "tree"  # a trees.TreeColumn


PACKED_ITEM_BYTES = {
    ValueKind.FLOAT: 8,
    ValueKind.INT: 8,
    ValueKind.BOOL: 1,
    ValueKind.COMPLEX: 16,
}


class ArrayRecord(TypedDict):
    """An array value, C order, little-endian. At most one of ``data`` and ``slot`` is non-empty.

    ``type``: ``ndarray``, ``list``, ``tuple`` or the name of another type read as an array
    (``Series``, ``Image``, ``memmap`` …). ``dtype``: numpy's ``dtype.str``, or for structured
    types the ``repr`` of ``dtype.descr`` as nested lists. ``slot``: ``[position, size]`` in the
    ring, its position counted from the ring's beginning and never wrapped (see ``ipc.ring``).
    ``reduced``: ``""``, or what was done at the source, as a sentence fragment such as
    ``min/max of 4194304 points``; ``full_shape`` is then the shape before it (else equal to shape).
    """

    type: str
    dtype: object
    shape: list[int]
    full_shape: list[int]
    data: bytes
    slot: list[int]
    reduced: str


class ArrayRun(TypedDict):
    """Arrays in the ring that are alike: see ArrayRecord; ``slots`` is int64[n][2], packed."""

    type: str
    dtype: object
    shape: list[int]
    full_shape: list[int]
    slots: bytes
    reduced: str


class TextRecord(TypedDict):
    """Any other value: its type's name, the value as text, and whether the text was cut.

    ``kind`` is the classifier's dtype: ``str``, ``bytes``, ``none``, ``int`` (beyond 64 bit),
    ``enum``, ``datetime``, ``dict``, ``list``, ``object`` …
    """

    kind: str
    type: str
    text: str
    cut: bool


class ColumnMap(TypedDict):
    """A column on the wire, as described above."""

    p: int
    n: int
    k: str
    d: str
    s: bytes
    t: bytes
    th: bytes
    x: object
