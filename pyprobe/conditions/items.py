"""Items: the closures that decide one comparison, truth or edge, fast for numbers and text."""

from collections.abc import Callable

from pyprobe.conditions.access import ScopeT
from pyprobe.conditions.comparing import EQUALITIES, FUNCTIONS, compare_plain
from pyprobe.conditions.edges import change_memory, fall_memory, rise_memory
from pyprobe.conditions.errors import ConditionError
from pyprobe.conditions.plain_values import (
    ARRAY,
    NOT_PLAIN,
    dimensions,
    plain,
    truth,
    type_name,
)
from pyprobe.conditions.syntax import Compare, Edge, EdgeKind, Literal, Operator, TagRef
from pyprobe.conditions.tally import Tally
from pyprobe.errors import PyProbeError

UNREADABLE = (KeyError, PyProbeError)

_EDGE_MEMORIES = {EdgeKind.RISE: rise_memory, EdgeKind.FALL: fall_memory}


def truth_test(
    tag: TagRef, read: Callable[[ScopeT], object], tally: Tally, *, negated: bool = False
) -> Callable[[ScopeT], bool]:
    """Return what tells whether a tag's value is true (``negated``: false)."""
    text, item = str(tag), f"~{tag}" if negated else str(tag)
    miss = tally.miss

    def test(scope: ScopeT) -> bool:
        try:
            value = read(scope)
        except UNREADABLE as error:
            return miss(text, error)
        if value is True or value is False:
            return value is not negated
        kind = type(value)
        if kind is int or kind is float or kind is str:
            return (not value) is negated
        found = _truth(tag, value)
        if found is NOT_PLAIN:
            return tally.mismatch(item, _no_truth(value))
        return bool(found) is not negated

    return test


def _truth(tag: TagRef, value: object) -> object:
    found = truth(value)
    if found is ARRAY:
        raise ConditionError(
            f"Cannot test the array '{tag}' as true or false; "
            f"compare one element, as in {_element(tag, value)} > 1"
        )
    return found


def _no_truth(value: object) -> str:
    return f"the truth of {type_name(value)} is decided by its own code"


def _element(tag: TagRef, array: object) -> str:
    return f"{tag}{'[0]' * dimensions(array)}"


def edge_test(
    edge: Edge, tag: TagRef, read: Callable[[ScopeT], object], tally: Tally
) -> Callable[[ScopeT], bool]:
    """Return what tells whether a tag's value rises, falls or changes, with a memory of its own.

    Where the tag cannot be read the item is false and what is remembered stays.
    """
    if edge.kind is EdgeKind.CHANGED:
        return _change_test(edge, tag, read, tally)
    text, item = str(tag), str(edge)
    happens = _EDGE_MEMORIES[edge.kind]()
    miss = tally.miss

    def test(scope: ScopeT) -> bool:
        try:
            value = read(scope)
        except UNREADABLE as error:
            return miss(text, error)
        kind = type(value)
        if kind is bool or kind is int or kind is float:
            return happens(value != 0)
        found = _truth(tag, value)
        if found is NOT_PLAIN:
            return tally.mismatch(item, _no_truth(value))
        return happens(found)

    return test


def level_edge_test(kind: EdgeKind, level: Callable[[ScopeT], bool]) -> Callable[[ScopeT], bool]:
    """Return what tells whether a comparison begins or ceases to hold, as through a level.

    Where it cannot be decided it does not hold.
    """
    happens = _EDGE_MEMORIES[kind]()
    return lambda scope: happens(level(scope))


def _change_test(
    edge: Edge, tag: TagRef, read: Callable[[ScopeT], object], tally: Tally
) -> Callable[[ScopeT], bool]:
    text, item = str(tag), str(edge)
    happens = change_memory()
    miss = tally.miss

    def test(scope: ScopeT) -> bool:
        try:
            value = read(scope)
        except UNREADABLE as error:
            return miss(text, error)
        found = plain(value)
        if found is ARRAY:
            raise ConditionError(
                f"Cannot tell whether the array '{tag}' changed; "
                f"watch one element, as in changed({_element(tag, value)})"
            )
        if found is NOT_PLAIN:
            return tally.mismatch(
                item, f"{type_name(value)} is no number, text or other plain value"
            )
        return happens(found)

    return test


def literal_test(
    expr: Compare, literal: Literal, read: Callable[[ScopeT], object], tally: Tally
) -> Callable[[ScopeT], bool]:
    """Return what compares a tag's value with a value that is known now."""
    text, value = str(expr.left), literal.value
    if value is None and expr.op in EQUALITIES:
        return _none_test(text, expr.op, read, tally)
    holds, decide, miss = FUNCTIONS[expr.op], _decider(expr, tally), tally.miss
    one, other = _plain_kinds(value)

    def test(scope: ScopeT) -> bool:
        try:
            found = read(scope)
        except UNREADABLE as error:
            return miss(text, error)
        kind = type(found)
        if kind is one or kind is other:
            return holds(found, value)
        return decide(found, value)

    return test


class _NoType:
    """The type of nothing."""


def _plain_kinds(value: object) -> tuple[type, type]:
    """Return the types of what C code compares with a value at once."""
    if value is None:
        return _NoType, _NoType
    if type(value) is str:
        return str, str
    return (bool, int) if type(value) is bool else (float, int)


def _none_test(
    text: str, op: Operator, read: Callable[[ScopeT], object], tally: Tally
) -> Callable[[ScopeT], bool]:
    wanted, miss = op is Operator.EQUAL, tally.miss

    def test(scope: ScopeT) -> bool:
        try:
            found = read(scope)
        except UNREADABLE as error:
            return miss(text, error)
        return (found is None) is wanted

    return test


def tags_test(
    expr: Compare,
    right: TagRef,
    readers: tuple[Callable[[ScopeT], object], Callable[[ScopeT], object]],
    tally: Tally,
) -> Callable[[ScopeT], bool]:
    """Return what compares the values of two tags."""
    read_left, read_right = readers
    left_text, right_text = str(expr.left), str(right)
    holds, decide, miss = FUNCTIONS[expr.op], _decider(expr, tally), tally.miss

    def test(scope: ScopeT) -> bool:
        try:
            left = read_left(scope)
        except UNREADABLE as error:
            return miss(left_text, error)
        try:
            right = read_right(scope)
        except UNREADABLE as error:
            return miss(right_text, error)
        kind, other = type(left), type(right)
        if kind is float or kind is int:
            comparable = other is float or other is int
        else:
            comparable = kind is str and other is str
        return holds(left, right) if comparable else decide(left, right)

    return test


def _decider(expr: Compare, tally: Tally) -> Callable[[object, object], bool]:
    """Return what compares values that may be of any kind."""
    item, op = str(expr), expr.op
    by_identity = op in EQUALITIES

    def decide(left: object, right: object) -> bool:
        if by_identity and (left is None or right is None):
            return (left is right) is (op is Operator.EQUAL)
        plain_left, plain_right = plain(left), plain(right)
        if plain_left is ARRAY:
            raise _whole_array(expr, expr.left, left)
        if plain_right is ARRAY and isinstance(expr.right, TagRef):
            raise _whole_array(expr, expr.right, right)
        found = None
        if plain_left is not NOT_PLAIN and plain_right is not NOT_PLAIN:
            found = compare_plain(plain_left, op, plain_right)
        if found is None:
            reason = f"{type_name(left)} and {type_name(right)} cannot be compared by {op}"
            return tally.mismatch(item, reason)
        return found

    return decide


def _whole_array(expr: Compare, tag: TagRef, array: object) -> ConditionError:
    element = _element(tag, array)
    sides = (element, expr.right) if tag is expr.left else (expr.left, element)
    return ConditionError(
        f"Cannot compare the array '{tag}' as a whole; "
        f"compare one element, as in {sides[0]} {expr.op} {sides[1]}"
    )
