"""Condition names: which names and attributes a condition can use at a line, by the source text."""

from collections.abc import Iterator

from pyprobe.analysis.occurrence import Occurrence, Path, StepKind
from pyprobe.gui.sources import Source

_MODULE = "<module>"
_OWN = ("self", "cls")


def names_at(source: Source, line: int) -> list[str]:
    """Return the names in scope at a line, those of the innermost function first."""
    scopes: dict[str, dict[str, None]] = {}
    for occurrence in _occurrences(source):
        root = occurrence.path.root
        if root:
            scopes.setdefault(occurrence.scope.qualname, {})[root] = None
    found: dict[str, None] = {}
    for scope in _scopes_around(source, line):
        found.update(scopes.get(scope, {}))
    return list(found)


def attributes_of(source: Source, base: str, line: int = 0) -> list[str]:
    """Return the attributes that the text reads or binds of ``base``, such as ``self.server``.

    With a line those of ``self`` are the ones of the class around it, if it has any.
    """
    found: dict[str, None] = {}
    own: dict[str, None] = {}
    around = _class_of(scope_at(source, line)) if line and base.partition(".")[0] in _OWN else ""
    for occurrence in _occurrences(source):
        for text, attribute in _attributes(occurrence.path):
            if text == base:
                found[attribute] = None
                if around and _class_of(occurrence.scope.qualname) == around:
                    own[attribute] = None
    return sorted(own or found)


def _class_of(qualname: str) -> str:
    """Return the class of a method, or of what is defined inside one."""
    return qualname.partition(".<locals>")[0].rpartition(".")[0]


def scope_at(source: Source, line: int) -> str:
    """Return the qualified name of the innermost function or class around a line."""
    return next(_scopes_around(source, line))


def _scopes_around(source: Source, line: int) -> Iterator[str]:
    """Yield the names of the scopes around a line, the innermost first, the module last."""
    around: dict[str, tuple[int, int]] = {}
    for occurrence in _occurrences(source):
        scope = occurrence.scope
        first, last = scope.span.line, scope.span.end_line
        if first <= line <= last and scope.qualname != _MODULE:
            around[scope.qualname] = (last - first, -first)
    yield from sorted(around, key=lambda name: (around[name], -len(name)))
    yield _MODULE


def _occurrences(source: Source) -> Iterator[Occurrence]:
    for line in source.index.lines:
        yield from source.index.on_line(line)


def _attributes(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each attribute of an access path with the text of what it is taken of."""
    text = path.root
    for step in path.steps:
        if step.kind is StepKind.ATTRIBUTE:
            attribute = str(step.value)
            yield text, attribute
            text = f"{text}.{attribute}"
        elif isinstance(step.value, int | str):
            text = f"{text}[{step.value!r}]"
        else:
            return
