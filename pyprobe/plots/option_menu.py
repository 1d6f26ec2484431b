"""Option menu: one of several values of an enum, chosen in a submenu of a lens."""

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Generic, TypeVar

from PyQt6.QtGui import QAction, QActionGroup
from PyQt6.QtWidgets import QMenu, QWidget

E = TypeVar("E", bound=Enum)


class OptionMenu(Generic[E]):
    """Keeps one ``choice``; ``chosen`` is called when the user takes another.

    The values of the enum are strings: their names in the menu and in remembered layouts. Unless
    ``options`` names some, all of them can be chosen.
    """

    def __init__(
        self,
        title: str,
        choice: E,
        chosen: Callable[[E], object],
        parent: QWidget,
        *,
        options: Sequence[E] = (),
    ) -> None:
        self.choice = choice
        self._options = tuple(options) or tuple(type(choice))
        self._chosen = chosen
        self.menu = QMenu(title, parent)
        self._group = QActionGroup(self.menu)
        for option in self._options:
            self.menu.addAction(self._make_action(option))

    def _make_action(self, option: E) -> QAction:
        text = str(option.value)
        action = QAction(text[0].upper() + text[1:], self._group)
        action.setCheckable(True)
        action.setChecked(option is self.choice)
        action.setData(option)
        action.triggered.connect(lambda _on: self.choose(option))
        return action

    def choose(self, option: E) -> None:
        """Take an option and tell."""
        self._take(option)
        self._chosen(option)

    def restore(self, text: object) -> None:
        """Take the option of that name without telling; what is no option is passed over."""
        for option in self._options:
            if option.value == text:
                self._take(option)

    def _take(self, option: E) -> None:
        self.choice = option
        for action in self._group.actions():
            action.setChecked(action.data() is option)

    @property
    def action(self) -> QAction:
        """The submenu as an action of the panel's menu."""
        action = self.menu.menuAction()
        assert action is not None  # every QMenu has one
        return action
