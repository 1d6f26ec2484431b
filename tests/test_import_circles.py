"""No imports run in a circle, not even those that are made for types alone."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT

Imports = dict[str, set[str]]


def modules() -> dict[str, Path]:
    paths = (ROOT / "pyprobe").rglob("*.py")
    names = {path: path.relative_to(ROOT).with_suffix("").as_posix() for path in paths}
    return {name.removesuffix("/__init__").replace("/", "."): path for path, name in names.items()}


def imported(path: Path) -> Iterator[str]:
    """Yield what a file imports by its full name, wherever in the file it does so."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def without_leaves(imports: Imports) -> Imports:
    """Take away, again and again, what imports nothing that is left: circles stay."""
    left = imports
    while True:
        rest = {name: found & left.keys() for name, found in left.items() if found & left.keys()}
        if rest == left:
            return rest
        left = rest


def test_a_circle_is_found() -> None:
    imports = {"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set[str]()}
    assert without_leaves(imports) == {"a": {"b"}, "b": {"c"}, "c": {"b"}}


def test_no_imports_run_in_a_circle() -> None:
    files = modules()
    assert len(files) > 300
    imports = {name: {*imported(path)} & files.keys() for name, path in files.items()}
    # A package's own file only hands on what its modules define.
    packages = {name for name, path in files.items() if path.name == "__init__.py"}
    plain = {name: found - packages for name, found in imports.items() if name not in packages}
    assert without_leaves(plain) == {}
