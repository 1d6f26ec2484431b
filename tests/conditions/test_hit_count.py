"""Hit counts: which hits of a breakpoint count."""

import pytest

from pyprobe.conditions.hit_count import HitCountError, parse_hit_count


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("5", [5]),
        (" 5 ", [5]),
        ("==5", [5]),
        ("== 1", [1]),
        (">= 5", [5, 6, 7, 8, 9]),
        (">7", [8, 9]),
        ("% 3", [3, 6, 9]),
        ("%1", [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ("1_000", []),
    ],
)
def test_says_which_hits_count(text: str, counted: list[int]) -> None:
    counts = parse_hit_count(text)
    assert counts is not None
    assert [hit for hit in range(1, 10) if counts(hit)] == counted


@pytest.mark.parametrize("text", ["", "  "])
def test_no_text_counts_every_hit(text: str) -> None:
    assert parse_hit_count(text) is None


@pytest.mark.parametrize(
    "text", ["0", "% 0", "-1", "five", "< 3", ">=", "5 5", "1.5", "٣", "9" * 5000, "5\x00", "$$"]
)
def test_refuses_all_else_in_one_sentence(text: str) -> None:
    with pytest.raises(
        HitCountError, match=r"A hit count is a number from 1, as in 5, >= 5 or % 3"
    ):
        parse_hit_count(text)
