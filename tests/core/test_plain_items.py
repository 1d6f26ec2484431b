"""Elements by keys of several parts are read as the program would, and none of its code runs."""

import numpy
import pytest

from pyprobe.core.plain_items import read_item
from pyprobe.core.plain_types import AbsentError, RunsCodeError

GRID = numpy.arange(12).reshape(3, 4)


class Loud:
    """Says so when its code runs."""

    def __index__(self) -> int:
        raise AssertionError("__index__ ran")

    def __hash__(self) -> int:
        raise AssertionError("__hash__ ran")

    def __eq__(self, other: object) -> bool:
        raise AssertionError("__eq__ ran")


class Column(numpy.ndarray):
    """A subclass that indexes as its base does."""


class Picky(numpy.ndarray):
    """A subclass that indexes in its own code."""

    def __getitem__(self, key: object) -> object:  # type: ignore[override]
        raise AssertionError("__getitem__ ran")


@pytest.mark.parametrize(
    "key",
    [
        (slice(None), 0),
        (slice(1, 3), slice(None, None, 2)),
        (..., 0),
        (None, 1, ...),
        ...,
        None,
        (numpy.int64(1), -1),
        (slice(numpy.int8(1), None), True),
        (numpy.array([0, 1]), slice(1, 3)),
        GRID > 4,
        (slice(None), GRID[0] > 1),
        (),
    ],
    ids=repr,
)
def test_reads_an_array_as_the_program_would(key: object) -> None:
    expected = GRID[key]  # type: ignore[call-overload]
    numpy.testing.assert_array_equal(read_item(GRID, key), expected)
    numpy.testing.assert_array_equal(read_item(GRID.view(Column), key), expected)


@pytest.mark.parametrize(
    "key",
    [
        Loud(),
        (slice(None), Loud()),
        (slice(Loud(), None), 0),
        slice(None, None, Loud()),
        numpy.array([0, Loud()], dtype=object),
        (..., numpy.array([Loud()], dtype=object)),
    ],
    ids=range(6),
)
def test_runs_no_code_of_an_index(key: object) -> None:
    with pytest.raises(RunsCodeError):
        read_item(GRID, key)


def test_runs_no_code_of_an_array() -> None:
    with pytest.raises(RunsCodeError, match="Picky has its own __getitem__"):
        read_item(GRID.view(Picky), (slice(None), 0))


@pytest.mark.parametrize(
    "key", [(5, slice(None)), (0, 0, 0), (slice(None), 1.5), numpy.array([1, 9])], ids=repr
)
def test_says_that_an_element_is_absent(key: object) -> None:
    with pytest.raises(AbsentError, match="ndarray has no element"):
        read_item(GRID, key)


@pytest.mark.parametrize("sequence", [[1, 2], (1, 2), "ab", b"ab", memoryview(b"ab")], ids=repr)
def test_a_sequence_has_no_element_of_several_parts(sequence: object) -> None:
    with pytest.raises(AbsentError):
        read_item(sequence, (slice(None), 0))


def test_a_dict_is_asked_for_keys_of_several_parts() -> None:
    assert read_item({(1, "k"): 2, ...: 3}, (1, "k")) == 2
    assert read_item({(1, "k"): 2, ...: 3}, ...) == 3
    with pytest.raises(AbsentError):
        read_item({1: 2}, (slice(1, 2), 0))


def test_a_dict_runs_no_code_of_a_key_within_a_slice() -> None:
    with pytest.raises((AbsentError, RunsCodeError)):  # before 3.12 no slice can be a key
        read_item({1: 2}, (slice(Loud(), None), 0))
