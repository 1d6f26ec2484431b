"""Probe rows: what the code view and the probe list show of a session's probes."""

from collections.abc import Iterable
from time import monotonic

from pyprobe.gui.code_marks import ProbeMark
from pyprobe.gui.probe_table import ProbeRow
from pyprobe.gui.status_bar import format_rate
from pyprobe.plots.palette import trace_color
from pyprobe.session.past_readers import PastReaders
from pyprobe.session.probe import Probe, ProbeStatus
from pyprobe.session.time_cursor import TimeCursor
from pyprobe.session.values import inline_text

_RATE_SPAN_S = 1.0
_LIVE = PastReaders()
Time = PastReaders | TimeCursor


class RateMeter:
    """Captures per second of each probe, over about the last second."""

    def __init__(self) -> None:
        self._marks: dict[int, list[tuple[float, int]]] = {}

    def rate(self, probe: Probe) -> float:
        """Return a probe's rate; called about ten times a second."""
        now_s = monotonic()
        marks = self._marks.setdefault(probe.id, [])
        if marks and probe.captured < marks[-1][1]:
            marks.clear()  # another run has begun
        marks.append((now_s, probe.captured))
        while len(marks) > 2 and now_s - marks[1][0] > _RATE_SPAN_S:
            marks.pop(0)
        (first_s, first), (last_s, last) = marks[0], marks[-1]
        return (last - first) / max(last_s - first_s, _RATE_SPAN_S / 2)


def make_marks(
    probes: Iterable[Probe], *, dark: bool, time: Time = _LIVE
) -> dict[str, list[ProbeMark]]:
    """Return the marks of each file, with what was true at a time."""
    marks: dict[str, list[ProbeMark]] = {}
    for probe in probes:
        last = time.reader(probe).last
        mark = ProbeMark(
            probe_id=probe.id,
            line=probe.occurrence.line,
            col=probe.occurrence.col,
            end_col=probe.occurrence.end_col,
            symbol=probe.anchor.symbol,
            color=trace_color(probe.color_index, dark=dark),
            status=time.status(probe),
            value=inline_text(last) if last is not None else "",
        )
        marks.setdefault(probe.anchor.file, []).append(mark)
    return marks


def make_rows(
    probes: Iterable[Probe], rates: RateMeter, *, dark: bool, time: Time = _LIVE
) -> list[ProbeRow]:
    """Return the rows of the probe list, with what was true at a time; rates are of now."""
    rows = []
    for probe in probes:
        trigger, tip = _trigger_texts(probe)
        last = time.reader(probe).last
        shows_rate = probe.status in (ProbeStatus.LIVE, ProbeStatus.STALE)
        rows.append(
            ProbeRow(
                probe_id=probe.id,
                name=probe.anchor.identity_label(),
                color=trace_color(probe.color_index, dark=dark),
                status=time.status(probe),
                detail=probe.detail,
                value=last.text if last is not None else "",
                rate=f"{format_rate(rates.rate(probe))}/s" if shows_rate else "",
                throttle=probe.throttle,
                mode=probe.mode,
                drops=probe.dropped,
                runs_code=probe.run_code,
                trigger=trigger,
                trigger_tip=tip,
            )
        )
    return rows


def _trigger_texts(probe: Probe) -> tuple[str, str]:
    """Return how a probe's trigger fares, in short and in a sentence; both ``""`` without one."""
    trigger, reading = probe.trigger, probe.trigger_reading
    if trigger is None:
        return "", ""
    times = f" ×{reading.times:,}" if reading is not None and reading.times else ""
    state = reading.state.value if reading is not None else "set"
    problem = f"\n{reading.sentence}" if reading is not None and reading.sentence else ""
    return f"{state}{times}", f"Triggers on {trigger.condition}, {trigger.mode.value}{problem}"
