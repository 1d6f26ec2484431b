"""TraceViews: one plot panel per probe, made when needed and drawn when its probe has news."""

from collections.abc import Callable
from dataclasses import replace

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtGui import QIcon

from pyprobe.gui.docks import Docks
from pyprobe.gui.icons import make_swatch
from pyprobe.gui.lens_packages import LensPackages
from pyprobe.gui.plot_drops import PlotDrops
from pyprobe.gui.theme import Theme
from pyprobe.gui.workspace import Workspace
from pyprobe.plots.theme import PlotTheme, plot_theme
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.session.probe import Probe, ProbeStatus


def make_plot_theme(theme: Theme) -> PlotTheme:
    """Return the plots' theme on the window's own ground."""
    return replace(
        plot_theme(dark=theme.dark),
        canvas=theme.surface,
        panel=theme.surface,
        text=theme.text,
        muted=theme.muted,
        accent=theme.accent,
    )


class TraceViews(QObject):
    """Keeps the plots' docks in step with the session's probes.

    ``done`` carries a change the user made in a plot: its name, what makes and what undoes it,
    and what changes that are undone as one have in common.
    """

    done = pyqtSignal(str, object, object, object)

    def __init__(
        self, workspace: Workspace, docks: Docks, theme: Theme, say: Callable[[str], None]
    ) -> None:
        super().__init__(docks)
        self._workspace = workspace
        self._docks = docks
        self._theme = make_plot_theme(theme)
        self._say = say
        self._panels: dict[int, TracePanel] = {}
        self._drops = PlotDrops(workspace, say, self._park_when_made)
        self._to_park: set[int] = set()
        packages = LensPackages(say, self._redraw_all)
        self.destroyed.connect(lambda: packages.close())

    def _redraw_all(self) -> None:
        for panel in self._panels.values():
            panel.redraw()

    @property
    def panels(self) -> dict[int, TracePanel]:
        """The panels by probe id."""
        return self._panels

    def match_probes(self) -> None:
        """Make the panels of new probes, take away those of removed ones, set titles and icons."""
        probes = self._workspace.session.probes
        for probe_id in [known for known in self._panels if known not in probes]:
            self._docks.remove_trace(probe_id)
            del self._panels[probe_id]
        for panel in self._panels.values():
            for gone in [one for one in panel.traces.overlays if one.id not in probes]:
                panel.traces.remove(gone)
                panel.redraw()
        for probe in probes.values():
            if probe.id not in self._panels:
                self._add(probe)
            else:
                self._docks.set_trace_look(probe.id, probe.anchor.symbol, self._icon(probe))

    def refresh(self, probe_ids: set[int]) -> None:
        """Draw the news of these probes, wherever they are drawn."""
        for panel in self._panels.values():
            if any(trace.id in probe_ids for trace in panel.traces.traces):
                panel.refresh()

    def refresh_all(self) -> None:
        """Draw the news of every probe."""
        self.refresh(set(self._panels))

    def set_theme(self, theme: Theme) -> None:
        """Draw in a theme's colours."""
        self._theme = make_plot_theme(theme)
        for panel in self._panels.values():
            panel.set_theme(self._theme)
        self.match_probes()

    def _add(self, probe: Probe) -> None:
        panel = TracePanel(probe, self._theme)
        panel.remove_requested.connect(lambda: self._workspace.session.remove_probe(probe))
        panel.lens_failed.connect(self._say)
        panel.other_traces = lambda: tuple(self._workspace.session.probes.values())
        panel.dropped.connect(lambda mime: self._drops.take(panel, mime))
        panel.done.connect(self.done)
        self._panels[probe.id] = panel
        name = self._workspace.key_of(probe)
        self._docks.add_trace(probe.id, name, probe.anchor.symbol, panel, self._icon(probe))
        if probe.id in self._to_park:
            self._to_park.discard(probe.id)
            self._docks.park_trace(probe.id)

    def _park_when_made(self, probe_id: int) -> None:
        self._to_park.add(probe_id)

    def _icon(self, probe: Probe) -> QIcon:
        waits = probe.status in (ProbeStatus.ARMED, ProbeStatus.INVALID)
        return make_swatch(self._theme.trace_color(probe.color_index), hollow=waits)
