"""What a data breakpoint costs is said before it is taken, and what it cannot see."""

import pytest

from pyprobe.analysis.bindings import find_bindings
from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.session.data_costs import cost_of

SOURCE = """\
import state
total = 0
def run(items):
    count = 0
    count += 1
    items.append(count)
    state.gain = 1
    items[0] = 2
    del count
    print(state.level)
"""
PLAIN = "costs some µs when it runs, all other code runs at full speed."
UNSEEN = " What libraries bind through setattr or __dict__ is not seen."


def cost(line: int, symbol: str, *, in_place: bool = False) -> str:
    chosen = next(
        one for one in find_occurrences(SOURCE) if (one.line, one.symbol) == (line, symbol)
    )
    return cost_of(find_bindings(SOURCE, chosen), in_place=in_place)


@pytest.mark.parametrize(
    ("line", "symbol", "said"),
    [
        (4, "count", f"3 places bind count; each {PLAIN}"),
        (
            *(2, "total"),
            (
                "One place binds total in this file; that, and whatever binds it from other files,"
                f" {PLAIN}{UNSEEN}"
            ),
        ),
        (
            *(7, "state.gain"),
            (
                "One place binds state.gain in this file; each store to an attribute `gain` of any"
                f" object, in all files, {PLAIN}{UNSEEN}"
            ),
        ),
        (
            *(10, "state.level"),
            (
                "Nothing in this file binds state.level; each store to an attribute `level` of any"
                f" object, in all files, {PLAIN}{UNSEEN}"
            ),
        ),
        (
            *(8, "items[0]"),
            (
                "One place binds items[0] in this file; each store to an element that may be this"
                f" one, in all of your code, {PLAIN}"
                " What libraries and C code store there is not seen."
            ),
        ),
    ],
)
def test_what_the_bindings_cost(line: int, symbol: str, said: str) -> None:
    assert cost(line, symbol) == said


def test_what_comparing_contents_costs() -> None:
    found = "What a library does is found at the next line of yours."
    assert cost(3, "items", in_place=True) == (
        "Nothing binds items anew. Its contents are compared at every line of run (7 statements)"
        " and of your code that is called from there, which costs some µs a line, more for large"
        f" contents. {found}"
    )
    assert cost(7, "state.gain", in_place=True).endswith(
        "Its contents are compared at every line of your code, which costs some µs a line,"
        f" more for large contents. {found}"
    )
