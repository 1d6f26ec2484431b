"""Where lines go when their file is edited."""

import pytest

from pyprobe.analysis.line_mover import MovedLine, move_lines

OLD = "a = 1\nb = 2\nc = a + b\n\ndef f():\n    return c\n"


@pytest.mark.parametrize(
    ("new", "line", "moved"),
    [
        (OLD, 3, 3),
        ("# new\n" + OLD, 3, 4),
        (OLD + "\nd = 5\n", 6, 6),
        ("import os\nimport sys\n\n" + OLD, 6, 9),
        (OLD.replace("b = 2\n", ""), 3, 2),
        (OLD.replace("c = a + b", "c = a - b"), 3, 3),
        (OLD.replace("c = a + b", "if a:\n    c = a + b"), 3, 4),
        (OLD.replace("c = a + b", "x = 5\nc = a + b + x"), 3, 4),
        ("def f():\n    return c\na = 1\nb = 2\nc = a + b\n", 6, 2),
    ],
)
def test_a_line_is_followed(new: str, line: int, moved: int) -> None:
    assert move_lines(OLD, new, [line])[line] == MovedLine(line, moved)


@pytest.mark.parametrize(
    ("new", "line", "why"),
    [
        (OLD.replace("b = 2\n", ""), 2, "line 2 was removed"),
        ("", 3, "line 3 was removed"),
        (
            OLD.replace("c = a + b", "import numpy as np\nfrom os import path"),
            3,
            "line 3 was removed",
        ),
        (OLD, 90, "there was no line 90"),
    ],
)
def test_a_line_that_is_gone_says_so(new: str, line: int, why: str) -> None:
    assert move_lines(OLD, new, [line])[line] == MovedLine(line, None, why)


def test_many_lines_are_moved_at_once() -> None:
    moved = move_lines(OLD, "# new\n" + OLD, range(1, 7))
    assert [moved[line].new for line in range(1, 7)] == [2, 3, 4, 5, 6, 7]
