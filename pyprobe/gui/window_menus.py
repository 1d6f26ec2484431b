"""WindowMenus: the window's menus, toolbar and their actions."""

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import QMenu, QWidget

from pyprobe import __version__
from pyprobe.gui.actions import (
    WHY_NOT,
    Actions,
    ProgramActions,
    add_menu,
    build_toolbar,
    give_keys,
)
from pyprobe.gui.theme import Theme, ThemeChoice
from pyprobe.gui.time_actions import make_time_actions

if TYPE_CHECKING:
    from pyprobe.gui.window_base import WindowBase
    from pyprobe.gui.window_commands import WindowCommands
    from pyprobe.session.listener import ProgramState

_KEY = QKeySequence.StandardKey


class WindowMenus(QObject):
    """Makes every action of a window, and keeps their look in step with state and theme."""

    def __init__(self, window: "WindowBase", commands: "WindowCommands") -> None:
        super().__init__(window)
        self._window = window
        self._commands = commands
        self.actions = Actions(window)
        self.program = ProgramActions(
            self.actions,
            run=lambda: window.program.run(),
            pause=lambda: window.program.pause(),
            stop=lambda: window.program.stop(),
            restart=lambda: window.program.restart(),
        )
        make = self.actions.make
        self.arrange = make(
            "&Arrange plots", commands.arrange_plots, keys="Ctrl+Shift+A", icon="arrange"
        )
        self.probe = make(
            "Probe at the &caret",
            lambda: window.sources.toggle_at_caret(),
            keys="Ctrl+Return",
            icon="probe",
        )
        self.open = make("&Open a file…", commands.open_file, keys=_KEY.Open, icon="open")
        self.find = make("&Find", self._open_find, keys=_KEY.Find, icon="find")
        self.line = make("&Go to line", self._open_line, keys="Ctrl+G")
        self.settings = make(
            "&Preferences…", commands.open_preferences, keys="Ctrl+,", icon="settings"
        )
        self.record = make(
            "&Record…", lambda: commands.recording.toggle(), keys="Ctrl+R", icon="record"
        )
        self.record.setCheckable(True)
        self._add_menus()
        groups = [list(self.program.all), [self.record], [self.arrange]]
        self.toolbar = build_toolbar(window, groups)
        window.addToolBar(self.toolbar)
        self.set_theme(window.theme)

    def set_theme(self, theme: Theme) -> None:
        """Draw all icons in a theme's colours."""
        self.actions.set_theme(theme)
        for action in self.actions.themes.actions():
            action.setChecked(action.data() is self._window.preferences.theme)

    def show_state(self, state: "ProgramState") -> None:
        """Enable what makes sense in a state of the program."""
        self.program.show_state(state)

    def hide_debug(self) -> None:
        """Take the menu away that only a program can answer."""
        action = self.debug.menuAction()
        if action is not None:
            action.setVisible(False)

    def show_recording(self, on: bool) -> None:
        """Show whether a run is recorded, or the next one will be."""
        self.record.setChecked(on)
        self.record.setIconText("Stop recording" if on else "Record")

    def _add_menus(self) -> None:
        window, commands, make = self._window, self._commands, self.actions.make
        quit_action = make("&Quit", window.close, keys=_KEY.Quit)
        recording = make(
            "Open a &recording…", lambda: window.recordings.choose(), keys="Ctrl+Shift+O"
        )
        self.compare = make("&Compare with a recording…", commands.compare_recordings)
        files = [self.open, recording, self.compare]
        add_menu(window, "&File", [*files, None, self.settings, None, quit_action])
        add_menu(window, "&Edit", [*self._undo_actions()])
        self.restart_on_save = self.actions.make_switch(
            "Restart on &save", lambda on: window.rerun.set_on_save(on), keys="Ctrl+Shift+S"
        )
        self.loop = self.actions.make_switch(
            "Run a&gain and again", lambda on: window.rerun.set_loops(on), keys="Ctrl+Shift+L"
        )
        forget = make("&Forget earlier runs", commands.forget_runs)
        switches = [self.restart_on_save, self.loop]
        runs = [*self.program.all, None, self.record]
        add_menu(window, "&Program", [*runs, None, *switches, None, forget])
        self.debug = add_menu(window, "&Debug", [])  # filled when the window is complete
        self.parked = QMenu("Par&ked plots", window)
        self.parked.setEnabled(False)
        add_menu(window, "P&robes", [self.probe])
        self.math = make("&Math trace…", commands.edit_math, keys="Ctrl+E")
        add_menu(window, "P&lots", [self.math, None, *self._plot_actions(), None, self.parked])
        add_menu(window, "&Time", [*make_time_actions(lambda: window.time, self.actions)])
        add_menu(window, "&Source", [self.find, self.line, None, *self._zoom_actions()])
        docks = window.docks
        toggles = [
            docks.console.toggleViewAction(),
            docks.probes.toggleViewAction(),
            docks.files.toggleViewAction(),
        ]
        shown: list[QAction | QMenu | None] = [one for one in toggles if one is not None]
        entries = [*shown, None, *self._focus_actions(), None, *self._room_actions()]
        add_menu(window, "&View", [*entries, None, self._theme_menu()])
        palette = make("&All actions…", self._open_palette, keys="Ctrl+Shift+P")
        sheet = make("&Keyboard shortcuts", self._open_sheet, keys="?")
        about = make("A&bout PyProbe", self._show_about, keys=_KEY.HelpContents)
        add_menu(window, "&Help", [palette, sheet, None, about])

    def _undo_actions(self) -> tuple[QAction, QAction]:
        undo, redo = self._window.undo.make_actions(self._window)
        give_keys(undo, QKeySequence("Ctrl+Z"))
        give_keys(redo, QKeySequence("Ctrl+Shift+Z"))
        undo.setProperty(WHY_NOT, "nothing has been changed that could be undone")
        redo.setProperty(WHY_NOT, "nothing has been undone")
        return undo, redo

    def _zoom_actions(self) -> list[QAction | QMenu | None]:
        make = self.actions.make
        return [
            make("Zoom &in", lambda: self._zoom(1), keys=_KEY.ZoomIn),
            make("Zoom &out", lambda: self._zoom(-1), keys=_KEY.ZoomOut),
            make("&Normal size", lambda: self._zoom(0), keys="Ctrl+0"),
        ]

    def _focus_actions(self) -> list[QAction | QMenu | None]:
        window, commands, make = self._window, self._commands, self.actions.make
        docks = window.docks

        def go(place: str) -> None:
            docks.set_plots_only(False)
            if place == "source":
                page = window.source_area.current_page
                if page is not None:
                    page.view.setFocus()
            elif place == "console":
                docks.show_dock(docks.console)
                window.console.input.setFocus()
            else:
                docks.show_dock(docks.probes)
                window.probe_table.setFocus()

        return [
            make("Go to the &source", lambda: go("source"), keys="Ctrl+1"),
            make("Go to the &console", lambda: go("console"), keys="Ctrl+2"),
            make("Go to the &probes", lambda: go("probes"), keys="Ctrl+3"),
            make("Next par&t", lambda: commands.plots.next_part(commands.parts(), 1), keys="F8"),
            make(
                "Previous p&art",
                lambda: commands.plots.next_part(commands.parts(), -1),
                keys="Shift+F8",
            ),
        ]

    def _plot_actions(self) -> list[QAction | QMenu | None]:
        commands, make = self._commands, self.actions.make
        return [
            self.arrange,
            None,
            make("&Next plot", lambda: commands.plots.next_plot(1), keys="F7"),
            make("Pre&vious plot", lambda: commands.plots.next_plot(-1), keys="Shift+F7"),
            None,
            make("&Park this plot", lambda: commands.plots.park(), keys="Ctrl+M"),
            make(
                "&Restore the last one", lambda: commands.plots.restore_last(), keys="Ctrl+Shift+M"
            ),
        ]

    def _room_actions(self) -> list[QAction | QMenu | None]:
        commands, make = self._commands, self.actions.make
        return [
            make("P&lots only", lambda: commands.plots.show_plots_only(), keys="F12"),
            make("&Whole screen", lambda: commands.plots.show_whole_screen(), keys="Shift+F12"),
        ]

    def _theme_menu(self) -> QMenu:
        menu = QMenu("&Theme", self._window)
        for text, choice in (
            ("As the &system", ThemeChoice.SYSTEM),
            ("&Light", ThemeChoice.LIGHT),
            ("&Dark", ThemeChoice.DARK),
        ):
            run = lambda choice=choice: self._commands.choose_theme(choice)  # noqa: E731
            menu.addAction(self.actions.make_theme(text, choice, run))
        return menu

    def _open_find(self) -> None:
        page = self._window.source_area.current_page
        if page is not None:
            page.find_bar.open_find()

    def _open_line(self) -> None:
        page = self._window.source_area.current_page
        if page is not None:
            page.find_bar.open_line()

    def _zoom(self, step: int) -> None:
        views = [page.view for page in self._window.source_area.pages.values()]
        for view in (*views, self._window.console.view):
            if step > 0:
                view.zoomIn()
            elif step < 0:
                view.zoomOut()
            else:
                view.zoomTo(0)

    def _open_palette(self) -> None:
        from pyprobe.gui.action_palette import ActionPalette

        if not self._close_overlay(ActionPalette):
            palette = ActionPalette(self._window, self._window.theme, self._window.status.show_hint)
            palette.open(palette.field)

    def _open_sheet(self) -> None:
        from pyprobe.gui.shortcut_sheet import ShortcutSheet

        if not self._close_overlay(ShortcutSheet):
            sheet = ShortcutSheet(self._window)
            sheet.open(sheet)

    def _close_overlay(self, kind: type[QWidget]) -> bool:
        """Close what lies over the window; True if that was of this kind."""
        from pyprobe.gui.overlay import Overlay

        closed = [one for one in self._window.findChildren(Overlay) if one.isVisible()]
        for one in closed:
            one.close_overlay()
        return any(isinstance(one, kind) for one in closed)

    def _show_about(self) -> None:
        python = self._window.program_to_run.python
        self._window.messages.post(
            f"PyProbe {__version__}, an oscilloscope for running Python programs. "
            f"Free software under the GPL, version 3 or later. This program runs with {python}.",
            key="about",
        )
