"""Setting one part of a tree of variables: this runs code of the program where it defines some."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pyprobe.core.debug.evaluation import ScopeError
from pyprobe.core.debug.frame_scope import FrameScope
from pyprobe.core.debug.value_parts import ATTRIBUTE, INDEX, Entries, Parts, Step, parts_of
from pyprobe.core.debug.variables import follow
from pyprobe.core.plain_types import MISSING


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value can be bound, and read again."""

    bind: Callable[[Any], None]
    read: Callable[[], Any]


def variable_place(scope: FrameScope, name: str, *, is_global: bool) -> Place:
    """Return the place of a frame's variable."""
    if is_global:
        namespace = scope.frame.f_globals
        return Place(
            lambda value: dict.__setitem__(namespace, name, value),
            lambda: dict.__getitem__(namespace, name),
        )

    def bind(value: Any) -> None:
        scope[name] = value

    return Place(bind, lambda: scope[name])


def part_place(container: Any, step: Step) -> Place:
    """Return the place of a part of a value, to be bound as the program would bind it.

    Raises:
        ScopeError: nothing can be bound there.
    """
    match step:
        case [str() as word, str() as name] if word == ATTRIBUTE:
            return Place(
                lambda value: setattr(container, name, value), lambda: getattr(container, name)
            )
        case [str() as word, int() as index] if word == INDEX:
            key: Any = index
        case _:
            key = _key_of(container, step)
    if key is MISSING:
        raise ScopeError("there is no such part any more")

    def bind(value: Any) -> None:
        container[key] = value

    return Place(bind, lambda: container[key])


def _key_of(container: Any, step: Step) -> Any:
    parts = parts_of(container)
    for section in parts.sections if parts is not None else ():
        if isinstance(section, Entries):
            return section.key_of(step)
    return MISSING


def place_of(beginning: Any, steps: list[Step]) -> Place:
    """Return the place that the last step of a path leads to; ``beginning`` is a value.

    Raises:
        PyProbeError: the path leads nowhere.
    """
    return part_place(follow_value(beginning, steps[:-1]), steps[-1])


def follow_value(beginning: Any, steps: list[Step]) -> Any:
    """Return what a path leads to from a value.

    Raises:
        PyProbeError: it leads nowhere.
    """
    if not steps:
        return beginning
    return follow(parts_of(beginning) or Parts(), steps)
