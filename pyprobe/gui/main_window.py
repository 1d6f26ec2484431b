"""MainWindow: the window's parts put together, and the views a session's news appear in.

It is made in two steps, so that its first paint waits for nothing that is not seen in it: the
source and the frame first; ``complete`` adds what a session needs, which is most of the program.
"""

from dataclasses import replace
from os.path import basename
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPoint, QTimer
from PyQt6.QtGui import QCloseEvent
from PyQt6.QtWidgets import QApplication, QWidget

from pyprobe.gui.code_style import monospace_font
from pyprobe.gui.preferences import Preferences
from pyprobe.gui.state_words import show_event_source, state_detail
from pyprobe.gui.theme import ThemeChoice, choose_theme
from pyprobe.gui.window_base import WindowBase
from pyprobe.gui.window_menus import WindowMenus
from pyprobe.session.launch import Program

if TYPE_CHECKING:
    from pyprobe.gui.console_text import Stream
    from pyprobe.gui.debug_parts import DebugParts
    from pyprobe.gui.open_window import RecordingWindow
    from pyprobe.gui.workspace import Workspace
    from pyprobe.session.ending import Ending
    from pyprobe.session.listener import ProgramState
    from pyprobe.session.log_line import LogLine


class MainWindow(WindowBase):
    """The window of one program."""

    def __init__(
        self, program: Program, preferences: Preferences, application: QApplication
    ) -> None:
        super().__init__(program, preferences, application)
        self.is_complete = False
        self.recorded: RecordingWindow | None = None
        self.debug: DebugParts | None = None  # a recording's window stays without
        self.menus = WindowMenus(self, self)

    # ---- building ------------------------------------------------------------------------

    def complete(self, workspace: "Workspace") -> None:
        """Make the parts that a session needs, and show what there is."""
        self.workspace = workspace
        self.session = workspace.session
        self._fill_panes()
        self._make_program_parts()
        self.is_complete = True
        self._make_view_parts()
        self._connect_parts()
        self._make_debug()
        self.show_state(self.session.state)

    def _fill_panes(self) -> None:
        from pyprobe.gui.console_pane import ConsolePane
        from pyprobe.gui.file_tree import FileTree
        from pyprobe.gui.probe_rows import RateMeter
        from pyprobe.gui.probe_table import ProbeTable, ProbeTableModel

        self._rates = RateMeter()
        self.console = ConsolePane(self.theme, self._font)
        self.probe_model = ProbeTableModel(self._set_throttle)
        self.probe_table = ProbeTable(self.probe_model)
        self.file_tree = FileTree(self.program_to_run.script_dir)
        for pane, widget in (
            (self._console_pane, self.console),
            (self._probes_pane, self.probe_table),
            (self._files_pane, self.file_tree),
        ):
            layout = pane.layout()
            if layout is not None:
                layout.addWidget(widget)
        self.docks.set_console_actions([self.console.end_action, self.console.clear_action])

    def _make_program_parts(self) -> None:
        """Make what runs the program, and what follows its files."""
        from pyprobe.gui.probe_undo import ProbeUndo
        from pyprobe.gui.program_control import ProgramControl
        from pyprobe.gui.rerun import Rerun
        from pyprobe.gui.source_control import SourceControl

        self.program = ProgramControl(
            self.session, self.messages, self._reveal, self.console.view.add_line
        )
        self.sources = SourceControl(
            self.workspace, self.source_area, self.messages, self.program.restart
        )
        self._probe_undo = ProbeUndo(self.workspace, self.undo)
        self.rerun = Rerun(self.session, self.program, self.messages)
        self.sources.take_saved = self.rerun.take_saved
        self.rerun.problem_of = self.workspace.problem_of
        self.program.when_ready = self.sources.when_placed
        self.closing.connect(self.sources.close)

    def _make_view_parts(self) -> None:
        """Make what shows captures, goes back in time, and records."""
        from pyprobe.gui.cost_notice import CostNotice
        from pyprobe.gui.history_gauge import HistoryGauge
        from pyprobe.gui.open_recordings import RecordingOpener
        from pyprobe.gui.plot_commands import PlotCommands
        from pyprobe.gui.probe_commands import ProbeCommands
        from pyprobe.gui.recording_control import RecordingControl
        from pyprobe.gui.time_control import TimeControl

        say = self.status.show_hint
        self.plots = PlotCommands(
            self, self.docks, self.session, self.undo, parked_menu=self.menus.parked, say=say
        )
        self.time = TimeControl(self, self.session, self.theme, self._show_time)
        self.docks.add_below(self.time.bar)
        limits = self.preferences.history_limits
        self.histories = HistoryGauge(self.session.histories, self.status, limits)
        self.probe_commands = ProbeCommands(self)
        self.cost = CostNotice(self, self._set_throttle)
        folder = self.program_to_run.cwd
        self.recordings = RecordingOpener(self, self.messages, folder, say)
        self.recording = RecordingControl(self)

    def _connect_parts(self) -> None:
        self.program.said.connect(self.status.show_hint)
        self.program.about_to_run.connect(self.sources.catch_up)
        self.sources.said.connect(self.status.show_hint)
        self.rerun.said.connect(self.status.show_hint)
        self.time.said.connect(self.status.show_hint)
        self.recording.said.connect(self.status.show_hint)
        self.recording.switched.connect(self.menus.show_recording)
        self.rerun.switched.connect(
            lambda: self.status.show_switches(on_save=self.rerun.on_save, loops=self.rerun.loops)
        )
        self.sources.sources_changed.connect(self.show_probes)
        self.source_area.mark_clicked.connect(self._show_trace)
        self.console.entered.connect(self.session.send_input)
        self.console.ended.connect(self._end_input)
        self.console.view.link_clicked.connect(self._reveal)
        self.file_tree.file_chosen.connect(self.sources.open)

        hints = self._application.styleHints()
        if hints is not None:
            hints.colorSchemeChanged.connect(self._on_system_theme)

    def _make_debug(self) -> None:
        from pyprobe.gui.debug_menu import fill_debug_menu
        from pyprobe.gui.debug_parts import DebugParts
        from pyprobe.session.session import Session

        self.source_area.menu_asked.connect(self._open_source_menu)
        if isinstance(self.session, Session):
            self.debug = DebugParts(self, self.menus, self.session)
            self.debug.said.connect(self.status.show_hint)
            fill_debug_menu(self.menus.debug, self.menus.actions, self.debug)
        else:
            self.source_area.hide_break_margins()
            self.menus.hide_debug()

    def _open_source_menu(self, path: str, line: int, col: int, at: QPoint) -> None:
        from pyprobe.gui.debug_source_menu import open_source_menu

        open_source_menu(self, self.debug, path, line, col, at)

    def make_traces(self) -> None:
        """Make the plots' part; late, since its libraries take long to load."""
        from pyprobe.gui.trace_views import TraceViews

        if self.traces is None:
            self._make_leaves()
            self._make_math()
            self.traces = TraceViews(
                self.workspace, self.docks, self.theme, self.warn, self.math, self.leaves
            )
            self.traces.said.connect(self.status.show_hint)
            # A signal passes no keywords: ``push`` itself would be called without the last one.
            self.traces.done.connect(
                lambda text, redo, undo, merge: self.undo.push(text, redo, undo, merge=merge)
            )
            traces = self.traces
            traces.group = self.undo.group
            if self.debug is not None:
                traces.open_trigger = self.debug.open_trigger
            self.plots.traces = lambda: traces.traces
            self.show_probes()

    def _make_leaves(self) -> None:
        from pyprobe.gui.leaf_control import LeafControl

        self.leaves = LeafControl(
            self,
            lambda: self.session.probes.values(),
            lambda: {trace.color_index for trace in self.math.board.named().values()},
            self.undo,
        )
        self.leaves.changed.connect(self.show_probes)
        self.leaves.taken.connect(self.show_captures)
        self.leaves.said.connect(self.status.show_hint)

    def _make_math(self) -> None:
        from pyprobe.gui.math_control import MathControl

        session = self.session
        self.math = MathControl(
            self,
            lambda: (
                *session.probes.values(),
                *self.leaves.board.traces.values(),
                *(self.traces.guests if self.traces is not None else ()),
            ),
            lambda: session.wakeup(),
            self.undo,
        )
        self.math.changed.connect(self.show_probes)
        self.math.computed.connect(self._show_results)

    def _show_results(self, trace_ids: set[int]) -> None:
        """Draw what math traces have given; what is computed from them in turn they know."""
        if self.traces is not None:
            self.traces.refresh(trace_ids)

    def edit_math(self) -> None:
        """Ask for the expression of a new math trace."""
        self.make_traces()
        self.math.edit_new()

    # ---- what a session view shows -------------------------------------------------------

    def show_state(self, state: "ProgramState") -> None:
        """Show the program's state."""
        goes = state.value not in ("idle", "ended")
        self.menus.show_state(state)
        self.time.take_state(state)
        self.recording.take_state(state)
        self.console.set_running(goes)
        self.status.show_state(state, state_detail(self.session, state))
        if state.value == "starting":
            self.program.announce_start()
        if self.debug is not None:
            self.debug.control.take_state(state)
        show_event_source(self.status, self.session)

    def show_ending(self, ending: "Ending") -> None:
        """Show how the program ended."""
        self.program.announce_ending(ending, goes_on=self.rerun.goes_on_after(ending))
        self.sources.catch_up()
        self.recording.take_ending(ending)
        self.rerun.take_ending(ending)
        self.show_output()

    def show_note(self, text: str) -> None:
        """Show a sentence of the session's."""
        self.warn(text)

    def show_probes(self) -> None:
        """Show which probes there are, and their states."""
        from pyprobe.gui.probe_rows import make_marks, make_rows

        probes, time = self.session.probes.values(), self.time.cursor
        marks = make_marks(probes, dark=self.theme.dark, time=time)
        for path, page in self.source_area.pages.items():
            page.view.set_marks(marks.get(path, []))
        if self.traces is not None:
            self.traces.match_probes()
        self.plots.show_parked()
        rows = make_rows(probes, self._rates, dark=self.theme.dark, time=time)
        self.probe_model.set_rows(rows)

    def show_stop(self) -> None:
        """Show where threads stand, or that they stand no more."""
        if self.debug is not None:
            self.debug.control.take_stops()

    def show_breakpoints(self) -> None:
        """Show which breakpoints there are, and how they fare."""
        if self.debug is not None:
            self.debug.breakpoints.take_news()

    def show_captures(self, probe_ids: set[int]) -> None:
        """Draw what has come for these probes."""
        if self.traces is not None:
            probe_ids = probe_ids | self.leaves.update(probe_ids)
            self.traces.refresh(probe_ids)
            self.math.update(probe_ids)

    def _show_time(self, t_ns: int | None) -> None:
        """Show what was true at a time, or is now."""
        if self.traces is not None:
            self.traces.show_at(t_ns)
        self.console.view.show_until(t_ns)
        self.show_values()
        self.status.show_time(self.time.mark)

    def show_computed(self) -> None:
        """Take what math traces have computed beside the window's thread."""
        if self.traces is not None:
            self.math.collect()

    def show_values(self) -> None:
        """Show last values, rates and counters."""
        from pyprobe.gui.probe_rows import make_marks, make_rows

        probes, time = self.session.probes.values(), self.time.cursor
        marks = make_marks(probes, dark=self.theme.dark, time=time)
        for path, page in self.source_area.pages.items():
            page.view.update_values(marks.get(path, []))
        rows = make_rows(probes, self._rates, dark=self.theme.dark, time=time)
        self.probe_model.set_rows(rows)
        self.time.update()
        self.recording.update()
        self.histories.update(is_due=not self.session.has_process)
        if self.debug is not None:
            self.debug.update()
        stats = self.session.stats
        runs = self.session.has_process
        self.status.show_rate(stats.captures_per_second if runs else 0.0)
        share = stats.recent_share if runs else stats.share
        self.cost.update(share, runs=runs, rates=((one, self._rates.rate(one)) for one in probes))
        self.status.show_drops(stats.dropped)
        show_event_source(self.status, self.session)

    def write_output(self, stream: "Stream", text: str) -> None:
        """Take the program's output."""
        self.console.view.add(stream, text)

    def write_log(self, line: "LogLine") -> None:
        """Take what a breakpoint has logged."""
        from pyprobe.gui.console_text import Stream

        self.console.view.add_line(Stream.SYSTEM, f"{basename(line.file)}:{line.line}  {line.text}")

    def show_output(self) -> bool:
        """Show output that was taken; True if more waits."""
        return self.console.view.show_pending()

    # ---- look and preferences ------------------------------------------------------------

    def apply_preferences(self, preferences: Preferences) -> None:
        """Take over new preferences at once."""
        self.preferences = preferences
        self.workspace.default_throttle = preferences.throttle
        self.histories.set_limits(preferences.history_limits)
        self.theme = choose_theme(preferences.theme, self._application)
        self._font = monospace_font(preferences.font_points)
        self._apply_look()
        self.source_area.set_look(self.theme, self._font)
        self.console.set_look(self.theme, self._font)
        self.messages.set_theme(self.theme)
        self.time.bar.set_theme(self.theme)
        self.empty_plots.set_theme(self.theme)
        self.docks.set_theme(self.theme)
        self.menus.set_theme(self.theme)
        if self.traces is not None:
            self.traces.set_theme(self.theme)
        if self.debug is not None:
            self.debug.set_theme(self.theme)
        self.show_probes()
        self.show_values()
        self.preferences_changed.emit(preferences)

    def choose_theme(self, choice: ThemeChoice) -> None:
        """Choose light, dark or the system's theme."""
        self.apply_preferences(replace(self.preferences, theme=choice))

    def open_preferences(self) -> None:
        """Open the preferences beside the window."""
        from pyprobe.gui.preferences_dialog import PreferencesDialog

        dialog = self.findChild(PreferencesDialog)
        if dialog is None:
            dialog = PreferencesDialog(self.preferences, self, usage=self.histories.text)
            dialog.changed.connect(self.apply_preferences)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def _on_system_theme(self) -> None:
        if self.preferences.theme is ThemeChoice.SYSTEM:
            wanted = choose_theme(ThemeChoice.SYSTEM, self._application)
            if wanted is not self.theme:
                self.apply_preferences(self.preferences)

    # ---- commands ------------------------------------------------------------------------

    def open_file(self) -> None:
        """Ask for a file of the program; the dialog blocks nothing."""
        from PyQt6.QtWidgets import QFileDialog

        dialog = QFileDialog(self, "Open a file of the program", self.program_to_run.script_dir)
        dialog.setNameFilters(["Python files (*.py *.pyw)", "All files (*)"])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.sources.open)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def compare_recordings(self) -> None:
        """Ask for a recording, and compare what is shown with it."""
        if self.recorded is not None:
            self.recorded.compare.choose()
        else:
            from pyprobe.gui.compare_live import live_compare

            live_compare(self).choose()

    def forget_runs(self) -> None:
        """Let go of what earlier runs captured."""
        forgot = self.session.forget_earlier()
        self.status.show_hint(
            "The captures of earlier runs are forgotten."
            if forgot
            else "There are no earlier runs."
        )

    def arrange_plots(self) -> None:
        """Lay the plots out again."""
        if not self.session.probes:
            self.status.show_hint("There are no plots to arrange; click a variable first.")
            return
        self.make_traces()
        self.plots.arrange()

    def parts(self) -> list[QWidget | None]:
        """Return what the keyboard goes to, part by part."""
        page = self.source_area.current_page
        return [
            page.view if page is not None else None,
            self.plots.plot_part(),
            self.plots.strip,
            self.console.input if self.console.input.isEnabled() else self.console.view,
            self.probe_table,
            self.file_tree,
        ]

    def _set_throttle(self, probe_id: int, throttle: str) -> bool:
        return self.probe_commands.set_throttle(probe_id, throttle)

    def _end_input(self) -> None:
        from pyprobe.gui.console_text import Stream

        self.session.close_input()
        self.console.close_input()
        self.console.view.add_line(Stream.SYSTEM, "(end of input)")
        self.console.view.show_pending()

    def _show_trace(self, probe_id: int) -> None:
        self.make_traces()
        self.docks.show_trace(probe_id)

    def _reveal(self, path: str, line: int) -> None:
        self.docks.set_plots_only(False)
        self.sources.reveal(path, line)

    # ---- the rest ------------------------------------------------------------------------

    def closeEvent(self, a0: QCloseEvent | None) -> None:
        self.closing.emit()
        super().closeEvent(a0)
        # Not quit(), which asks the plots that were dragged out, and stays where one is not closed.
        QTimer.singleShot(0, self._application.exit)
