"""Trees as the front end uses them: a form, and one capture's contents read in place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.errors import ProtocolError
from pyprobe.ipc.array_reader import ArrayValue, SlotReader, array_value, take_slot
from pyprobe.ipc.tree_form import Path, TreeForm, TreeNode, read_form
from pyprobe.ipc.trees import DATA_ALIGNMENT, TreeColumn

Scalar = bool | int | float | complex

_KEYS = TreeColumn.__required_keys__
_PADDING = bytes(DATA_ALIGNMENT)


@dataclass(frozen=True, eq=False, slots=True)
class Tree:
    """One captured tree. ``floats``, ``ints`` (read-only), ``texts`` and ``arrays`` hold what the
    nodes of ``form`` point to; ``arrays`` in the order of ``form.arrays``.
    """

    form: TreeForm
    floats: NDArray[np.float64]
    ints: NDArray[np.int64]
    texts: Sequence[str]
    arrays: Sequence[ArrayValue]

    @property
    def nbytes(self) -> int:
        """About as many bytes as it holds, beside its form."""
        arrays = sum(value.array.nbytes for value in self.arrays)
        return arrays + 8 * (len(self.floats) + len(self.ints)) + sum(map(len, self.texts))

    def number(self, node: TreeNode) -> Scalar:
        """Return the number of a node that is one, exactly."""
        if node.code == "f":
            return float(self.floats[node.start])
        if node.code == "c":
            return complex(self.floats[node.start], self.floats[node.start + 1])
        value = int(self.ints[node.start])
        return value != 0 if node.code == "b" else value

    def text(self, node: TreeNode) -> str:
        """Return the text of a node that is one."""
        return self.texts[node.start]

    def array(self, node: TreeNode) -> ArrayValue:
        """Return the array of a node that is one; of a list or tuple of numbers as 1-D."""
        if node.array is not None:
            return self.arrays[self.form.arrays.index(node)]
        numbers: NDArray[Any]
        if node.store in "fc":
            numbers = self.floats[node.start : node.end]
            numbers = numbers.view(np.complex128) if node.store == "c" else numbers
        else:
            numbers = self.ints[node.start : node.end]
            numbers = numbers != 0 if node.store == "b" else numbers
        return ArrayValue(numbers, node.type, numbers.shape, "")

    def find(self, path: Path) -> TreeNode | None:
        """Return the node at the end of a path; None if there is none."""
        return self.form.find(path)


def read_trees(wire: object, count: int, ring: SlotReader | None) -> list[Tree]:
    """Decode the values of a TREE column.

    Raises:
        ProtocolError: anything about them is malformed.
    """
    column = _check(wire)
    forms = [read_form(form) for form in column["forms"]]
    rows = _rows(column["rows"], forms, count)
    floats, ints = _packed(column["f"], "<f8"), _packed(column["i"], "<i8")
    slots = _packed(column["s"], "<i8").reshape(-1, 2).tolist()
    _check_sizes(column, [forms[row] for row in rows], len(floats), len(ints), len(slots))
    data = memoryview(column["a"])
    texts = _texts(column)
    at = {"f": 0, "i": 0, "t": 0, "a": 0, "s": 0}
    trees: list[Tree] = []
    for row in rows:
        form = forms[row]
        arrays: list[ArrayValue] = []
        for node in form.arrays:
            arrays.append(_read_array(node, data, slots, at, ring))
        trees.append(
            Tree(
                form,
                floats[at["f"] : at["f"] + form.floats],
                ints[at["i"] : at["i"] + form.ints],
                texts[at["t"] : at["t"] + form.texts],
                arrays,
            )
        )
        at["f"] += form.floats
        at["i"] += form.ints
        at["t"] += form.texts
    return trees


def _read_array(
    node: TreeNode,
    data: memoryview,
    slots: list[list[int]],
    at: dict[str, int],
    ring: SlotReader | None,
) -> ArrayValue:
    array = node.array
    assert array is not None  # of nodes in form.arrays
    form = (array.type, array.dtype, array.shape, array.full_shape, array.reduced)
    if node.code == "A":
        slot = slots[at["s"]]
        at["s"] += 1
        return array_value(take_slot(slot, ring), form)
    start = at["a"]
    at["a"] += -(-array.nbytes // DATA_ALIGNMENT) * DATA_ALIGNMENT
    return array_value(bytes(data[start : start + array.nbytes]), form)


def inline_trees(wire: object, count: int, ring: SlotReader) -> dict[str, object]:
    """Return the values of a TREE column with the data of every slot in it.

    Raises:
        ProtocolError: the column or a slot is malformed.
    """
    column = _check(wire)
    forms = [read_form(form) for form in column["forms"]]
    rows = _rows(column["rows"], forms, count)
    slots = _packed(column["s"], "<i8").reshape(-1, 2).tolist()
    counts = (sum(forms[row].floats for row in rows), sum(forms[row].ints for row in rows))
    _check_sizes(column, [forms[row] for row in rows], *counts, len(slots))
    data = memoryview(column["a"])
    parts: list[bytes | memoryview] = []
    start = 0
    remaining = iter(slots)
    for row in rows:
        for node in forms[row].arrays:
            size = node.array.nbytes if node.array is not None else 0
            if node.code == "A":
                part: bytes | memoryview = take_slot(next(remaining), ring)
            else:
                part = data[start : start + size]
                start += -(-size // DATA_ALIGNMENT) * DATA_ALIGNMENT
            parts += (part, _PADDING[: -len(part) % DATA_ALIGNMENT])
    inline = [[_inline_spec(spec) for spec in form] for form in _lists(column["forms"])]
    return {**column, "forms": inline, "a": b"".join(parts), "s": b""}


def _inline_spec(spec: object) -> object:
    return ["a", *spec[1:]] if isinstance(spec, list | tuple) and spec[0] == "A" else spec


def _lists(forms: list[object]) -> list[Sequence[object]]:
    return [form for form in forms if isinstance(form, list | tuple)]


def _check(wire: object) -> TreeColumn:
    if not isinstance(wire, dict) or wire.keys() != _KEYS:
        raise ProtocolError("trees are a map of forms, rows, f, i, t, tl, a and s")
    if not isinstance(wire["forms"], list) or not wire["forms"]:
        raise ProtocolError("trees have a list of forms")
    if not isinstance(wire["t"], str):
        raise ProtocolError("the texts of trees are one text")
    if not all(isinstance(wire[key], bytes) for key in ("rows", "f", "i", "tl", "a", "s")):
        raise ProtocolError("the contents of trees are packed")
    if len(wire["s"]) % 16:
        raise ProtocolError("the slots of trees are packed pairs")
    column: Any = wire
    return column  # type: ignore[no-any-return]


def _rows(wire: bytes, forms: list[TreeForm], count: int) -> list[int]:
    if not wire and len(forms) == 1:
        return [0] * count
    rows = _packed(wire, "<i8")
    if len(rows) != count or not ((rows >= 0) & (rows < len(forms))).all():
        raise ProtocolError(f"the forms of {count} trees expected")
    found: list[int] = rows.tolist()
    return found


def _texts(column: TreeColumn) -> list[str]:
    whole = column["t"]
    texts: list[str] = []
    start = 0
    for length in _packed(column["tl"], "<i8").tolist():
        if not 0 <= length <= len(whole) - start:
            raise ProtocolError("the lengths of the texts of trees do not fit")
        texts.append(whole[start : start + length])
        start += length
    if start != len(whole):
        raise ProtocolError("the lengths of the texts of trees do not fit")
    return texts


def _packed(wire: bytes, dtype: str) -> NDArray[Any]:
    if len(wire) % 8:
        raise ProtocolError("the numbers of trees have 8 bytes each")
    return np.frombuffer(wire, dtype)


def _check_sizes(
    column: TreeColumn, forms: list[TreeForm], floats: int, ints: int, slots: int
) -> None:
    wanted = (
        sum(form.floats for form in forms),
        sum(form.ints for form in forms),
        sum(form.texts for form in forms),
        sum(form.inline_bytes for form in forms),
        sum(form.slots for form in forms),
    )
    if wanted != (floats, ints, len(column["tl"]) // 8, len(column["a"]), slots):
        raise ProtocolError("the contents of trees do not fit their forms")
