"""Scalar list: every captured number with its sequence number and time, the newest in view."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from pyprobe.plots.numbers_lens import NumbersLens
from pyprobe.plots.numbers_model import MOST_ROWS, NumbersModel
from pyprobe.plots.theme import PlotTheme
from pyprobe.session.history_reader import HistoryReader

_COLUMNS = ("value", "seconds", "sequence")


class ScalarListModel(NumbersModel):
    """The last captures of a history that can be scrolled through; a row is read when shown."""

    history: HistoryReader | None = None
    first = 0  # the number of the scalar in the first row
    rows = 0

    def take(self, history: HistoryReader) -> None:
        """Show what a history holds now."""
        span = history.span()
        self.history = history
        end = int(span[1]) + 1 if span is not None else 0
        start = int(span[0]) if span is not None else 0
        self.first = max(start, end - MOST_ROWS)
        self.rows = end - self.first

    def size(self) -> tuple[int, int]:
        """Return how many rows and columns there are."""
        return self.rows, len(_COLUMNS)

    def cell(self, row: int, column: int) -> Any:
        """Return a value as it was captured, its time from the start, or its sequence number."""
        if self.history is None or not 0 <= row < self.rows:
            return None
        try:
            capture = self.history.scalar_at(self.first + row)
        except IndexError:
            return None  # let go since
        if column == 0:
            return _as_cell(capture.value.value, capture.value.dtype)
        if column == 1:
            return np.float64((capture.t_ns - self.history.epoch_ns) / 1e9)
        return np.int64(capture.seq)

    def column_name(self, column: int) -> str:
        """Return what a column holds."""
        return _COLUMNS[column]

    def row_name(self, row: int) -> str:
        """Return the number of a capture, counted from 0 over all."""
        return str(self.first + row)


class ScalarListLens(NumbersLens):
    """Follows the newest capture while the end is in view."""

    model: ScalarListModel

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__(theme, color, ScalarListModel())
        self.view.setAccessibleName("captures as a list")
        self._follows = True
        bar = self.view.verticalScrollBar()
        if bar is not None:
            bar.valueChanged.connect(self._on_scrolled)
            bar.rangeChanged.connect(lambda _low, high: bar.setValue(high) if self._follows else 0)

    def _on_scrolled(self, value: int) -> None:
        bar = self.view.verticalScrollBar()
        self._follows = bar is None or value >= bar.maximum()

    def show_history(self, history: HistoryReader) -> None:
        """Show what the history holds now; rows are added at the end while it grows."""
        model, follows = self.model, self._follows
        old_first, old_rows = model.first, model.rows
        span = history.span()
        end = int(span[1]) + 1 if span is not None else 0
        start = max(int(span[0]), end - MOST_ROWS) if span is not None else 0
        grows = model.history is history and start == old_first and end - start > old_rows > 0
        if grows:
            model.beginInsertRows(self._root(), old_rows, end - start - 1)
            model.take(history)
            model.endInsertRows()
            self.view.fit_columns()
            self.view.repaint_cells()
        else:
            is_same = (start, end - start) == (old_first, old_rows)
            self.reload(lambda: model.take(history), is_same=is_same)
        self.view.empty_sentence = "" if model.rows else "no number has been captured"
        if follows:
            self.view.scrollToBottom()
            self._follows = True

    def _root(self) -> Any:
        return self.view.rootIndex()

    def where_text(self) -> str:
        """Return how a place is written."""
        return "number of a capture"

    def place_of(self, numbers: Sequence[int]) -> tuple[int, int] | None:
        """Return the row of a capture; negative ones count from the end."""
        if len(numbers) != 1:
            return None
        row = numbers[0] + self.model.rows if numbers[0] < 0 else numbers[0] - self.model.first
        return (row, 0) if 0 <= row < self.model.rows else None

    def notes(self) -> tuple[str, ...]:
        """Say how many of the captures are listed."""
        history, first = self.model.history, self.model.first
        if history is None or not first:
            return ()
        return (f"the last {self.model.rows:,} of {first + self.model.rows:,}",)


def _as_cell(value: Any, dtype: str) -> Any:
    try:
        return np.dtype(dtype).type(value)
    except (TypeError, ValueError, OverflowError):
        return np.asarray(value)[()]
