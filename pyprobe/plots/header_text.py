"""What a panel's header says of its probe: pure text, most important first."""

from dataclasses import dataclass

from pyprobe.plots.number_text import count_text
from pyprobe.session.probe import Probe, ProbeStatus


@dataclass(frozen=True, slots=True)
class HeaderContent:
    """``facts`` are read second and cut from the end; ``warnings`` stand before them in colour."""

    title: str
    short_title: str
    status: ProbeStatus
    value: str
    warnings: tuple[str, ...]
    facts: tuple[str, ...]

    def sentence(self) -> str:
        """Return all of it as lines, for the tooltip and for screen readers."""
        value = (f"last value {self.value}",) if self.value else ()
        return "\n".join((self.title, *value, *self.warnings, *self.facts))


def header_content(probe: Probe, notes: tuple[str, ...]) -> HeaderContent:
    """Return the header of a probe; ``notes`` is what its lens leaves out."""
    history = probe.history
    warnings = []
    if probe.status is ProbeStatus.INVALID and probe.detail and history.count:
        warnings.append(probe.detail)
    if probe.dropped:
        warnings.append(f"{count_text(probe.dropped)} dropped")
    if probe.run_code:
        warnings.append("runs code")
    facts = [probe.mode, *notes]
    if history.count:
        facts.append(f"{count_text(history.count)} captured")
    facts.append(probe.status.value)
    last = history.last
    return HeaderContent(
        title=probe.anchor.identity_label(),
        short_title=f"{probe.anchor.symbol} @ …:{probe.anchor.line}",
        status=probe.status,
        value=last.text if last is not None else "",
        warnings=tuple(warnings),
        facts=tuple(fact for fact in facts if fact),
    )


def waiting_sentence(probe: Probe) -> str:
    """Return what stands in place of a trace that has no capture yet."""
    line = probe.anchor.line
    match probe.status:
        case ProbeStatus.INVALID:
            reason = probe.detail or "it cannot be placed in the program as it is now"
            return f"invalid: {reason}"
        case ProbeStatus.FINISHED:
            return f"finished: line {line} never ran"
        case ProbeStatus.ARMED:
            return f"armed: waiting for line {line} to run"
        case _:
            return "no capture yet"
