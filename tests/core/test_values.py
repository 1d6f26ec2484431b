"""Values without numpy: exact where they can be, bounded text where not, and never a surprise."""

import array
import asyncio
import collections
import datetime
import decimal
import enum
import fractions
import pathlib
import sys
import types
import zoneinfo
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyprobe.core.data_classifier import classify_data
from tests.core.hostile import Ran
from tests.core.numpy_presence import numpy_or_not
from tests.ipc.wire import array_of, packed, scalar_of, send, text_of, tree_of

__all__ = ["numpy_or_not"]

MAX_CHARS = 4096


@pytest.mark.parametrize(
    "value", [1.5, float("inf"), True, False, 0, -(2**63), 2**63 - 1, 1 + 2j, complex("nan")]
)
def test_numbers_are_kept_as_they_are(value: object) -> None:
    assert packed(value) is value


@given(st.integers(2**63) | st.integers(max_value=-(2**63) - 1))
def test_wide_ints_are_exact_decimal_text(value: int) -> None:
    assert text_of(value) == {"kind": "int", "type": "int", "text": str(value), "cut": False}


def test_ints_of_any_size_are_cheap() -> None:
    assert text_of(10**400)["text"] == "1" + "0" * 400
    huge = text_of(1 << 50_000_000)
    assert huge["text"].endswith("(int of 50000001 bits)")
    assert huge["cut"]
    assert text_of(-(1 << 100_000))["text"].startswith("-0x8000")
    assert "int of" in text_of([1 << 50_000_000])["text"]


def test_the_programs_digit_limit_is_not_tripped() -> None:
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(640)
    try:
        assert int(text_of(10**1000)["text"], 16) == 10**1000
    finally:
        sys.set_int_max_str_digits(limit)


class Celsius(float):
    def __float__(self) -> float:
        raise Ran

    __repr__ = __str__ = __float__  # type: ignore[assignment]


class Count(int):
    def __int__(self) -> int:
        raise Ran

    __repr__ = __index__ = __int__  # type: ignore[assignment]


class Phasor(complex):
    def __complex__(self) -> complex:
        raise Ran


@pytest.mark.parametrize(
    ("value", "expected"),
    [(Celsius(1.5), (1.5, "Celsius")), (Count(7), (7, "Count")), (Phasor(1j), (1j, "Phasor"))],
    ids=["float", "int", "complex"],
)
def test_derived_numbers_are_the_numbers_they_are(value: object, expected: object) -> None:
    assert scalar_of(value) == expected


def test_text_is_bounded() -> None:
    assert text_of("abc") == {"kind": "str", "type": "str", "text": "abc", "cut": False}
    long = text_of("x" * 10_000_000)
    assert len(long["text"]) == MAX_CHARS
    assert long["cut"]
    assert text_of("x" * MAX_CHARS)["cut"] is False
    assert text_of("")["text"] == ""


def test_text_that_cannot_be_encoded_is_escaped() -> None:
    assert send([packed("a\ud800b")])[0].texts[0]["text"] == "a\\ud800b"
    assert text_of("äö☃")["text"] == "äö☃"
    assert text_of({"\udfff": "\udfff"})["text"] == r"{'\\udfff': '\\udfff'}"


def test_bytes() -> None:
    assert text_of(b"a\0")["text"] == "b'a\\x00'"
    assert text_of(bytearray(b"a")) == {
        **text_of(b"a"),
        "type": "bytearray",
    }
    assert text_of(b"\0" * 10_000_000)["cut"]


def test_none() -> None:
    assert text_of(None) == {"kind": "none", "type": "NoneType", "text": "None", "cut": False}


# Sequences of numbers

INT64 = st.integers(-(2**63), 2**63 - 1)


@given(
    st.one_of(
        st.lists(st.floats(allow_nan=False)),
        st.lists(INT64, min_size=1),
        st.lists(st.booleans(), min_size=1),
        st.lists(st.complex_numbers(allow_nan=False), min_size=1),
        st.lists(st.integers(0, 2**64 - 1), min_size=1),
    ),
    st.booleans(),
)
def test_sequences_of_numbers_are_exact(values: list[Any], as_tuple: bool) -> None:
    value = array_of(tuple(values) if as_tuple else values)
    assert value.array.tolist() == values
    assert value.type == ("tuple" if as_tuple else "list")
    assert value.full_shape == (len(values),)


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([], "float64"),
        ([1, 2.5], "float64"),
        ([True, 2], "int64"),
        ([True, 2.0], "float64"),
        ([1, 2.0, 3j], "complex128"),
        ([True], "bool"),
        ([2**64 - 1], "uint64"),
    ],
)
def test_numbers_of_different_types_share_the_widest(values: list[Any], dtype: str) -> None:
    value = array_of(values)
    assert value.array.dtype == np.dtype(dtype)
    assert value.array.tolist() == values


@pytest.mark.parametrize(
    "values", [[2**64], [-1, 2**63], [1.5, 10**400], [1, "x"], [None], [[1]], [Celsius(1)]]
)
def test_other_sequences_are_text(values: list[Any]) -> None:
    assert text_of(values)["kind"] == "list"


def test_a_list_is_copied() -> None:
    values = [1.0, 2.0]
    result = packed(values)
    values.append(3.0)
    assert send([result])[0].arrays[0].array.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("typecode", "bBhHiIlLqQfd")
def test_typed_arrays(typecode: str) -> None:
    values = array.array(typecode, [1, 2, 3])
    assert array_of(values).array.tolist() == [1, 2, 3]
    assert array_of(memoryview(values)).array.tolist() == [1, 2, 3]
    assert array_of(array.array(typecode, [1] * 100), reduce_above=16).reduced


def test_odd_buffers_are_text() -> None:
    view = memoryview(b"abc")
    view.release()
    for value in (view, memoryview(b"abc").cast("c")):
        assert text_of(value)["type"] == "memoryview"
    assert array_of(memoryview(bytes(12)).cast("i", (1, 3))).array.shape == (1, 3)


# Other values


class Color(enum.Enum):
    RED = 1

    def __repr__(self) -> str:
        raise Ran

    __str__ = __repr__


class Level(enum.IntEnum):
    LOW = 1


class Perm(enum.Flag):
    R = 1
    W = 2


class Name(enum.StrEnum):
    A = "a"


class Point(NamedTuple):
    x: int
    y: Any


@dataclass
class Node:
    name: str
    children: list[Any] = field(default_factory=list)


class Slotted:
    __slots__ = ("a", "empty")

    def __init__(self) -> None:
        self.a = 1


class OddZone(datetime.tzinfo):
    def utcoffset(self, moment: object) -> Any:
        raise Ran

    tzname = dst = utcoffset


class Stamp(datetime.datetime):
    def __new__(cls, *arguments: Any, **options: Any) -> "Stamp":
        if options.pop("really", False):
            return super().__new__(cls, *arguments, **options)
        raise Ran

    def isoformat(self, *arguments: Any) -> str:
        raise Ran


def generate() -> Any:
    yield 1


UTC = datetime.UTC
TEXTS: list[tuple[object, str, str]] = [
    (Level.LOW, "enum", "Level.LOW"),
    (Perm.R | Perm.W, "enum", "Perm.R|W"),
    (Perm(0), "enum", "Perm(0)"),
    (Name.A, "enum", "Name.A"),
    (datetime.datetime(2020, 1, 2, 3, 4, 5, 6), "datetime", "2020-01-02T03:04:05.000006"),
    (datetime.datetime(2020, 1, 2, tzinfo=UTC), "datetime", "2020-01-02T00:00:00+00:00"),
    (
        datetime.datetime(2020, 1, 2, tzinfo=zoneinfo.ZoneInfo("UTC")),
        "datetime",
        "2020-01-02T00:00:00+00:00",
    ),
    (datetime.datetime(2020, 1, 2, tzinfo=OddZone()), "datetime", "2020-01-02T00:00:00 OddZone"),
    (Stamp(2020, 1, 2, really=True), "datetime", "2020-01-02T00:00:00"),
    (datetime.date(2020, 1, 2), "date", "2020-01-02"),
    (datetime.time(1, 2), "time", "01:02:00"),
    (datetime.timedelta(days=1, seconds=2), "timedelta", "1 day, 0:00:02"),
    (decimal.Decimal("1.50"), "decimal", "1.50"),
    (fractions.Fraction(1, 3), "fraction", "1/3"),
    (pathlib.PurePosixPath("/a/b"), "object", "PurePosixPath('/a/b')"),
    ({"a": [1, (2,)], 3: None}, "dict", "{'a': [1, (2,)], 3: None}"),
    ({1}, "set", "{1}"),
    (frozenset([1]), "set", "frozenset({1})"),
    (collections.deque([1, 2]), "deque", "deque([1, 2])"),
    (collections.OrderedDict(a=1), "dict", "OrderedDict({'a': 1})"),
    (collections.Counter("aab"), "dict", "Counter({'a': 2, 'b': 1})"),
    (Point(1, "b"), "tuple", "Point(x=1, y='b')"),
    (Node("n", [Node("m")]), "object", "Node(name='n', children=[Node(name='m', children=[])])"),
    (Slotted(), "object", "Slotted(a=1)"),
    (ValueError("bad", 3), "exception", "ValueError('bad', 3)"),
    (range(3), "range", "range(0, 3)"),
    (generate, "function", "<function generate>"),
    (len, "function", "<function len>"),
    (Stamp(2020, 1, 2, really=True).isoformat, "function", "<method Stamp.isoformat>"),
    (int, "type", "<class int>"),
    (sys, "module", "<module sys>"),
    (object(), "object", "<object>"),
    (iter([]), "object", "<list_iterator>"),
    (types.SimpleNamespace(a=1), "object", "SimpleNamespace(a=1)"),
    (types.MappingProxyType({}), "object", "<mappingproxy>"),
    (Ellipsis, "object", "Ellipsis"),
]


@pytest.mark.parametrize(("value", "kind", "text"), TEXTS, ids=[text for *_, text in TEXTS])
def test_values_as_text(value: object, kind: str, text: str) -> None:
    record = text_of(value)
    assert (record["kind"], record["text"]) == (kind, text)
    assert not record["cut"]


def test_an_enum_member_is_not_asked() -> None:
    assert text_of(Color.RED)["text"] == "Color.RED"


def test_running_things_are_named() -> None:
    running = generate()
    assert text_of(running)["kind"] == "generator"
    running.close()

    async def work() -> None:
        """Do nothing."""

    coroutine = work()
    assert text_of(coroutine)["kind"] == "coroutine"
    asyncio.run(coroutine)


def test_files_are_named_by_their_path(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "file"
    with path.open("w") as text, path.open("rb") as binary:
        assert text_of(text)["text"] == f"<TextIOWrapper {str(path)!r}>"
        assert text_of(binary)["text"] == f"<BufferedReader {str(path)!r}>"


def test_a_value_that_contains_itself() -> None:
    items: list[Any] = [1]
    items.append(items)
    assert text_of(items)["text"] == "[1, <list that contains this>]"
    table: dict[str, Any] = {}
    table["self"] = table
    assert "contains this" in text_of(table)["text"]
    node = Node("n")
    node.children.append(node)
    assert "contains this" in text_of(node)["text"]


def test_a_value_twice_in_a_container_is_shown_twice() -> None:
    part = ["a"]
    assert text_of([part, part])["text"] == "[['a'], ['a']]"


def test_depth_items_and_characters_are_bounded() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert text_of(deep)["text"] == "[[[[[list(…)]]]]]"
    assert tree_of(deep).form.nodes[-1].code == "d"
    assert text_of(deep)["cut"]
    while deep:  # so that letting go does not recurse either
        deep = deep.pop()
    wide = text_of([str(number) for number in range(1000)])
    assert wide["cut"]
    assert wide["text"].endswith(", … 1000 in all]")
    bush: Any = ["x" * 100] * 30
    for _ in range(4):
        bush = [bush] * 30
    assert len(text_of(bush)["text"]) <= MAX_CHARS
    many = {number: number for number in range(1_000_000)}
    assert text_of(many)["text"].endswith("1000000 in all}")
    assert len(text_of({"x" * 5000: 1})["text"]) < 300


@given(
    st.recursive(
        st.one_of(st.none(), st.text(), st.binary(), st.integers(), st.floats(), st.booleans()),
        lambda inner: st.one_of(
            st.lists(inner), st.dictionaries(st.text(), inner), st.tuples(inner, inner)
        ),
        max_leaves=50,
    )
)
def test_anything_nested_packs_and_arrives(value: Any) -> None:
    (column,) = send([packed(value)])
    assert column.count == 1
    classify_data(value)
