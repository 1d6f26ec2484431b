"""Placeholder: the calm sentence that stands where there is no trace to draw."""

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from pyprobe.plots.theme import PlotTheme


class Placeholder(QWidget):
    """A sentence in the middle, wrapped to the width; ``is_error`` in the colour of errors."""

    def __init__(self, theme: PlotTheme) -> None:
        super().__init__()
        self.theme = theme
        self.sentence = ""
        self.is_error = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_theme(self, theme: PlotTheme) -> None:
        """Draw in these colours."""
        self.theme = theme
        self.update()

    def set_sentence(self, sentence: str, *, is_error: bool = False) -> None:
        """Show this sentence."""
        if (sentence, is_error) != (self.sentence, self.is_error):
            self.sentence, self.is_error = sentence, is_error
            self.setAccessibleName(sentence)
            self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint the sentence."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self.theme.canvas))
        painter.setPen(QColor(self.theme.error if self.is_error else self.theme.muted))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(16, 8, -16, -8), int(flags), self.sentence)
        painter.end()
