"""Why a place cannot be probed, in one sentence."""

import pytest

from pyprobe.analysis.occurrence_index import OccurrenceIndex
from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.analysis.why_not import Refusals, why_not


@pytest.mark.parametrize(
    ("source", "marked", "expected"),
    [
        ("x = 1  # hi", "# hi", "a comment does not run"),
        ("x = 12", "12", "12 is a constant; its value never changes"),
        ("x = None", "None", "None is a constant; its value never changes"),
        ("x = 'é' + y", "é", "text in quotes is a constant; its value never changes"),
        ("x = '''a\nb'''", "b", "text in quotes is a constant; its value never changes"),
        ("x = f'a{y}'", "a", "text in quotes is a constant; its value never changes"),
        ("for x in y: pass", "for", "'for' is a keyword and has no value; click a name beside it"),
        ("x + y", "+", "'+' has no value of its own; click a name beside it"),
        ("x  ", " ", "nothing that has a value stands here"),
        ("del x", "x", "'x' is deleted here; no value is left to show"),
        ("del (x, [y])", "y", "'y' is deleted here; no value is left to show"),
        ("del x.y", "y", "'y' is deleted here; no value is left to show"),
        ("del x[0]", "[", "the element is deleted here; no value is left"),
        ("f(k=1)", "k", "'k' names an argument of the call; click the value behind it"),
        (
            "f().b",
            "b",
            "'b' belongs to a result that has no name; assign that to a variable to probe it",
        ),
        (
            "x[i+1]",
            "[",
            (
                "an element can be probed when its base and its index are plain names and "
                "constants; assign the rest to variables"
            ),
        ),
        ("def f():\n x: int", "x", "'x' is only declared here; nothing is bound to it"),
        ("def f():\n x: int", "int", "an annotation is not evaluated here"),
        (
            "from __future__ import annotations\ndef f(a: b.c) -> d: pass",
            "d:",
            "an annotation is not evaluated here",
        ),
        ("global ü, y", "y", "'y' is only declared global here"),
        ("import a as b", "a ", "'a' is what is imported; click 'b', the name it gets here"),
        (
            "match x:\n case P(y=z): pass",
            "y",
            "'y' names an attribute to match; click the name behind it",
        ),
        ("match x:\n case _: pass", "_", "'_' in a pattern matches anything and keeps nothing"),
        (
            "match x:\n case y: pass",
            "match",
            "'match' stands for no value that the program reads or binds here",
        ),
    ],
)
def test_says_why(source: str, marked: str, expected: str) -> None:
    offset = source.rindex(marked)
    line = source.count("\n", 0, offset) + 1
    col = offset - (source.rfind("\n", 0, offset) + 1)
    assert why_not(source, line, col) == expected


@pytest.mark.parametrize(("line", "col"), [(0, 0), (9, 0), (1, 99), (1, -1)])
def test_nothing_stands_outside(line: int, col: int) -> None:
    assert why_not("x = 1", line, col) == "nothing that has a value stands here"


def test_a_syntax_error_answers_for_the_whole_file() -> None:
    refusals = Refusals("x = 1\ny =\n")
    expected = "nothing can be probed before this is mended: line 2: invalid syntax"
    assert refusals.why_not(1, 0) == refusals.why_not(2, 2) == expected


def test_every_place_has_an_answer() -> None:
    source = (
        "import a.b as c\n@d\ndef f(x: int, *, y=3):\n\tdel x, c[y + 1].q\n\treturn f'{y!r:>{x}}'\n"
    )
    index, refusals = OccurrenceIndex(find_occurrences(source)), Refusals(source)
    for number, line in enumerate(source.split("\n"), 1):
        for col in range(len(line) + 2):
            assert index.at(number, col) is not None or refusals.why_not(number, col)
