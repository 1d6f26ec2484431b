"""TraceViews: one plot panel per trace, made when needed and drawn when its trace has news."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import partial

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtGui import QAction, QIcon

from pyprobe.gui.docks import Docks
from pyprobe.gui.icons import make_swatch
from pyprobe.gui.kept_panels import KeptPanels
from pyprobe.gui.leaf_control import LeafControl
from pyprobe.gui.lens_packages import LensPackages
from pyprobe.gui.math_control import MathControl
from pyprobe.gui.plot_drops import PlotDrops
from pyprobe.gui.plot_saving import PlotSaving
from pyprobe.gui.theme import Theme
from pyprobe.gui.workspace import Workspace
from pyprobe.plots.theme import PlotTheme, plot_theme
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.session.leaf_board import leaf_key
from pyprobe.session.leaf_trace import LeafTrace
from pyprobe.session.math_trace import MathTrace
from pyprobe.session.probe import Probe, ProbeStatus
from pyprobe.session.trace import Trace


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
    """Keeps the plots' docks in step with the session's probes, leaf traces and math traces.

    ``done`` carries a change the user made in a plot: its name, what makes and what undoes it,
    and what changes that are undone as one have in common. ``said`` carries a hint.
    """

    done = pyqtSignal(str, object, object, object)
    said = pyqtSignal(str)

    def __init__(
        self,
        workspace: Workspace,
        docks: Docks,
        theme: Theme,
        say: Callable[[str], None],
        math: MathControl,
        leaves: LeafControl,
    ) -> None:
        super().__init__(docks)
        self._workspace = workspace
        self._docks = docks
        self._theme = make_plot_theme(theme)
        self._say = say
        self._math = math
        self._leaves = leaves
        self._panels: dict[int, TracePanel] = {}
        self._kept = KeptPanels()
        # Makes what is done within one change to be undone.
        self.group: Callable[[str], AbstractContextManager[None]] = lambda _text: nullcontext()
        self._drops = PlotDrops(
            workspace, leaves, say, self._park_when_made, lambda text: self.group(text)
        )
        self._to_park: set[int] = set()
        self._shown_ns: int | None = None
        self._overlaid: dict[int, Trace] = {}
        self._guests: dict[int, Trace] = {}
        # Shows the trigger of a probe; None where no program runs.
        self.open_trigger: Callable[[int], object] | None = None
        self._saving = PlotSaving(self.said.emit, say, self)
        packages = LensPackages(say, self._redraw_all)
        self._may_draw = packages.may_draw
        self.destroyed.connect(lambda: packages.close())

    def _redraw_all(self) -> None:
        for panel in self._panels.values():
            panel.redraw()

    @property
    def panels(self) -> dict[int, TracePanel]:
        """The panels by the id of their trace."""
        return self._panels

    def match_probes(self) -> None:
        """Make the panels of new traces, take away those of removed ones, set titles and icons."""
        traces = self.traces
        with self._docks.arranging():
            for trace_id in [known for known in self._panels if known not in traces]:
                self._kept.keep(self._panels.pop(trace_id), trace_id in self._docks.parked)
                self._docks.remove_trace(trace_id)
            self._kept.match_overlays(self._panels.values(), {**traces, **self._overlaid})
            for trace in traces.values():
                panel = self._panels.get(trace.id)
                if panel is None:
                    self._add(trace)
                else:
                    self._docks.set_trace_look(trace.id, self._name(trace), self._icon(trace))
                    panel.match_color()
        for panel in self._panels.values():
            self._leaves.mark(panel)
        for trace_id in self._to_park & self._panels.keys():
            self._to_park.discard(trace_id)
            self._docks.park_trace(trace_id, quietly=True)

    @property
    def traces(self) -> dict[int, Trace]:
        """All traces by their id: the probes', their leaves' and the computed ones."""
        probes: dict[int, Trace] = {one.id: one for one in self._workspace.session.probes.values()}
        leaves, maths = self._leaves.board.traces, self._math.board.traces
        return {**probes, **leaves, **maths, **self._guests}

    def set_guests(self, overlaid: Iterable[Trace], own_plots: Iterable[Trace]) -> None:
        """Take in traces of no probe: those that are only laid over others, and those with plots.

        They stay until other ones are set.
        """
        self._overlaid = {trace.id: trace for trace in overlaid}
        self._guests = {trace.id: trace for trace in own_plots}
        self.match_probes()
        self._math.update(set())

    @property
    def guests(self) -> tuple[Trace, ...]:
        """The traces of no probe."""
        return (*self._overlaid.values(), *self._guests.values())

    def refresh_guests(self) -> None:
        """Draw the news of the traces of no probe, and compute anew what depends on them."""
        found = {trace.id for trace in self.guests}
        self.refresh(found)
        self._math.update(found)

    def _drop_guest(self, trace: Trace) -> None:
        def drop() -> None:
            self._guests.pop(trace.id, None)
            self.match_probes()
            self._math.update(set())

        def bring_back() -> None:
            self._guests[trace.id] = trace
            self.match_probes()
            self._math.update(set())

        drop()
        self.done.emit(f"remove {trace.title}", drop, bring_back, None)

    def _name(self, trace: Trace) -> str:
        return trace.anchor.symbol if isinstance(trace, Probe) else trace.short_title

    def key_of(self, trace: Trace) -> str:
        """Return the lasting name of a trace, which also names its dock."""
        if isinstance(trace, LeafTrace):
            return leaf_key(self.key_of(trace.source), trace.path)
        if isinstance(trace, Probe):
            return self._workspace.key_of(trace)
        return f"math{-trace.id}" if isinstance(trace, MathTrace) else f"guest{trace.id}"

    # Memory.

    def memory(self) -> dict[str, object]:
        """Return what the user chose in each plot, by the lasting name of its trace."""
        keys = {self.key_of(panel.trace): panel for panel in self._panels.values()}
        return {key: panel.memory(self.key_of) for key, panel in keys.items()}

    def recall(self, memory: Mapping[str, object]) -> None:
        """Take over what was chosen once, for the plots there are."""
        self.match_probes()
        for panel in self._panels.values():
            chosen = memory.get(self.key_of(panel.trace))
            if isinstance(chosen, dict):
                panel.recall(chosen, tuple(self.traces.values()), self.key_of)

    def refresh(self, probe_ids: set[int]) -> None:
        """Draw the news of these probes, wherever they are drawn."""
        for panel in self._panels.values():
            if any(trace.id in probe_ids for trace in panel.traces.traces):
                panel.refresh()

    def show_at(self, t_ns: int | None) -> None:
        """Show in every plot what was true at a time; None is live."""
        self._shown_ns = t_ns
        self._math.show_at(t_ns)
        for panel in self._panels.values():
            panel.show_at(t_ns)
        self._math.watch()

    def set_theme(self, theme: Theme) -> None:
        """Draw in a theme's colours."""
        self._theme = make_plot_theme(theme)
        for panel in self._panels.values():
            panel.set_theme(self._theme)
        self.match_probes()

    def _add(self, trace: Trace) -> None:
        panel, was_parked = self._kept.take(trace)
        if panel is None:
            panel = self._make(trace)
        elif panel.theme is not self._theme:
            panel.set_theme(self._theme)
        panel.match_color()
        panel.show_at(self._shown_ns)
        self._panels[trace.id] = panel
        self._docks.add_trace(
            trace.id, self.key_of(trace), self._name(trace), panel, self._icon(trace)
        )
        if was_parked:
            self._to_park.add(trace.id)

    def _make(self, trace: Trace) -> TracePanel:
        panel = TracePanel(trace, self._theme)
        if trace.id in self._guests:
            panel.remove_text = "Remove this plot"
            panel.remove_requested.connect(lambda: self._drop_guest(trace))
        elif isinstance(trace, MathTrace):
            self._set_up_math(panel, trace)
        elif isinstance(trace, LeafTrace):
            panel.remove_text = "Remove this trace"
            panel.remove_requested.connect(lambda: self._leaves.remove(trace))
        elif isinstance(trace, Probe):
            self._add_trigger(panel, trace)
            remove = partial(self._workspace.session.remove_probe, trace)
            panel.remove_requested.connect(lambda: remove())
        self._leaves.attach(panel)
        panel.lens_failed.connect(lambda sentence: self._say(f"{panel.title()} {sentence}."))
        panel.other_traces = lambda: tuple(self.traces.values())
        panel.may_draw = self._may_draw
        panel.dropped.connect(lambda mime: self._drops.take(panel, mime))
        panel.done.connect(self.done)
        panel.x_moved.connect(partial(self._follow_x, panel))
        panel.linked.connect(partial(self._link, panel))
        panel.save_asked.connect(partial(self._saving.ask, panel))
        return panel

    def _link(self, panel: TracePanel, wanted: bool) -> None:
        """Let a panel show what those show that it is linked to, and be undone as one."""
        before = panel.x_view()
        if wanted:
            shown = (one.x_shown() for one in self._panels.values() if one is not panel)
            for kind, low, high in (one for one in shown if one is not None):
                panel.follow_x(kind, low, high)
        redo = partial(panel.set_linked, wanted, panel.x_view())
        undo = partial(panel.set_linked, not wanted, before)
        verb = "link" if wanted else "unlink"
        self.done.emit(f"{verb} the X axis of {panel.title()}", redo, undo, None)

    def _follow_x(self, moved: TracePanel, kind: str, low: float, high: float) -> None:
        for panel in self._panels.values():
            if panel is not moved:
                panel.follow_x(kind, low, high)

    def _add_trigger(self, panel: TracePanel, probe: Probe) -> None:
        open_trigger = self.open_trigger
        if open_trigger is not None:
            action = QAction("Trigger…", panel)
            action.triggered.connect(lambda _on: open_trigger(probe.id))
            panel.more_actions = (action,)

    def _set_up_math(self, panel: TracePanel, trace: MathTrace) -> None:
        edit = QAction("Change the expression…", panel)
        edit.triggered.connect(lambda _on: self._math.edit(trace))
        panel.more_actions = (edit,)
        panel.remove_text = "Remove math trace"
        panel.remove_requested.connect(lambda: self._math.remove(trace))

    def _park_when_made(self, probe_id: int) -> None:
        self._to_park.add(probe_id)

    def _icon(self, trace: Trace) -> QIcon:
        waits = trace.status in (ProbeStatus.ARMED, ProbeStatus.INVALID)
        return make_swatch(self._theme.trace_color(trace.color_index), hollow=waits)
