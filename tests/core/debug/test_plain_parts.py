"""Containers of plain values: no change is missed, none is made up, and nothing is asked."""

import collections
import copy
import gc
import random
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyprobe.core.debug import same_objects as memory
from pyprobe.core.debug.fingerprint import fingerprint
from pyprobe.core.debug.plain_parts import MAX_PLAIN_PARTS, PlainParts, plain_parts
from pyprobe.core.debug.same_objects import other_objects, same_objects
from pyprobe.core.debug.value_sight import sight_of

PLAIN = st.one_of(
    st.integers(), st.floats(), st.booleans(), st.none(), st.text(max_size=3), st.binary(max_size=3)
)
ROWS = st.one_of(
    st.lists(st.one_of(st.lists(PLAIN), st.lists(PLAIN).map(tuple))),
    st.lists(st.dictionaries(st.text(max_size=2), PLAIN)),
)
CONTAINERS = st.one_of(
    st.lists(PLAIN),
    st.lists(PLAIN).map(tuple),
    st.lists(PLAIN).map(collections.deque),
    st.dictionaries(st.one_of(st.text(max_size=3), st.integers()), PLAIN),
    st.sets(st.one_of(st.integers(), st.text(max_size=2))),
    ROWS,
)


def typed(value: Any) -> object:
    """Spell a value out, with the class of each part: equal where all contents are."""
    if type(value) in (set, frozenset):
        return type(value), sorted(map(repr, value))
    if type(value) is dict:
        return dict, [(typed(key), typed(part)) for key, part in value.items()]
    if type(value) in (list, tuple, collections.deque):
        return type(value), [typed(part) for part in value]
    return repr(0.0 if value == 0 and type(value) is float else value)


@given(CONTAINERS, CONTAINERS)
def test_they_are_equal_where_all_contents_are(first: Any, second: Any) -> None:
    for one, other in ((first, second), (first, copy.deepcopy(first))):
        mark = fingerprint(one)
        assert (mark == fingerprint(other)) is (typed(one) == typed(other))
        assert (mark == fingerprint(other, mark)) is (typed(one) == typed(other))


@given(st.lists(PLAIN, max_size=50), st.data())
def test_what_is_looked_at_again_tells_each_change(value: list[Any], data: st.DataObject) -> None:
    sight = sight_of(value)
    for _ in range(5):
        was = typed(value)
        start = data.draw(st.integers(0, len(value)))
        stop = data.draw(st.integers(start, len(value)))
        value[start:stop] = data.draw(st.lists(PLAIN, max_size=3))
        now = sight_of(value, sight)
        assert now.is_same(sight) is (typed(value) == was)
        assert sight_of(value, now) is now
        sight = now


def test_a_change_anywhere_in_a_long_list_is_seen() -> None:
    draw = random.Random(1)
    value: list[Any] = [float(number) for number in range(20_000)]
    sight = sight_of(value)
    changes: list[Callable[[int], object]] = [
        lambda at: value.__setitem__(at, -1.5),
        lambda at: value.insert(at, "new"),
        lambda at: value.pop(at),
        lambda at: value.__setitem__(slice(at, at + 700), [None] * 5),
        lambda at: value.append(True),
        lambda at: value.reverse(),
    ]
    for change in changes * 10:
        at = draw.randrange(len(value) - 1)
        change(at)
        now = sight_of(value, sight)
        assert not now.is_same(sight)
        assert now.is_same(sight_of(list(value)))
        assert sight_of(value, now) is now
        sight = now


def test_equal_values_in_other_objects_are_no_change() -> None:
    value = [1000 + number / 2 for number in range(1000)]
    sight = sight_of(value)
    value[:] = [number + 0.0 for number in list(map(float, map(str, value)))]
    again = sight_of(value, sight)
    assert again.is_same(sight)
    assert sight_of(value, again) is again


class Angry:
    """Raises whatever is asked of it; it equals and hashes nothing."""

    def __eq__(self, other: object) -> bool:
        raise SystemExit

    __hash__ = __len__ = __iter__ = __repr__ = __bool__ = __eq__  # type: ignore[assignment]


class AngryText(str):
    __slots__ = ()
    __eq__ = __hash__ = __len__ = Angry.__eq__  # type: ignore[assignment]


@pytest.mark.parametrize("at", [0, 300, 999])
@pytest.mark.parametrize(
    "make", [Angry, lambda: AngryText("1"), lambda: [Angry()], lambda: {"k": Angry()}], ids=str
)
def test_an_object_that_comes_among_plain_values_is_never_asked(
    make: Callable[[], object], at: int
) -> None:
    angry = make()
    for kind in (list, tuple, collections.deque):
        parts: list[Any] = list(range(1000))
        sight = sight_of(kind(parts))
        parts[at] = angry
        value: Any = kind(parts)
        assert not sight_of(value, sight).is_same(sight)
    rows: list[Any] = [[1, 2] for _ in range(1000)]
    sight = sight_of(rows)
    rows[at] = angry
    now = sight_of(rows, sight)
    assert not now.is_same(sight)


def test_no_object_of_the_program_and_no_long_text_is_kept() -> None:
    class Thing:
        pass

    thing = Thing()
    gone = weakref.ref(thing)
    values: list[Any] = [1, 2, thing, "x" * 20_000]
    mark = fingerprint(values)
    assert not isinstance(mark, PlainParts)
    del thing, values
    gc.collect()
    assert gone() is None
    assert plain_parts(["a", "x" * 20_000]) is None


def test_too_much_is_compared_in_part() -> None:
    assert plain_parts([0] * MAX_PLAIN_PARTS) is not None
    assert plain_parts([0] * (MAX_PLAIN_PARTS + 1)) is None
    assert plain_parts([[0] * 1000 for _ in range(MAX_PLAIN_PARTS // 1000 + 1)]) is None


@given(st.lists(st.integers(0, 3), max_size=2000), st.lists(st.integers(0, 3), max_size=2000))
@pytest.mark.parametrize("knows_memory", [True, False])
def test_objects_are_told_apart_from_memory(
    knows_memory: bool, first: list[int], second: list[int]
) -> None:
    one, other = tuple(first), tuple(second)
    reader = memory._reader
    if not knows_memory:
        memory._reader = lambda: None  # type: ignore[assignment]
    try:
        assert same_objects(one, other) is (first == second)
        start, stop = other_objects(one, other)
    finally:
        memory._reader = reader
    assert other[:start] == one[:start]
    assert len(other) - stop <= len(one) - start
    assert other[stop:] == (one[len(one) - (len(other) - stop) :] if stop < len(other) else ())


def test_memory_is_known_on_the_interpreters_that_we_know() -> None:
    assert memory._reader() is not None
