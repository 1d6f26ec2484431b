"""Plot drops: what happens when a trace or a symbol of the source is dropped onto a plot."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from PyQt6.QtCore import QMimeData

from pyprobe.errors import PyProbeError
from pyprobe.gui.leaf_control import LeafControl
from pyprobe.gui.workspace import Workspace
from pyprobe.plots.trace_drag import DraggedSymbol, dropped_symbol, dropped_trace
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.plots.value_traits import traits_of
from pyprobe.session.probe import Probe
from pyprobe.session.trace import Trace


class PlotDrops:
    """``park`` takes the plot of a probe out of the way that is drawn in another one; ``group``
    makes all that a drop does one change. ``say`` tells what comes of it where that is not seen.
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
            self._lay_over(panel, trace)
        elif symbol is not None:
            probe = self._probe_of(symbol, keeps_plot=_draws_one(panel))
            if probe is not None:
                self._lay_over(panel, probe)
        else:
            traces = {one.id: one for one in panel.other_traces()}
            leaf = self._leaves.dropped(mime, traces, _leave if _draws_one(panel) else self._park)
            if leaf is not None:
                self._lay_over(panel, leaf)

    def _lay_over(self, panel: TracePanel, trace: Trace) -> None:
        """Lay a trace over a panel's; say why where it is not seen there."""
        lens = panel.lens_name
        if _draws_one(panel):
            self._say(
                f"The lens {lens} draws one trace, so {trace.title} is not laid over "
                f"{panel.title()}. Another lens may draw both."
            )
            return
        panel.overlay(trace)
        entry, last = panel.choice.registry.get(lens), trace.history.last
        if entry is not None and last is not None and not entry.fit(traits_of(last)):
            self._say(f"{trace.title} is laid over, but its values are none for a {lens}.")

    def _probe_of(self, symbol: DraggedSymbol, *, keeps_plot: bool) -> Probe | None:
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
        if not keeps_plot:
            self._park(probe.id)
        return probe


def _draws_one(panel: TracePanel) -> bool:
    return panel.lens is not None and not panel.lens.overlays


def _leave(_trace_id: int) -> None:
    """Leave the plot of a leaf where it is."""
