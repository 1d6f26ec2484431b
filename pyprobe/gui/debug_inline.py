"""InlineValues: what the names of the stopped function hold, behind the lines that name them."""

import re
from collections.abc import Callable, Mapping

from PyQt6.QtCore import QObject, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from pyprobe.analysis.occurrence import Occurrence, OccurrenceKind
from pyprobe.gui.code_view import CodeView
from pyprobe.gui.sources import Source
from pyprobe.gui.theme import Theme, blend
from pyprobe.session.short_text import cut_value, shorten

_GAP_PX = 26.0
_LEAST_PX = 60.0  # less room would show a letter or two
_LONG_FLOAT = re.compile(r"-?[0-9]+\.[0-9]{8,}(e[-+][0-9]+)?")
_MOST_NAMES = 4
_MOST_CHARACTERS = 40
_SHORT_CHARACTERS = 24  # of what is worth to be told again where it is only read
_BINDING = (OccurrenceKind.STORE, OccurrenceKind.PARAMETER)
_UNTOLD_VALUES = ("<module ", "<function ", "<class ")  # the line itself says it
_UNTOLD = ("self", "cls")  # what they are is known, and what they hold is long


class InlineValues(QObject):
    """A CodeLayer: shown only while the program stands in this file."""

    def __init__(self, view: CodeView, theme: Callable[[], Theme]) -> None:
        super().__init__(view)
        self._view = view
        self._theme = theme
        self._texts: dict[int, str] = {}
        view.layers.append(self)

    @property
    def texts(self) -> dict[int, str]:
        """What stands behind which line."""
        return self._texts

    def show_texts(self, texts: dict[int, str]) -> None:
        """Show these behind their lines."""
        if texts != self._texts:
            self._texts = texts
            viewport = self._view.viewport()
            if viewport is not None:
                viewport.update()

    def paint(self, painter: QPainter, first: int, last: int) -> None:
        """Paint those in view, where no probe's value stands."""
        theme = self._theme()
        taken = {mark.line for mark in self._view.marks}
        font = QFont(self._view.small_font)
        font.setItalic(True)
        painter.setFont(font)
        painter.setPen(QColor(blend(theme.warn, theme.surface, 0.8)))
        metrics = QFontMetricsF(font)
        for line, text in self._texts.items():
            if not first <= line <= last or line in taken:
                continue
            rect = QRectF(self._view.line_rect(line))
            rect.setLeft(self._view.line_end(line) + _GAP_PX)
            if rect.width() < _LEAST_PX:
                continue
            shown = cut_value(text, metrics.horizontalAdvance, rect.width() - 8.0)
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, shown)


def inline_texts(
    source: Source, line: int, function: str, values: Mapping[str, str]
) -> dict[int, str]:
    """Return what to show behind the lines of the function around ``line``, up to that line.

    ``values`` are the frame's locals by name; ``function`` is its qualified name.
    """
    texts: dict[int, str] = {}
    for number in source.index.lines:
        if number > line:
            break
        found: dict[str, str] = {}
        for one in source.index.on_line(number):
            name = one.path.root
            if one.scope.qualname == function and name in values and _is_told(one, values[name]):
                found[name] = _short(values[name])
        if found:
            shown = list(found.items())[:_MOST_NAMES]
            texts[number] = "   ".join(f"{name} = {text}" for name, text in shown)
    return texts


def _is_told(one: Occurrence, text: str) -> bool:
    """Whether a value stands there: where a name is bound, or read if it is short."""
    if one.path.steps or one.path.root in _UNTOLD or text.startswith(_UNTOLD_VALUES):
        return False
    is_read = one.kind is OccurrenceKind.LOAD and len(text) <= _SHORT_CHARACTERS
    return one.kind in _BINDING or is_read


def _short(text: str) -> str:
    if _LONG_FLOAT.fullmatch(text):
        text = f"{float(text):.7g}"  # the variables show all of its digits
    return shorten(text, _MOST_CHARACTERS)
