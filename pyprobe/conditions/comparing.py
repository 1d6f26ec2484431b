"""Comparing two plain values as Python does, or saying that they cannot be compared."""

import operator
from collections.abc import Callable
from typing import Any

from pyprobe.conditions.plain_values import is_member, member_name
from pyprobe.conditions.syntax import Operator

Function = Callable[[Any, Any], bool]

FUNCTIONS: dict[Operator, Function] = {
    Operator.EQUAL: operator.eq,
    Operator.NOT_EQUAL: operator.ne,
    Operator.LESS: operator.lt,
    Operator.LESS_EQUAL: operator.le,
    Operator.GREATER: operator.gt,
    Operator.GREATER_EQUAL: operator.ge,
}
EQUALITIES = (Operator.EQUAL, Operator.NOT_EQUAL)


def compare_plain(left: object, op: Operator, right: object) -> bool | None:
    """Return whether the comparison of two plain values holds; None for values of unlike kinds.

    None equals nothing but itself; an enum member equals itself and the text of its name.
    """
    if left is None or right is None:
        return (left is right) is (op is Operator.EQUAL) if op in EQUALITIES else None
    if _is_number(left) and _is_number(right):
        if op not in EQUALITIES and (type(left) is complex or type(right) is complex):
            return None
        return FUNCTIONS[op](left, right)
    kind = type(left)
    if kind is type(right) and (kind is str or kind is bytes):
        return FUNCTIONS[op](left, right)
    return _compare_members(left, op, right) if op in EQUALITIES else None


def _is_number(value: object) -> bool:
    kind = type(value)
    return kind is float or kind is int or kind is bool or kind is complex


def _compare_members(left: object, op: Operator, right: object) -> bool | None:
    if is_member(left) and is_member(right):
        same = left is right
    elif is_member(left) and type(right) is str:
        same = member_name(left) == right
    elif is_member(right) and type(left) is str:
        same = member_name(right) == left
    else:
        return None
    return same is (op is Operator.EQUAL)
