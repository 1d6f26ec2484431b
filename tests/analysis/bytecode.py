"""Helper: compares occurrences with the positions of the bytecode the running Python makes."""

import ast
import dis
import warnings
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import CodeType

from pyprobe.analysis.occurrence import Occurrence, OccurrenceKind, Span
from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.analysis.qualnames import canonical_qualname
from pyprobe.analysis.source_lines import split_lines

_NAME_STORES = ("STORE_FAST", "STORE_NAME", "STORE_GLOBAL", "STORE_DEREF")
_NAME_LOADS = ("LOAD_FAST", "LOAD_NAME", "LOAD_GLOBAL", "LOAD_DEREF", "LOAD_CLASSDEREF")
_SCOPED_LOADS = ("LOAD_FROM_DICT_OR_GLOBALS", "LOAD_FROM_DICT_OR_DEREF")
_ITEM_OPS = {
    "BINARY_SUBSCR": OccurrenceKind.MEMBER_LOAD,
    "BINARY_SLICE": OccurrenceKind.MEMBER_LOAD,
    "STORE_SUBSCR": OccurrenceKind.MEMBER_STORE,
    "STORE_SLICE": OccurrenceKind.MEMBER_STORE,
    "LOAD_ATTR": OccurrenceKind.MEMBER_LOAD,
    "LOAD_METHOD": OccurrenceKind.MEMBER_LOAD,
    "LOAD_SUPER_ATTR": OccurrenceKind.MEMBER_LOAD,
    "STORE_ATTR": OccurrenceKind.MEMBER_STORE,
    "YIELD_VALUE": OccurrenceKind.YIELD,
}
_FUSED = {
    "LOAD_FAST_LOAD_FAST": (OccurrenceKind.LOAD, OccurrenceKind.LOAD),
    "STORE_FAST_LOAD_FAST": (OccurrenceKind.STORE, OccurrenceKind.LOAD),
    "STORE_FAST_STORE_FAST": (OccurrenceKind.STORE, OccurrenceKind.STORE),
}

Key = tuple[OccurrenceKind, str, Span]


@dataclass
class ScopeInstructions:
    """What the code objects of one qualified name hold."""

    exact: dict[Key, set[int]] = field(default_factory=lambda: defaultdict(set))  # first lines
    hidden: dict[tuple[OccurrenceKind, str, int], int] = field(
        default_factory=lambda: defaultdict(int)
    )
    lines: set[int] = field(default_factory=set)


def every_code(code: CodeType) -> Iterator[CodeType]:
    """Yield a code object and all within."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from every_code(constant)


def compile_quietly(source: str) -> CodeType:
    """Compile a module without its warnings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return compile(source, "<source>", "exec", dont_inherit=True)


def instructions_of(source: str) -> dict[str, ScopeInstructions]:
    """Return what the bytecode does, by canonical qualified name."""
    scopes: dict[str, ScopeInstructions] = defaultdict(ScopeInstructions)
    for code in every_code(compile_quietly(source)):
        scope = scopes[canonical_qualname(code.co_qualname)]
        for instruction in dis.get_instructions(code):
            _note(scope, code.co_firstlineno, instruction)
    return scopes


def _note(scope: ScopeInstructions, first_line: int, instruction: dis.Instruction) -> None:
    place = instruction.positions
    if place is None or place.lineno is None or place.col_offset is None:
        return
    assert place.end_lineno is not None
    assert place.end_col_offset is not None
    span = Span(place.lineno, place.col_offset, place.end_lineno, place.end_col_offset)
    scope.lines.add(span.line)
    for part, (kind, name) in enumerate(_effects(instruction)):
        if part == 0:
            scope.exact[kind, name, span].add(first_line)
        else:
            scope.hidden[kind, name, span.line] += 1


def _effects(instruction: dis.Instruction) -> list[tuple[OccurrenceKind, str]]:
    opname, value = instruction.opname, instruction.argval
    if opname in _FUSED:
        return list(zip(_FUSED[opname], value, strict=True))
    if opname.startswith(_NAME_STORES):
        return [(OccurrenceKind.STORE, value)]
    if opname.startswith((*_NAME_LOADS, *_SCOPED_LOADS)) and opname != "LOAD_FAST_AND_CLEAR":
        return [(OccurrenceKind.LOAD, value)]
    kind = _ITEM_OPS.get(opname)
    named = value if kind is not None and opname.endswith(("_ATTR", "_METHOD")) else ""
    return [] if kind is None else [(kind, named)]


def unplaced(source: str) -> list[Occurrence]:
    """Return the occurrences that no instruction stands for although the code there can run."""
    scopes = instructions_of(source)
    folded = _folded_lines(source)
    return [
        occurrence
        for occurrence in find_occurrences(source)
        if occurrence.span.line not in folded and _is_lost(occurrence, scopes)
    ]


def short_of(occurrence: Occurrence, source: str) -> str:
    """Return one occurrence and its line, for people."""
    line = split_lines(source)[occurrence.line - 1].strip()
    kind = occurrence.kind.value
    return f"{occurrence.line}:{occurrence.col} {kind} {occurrence.name} {occurrence.span} {line}"


def _folded_lines(source: str) -> set[int]:
    """Return the lines of conditions on a constant, of which the compiler drops one side."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(source)
    lines: set[int] = set()
    for node in ast.walk(tree):
        tests: list[ast.expr] = []
        if isinstance(node, ast.If | ast.IfExp):
            tests = [node.test]
        elif isinstance(node, ast.BoolOp):
            tests = node.values
        if any(_is_constant(test) for test in tests) and isinstance(node, ast.stmt | ast.expr):
            lines.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return lines


def _is_constant(test: ast.expr) -> bool:
    if isinstance(test, ast.UnaryOp):
        return _is_constant(test.operand)
    return isinstance(test, ast.Constant) or (isinstance(test, ast.Name) and test.id == "__debug__")


def _is_lost(occurrence: Occurrence, scopes: dict[str, ScopeInstructions]) -> bool:
    kind = occurrence.kind
    if kind in (OccurrenceKind.PARAMETER, OccurrenceKind.RETURN):
        return False
    kind = OccurrenceKind.MEMBER_STORE if kind is OccurrenceKind.BASE_STORE else kind
    scope = scopes.get(occurrence.scope.qualname)
    if scope is None or _is_compiled_away(occurrence, scope):
        return scope is None
    first_lines = scope.exact.get((kind, occurrence.name, occurrence.span), set())
    if occurrence.scope.first_line in first_lines or (
        first_lines and _in_comprehension(occurrence)
    ):
        return False
    if occurrence.span not in occurrence.siblings:
        return True
    lost = [
        span for span in occurrence.siblings if (kind, occurrence.name, span) not in scope.exact
    ]
    hidden = scope.hidden[kind, occurrence.name, occurrence.span.line]
    return hidden == 0 or hidden % len(lost) != 0


def _is_compiled_away(occurrence: Occurrence, scope: ScopeInstructions) -> bool:
    """Unreachable code has no instructions; of `_, _ = …` only the last store is kept."""
    statement = occurrence.statement
    if scope.lines.isdisjoint(range(statement.line, statement.end_line + 1)):
        return True
    is_store = occurrence.kind is OccurrenceKind.STORE
    return is_store and occurrence.ordinal < occurrence.count - 1


def _in_comprehension(occurrence: Occurrence) -> bool:
    return occurrence.scope.span.line != occurrence.scope.first_line  # 3.11: a code of its own
