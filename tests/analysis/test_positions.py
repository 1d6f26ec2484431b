"""Ranges are those of the running Python's bytecode, on hard code and on the standard library."""

import os
import random
import sys
import tokenize
from dataclasses import replace
from pathlib import Path

import pytest

from pyprobe.analysis.occurrence import Occurrence
from pyprobe.analysis.occurrences import find_occurrences
from tests.analysis import bytecode
from tests.analysis.bytecode import short_of, unplaced

HARD = Path(__file__).with_name("hard_source.txt").read_text(encoding="utf-8")
NEW_SYNTAX = """
class C:
    def m[T: bound](self: self_type) -> T:
        def inner[U](x: U): return lambda: [lambda q: x + q for _ in x]
        class D[V](Base[V], metaclass=M):
            def k(self): pass
        return inner
type Alias[Z: low] = list[Z]
f"{x!r:{f'{y}'}} {'a' + z[0]}"
"""
SAMPLE = 60
LIBRARY = Path(os.__file__).parent


def library_modules() -> list[Path]:
    """Return a sample of the standard library, the same in every run."""
    folders = (
        *("", "asyncio", "collections", "concurrent/futures", "email", "http", "importlib"),
        *("json", "logging", "multiprocessing", "unittest", "urllib", "xml/etree"),
    )
    found = [path for folder in folders for path in sorted((LIBRARY / folder).glob("*.py"))]
    return random.Random(1).sample(found, SAMPLE)


def test_hard_code_is_placed_exactly() -> None:
    assert [short_of(one, HARD) for one in unplaced(HARD)] == []


def test_new_syntax_is_placed_exactly() -> None:
    source = NEW_SYNTAX if sys.version_info >= (3, 12) else "pass"
    assert [short_of(one, source) for one in unplaced(source)] == []


@pytest.mark.parametrize("path", library_modules(), ids=lambda path: path.name)
def test_the_standard_library_is_placed_exactly(path: Path) -> None:
    with tokenize.open(path) as file:
        source = file.read()
    assert [short_of(one, source) for one in unplaced(source)] == []


def test_the_check_itself_finds_wrong_places(monkeypatch: pytest.MonkeyPatch) -> None:
    def shifted(source: str) -> list[Occurrence]:
        found = find_occurrences(source)
        return [replace(one, span=one.span._replace(col=one.span.col + 1)) for one in found]

    monkeypatch.setattr(bytecode, "find_occurrences", shifted)
    assert len(unplaced("x = y.z[i] + 1")) == 5
