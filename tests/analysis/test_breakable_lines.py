"""Which lines can hold a breakpoint: where one lands, and why it cannot stand elsewhere."""

import pytest

from pyprobe.analysis.breakable_lines import BreakableLine, BreakableLines
from pyprobe.analysis.problems import SyntaxProblem

SOURCE = '''\
"""Documentation."""
import os

# gain of the loop
gain = 0.5


def step(value: int) -> int:
    """What it does.

    In more words.
    """
    global gain
    total: int
    if value:
        total = (
            value
            + gain
        )

        # nothing more
    else:
        total = 0
    return total


def documented():
    """Nothing but this."""
    # and this


class Motor:
    speed: int

    def run(self):
        while True:
            pass
# the end
'''


@pytest.mark.parametrize("line", [2, 5, 8, 15, 17, 18, 23, 24, 27, 32, 35, 36])
def test_lines_that_run_hold_one(line: int) -> None:
    assert BreakableLines(SOURCE).at(line) == BreakableLine(line)


@pytest.mark.parametrize(
    ("line", "lands", "why"),
    [
        (3, 5, "line 3 is blank; the next that runs is line 5"),
        (4, 5, "line 4 is a comment; the next that runs is line 5"),
        (6, 8, "line 6 is blank; the next that runs is line 8"),
        (11, 15, "line 11 has no code of its own; the next that runs is line 15"),
        (13, 15, "line 13 has no code of its own; the next that runs is line 15"),
        (14, 15, "line 14 has no code of its own; the next that runs is line 15"),
        (19, 23, "line 19 has no code of its own; the next that runs is line 23"),
        (20, 23, "line 20 is blank; the next that runs is line 23"),
        (29, 32, "line 29 is a comment; the next that runs is line 32"),
    ],
)
def test_another_line_gives_the_next_that_runs(line: int, lands: int, why: str) -> None:
    assert BreakableLines(SOURCE).at(line) == BreakableLine(lands, why)


@pytest.mark.parametrize(
    ("source", "line", "why"),
    [
        (SOURCE, 38, "line 38 is a comment, and nothing below it runs"),
        (SOURCE, 99, "there is no line 99; the last is 39"),
        (SOURCE, 0, "there is no line 0; the last is 39"),
        ("", 1, "line 1 is blank, and nothing below it runs"),
        (
            "def f(x):\n    if x: return\n    global g\ng = 1\n",
            3,
            "line 3 has no code of its own, and nothing below it in f runs",
        ),
    ],
)
def test_says_why_none_can_stand_there(source: str, line: int, why: str) -> None:
    assert BreakableLines(source).at(line) == BreakableLine(None, why)


def test_a_text_that_does_not_compile_is_a_syntax_problem() -> None:
    with pytest.raises(SyntaxProblem, match="expected ':'"):
        BreakableLines("def f()\n")
    with pytest.raises(SyntaxProblem, match="'return' outside function"):
        BreakableLines("return 1\n")
