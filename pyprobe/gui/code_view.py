"""CodeView: a file's source, in which occurrences light up and are clicked to be probed."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from PyQt6.Qsci import QsciScintilla
from PyQt6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QContextMenuEvent,
    QCursor,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PyQt6.QtWidgets import QApplication, QWidget

from pyprobe.analysis.occurrence import Occurrence
from pyprobe.analysis.occurrence_index import OccurrenceIndex
from pyprobe.gui.code_marks import MARGIN_WIDTH_PX, ProbeMark, paint_disc, paint_values
from pyprobe.gui.code_style import PythonLexer, apply_code_style
from pyprobe.gui.theme import Theme

_BREAK_MARGIN, _NUMBER_MARGIN, _MARK_MARGIN = 0, 1, 2
_BREAK_MARGIN_PX = 17
_PROBED, _HOVERED, _PROBLEM, _FLASH = 8, 9, 10, 11
_VALUE_IS_COLOR = 0x1000000  # SC_INDICVALUEBIT: the range's value is its colour
_FILL_ALPHA, _OUTLINE_ALPHA = 55, 150
_HALT_MARKER = 0


class CodeLayer(Protocol):
    """What is painted over a code view besides its probes, such as breakpoints."""

    def paint(self, painter: QPainter, first: int, last: int) -> None:
        """Paint what stands on the lines from ``first`` to ``last``, which are in view."""


class CodeView(QsciScintilla):
    """A read-only editor. It knows occurrences and marks, and nothing of sessions.

    ``hovered`` carries the Occurrence under the mouse, or None; ``chosen`` the one that was clicked
    (or chosen by key); ``refused`` line, column and global position of a click on anything else;
    ``mark_clicked`` a probe's id, from its disc in the margin; ``drag_started`` the Occurrence that
    is dragged to a plot; ``gutter_clicked`` a line, from its left edge or number; ``menu_asked``
    line, column (-1 in the margins) and global position of a right click. ``layers`` are painted
    over it.
    """

    hovered = pyqtSignal(object)
    chosen = pyqtSignal(object)
    refused = pyqtSignal(int, int, QPoint)
    mark_clicked = pyqtSignal(int)
    drag_started = pyqtSignal(object)
    gutter_clicked = pyqtSignal(int)
    menu_asked = pyqtSignal(int, int, QPoint)
    laid_out = pyqtSignal()

    def __init__(self, theme: Theme, font: QFont, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._font = font
        self._lexer = PythonLexer(self)
        self._index = OccurrenceIndex(())
        self._marks: dict[int, list[ProbeMark]] = {}
        self.layers: list[CodeLayer] = []
        self._hovered: Occurrence | None = None
        self._pressed: tuple[QPoint, Occurrence | None] | None = None
        self._configure()
        self.set_look(theme, font)
        self.SCN_UPDATEUI.connect(self._on_update_ui)
        self.SCN_ZOOM.connect(self._on_zoom)

    # ---- content -------------------------------------------------------------------------

    def set_source(self, text: str, index: OccurrenceIndex) -> None:
        """Show a text; the first visible line and the caret stay where they are if they can."""
        first_line = self.firstVisibleLine()
        line, col = self.getCursorPosition()
        self.setReadOnly(False)
        self.setText(text)
        self.setReadOnly(True)
        self._index = index
        self._set_hovered(None)
        self._fit_number_margin()
        self.setCursorPosition(min(line, max(0, self.lines() - 1)), col)
        self.setFirstVisibleLine(first_line)
        self.set_marks([mark for marks in self._marks.values() for mark in marks])

    def set_index(self, index: OccurrenceIndex) -> None:
        """Let other occurrences of the same text be probed; the one under the mouse lights up."""
        self._index = index
        viewport = self._viewport()
        at = viewport.mapFromGlobal(QCursor.pos())
        is_over = viewport.underMouse() and viewport.rect().contains(at)
        self._set_hovered(self._occurrence_under(at) if is_over else None)

    def set_look(self, theme: Theme, font: QFont) -> None:
        """Set colours and font."""
        self._theme, self._font = theme, font
        apply_code_style(self, self._lexer, theme, font)
        for margin in (_BREAK_MARGIN, _MARK_MARGIN):
            self.setMarginBackgroundColor(margin, QColor(theme.surface))
        for indicator, color in ((_HOVERED, theme.accent), (_FLASH, theme.warn)):
            self.setIndicatorForegroundColor(QColor(color), indicator)
        self.setIndicatorForegroundColor(QColor(theme.bad), _PROBLEM)
        self.setMarkerBackgroundColor(QColor(theme.warn_fill), _HALT_MARKER)
        self._send(self.SCI_INDICSETALPHA, _HOVERED, 60 if theme.dark else 40)
        self._fit_number_margin()

    @property
    def marks(self) -> list[ProbeMark]:
        """The probes as they are shown, from top to bottom."""
        return [mark for line in sorted(self._marks) for mark in self._marks[line]]

    def set_marks(self, marks: Sequence[ProbeMark]) -> None:
        """Show these probes, and no others."""
        self._marks = {}
        self._send(self.SCI_SETINDICATORCURRENT, _PROBED)
        self._send(self.SCI_INDICATORCLEARRANGE, 0, self.length())
        for mark in sorted(marks, key=lambda mark: (mark.line, mark.col)):
            self._marks.setdefault(mark.line, []).append(mark)
            start, end = self._range(mark.line, mark.col, mark.end_col)
            color = QColor(mark.color)
            value = color.red() | color.green() << 8 | color.blue() << 16
            self._send(self.SCI_SETINDICATORVALUE, value | _VALUE_IS_COLOR)
            self._send(self.SCI_INDICATORFILLRANGE, start, end - start)
        self._viewport().update()

    def update_values(self, marks: Iterable[ProbeMark]) -> None:
        """Replace marks that stand where they stood; only their lines are painted again."""
        for mark in marks:
            row = self._marks.get(mark.line, [])
            for position, old in enumerate(row):
                if old.probe_id == mark.probe_id and old != mark:
                    row[position] = mark
                    self._viewport().update(self.line_rect(mark.line))

    def show_problem(self, line: int, col: int) -> None:
        """Underline the place of a syntax error; line 0 clears it."""
        self._send(self.SCI_SETINDICATORCURRENT, _PROBLEM)
        self._send(self.SCI_INDICATORCLEARRANGE, 0, self.length())
        if line:
            start = self.positionFromLineIndex(line - 1, 0)
            end = self._send(self.SCI_GETLINEENDPOSITION, line - 1)
            self._send(self.SCI_INDICATORFILLRANGE, start, max(1, end - start))

    def show_halt(self, line: int) -> None:
        """Mark the line where the program stands while it is paused; line 0 clears it."""
        self.markerDeleteAll(_HALT_MARKER)
        self.setCaretLineVisible(not line)  # it would hide the mark
        if 0 < line <= self.lines():
            self.markerAdd(line - 1, _HALT_MARKER)
            self.ensureLineVisible(line - 1)

    # ---- places --------------------------------------------------------------------------

    def reveal(self, line: int, col: int = 0) -> None:
        """Put the caret on a place and bring it into the middle of the view."""
        line = max(1, min(line, self.lines()))
        self.setCursorPosition(line - 1, col)
        visible = self._send(self.SCI_LINESONSCREEN)
        self.setFirstVisibleLine(max(0, line - 1 - visible // 2))
        self.ensureCursorVisible()

    def show_line(self, line: int) -> None:
        """Put the caret on a line, and bring that into the middle of the view if it is not seen."""
        text = self.text(line - 1)
        self.setCursorPosition(line - 1, len(text) - len(text.lstrip()))
        first, shown = self.firstVisibleLine() + 1, self._send(self.SCI_LINESONSCREEN)
        if not first <= line < first + shown - 1:
            self.setFirstVisibleLine(max(0, line - 1 - shown // 2))

    def occurrence_at(self, line: int, col: int) -> Occurrence | None:
        """Return the occurrence a click on a character takes."""
        return self._index.at(line, col)

    def caret_occurrence(self) -> Occurrence | None:
        """Return the occurrence the caret stands on, or just behind."""
        line, col = self.getCursorPosition()
        found = self.occurrence_at(line + 1, col)
        return found or (self.occurrence_at(line + 1, col - 1) if col else None)

    def token_rect(self, occurrence: Occurrence) -> QRect | None:
        """Return a token's rectangle in global coordinates; None while it is out of view."""
        start, end = self._range(occurrence.line, occurrence.col, occurrence.end_col)
        top_left, right = self._point(start), self._point(end).x()
        rect = QRect(top_left.x(), top_left.y(), right - top_left.x(), self._line_height())
        view = self._viewport().rect()
        if right <= top_left.x() or not view.contains(rect):
            return None
        return QRect(self._viewport().mapToGlobal(rect.topLeft()), rect.size())

    def visible_occurrences(self) -> list[Occurrence]:
        """Return the occurrences of the lines in view."""
        first = self.firstVisibleLine() + 1
        last = first + self._send(self.SCI_LINESONSCREEN) + 1
        return [
            occurrence
            for line in range(first, last + 1)
            for occurrence in self._index.on_line(line)
        ]

    # ---- mouse and keys ------------------------------------------------------------------

    def mouseMoveEvent(self, e: QMouseEvent | None) -> None:
        if e is None:
            return
        if self._pressed is not None and self._pressed[1] is not None and e.buttons():
            self._drag(e, *self._pressed)
            return
        super().mouseMoveEvent(e)
        if not e.buttons():
            self._set_hovered(self._occurrence_under(e.position().toPoint()))

    def _drag(self, e: QMouseEvent, pressed: QPoint, occurrence: Occurrence | None) -> None:
        """Carry the symbol that was pressed, instead of selecting text."""
        way = e.position().toPoint() - pressed
        if way.manhattanLength() < QApplication.startDragDistance():
            return
        self._pressed = None
        # The editor has seen the press and will not see the release, which ends the drag. It is
        # told of one where the press was: up to anywhere else it would select the text.
        here, there = QPointF(pressed), QPointF(self.mapToGlobal(pressed))
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        release = QEvent.Type.MouseButtonRelease
        super().mouseReleaseEvent(QMouseEvent(release, here, there, left, none, e.modifiers()))
        self.drag_started.emit(occurrence)

    def mousePressEvent(self, e: QMouseEvent | None) -> None:
        if e is None:
            return
        self._pressed = None
        if e.button() is Qt.MouseButton.LeftButton and not e.modifiers():
            point = e.position().toPoint()
            self._pressed = (point, self._occurrence_under(point))
        super().mousePressEvent(e)

    def mouseDoubleClickEvent(self, e: QMouseEvent | None) -> None:
        if e is None:
            return
        self._pressed = None  # the first click has acted; a second must not undo it
        super().mouseDoubleClickEvent(e)

    def mouseReleaseEvent(self, e: QMouseEvent | None) -> None:
        if e is None:
            return
        super().mouseReleaseEvent(e)
        pressed, self._pressed = self._pressed, None
        if pressed is None:
            return
        point = e.position().toPoint()
        distance = (point - pressed[0]).manhattanLength()
        if distance < QApplication.startDragDistance() and not self.hasSelectedText():
            self._click(point, pressed[1])

    def leaveEvent(self, a0: QEvent | None) -> None:
        super().leaveEvent(a0)
        self._set_hovered(None)

    def keyPressEvent(self, e: QKeyEvent | None) -> None:
        if e is None:
            return
        if self._is_choose_key(e):
            self.choose_at_caret()
            return
        super().keyPressEvent(e)

    def _is_choose_key(self, event: QKeyEvent) -> bool:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return True
        return event.key() == Qt.Key.Key_P and not event.modifiers()

    def choose_at_caret(self) -> None:
        """Choose the occurrence at the caret, or say that there is none."""
        occurrence = self.caret_occurrence()
        if occurrence is not None:
            self.chosen.emit(occurrence)
            return
        line, col = self.getCursorPosition()
        below = self._point(self.positionFromLineIndex(line, col)) + QPoint(0, self._line_height())
        self.refused.emit(line + 1, col, self._viewport().mapToGlobal(below))

    def _click(self, point: QPoint, pressed_on: Occurrence | None) -> None:
        line, col = self._place_under(point)
        if point.x() < self.text_left:
            return
        if pressed_on is not None:
            self.chosen.emit(pressed_on)
        elif line:
            self.refused.emit(line, col, self._viewport().mapToGlobal(point))

    def contextMenuEvent(self, e: QContextMenuEvent | None) -> None:
        """Ask for the menu of a place instead of the editor's own."""
        if e is None:
            return
        if e.reason() is QContextMenuEvent.Reason.Keyboard:
            line, col = self.getCursorPosition()
            at = self._point(self.positionFromLineIndex(line, col))
            below = self._viewport().mapToGlobal(at + QPoint(0, self._line_height()))
            self.menu_asked.emit(line + 1, col, below)
            return
        line = self.line_at(e.pos().y())
        in_text = e.pos().x() >= self.text_left
        col = self._place_under(e.pos())[1] if in_text else -1
        self.menu_asked.emit(line, col, e.globalPos())

    def _on_margin_clicked(self, margin: int, line: int) -> None:
        if margin != _MARK_MARGIN:
            self.gutter_clicked.emit(line + 1)
        marks = self._marks.get(line + 1)
        if margin == _MARK_MARGIN and marks:
            self.mark_clicked.emit(marks[0].probe_id)

    def _set_hovered(self, occurrence: Occurrence | None) -> None:
        if occurrence is self._hovered:
            return
        self._hovered = occurrence
        self._send(self.SCI_SETINDICATORCURRENT, _HOVERED)
        self._send(self.SCI_INDICATORCLEARRANGE, 0, self.length())
        if occurrence is not None:
            start, end = self._range(occurrence.line, occurrence.col, occurrence.end_col)
            self._send(self.SCI_INDICATORFILLRANGE, start, end - start)
        shape = (
            Qt.CursorShape.IBeamCursor if occurrence is None else Qt.CursorShape.PointingHandCursor
        )
        self._viewport().setCursor(shape)
        self.hovered.emit(occurrence)

    # ---- painting ------------------------------------------------------------------------

    def paintEvent(self, e: QPaintEvent | None) -> None:
        if e is None:
            return
        super().paintEvent(e)
        first = self.firstVisibleLine() + 1
        last = first + self._send(self.SCI_LINESONSCREEN) + 1
        shown = [line for line in self._marks if first <= line <= last]
        if not shown and not self.layers:
            return
        painter = QPainter(self._viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for line in shown:
            if self.line_rect(line).intersects(e.rect()):
                self._paint_line(painter, line)
        for layer in self.layers:
            layer.paint(painter, first, last)
        painter.end()

    def _paint_line(self, painter: QPainter, line: int) -> None:
        marks = self._marks[line]
        rect = QRectF(self.line_rect(line))
        left = float(self.text_left - MARGIN_WIDTH_PX)
        step = MARGIN_WIDTH_PX / (len(marks) + 1) if len(marks) > 1 else MARGIN_WIDTH_PX / 2
        for position, mark in enumerate(marks[:3], start=1):
            center = QPointF(left + step * position, rect.center().y())
            paint_disc(painter, center, mark, self._theme)
        rect.setLeft(float(self.line_end(line)))
        paint_values(painter, marks, rect, self.small_font, self._theme)

    # ---- places in pixels ----------------------------------------------------------------

    @property
    def text_left(self) -> int:
        """Where the text begins, in pixels from the left of the viewport."""
        return sum(map(self.marginWidth, (_BREAK_MARGIN, _NUMBER_MARGIN, _MARK_MARGIN)))

    def hide_break_margin(self) -> None:
        """Leave no place for breakpoints, where no program can stop."""
        self.setMarginWidth(_BREAK_MARGIN, 0)
        self.setMarginSensitivity(_NUMBER_MARGIN, False)

    @property
    def break_margin_px(self) -> int:
        """The width of the margin for breakpoints, which is the leftmost one."""
        return self.marginWidth(_BREAK_MARGIN)

    @property
    def small_font(self) -> QFont:
        """The font of what stands behind the lines, a little smaller than the code."""
        font = QFont(self._font)
        font.setPointSize(max(4, self._font.pointSize() + self._send(self.SCI_GETZOOM) - 1))
        return font

    def line_rect(self, line: int) -> QRect:
        """Return the room of a line, over the whole width of the viewport."""
        top = (line - 1 - self.firstVisibleLine()) * self._line_height()
        return QRect(0, top, self._viewport().width(), self._line_height())

    def line_at(self, y: int) -> int:
        """Return the line at a height in the viewport; the last one below all."""
        return min(self.firstVisibleLine() + y // self._line_height() + 1, self.lines())

    def line_end(self, line: int) -> int:
        """Return where the text of a line ends, in pixels from the left of the viewport."""
        return self._point(self._send(self.SCI_GETLINEENDPOSITION, line - 1)).x()

    # ---- helpers -------------------------------------------------------------------------

    def _configure(self) -> None:
        self.setUtf8(True)
        self.setReadOnly(True)
        self._viewport().setAcceptDrops(False)  # what is dropped here is meant for the window
        self.setAcceptDrops(False)
        self.setCaretLineVisible(True)
        self.setMarginType(_NUMBER_MARGIN, QsciScintilla.MarginType.NumberMargin)
        for margin, width in ((_BREAK_MARGIN, _BREAK_MARGIN_PX), (_MARK_MARGIN, MARGIN_WIDTH_PX)):
            self.setMarginType(margin, QsciScintilla.MarginType.SymbolMargin)
            self.setMarginWidth(margin, width)
            self.setMarginMarkerMask(margin, 0)
        for margin in (_BREAK_MARGIN, _NUMBER_MARGIN, _MARK_MARGIN):
            self.setMarginSensitivity(margin, True)
        self.marginClicked.connect(self._on_margin_clicked)
        self.setFrameShape(QsciScintilla.Shape.NoFrame)
        self.markerDefine(QsciScintilla.MarkerSymbol.Background, _HALT_MARKER)
        self.setBraceMatching(QsciScintilla.BraceMatch.SloppyBraceMatch)
        self.setTabWidth(4)
        self.setExtraAscent(1)
        self.setExtraDescent(2)
        self.setScrollWidthTracking(True)
        self.setScrollWidth(1)
        self._send(self.SCI_SETCARETSTYLE, 1)
        self._send(self.SCI_SETENDATLASTLINE, 1)
        self._send(self.SCI_SETMARGINLEFT, 0, 4)
        style = QsciScintilla.IndicatorStyle
        self.indicatorDefine(style.StraightBoxIndicator, _PROBED)
        self.indicatorDefine(style.StraightBoxIndicator, _HOVERED)
        self.indicatorDefine(style.SquiggleIndicator, _PROBLEM)
        self.indicatorDefine(style.StraightBoxIndicator, _FLASH)
        for indicator in (_PROBED, _HOVERED, _FLASH):
            self.setIndicatorDrawUnder(True, indicator)
            self._send(self.SCI_INDICSETALPHA, indicator, _FILL_ALPHA)
            self._send(self.SCI_INDICSETOUTLINEALPHA, indicator, _OUTLINE_ALPHA)
        self._send(self.SCI_INDICSETFLAGS, _PROBED, 1)
        self._viewport().setMouseTracking(True)
        self.setAccessibleName("Source code")
        self.setAccessibleDescription("Control and Return probes the name at the caret")

    def _send(self, message: int, first: int = 0, second: int = 0) -> int:
        return int(self.SendScintilla(message, first, second))

    def _viewport(self) -> QWidget:
        viewport = self.viewport()
        assert viewport is not None  # an abstract scroll area always has one
        return viewport

    def _on_update_ui(self, updated: int) -> None:
        self.laid_out.emit()

    def _on_zoom(self) -> None:
        self._fit_number_margin()
        self.laid_out.emit()

    def _fit_number_margin(self) -> None:
        self.setMarginWidth(_NUMBER_MARGIN, "0" * max(4, len(str(self.lines())) + 1))

    def _range(self, line: int, col: int, end_col: int) -> tuple[int, int]:
        return (
            self.positionFromLineIndex(line - 1, col),
            self.positionFromLineIndex(line - 1, end_col),
        )

    def _point(self, position: int) -> QPoint:
        return QPoint(
            self._send(self.SCI_POINTXFROMPOSITION, 0, position),
            self._send(self.SCI_POINTYFROMPOSITION, 0, position),
        )

    def _line_height(self) -> int:
        return self._send(self.SCI_TEXTHEIGHT, 0)

    def _place_under(self, point: QPoint) -> tuple[int, int]:
        """Return (line from 1, column) of the character under a point, (0, 0) for none."""
        position = self._send(self.SCI_CHARPOSITIONFROMPOINTCLOSE, point.x(), point.y())
        if position < 0:
            return 0, 0
        line, col = self.lineIndexFromPosition(position)
        return line + 1, col

    def _occurrence_under(self, point: QPoint) -> Occurrence | None:
        line, col = self._place_under(point)
        return self.occurrence_at(line, col) if line else None
