"""The grid of plots: each has a cell while it can be read there, and a good shape."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyprobe.gui.trace_grid import MIN_HEIGHT_PX, MIN_WIDTH_PX, Grid, choose_grid


@pytest.mark.parametrize(
    ("count", "width_px", "height_px", "grid"),
    [
        *((1, 600, 450, (1, 1)), (2, 600, 450, (1, 2)), (4, 600, 450, (2, 2))),
        *((3, 300, 900, (1, 3)), (3, 650, 545, (1, 3)), (4, 650, 545, (2, 2))),
        *((5, 650, 545, (2, 3)), (16, 1600, 1100, (4, 4))),
        # a cell for each, as long as they can be read
        (9, 602, 430, (3, 3)),
        *((12, 650, 545, (3, 4)), (30, 1300, 800, (5, 6))),
        # as many cells as there is room for
        *((13, 650, 545, (3, 4)), (1000, 650, 545, (3, 4)), (7, 100, 50, (1, 1))),
    ],
)
def test_the_grid(count: int, width_px: int, height_px: int, grid: tuple[int, int]) -> None:
    assert choose_grid(count, width_px, height_px) == Grid(*grid)


@given(st.integers(1, 60), st.integers(0, 4000), st.integers(0, 3000))
def test_plots_can_be_read_and_share_cells_only_where_they_must(
    count: int, width_px: int, height_px: int
) -> None:
    grid = choose_grid(count, width_px, height_px)
    assert grid.columns == 1 or width_px / grid.columns >= MIN_WIDTH_PX
    assert grid.rows == 1 or height_px / grid.rows >= MIN_HEIGHT_PX
    room = max(1, width_px // MIN_WIDTH_PX) * max(1, height_px // MIN_HEIGHT_PX)
    assert grid.cells >= min(count, room)
