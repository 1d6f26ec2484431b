"""Table: rows and named columns of any length, scrolled, copied, and plotted column by column."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from pyprobe.ipc.tree_form import Path
from pyprobe.plots.cell_text import NumberFormat, cell_text
from pyprobe.plots.numbers_lens import NumbersLens
from pyprobe.plots.numbers_model import NumbersModel
from pyprobe.plots.table_data import TableData, table_data
from pyprobe.plots.theme import PlotTheme
from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.values import Value


class TableModel(NumbersModel):
    """The cells of a TableData."""

    table: TableData | None = None

    def size(self) -> tuple[int, int]:
        """Return how many rows and columns there are."""
        return (self.table.row_count, len(self.table.columns)) if self.table else (0, 0)

    def cell(self, row: int, column: int) -> Any:
        """Return a cell; columns may be shorter than the table."""
        if self.table is None or not 0 <= column < len(self.table.columns):
            return None
        values = self.table.columns[column].values
        if values is None or not 0 <= row < len(values):
            return None
        cell = values[row]
        return cell if isinstance(cell, np.generic | np.ndarray) else np.asarray(str(cell))[()]

    def column_name(self, column: int) -> str:
        """Return a column's name; columns may share one."""
        return self.table.columns[column].name if self.table else ""

    def column_tip(self, column: int) -> str:
        """Return name and dtype."""
        if self.table is None:
            return ""
        cells = self.table.columns[column]
        return f"{cells.name}: {cells.dtype or 'did not come'}"

    def row_name(self, row: int) -> str:
        """Return the index of a row, or its number."""
        index = self.table.index.values if self.table and self.table.index else None
        if index is None or not 0 <= row < len(index):
            return str(row)
        value = index[row]
        return cell_text(value, NumberFormat.SHORT) if hasattr(value, "dtype") else str(value)

    def column_path(self, column: int) -> Path:
        """Return the way to a column of numbers."""
        cells = self.table.columns[column] if self.table else None
        return cells.path if cells is not None and cells.is_plottable else ()


class TableLens(NumbersLens):
    """The newest table."""

    model: TableModel

    def __init__(self, theme: PlotTheme, color: str) -> None:
        self._value: Value | None = None
        super().__init__(theme, color, TableModel())
        self.view.setAccessibleName("value as a table")

    def show_history(self, history: HistoryReader) -> None:
        """Show the newest value."""
        value = history.last
        if value is None or value is self._value:
            return
        self._value = value
        table, known = table_data(value), self.model.table
        self.view.empty_sentence = _why_empty(table)
        self.reload(
            lambda: setattr(self.model, "table", table),
            is_same=table is not None and known is not None and _outline(table) == _outline(known),
        )

    def place_of(self, numbers: Sequence[int]) -> tuple[int, int] | None:
        """Return the place of a row, or of a row and a column."""
        if len(numbers) > 2:
            return None
        rows, columns = self.model.size()
        row, column = numbers[0], numbers[1] if len(numbers) == 2 else 0
        return _from_end(row, rows), _from_end(column, columns)

    def notes(self) -> tuple[str, ...]:
        """Say how large the table is and what of it is missing."""
        table = self.model.table
        if table is None:
            return ()
        size = f"{table.row_count:,} rows × {len(table.columns):,} columns"
        return (size, *((table.note,) if table.note else ()), *self.cut_notes())


def _outline(table: TableData) -> tuple[int, list[str]]:
    return table.row_count, [cells.name for cells in table.columns]


def _why_empty(table: TableData | None) -> str:
    if table is None:
        return "the newest value has no rows and columns"
    if not table.columns:
        return "a table without columns"
    return "" if table.row_count else "a table without rows"


def _from_end(place: int, length: int) -> int:
    return place + length if place < 0 else place
