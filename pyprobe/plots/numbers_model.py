"""NumbersModel: cells for a table view of any length; only what is in view is read."""

from abc import abstractmethod
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from pyprobe.ipc.tree_form import Path
from pyprobe.plots.cell_text import NumberFormat, cell_text
from pyprobe.plots.leaf_glyph import leaf_glyph
from pyprobe.plots.value_traits import NUMBER_KINDS

MOST_ROWS = 4_000_000  # more lie beyond what a view can scroll through
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class NumbersModel(QAbstractTableModel):
    """A subclass says what there is; ``cell`` gives elements of numpy arrays, None for no cell."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.format = NumberFormat.SHORT
        self.plotted: dict[Path, str] = {}

    @abstractmethod
    def size(self) -> tuple[int, int]:
        """Return how many rows and columns there are."""

    @abstractmethod
    def cell(self, row: int, column: int) -> Any:
        """Return a cell."""

    @abstractmethod
    def column_name(self, column: int) -> str:
        """Return what stands above a column."""

    @abstractmethod
    def row_name(self, row: int) -> str:
        """Return what stands before a row."""

    def column_path(self, column: int) -> Path:
        """Return the way to a column that can be plotted, else ``()``."""
        return ()

    def cell_path(self, row: int, column: int) -> Path:
        """Return the way to a cell that can be plotted, else ``()``."""
        return ()

    def is_decimal(self, column: int) -> bool:
        """Whether a column holds numbers with digits behind the point."""
        cell = self.cell(0, column)
        return cell is not None and cell.dtype.kind == "f"

    def column_tip(self, column: int) -> str:
        """Return more about a column."""
        return self.column_name(column)

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else min(self.size()[0], MOST_ROWS)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self.size()[1]

    def data(self, index: QModelIndex, role: int = 0) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.TextAlignmentRole):
            return None
        cell = self.cell(index.row(), index.column()) if index.isValid() else None
        if cell is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(cell, self.format)
        return _RIGHT if cell.dtype.kind in NUMBER_KINDS else _LEFT

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation is Qt.Orientation.Vertical:
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT
            return self.row_name(section) if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.column_name(section)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.column_tip(section)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            cell = self.cell(0, section)
            return _RIGHT if cell is None or cell.dtype.kind in NUMBER_KINDS else _LEFT
        if role == Qt.ItemDataRole.DecorationRole:
            color = self.plotted.get(self.column_path(section)) if self.plotted else None
            return leaf_glyph(color, filled=True) if color else None
        return None
