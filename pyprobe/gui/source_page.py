"""SourcePage: one file's tab, which is its code, what is wrong with it, and the find bar."""

import os
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QDrag, QFont
from PyQt6.QtWidgets import QLabel, QVBoxLayout, QWidget

from pyprobe.gui.code_view import CodeView
from pyprobe.gui.messages import Action, Level, MessageBar
from pyprobe.gui.sources import Source
from pyprobe.gui.theme import Theme

if TYPE_CHECKING:
    from pyprobe.analysis.occurrence import Occurrence
    from pyprobe.gui.find_bar import FindBar

_PROBLEM, _READING = "problem", "reading"
_CALM_MS = 400  # what is read sooner is not worth a notice that moves the text


class SourcePage(QWidget):
    """Shows a Source; ``path`` is the file's absolute path."""

    shown = pyqtSignal()

    def __init__(self, path: str, theme: Theme, font: QFont, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self.notices = MessageBar(theme, self)
        self.view = CodeView(theme, font, self)
        self._theme = theme
        self._find_bar: FindBar | None = None
        self._reading_sentence = ""
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(_CALM_MS)
        self._calm.timeout.connect(self._tell_reading)
        self.nothing = QLabel()
        self.nothing.setObjectName("emptyTitle")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setWordWrap(True)
        self.nothing.setMargin(24)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.notices)
        layout.addWidget(self.nothing, 1)
        layout.addWidget(self.view, 1)
        self._layout = layout
        self.setFocusProxy(self.view)
        self.view.drag_started.connect(self._drag)

    def _drag(self, occurrence: "Occurrence") -> None:
        from pyprobe.plots.trace_drag import DraggedSymbol, symbol_mime  # a window opens without it

        drag = QDrag(self)
        symbol = DraggedSymbol(self.path, occurrence.line, occurrence.col)
        drag.setMimeData(symbol_mime(symbol, occurrence.symbol))
        drag.exec(Qt.DropAction.CopyAction)

    @property
    def find_bar(self) -> "FindBar":
        """The bar below the source, made when it is first asked for."""
        if self._find_bar is None:
            from pyprobe.gui.find_bar import FindBar

            self._find_bar = FindBar(self.view, self._theme, self)
            self._layout.addWidget(self._find_bar)
        return self._find_bar

    def show_source(self, source: Source) -> None:
        """Show a file's text, or in its place why there is none."""
        has_text = bool(source.text) or not source.problem
        self.view.setVisible(has_text)
        self.nothing.setVisible(not has_text)
        can_run = os.access(source.path, os.R_OK)
        self.nothing.setText(source.problem + ("\nIt can still be run." if can_run else ""))
        self.view.set_source(source.text, source.index)
        self._show_state(source)

    def show_read(self, source: Source) -> None:
        """Show what can be probed in the text that is shown."""
        self.view.set_index(source.index)
        self._show_state(source)

    def _show_state(self, source: Source) -> None:
        self._reading_sentence = source.reading_sentence if source.is_being_read else ""
        if source.is_being_read:
            self._calm.start()
        else:
            self._calm.stop()
            self.notices.withdraw(_READING)
        self.view.show_problem(source.problem_line, 0)
        has_text = bool(source.text)
        if source.problem and has_text:
            self.notices.post(
                f"{source.problem} {_what_is_left(source)}",
                Level.WARN,
                key=_PROBLEM,
                actions=self._problem_actions(source),
            )
        else:
            self.notices.withdraw(_PROBLEM)

    def _tell_reading(self) -> None:
        self.notices.post(self._reading_sentence, Level.INFO, key=_READING)

    def set_look(self, theme: Theme, font: QFont) -> None:
        """Set colours and font."""
        self._theme = theme
        self.view.set_look(theme, font)
        self.notices.set_theme(theme)
        if self._find_bar is not None:
            self._find_bar.set_theme(theme)

    def _problem_actions(self, source: Source) -> tuple[Action, ...]:
        line = source.problem_line
        if not line:
            return ()
        return (Action(f"Go to line {line}", lambda: self.view.reveal(line), closes=False),)


def _what_is_left(source: Source) -> str:
    if source.is_kept:
        return "What is shown is its text from before."
    if os.access(source.path, os.R_OK):
        return "Nothing in it can be probed; it can still be run."
    return "Nothing in it can be probed."
