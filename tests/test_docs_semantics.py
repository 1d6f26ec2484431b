"""Every example in docs/semantics.md does what the document says."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

import numpy
import pytest

from pyprobe.analysis.occurrence import Occurrence, OccurrenceKind
from pyprobe.analysis.occurrence_index import OccurrenceIndex
from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.core.anchor import ProbeAnchor
from pyprobe.core.tracer import CapturedVariable, ThrottleStrategy, VariableTracer, WatchConfig
from tests.conftest import ROOT

BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
PROMISE = re.compile(r"# probe ([^@→]+?)(?:@(\d+))? → (.+)$")
BINDING = (OccurrenceKind.STORE, OccurrenceKind.PARAMETER, OccurrenceKind.MEMBER_STORE)


@dataclass(frozen=True)
class Promise:
    """What a comment in an example says of its line."""

    line: int
    symbol: str
    col: int | None
    values: list[object]


def _promises(source: str) -> list[Promise]:
    found = []
    for number, text in enumerate(source.splitlines(), 1):
        if match := PROMISE.search(text):
            col = int(match[2]) if match[2] else None
            found.append(Promise(number, match[1], col, ast.literal_eval(f"[{match[3]}]")))
    return found


def _occurrence(index: OccurrenceIndex, promise: Promise) -> Occurrence:
    """Return what SPEC means: the line's binding of that name, else its first read."""
    named = [item for item in index.on_line(promise.line) if item.symbol == promise.symbol]
    if promise.col is not None:
        return next(item for item in named if item.col == promise.col)
    return next((item for item in named if item.kind in BINDING), named[0])


EXAMPLES = BLOCK.findall((ROOT / "docs" / "semantics.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("source", EXAMPLES, ids=range(1, len(EXAMPLES) + 1))
def test_an_example_captures_what_it_says(source: str, tmp_path: Path) -> None:
    script = tmp_path / "example.py"
    script.write_text(source, encoding="utf-8")
    promises = _promises(source)
    assert promises
    index = OccurrenceIndex(find_occurrences(source, filename=str(script)))
    captured: dict[int, list[object]] = {promise.line: [] for promise in promises}

    def keep(capture: CapturedVariable) -> None:
        value = capture.value
        plain = value.tolist() if isinstance(value, numpy.ndarray) else value
        captured[capture.line_number].append(plain)

    tracer = VariableTracer(keep)
    for promise in promises:
        found = _occurrence(index, promise)
        anchor = ProbeAnchor(str(script), found.line, found.col, found.symbol, found.func)
        tracer.add_anchor_watch(anchor, WatchConfig(found.symbol, ThrottleStrategy.NONE))
    tracer.start_anchored()
    try:
        exec(compile(source, str(script), "exec"), {"__name__": "example"})
    finally:
        tracer.stop()
    assert tracer.problems == {}
    assert captured == {promise.line: promise.values for promise in promises}


def test_the_document_covers_every_kind_of_occurrence() -> None:
    kinds = set()
    for source in EXAMPLES:
        index = OccurrenceIndex(find_occurrences(source, filename="example.py"))
        kinds |= {_occurrence(index, promise).kind for promise in _promises(source)}
    assert kinds == set(OccurrenceKind)
