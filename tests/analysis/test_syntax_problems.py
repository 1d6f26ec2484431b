"""What happens to source that is wrong, or beyond all measure."""

import pytest

from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.analysis.problems import SyntaxProblem
from pyprobe.errors import PyProbeError


def test_says_where_and_what() -> None:
    with pytest.raises(SyntaxProblem) as caught:
        find_occurrences("x = 1\ny = = 2\n", filename="main.py")
    problem = caught.value
    assert isinstance(problem, PyProbeError)
    assert (problem.line, problem.col, problem.sentence) == (2, 4, "invalid syntax")
    assert str(problem) == "main.py, line 2: invalid syntax"


def test_the_file_name_may_be_unknown() -> None:
    with pytest.raises(SyntaxProblem, match=r"^line 1: "):
        find_occurrences("(")


@pytest.mark.parametrize(
    "source",
    [
        "x = 'é",
        "if x:\npass",
        "\tx\n        y\n",
        "x\0y",
        "x = '\ud800'",
        "(" * 100_000,
        "x = " + "-" * 100_000 + "1",
        "a" + ".b" * 100_000,
        "[" * 50 + "]" * 51,
        "for",
        "def f(a, a=): pass",
    ],
    ids=range(11),
)
def test_raises_nothing_else(source: str) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        find_occurrences(source)
    assert caught.value.line >= 1
    assert caught.value.col >= 0
    assert "\n" not in str(caught.value)


def test_long_sums_and_long_elif_chains_are_no_deep_nesting() -> None:
    assert len(find_occurrences("+".join(["a"] * 900))) == 900
    chain = "if a: pass\n" + "elif b: pass\n" * 900 + "else: c"
    assert len(find_occurrences(chain)) == 902


def test_warnings_about_the_program_are_not_ours(recwarn: pytest.WarningsRecorder) -> None:
    find_occurrences("x = '\\d'; x is 'literal'")
    assert not recwarn.list
