"""Fuzzy search: what fits, what fits better, and which letters are marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyprobe.gui.fuzzy import match


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("arr", "Arrange plots"),
        ("plots arrange", "Arrange plots"),
        ("gtl", "Go to line"),
        ("", "x"),
    ],
)
def test_letters_in_order_fit(query: str, text: str) -> None:
    assert match(query, text) is not None


@pytest.mark.parametrize(("query", "text"), [("z", "Arrange"), ("ra", "Ab r"), ("aa", "a")])
def test_others_do_not(query: str, text: str) -> None:
    assert match(query, text) is None


@pytest.mark.parametrize(
    ("query", "better", "worse"),
    [
        ("run", "Run", "Remove unused"),
        ("gl", "Go to line", "Toggle"),
        ("plot", "Arrange plots", "Probe list of items"),
        ("find", "Find", "Unfind"),
    ],
)
def test_words_and_runs_come_first(query: str, better: str, worse: str) -> None:
    good, poor = match(query, better), match(query, worse)
    assert good is not None
    assert poor is None or good.score > poor.score


def test_the_places_are_the_letters_that_fit() -> None:
    found = match("gtl", "Go to line")
    assert found is not None
    assert found.places == (0, 3, 6)


@given(st.text(max_size=12), st.text(max_size=30))
def test_every_marked_letter_is_one_of_the_query(query: str, text: str) -> None:
    found = match(query, text)
    if found is not None:
        letters = {text.lower()[place] for place in found.places}
        assert letters <= set(query.lower())
