"""Text: the newest value's text or an array's summary, and what of it has changed."""

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QAction, QColor, QFontDatabase, QPalette, QTextCharFormat, QTextCursor
from PyQt6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QVBoxLayout

from pyprobe.plots.lens import LensWidget
from pyprobe.plots.previous_value import previous_value
from pyprobe.plots.text_changes import Span, changed_spans
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.value_report import headline, report
from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.values import Value

_MARGIN_PX = 8.0
_MARK_OPACITY = 0.22
_MOST_MARKS = 1000


class TextLens(LensWidget):
    """The newest value as selectable text; the place that is read stays when a new one comes.

    ``changed_spans`` are the places that differ from the capture before.
    """

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__()
        self.view = QPlainTextEdit(self)
        self.view.setReadOnly(True)
        self.view.setUndoRedoEnabled(False)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.view.setTabChangesFocus(True)
        document = self.view.document()
        if document is not None:
            document.setDocumentMargin(_MARGIN_PX)
        self.view.setAccessibleName("value as text")
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._ask_for_menu)
        self.setFocusProxy(self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self._value: Value | None = None
        self._shown = ""
        self._accent = theme.accent
        self.changed_spans: list[Span] = []
        self.mark_action = QAction("Mark what changed", self)
        self.mark_action.setCheckable(True)
        self.mark_action.setChecked(True)
        self.mark_action.triggered.connect(lambda _on: self._on_mark())
        self.set_theme(theme, color)

    def show_history(self, history: HistoryReader) -> None:
        """Show the newest value."""
        value = history.last
        if value is None or value is self._value:
            return
        text, before = report(value), previous_value(history)
        text_before = self._shown if before is self._value else report(before) if before else ""
        self._value = value
        self.changed_spans = changed_spans(text_before, text) if before is not None else []
        if text != self._shown:
            self._replace(text)
        self._mark()

    def _replace(self, text: str) -> None:
        self._shown = text
        bars = (self.view.verticalScrollBar(), self.view.horizontalScrollBar())
        places = [bar.value() if bar is not None else 0 for bar in bars]
        self.view.setPlainText(text)
        for bar, place in zip(bars, places, strict=True):
            if bar is not None:
                bar.setValue(place)

    def _mark(self) -> None:
        """Lay the accent colour behind what has changed."""
        fill = QColor(self._accent)
        fill.setAlphaF(_MARK_OPACITY)
        look = QTextCharFormat()
        look.setBackground(fill)
        marks = []
        spans = self.changed_spans if self.mark_action.isChecked() else []
        for start, end in spans[:_MOST_MARKS]:
            mark = QTextEdit.ExtraSelection()
            mark.format = look
            mark.cursor = QTextCursor(self.view.document())
            mark.cursor.setPosition(_position(self._shown, start))
            mark.cursor.setPosition(_position(self._shown, end), QTextCursor.MoveMode.KeepAnchor)
            marks.append(mark)
        self.view.setExtraSelections(marks)

    def _on_mark(self) -> None:
        self.guarded(self._mark)
        self.changed.emit()

    def view_actions(self) -> Sequence[QAction]:
        """Return the actions for the panel's menu."""
        return (self.mark_action,)

    def state(self) -> dict[str, object]:
        """Return what the user chose."""
        return {"marks": self.mark_action.isChecked()}

    def restore(self, state: Mapping[str, object]) -> None:
        """Take over what the user chose once."""
        self.mark_action.setChecked(state.get("marks") is not False)
        self.guarded(self._mark)

    def notes(self) -> tuple[str, ...]:
        """Say what kind of value it is."""
        return (headline(self._value),) if self._value is not None else ()

    def set_theme(self, theme: PlotTheme, color: str) -> None:
        """Draw in these colours."""
        palette = self.view.palette()
        palette.setColor(QPalette.ColorRole.Base, QColor(theme.canvas))
        palette.setColor(QPalette.ColorRole.Text, QColor(theme.text))
        self.view.setPalette(palette)
        self._accent = theme.accent
        self._mark()

    def _ask_for_menu(self, position: QPoint) -> None:
        viewport = self.view.viewport()
        if viewport is not None:
            self.menu_requested.emit(viewport.mapToGlobal(position))


def _position(text: str, at: int) -> int:
    """Return a place in Python's characters as Qt counts them: in units of UTF-16."""
    return at if text.isascii() else len(text[:at].encode("utf-16-le", "surrogatepass")) // 2
