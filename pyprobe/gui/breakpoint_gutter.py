"""BreakpointGutter: the margin of a code view where breakpoints are shown, hovered and clicked."""

from collections.abc import Callable, Sequence

from PyQt6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF
from PyQt6.QtGui import QHelpEvent, QMouseEvent, QPainter
from PyQt6.QtWidgets import QToolTip, QWidget

from pyprobe.analysis.breakable_lines import BreakableLine
from pyprobe.core.debug.records import BreakpointState
from pyprobe.gui.breakpoint_marks import (
    BreakpointKind,
    BreakpointMark,
    paint_arrow,
    paint_breakpoint,
)
from pyprobe.gui.code_view import CodeView
from pyprobe.gui.theme import Theme


class BreakpointGutter(QObject):
    """A CodeLayer. ``landing`` tells where a click on a line lands, ``said`` takes a hint."""

    def __init__(
        self,
        view: CodeView,
        theme: Callable[[], Theme],
        landing: Callable[[int], BreakableLine],
        said: Callable[[str], object],
    ) -> None:
        super().__init__(view)
        self._view = view
        self._theme = theme
        self._landing = landing
        self._said = said
        self._marks: dict[int, list[BreakpointMark]] = {}
        self._hovered = 0
        self._stands_at = 0
        self._looked_at = 0
        view.layers.append(self)
        self._viewport = view.viewport()
        if self._viewport is not None:
            self._viewport.installEventFilter(self)

    # ---- what is shown -------------------------------------------------------------------

    @property
    def marks(self) -> list[BreakpointMark]:
        """The breakpoints as they are shown, from top to bottom."""
        return [mark for line in sorted(self._marks) for mark in self._marks[line]]

    def show_marks(self, marks: Sequence[BreakpointMark]) -> None:
        """Show these, and no others."""
        by_line: dict[int, list[BreakpointMark]] = {}
        for mark in marks:
            at = by_line.setdefault(mark.line, [])
            is_data = mark.kind is BreakpointKind.DATA
            at.insert(len(at) if is_data else 0, mark)  # what stops at the line is seen first
        if by_line != self._marks:
            self._marks = by_line
            self._repaint()

    def show_stand(self, line: int, *, looked_at: int = 0) -> None:
        """Show where the thread stands, and the line of the caller that is looked at; 0: none."""
        if (line, looked_at) != (self._stands_at, self._looked_at):
            self._stands_at, self._looked_at = line, looked_at
            self._repaint()

    def center_of(self, line: int) -> QPoint:
        """Return the middle of a line's place in the margin, in pixels of the viewport."""
        rect = self._view.line_rect(line)
        return QPoint(self._view.break_margin_px // 2, rect.center().y())

    def paint(self, painter: QPainter, first: int, last: int) -> None:
        """Paint the margin of the lines in view."""
        theme = self._theme()
        for line in range(first, last + 1):
            for mark in self._marks.get(line, ())[:1]:
                paint_breakpoint(painter, QPointF(self.center_of(line)) + _HALF, mark, theme)
        self._paint_ghost(painter, first, last, theme)
        for line, main in ((self._looked_at, False), (self._stands_at, True)):
            if first <= line <= last and line:
                rect = QRectF(self._view.line_rect(line))
                rect.setWidth(float(self._view.break_margin_px) + 1.0)
                paint_arrow(painter, rect, theme, main=main)

    def _paint_ghost(self, painter: QPainter, first: int, last: int, theme: Theme) -> None:
        if not self._hovered or self._hovered in self._marks:
            return
        at = self._landing(self._hovered).line
        if at is not None and first <= at <= last and at not in self._marks:
            ghost = BreakpointMark(0, at, BreakpointKind.STOP, BreakpointState.SET)
            paint_breakpoint(painter, QPointF(self.center_of(at)) + _HALF, ghost, theme, ghost=True)

    # ---- the mouse -----------------------------------------------------------------------

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        if a1 is None:
            return False
        if isinstance(a1, QMouseEvent) and a1.type() is QEvent.Type.MouseMove:
            self._hover(a1.position().toPoint())
        elif a1.type() is QEvent.Type.Leave:
            self._set_hovered(0)
        elif isinstance(a1, QHelpEvent) and a1.type() is QEvent.Type.ToolTip:
            return self._show_tip(a1)
        return False

    def _hover(self, at: QPoint) -> None:
        inside = 0 <= at.x() < self._view.text_left - self._view.break_margin_px
        self._set_hovered(self._view.line_at(at.y()) if inside else 0)

    def _set_hovered(self, line: int) -> None:
        if line == self._hovered:
            return
        self._hovered = line
        self._repaint()
        if not line:
            self._said("")
            return
        marks = self._marks.get(line)
        if marks:
            self._said(f"{marks[0].tip} · click removes it, right click changes it")
            return
        found = self._landing(line)
        if found.line is None:
            self._said(f"No breakpoint here: {found.why}.")
        elif found.why:
            self._said(f"Click to set a breakpoint: {found.why}")
        else:
            self._said(f"Click to stop the program at line {found.line}")

    def _show_tip(self, event: QHelpEvent) -> bool:
        if event.pos().x() >= self._view.break_margin_px:
            return False
        marks = self._marks.get(self._view.line_at(event.pos().y()))
        viewport = self._viewport
        if not marks or not isinstance(viewport, QWidget):
            return False
        QToolTip.showText(event.globalPos(), "\n".join(mark.tip for mark in marks), viewport)
        return True

    def _repaint(self) -> None:
        if self._viewport is not None:
            self._viewport.update()


_HALF = QPointF(0.5, 0.5)
