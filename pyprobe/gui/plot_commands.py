"""PlotCommands: arrange, park and restore plots, go from one to the next, and see plots only."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QApplication, QMainWindow, QMenu, QWidget

from pyprobe.gui.docks import Docks
from pyprobe.gui.icons import make_swatch
from pyprobe.gui.parked_strip import ParkedPlot, ParkedStrip
from pyprobe.gui.undo import UndoStack
from pyprobe.plots.palette import trace_color
from pyprobe.session.probe import Probe, ProbeStatus
from pyprobe.session.readable_session import ReadableSession
from pyprobe.session.trace import Trace

Say = Callable[[str], None]


class PlotCommands(QObject):
    """Each command can be undone where that makes sense, and says so when it can do nothing."""

    def __init__(
        self,
        window: QMainWindow,
        docks: Docks,
        session: ReadableSession,
        undo: UndoStack,
        *,
        parked_menu: QMenu,
        say: Say,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._docks = docks
        self.traces: Callable[[], Mapping[int, Trace]] = lambda: session.probes
        self._undo = undo
        self._say = say
        self._parked_menu = parked_menu
        self._last_plot: int | None = None
        self._was_maximized = False
        self.strip = ParkedStrip()
        self.strip.restore_asked.connect(self.restore)
        docks.add_below(self.strip)
        docks.trace_hidden.connect(self._on_hidden)
        docks.trace_shown.connect(self._on_shown)
        docks.parked_changed.connect(self.show_parked)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)

    # ---- what is shown -------------------------------------------------------------------

    def show_parked(self) -> None:
        """Bring the strip up to date with the docks and the traces."""
        traces = self.traces()
        parked = [traces[one] for one in self._docks.parked if one in traces]
        dark = self._docks.is_dark
        is_new = self.strip.show_plots(
            [ParkedPlot(one.id, _name(one), one.title) for one in parked],
            [
                make_swatch(trace_color(one.color_index, dark=dark), hollow=_waits(one))
                for one in parked
            ],
        )
        if is_new:
            self._parked_menu.clear()
            self._parked_menu.addActions(self.strip.restore_actions)
            self._parked_menu.setEnabled(bool(parked))

    # ---- parking -------------------------------------------------------------------------

    def park(self) -> None:
        """Park the plot that has the keyboard, or had it last."""
        probe_id = self._chosen()
        if probe_id is None:
            self._say("There is no plot to park; click one, or press F7.")
            return
        following = self._neighbour(probe_id, 1)
        self._docks.park_trace(probe_id)
        if following is not None and following != probe_id:
            self._go_to(following)

    def restore(self, probe_id: int) -> None:
        """Show a parked plot where it was, and give it the keyboard."""
        self._docks.show_trace(probe_id)
        self._go_to(probe_id)

    def restore_last(self) -> None:
        """Show the plot that was parked last."""
        parked = self._docks.parked
        if not parked:
            self._say("No plot is parked.")
            return
        self.restore(parked[-1])

    def arrange(self) -> None:
        """Lay the plots out in a grid; parked ones stay parked."""
        before = self._docks.arrangement()
        self._docks.arrange()
        after = self._docks.arrangement()
        restore = self._docks.restore_arrangement
        self._undo.push("arrange plots", partial(restore, after), partial(restore, before))

    def _on_hidden(self, probe_id: int) -> None:
        trace = self.traces().get(probe_id)
        if trace is None:
            return
        name, docks = _name(trace), self._docks
        self._undo.push(
            f"park the plot of {name}",
            partial(docks.park_trace, probe_id),
            partial(docks.show_trace, probe_id),
        )
        self._say(
            f"The plot of {name} is parked, its probe goes on; its button below shows it again."
            if isinstance(trace, Probe)
            else f"The plot of {name} is parked; its button below shows it again."
        )

    def _on_shown(self, probe_id: int) -> None:
        trace = self.traces().get(probe_id)
        if trace is not None:
            self._undo.push(
                f"restore the plot of {_name(trace)}",
                partial(self._docks.show_trace, probe_id),
                partial(self._docks.park_trace, probe_id),
            )

    # ---- the keyboard's way --------------------------------------------------------------

    def next_plot(self, step: int) -> None:
        """Give the keyboard to the next plot, or with -1 to the one before."""
        shown = self._docks.shown
        if not shown:
            self._say("There is no plot to go to; click a variable first.")
            return
        focused = self._focused()
        if focused is None and self._last_plot in shown:
            self._go_to(self._last_plot)
            return
        following = self._neighbour(focused, step) if focused is not None else shown[0]
        self._go_to(following)

    def next_part(self, parts: Sequence[QWidget | None], step: int) -> None:
        """Give the keyboard to the next of these parts that can be seen."""
        seen = [widget for widget in parts if widget is not None and widget.isVisible()]
        if not seen:
            return
        focused = QApplication.focusWidget()
        here = next(
            (place for place, widget in enumerate(seen) if _holds(widget, focused)),
            -1 if step > 0 else 0,
        )
        target = seen[(here + step) % len(seen)]
        target.setFocus()

    def plot_part(self) -> QWidget | None:
        """Return the plot that had the keyboard last, or the first one."""
        probe_id = self._chosen() or next(iter(self._docks.shown), None)
        dock = self._docks.traces.get(probe_id) if probe_id is not None else None
        if dock is None:
            return None
        return dock.widget()

    def _go_to(self, probe_id: int | None) -> None:
        dock = self._docks.traces.get(probe_id) if probe_id is not None else None
        widget = dock.widget() if dock is not None else None
        if dock is not None and widget is not None:
            dock.setAsCurrentTab()
            if dock.isInFloatingContainer():
                dock.activateWindow()
            widget.setFocus()

    def _neighbour(self, probe_id: int, step: int) -> int | None:
        shown = self._docks.shown
        if probe_id not in shown:
            return next(iter(shown), None)
        return shown[(shown.index(probe_id) + step) % len(shown)]

    def _chosen(self) -> int | None:
        """Return the plot that commands are meant for: focused now or last, or the only one."""
        shown = self._docks.shown
        for probe_id in (self._focused(), self._last_plot):
            if probe_id in shown:
                return probe_id
        return shown[0] if len(shown) == 1 else None

    def _focused(self) -> int | None:
        return self._docks.trace_around(QApplication.focusWidget())

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        probe_id = self._docks.trace_around(new)
        if probe_id is not None:
            self._last_plot = probe_id

    # ---- what is seen --------------------------------------------------------------------

    def show_plots_only(self) -> None:
        """Hide all but the plots, or show the rest again."""
        if self._docks.is_plots_only:
            self._set_plots_only(False)
        elif not self._docks.shown:
            self._say("There are no plots that could be shown alone; click a variable first.")
            return
        else:
            self._set_plots_only(True)
        self._push("plots only", self._set_plots_only, self._docks.is_plots_only)

    def _set_plots_only(self, wanted: bool) -> None:
        self._docks.set_plots_only(wanted)
        if wanted and self._focused() is None:
            self.next_plot(1)
        self._say("Plots only; F12 shows the rest again." if wanted else "")

    def show_whole_screen(self) -> None:
        """Take the whole screen, or give it back."""
        self._set_whole_screen(not self._window.isFullScreen())
        self._push("whole screen", self._set_whole_screen, self._window.isFullScreen())

    def _set_whole_screen(self, wanted: bool) -> None:
        if wanted and not self._window.isFullScreen():
            self._was_maximized = self._window.isMaximized()
            self._window.showFullScreen()
            self._say("Whole screen; Shift+F12 gives it back.")
        elif not wanted and self._was_maximized:
            self._window.showMaximized()
        elif not wanted:
            self._window.showNormal()

    def _push(self, text: str, switch: Callable[[bool], object], now: bool) -> None:
        self._undo.push(text, partial(switch, now), partial(switch, not now))


def _name(trace: Trace) -> str:
    return trace.anchor.symbol if isinstance(trace, Probe) else trace.short_title


def _waits(trace: Trace) -> bool:
    return trace.status in (ProbeStatus.ARMED, ProbeStatus.INVALID)


def _holds(widget: QWidget, focused: QWidget | None) -> bool:
    return focused is not None and (focused is widget or widget.isAncestorOf(focused))
