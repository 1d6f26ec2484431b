"""Breakpoint checks: what is wrong with a text of a breakpoint, while it is typed. Pure."""

import builtins
from difflib import get_close_matches

from pyprobe.conditions.hit_count import parse_hit_count
from pyprobe.conditions.log_message import parse_log_message
from pyprobe.conditions.validation import validate
from pyprobe.errors import PyProbeError


def condition_problem(text: str) -> str:
    """Return what is wrong with a condition that may be empty; ``""`` if nothing is."""
    found = validate(text) if text.strip() else []
    return found[0] if found else ""


def hit_count_problem(text: str) -> str:
    """Return what is wrong with a hit count."""
    try:
        parse_hit_count(text)
    except PyProbeError as error:
        return str(error)
    return ""


def message_problem(text: str) -> str:
    """Return what is wrong with a log message."""
    try:
        parse_log_message(text)
    except PyProbeError as error:
        return str(error)
    return ""


def class_names(text: str) -> tuple[str, ...]:
    """Return the names of classes that a text lists."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def class_names_problem(text: str) -> str:
    """Return what is wrong with a list of exception classes."""
    for name in class_names(text):
        if not all(part.isidentifier() for part in name.split(".")):
            return (
                f"{name!r} is not the name of an exception class, such as KeyError or pkg.Failure"
            )
    return ""


def class_names_note(text: str) -> str:
    """Return what may be a slip in a list of exception classes; ``""`` if nothing may be."""
    for name in class_names(text):
        if "." in name or name in _BUILTIN:
            continue
        alike = get_close_matches(name, _BUILTIN, n=1, cutoff=0.8)
        meant = f"; is {alike[0]} meant?" if alike else ""
        return f"{name} is not built in: stops where a class of this name is raised{meant}"
    return ""


_BUILTIN = [
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
]
