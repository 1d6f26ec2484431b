"""Every example in docs/conditions.md does what the document says."""

import ast
import enum
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from pyprobe.conditions import ConditionError, Evaluator, compile, parse, validate
from pyprobe.conditions.parser import MAX_LENGTH, MAX_NESTING
from tests.conftest import ROOT

DOCUMENT = (ROOT / "docs" / "conditions.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```condition\n(.*?)^```", re.MULTILINE | re.DOTALL)
MODE = enum.Enum("Mode", ["AUTO", "MANUAL"])  # type: ignore[misc]
LEVEL = enum.IntEnum("Level", ["LOW", "HIGH"])  # type: ignore[misc]
VOCABULARY: dict[str, Any] = {
    "array": np.array,
    "float32": np.float32,
    "thing": SimpleNamespace,
    "Mode": MODE,
    "Level": LEVEL,
}
LINES = [line for block in BLOCK.findall(DOCUMENT) for line in block.splitlines()]


def _examples(mark: str) -> list[tuple[str, str, str]]:
    parts = (re.split(r"\s+# ", line, maxsplit=1) for line in LINES)
    split = ((source, *comment.partition(mark)) for source, comment in parts)
    return [(source, given.strip(), said.strip()) for source, given, found, said in split if found]


def _scopes(given: str) -> Iterator[dict[str, object]]:
    """Return the names of each moment: each has one value for all, or one for each moment."""
    courses = {}
    for binding in given.split("; "):
        name, _, values = binding.partition(" = ")
        courses[name] = _values(values)
    moments = max(map(len, courses.values()))
    for moment in range(moments):
        yield {name: course[moment] for name, course in courses.items()}


def _values(text: str) -> list[object]:
    items = ast.parse(f"[{text}]", mode="eval").body
    assert isinstance(items, ast.List)
    return [eval(ast.unparse(item), VOCABULARY) for item in items.elts]


def _said(evaluator: Evaluator[Any], scope: dict[str, object]) -> str:
    try:
        text = "true" if evaluator(scope) else "false"
    except ConditionError as error:
        return f"error: {error}"
    counts = {"missing": evaluator.missing, "not comparable": evaluator.not_comparable}
    return ", ".join([text, *(f"{count} {what}" for what, count in counts.items() if count)])


@pytest.mark.parametrize(("source", "given", "said"), _examples("→"))
def test_an_example_decides_what_the_document_says(source: str, given: str, said: str) -> None:
    evaluator = compile(parse(source))
    assert ", ".join(_said(evaluator, scope) for scope in _scopes(given)) == said


@pytest.mark.parametrize(("source", "_", "said"), _examples("refused: "))
def test_an_example_is_refused_as_the_document_says(source: str, _: str, said: str) -> None:
    assert validate(source) == [said]


def test_every_line_is_an_example_and_the_limits_are_told() -> None:
    assert len(LINES) == len(_examples("→")) + len(_examples("refused: "))
    assert f"{MAX_LENGTH:,} characters" in DOCUMENT
    assert f"{MAX_NESTING} parentheses" in DOCUMENT
