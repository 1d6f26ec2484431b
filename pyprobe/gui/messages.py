"""Messages: the one door through which the window tells the user something, without a dialog."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from pyprobe.gui.icons import make_icon
from pyprobe.gui.theme import Theme

_MAX_WAITING = 50
_SHOWN_LINKS = 6


class Level(Enum):
    """How much a message matters; the value is what the style sheet knows."""

    INFO = "info"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done about a message; doing it withdraws the message if ``closes``."""

    label: str
    run: Callable[[], None]
    closes: bool = True


@dataclass(frozen=True, slots=True)
class Message:
    """One message. A later message with the same ``key`` takes the place of the earlier one."""

    text: str
    level: Level = Level.INFO
    key: str = ""
    actions: tuple[Action, ...] = ()
    links: tuple[Action, ...] = ()  # shown in a second line, such as a traceback's frames


class MessageBar(QFrame):
    """Shows the newest message, keeps the others behind it, and takes no focus."""

    changed = pyqtSignal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messageBar")
        self.setAccessibleName("Message")
        self._messages: list[Message] = []
        self._headline = QLabel()
        self._headline.setTextFormat(Qt.TextFormat.PlainText)
        self._headline.setWordWrap(True)
        self._headline.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._links = QLabel()
        self._links.setTextFormat(Qt.TextFormat.RichText)
        self._links.setWordWrap(True)
        self._links.linkActivated.connect(self._follow)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(6)
        self._more = QLabel()
        self._close = QToolButton()
        self._close.setAutoRaise(True)
        self._close.setToolTip("Dismiss this message")
        self._close.setAccessibleName("Dismiss this message")
        self._close.clicked.connect(self.dismiss)
        self._arrange()
        self.set_theme(theme)
        self.hide()

    def post(
        self,
        text: str,
        level: Level = Level.INFO,
        *,
        key: str = "",
        actions: tuple[Action, ...] = (),
        links: tuple[Action, ...] = (),
    ) -> None:
        """Show a message until it is dismissed, replaced or withdrawn."""
        message = Message(text, level, key or text, actions, links)
        self._messages = [old for old in self._messages if old.key != message.key][-_MAX_WAITING:]
        self._messages.append(message)
        self._show_newest()

    def withdraw(self, key: str) -> None:
        """Take back the message with this key, if there is one."""
        kept = [message for message in self._messages if message.key != key]
        if len(kept) != len(self._messages):
            self._messages = kept
            self._show_newest()

    def dismiss(self) -> None:
        """Take away the message that is shown."""
        if self._messages:
            self._messages.pop()
            self._show_newest()

    @property
    def waiting(self) -> tuple[Message, ...]:
        """All messages that have not been dismissed, the one that is shown last."""
        return tuple(self._messages)

    def current(self) -> Message | None:
        """Return the message that is shown."""
        return self._messages[-1] if self._messages else None

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._close.setIcon(make_icon("close", theme))
        self._link_color = theme.accent
        self._show_newest()

    def _arrange(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._headline)
        texts.addWidget(self._links)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 5, 6, 5)
        row.setSpacing(10)
        row.addLayout(texts, 1)
        row.addWidget(self._more)
        row.addLayout(self._buttons)
        row.addWidget(self._close)

    def _show_newest(self) -> None:
        while (item := self._buttons.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        message = self.current()
        self.setVisible(message is not None)
        if message is not None:
            self._headline.setText(message.text)
            self.setAccessibleDescription(message.text)
            self._links.setText(self._link_html(message))
            self._links.setVisible(bool(message.links))
            waiting = len(self._messages) - 1
            self._more.setText(f"{waiting} more" if waiting else "")
            self._more.setVisible(bool(waiting))
            for action in message.actions:
                self._buttons.addWidget(self._button(message, action))
            self._recolor(message.level)
        self.changed.emit()

    def _button(self, message: Message, action: Action) -> QPushButton:
        button = QPushButton(action.label)

        def run() -> None:
            if action.closes:
                self.withdraw(message.key)
            action.run()

        button.clicked.connect(run)
        return button

    def _link_html(self, message: Message) -> str:
        if not message.links:
            return ""
        from html import escape  # here, as its tables take long to load and links are rare

        first = max(0, len(message.links) - _SHOWN_LINKS)
        pieces = [
            f'<a style="color:{self._link_color}; text-decoration:none" href="{position}">'
            f"{escape(link.label)}</a>"
            for position, link in enumerate(message.links)
            if position >= first
        ]
        return ("… › " if first else "") + " &nbsp;›&nbsp; ".join(pieces)

    def _follow(self, target: str) -> None:
        message = self.current()
        if message is not None and target.isdigit() and int(target) < len(message.links):
            message.links[int(target)].run()

    def _recolor(self, level: Level) -> None:
        self.setProperty("level", level.value)
        style = self.style()
        if style is not None:
            style.unpolish(self)
            style.polish(self)
