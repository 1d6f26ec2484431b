"""Action list: every action that can be reached now, with its keys, or why it cannot be done."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import QAbstractButton, QMainWindow, QMenu, QWidget

from pyprobe.gui.actions import WHY_NOT

ON_A_PLOT = "Keys on a plot"
_NO_REASON = "not possible just now"
_NATIVE = QKeySequence.SequenceFormat.NativeText


@runtime_checkable
class HasMenu(Protocol):
    """A widget whose context menu is made when it is asked for, such as a plot's panel."""

    def build_menu(self) -> QMenu:
        """Return the menu; the caller deletes it."""


@dataclass(frozen=True, slots=True)
class ActionEntry:
    """One action as it is listed. ``why_not`` is ``""`` where it can be done."""

    group: str
    text: str
    keys: str
    why_not: str
    action: QAction

    @property
    def checked(self) -> bool | None:
        """Whether it is switched on; None where it is no switch."""
        return self.action.isChecked() if self.action.isCheckable() else None


@dataclass
class ActionList:
    """The entries, and the menus that were made to have them."""

    entries: list[ActionEntry] = field(default_factory=list)
    menus: list[QMenu] = field(default_factory=list)

    def close(self) -> None:
        """Let the menus go."""
        for menu in self.menus:
            menu.deleteLater()
        self.menus.clear()


def list_actions(window: QMainWindow, focused: QWidget | None) -> ActionList:
    """Return what the focused widget and those around it offer, what the menus and plots do.

    Plots are those in view.
    """
    found = ActionList()
    seen: set[QAction] = set()
    around: list[QWidget] = []
    widget = focused
    while widget is not None and widget is not window:
        _add_widget(found, seen, widget)
        around.append(widget)
        widget = widget.parentWidget()
    for group, action in menu_actions(window):
        _add(found, seen, group, action)
    for plot in window.findChildren(QWidget):
        if isinstance(plot, HasMenu) and plot.isVisible() and plot not in around:
            for part in (*_parts_in_view(plot), plot):
                _add_widget(found, seen, part)
    return found


def _parts_in_view(widget: QWidget) -> list[QWidget]:
    parts = widget.findChildren(QWidget)
    return [
        one for one in parts if one.isVisible() and not isinstance(one, QMenu | QAbstractButton)
    ]


def menu_actions(window: QMainWindow) -> Iterator[tuple[str, QAction]]:
    """Yield each action of the menu bar with the titles of the menus it stands in."""
    bar = window.menuBar()
    for head in bar.actions() if bar is not None else []:
        menu = head.menu()
        if menu is not None:
            yield from _leaves(plain_text(head), menu.actions())


def widget_actions(window: QMainWindow) -> Iterator[tuple[str, QAction]]:
    """Yield each action that belongs to a widget of the window, with that widget's name.

    Those of plots go by ``ON_A_PLOT``; a button only shows an action of another widget.
    """
    for widget in window.findChildren(QWidget):
        if isinstance(widget, QMenu | QAbstractButton):
            continue
        group = ON_A_PLOT if _is_on_plot(widget) else widget.accessibleName()
        for action in widget.actions() if group else ():
            yield group, action


def _is_on_plot(widget: QWidget | None) -> bool:
    while widget is not None and not isinstance(widget, HasMenu):
        widget = widget.parentWidget()
    return widget is not None


def keys_of(action: QAction) -> str:
    """Return an action's keys as text; of several the first."""
    _, _, told = action.text().partition("\t")
    return told or action.shortcut().toString(_NATIVE)


def plain_text(action: QAction) -> str:
    """Return an action's text without keys and without the mark of its letter."""
    text, _, _ = action.text().partition("\t")
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def _leaves(group: str, actions: Iterable[QAction]) -> Iterator[tuple[str, QAction]]:
    for action in actions:
        menu = action.menu()
        if menu is not None:
            yield from _leaves(f"{group} › {plain_text(action)}", menu.actions())
        elif not action.isSeparator():
            yield group, action


def _add_widget(found: ActionList, seen: set[QAction], widget: QWidget) -> None:
    actions: Sequence[QAction] = widget.actions()
    if isinstance(widget, HasMenu):
        menu = widget.build_menu()
        found.menus.append(menu)
        actions = [*actions, *menu.actions()]
    name = widget.accessibleName()
    group = f"{name[:1].upper()}{name[1:]}" or "Here"
    for where, action in _leaves(group, actions):
        _add(found, seen, where, action)


def _add(found: ActionList, seen: set[QAction], group: str, action: QAction) -> None:
    text = plain_text(action)
    if action in seen or not action.isVisible() or not text:
        return
    seen.add(action)
    why_not = "" if action.isEnabled() else str(action.property(WHY_NOT) or _NO_REASON)
    found.entries.append(ActionEntry(group, text, keys_of(action), why_not, action))
