"""Members of closed sets, by the names under which messages and remembered data have them."""

from enum import Enum
from typing import TypeVar

from pyprobe.errors import PyProbeError

Member = TypeVar("Member", bound=Enum)


def member_named(kind: type[Member], name: str) -> Member:
    """Return the member of an enum that has this name as its value.

    Raises:
        PyProbeError: there is none; the sentence tells those there are.
    """
    try:
        return kind(name)
    except ValueError:
        known = ", ".join(str(member.value) for member in kind)
        raise PyProbeError(f"{name!r:.60} is none of: {known}") from None
