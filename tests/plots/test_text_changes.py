"""What of a text has changed: by whole tokens, within bounds, whatever the texts are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyprobe.plots.text_changes import changed_spans


def marked(before: str, after: str) -> list[str]:
    return [after[start:end] for start, end in changed_spans(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("{'a': 1, 'b': 2}", "{'a': 1, 'b': 3}", ["3"]),
        ("{'a': 1.25, 'b': 2}", "{'a': 1.75, 'b': 2}", ["1.75"]),
        ("x = 12345", "x = 12945", ["12945"]),
        ("left", "right", ["right"]),
        ("[1, 2, 3]", "[1, 5, 3, 4]", ["5", ", 4"]),
        ("[1, 2, 3]", "[1, 3]", ["3"]),
        ("ab cd", "ab cd", []),
        ("", "new", ["new"]),
        ("gone", "", []),
        ("1.5e-3", "1.5e-4", ["1.5e-4"]),
        ("a\nb\nc", "a\nx\nc", ["x"]),
    ],
)
def test_tokens_are_marked_whole(before: str, after: str, expected: list[str]) -> None:
    assert marked(before, after) == expected


def test_long_texts_are_marked_within_bounds() -> None:
    before = " ".join(f"a{n}" for n in range(40_000))
    after = " ".join(f"b{n}" for n in range(40_000))
    ((start, end),) = changed_spans(before, after)
    assert (start, end) == (0, len(after))
    changed = before.replace("a20000 ", "other ")
    assert marked(before, changed) == ["other"]


@given(st.text("ab1. \n", max_size=40), st.text("ab1. \n", max_size=40))
def test_spans_lie_in_order_inside_the_text(before: str, after: str) -> None:
    spans = changed_spans(before, after)
    ends = [place for span in spans for place in span]
    assert ends == sorted(set(ends))
    assert all(0 <= place <= len(after) for place in ends)
    assert bool(spans) or before == after or not after or after in before
