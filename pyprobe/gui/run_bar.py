"""The run bar: stepping beside Run, Pause and Stop, with the keys of other debuggers."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, Qt
from PyQt6.QtGui import QAction, QKeySequence, QShortcut
from PyQt6.QtWidgets import QToolBar, QToolButton

from pyprobe.gui.actions import WHY_NOT
from pyprobe.gui.icons import make_icon
from pyprobe.gui.run_sign import RunSign

if TYPE_CHECKING:
    from pyprobe.gui.debug_seams import Stepper
    from pyprobe.gui.window_base import WindowBase
    from pyprobe.gui.window_menus import WindowMenus

_WHY_NOT = "the program does not stand; pause it, or let a breakpoint stop it"
_STARTING = ("over", "into", "cursor")
# On macOS F11 shows the desktop, and a keyboard's F keys have other meanings unless Fn is held, so
# there each action has keys that work on any of them. Qt's Ctrl is the Command key there.
MAC_KEYS = {
    "F5": "Ctrl+\\",
    "F6": "Ctrl+Shift+\\",
    "Shift+F5": "Ctrl+.",
    "F9": "Ctrl+B",
    "F10": "Ctrl+'",
    "F11": "Ctrl+;",
    "Shift+F11": "Ctrl+Shift+;",
    "Ctrl+F10": "Ctrl+Shift+'",
    "F4": "Ctrl+Alt+;",
    "Shift+F4": "Ctrl+Alt+'",
    "Ctrl+F4": "Ctrl+Alt+Shift+'",
}


@dataclass(frozen=True, slots=True)
class _Step:
    """One way to run on; those with an icon have a button."""

    name: str
    text: str
    keys: str
    icon: str
    tip: str


_STEPS = (
    _Step("over", "Step &over", "F10", "over", "The next line of this function"),
    _Step("into", "Step &into", "F11", "into", "The next line, also of a function that is called"),
    _Step("out", "Step o&ut", "Shift+F11", "out", "Back to the caller, right after the call"),
    _Step("cursor", "Run to &cursor", "Ctrl+F10", "cursor", "Stop at the line of the caret"),
    _Step("event", "Ne&xt event", "F4", "event", "Run to the next event of the simulator"),
    _Step("yield", "To the next &yield", "Shift+F4", "", "Run to this function's next yield"),
    _Step(
        "resumption",
        "O&ver the yield",
        "Ctrl+F4",
        "",
        "Run until this generator or task goes on, whatever runs in between",
    ),
)


class RunBar(QObject):
    """Its actions answer to their keys also while nothing stands, and say why nothing happens."""

    def __init__(self, window: "WindowBase", menus: "WindowMenus", control: "Stepper") -> None:
        super().__init__(window)
        self._window = window
        self._program = menus.program
        self.steps: dict[str, QAction] = {}
        actions = menus.actions
        for step in _STEPS:
            run = partial(control.step, step.name)
            action = actions.make_answering(step.text, run, keys=step.keys, icon=step.icon)
            self._finish(action, step)
            self.steps[step.name] = action
        self.jump = actions.make("&Set next line here", control.jump_to_caret)
        self.toggle = actions.make_answering(
            "Toggle &breakpoint", control.toggle_at_caret, keys="F9", icon=""
        )
        if sys.platform == "darwin":
            self.add_mac_keys()
        self.sign = RunSign(window.theme)
        self._build(menus.toolbar)

    def _finish(self, action: QAction, step: _Step) -> None:
        shown = QKeySequence(step.keys).toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{action.iconText()} ({shown}): {step.tip[0].lower()}{step.tip[1:]}")
        action.setProperty(WHY_NOT, _WHY_NOT)
        action.setEnabled(step.name in _STARTING)

    def add_mac_keys(self) -> None:
        """Have the actions answer to the keys of macOS, too, and show them in their hints."""
        program = self._program
        steps = [(step.keys, self.steps[step.name]) for step in _STEPS]
        others = [("F5", program.run), ("F6", program.pause), ("Shift+F5", program.stop)]
        for keys, action in (*steps, ("F9", self.toggle), *others):
            other = QKeySequence(MAC_KEYS[keys])
            shortcut = QShortcut(other, self._window)
            shortcut.setContext(Qt.ShortcutContext.ApplicationShortcut)
            shortcut.activated.connect(self._answer_to(keys))
            shown = other.toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{action.toolTip()}; also {shown}")

    def _answer_to(self, keys: str) -> Callable[[], None]:
        """Return what the F keys of an action do, which they do also while it is greyed out."""
        window = self._window
        wanted = QKeySequence(keys)
        known = [one for one in window.findChildren(QShortcut) if one.key() == wanted]
        return known[0].activated.emit

    def _build(self, toolbar: QToolBar) -> None:
        toolbar.addSeparator()
        for step in _STEPS:
            if step.icon:
                toolbar.addAction(self.steps[step.name])
                button = toolbar.widgetForAction(self.steps[step.name])
                if isinstance(button, QToolButton):
                    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
                    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                    button.setAccessibleName(self.steps[step.name].iconText())
                self.steps[step.name].setIcon(make_icon(step.icon, self._window.theme))
        toolbar.addWidget(self.sign)

    def show_standing(self, stands: bool, *, can_start: bool = False) -> None:
        """Enable what a program that stands can do, or one that has not begun."""
        for name, action in self.steps.items():
            action.setEnabled(stands or (can_start and name in _STARTING))
        self.jump.setEnabled(stands)
        self.jump.setProperty(WHY_NOT, _WHY_NOT)
