"""Fingerprints: equal while contents are equal, bounded, and taken without running any code."""

import array
import collections
import datetime
import decimal
import enum
import fractions
import pathlib
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from pyprobe.core.debug.fingerprint import MAX_PARTS, fingerprint
from pyprobe.core.debug.value_sight import NO_VALUE, sight_of


class Plain:
    def __init__(self) -> None:
        self.x = 1


class Angry(list[int]):
    """Raises whatever is asked of it."""

    def __eq__(self, other: object) -> bool:
        raise SystemExit

    __len__ = __iter__ = __getitem__ = __repr__ = __hash__ = __bool__ = __eq__  # type: ignore[assignment]


CHANGES: list[tuple[Callable[[], Any], Callable[[Any], object]]] = [
    (lambda: [1, 2], lambda v: v.append(3)),
    (lambda: [1, 2], lambda v: v.reverse()),
    (lambda: [1], lambda v: v.__setitem__(0, True)),
    (lambda: [1], lambda v: v.__setitem__(0, 1.0)),
    (lambda: {"a": 1}, lambda v: v.update(a=2)),
    (lambda: {"a": 1}, lambda v: v.update(b=1)),
    (lambda: {1, 2}, lambda v: v.add(3)),
    (lambda: bytearray(b"ab"), lambda v: v.__setitem__(0, 0)),
    (lambda: array.array("d", [1.0]), lambda v: v.append(2.0)),
    (lambda: collections.deque([1]), lambda v: v.appendleft(0)),
    (lambda: ([1], 2), lambda v: v[0].append(2)),
    (lambda: {"a": {"b": [1]}}, lambda v: v["a"]["b"].append(2)),
    (Plain, lambda v: setattr(v, "x", 2)),
    (lambda: Angry([1]), lambda v: list.append(v, 2)),
]


@pytest.mark.parametrize(("make", "change"), CHANGES)
def test_a_change_of_contents_is_seen(
    make: Callable[[], Any], change: Callable[[Any], object]
) -> None:
    value = make()
    before = fingerprint(value)
    assert before == fingerprint(value)
    change(value)
    assert before != fingerprint(value)


@pytest.mark.parametrize("value", [1, 1.5, float("nan"), "text", b"bytes", None, True, 1j, (1, 2)])
def test_equal_values_are_equal(value: object) -> None:
    assert fingerprint(value) == fingerprint(value)
    assert sight_of(value).is_same(sight_of(value))
    assert not sight_of(value).is_same(NO_VALUE)


class Level(enum.IntEnum):
    LOW = 1


class Count(int):
    pass


SAME: list[Callable[[], object]] = [
    lambda: Count(300),
    lambda: Level.LOW,
    lambda: decimal.Decimal("1.5"),
    lambda: fractions.Fraction(1, 3),
    lambda: datetime.datetime(2024, 1, 2, 3),
    lambda: datetime.timedelta(1),
    lambda: pathlib.PurePosixPath("a/b"),
    lambda: uuid.UUID(int=7),
    lambda: range(5),
    lambda: "x" * 100_000,
    lambda: {3, 1, "a"},
    lambda: [Count(300), {"a": decimal.Decimal(2)}],
]


@pytest.mark.parametrize("make", SAME)
def test_what_is_equal_by_its_value_is_the_same(make: Callable[[], object]) -> None:
    assert make() is not make() or make() is Level.LOW or isinstance(make(), str)
    assert sight_of(make()).is_same(sight_of(make()))
    assert not sight_of(make()).is_same(sight_of(None))


def test_a_scalar_of_numpy_is_its_value() -> None:
    numpy = pytest.importorskip("numpy")
    first, second = numpy.float64(1.5), numpy.float64(1.5)
    assert fingerprint(first) == fingerprint(second) != fingerprint(numpy.float64(2))
    assert fingerprint(numpy.float32(1.5)) != fingerprint(first)
    assert fingerprint(numpy.datetime64("2024-01-01")) == fingerprint(
        numpy.datetime64("2024-01-01")
    )


def test_what_is_asked_of_a_path_changes_nothing() -> None:
    paths = [pathlib.PurePosixPath("a", "b")]
    before = fingerprint(paths)
    assert str(paths[0]) == "a/b"
    assert hash(paths[0]) == hash(paths[0])
    assert fingerprint(paths) == before


class Slotted:
    __slots__ = ("a", "b")


class Holding(list[int]):
    pass


OBJECTS: list[tuple[Callable[[], Any], Callable[[Any], object]]] = [
    (Slotted, lambda v: setattr(v, "a", 1)),
    (lambda: [Slotted()], lambda v: setattr(v[0], "b", [1])),
    (lambda: [Plain()], lambda v: setattr(v[0], "y", 1)),
    (lambda: {"k": [Plain()]}, lambda v: setattr(v["k"][0], "x", 5)),
    (lambda: Holding([1]), lambda v: setattr(v, "x", 5)),
    (lambda: Holding([1]), lambda v: v.append(2)),
]


@pytest.mark.parametrize(("make", "change"), OBJECTS)
def test_attributes_of_objects_are_contents(
    make: Callable[[], Any], change: Callable[[Any], object]
) -> None:
    value = make()
    before = fingerprint(value)
    assert before == fingerprint(value)
    change(value)
    assert before != fingerprint(value)


def test_an_object_within_an_object_is_compared_by_which_it_is() -> None:
    value = Plain()
    value.x = Plain()  # type: ignore[assignment]
    before = fingerprint(value)
    value.x.x = 2  # type: ignore[attr-defined]
    assert fingerprint(value) == before
    kept, value.x = value.x, Plain()  # type: ignore[assignment]
    assert fingerprint(value) != before
    assert kept is not value.x


def test_arrays_are_compared_by_their_numbers() -> None:
    numpy = pytest.importorskip("numpy")
    value = numpy.zeros((3, 4))
    before = sight_of(value)
    value[2, 3] = 1
    after = sight_of(value)
    assert not before.is_same(after)
    assert str(before).startswith("array([[0.0, 0.0, 0.0, 0.0]")
    assert sight_of(value.copy()).is_same(after)


def test_what_is_large_is_compared_in_part() -> None:
    value: list[object] = [*range(10 * MAX_PARTS), []]
    before = fingerprint(value)
    assert isinstance(before, tuple)
    assert len(before[1]) <= MAX_PARTS + 1
    value[3] = -1
    assert before != fingerprint(value)
    value[3] = 3
    value.append(0)
    assert before != fingerprint(value)


def test_what_contains_itself_has_an_end() -> None:
    value: list[object] = []
    value.append(value)
    assert fingerprint(value) == fingerprint(value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([1, 0, 1], [True, 0, 1]),
        ([1, 2], [1.0, 2]),
        ([1, None], [1, 0]),
        (["a", "b"], ["a", b"b"]),
        ({1: 2}, {True: 2}),
        ({1: 2, 3: 4}, {3: 4, 1: 2, 5: 6}),
        ({1, 2}, {1, 3}),
        (["x" * 20_000], ["x" * 20_001]),
        (list(range(20_000)), list(range(20_001))),
    ],
)
def test_parts_that_are_taken_at_once_are_told_apart_as_one_by_one(
    one: object, other: object
) -> None:
    assert fingerprint(one) == fingerprint(one)
    assert fingerprint(one) != fingerprint(other)
