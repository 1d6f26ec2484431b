"""Trace grid: how many columns and rows a number of plots takes in a room of a given size. Pure."""

from dataclasses import dataclass
from math import ceil

MIN_WIDTH_PX = 196
MIN_HEIGHT_PX = 120
_GOOD_ASPECT = 2.6  # of the data, to which a dock adds its tab, the header and the labels
_AROUND_WIDTH_PX, _AROUND_HEIGHT_PX = 40, 60


def _badness(count: int, columns: int, width_px: int, height_px: int) -> float:
    rows = ceil(count / columns)
    width = width_px / columns - _AROUND_WIDTH_PX
    height = height_px / rows - _AROUND_HEIGHT_PX
    aspect = max(width, 1.0) / max(height, 1.0)
    misshape = max(aspect / _GOOD_ASPECT, _GOOD_ASPECT / aspect)
    empty_cells = columns * rows - count
    return misshape + 0.25 * empty_cells / count


@dataclass(frozen=True, slots=True)
class Grid:
    """Plots stand in ``columns`` times ``rows`` cells; of more plots several share a cell."""

    columns: int
    rows: int

    @property
    def cells(self) -> int:
        """How many there are."""
        return self.columns * self.rows


def choose_grid(count: int, width_px: int, height_px: int) -> Grid:
    """Return the grid for a number of plots.

    Each has a cell of its own as long as all can be read in the room there is; when they cannot,
    there are as many cells as can, and each has about as many plots as any other.
    """
    most_rows = max(1, height_px // MIN_HEIGHT_PX)
    most_columns = max(1, width_px // MIN_WIDTH_PX)
    able = [
        columns
        for columns in range(1, min(count, most_columns) + 1)
        if ceil(count / columns) <= most_rows
    ]
    if not able:
        return Grid(most_columns, most_rows)
    columns = min(able, key=lambda one: _badness(count, one, width_px, height_px))
    return Grid(columns, ceil(count / columns))
