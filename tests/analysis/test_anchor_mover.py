"""Where occurrences go when their file is edited."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyprobe.analysis.anchor_mover import Moved, move_occurrences
from pyprobe.analysis.occurrence import Occurrence
from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.analysis.problems import SyntaxProblem

BASE = """\
import math

def f(x):
    signal = x * 2
    total = signal + signal
    total = total + 1
    return total

def g(x):
    signal = x * 3
    y = signal
    return y
"""
HEAD, F, G = "import math\n\n", BASE[13 : BASE.index("def g")], BASE[BASE.index("def g") :]


def moved(new: str, line: int, col: int, old: str = BASE) -> Moved:
    (one,) = [one for one in find_occurrences(old) if (one.line, one.col) == (line, col)]
    (result,) = move_occurrences(old, new, [one])
    assert result.old is one
    assert (result.new is None) == bool(result.why)
    return result


def place(one: Occurrence | None) -> tuple[int, int] | None:
    return None if one is None else (one.line, one.col)


@pytest.mark.parametrize(
    ("new", "old_place", "new_place"),
    [
        (BASE, (4, 4), (4, 4)),
        ("# one\n# two\n" + BASE, (4, 4), (6, 4)),
        ("# one\n# two\n" + BASE, (5, 21), (7, 21)),
        ("# one\n# two\n" + BASE, (10, 4), (12, 4)),
        (BASE.replace("def g", "\n\ndef g"), (7, 4), (7, 4)),
        (BASE.replace("x * 2", "x * 2 + 1"), (4, 4), (4, 4)),
        (BASE.replace("x * 2", "3 * x"), (4, 13), (4, 17)),
        (BASE.replace("    signal = x * 2\n", ""), (10, 4), (9, 4)),
        (BASE.replace("    signal = x * 2\n", ""), (5, 21), (4, 21)),
        (BASE.replace("signal + signal", "1 + signal - signal"), (5, 21), (5, 25)),
        (BASE.replace("total = signal +", "half = signal\n    total = half +"), (5, 12), (5, 11)),
        (BASE.replace("total = signal +", "half = signal\n    total = half +"), (5, 21), (6, 19)),
        (BASE.replace("f(x)", "f(x, y)"), (3, 6), (3, 6)),
        (BASE.replace("f(x)", "ff(y, x)"), (3, 6), (3, 10)),
        (HEAD + G + "\n" + F, (4, 4), (9, 4)),
        (HEAD + G + "\n" + F, (10, 4), (4, 4)),
        (HEAD + G + "\n" + F, (12, 4), (6, 4)),
        (BASE.replace("    signal = x * 2", "    if x:\n        signal = x * 2"), (4, 4), (5, 8)),
        (BASE.replace("\n", "\r\n"), (4, 4), (4, 4)),
    ],
)
def test_follows_its_statement(
    new: str, old_place: tuple[int, int], new_place: tuple[int, int]
) -> None:
    result = moved(new, *old_place)
    assert place(result.new) == new_place
    assert result.new is not None
    assert (result.new.symbol, result.new.kind) == (result.old.symbol, result.old.kind)


@pytest.mark.parametrize(
    ("new", "old_place", "why"),
    [
        (
            BASE.replace("signal = x * 2", "sig = x * 2"),
            (4, 4),
            "'signal' of line 4 is gone: 'sig' stands there now",
        ),
        (
            BASE.replace("    signal = x * 2\n", ""),
            (4, 4),
            "'signal' of line 4 is gone: the line was removed",
        ),
        (
            BASE.replace("signal + signal", "signal"),
            (5, 21),
            "'signal' of line 5 is gone: the line was changed",
        ),
        (BASE.replace("f(x)", "ff(x)"), (3, 4), "'f' of line 3 is gone: 'ff' stands there now"),
        (HEAD + F, (10, 4), "'signal' of line 10 is gone: the line was removed"),
        ("", (4, 4), "'signal' of line 4 is gone: the line was removed"),
    ],
)
def test_says_why_it_is_gone(new: str, old_place: tuple[int, int], why: str) -> None:
    result = moved(new, *old_place)
    assert (result.new, result.why) == (None, why)


def test_keeps_the_order_it_is_asked_in() -> None:
    found = find_occurrences(BASE)
    asked = [found[5], found[2], found[8]]
    assert [one.old for one in move_occurrences(BASE, "# new\n" + BASE, asked)] == asked


def test_a_text_that_does_not_parse_moves_nothing() -> None:
    with pytest.raises(SyntaxProblem):
        move_occurrences(BASE, BASE + "def", find_occurrences(BASE))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.sampled_from(["", "# note"])), max_size=6))
def test_lines_that_only_move_take_their_occurrences_along(edits: list[tuple[int, str]]) -> None:
    tagged = list(enumerate(BASE.split("\n"), 1))
    lines: list[tuple[int, str]] = list(tagged)
    for index, text in edits:
        lines.insert(index, (0, text))
    now = {number: index for index, (number, _text) in enumerate(lines, 1) if number}
    found = find_occurrences(BASE)
    results = move_occurrences(BASE, "\n".join(text for _number, text in lines), found)
    for result in results:
        assert place(result.new) == (now[result.old.line], result.old.col)
