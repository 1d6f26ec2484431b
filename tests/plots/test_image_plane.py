"""Images as pixels: levels, colours, and which rows and columns are drawn."""

import numpy as np
import pytest

from pyprobe.plots.color_map import LEVELS, color_table
from pyprobe.plots.image_levels import Levels, auto_levels
from pyprobe.plots.image_plane import colored, plane_of, sampled

TABLE = color_table("#d0d4da")
MISSING = 0xFFD0D4DA


def test_levels_are_the_finite_extremes() -> None:
    assert auto_levels(np.array([[1.0, np.nan], [np.inf, 5.0]])) == (1.0, 5.0)


@pytest.mark.parametrize(
    ("image", "levels"),
    [
        (np.empty((0, 5)), (0.0, 1.0)),
        (np.full((2, 2), np.nan), (0.0, 1.0)),
        (np.zeros((3, 3)), (-0.5, 0.5)),
        (np.full((2, 2), 1000.0), (999.0, 1001.0)),
        (np.array([[-1e308, 1e308]]), (-1e308, 1e308)),
        (np.array([[0, 255]], np.uint8), (0.0, 255.0)),
    ],
)
def test_levels_of_odd_images(image: np.ndarray, levels: tuple[float, float]) -> None:
    assert auto_levels(image) == pytest.approx(levels)


def test_colours_run_from_low_to_high_and_nan_stands_out() -> None:
    plane = np.array([[0.0, 1.0, np.nan], [-np.inf, np.inf, 0.5]])
    colors = colored(plane, Levels(0.0, 1.0), TABLE)
    low, high = int(TABLE[0]), int(TABLE[LEVELS - 1])
    assert colors[0].tolist() == [low, high, MISSING]
    assert colors[1].tolist() == [low, high, int(TABLE[128])]
    assert (low, high) == (0xFF440154, 0xFFFDE725)  # viridis


def test_bytes_take_the_short_way_with_the_same_result() -> None:
    image = np.arange(256, dtype=np.uint8).reshape(16, 16)
    short = colored(image, Levels(0.0, 255.0), TABLE)
    assert (short == TABLE[:LEVELS].reshape(16, 16)).all()


def test_colours_of_the_largest_range() -> None:
    colors = colored(np.array([[-1e308, 0.0, 1e308]]), Levels(-1e308, 1e308), TABLE)
    assert colors[0].tolist() == [int(TABLE[0]), int(TABLE[128]), int(TABLE[255])]


def test_planes_of_complex_and_bool() -> None:
    assert plane_of(np.array([[3 + 4j]])).tolist() == [[5.0]]
    bools = plane_of(np.array([[True, False]]))
    assert bools.tolist() == [[1, 0]]


def test_few_rows_are_all_drawn_many_one_for_each_pixel() -> None:
    assert sampled(10, 2, 8, 100) == slice(2, 8)
    rows = sampled(10_000, 0, 10_000, 100)
    assert not isinstance(rows, slice)
    assert len(rows) == 100
    assert rows[0] == 50
    assert rows[-1] == 9950
    assert sampled(5, 7, 3, 10) == slice(7, 7)
