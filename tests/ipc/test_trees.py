"""Trees on the wire: one form for many captures, and every way they can be malformed."""

import copy
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyprobe.errors import ProtocolError
from pyprobe.ipc.column_reader import inline_slots, read_column, read_columns
from pyprobe.ipc.column_writer import build_columns, slots_of
from pyprobe.ipc.columns import ValueKind
from pyprobe.ipc.ring import RingReader, RingWriter
from pyprobe.ipc.tree_form import read_form
from pyprobe.ipc.trees import MOST_SPECS
from tests.ipc.wire import log_of, packed, send, tree_of

BRANCH = ["keys", "dict", "dict", 2, ["a", "b"]]


def a_column(values: list[object]) -> dict[str, Any]:
    (column,) = build_columns(log_of([packed(value) for value in values]), 0)
    return cast(dict[str, Any], column)


@pytest.mark.parametrize(
    "dtype",
    [[("x", "f4"), ("y", "i2")], [("in", [("x", "f4"), ("at", "i2", (3,))])]],
    ids=["flat", "nested"],
)
def test_structured_arrays_are_parts_like_others(dtype: Any) -> None:
    array = np.zeros(2, dtype)
    (column,) = send([packed({"a": array, "n": n}) for n in range(3)])
    for tree in column.trees:
        node = tree.find(("['a']",))
        assert node is not None
        assert tree.array(node).array.dtype == array.dtype
        assert tree.array(node).array.tobytes() == array.tobytes()


def test_captures_of_one_form_send_it_once() -> None:
    column = a_column([{"a": index / 2, "b": "x"} for index in range(100)])
    assert column["k"] == ValueKind.TREE.value
    assert column["x"]["forms"] == [(("keys", "dict", "dict", 2, ("a", "b")), "f", "s")]
    assert (column["x"]["rows"], len(column["x"]["f"]), column["x"]["t"]) == (b"", 800, "x" * 100)


def test_forms_to_and_fro_keep_their_rows() -> None:
    values: list[Any] = [{"a": 1}, {"a": 0.5}, {"a": 2}, {"b": 3}, {"a": 1.5}]
    (column,) = send([packed(value) for value in values])
    numbers = [tree.number(tree.form.nodes[1]) for tree in column.trees]
    assert numbers == [1, 0.5, 2, 3, 1.5]
    assert len({id(tree.form) for tree in column.trees}) == 3


def test_a_part_of_a_column_holds_its_trees() -> None:
    (column,) = send([packed({"a": index}) for index in range(5)])
    part = column.part(1, 3)
    assert [tree.number(tree.form.nodes[1]) for tree in part.trees] == [1, 2]


def test_a_change_of_kind_keeps_the_order() -> None:
    columns = send([packed(value) for value in ({"a": 1}, 2.5, {"a": 3}, "x")])
    kinds = [column.kind for column in columns]
    assert kinds == [ValueKind.TREE, ValueKind.FLOAT, ValueKind.TREE, ValueKind.TEXT]


def test_steps_of_siblings_differ() -> None:
    form = read_form([["keys", "dict", "dict", 4, ["a", ["a"], "a", 1]], "n", "n", "n", "n"])
    steps = [child.step for child in form.children(form.root)]
    assert steps == ["['a']", "[<a>]", "['a']#2", "[1]"]
    for node in form.nodes:
        assert form.find(form.path(node)) is node
    assert form.find(("['b']",)) is None


def test_arrays_of_any_size_and_dtype_lie_where_they_should() -> None:
    value = [
        np.arange(n, dtype=dtype) for n, dtype in ((3, "u1"), (5, "f8"), (0, "c16"), (7, "i2"))
    ]
    tree = tree_of([*value, "x"])
    for node, array in zip(tree.form.arrays, value, strict=True):
        assert tree.array(node).array.tobytes() == array.tobytes()
        assert tree.array(node).array.dtype == array.dtype
        assert not tree.array(node).array.flags.writeable


def test_a_recording_holds_the_data_of_the_ring() -> None:
    reader = RingReader(4 << 20)
    writer = RingWriter(reader.path, reader.size)
    values = [{"small": np.arange(3), "large": np.full(10_000, index, float)} for index in range(3)]
    log = log_of([packed(value, ring=writer) for value in values])
    assert len(slots_of(log.values)) == 3
    plain: Any = copy.deepcopy(build_columns(log, 0))
    plain[0]["x"]["forms"] = [thawed(form) for form in plain[0]["x"]["forms"]]
    inline = inline_slots(plain, reader)
    (column,) = read_columns(inline)
    for index, tree in enumerate(column.trees):
        small, large = (tree.array(node).array for node in tree.form.arrays)
        assert small.tolist() == [0, 1, 2]
        assert large.tolist() == [index] * 10_000
    writer.close()
    reader.close()


def thawed(part: Any) -> Any:
    return [thawed(inner) for inner in part] if isinstance(part, tuple) else part


# Malformed

FORMS: list[object] = [
    None,
    [],
    "n",
    [BRANCH],
    [BRANCH, "n"],
    [BRANCH, "n", "n", "n"],
    ["n", "n"],
    [1],
    [["keys", "dict", "dict", 1, ["a", "b"]], "n", "n"],
    [["keys", "dict", "dict", 2, 2], "n", "n"],
    [["items", "list", "list", 2, ["a", "b"]], "n", "n"],
    [["items", "list", "list", 2, -1]],
    [["items", "list", "list", -1, 0]],
    [["items", "list", "list", 1 << 70, 0]],
    [["items", "list", 5, 0, 0]],
    [["items", "list", "x" * 300, 0, 0]],
    [["items", "list", "list", 0]],
    [["other", "list", "list", 0, 0]],
    [["keys", "dict", "dict", 1, [None]], "n"],
    [["keys", "dict", "dict", 1, [["a", "b"]]], "n"],
    [["keys", "dict", "dict", 1, [[1]]], "n"],
    [["keys", "dict", "dict", 1, [1 << 70]], "n"],
    [["keys", "dict", "dict", 1, [True]], "n"],
    [["keys", "dict", "dict", 1, [1.5]], "n"],
    ["x"],
    [""],
    ["f" + "x" * 300],
    [["t", "str", "str"]],
    [["t", "str", "str", 1]],
    [["v", "x", "list", 1]],
    [["v", "f", "list", -1]],
    [["a", "ndarray", "<f8", [1], [1]]],
    [["a", "ndarray", "|O", [1], [1], ""]],
    [["a", "ndarray", "<f8", [-1], [1], ""]],
    [["a", "ndarray", "<f8", 1, [1], ""]],
    [["a", "ndarray", "<f8", [1], [1], 0]],
    [["r"]],
    [["d", "list"]],
    [[]],
    [[["r", "x"]]],
    ["n"] * (MOST_SPECS + 1),
]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: repr(form)[:60])
def test_a_malformed_form_is_refused(form: object) -> None:
    with pytest.raises(ProtocolError):
        read_form(form)


def wire_column() -> dict[str, Any]:
    column = a_column([{"a": 1.5, "b": "x", "c": 2, "d": np.arange(3)}, {"a": 1}])
    changed = copy.deepcopy(column)
    changed["x"]["forms"] = [thawed(form) for form in column["x"]["forms"]]
    return changed


def test_what_the_changes_start_from_is_well_formed() -> None:
    assert read_column(wire_column()).count == 2


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("forms", []),
        ("forms", None),
        ("rows", b""),
        ("rows", np.array([0, 2]).tobytes()),
        ("rows", np.array([-1, 0]).tobytes()),
        ("rows", np.array([0, 0]).tobytes()),
        ("rows", b"1234567"),
        ("f", b""),
        ("f", b"123"),
        ("f", bytes(16)),
        ("i", bytes(8)),
        ("t", ""),
        ("t", "xyz"),
        ("t", ["x"]),
        ("tl", b""),
        ("tl", np.array([-1]).tobytes()),
        ("tl", np.array([1 << 40]).tobytes()),
        ("a", b""),
        ("a", bytes(24)),
        ("a", bytes(48)),
        ("a", "text"),
        ("s", bytes(8)),
        ("s", bytes(16)),
    ],
    ids=str,
)
def test_malformed_contents_are_refused(key: str, value: object) -> None:
    column = wire_column()
    column["x"][key] = value
    with pytest.raises(ProtocolError):
        read_column(column)


@pytest.mark.parametrize("values", [None, [], {}, {"forms": [["n"]]}], ids=repr)
def test_what_is_no_tree_column_is_refused(values: object) -> None:
    with pytest.raises(ProtocolError):
        read_column(wire_column() | {"x": values})


def test_a_slot_without_a_ring_is_refused() -> None:
    column = wire_column()
    form = column["x"]["forms"][0]
    form[4][0] = "A"
    column["x"] |= {"a": b"", "s": np.array([0, 24]).tobytes()}
    with pytest.raises(ProtocolError, match="ring"):
        read_column(column)


PARTS = st.recursive(
    st.one_of(
        st.sampled_from(["f", "n", "s", "i", "keys", "items", "a", "v", "dict"]), st.integers()
    ),
    lambda inner: st.lists(inner, max_size=6),
    max_leaves=20,
)


@given(st.lists(PARTS, max_size=8))
def test_any_form_is_read_or_refused(form: list[object]) -> None:
    try:
        read = read_form(form)
    except ProtocolError:
        return
    assert len(read.nodes) == len(form)
