"""The grid of plots: columns that give every plot a good shape, and nothing dealt twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyprobe.gui.trace_grid import MIN_WIDTH_PX, choose_columns, deal, rows_that_fit


@pytest.mark.parametrize(
    ("count", "width_px", "height_px", "columns"),
    [
        *((1, 600, 450, 1), (2, 600, 450, 1), (4, 600, 450, 2), (16, 1600, 1100, 4)),
        *((3, 300, 900, 1), (3, 650, 545, 1), (4, 650, 545, 2), (5, 650, 545, 2)),
    ],
)
def test_columns(count: int, width_px: int, height_px: int, columns: int) -> None:
    assert choose_columns(count, width_px, height_px) == columns


@given(st.integers(1, 60), st.integers(0, 4000), st.integers(0, 3000))
def test_plots_are_wide_enough_and_all_dealt(count: int, width_px: int, height_px: int) -> None:
    columns = choose_columns(count, width_px, height_px)
    assert columns == 1 or width_px / columns >= MIN_WIDTH_PX
    dealt = deal(count, columns)
    assert sorted(position for column in dealt for position in column) == list(range(count))
    assert all(dealt)
    assert rows_that_fit(height_px) >= 1
