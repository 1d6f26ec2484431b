"""Breakpoints as a session keeps them: what was asked for, and how they fare."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from pyprobe.analysis.occurrence import Occurrence
from pyprobe.conditions import parse
from pyprobe.conditions.entity import parse_entity
from pyprobe.conditions.hit_count import parse_hit_count
from pyprobe.conditions.log_message import parse_log_message
from pyprobe.core.debug.records import Breakpoint, BreakpointState, DataBreakpoint
from pyprobe.errors import PyProbeError

_TEXTS = ("file", "condition", "hit_count", "message", "entity")


@dataclass(slots=True)
class BoardBreakpoint:
    """One of them, of either kind. Changed by its board only.

    ``line`` is where it stands, which may be below the line it was asked for; ``run_line`` is where
    the program that runs has it, whose text was edited since, else None. ``hits`` counts the
    arrivals of the current or last run for which its condition held. ``detail`` says in a sentence
    why it is invalid, or what its condition was missing. ``occurrence`` is that of a data one.
    """

    id: int
    record: Breakpoint | DataBreakpoint
    line: int
    enabled: bool = True
    state: BreakpointState = BreakpointState.PENDING
    hits: int = 0
    detail: str = ""
    occurrence: Occurrence | None = None
    run_line: int | None = None

    @property
    def is_data(self) -> bool:
        """Whether it stops where something changes, rather than at a line."""
        return self.occurrence is not None

    def begin_anew(self) -> None:
        """Nothing is known of how it fares: a run begins, or it was changed."""
        self.state, self.hits, self.detail = BreakpointState.PENDING, 0, ""

    def to_dict(self) -> dict[str, object]:
        """Return plain data that ``read_breakpoint`` turns back."""
        plain: dict[str, object] = {**asdict(self.record), "enabled": self.enabled}
        if self.occurrence is not None:
            plain["occurrence"] = self.occurrence.to_dict()
        return plain


def read_breakpoint(breakpoint_id: int, plain: object) -> BoardBreakpoint:
    """Build a breakpoint from plain data, which may come from anywhere.

    Raises:
        PyProbeError: it is malformed, or one of its texts is none.
    """
    if not isinstance(plain, Mapping):
        raise PyProbeError("a remembered breakpoint is no table")
    try:
        enabled = plain.get("enabled", True) is not False
        if "occurrence" in plain:
            return _read_data(breakpoint_id, plain, enabled)
        texts = {name: str(plain.get(name, "")) for name in _TEXTS}
        line, one_shot = int(plain["line"]), plain.get("one_shot") is True
        record = Breakpoint(line=line, one_shot=one_shot, **texts)
    except (KeyError, TypeError, ValueError) as error:
        raise PyProbeError(f"a remembered breakpoint is malformed: {error!r}") from error
    check(record)
    return BoardBreakpoint(breakpoint_id, record, line, enabled)


def _read_data(breakpoint_id: int, plain: Mapping[str, object], enabled: bool) -> BoardBreakpoint:
    found = plain["occurrence"]
    if not isinstance(found, Mapping):
        raise ValueError("an occurrence is a table")
    occurrence = Occurrence.from_dict(found)
    record = DataBreakpoint(
        file=str(plain["file"]),
        line=occurrence.line,
        func=occurrence.func,
        symbol=occurrence.symbol,
        condition=str(plain.get("condition", "")),
        in_place=plain.get("in_place") is True,
    )
    check(record)
    return BoardBreakpoint(breakpoint_id, record, occurrence.line, enabled, occurrence=occurrence)


def check(record: Breakpoint | DataBreakpoint) -> None:
    """Refuse texts that are none, with one clear sentence.

    Raises:
        PyProbeError: a condition, the hit count or the message is none.
    """
    texts = [record.condition, getattr(record, "message", ""), getattr(record, "entity", "")]
    if any("\ud800" <= character <= "\udfff" for text in texts for character in text):
        raise PyProbeError("A condition or message holds half a character, which is no text")
    if isinstance(record, Breakpoint):
        parse_entity(record.entity)
        parse_hit_count(record.hit_count)
        parse_log_message(record.message)
    if record.condition.strip():
        parse(record.condition)
