"""Event functions: finds the functions of which a call is one event of a simulator."""

import sys
from types import CodeType, FunctionType

from pyprobe.errors import PyProbeError


def find_event_functions(names: tuple[str, ...]) -> list[CodeType]:
    """Return the code of each function ``module:qualname`` that the program has imported.

    Nothing is imported, and no code of the program runs.

    Raises:
        PyProbeError: it has imported none of them.
    """
    found = loaded_event_functions(names)
    if not found:
        known = ", ".join(names) or "none is configured"
        raise PyProbeError(f"the program has loaded no function that means an event ({known})")
    return found


def loaded_event_functions(names: tuple[str, ...]) -> list[CodeType]:
    """Return the code of those functions that the program has imported."""
    return [code for code in map(_find, names) if code is not None]


def _find(name: str) -> CodeType | None:
    module_name, _, path = name.partition(":")
    value: object = sys.modules.get(module_name)
    if value is None:
        return None
    for part in path.split("."):
        namespace = _namespace(value)
        if part not in namespace:
            return None
        value = namespace[part]
    return _code_of(value)


def _namespace(value: object) -> dict[str, object]:
    try:
        namespace = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return {}
    return dict(namespace) if isinstance(value, type) else namespace


def _code_of(value: object) -> CodeType | None:
    """Return the code of a function, also of one inside a decorator's or of a method."""
    for _depth in range(10):
        if isinstance(value, (staticmethod, classmethod)):
            value = value.__func__
        if not isinstance(value, FunctionType):
            return None
        inner = value.__dict__.get("__wrapped__")
        if inner is None:
            return value.__code__
        value = inner
    return None
