"""ConsoleView: the program's output as a text view that takes any amount of it."""

from collections.abc import Callable
from time import perf_counter_ns

from PyQt6.Qsci import QsciScintilla
from PyQt6.QtCore import QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFont, QMouseEvent
from PyQt6.QtWidgets import QApplication, QWidget

from pyprobe.gui.console_encoding import encode_lines
from pyprobe.gui.console_text import (
    MAX_LINES,
    STYLE_COUNT,
    ConsoleText,
    Line,
    Run,
    SourceLink,
    Stream,
    TextStyle,
    find_link,
    style_of_code,
)
from pyprobe.gui.console_times import ConsoleTimes
from pyprobe.gui.theme import Theme, blend

_FIRST_STYLE = 40  # 32 to 39 are the editor's own
_LINK = 8
_LATER = 9
_LINES_A_FRAME = 4000
_ANSI_LIGHT = (
    *("#24292f", "#b8293a", "#1b7a48", "#8a5a00", "#1763c6", "#8a35b0", "#0b6e75", "#5f6877"),
    *("#57606a", "#cf3344", "#23905a", "#a06c00", "#2f7de0", "#a24fc8", "#148089", "#1f2430"),
)
_ANSI_DARK = (
    *("#8a93a3", "#f0757d", "#57c48f", "#e3b04f", "#5aa2f7", "#c594f0", "#6fc7cf", "#dce0e8"),
    *("#a8b0be", "#ff9299", "#7bdcab", "#f2c873", "#84bbff", "#d9b3fa", "#92dde3", "#ffffff"),
)


class ConsoleView(QsciScintilla):
    """Shows at most ``max_lines`` lines. ``show_pending`` is called once a frame.

    ``link_clicked`` carries the file and the line of a traceback's line. ``clock`` gives the time
    of output that comes, in the target's ``perf_counter_ns``.
    """

    link_clicked = pyqtSignal(str, int)

    def __init__(
        self,
        theme: Theme,
        font: QFont,
        parent: QWidget | None = None,
        *,
        max_lines: int = MAX_LINES,
    ) -> None:
        super().__init__(parent)
        self._content = ConsoleText(max_lines)
        self._max_lines = max_lines
        self._let_go = 0
        self._shown_lines = 0
        self._times = ConsoleTimes()
        self._until_ns: int | None = None
        self.clock: Callable[[], int] = perf_counter_ns
        self._pressed_at: QPoint | None = None
        self.setUtf8(True)
        self.setReadOnly(True)
        for part in (self, self.viewport()):  # what is dropped here is meant for the window
            if part is not None:
                part.setAcceptDrops(False)
        self.setFrameShape(QsciScintilla.Shape.NoFrame)
        for margin in range(3):
            self.setMarginWidth(margin, 0)
        self.setScrollWidthTracking(True)
        self.setScrollWidth(1)
        self.setExtraAscent(1)
        self.setExtraDescent(1)
        self._send(self.SCI_SETUNDOCOLLECTION, 0)
        self._send(self.SCI_SETMODEVENTMASK, 0)  # nobody listens, and ten times faster
        self._send(self.SCI_SETMARGINLEFT, 0, 10)
        self._send(self.SCI_SETCARETSTYLE, 0)
        self.indicatorDefine(QsciScintilla.IndicatorStyle.PlainIndicator, _LINK)
        self.setIndicatorHoverStyle(QsciScintilla.IndicatorStyle.StraightBoxIndicator, _LINK)
        self.indicatorDefine(QsciScintilla.IndicatorStyle.TextColorIndicator, _LATER)
        self.setAccessibleName("Program output")
        self.set_look(theme, font)

    # ---- output --------------------------------------------------------------------------

    def add(self, stream: Stream, text: str) -> None:
        """Take output; it appears with the next ``show_pending``."""
        self._content.feed(stream, text)
        self._times.note(self.clock(), self._content.next_line)

    def add_line(self, stream: Stream, text: str) -> None:
        """Take a line that stands by itself."""
        self._content.start_line(stream, text)
        self._times.note(self.clock(), self._content.next_line)

    def show_pending(self) -> bool:
        """Show what has come; True if there is more for the next frame."""
        if not self._content.waiting:
            return False
        update = self._content.take(_LINES_A_FRAME)
        follow = self._is_at_end() and self._until_ns is None
        self.setReadOnly(False)
        self._shown_lines += len(update.lines)
        if update.lost_lines:
            self._times.replaced(self._shown_lines - len(update.lines), update.lost_lines, 1)
            self._shown_lines += update.lost_lines
            update.lines.insert(0, (_note(f"… {update.lost_lines:,} lines not shown"),))
        self._replace_open_line(update.lines, update.open_line)
        self._trim()
        self.setReadOnly(True)
        if self._until_ns is not None:
            self._dim_later(self._until_ns)
        elif follow:
            self._send(self.SCI_SETFIRSTVISIBLELINE, self.lines())
        return self._content.waiting

    def show_until(self, t_ns: int | None) -> None:
        """Dim what came after a time and scroll to where it was; ``None`` for all, at the end."""
        self._until_ns = t_ns
        if t_ns is None:
            self._clear_later()
            self._send(self.SCI_SETFIRSTVISIBLELINE, self.lines())
            return
        row = self._dim_later(t_ns)
        self._send(self.SCI_SETFIRSTVISIBLELINE, max(0, row - self._send(self.SCI_LINESONSCREEN)))

    def _dim_later(self, t_ns: int) -> int:
        """Dim the rows that came after a time; return the first of them."""
        self._clear_later()
        row = min(self._times.row_at(t_ns), self.lines())
        start = self.positionFromLineIndex(row, 0) if row < self.lines() else self.length()
        self._send(self.SCI_INDICATORFILLRANGE, start, self.length() - start)
        return row

    def _clear_later(self) -> None:
        self._send(self.SCI_SETINDICATORCURRENT, _LATER)
        self._send(self.SCI_INDICATORCLEARRANGE, 0, self.length())

    def later_text(self) -> str:
        """Return the text that is dimmed, since it came after the time that is shown."""
        first = self._send(self.SCI_INDICATOREND, _LATER, 0)
        if self._send(self.SCI_INDICATORVALUEAT, _LATER, 0):
            return str(self.text())
        return bytes(self.text(), "utf-8")[first:].decode() if first else ""

    def clear_output(self) -> None:
        """Empty the view."""
        self._content.clear()
        self._let_go = 0
        self._shown_lines = self._content.next_line
        self._times.clear(self._shown_lines)
        self.setReadOnly(False)
        self._send(self.SCI_CLEARALL)
        self.setReadOnly(True)

    def set_look(self, theme: Theme, font: QFont) -> None:
        """Set colours and font."""
        self.setFont(font)
        self.setColor(QColor(theme.text))
        self.setPaper(QColor(theme.surface))
        self._send(self.SCI_STYLECLEARALL)
        own = {
            Stream.STDOUT: theme.text,
            Stream.STDERR: theme.bad,
            Stream.SYSTEM: theme.muted,
            Stream.INPUT: theme.accent,
        }
        ansi = _ANSI_DARK if theme.dark else _ANSI_LIGHT
        for code in range(STYLE_COUNT):
            style = style_of_code(code)
            color = QColor(ansi[style.color - 1] if style.color else own[style.stream])
            self.SendScintilla(self.SCI_STYLESETFORE, _FIRST_STYLE + code, color)
            self._send(self.SCI_STYLESETBOLD, _FIRST_STYLE + code, int(style.bold))
        self.setSelectionBackgroundColor(QColor(theme.selection))
        self.resetSelectionForegroundColor()
        self.setIndicatorForegroundColor(QColor(theme.accent), _LINK)
        self.setIndicatorForegroundColor(QColor(blend(theme.muted, theme.surface, 0.5)), _LATER)

    # ---- links ---------------------------------------------------------------------------

    def link_under(self, point: QPoint) -> SourceLink | None:
        """Return the source place under a point of the view."""
        position = self._send(self.SCI_CHARPOSITIONFROMPOINTCLOSE, point.x(), point.y())
        if position < 0:
            return None
        line, col = self.lineIndexFromPosition(position)
        link = find_link(self.text(line))
        return link if link is not None and link.start <= col < link.stop else None

    def mousePressEvent(self, e: QMouseEvent | None) -> None:
        if e is None:
            return
        is_plain = e.button() is Qt.MouseButton.LeftButton and not e.modifiers()
        self._pressed_at = e.position().toPoint() if is_plain else None
        super().mousePressEvent(e)

    def mouseReleaseEvent(self, e: QMouseEvent | None) -> None:
        if e is None:
            return
        super().mouseReleaseEvent(e)
        if self._pressed_at is None or self.hasSelectedText():
            return
        point = e.position().toPoint()
        link = self.link_under(point)
        near = (point - self._pressed_at).manhattanLength() < QApplication.startDragDistance()
        if link is not None and near:
            self.link_clicked.emit(link.file, link.line)

    def mouseMoveEvent(self, e: QMouseEvent | None) -> None:
        if e is None:
            return
        super().mouseMoveEvent(e)
        viewport = self.viewport()
        if viewport is not None and not e.buttons():
            on_link = self.link_under(e.position().toPoint()) is not None
            shape = Qt.CursorShape.PointingHandCursor if on_link else Qt.CursorShape.IBeamCursor
            viewport.setCursor(shape)

    # ---- helpers -------------------------------------------------------------------------

    def _replace_open_line(self, lines: list[Line], open_line: Line) -> None:
        start = self.positionFromLineIndex(max(0, self.lines() - 1), 0)
        self._send(self.SCI_DELETERANGE, start, self.length() - start)
        encoded = encode_lines(lines, open_line)
        if not encoded.data:
            return
        self.SendScintilla(self.SCI_APPENDTEXT, len(encoded.data), encoded.data)
        self._send(self.SCI_STARTSTYLING, start)
        for length, code in encoded.styles:
            self._send(self.SCI_SETSTYLING, length, _FIRST_STYLE + code)
        self._send(self.SCI_SETINDICATORCURRENT, _LINK)
        for offset, length in encoded.links:
            self._send(self.SCI_INDICATORFILLRANGE, start + offset, length)

    def _trim(self) -> None:
        # Deleting the first lines moves all that follow, so it is done seldom and in large pieces.
        if self.lines() > self._max_lines:
            surplus = self.lines() - self._max_lines * 4 // 5
            self._let_go += surplus - (1 if self._let_go else 0)  # the note is none of them
            self._send(self.SCI_DELETERANGE, 0, self.positionFromLineIndex(surplus, 0))
            self._times.moved_up(surplus - 1)
            note = encode_lines([(_note(f"… {self._let_go:,} earlier lines are not kept"),)], ())
            self.SendScintilla(self.SCI_INSERTTEXT, 0, note.data)
            self._send(self.SCI_STARTSTYLING, 0)
            self._send(self.SCI_SETSTYLING, len(note.data), _FIRST_STYLE + note.styles[0][1])

    def _is_at_end(self) -> bool:
        on_screen = self._send(self.SCI_LINESONSCREEN)
        return self.firstVisibleLine() + on_screen >= self.lines() - 1

    def _send(self, message: int, first: int = 0, second: int = 0) -> int:
        return int(self.SendScintilla(message, first, second))


def _note(text: str) -> Run:
    return Run(text, TextStyle(Stream.SYSTEM).code())
