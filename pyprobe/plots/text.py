"""Text: whatever has no picture, as the newest value's text or an array's summary."""

from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QColor, QFontDatabase, QPalette
from PyQt6.QtWidgets import QFrame, QPlainTextEdit, QVBoxLayout

from pyprobe.plots.lens import LensWidget
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.value_report import headline, report
from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.values import Value

_MARGIN_PX = 8.0


class TextLens(LensWidget):
    """The newest value as selectable text; the place that is read stays when a new one comes."""

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
        self.set_theme(theme, color)

    def show_history(self, history: HistoryReader) -> None:
        """Show the newest value."""
        value = history.last
        if value is None or value is self._value:
            return
        self._value = value
        text = report(value)
        if text == self._shown:
            return
        self._shown = text
        bars = (self.view.verticalScrollBar(), self.view.horizontalScrollBar())
        places = [bar.value() if bar is not None else 0 for bar in bars]
        self.view.setPlainText(text)
        for bar, place in zip(bars, places, strict=True):
            if bar is not None:
                bar.setValue(place)

    def notes(self) -> tuple[str, ...]:
        """Say what kind of value it is."""
        return (headline(self._value),) if self._value is not None else ()

    def set_theme(self, theme: PlotTheme, color: str) -> None:
        """Draw in these colours."""
        palette = self.view.palette()
        palette.setColor(QPalette.ColorRole.Base, QColor(theme.canvas))
        palette.setColor(QPalette.ColorRole.Text, QColor(theme.text))
        self.view.setPalette(palette)

    def _ask_for_menu(self, position: QPoint) -> None:
        viewport = self.view.viewport()
        if viewport is not None:
            self.menu_requested.emit(viewport.mapToGlobal(position))
