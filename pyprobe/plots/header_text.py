"""What a panel's header says of its trace: pure text, most important first."""

from dataclasses import dataclass

from pyprobe.plots.number_text import count_text
from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.trace import ProbeStatus, Trace
from pyprobe.session.values import brief_text

NOT_LIVE = "NOT LIVE"


@dataclass(frozen=True, slots=True)
class HeaderContent:
    """``facts`` are read second and cut from the end; ``warnings`` stand before them in colour."""

    title: str
    status: ProbeStatus
    value: str
    warnings: tuple[str, ...]
    facts: tuple[str, ...]

    def sentence(self) -> str:
        """Return all of it as lines, for the tooltip and for screen readers."""
        value = (f"last value {self.value}",) if self.value else ()
        return "\n".join((self.title, *value, *self.warnings, *self.facts))


def header_content(
    trace: Trace,
    notes: tuple[str, ...],
    *,
    past: HistoryReader | None = None,
    fares: tuple[ProbeStatus, str] | None = None,
    missing_lens: str = "",
) -> HeaderContent:
    """Return the header of a trace; ``notes`` is what its lens leaves out.

    ``past`` is its history as it was, where the header tells of an earlier time; ``fares`` its
    status and detail of then. ``missing_lens`` is the one that was chosen and is not installed.
    """
    history = trace.history if past is None else past
    warnings = [] if past is None else [NOT_LIVE]
    status, detail = fares or (trace.status, trace.detail)
    if status is ProbeStatus.INVALID and detail and history.count:
        warnings.append(detail)
    if trace.dropped:
        warnings.append(f"{count_text(trace.dropped)} dropped")
    if missing_lens:
        warnings.append(f"no lens “{missing_lens}” here")
    if trace.run_code:
        warnings.append("runs code")
    facts = [trace.mode, *notes]
    if history.count:
        facts.append(f"{count_text(history.count)} captured")
    if past is None:
        facts.append(status.value)
    last = history.last
    value = brief_text(last) if last is not None else ""
    return HeaderContent(
        title=trace.title,
        status=status,
        value="" if value in notes else value,
        warnings=tuple(warnings),
        facts=tuple(fact for fact in facts if fact),
    )
