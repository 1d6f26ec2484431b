"""KeptPanels: plots of traces that have gone, to be there again when an undo brings these back."""

from collections.abc import Collection, Mapping

from PyQt6 import sip

from pyprobe.plots.trace_panel import TracePanel
from pyprobe.session.trace import Trace

_MOST_KEPT = 200  # as many as the undo history has changes


class KeptPanels:
    """A trace that comes back has its own panel again, with all that was chosen in it, and stands
    over the other traces it was laid over.
    """

    def __init__(self) -> None:
        self._panels: dict[int, tuple[TracePanel, bool]] = {}
        self._laid_over: dict[int, list[tuple[TracePanel, int]]] = {}

    def keep(self, panel: TracePanel, is_parked: bool) -> None:
        """Take a panel whose trace has gone."""
        self._panels[panel.trace.id] = (panel, is_parked)
        while len(self._panels) > _MOST_KEPT:
            oldest, _parked = self._panels.pop(next(iter(self._panels)))
            oldest.deleteLater()

    def take(self, trace: Trace) -> tuple[TracePanel | None, bool]:
        """Return the panel of a trace, if it is kept, and whether it was parked."""
        panel, is_parked = self._panels.pop(trace.id, (None, False))
        if panel is not None and panel.trace is not trace:  # another one of that number
            panel.deleteLater()
            return None, False
        return panel, is_parked

    def match_overlays(self, panels: Collection[TracePanel], traces: Mapping[int, Trace]) -> None:
        """Take overlays of traces that have gone away, and bring back those of ones that are here.

        ``traces`` are all there are, by id.
        """
        for panel in panels:
            for gone in [one for one in panel.traces.overlays if one.id not in traces]:
                place = panel.traces.remove(gone)
                self._laid_over.setdefault(gone.id, []).append((panel, place or 0))
                panel.redraw()
        for trace_id in self._laid_over.keys() & traces.keys():
            for panel, place in reversed(self._laid_over.pop(trace_id)):
                if not sip.isdeleted(panel) and panel.traces.add(traces[trace_id], place):
                    panel.redraw()
