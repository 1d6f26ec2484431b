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
    short_title: str
    status: ProbeStatus
    value: str
    warnings: tuple[str, ...]
    facts: tuple[str, ...]

    @property
    def name(self) -> str:
        """The title without the place, which the code beside it shows."""
        return self.short_title.partition(" @ ")[0]

    def sentence(self) -> str:
        """Return all of it as lines, for the tooltip and for screen readers."""
        value = (f"last value {self.value}",) if self.value else ()
        return "\n".join((self.title, *value, *self.warnings, *self.facts))


def header_content(
    trace: Trace, notes: tuple[str, ...], *, past: HistoryReader | None = None
) -> HeaderContent:
    """Return the header of a trace; ``notes`` is what its lens leaves out.

    ``past`` is its history as it was, where the header tells of an earlier time.
    """
    history = trace.history if past is None else past
    warnings = [] if past is None else [NOT_LIVE]
    if trace.status is ProbeStatus.INVALID and trace.detail and history.count:
        warnings.append(trace.detail)
    if trace.dropped:
        warnings.append(f"{count_text(trace.dropped)} dropped")
    if trace.run_code:
        warnings.append("runs code")
    facts = [trace.mode, *notes]
    if history.count:
        facts.append(f"{count_text(history.count)} captured")
    if past is None:
        facts.append(trace.status.value)
    last = history.last
    value = brief_text(last) if last is not None else ""
    return HeaderContent(
        title=trace.title,
        short_title=trace.short_title,
        status=trace.status,
        value="" if value in notes else value,
        warnings=tuple(warnings),
        facts=tuple(fact for fact in facts if fact),
    )
