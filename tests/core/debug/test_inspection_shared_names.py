"""Variables of a program that stands where a comprehension was inlined over a name it shares."""

import pytest

from tests.core.debug.standing import standing

OVER_A_CELL = """
def work():
    x = 5
    def read():
        return x
    return [stand() for x in (1000,)], read()
work()
"""

OVER_A_FREE_NAME = """
def work():
    x = 5
    def inner():
        return [stand() for x in (1000,)], x
    return inner()
work()
"""


@pytest.mark.parametrize("source", [OVER_A_CELL, OVER_A_FREE_NAME])
def test_the_comprehensions_own_value_is_shown_while_it_runs(source: str) -> None:
    with standing(source) as program:
        assert program.texts()["x"] == "1000"
        assert program.evaluate("x + 1") == "1001"
