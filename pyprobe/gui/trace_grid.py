"""Trace grid: how many columns and rows a number of plots takes in a room of a given size. Pure."""

from math import ceil

MIN_WIDTH_PX = 250
MIN_HEIGHT_PX = 130
_GOOD_ASPECT = 2.6  # of the data, to which a dock adds its tab, the header and the labels
_AROUND_WIDTH_PX, _AROUND_HEIGHT_PX = 40, 60


def choose_columns(count: int, width_px: int, height_px: int) -> int:
    """Return the number of columns that brings every plot nearest to a good shape.

    A plot narrower than ``MIN_WIDTH_PX`` is avoided as long as there is another way.
    """
    most = max(1, min(count, width_px // MIN_WIDTH_PX))
    return min(
        range(1, most + 1), key=lambda columns: _badness(count, columns, width_px, height_px)
    )


def _badness(count: int, columns: int, width_px: int, height_px: int) -> float:
    rows = ceil(count / columns)
    width = width_px / columns - _AROUND_WIDTH_PX
    height = height_px / rows - _AROUND_HEIGHT_PX
    aspect = max(width, 1.0) / max(height, 1.0)
    misshape = max(aspect / _GOOD_ASPECT, _GOOD_ASPECT / aspect)
    empty_cells = columns * rows - count
    return misshape + 0.25 * empty_cells / count


def deal(count: int, columns: int) -> list[list[int]]:
    """Deal positions 0 … count-1 row by row into columns; the last row may be short."""
    return [list(range(column, count, columns)) for column in range(columns)]


def rows_that_fit(height_px: int) -> int:
    """Return how many plots fit above each other; the others are tabbed."""
    return max(1, height_px // MIN_HEIGHT_PX)
