"""Copies a value with parts as a tree, level by level, within fixed bounds.

What lies close to the root comes first, and the room that is left is shared out evenly among the
branches of a level, so that one long list does not hide what stands beside it.
"""

from typing import Any

from pyprobe.core.data_classifier import word_for
from pyprobe.core.value_arrays import pack_plain_array
from pyprobe.core.value_branches import open_object, opener_of
from pyprobe.core.value_failures import describe_failure, is_programs
from pyprobe.core.value_leaves import EXACT_TEXT, pack_numbers
from pyprobe.core.value_libraries import describe_library
from pyprobe.core.value_numpy import numpy_types
from pyprobe.core.value_parts import Branch, Data, Opener, name_of
from pyprobe.core.value_records import encodable
from pyprobe.core.value_sequences import pack_sequence
from pyprobe.core.value_text import MAX_STRING_CHARS, summarise
from pyprobe.ipc.packed import NO_ROOM, NoRoom, PackedArray, PackedScalar, PackedText, PackedTree
from pyprobe.ipc.ring import RingWriter

MOST_NODES = 400
MOST_CHILDREN = 128
MOST_DEPTH = 8
MOST_TEXT_CHARS = 16 << 10
# What the arrays of one capture may take together. Of the ring only a part: the front end holds
# most of it while it looks, and the arrays of a tree need their room all at once.
MOST_ARRAY_BYTES = 64 << 20
RING_SHARE = 4
# Elements of lists that are converted: that takes seventy times as long as copying an array.
MOST_LIST_ITEMS = 1 << 20

_LONGEST_RUN = 1024
_ITEM_BYTES = 8
_INT64_MIN, _INT64_END = -(1 << 63), 1 << 63
_STORES = {id(float): "f", id(int): "i", id(bool): "b", id(complex): "c"}

# The ids of the containers around a node, the innermost first.
_Chain = tuple[int, Any] | None


class _RingFullError(Exception):
    """The ring has no room for an array of the tree, so there is none for the tree."""


def pack_tree(
    value: Any, kind: type, opener: Opener, *, reduce_above: int, ring: RingWriter | None
) -> PackedTree | NoRoom:
    """Copy a value that ``opener`` reads the parts of; ``NO_ROOM`` while the ring is full."""
    walk = _Walk(reduce_above, ring)
    try:
        walk.branch(value, kind, opener, 0, None)
        walk.run()
    except _RingFullError:
        walk.forget_slots()
        return NO_ROOM
    except BaseException:
        walk.forget_slots()
        raise
    return PackedTree(tuple(walk.specs), walk.floats, walk.ints, walk.texts, walk.data)


class _Walk:
    """One walk over a value's parts: see ``ipc.trees`` for what it gathers."""

    __slots__ = (
        *("specs", "floats", "ints", "texts", "data"),
        *("_reduce_above", "_ring", "_ring_left", "_bytes_left", "_chars_left"),
        *("_items_left", "_level", "_object_kinds"),
    )

    def __init__(self, reduce_above: int, ring: RingWriter | None) -> None:
        self.specs: list[object] = []
        self.floats: list[float] = []
        self.ints: list[int] = []
        self.texts: list[str] = []
        self.data: list[bytes | tuple[int, ...]] = []
        self._reduce_above = reduce_above
        self._ring = ring
        self._ring_left = ring.size // RING_SHARE if ring is not None else 0
        self._bytes_left = MOST_ARRAY_BYTES
        self._chars_left = MOST_TEXT_CHARS
        self._items_left = MOST_LIST_ITEMS
        # Branches of the next level, whose parts are still to be read.
        self._level: list[tuple[int, Any, type, Opener, int, _Chain]] = []
        # Classes, by id, whose objects were found to be no more than attributes.
        self._object_kinds: set[int] = set()

    def forget_slots(self) -> None:
        """Free what lies in the ring: this tree is not sent."""
        for data in self.data:
            if type(data) is tuple and self._ring is not None:
                self._ring.forget(*data)

    def run(self) -> None:
        """Read level after level until there is no more, or no more room."""
        while self._level:
            level, self._level = self._level, []
            for done, (position, value, kind, opener, depth, chain) in enumerate(level):
                share = (MOST_NODES - len(self.specs)) // (len(level) - done)
                found = opener(value, kind, max(min(share, MOST_CHILDREN), 0))
                labels, items = found.labels, found.items
                # What shrank while it was read, by another thread or a weak reference's end, had
                # as many parts as were read.
                length = max(found.length, len(items))
                self.specs[position] = (found.layout, found.kind, found.type, length, labels)
                self._add_all(items, depth + 1, (id(value), chain))

    def branch(self, value: Any, kind: type, opener: Opener, depth: int, chain: _Chain) -> None:
        """Add a node whose parts are read with the next level."""
        around = chain
        while around is not None:
            if around[0] == id(value):
                self.specs.append(("r", name_of(kind)))
                return
            around = around[1]
        if depth >= MOST_DEPTH:
            self.specs.append(("d", word_for(value), name_of(kind)))
            return
        self._level.append((len(self.specs), value, kind, opener, depth, chain))
        self.specs.append(None)

    def _add_all(self, items: list[Any], depth: int, chain: _Chain) -> None:
        spec, floats, ints = self.specs.append, self.floats.append, self.ints.append
        for item in items:
            kind = type(item)
            if kind is float:
                floats(item)
                spec("f")
            elif kind is int and _INT64_MIN <= item < _INT64_END:
                ints(item)
                spec("i")
            elif kind is bool:
                ints(item)
                spec("b")
            elif item is None:
                spec("n")
            elif kind is str:
                self._add_str(item)
            else:
                self._add(item, kind, depth, chain)

    def _add_str(self, text: str) -> None:
        most = max(min(MAX_STRING_CHARS, self._chars_left), 0)
        if len(text) <= most:
            self.specs.append("s")
        else:
            text = text[:most]
            self.specs.append("S")
        self._chars_left -= len(text)
        self.texts.append(text if text.isascii() else encodable(text))

    def _add(self, item: Any, kind: type, depth: int, chain: _Chain) -> None:
        """Add any part; one that cannot be copied says so in its own place."""
        try:
            self._add_any(item, kind, depth, chain)
        except _RingFullError:
            raise
        except Exception as error:
            if is_programs(error):
                raise
            self._add_text("error", name_of(kind), describe_failure(kind, error), cut=True)

    def _add_any(self, item: Any, kind: type, depth: int, chain: _Chain) -> None:
        if kind is Branch:
            self._level.append((len(self.specs), item, kind, _open_ready, depth, chain))
            self.specs.append(None)
            return
        if kind is Data:
            self._add_data(item)
        elif kind is complex:
            self._add_number(item, "")
        elif (kind is list or kind is tuple) and self._add_run(item, kind):
            return
        elif id(kind) in self._object_kinds:
            self.branch(item, kind, open_object, depth, chain)
        elif kind is dict or id(kind) in EXACT_TEXT or not self._add_numbers(item, kind):
            opener = opener_of(item, kind)
            if opener is open_object:
                self._object_kinds.add(id(kind))
            if opener is not None:
                self.branch(item, kind, opener, depth, chain)
            else:
                library = describe_library(item)
                text, cut = (library, True) if library is not None else summarise(item)
                self._add_text(word_for(item), name_of(kind), encodable(text), cut=cut)

    def _add_numbers(self, item: Any, kind: type) -> bool:
        if self._bytes_left <= 0:
            return False
        numpy = numpy_types()
        nbytes = item.nbytes if numpy is not None and kind is numpy.ndarray else 0
        packed = pack_numbers(
            item, kind, reduce_above=self._reduce_above, ring=self._ring_for(nbytes)
        )
        if packed is None:
            return False
        self._add_packed(packed)
        return True

    def _ring_for(self, nbytes: int) -> RingWriter | None:
        """Return the ring if an array may go there: the first of any size, others into its rest."""
        if self._ring is None or self._ring_left == self._ring.size // RING_SHARE:
            return self._ring
        return self._ring if 0 < self._ring_left >= nbytes else None

    def _add_data(self, data: Data) -> None:
        """Add an array that a library's value holds, whole."""
        numpy = numpy_types()
        if numpy is None or self._bytes_left <= 0:
            self._add_text("ndarray", data.type, f"{data.type} of {data.full_shape}", cut=True)
            return
        packed = pack_plain_array(
            data.array, data.type, numpy, reduce_above=0, ring=self._ring_for(data.array.nbytes)
        )
        if type(packed) is PackedArray:
            type_name, dtype, shape, _, reduced = packed.form
            packed.form = (type_name, dtype, shape, data.full_shape, data.reduced or reduced)
        self._add_packed(packed)

    def _add_run(self, items: Any, kind: type) -> bool:
        """Add a list or tuple of numbers; False if it is none, or short and of different kinds."""
        if len(items) > _LONGEST_RUN:
            return self._add_long(items)
        items = items[:]  # as it is now: another thread may change it
        if not items:
            self.specs.append(("v", "f", kind.__name__, 0))
            return True
        store = _STORES.get(id(type(items[0])))
        if store is None or len(set(map(id, map(type, items)))) > 1:
            return False
        if store == "f":
            self.floats.extend(items)
        elif store == "c":
            for number in items:
                self.floats += (number.real, number.imag)
        else:
            if min(items) < _INT64_MIN or max(items) >= _INT64_END:
                return False
            self.ints.extend(items)
        self.specs.append(("v", store, kind.__name__, len(items)))
        return True

    def _add_long(self, items: Any) -> bool:
        if self._bytes_left <= 0:
            return False
        limit = self._reduce_above
        if limit:  # where thinning is allowed, converting many long lists must not take long
            limit = min(limit, _ITEM_BYTES * max(self._items_left, _LONGEST_RUN))
        ring = self._ring_for(_ITEM_BYTES * len(items))
        packed = pack_sequence(items, reduce_above=limit, ring=ring)
        if packed is None:
            return False
        self._items_left -= len(items)
        self._add_packed(packed)
        return True

    def _add_packed(self, packed: Any) -> None:
        kind = type(packed)
        if kind is PackedArray:
            self._add_array(packed)
        elif kind is PackedScalar:
            self._add_number(packed.value, packed.dtype)
        elif kind is PackedText:
            record = packed.record
            self._add_text(record["kind"], record["type"], record["text"], cut=record["cut"])
        elif packed is NO_ROOM:
            raise _RingFullError
        else:
            self._add_number(packed, "")

    def _add_number(self, number: Any, dtype: str) -> None:
        store = _STORES[id(type(number))]
        if store == "f":
            self.floats.append(number)
        elif store == "c":
            self.floats += (number.real, number.imag)
        else:
            self.ints.append(number)
        self.specs.append(store + dtype)

    def _add_array(self, packed: PackedArray) -> None:
        type_name, dtype, *shapes = packed.form
        if isinstance(dtype, list):  # of a structured type; forms are told apart by their hash
            dtype = _frozen(dtype)
        self.specs.append(("A" if packed.slot else "a", type_name, dtype, *shapes))
        if packed.slot:
            self._ring_left -= packed.slot[1]
            self._bytes_left -= packed.slot[1]
            self.data.append(packed.slot)
        else:
            self._bytes_left -= len(packed.data)
            self.data.append(packed.data)

    def _add_text(self, kind: str, type_name: str, text: str, *, cut: bool) -> None:
        most = max(min(MAX_STRING_CHARS, self._chars_left), 0)
        if len(text) > most:
            text, cut = text[:most], True
        self._chars_left -= len(text)
        self.texts.append(text)
        self.specs.append(("t", kind, type_name, cut))


def _frozen(part: Any) -> Any:
    return tuple(map(_frozen, part)) if isinstance(part, list | tuple) else part


def _open_ready(branch: Branch, kind: type, most: int) -> Branch:
    """Return a branch that was read already, with no more than ``most`` parts."""
    return branch.first(most)
