"""Resolver: which instructions of a code object an occurrence stands for.

The line does not decide, the instruction does: ``co_positions()`` ties it to a source range. One
occurrence can own several instructions, since the compiler copies ``finally`` bodies.
"""

import opcode
from collections.abc import Iterator
from enum import Enum
from types import CodeType
from typing import NamedTuple

from pyprobe.analysis.occurrence import Occurrence, OccurrenceKind, Span
from pyprobe.analysis.qualnames import HIDDEN_SCOPES, canonical_qualname
from pyprobe.core.code_map import CodeMap, Instruction


class Phase(Enum):
    """When, seen from an instruction, the value is there to be read."""

    BEFORE = 0
    AFTER = 1
    ENTRY = 2
    RETURN = 3
    YIELD = 4


class Site(NamedTuple):
    """One place of a code object where an occurrence captures.

    ``position`` is its instruction's in the CodeMap.

    ``order`` sorts two sites of one fused instruction.
    """

    phase: Phase
    position: int
    order: int = 0


INLINES_COMPREHENSIONS = "LOAD_FAST_AND_CLEAR" in opcode.opmap  # PEP 709, Python 3.12

_STORES = ("STORE_FAST", "STORE_NAME", "STORE_GLOBAL", "STORE_DEREF")
_LOADS = (
    *("LOAD_FAST", "LOAD_NAME", "LOAD_GLOBAL", "LOAD_DEREF", "LOAD_CLASSDEREF"),
    *("LOAD_FROM_DICT_OR_GLOBALS", "LOAD_FROM_DICT_OR_DEREF"),
)
_NOT_LOADS = ("LOAD_FAST_AND_CLEAR",)
_MEMBER_STORES = ("STORE_ATTR", "STORE_SUBSCR", "STORE_SLICE")
_MEMBER_LOADS = ("LOAD_ATTR", "LOAD_METHOD", "LOAD_SUPER_ATTR", "BINARY_SUBSCR", "BINARY_SLICE")
_NAMELESS = ("<lambda>", "<genexpr>")
_LEAVES = ("RETURN_VALUE", "RETURN_CONST")
# A return in a `finally` first takes off the stack what it is returned instead of.
_NO_OWNERS = (*_LEAVES, "NOP", "SWAP", "POP_TOP", "COPY", "POP_EXCEPT", "RERAISE")
_FUSED_LOADS = {"LOAD_FAST_LOAD_FAST": (0, 1), "STORE_FAST_LOAD_FAST": (1,)}
_FUSED_STORES = {"STORE_FAST_STORE_FAST": (0, 1), "STORE_FAST_LOAD_FAST": (0,)}


def resolve(code_map: CodeMap, occurrence: Occurrence) -> list[Site]:
    """Return the sites of an occurrence in a code object; empty when it is not in this one."""
    code = code_map.code
    kind = occurrence.kind
    if kind is OccurrenceKind.PARAMETER:
        return [Site(Phase.ENTRY, 0)] if _owns_parameter(code_map, occurrence) else []
    if not _may_hold(code, occurrence):
        return []
    if kind is OccurrenceKind.STORE:
        return list(_name_stores(code_map, occurrence))
    if kind is OccurrenceKind.LOAD:
        return list(_name_loads(code_map, occurrence))
    if kind in (OccurrenceKind.MEMBER_STORE, OccurrenceKind.BASE_STORE):
        found = _exact(code_map, occurrence, _MEMBER_STORES)
        return [Site(Phase.AFTER, index) for index in found]
    if kind is OccurrenceKind.MEMBER_LOAD:
        found = _exact(code_map, occurrence, _MEMBER_LOADS)
        return [Site(Phase.BEFORE, index) for index in found]
    if kind is OccurrenceKind.RETURN:
        if not owns_scope(code, occurrence):  # a comprehension in the returned expression
            return []
        return [Site(Phase.RETURN, index) for index in _returns(code_map, occurrence)]
    found = [i for i, ins in enumerate(code_map.instructions) if ins.opname == "YIELD_VALUE"]
    return [Site(Phase.YIELD, i) for i in found if code_map.instructions[i].span == occurrence.span]


def owns_scope(code: CodeType, occurrence: Occurrence) -> bool:
    """Whether this is the code object of the occurrence's scope (lambdas: one of that line)."""
    scope = occurrence.scope
    return (
        code.co_firstlineno == scope.first_line
        and code.co_name not in HIDDEN_SCOPES
        and canonical_qualname(code.co_qualname) == scope.qualname
    )


def is_scope(code_map: CodeMap, occurrence: Occurrence) -> bool:
    """Whether this is the code object of the occurrence's scope, among several of one line too.

    These may have the same name; instructions of another lambda lie outside of ours, or in what of
    it runs around it.
    """
    code, scope = code_map.code, occurrence.scope
    if code.co_name in HIDDEN_SCOPES:
        qualname = canonical_qualname(code.co_qualname)
        return scope.inlined and qualname == scope.qualname and _iterates_in(code_map, scope.span)
    if not owns_scope(code, occurrence) or (scope.inlined and not INLINES_COMPREHENSIONS):
        return False
    return code.co_name not in _NAMELESS or any(
        scope.span.contains(span) and not (scope.around is not None and scope.around.contains(span))
        for span in _placed_spans(code_map)
    )


def _iterates_in(code_map: CodeMap, span: Span) -> bool:
    """Whether what the code iterates over, its hidden argument, is read at this very range."""
    return any(ins.names == (".0",) and ins.span == span for ins in code_map.instructions)


def _placed_spans(code_map: CodeMap) -> list[Span]:
    spans = [ins.span for ins in code_map.instructions if ins.span is not None]
    return [span for span in spans if span.end_col > span.col or span.end_line > span.line]


def _may_hold(code: CodeType, occurrence: Occurrence) -> bool:
    return code.co_firstlineno <= occurrence.span.end_line


def _name_stores(code_map: CodeMap, occurrence: Occurrence) -> Iterator[Site]:
    for index, part in _named(code_map, occurrence, _STORES, _FUSED_STORES):
        if not is_cleanup(code_map, index):
            yield Site(Phase.AFTER, index, part)


def is_cleanup(code_map: CodeMap, index: int) -> bool:
    """The compiler ends ``except … as x`` with ``x = None; del x``, which is no binding.

    All three instructions then have one position, that of what ran before.
    """
    store = code_map.instructions[index]
    following = code_map.following(index)
    return (
        following is not None
        and following.opname.startswith("DELETE_")
        and following.names == store.names
        and following.span == store.span
        and index > 0
        and code_map.instructions[index - 1].span == store.span
    )


def _name_loads(code_map: CodeMap, occurrence: Occurrence) -> Iterator[Site]:
    for index, part in _named(code_map, occurrence, _LOADS, _FUSED_LOADS):
        ins = code_map.instructions[index]
        just_stored = ins.opname == "STORE_FAST_LOAD_FAST" and ins.names[0] == ins.names[1]
        yield Site(Phase.AFTER if just_stored else Phase.BEFORE, index, part)


def _named(
    code_map: CodeMap,
    occurrence: Occurrence,
    family: tuple[str, ...],
    fused: dict[str, tuple[int, ...]],
) -> Iterator[tuple[int, int]]:
    """Yield ``(instruction index, which of its names)`` of a name's reads or stores."""
    row = list(_on_line(code_map, occurrence, family, fused))
    exact_spans = {one.span for one in row if one.span is not None}
    hidden = [one for one in row if one.span is None]
    in_scope, siblings = is_scope(code_map, occurrence), occurrence.siblings
    if hidden and in_scope and occurrence.span in siblings and _is_aligned(row, siblings):
        copies = row[siblings.index(occurrence.span) :: len(siblings)]
        yield from ((one.place, one.part) for one in copies)
        return
    found = [
        one
        for one in row
        if one.span == occurrence.span or (in_scope and _follows(code_map, one, occurrence))
    ]
    if found:
        yield from ((one.place, one.part) for one in found)
        return
    if not in_scope:
        return
    # What stands where no name does was positioned by another version than parsed the source.
    is_foreign = not exact_spans.issubset(siblings)
    if hidden and not is_foreign:
        yield from _by_order(occurrence, hidden, exact_spans)
    elif is_foreign or not exact_spans:
        yield from _by_ordinal(code_map, occurrence, family, fused)


class _Named(NamedTuple):
    """One read or store of a name: the instruction's place in the CodeMap, which of its names.

    ``span`` is None for a name that lost its position to fusion.
    """

    place: int
    part: int
    span: Span | None


def _on_line(
    code_map: CodeMap,
    occurrence: Occurrence,
    family: tuple[str, ...],
    fused: dict[str, tuple[int, ...]],
) -> Iterator[_Named]:
    """Yield the reads or stores of the occurrence's name on its line, in the code's order."""
    line = occurrence.span.line
    for index, ins in enumerate(code_map.instructions):
        if occurrence.name not in ins.names or not _is_of(ins, family, fused):
            continue
        if ins.span is None or ins.span.line != line or _is_bookkeeping(code_map, ins):
            continue
        for part in fused.get(ins.opname, (0,)):
            if ins.names[part] == occurrence.name:
                yield _Named(index, part, ins.span if part == 0 else None)


def _is_aligned(row: list[_Named], siblings: tuple[Span, ...]) -> bool:
    """Whether a line's reads or stores of a name are the source's, once or several times over.

    The compiler copies the bodies of ``finally`` and the conditions of ``while``, and may fuse a
    name in one copy and not in another.
    """
    return len(row) % len(siblings) == 0 and all(
        one.span in (None, siblings[at % len(siblings)]) for at, one in enumerate(row)
    )


def _follows(code_map: CodeMap, one: _Named, occurrence: Occurrence) -> bool:
    """Whether a name that lost its position is fused with one that may come right before ours."""
    return one.span is None and code_map.instructions[one.place].span in occurrence.before


def _is_of(ins: Instruction, family: tuple[str, ...], fused: dict[str, tuple[int, ...]]) -> bool:
    if ins.opname in fused:
        return True
    return ins.opname.startswith(family) and len(ins.names) == 1 and ins.opname not in _NOT_LOADS


def _is_bookkeeping(code_map: CodeMap, ins: Instruction) -> bool:
    """Whether a store or load is the compiler's own, at the position of what it is made for.

    A store may give a name back what it was bound to before an inlined comprehension; what has put
    that aside has the same position, the whole comprehension's. A load may hand a variable's cell
    to a function that is made (3.13; ``LOAD_CLOSURE`` before), and has that one's.
    """
    if ins.opname == "STORE_FAST":
        return any(
            other.opname == "LOAD_FAST_AND_CLEAR"
            and (other.names, other.span) == (ins.names, ins.span)
            for other in code_map.instructions
        )
    return ins.opname == "LOAD_FAST" and any(
        other.opname == "MAKE_FUNCTION" and other.span == ins.span
        for other in code_map.instructions
    )


def _by_order(
    occurrence: Occurrence, hidden: list[_Named], exact_spans: set[Span]
) -> Iterator[tuple[int, int]]:
    """Find the name that lost its position to fusion by its place among those that did.

    Copies of a ``finally`` body repeat the whole row.
    """
    lost = [span for span in occurrence.siblings if span not in exact_spans] or [occurrence.span]
    if occurrence.span not in lost:
        return
    place = lost.index(occurrence.span)
    for number, found in enumerate(hidden):
        if number % len(lost) == place:
            yield found.place, found.part


def _by_ordinal(
    code_map: CodeMap,
    occurrence: Occurrence,
    family: tuple[str, ...],
    fused: dict[str, tuple[int, ...]],
) -> Iterator[tuple[int, int]]:
    """Find a name by its place in its statement, where this Python positions it otherwise.

    So it is with match captures and f-strings when the source was parsed by another version.
    """
    inside = [
        (index, part)
        for index, ins in enumerate(code_map.instructions)
        if occurrence.name in ins.names and _is_of(ins, family, fused)
        if ins.span is not None and occurrence.statement.contains(ins.span)
        if not _is_bookkeeping(code_map, ins)
        for part in fused.get(ins.opname, (0,))
        if ins.names[part] == occurrence.name
    ]
    if inside and len(inside) % occurrence.count == 0:
        for number, found in enumerate(inside):
            if number % occurrence.count == occurrence.ordinal:
                yield found


def _exact(code_map: CodeMap, occurrence: Occurrence, opnames: tuple[str, ...]) -> list[int]:
    found = []
    for index, ins in enumerate(code_map.instructions):
        if ins.span == occurrence.span and ins.opname in opnames:
            if occurrence.name and ins.names and ins.names[0] != occurrence.name:
                continue
            found.append(index)
    return found


def _owns_parameter(code_map: CodeMap, occurrence: Occurrence) -> bool:
    code = code_map.code
    arguments = code.co_argcount + code.co_kwonlyargcount
    arguments += bool(code.co_flags & 0x04) + bool(code.co_flags & 0x08)  # *args, **kwargs
    if occurrence.name not in code.co_varnames[:arguments] or not owns_scope(code, occurrence):
        return False
    # A lambda that returns a constant may have no instruction with a place (3.12).
    return is_scope(code_map, occurrence) or not _placed_spans(code_map)


def _returns(code_map: CodeMap, occurrence: Occurrence) -> list[int]:
    instructions = code_map.instructions
    direct = [
        index
        for index, ins in enumerate(instructions)
        if ins.opname.startswith("RETURN_") and ins.opname != "RETURN_GENERATOR"
        if ins.span is not None and occurrence.span.contains(ins.span)
    ]
    # Through finally and with the compiler gives the RETURN the position of what ran last, so
    # such a return is reached by following control flow from its value.
    inside = [
        index
        for index, ins in enumerate(instructions)
        if ins.span is not None and occurrence.span.contains(ins.span) and index not in direct
    ]
    found = {*direct, *_reached_returns(code_map, inside)}
    if not found:
        # A constant returned on the line of its `with`: nothing of the statement is left but the
        # RETURN itself, the first of that line.
        on_line = [
            index
            for index, ins in enumerate(instructions)
            if ins.opname in _LEAVES and ins.span is not None
            if ins.span.line == occurrence.line and _took_position(code_map, index)
        ]
        found.update(on_line[:1])
    return sorted(found)


def _reached_returns(code_map: CodeMap, inside: list[int]) -> set[int]:
    instructions = code_map.instructions
    found: set[int] = set()
    seen = set(inside)
    todo = list(inside)
    while todo:
        for index in code_map.successors(todo.pop()):
            if index in seen:
                continue
            seen.add(index)
            if instructions[index].opname not in _LEAVES:
                todo.append(index)
            elif _took_position(code_map, index):
                found.add(index)
    return found


def _took_position(code_map: CodeMap, index: int) -> bool:
    """Whether a RETURN has another instruction's position: a return statement's has its own."""
    ins = code_map.instructions[index]
    return ins.span is None or any(
        other.span == ins.span and other.opname not in _NO_OWNERS
        for place, other in enumerate(code_map.instructions)
        if place != index and not (place == index - 1 and other.opname == "LOAD_CONST")
    )
