"""Completion of messages that a breakpoint logs: what may stand in the braces being typed in."""

from dataclasses import replace

from pyprobe.conditions.completion import Completion, complete
from pyprobe.conditions.errors import ConditionSyntaxError
from pyprobe.conditions.expectation import Kind
from pyprobe.conditions.log_message import SNAPSHOT_PREFIX, LogMessageCutter
from pyprobe.conditions.parser import MAX_LENGTH, PYTHON_PREFIX, parse
from pyprobe.conditions.syntax import TagRef


def complete_message(text: str, position: int) -> Completion:
    """Return what may stand at ``position``: names inside braces, nothing in the text around them.

    No kinds mean that nothing can, as in a format after the colon.
    """
    before = text[:position]
    nothing = Completion(frozenset(), len(before))
    if len(before) > MAX_LENGTH or before.lstrip()[: len(SNAPSHOT_PREFIX)].lower() == (
        SNAPSHOT_PREFIX
    ):
        return nothing
    start = LogMessageCutter(before).open_brace()
    if start is None:
        return nothing
    inner = before[start:]
    found = complete(inner, len(inner))
    if inner.lstrip().startswith(PYTHON_PREFIX):
        return replace(found, start=start + found.start)
    is_name = Kind.NAME in found.kinds and not inner[: found.start].strip()
    is_part = found.base is not None and _is_tag(inner[: found.start].rstrip()[:-1])
    if not (is_name or is_part):
        return nothing
    return replace(found, start=start + found.start, words=())


def _is_tag(text: str) -> bool:
    try:
        return isinstance(parse(text), TagRef)
    except ConditionSyntaxError:
        return False
