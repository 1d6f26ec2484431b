"""The occurrence under the pointer."""

import bisect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyprobe.analysis.occurrence import Occurrence
from pyprobe.analysis.occurrence_index import OccurrenceIndex, occurrence_at
from pyprobe.analysis.occurrences import find_occurrences
from tests.analysis.listing import short

SOURCE = "def f(a):\n    a.b[i][c:2].d = z[ j ] + g(x[a[0]]) # a\n\n    return a\n"
FOUND = find_occurrences(SOURCE)
INDEX = OccurrenceIndex(FOUND)
LINE = SOURCE.split("\n")[1]


@pytest.mark.parametrize(
    ("col", "symbol"),
    [
        (0, None),
        (3, None),
        (4, "a"),
        (5, None),
        (6, "a.b"),
        (7, "a.b[i]"),
        (8, "i"),
        (9, "a.b[i]"),
        (10, "a.b[i][c:2]"),
        (11, "c"),
        (12, "a.b[i][c:2]"),
        (13, "a.b[i][c:2]"),
        (15, None),
        (16, "a.b[i][c:2].d"),
        (17, None),
        (20, "z"),
        (21, "z[j]"),
        (23, "j"),
        (25, "z[j]"),
        (26, None),
        (29, "g"),
        (30, None),
        (31, "x"),
        (32, None),
        (33, "a"),
        (34, "a[0]"),
        (36, "a[0]"),
        (37, None),
        (41, None),
        (500, None),
    ],
)
def test_a_click_takes_the_innermost_token(col: int, symbol: str | None) -> None:
    found = INDEX.at(2, col)
    assert (found.symbol if found else None) == symbol


@pytest.mark.parametrize(("line", "col"), [(0, 0), (3, 0), (5, 0), (99, 0), (-1, 0), (2, -1)])
def test_nothing_stands_outside(line: int, col: int) -> None:
    assert INDEX.at(line, col) is None


def test_the_keyword_return_is_a_token() -> None:
    found = INDEX.at(4, 9)
    assert found is not None
    assert found.symbol == "return"


def test_on_line_goes_from_left_to_right() -> None:
    assert [short(one) for one in INDEX.on_line(4)] == ["return return 4:4-10", "load a 4:11-12"]
    assert INDEX.on_line(3) == []
    assert INDEX.lines == [1, 2, 4]


def test_finds_the_occurrence_of_an_anchor() -> None:
    for one in FOUND:
        assert INDEX.for_anchor(one.line, one.col, one.symbol) is one
    assert INDEX.for_anchor(2, 4, "b") is None
    assert INDEX.for_anchor(2, 5, "a") is None


def test_the_list_it_gives_is_a_copy() -> None:
    INDEX.on_line(4).clear()
    assert len(INDEX.on_line(4)) == 2


@given(st.integers(0, 6), st.integers(-1, 50))
def test_agrees_with_the_plain_search(line: int, col: int) -> None:
    holding = [one for one in FOUND if one.line == line and one.col <= col < one.end_col]
    expected = min(holding, key=_length) if holding else None
    assert INDEX.at(line, col) is expected
    assert occurrence_at(FOUND, line, col) is expected


def _length(one: Occurrence) -> int:
    return one.end_col - one.col


def test_looks_up_in_logarithmic_time() -> None:
    index = OccurrenceIndex(find_occurrences("; ".join(f"x{n} = {n}" for n in range(2000))))
    compared: list[int] = []

    class Column(int):
        def __lt__(self, other: int) -> bool:
            compared.append(other)
            return int(self) < other

    assert bisect.bisect_right([1, 2, 3], Column(2)) == 2
    compared.clear()
    found = index.at(1, Column(0))
    assert found is not None
    assert found.symbol == "x0"
    assert len(compared) <= 13
