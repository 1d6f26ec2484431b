"""Edges: what a tag was the last time, for each place of use and each thread."""

from _thread import _local
from collections.abc import Callable

from pyprobe.conditions.plain_values import is_member, member_name

_LONGEST_KEPT = 1_000  # longer text is remembered by its hash: nothing of the program is held


def rise_memory() -> Callable[[object], bool]:
    """Return what tells of each truth in turn whether it is true after a false one."""
    memory = _local()

    def rises(now: object) -> bool:
        before = getattr(memory, "value", None)
        memory.value = now
        return now is True and before is False

    return rises


def fall_memory() -> Callable[[object], bool]:
    """Return what tells of each truth in turn whether it is false after a true one."""
    memory = _local()

    def falls(now: object) -> bool:
        before = getattr(memory, "value", None)
        memory.value = now
        return now is False and before is True

    return falls


def change_memory() -> Callable[[object], bool]:
    """Return what tells of each plain value in turn whether it differs from the one before."""
    memory = _local()

    def changes(value: object) -> bool:
        now = _remembered(value)
        before = getattr(memory, "value", now)
        memory.value = now
        return bool(now != before)

    return changes


def _remembered(value: object) -> tuple[str, object]:
    """Return what stands for a plain value: equal for equal values of one kind, NaN included."""
    if is_member(value):
        return f"member of {id(type(value))}", member_name(value)
    if type(value) is str or type(value) is bytes:
        long = len(value) > _LONGEST_KEPT
        return type(value).__name__, (len(value), hash(value)) if long else value
    if value is None:
        return "None", None
    return ("number", value) if value == value else ("not a number", None)
