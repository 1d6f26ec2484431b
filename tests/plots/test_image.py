"""Image: colours, levels, square pixels, the value under the mouse."""

import numpy as np
import pytest
from PyQt6.QtCore import QPointF

from pyprobe.plots.color_map import LEVELS, color_table
from pyprobe.plots.image import ImageLens
from pyprobe.plots.theme import LIGHT_THEME
from pyprobe.plots.trace_panel import TracePanel
from tests.plots.conftest import MakePanel
from tests.plots.hands import hover
from tests.plots.samples import append_array, make_probe, probe_of

TABLE = color_table(LIGHT_THEME.missing)


def shown(make_panel: MakePanel, image: np.ndarray) -> tuple[TracePanel, ImageLens]:
    probe = make_probe()
    append_array(probe, image)
    panel = make_panel(probe)
    panel.refresh()
    assert isinstance(panel.lens, ImageLens)
    return panel, panel.lens


def test_row_zero_is_at_the_top(make_panel: MakePanel) -> None:
    panel, lens = shown(make_panel, np.array([[0.0, 1.0], [2.0, 3.0]]))
    assert lens.levels == (0.0, 3.0)
    index = [[0, 85], [170, 255]]
    assert lens.drawn.tolist() == [[int(TABLE[i]) for i in row] for row in index]
    picture = panel.grab().toImage()
    for row, column in ((0, 0), (0, 1), (1, 0), (1, 1)):
        x = int(lens.frame.x_pixels(np.array([float(column)]))[0])
        y = int(lens.frame.y_pixels(np.array([float(row)]))[0]) + lens.y()
        assert picture.pixel(x, y) == int(TABLE[index[row][column]])


def test_pixels_are_square(make_panel: MakePanel) -> None:
    _, lens = shown(make_panel, np.zeros((30, 40)))
    frame = lens.frame
    per_x = frame.width / (frame.x_high - frame.x_low)
    per_y = frame.height / (frame.y_high - frame.y_low)
    assert per_x == pytest.approx(per_y, rel=0.02)
    assert frame.x_low <= -0.5 + 1e-9
    assert frame.x_high >= 39.5 - 1e-9
    lens.square_action.trigger()
    assert (lens.x_range.low, lens.x_range.high) == (-0.5, 39.5)


def test_square_pixels_follow_the_image_and_the_panel(make_panel: MakePanel) -> None:
    panel, lens = shown(make_panel, np.zeros((30, 40)))
    append_array(probe_of(panel), np.zeros((200, 100)))
    panel.refresh()
    panel.resize(400, 500)
    frame = lens.frame
    per_x = frame.width / (frame.x_high - frame.x_low)
    per_y = frame.height / (frame.y_high - frame.y_low)
    assert per_x == pytest.approx(per_y, rel=0.02)
    # The image fills one of the two directions.
    fills_x = frame.x_high - frame.x_low == pytest.approx(100)
    fills_y = frame.y_high - frame.y_low == pytest.approx(200)
    assert fills_x or fills_y


def test_large_images_are_drawn_by_the_pixel(make_panel: MakePanel) -> None:
    _, lens = shown(make_panel, np.zeros((3000, 4000)))
    assert lens.drawn.shape[0] <= lens.frame.height + 1
    assert lens.drawn.shape[1] <= lens.frame.width + 1
    assert any(note.startswith("drawn 1 / ") for note in lens.notes())


def test_nan_is_seen_as_missing_and_spoils_nothing(make_panel: MakePanel) -> None:
    _, lens = shown(make_panel, np.array([[np.nan, 1.0], [np.inf, 2.0]]))
    assert lens.levels == (1.0, 2.0)
    assert lens.drawn[0].tolist() == [int(TABLE[LEVELS]), int(TABLE[0])]
    assert lens.drawn[1].tolist() == [int(TABLE[255]), int(TABLE[255])]


def test_bool_complex_and_empty(make_panel: MakePanel) -> None:
    _, lens = shown(make_panel, np.array([[True, True]]))
    assert lens.levels == (0.0, 1.0)
    _, lens = shown(make_panel, np.array([[3 + 4j, 0j]]))
    assert lens.levels == (0.0, 5.0)
    assert "magnitude" in lens.notes()
    _, lens = shown(make_panel, np.empty((0, 7)))
    assert lens.empty_sentence == "empty image, 0 × 7"


def test_the_value_under_the_mouse(make_panel: MakePanel) -> None:
    image = np.arange(12).reshape(3, 4)
    panel, lens = shown(make_panel, image)
    x = int(lens.frame.x_pixels(np.array([2.0]))[0])
    y = int(lens.frame.y_pixels(np.array([1.0]))[0])
    hover(lens, QPointF(x, y))
    assert panel.header.readout == "[1, 2]: 6"


def test_a_user_view_stays_when_the_next_image_comes(make_panel: MakePanel) -> None:
    panel, lens = shown(make_panel, np.zeros((30, 40)))
    lens.x_range.set_user(5.0, 15.0)
    lens.y_range.set_user(5.0, 10.0)
    append_array(probe_of(panel), np.ones((60, 80)))
    panel.refresh()
    assert (lens.frame.x_low, lens.frame.x_high) == (5.0, 15.0)
    assert (lens.frame.y_low, lens.frame.y_high) == (5.0, 10.0)
    assert lens.drawn.shape == (6, 11)
