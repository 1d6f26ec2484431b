"""Sights: a value as it was at one moment, to be compared with what it is later, and shown."""

from typing import Any, NamedTuple

from pyprobe.conditions.plain_values import numpy_class
from pyprobe.core.debug.fingerprint import fingerprint, is_plain
from pyprobe.core.debug.log_text import short_text
from pyprobe.core.debug.plain_parts import PlainParts

NO_VALUE_TEXT = "no value"
_NUMBER_KINDS = "biufc"
_MOST_NUMBERS = 12


class Sight(NamedTuple):
    """``mark`` compares equal as long as the value is the same, or has the same contents."""

    mark: object
    plain: object
    text: str

    def __str__(self) -> str:
        """Return the value in short."""
        return self.text or short_text(self.plain)

    @property
    def size(self) -> int:
        """How many parts are remembered that were looked at as one."""
        return len(self.mark.parts) if isinstance(self.mark, PlainParts) else 0

    def is_same(self, other: "Sight") -> bool:
        """Whether nothing has changed in between."""
        return bool(self.mark == other.mark)


def sight_of(value: object, before: Sight | None = None) -> Sight:
    """Look at a value. It keeps no reference to an object of the program.

    Return ``before`` where nothing has changed since: to describe a value takes longer than to
    compare it.

    Raises:
        RuntimeError: a thread of the program changes it meanwhile.
    """
    kind = type(value)
    if kind is int or value is None:
        return Sight(value, value, "")
    if kind is float and value == value:
        return Sight(("float", value), value, "")
    mark = fingerprint(value, before.mark if before is not None else None)
    if is_plain(value) and not isinstance(mark, tuple):
        return Sight(mark, value, "")
    if before is not None and (before.mark is mark or before.mark == mark):
        # Other objects of equal values are told as fast from now on, if they are remembered.
        is_other = mark is not before.mark and isinstance(mark, PlainParts)
        return before._replace(mark=mark) if is_other else before
    if is_plain(value) and kind is not str and kind is not bytes:
        return Sight(mark, value, "")
    return Sight(mark, None, _array_text(value) or short_text(value))


def _array_text(value: Any) -> str:
    """Return the numbers of a small array, ``""`` for anything else."""
    is_array = id(type(value)) == id(numpy_class("ndarray"))
    if not is_array or value.dtype.kind not in _NUMBER_KINDS or value.size > _MOST_NUMBERS:
        return ""
    return f"array({value.tolist()})"


NO_VALUE = Sight(("no value",), None, NO_VALUE_TEXT)
