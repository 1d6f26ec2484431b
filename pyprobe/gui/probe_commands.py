"""ProbeCommands: what the probe list does to probes, and what is said where it cannot."""

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from pyprobe.errors import PyProbeError
from pyprobe.gui.messages import Level

if TYPE_CHECKING:
    from pyprobe.gui.window_base import WindowBase
    from pyprobe.session.probe import Probe


class ProbeCommands(QObject):
    """Answers the probe list of a window."""

    def __init__(self, window: "WindowBase") -> None:
        super().__init__(window)
        self._window = window
        table = window.probe_table
        table.reveal_asked.connect(self._reveal)
        table.remove_asked.connect(self._remove)
        table.run_code_asked.connect(self._set_run_code)
        table.color_asked.connect(self._set_color)

    def _probe(self, probe_id: int) -> "Probe | None":
        return self._window.session.probes.get(probe_id)

    def set_throttle(self, probe_id: int, throttle: str, *, run_code: bool | None = None) -> bool:
        """Change which hits become captures; False, and the reason is told, where it cannot be."""
        probe = self._probe(probe_id)
        if probe is None:
            return False
        try:
            self._window.session.set_throttle(probe, throttle, run_code=run_code)
        except PyProbeError as error:
            sentence = f"{str(error)[0].upper()}{str(error)[1:]}."
            self._window.messages.post(sentence, Level.WARN)
            return False
        return True

    def _set_run_code(self, probe_id: int, allowed: bool) -> None:
        probe = self._probe(probe_id)
        if probe is not None and self.set_throttle(probe_id, probe.throttle, run_code=allowed):
            said = "may run code of the program" if allowed else "runs no code of the program"
            symbol = probe.anchor.symbol
            self._window.status.show_hint(f"Reading {symbol} {said} from now on.")

    def _set_color(self, probe_id: int, color_index: int) -> None:
        probe = self._probe(probe_id)
        if probe is not None:
            self._window.session.set_color(probe, color_index)

    def _remove(self, probe_id: int) -> None:
        probe = self._probe(probe_id)
        if probe is not None:
            self._window.session.remove_probe(probe)

    def _reveal(self, probe_id: int) -> None:
        probe, window = self._probe(probe_id), self._window
        if probe is not None:
            window.docks.set_plots_only(False)
            occurrence = probe.occurrence
            window.sources.reveal(probe.anchor.file, occurrence.line, occurrence.col)
            window.docks.show_trace(probe_id)
