"""NumbersView: a table view for any number of rows: copies what is selected, goes to a place."""

from typing import Any

import numpy as np
from PyQt6.QtCore import QEvent, QItemSelectionModel, QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QFontDatabase, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PyQt6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from pyprobe.plots.cell_text import python_array, tsv
from pyprobe.plots.decimal_delegate import DecimalDelegate, decimals_of
from pyprobe.plots.numbers_model import NumbersModel

MOST_COPIED = 1_000_000  # cells
_LEAST_EM, _MOST_EM = 7, 32
_MEASURED_ROWS, _MEASURED_COLUMNS = 40, 200


class NumbersView(QTableView):
    """Its signals are what keys and headers ask for: to copy, to go somewhere, a column's menu."""

    tsv_asked = pyqtSignal()
    python_asked = pyqtSignal()
    go_asked = pyqtSignal()
    column_menu_asked = pyqtSignal(int, QPoint)  # in global coordinates

    def __init__(self, model: NumbersModel) -> None:
        super().__init__()
        self.numbers = model
        self.empty_sentence = ""
        self._widths_of: tuple[str, ...] = ()
        self._given: dict[int, int] = {}  # widths in pixels by column, as they were chosen here
        self._delegate = DecimalDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setModel(model)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._keys = {
            QKeySequence(QKeySequence.StandardKey.Copy): self.tsv_asked,
            QKeySequence("Ctrl+Shift+C"): self.python_asked,
            QKeySequence("Ctrl+G"): self.go_asked,
        }
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        if rows is not None:
            rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            rows.setDefaultSectionSize(self.fontMetrics().height() + 5)
            rows.setMinimumWidth(4 * self._em)
            rows.setHighlightSections(False)
        if columns is not None:
            columns.setHighlightSections(False)
            columns.setMinimumSectionSize(4 * self._em)
            columns.setMaximumSectionSize(60 * self._em)
            columns.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            columns.customContextMenuRequested.connect(self._ask_for_column_menu)
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            if bar is not None:
                bar.valueChanged.connect(lambda _value: self.fit_columns())

    @property
    def _em(self) -> int:
        return max(self.fontMetrics().horizontalAdvance("0"), 1)

    def repaint_cells(self) -> None:
        """Read the visible cells again, and the headers."""
        for part in (self, self.verticalHeader(), self.horizontalHeader()):
            viewport = part.viewport() if part is not None else None
            if viewport is not None:
                viewport.update()

    def fit_columns(self) -> None:
        """Give the columns room for their first cells; later, if need be, for what is in view."""
        model = self.numbers
        shown = range(min(model.columnCount(), _MEASURED_COLUMNS))
        names = tuple(model.column_name(column) for column in shown)
        if not model.rowCount():
            return
        if names == self._widths_of:
            self._widen_columns(shown)
            return
        self._widths_of, self._given = names, {}
        self._delegate.decimals = {}
        em = self._em
        header = self.horizontalHeader()
        if header is not None:
            header.setDefaultSectionSize(12 * em)
        for column, name in enumerate(names):
            rows = range(min(model.rowCount(), _MEASURED_ROWS))
            self._give_width(column, max(len(name) + 2, self._widest(column, rows)))

    def _give_width(self, column: int, characters: int) -> None:
        width = max(min(characters + 3, _MOST_EM), _LEAST_EM) * self._em
        if width > self._given.get(column, 0):
            self._given[column] = width
            self.setColumnWidth(column, width)

    def _widen_columns(self, measured: range) -> None:
        """Give columns room for the cells in view, unless the user has chosen their widths."""
        viewport, model = self.viewport(), self.numbers
        if viewport is None:
            return
        first, last = self.rowAt(0), self.rowAt(viewport.height() - 1)
        rows = range(max(first, 0), (last if last >= 0 else model.rowCount() - 1) + 1)
        for column in measured:
            at = self.columnViewportPosition(column)
            is_seen = at + self.columnWidth(column) >= 0 and at < viewport.width()
            if is_seen and self.columnWidth(column) == self._given.get(column):
                self._give_width(column, self._widest(column, rows))

    def _widest(self, column: int, rows: range) -> int:
        """Return how many characters the widest cell has; what is seen there sets the decimals."""
        cells = [str(self.numbers.index(row, column).data() or "") for row in rows]
        found = max((decimals_of(cell) or 0 for cell in cells), default=0)
        if self.numbers.is_decimal(column):
            known = self._delegate.decimals.get(column, 0)
            self._delegate.decimals[column] = max(known, found)
        return max((len(self._delegate.padded(cell, column)) for cell in cells), default=0)

    # What is selected.

    def selected(self) -> tuple[range, range] | None:
        """Return rows and columns of the smallest rectangle around the selection."""
        selection = self.selectionModel()
        chosen: Any = selection.selection() if selection is not None else ()
        ranges = [chosen[place] for place in range(len(chosen))]
        if not ranges:
            return None
        return (
            range(min(one.top() for one in ranges), max(one.bottom() for one in ranges) + 1),
            range(min(one.left() for one in ranges), max(one.right() for one in ranges) + 1),
        )

    def selected_cells(self) -> list[list[Any]]:
        """Return the selected cells by rows; None where one of them is not selected."""
        area, selection = self.selected(), self.selectionModel()
        if area is None or selection is None:
            return []
        is_whole = selection.selection().count() == 1
        return [
            [
                self.numbers.cell(row, column)
                if is_whole or selection.isSelected(self.numbers.index(row, column))
                else None
                for column in area[1]
            ]
            for row in area[0]
        ]

    @property
    def selected_count(self) -> int:
        """How many cells there are in the selection's rectangle."""
        area = self.selected()
        return len(area[0]) * len(area[1]) if area is not None else 0

    def as_tsv(self) -> str:
        """Return the selection as tab-separated text."""
        return tsv(self.selected_cells())

    def as_python(self) -> str:
        """Return the selection as the source of an array; of one row or column a 1-D one."""
        rows = [[cell for cell in row if cell is not None] for row in self.selected_cells()]
        rows = [row for row in rows if row]
        is_block = len({len(row) for row in rows}) == 1 and len(rows) > 1 and len(rows[0]) > 1
        cells = rows if is_block else [cell for row in rows for cell in row]
        return python_array(np.array(cells))

    def go_to(self, row: int, column: int) -> bool:
        """Select a cell and bring it into view; False if there is none."""
        index = self.numbers.index(row, column)
        selection = self.selectionModel()
        if not index.isValid() or selection is None:
            return False
        selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        return True

    # Events.

    def _asked_by(self, event: QKeyEvent) -> Any:
        pressed = QKeySequence(event.keyCombination())
        return self._keys.get(pressed)

    def event(self, event: QEvent | None) -> bool:
        """Keep the keys that the window has shortcuts for, too."""
        is_key = isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride
        if isinstance(event, QKeyEvent) and is_key and self._asked_by(event) is not None:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Copy and go; all else as in any table."""
        asked = self._asked_by(event) if event is not None else None
        if asked is not None:
            asked.emit()
            return
        super().keyPressEvent(event)

    def _ask_for_column_menu(self, position: QPoint) -> None:
        header = self.horizontalHeader()
        column = header.logicalIndexAt(position) if header is not None else -1
        if header is not None and column >= 0:
            self.column_menu_asked.emit(column, header.mapToGlobal(position))

    def paintEvent(self, e: QPaintEvent | None) -> None:
        """Paint the cells, or say that there is none."""
        super().paintEvent(e)
        viewport = self.viewport()
        if self.empty_sentence and viewport is not None:
            painter = QPainter(viewport)
            painter.setPen(self.palette().placeholderText().color())
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(
                viewport.rect().adjusted(12, 4, -12, -4), int(flags), self.empty_sentence
            )
            painter.end()
