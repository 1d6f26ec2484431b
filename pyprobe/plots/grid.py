"""Grid: the raw numbers of any array, to be read, copied and plotted one by one."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from pyprobe.ipc.tree_form import Path
from pyprobe.plots.numbers_lens import NumbersLens
from pyprobe.plots.numbers_model import NumbersModel
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.value_traits import NUMBER_KINDS
from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.values import ArrayValue

_ACROSS = 10  # numbers of a 1-D array in one row
_MOST_COLUMNS = 100_000


class GridModel(NumbersModel):
    """The last two axes of an array, the others at 0; a 1-D array in rows of ten."""

    value: ArrayValue | None = None

    @property
    def array(self) -> np.ndarray[Any, Any]:
        """What is shown: 1-D or 2-D."""
        array = self.value.array if self.value is not None else np.empty(0)
        if array.ndim == 0:
            return array.reshape(1)
        return (
            array[(0,) * (array.ndim - 2)]
            if array.ndim > 2 and all(array.shape[:-2])
            else (array if array.ndim <= 2 else np.empty((0, 0), array.dtype))
        )

    def size(self) -> tuple[int, int]:
        """Return how many rows and columns there are."""
        array = self.array
        if array.ndim == 1:
            return -(-len(array) // _ACROSS), min(len(array), _ACROSS)
        return array.shape[0] if array.shape[1] else 0, min(array.shape[1], _MOST_COLUMNS)

    def cell(self, row: int, column: int) -> Any:
        """Return a number, or any other element as text."""
        array = self.array
        at: tuple[int, ...] = (row, column) if array.ndim == 2 else (row * _ACROSS + column,)
        inside = all(0 <= one < length for one, length in zip(at, array.shape, strict=True))
        found = array[at] if inside else None
        is_plain = found is None or (isinstance(found, np.generic) and not found.dtype.names)
        return found if is_plain else np.str_(str(found))

    def column_name(self, column: int) -> str:
        """Return a column's number; of a 1-D array what is added to the row's."""
        return str(column) if self.array.ndim == 2 else f"+{column}"

    def row_name(self, row: int) -> str:
        """Return a row's number; of a 1-D array that of its first element."""
        return str(row if self.array.ndim == 2 else row * _ACROSS)

    def column_path(self, column: int) -> Path:
        """Return the way to a column of a plane."""
        if self.array.ndim != 2 or not self._has_places:
            return ()
        return (self._step(":", column),)

    def cell_path(self, row: int, column: int) -> Path:
        """Return the way to a number."""
        if not self._has_places or self.cell(row, column) is None:
            return ()
        return (self._step(row, column) if self.array.ndim == 2 else f"[{row * _ACROSS + column}]",)

    @property
    def _has_places(self) -> bool:
        value = self.value
        has_numbers = value is not None and value.array.dtype.kind in NUMBER_KINDS
        return value is not None and has_numbers and value.array.ndim > 0 and not value.reduced

    def _step(self, *place: object) -> str:
        before = (self.value.array.ndim if self.value is not None else 2) - 2
        return f"[{', '.join(map(str, (*[0] * before, *place)))}]"


class GridLens(NumbersLens):
    """The newest array."""

    model: GridModel

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__(theme, color, GridModel())
        self.view.setAccessibleName("value as a grid of numbers")

    def show_history(self, history: HistoryReader) -> None:
        """Show the newest value."""
        last, known = history.last, self.model.value
        value = last if isinstance(last, ArrayValue) else None
        if value is known and value is not None:
            return
        self.view.empty_sentence = _why_empty(value)
        is_same = value is not None and known is not None and value.array.shape == known.array.shape
        self.reload(lambda: setattr(self.model, "value", value), is_same=is_same)

    def where_text(self) -> str:
        """Return how a place is written."""
        return "row, column" if self.model.array.ndim == 2 else "index"

    def place_of(self, numbers: Sequence[int]) -> tuple[int, int] | None:
        """Return the place of an index, or of row and column; negative ones count from the end."""
        array = self.model.array
        if len(numbers) > array.ndim:
            return None
        lengths = array.shape
        at = [
            one + length if one < 0 else one for one, length in zip(numbers, lengths, strict=False)
        ]
        if any(not 0 <= one < length for one, length in zip(at, lengths, strict=False)):
            return None
        if array.ndim == 1:
            return divmod(at[0], _ACROSS)
        return at[0], at[1] if len(at) == 2 else 0

    def notes(self) -> tuple[str, ...]:
        """Say what of the array is shown."""
        value = self.model.value
        if value is None:
            return ()
        notes = []
        if value.array.ndim > 2:
            notes.append(f"at [{', '.join(['0'] * (value.array.ndim - 2))}, :, :]")
        if value.reduced:
            notes.append(f"reduced: {value.reduced}")
        array = self.model.array
        if array.ndim == 2 and array.shape[1] > _MOST_COLUMNS:
            notes.append(f"first {_MOST_COLUMNS:,} of {array.shape[1]:,} columns")
        return (*notes, *self.cut_notes())


def _why_empty(value: ArrayValue | None) -> str:
    if value is None:
        return "the newest value is no array"
    return "" if value.array.size else f"empty array, {value.dtype}"
