"""Feeds bytes to everything that takes a condition's text; with atheris, ones that seek new paths.

python -m tests.conditions.fuzz -max_total_time=60     (atheris must be installed)
"""

import contextlib
import importlib
import sys

from pyprobe.conditions import ConditionError, compile, parse, unparse, validate
from pyprobe.conditions.completion import complete
from pyprobe.conditions.parser import MAX_LENGTH

NAMES = {"a": 1, "b": [1, {"c": "x"}], "c": None, "x": 2.5}


def one_input(data: bytes) -> None:
    """Take the bytes as a condition: it is read, written, completed and evaluated, or refused.

    Python expressions are only checked: evaluating one may do anything.
    """
    text = data.decode("utf-8", "surrogateescape")
    messages = validate(text)
    assert all(message.isprintable() and message.startswith("Expected ") for message in messages)
    assert 0 <= complete(text, len(text)).start <= len(text)
    if messages:
        return
    tree = parse(text)
    if tree.runs_program_code:
        return
    written = unparse(tree)
    if len(written) <= MAX_LENGTH:  # written out with its blanks, a long one may be too long
        assert parse(written) == tree
    with contextlib.suppress(ConditionError):
        assert type(compile(tree)(NAMES)) is bool


def main() -> None:
    """Let atheris look for inputs that break it; ends with what it found."""
    atheris = importlib.import_module("atheris")
    atheris.instrument_all()
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
