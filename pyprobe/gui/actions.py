"""Actions: everything the menus, the toolbar and the keys can do, in one place."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QSize, Qt
from PyQt6.QtGui import QAction, QActionGroup, QKeySequence, QShortcut
from PyQt6.QtWidgets import QMainWindow, QMenu, QToolBar, QToolButton

from pyprobe.gui.icons import make_icon
from pyprobe.gui.theme import Theme, ThemeChoice

if TYPE_CHECKING:
    from pyprobe.session.listener import ProgramState

_TOOL_ICON_PX = 18
WHY_NOT = "whyNot"  # property of a QAction: what to tell who finds it greyed out
Run = Callable[[], object]


def give_keys(action: QAction, keys: QKeySequence) -> None:
    """Have an action answer to keys, also in the windows of plots that were dragged out."""
    action.setShortcut(keys)
    action.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)


class Actions(QObject):
    """The window's actions by name. Program actions answer to their keys even when greyed out,
    so that a key that can do nothing says why.
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._icons: dict[QAction, str] = {}
        self.themes = QActionGroup(self)

    # ---- making --------------------------------------------------------------------------

    def make(
        self, text: str, run: Run, *, keys: str | QKeySequence.StandardKey = "", icon: str = ""
    ) -> QAction:
        """Make an action whose tooltip shows its keys."""
        action = QAction(text, self._window)
        sequence = QKeySequence(keys)
        if not sequence.isEmpty():
            give_keys(action, sequence)
        self._finish(action, text, sequence, run, icon)
        return action

    def make_answering(self, text: str, run: Run, *, keys: str, icon: str) -> QAction:
        """Make an action whose key works also while the action is disabled."""
        sequence = QKeySequence(keys)
        shown = sequence.toString(QKeySequence.SequenceFormat.NativeText)
        action = QAction(f"{text}\t{shown}", self._window)
        action.setIconText(text.replace("&", ""))
        shortcut = QShortcut(sequence, self._window)
        shortcut.setContext(Qt.ShortcutContext.ApplicationShortcut)
        shortcut.activated.connect(run)
        self._finish(action, text, sequence, run, icon)
        return action

    def make_switch(self, text: str, switch: Callable[[bool], object], *, keys: str) -> QAction:
        """Make an action that is on or off; ``switch`` hears which."""
        action = QAction(text, self._window)
        action.setCheckable(True)
        give_keys(action, QKeySequence(keys))
        action.toggled.connect(switch)
        return action

    def make_theme(self, text: str, choice: ThemeChoice, run: Run) -> QAction:
        """Make one of the exclusive theme actions."""
        action = QAction(text, self._window)
        action.setCheckable(True)
        action.setData(choice)
        action.triggered.connect(lambda _checked: run())
        self.themes.addAction(action)
        return action

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons in the theme's colours."""
        for action, name in self._icons.items():
            color = {"run": theme.good, "stop": theme.bad, "record": theme.bad}.get(name)
            action.setIcon(make_icon(name, theme, color=color))

    def _finish(
        self, action: QAction, text: str, sequence: QKeySequence, run: Run, icon: str
    ) -> None:
        plain = text.replace("&", "").rstrip("…")
        shown = sequence.toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{plain} ({shown})" if shown else plain)
        action.triggered.connect(lambda _checked: run())
        if icon:
            self._icons[action] = icon


class ProgramActions(QObject):
    """Run, pause, stop and restart, enabled as the program's state allows."""

    def __init__(self, actions: Actions, *, run: Run, pause: Run, stop: Run, restart: Run) -> None:
        super().__init__(actions)
        self.run = actions.make_answering("&Run", run, keys="F5", icon="run")
        self.pause = actions.make_answering("&Pause", pause, keys="F6", icon="pause")
        self.stop = actions.make_answering("&Stop", stop, keys="Shift+F5", icon="stop")
        self.restart = actions.make_answering(
            "R&estart", restart, keys="Ctrl+Shift+F5", icon="restart"
        )
        self.all = (self.run, self.pause, self.stop, self.restart)
        self._is_forbidden = False
        for action in (self.pause, self.stop, self.restart):
            action.setEnabled(False)  # nothing runs before a session says so
        for action, why_not in (
            (self.run, "the program is running already"),
            (self.pause, "no program is running"),
            (self.stop, "no program is running"),
            (self.restart, "the program has not been run yet"),
        ):
            action.setProperty(WHY_NOT, why_not)

    def forbid(self, why_not: str) -> None:
        """Grey out all of them for good, and say why."""
        self._is_forbidden = True
        for action in self.all:
            action.setEnabled(False)
            action.setProperty(WHY_NOT, why_not)
            action.setToolTip(f"{action.toolTip()}: {why_not}")

    def show_state(self, state: "ProgramState") -> None:
        """Enable what makes sense in this state."""
        if self._is_forbidden:
            return
        goes = state.value in ("starting", "running", "paused")
        paused = state.value == "paused"
        self.run.setEnabled(not goes or paused)
        self.pause.setEnabled(state.value == "running")
        self.stop.setEnabled(goes)
        self.restart.setEnabled(state.value != "idle")
        self.pause.setProperty(
            WHY_NOT, "the program stands already" if paused else "no program is running"
        )
        word = "Continue" if paused else "Run"
        if self.run.iconText() != word:
            self.run.setText(f"&{word}\tF5")
            self.run.setIconText(word)
            self.run.setToolTip(f"{word} (F5)")


def build_toolbar(window: QMainWindow, groups: list[list[QAction]]) -> QToolBar:
    """Return the window's toolbar: groups of actions with separators between them."""
    toolbar = QToolBar("Program", window)
    toolbar.setObjectName("toolbar")
    toolbar.setMovable(False)
    toolbar.setIconSize(QSize(_TOOL_ICON_PX, _TOOL_ICON_PX))
    toolbar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    toolbar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    for position, group in enumerate(groups):
        if position:
            toolbar.addSeparator()
        toolbar.addActions(group)
    for button in toolbar.findChildren(QToolButton):
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return toolbar


def add_menu(window: QMainWindow, title: str, entries: list[QAction | QMenu | None]) -> QMenu:
    """Add a menu to the menu bar; None is a separator."""
    bar = window.menuBar()
    assert bar is not None  # a main window makes its menu bar when it is asked for
    menu = QMenu(title, window)
    bar.addMenu(menu)
    for entry in entries:
        if entry is None:
            menu.addSeparator()
        elif isinstance(entry, QMenu):
            menu.addMenu(entry)
        else:
            menu.addAction(entry)
    return menu
