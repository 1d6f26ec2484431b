"""Values with parts: what each node of their trees says, within which bounds, and at whose cost."""

import collections
import enum
import gc
import sys
import types
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyprobe.core.value_text import summarise
from pyprobe.core.value_tree import MOST_CHILDREN, MOST_DEPTH, MOST_NODES, MOST_TEXT_CHARS
from pyprobe.core.values import pack
from pyprobe.ipc.packed import NO_ROOM, PackedText, PackedTree
from pyprobe.ipc.ring import RingReader, RingWriter
from pyprobe.ipc.tree_reader import Tree
from pyprobe.ipc.trees import TreeLayout
from pyprobe.session.tree_text import tree_text
from tests.core.hostile import Ran, hostile_class, with_attributes
from tests.ipc.wire import contents_of, packed, send, tree_of


class Color(enum.Enum):
    RED = 1


class Point(NamedTuple):
    x: int
    y: Any


@dataclass
class Motor:
    speed: float
    gains: list[Any] = field(default_factory=list)


class Slotted:
    __slots__ = ("a", "b")

    def __init__(self) -> None:
        self.a = 1.5


TREES: list[tuple[object, dict[str, object]]] = [
    ({}, {"": ("keys", "dict", "dict", 0)}),
    (
        {"a": 1.5, 3: None, (1, 2): True, "t": "x", "b": 2**70},
        {
            "": ("keys", "dict", "dict", 5),
            "['a']": 1.5,
            "[3]": "n",
            "[<(1, 2)>]": True,
            "['t']": "x",
            "['b']": str(2**70),
        },
    ),
    (["x", [1, 2]], {"": ("items", "list", "list", 2), "[0]": "x", "[1]": ("list", [1, 2])}),
    ([[], ()], {"": ("items", "list", "list", 2), "[0]": ("list", []), "[1]": ("tuple", [])}),
    (
        [[1, 2.5], [True], [1j]],
        {
            "": ("items", "list", "list", 3),
            "[0]": ("items", "list", "list", 2),
            "[1]": ("list", [True]),
            "[2]": ("list", [1j]),
            "[0][0]": 1,
            "[0][1]": 2.5,
        },
    ),
    (Point(1, "b"), {"": ("attributes", "tuple", "Point", 2), ".x": 1, ".y": "b"}),
    (
        Motor(2.5, [0.5]),
        {"": ("attributes", "object", "Motor", 2), ".speed": 2.5, ".gains": ("list", [0.5])},
    ),
    (Slotted(), {"": ("attributes", "object", "Slotted", 1), ".a": 1.5}),
    (
        types.SimpleNamespace(z=1 + 2j, c=Color.RED),
        {"": ("attributes", "object", "SimpleNamespace", 2), ".z": 1 + 2j, ".c": "Color.RED"},
    ),
    ({7}, {"": ("items", "set", "set", 1), "[0]": 7}),
    (frozenset({7}), {"": ("items", "set", "frozenset", 1), "[0]": 7}),
    (collections.deque([7]), {"": ("items", "deque", "deque", 1), "[0]": 7}),
    (collections.Counter("a"), {"": ("keys", "dict", "Counter", 1), "['a']": 1}),
    (
        {1: "int", "1": "text"},
        {"": ("keys", "dict", "dict", 2), "[1]": "int", "['1']": "text"},
    ),
    ({"b": b"ab"}, {"": ("keys", "dict", "dict", 1), "['b']": "b'ab'"}),
]


@pytest.mark.parametrize(("value", "expected"), TREES, ids=[repr(value) for value, _ in TREES])
def test_what_the_nodes_say(value: object, expected: dict[str, object]) -> None:
    tree = tree_of(value)
    assert contents_of(tree) == expected
    assert not tree.form.cut


def test_arrays_are_leaves() -> None:
    value = {"w": np.arange(6, dtype="u2").reshape(2, 3), "s": np.float32(0.5), "o": np.uint8(3)}
    tree = tree_of(value)
    node = tree.find(("['w']",))
    assert node is not None
    assert tree.array(node).array.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert tree.array(node).array.dtype == np.uint16
    assert (node.type, node.length) == ("ndarray", 2)
    single = tree.find(("['s']",))
    assert single is not None
    assert (tree.number(single), single.type) == (0.5, "float32")
    assert tree_text(tree) == "{'w': ndarray(uint16, (2, 3)), 's': 0.5, 'o': 3}"


def test_an_array_of_objects_is_named() -> None:
    tree = tree_of({"o": np.array([None, 1], dtype=object)})
    assert contents_of(tree)["['o']"] == "ndarray(object, (2,), [None, 1])"


def test_long_lists_of_numbers_are_arrays() -> None:
    tree = tree_of({"long": [0.5] * 5000, "mixed": [1, 2.5] * 5000})
    assert contents_of(tree)["['long']"] == ("list", [0.5] * 5000)
    assert contents_of(tree)["['mixed']"] == ("list", [1.0, 2.5] * 5000)


# What contains itself


def test_a_value_that_contains_itself() -> None:
    loop: dict[str, Any] = {"n": 1}
    loop["self"] = loop
    loop["list"] = [loop, "x"]
    assert contents_of(tree_of(loop)) == {
        "": ("keys", "dict", "dict", 3),
        "['n']": 1,
        "['self']": "r",
        "['list']": ("items", "list", "list", 2),
        "['list'][0]": "r",
        "['list'][1]": "x",
    }


def test_a_value_that_is_there_twice_is_shown_twice() -> None:
    part = {"a": 1}
    assert contents_of(tree_of([part, part]))["[1]['a']"] == 1


# Bounds


def test_nodes_are_bounded_and_shared_out() -> None:
    tree = tree_of([{"a": 1, "b": "x", "c": None} for _ in range(10_000)])
    assert len(tree.form.nodes) <= MOST_NODES
    assert len(tree.form.root.children) == MOST_CHILDREN
    assert tree.form.root.length == 10_000
    assert tree.form.cut
    assert all(tree.form.nodes[position].children for position in tree.form.root.children)


def test_a_long_part_does_not_hide_what_stands_beside_it() -> None:
    found = contents_of(tree_of({"long": ["x"] * 10_000, "also": ["y"] * 10_000, "loss": 0.25}))
    assert found["['loss']"] == 0.25
    assert found["['long'][100]"] == "x"
    assert found["['also'][100]"] == "y"


def test_depth_is_bounded() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep, "x"]
    tree = tree_of(deep)
    assert max(node.depth for node in tree.form.nodes) == MOST_DEPTH
    assert tree.form.cut
    while deep:  # so that letting go does not recurse either
        deep = deep[0]


def test_text_is_bounded() -> None:
    tree = tree_of({"a": "x" * 1_000_000, "b": "y"})
    assert contents_of(tree)["['a']"] == "x" * 200
    assert tree.form.cut
    many = tree_of([["z" * 200] * 100] * 10)
    assert sum(map(len, many.texts)) <= MOST_TEXT_CHARS


def test_huge_ints_are_cheap() -> None:
    text = contents_of(tree_of({"n": 1 << 50_000_000}))["['n']"]
    assert str(text).endswith("(int of 50000001 bits)")


def test_the_bytes_of_all_arrays_together_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyprobe.core.value_tree.MOST_ARRAY_BYTES", 1000)
    tree = tree_of([np.zeros(100), np.zeros(100), np.zeros(100), "x"])
    assert [node.code for node in tree.form.nodes] == ["B", "a", "a", "t", "s"]
    assert contents_of(tree)["[2]"] == "ndarray(float64, (100,))"


def test_long_lists_together_are_thinned_where_that_is_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pyprobe.core.value_tree.MOST_LIST_ITEMS", 20_000)
    value = [[0.5] * 10_000 for _ in range(4)]
    lengths = [len(found.array) for found in tree_of(value, reduce_above=1 << 20).arrays]
    assert lengths[:2] == [10_000, 10_000]
    assert max(lengths[2:]) <= 1024
    assert [len(found.array) for found in tree_of(value).arrays] == [10_000] * 4


# The program's code


def test_code_of_the_program_is_not_run() -> None:
    odd = hostile_class(dict)
    instance = vars(dict)["__new__"](odd)
    dict.update(instance, a=1)
    quiet = hostile_class(type("Quiet", (), {}))
    value = {"h": instance, "o": with_attributes(quiet(), own=[5])}
    found = contents_of(tree_of(value))
    assert found["['h']['a']"] == 1
    assert found["['o'].own"] == ("list", [5])


def test_a_lying_named_tuple_is_a_tuple() -> None:
    class Liar(tuple[int, ...]):
        _fields = ("only",)

    assert contents_of(tree_of(Liar((1, 2))))[""] == ("items", "tuple", "Liar", 2)


def test_attributes_are_read_past_properties() -> None:
    class Sensor:
        def __init__(self) -> None:
            self._value = 3.5

        @property
        def value(self) -> float:
            raise Ran

        def __getattr__(self, name: str) -> Any:
            raise Ran

    assert contents_of(tree_of(Sensor())) == {
        "": ("attributes", "object", "Sensor", 1),
        "._value": 3.5,
    }


def test_keys_of_the_program_are_not_asked() -> None:
    class Key:
        def __repr__(self) -> str:
            raise Ran

        __str__ = __repr__

    assert "[<Key()>]" in contents_of(tree_of({Key(): 1}))


class Kept:
    pass


@pytest.mark.parametrize(
    "wrap",
    [
        lambda kept: [kept, "x"],
        lambda kept: {"x": kept},
        lambda kept: {kept: 1},
        lambda kept: Motor(1.0, [kept, [kept]]),
        lambda kept: types.SimpleNamespace(a={1: (kept, "x")}),
    ],
)
def test_nothing_of_the_program_outlives_the_copy(wrap: Any) -> None:
    kept = Kept()
    kept.attribute = 1  # type: ignore[attr-defined]
    reference = weakref.ref(kept)
    value = wrap(kept)
    result = pack(value, reduce_above=0, ring=None)
    assert isinstance(result, PackedTree)
    del kept, value
    assert reference() is None
    gc.collect()


def test_a_tree_is_a_copy() -> None:
    inner = [1, 2]
    array = np.zeros(3)
    value = {"inner": inner, "array": array}
    result = packed(value)
    inner.append(3)
    array += 1
    assert contents_of(send([result])[0].trees[0])["['inner']"] == ("list", [1, 2])
    assert contents_of(send([result])[0].trees[0])["['array']"] == ("ndarray", [0, 0, 0])


def test_a_part_that_cannot_be_copied_says_so_in_its_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(value: object, kind: type) -> Any:
        raise ZeroDivisionError("because")

    monkeypatch.setattr("pyprobe.core.value_tree.opener_of", fail)
    monkeypatch.setattr("pyprobe.core.value_failures._OWN_FOLDER", "/")
    found = contents_of(tree_of({"bad": Kept(), "good": 1.5}))
    assert found["['bad']"] == "this Kept could not be copied: ZeroDivisionError: because"
    assert found["['good']"] == 1.5


# The ring

LARGE = 16_384  # float64 of 128 KiB


@pytest.fixture
def ring() -> Iterator[tuple[RingReader, RingWriter]]:
    reader = RingReader(4 << 20)
    writer = RingWriter(reader.path, reader.size)
    yield reader, writer
    writer.close()
    reader.close()


def test_large_arrays_go_through_the_ring(ring: tuple[RingReader, RingWriter]) -> None:
    reader, writer = ring
    value = {"large": np.arange(LARGE, dtype=float), "small": np.arange(3), "also": np.ones(LARGE)}
    result = pack(value, reduce_above=0, ring=writer)
    assert isinstance(result, PackedTree)
    assert len(result.slots) == 2
    (column,) = send([result], ring=reader)
    tree = column.trees[0]
    assert contents_of(tree)["['large']"] == ("ndarray", list(range(LARGE)))
    assert contents_of(tree)["['also']"] == ("ndarray", [1.0] * LARGE)
    free = writer.free_bytes()
    del tree, column
    assert writer.free_bytes() > free


def test_a_full_ring_leaves_no_half_tree(ring: tuple[RingReader, RingWriter]) -> None:
    _reader, writer = ring
    fillers = []
    while (slot := writer.reserve(256 << 10)) is not None:
        fillers.append(slot)
    for slot in fillers[:1]:
        slot.view.release()
        writer.forget(slot.position, slot.size)
    free = writer.free_bytes()
    value = [np.zeros(LARGE)] * 4
    assert pack(value, reduce_above=0, ring=writer) is NO_ROOM
    assert writer.free_bytes() == free
    for slot in fillers[1:]:
        slot.view.release()


def test_a_tree_takes_a_part_of_the_ring_only(ring: tuple[RingReader, RingWriter]) -> None:
    reader, writer = ring
    result = pack([np.zeros(LARGE)] * 20, reduce_above=0, ring=writer)
    assert isinstance(result, PackedTree)
    assert 0 < sum(size for _, size in result.slots) <= writer.size // 4 + (128 << 10)
    (column,) = send([result], ring=reader)
    assert len(column.trees[0].arrays) == 20


# Any value

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.complex_numbers(allow_nan=False),
    st.text(max_size=20),
    st.binary(max_size=20),
)
KEYS = st.one_of(st.text(max_size=10), st.integers(), st.tuples(st.integers()), st.booleans())
NESTED = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.dictionaries(KEYS, inner, max_size=5),
        st.tuples(inner, inner),
        inner.map(lambda value: types.SimpleNamespace(a=value, b=[value])),
        st.tuples(st.integers(), inner).map(lambda pair: Point(*pair)),
    ),
    max_leaves=30,
)


@given(NESTED)
def test_the_text_made_of_a_tree_is_the_text_of_the_value(value: Any) -> None:
    result = packed(value)
    text, cut = summarise(value)
    if isinstance(result, PackedTree) and not cut:
        tree = send([result])[0].trees[0]
        if not tree.form.cut:
            escaped = text.encode("utf-8", "backslashreplace").decode()
            assert tree_text(tree) == escaped or "\\ud" in escaped


def plain(tree: Tree, node: Any) -> Any:
    """Build the value that a whole tree was made of."""
    if node.is_number:
        return tree.number(node)
    if node.is_array:
        numbers = tree.array(node).array.tolist()
        return tuple(numbers) if node.type == "tuple" else numbers
    if node.code == "n":
        return None
    if node.code in "st":
        return int(tree.text(node)) if node.kind == "int" else tree.text(node)
    parts = [plain(tree, child) for child in tree.form.children(node)]
    if node.layout is TreeLayout.ITEMS:
        return tuple(parts) if node.type == "tuple" else parts
    return dict(zip((child.label for child in tree.form.children(node)), parts, strict=True))


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ROUND = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**80), 2**80), st.floats(), TEXT),
    lambda inner: st.one_of(
        st.lists(inner, max_size=6),
        st.dictionaries(TEXT, inner, max_size=6),
        st.tuples(inner, inner),
    ),
    max_leaves=40,
)


@given(st.lists(st.dictionaries(TEXT, ROUND, max_size=6), min_size=1, max_size=5))
def test_many_nested_values_arrive_as_they_were(values: list[Any]) -> None:
    results = [packed(value) for value in values]
    (column,) = send(results)
    assert [repr(plain(tree, tree.form.root)) for tree in column.trees] == list(map(repr, values))


def test_packing_near_the_recursion_limit_does_not_raise() -> None:
    def descend(left: int) -> object:
        if left:
            return descend(left - 1)
        return pack(Motor(1.0, [{"a": [[], "x"]}]), reduce_above=0, ring=None)

    depth = 0
    frame: Any = sys._getframe()
    while frame is not None:
        depth, frame = depth + 1, frame.f_back
    for spare in range(3, 60, 3):
        try:
            result = descend(sys.getrecursionlimit() - depth - spare)
        except RecursionError:
            continue  # there was no room even for the call
        assert isinstance(result, PackedText | PackedTree)


class InCycle:
    """What only the garbage collector takes away."""

    def __init__(self) -> None:
        self.me = self


def test_what_the_garbage_collector_shortens_while_it_is_read_can_be_sent() -> None:
    known: weakref.WeakKeyDictionary[InCycle, int] = weakref.WeakKeyDictionary()
    before = gc.get_threshold()
    gc.set_threshold(50, 2, 2)
    try:
        trees = []
        for number in range(300):
            for _again in range(3):
                known[InCycle()] = number
            trees.append(packed([known.data, known.data]))  # type: ignore[attr-defined]
    finally:
        gc.set_threshold(*before)
    columns = send(trees)
    assert sum(len(column.trees) for column in columns) == len(trees)
