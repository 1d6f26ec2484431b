"""HistoryGauge: how much memory and disk the histories take, in the status bar."""

from time import monotonic

from PyQt6.QtCore import QObject

from pyprobe.gui.status_bar import StatusBar
from pyprobe.session.histories import Histories
from pyprobe.session.history_limits import HistoryLimits, HistoryUsage
from pyprobe.session.sizes import size_text

_EVERY_S = 1.0  # it goes through all probes, of which there may be a thousand


class HistoryGauge(QObject):
    """``histories`` are the session's; the limits are taken over from the preferences."""

    def __init__(self, histories: Histories, status: StatusBar, limits: HistoryLimits) -> None:
        super().__init__(status)
        self._histories = histories
        self._status = status
        self._shown_s = 0.0
        self.set_limits(limits)

    def set_limits(self, limits: HistoryLimits) -> None:
        """Hold the histories within other bounds at once."""
        if limits != self._histories.limits:
            self._histories.limits = limits
        self.update(is_due=True)

    def update(self, *, is_due: bool = False) -> None:
        """Show what is held now; once a second at most, unless it is due."""
        if is_due or monotonic() - self._shown_s >= _EVERY_S:
            self._shown_s = monotonic()
            self._status.show_histories(short_text(self._histories.usage), self.text())

    def text(self) -> str:
        """Return what is held of what, line by line."""
        return long_text(self._histories.usage, self._histories.limits)


def short_text(usage: HistoryUsage) -> str:
    """Return what is held in a few words; ``""`` for nothing."""
    memory_bytes = usage.scalar_bytes + usage.array_bytes
    disk = f" + {size_text(usage.disk_bytes)} on disk" if usage.disk_bytes else ""
    return f"{size_text(memory_bytes)}{disk}" if memory_bytes or disk else ""


def long_text(usage: HistoryUsage, limits: HistoryLimits) -> str:
    """Return what is held of what, line by line."""
    lines = [
        "Held now, of what the preferences allow:",
        f"numbers: {_of(usage.scalar_bytes, limits.max_scalar_bytes)} in memory",
        f"arrays and texts: {_of(usage.array_bytes, limits.max_array_bytes)} in memory",
        f"older arrays and texts: {_of(usage.disk_bytes, limits.max_disk_bytes)} on disk",
    ]
    return "\n".join(lines)


def _of(nbytes: int, most: int) -> str:
    return f"{size_text(nbytes)} of {size_text(most)}" if most else "none"
