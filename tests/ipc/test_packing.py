"""Packed numbers are those that ``array`` packs, whichever way they are packed."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyprobe.ipc.packing import pack_floats, pack_ints, pack_range, pack_words


@given(
    first=st.one_of(st.integers(0, 1 << 18), st.integers((1 << 32) - 99, (1 << 33)))
    | st.integers((1 << 48) - 9_999, (1 << 48) + 9_999),
    step=st.sampled_from([1, 2, 3, 16, 17, 1 << 10, (1 << 10) + 1, 1 << 20]),
    count=st.integers(1, 400),
)
def test_a_range_is_packed_as_one_by_one(first: int, step: int, count: int) -> None:
    numbers = range(first, first + step * count, step)
    assert pack_range(numbers) == array("q", numbers).tobytes()


@given(st.lists(st.floats(), max_size=50))
def test_floats_are_packed_with_every_bit(values: list[float]) -> None:
    assert pack_floats(values) == array("d", values).tobytes()


@given(st.lists(st.integers(-(1 << 63), (1 << 63) - 1), max_size=50))
def test_ints_are_packed_as_int64(values: list[int]) -> None:
    assert pack_ints(values) == array("q", values).tobytes()


@given(st.lists(st.integers(0, (1 << 64) - 1), max_size=50))
def test_words_are_packed_as_uint64(values: list[int]) -> None:
    assert pack_words(values) == array("Q", values).tobytes()


@pytest.mark.parametrize("number", [1 << 63, -(1 << 63) - 1])
def test_an_integer_out_of_range_is_refused(number: int) -> None:
    with pytest.raises(OverflowError):
        pack_ints([1, number])


@pytest.mark.parametrize("number", [1 << 64, -1])
def test_a_word_out_of_range_is_refused(number: int) -> None:
    with pytest.raises(OverflowError):
        pack_words([1, number])
