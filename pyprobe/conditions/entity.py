"""Entities: which frames a step is limited to: those of a function or class, or of one instance.

``in Server.serve`` means a function and what is defined inside it, ``in Server`` a class with all
its methods, ``self.name == "Server 3"`` the frames for which a condition holds, and
``in Server, self.name == "Server 3"`` both.
"""

from dataclasses import dataclass

from pyprobe.conditions.errors import ConditionSyntaxError
from pyprobe.conditions.parser import parse
from pyprobe.errors import PyProbeError

_SCOPE = "in "
_OF_THE_COMPILER = ("<locals>", "<lambda>")


@dataclass(frozen=True, slots=True)
class Entity:
    """``scope`` is a qualified name, or ``""`` for any; ``condition`` may be empty, too."""

    scope: str = ""
    condition: str = ""

    def has_scope(self, qualname: str) -> bool:
        """Whether frames of a function of this qualified name can be meant."""
        scope = self.scope
        return not scope or qualname == scope or qualname.startswith(f"{scope}.")


def parse_entity(text: str) -> Entity:
    """Return what a text limits steps to; an empty one to nothing.

    Raises:
        PyProbeError: what follows ``in`` is no name, or the rest is no condition.
    """
    stripped = text.strip()
    if stripped == _SCOPE.strip():
        raise PyProbeError("Expected a function or class after 'in', got end of expression")
    if not stripped.startswith(_SCOPE):
        return _with_condition("", stripped)
    scope, comma, condition = stripped.removeprefix(_SCOPE).partition(",")
    scope = scope.strip()
    parts = scope.split(".")
    if not all(part.isidentifier() or part in _OF_THE_COMPILER for part in parts):
        raise PyProbeError(f"Expected a function or class after 'in', got {scope[:80]!r}")
    if comma and not condition.strip():
        raise PyProbeError("Expected a condition after the comma, got end of expression")
    return _with_condition(scope, condition.strip())


def entity_problems(text: str) -> list[str]:
    """Return what is wrong with an entity, nothing if it is one."""
    try:
        parse_entity(text)
    except (PyProbeError, ConditionSyntaxError) as error:
        return [str(error)]
    return []


def _with_condition(scope: str, condition: str) -> Entity:
    if condition:
        parse(condition)
    return Entity(scope, condition)
