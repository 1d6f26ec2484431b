"""Counters of a session: captures, drops, rate, and the share of the program's time."""

from collections import deque
from dataclasses import dataclass, field
from time import monotonic

from pyprobe.ipc.messages import Stats

_RATE_WINDOW_S = 1.0
_MARK_S = 0.02


@dataclass
class SessionStats:
    """What status bars and summaries show. Only the session writes it.

    ``share`` and ``recent_share`` are fractions of the program's time taken by probing: since the
    start, and between the last two reports. ``received`` counts the captures that have arrived
    here, ``captured`` and ``dropped`` are the target's own counters. ``refused`` counts messages
    that were not understood, on either side.
    """

    captured: int = 0
    dropped: int = 0
    received: int = 0
    refused: int = 0
    cost_ns: int = 0
    elapsed_ns: int = 0
    recent_share: float = 0.0
    _refused_here: int = 0
    _marks: deque[tuple[float, int]] = field(default_factory=lambda: deque([(monotonic(), 0)]))

    @property
    def share(self) -> float:
        """Probing's fraction of the program's time since the start."""
        return self.cost_ns / self.elapsed_ns if self.elapsed_ns > 0 else 0.0

    @property
    def captures_per_second(self) -> float:
        """Captures received in the last second."""
        self._mark(monotonic())
        first_s, first = self._marks[0]
        return (self.received - first) / max(monotonic() - first_s, _MARK_S)

    def count_received(self, captures: int) -> None:
        """Count what one frame brought."""
        self.received += captures
        self._mark(monotonic())

    def count_refused(self) -> None:
        """Count one message that was not understood here."""
        self._refused_here += 1
        self.refused += 1

    def take(self, report: Stats) -> None:
        """Take over the target's counters."""
        elapsed_ns = report.elapsed_ns - self.elapsed_ns
        if elapsed_ns > 0:
            # What a long capture has cost is reported at its end, maybe all at once.
            self.recent_share = min((report.cost_ns - self.cost_ns) / elapsed_ns, 1.0)
        self.captured, self.dropped = report.captured, report.dropped
        self.cost_ns, self.elapsed_ns = report.cost_ns, report.elapsed_ns
        self.refused = self._refused_here + report.refused

    def _mark(self, now_s: float) -> None:
        if now_s - self._marks[-1][0] > _MARK_S:
            self._marks.append((now_s, self.received))
        while len(self._marks) > 2 and now_s - self._marks[1][0] > _RATE_WINDOW_S:
            self._marks.popleft()
