"""Breakpoint words: what a breakpoint does and how it fares, as marks and sentences. Pure."""

import os
from typing import TYPE_CHECKING

from pyprobe.core.debug.records import Breakpoint, BreakpointState, DataBreakpoint
from pyprobe.gui.breakpoint_fields import BreakpointFields
from pyprobe.gui.breakpoint_marks import BreakpointKind, BreakpointMark

if TYPE_CHECKING:
    from pyprobe.session.board_breakpoint import BoardBreakpoint

SNAPSHOT = "Snapshot:"
_STATES = {
    BreakpointState.PENDING: "not run yet",
    BreakpointState.SET: "",
    BreakpointState.INVALID: "cannot stop",
    BreakpointState.SPENT: "stopped once",
}


def kind_of(record: Breakpoint | DataBreakpoint) -> BreakpointKind:
    """Return what a breakpoint does."""
    if isinstance(record, DataBreakpoint):
        return BreakpointKind.DATA
    if record.message:
        is_snapshot = record.message.lstrip().startswith(SNAPSHOT)
        return BreakpointKind.SNAPSHOT if is_snapshot else BreakpointKind.LOG
    if record.condition or record.hit_count or record.entity:
        return BreakpointKind.CONDITION
    return BreakpointKind.STOP


def fields_of(record: Breakpoint) -> BreakpointFields:
    """Return what can be edited of a breakpoint."""
    return BreakpointFields(
        record.condition, record.hit_count, record.message, record.entity, record.one_shot
    )


def place_text(file: str, line: int) -> str:
    """Return ``FILE:LINE`` without the folders."""
    return f"{os.path.basename(file)}:{line}"


def state_text(one: "BoardBreakpoint") -> str:
    """Return how it fares, in a few words; ``""`` where there is nothing to say."""
    if not one.enabled:
        return "off"
    if one.detail:
        return one.detail
    return _STATES[one.state]


def short_state(one: "BoardBreakpoint") -> str:
    """Return how it fares in two words, for a list."""
    if not one.enabled or not one.detail:
        return state_text(one)
    return _STATES[one.state] or "not decided"


def mark_of(one: "BoardBreakpoint") -> BreakpointMark:
    """Return a breakpoint as its line shows it."""
    record = one.record
    one_shot = isinstance(record, Breakpoint) and record.one_shot
    kind = kind_of(record)
    return BreakpointMark(one.id, one.line, kind, one.state, one.enabled, one_shot, tip_of(one))


def tip_of(one: "BoardBreakpoint") -> str:
    """Return all of a breakpoint in words."""
    record = one.record
    parts = [words_of(record)]
    if one.hits:
        parts.append("1 hit" if one.hits == 1 else f"{one.hits:,} hits")
    state = state_text(one)
    return " · ".join([*parts, *([state] if state else [])])


def words_of(record: Breakpoint | DataBreakpoint) -> str:
    """Return what a breakpoint does: ``stops if x > 3 at hit % 2``."""
    if isinstance(record, DataBreakpoint):
        text = f"stops when {record.symbol} changes"
        return f"{text} and {record.condition}" if record.condition else text
    text = "stops"
    if record.message:
        label = record.message.strip().removeprefix(SNAPSHOT).strip()
        is_snapshot = kind_of(record) is BreakpointKind.SNAPSHOT
        text = f"takes snapshot “{label}”" if is_snapshot else f"logs “{record.message}”"
    if record.condition:
        text += f" if {record.condition}"
    if record.hit_count:
        text += f" at hit {record.hit_count}"
    if record.entity:
        text += f" only for {record.entity}"
    return f"{text}, once" if record.one_shot else text
