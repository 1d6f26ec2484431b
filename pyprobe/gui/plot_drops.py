"""Plot drops: what happens when a trace or a symbol of the source is dropped onto a plot."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from PyQt6.QtCore import QMimeData

from pyprobe.errors import PyProbeError
from pyprobe.gui.leaf_control import LeafControl
from pyprobe.gui.workspace import Workspace
from pyprobe.plots.trace_drag import DraggedSymbol, dropped_symbol, dropped_trace
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.session.probe import Probe


class PlotDrops:
    """``park`` takes the plot of a probe out of the way that is drawn in another one; ``group``
    makes all that a drop does one change.
    """

    def __init__(
        self,
        workspace: Workspace,
        leaves: LeafControl,
        say: Callable[[str], None],
        park: Callable[[int], None],
        group: Callable[[str], AbstractContextManager[None]],
    ) -> None:
        self._group = group
        self._workspace = workspace
        self._leaves = leaves
        self._say = say
        self._park = park

    def take(self, panel: TracePanel, mime: QMimeData) -> None:
        """Lay what was dropped over a panel's trace, or say why it cannot be."""
        with self._group(f"drop onto {panel.title()}"):
            self._take(panel, mime)

    def _take(self, panel: TracePanel, mime: QMimeData) -> None:
        trace_id, symbol = dropped_trace(mime), dropped_symbol(mime)
        if trace_id is not None:
            trace = next((one for one in panel.other_traces() if one.id == trace_id), None)
            if trace is None:
                self._say("The trace that was dropped is no longer there.")
                return
            panel.overlay(trace)
        elif symbol is not None:
            probe = self._probe_of(symbol)
            if probe is not None:
                panel.overlay(probe)
        else:
            traces = {one.id: one for one in panel.other_traces()}
            leaf = self._leaves.dropped(mime, traces, self._park)
            if leaf is not None:
                panel.overlay(leaf)

    def _probe_of(self, symbol: DraggedSymbol) -> Probe | None:
        """Return the probe of a symbol, a new one if need be, whose own plot then stands aside."""
        occurrence = self._workspace.open(symbol.file).index.at(symbol.line, symbol.col)
        if occurrence is None:
            self._say("What was dropped cannot be probed any more: the file has changed.")
            return None
        probe = self._workspace.probe_at(symbol.file, occurrence)
        if probe is not None:
            return probe
        try:
            probe, _added = self._workspace.toggle(symbol.file, occurrence)
        except PyProbeError as error:
            self._say(f"{occurrence.symbol} cannot be probed: {error}.")
            return None
        self._park(probe.id)
        return probe
