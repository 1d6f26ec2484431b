"""How an array or a text is put into bytes for the store on disk, and made of them again."""

import struct
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from pyprobe.ipc import array_reader
from pyprobe.ipc.columns import TextRecord
from pyprobe.ipc.tree_reader import Tree
from pyprobe.session.array_store_file import Buffer
from pyprobe.session.array_store_trees import TreeForms
from pyprobe.session.tree_value import TreeValue
from pyprobe.session.values import ArrayValue, TextValue, Value

RawText = TextRecord | Tree

RawT = TypeVar("RawT", contravariant=True)
V_co = TypeVar("V_co", bound=Value, covariant=True)

_MOST_FORMS = 4096
_ALIGNMENT = 16
_HEAD = struct.Struct("<HBBH")  # form, dimensions, dimensions before it was reduced, length of why
_SMALL_BYTES = 4096
_TREE_HEAD = b"\xff\xff"  # no number of a text's type
_RECORD_BYTES = 200  # what an object of a value takes beside its data, about


class ItemCodec(Protocol, Generic[RawT, V_co]):
    """What a series of values other than scalars must know of its values."""

    def value(self, raw: RawT) -> V_co:
        """Return what a front end sees of a value as it came."""

    def memory_bytes(self, raw: RawT) -> int:
        """Return how much memory it takes, about."""

    def pack(self, raw: RawT) -> tuple[Buffer, ...] | None:
        """Return its bytes in parts; ``None`` if it cannot be kept in this way."""

    def unpack(self, data: bytes) -> V_co:
        """Return the value that was packed."""


class ArrayCodec:
    """Arrays: a head with their shapes, then their data. Their dtypes stay in memory."""

    def __init__(self) -> None:
        self._forms: list[tuple[np.dtype[Any], str]] = []
        self._codes: dict[tuple[np.dtype[Any], str], int] = {}
        self._last: tuple[Any, ...] = ()
        self._last_head = b""

    def value(self, raw: array_reader.ArrayValue) -> ArrayValue:
        """Return the array as a front end sees it."""
        return ArrayValue(raw.array, raw.type, tuple(raw.full_shape), raw.reduced)

    def memory_bytes(self, raw: array_reader.ArrayValue) -> int:
        """Return the size of the data and about that of the objects."""
        return raw.nbytes + _RECORD_BYTES

    def pack(self, raw: array_reader.ArrayValue) -> tuple[Buffer, ...] | None:
        """Return head and data; the data of a large array where it lies."""
        array = raw.array
        like = (array.dtype, raw.type, array.shape, raw.full_shape, raw.reduced)
        if like != self._last:
            head = self._head(raw)
            if head is None:
                return None
            self._last, self._last_head = like, head
        if array.nbytes <= _SMALL_BYTES:
            return (self._last_head + array.tobytes(),)
        plain = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
        return self._last_head, plain.data

    def _head(self, raw: array_reader.ArrayValue) -> bytes | None:
        form = (raw.array.dtype, raw.type)
        code = self._codes.get(form)
        if code is None:
            if len(self._forms) == _MOST_FORMS:
                return None
            code = self._codes[form] = len(self._forms)
            self._forms.append(form)
        shape, full_shape = raw.array.shape, tuple(raw.full_shape)
        why = raw.reduced.encode("utf-8", "surrogatepass")
        head = _HEAD.pack(code, len(shape), len(full_shape), len(why))
        lengths = struct.pack(f"<{len(shape) + len(full_shape)}q", *shape, *full_shape)
        head += lengths + why
        return head + bytes(-len(head) % _ALIGNMENT)

    def unpack(self, data: bytes) -> ArrayValue:
        """Return the array, whose memory is ``data``."""
        code, dimensions, full_dimensions, why_length = _HEAD.unpack_from(data)
        lengths = struct.unpack_from(f"<{dimensions + full_dimensions}q", data, _HEAD.size)
        start = _HEAD.size + 8 * len(lengths)
        why = data[start : start + why_length].decode("utf-8", "surrogatepass")
        offset = -(-(start + why_length) // _ALIGNMENT) * _ALIGNMENT
        dtype, type_name = self._forms[code]
        shape, full_shape = lengths[:dimensions], lengths[dimensions:]
        return ArrayValue(np.ndarray(shape, dtype, data, offset), type_name, full_shape, why)


class TextCodec:
    """Texts and trees: a number for the type of a text, then UTF-8; of a tree, its contents."""

    def __init__(self) -> None:
        self._forms: list[tuple[str, str, bool]] = []
        self._codes: dict[tuple[str, str, bool], int] = {}
        self._trees = TreeForms()

    def value(self, raw: RawText) -> TextValue:
        """Return the text or tree as a front end sees it."""
        if isinstance(raw, Tree):
            return TreeValue(raw)
        return TextValue(raw["text"], raw["kind"], raw["type"], raw["cut"])

    def memory_bytes(self, raw: RawText) -> int:
        """Return about the size of the record."""
        data_bytes = raw.nbytes if isinstance(raw, Tree) else len(raw["text"])
        return data_bytes + 2 * _RECORD_BYTES

    def pack(self, raw: RawText) -> tuple[Buffer, ...] | None:
        """Return a number and the contents."""
        if isinstance(raw, Tree):
            packed = self._trees.pack(raw)
            return (_TREE_HEAD, *packed) if packed is not None else None
        form = (raw["kind"], raw["type"], raw["cut"])
        code = self._codes.get(form)
        if code is None:
            if len(self._forms) == _MOST_FORMS:
                return None
            code = self._codes[form] = len(self._forms)
            self._forms.append(form)
        return (code.to_bytes(2, "little") + raw["text"].encode("utf-8", "surrogatepass"),)

    def unpack(self, data: bytes) -> TextValue:
        """Return the text or tree."""
        if data.startswith(_TREE_HEAD):
            return TreeValue(self._trees.unpack(data[len(_TREE_HEAD) :]))
        form = self._forms[int.from_bytes(data[:2], "little")]
        return TextValue(data[2:].decode("utf-8", "surrogatepass"), *form)
