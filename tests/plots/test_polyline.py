"""Series as Qt shapes: exact coordinates, broken at gaps; and the map from data to pixels."""

import numpy as np
import pytest
from PyQt6.QtCore import QLineF
from PyQt6.QtGui import QImage, QPainter

from pyprobe.plots.curves import Curve, PlacedCurve, zigzag
from pyprobe.plots.plot_frame import FARTHEST_PX, PlotFrame
from pyprobe.plots.polyline import polyline, segments, steps
from tests.plots.polygons import polygon_points

NAN = np.nan
FRAME = PlotFrame(10, 20, 100, 50, x_low=0, x_high=10, y_low=-1, y_high=1)


def test_map_to_pixels_and_back() -> None:
    assert FRAME.x_pixels(np.array([0.0, 5.0, 10.0])).tolist() == [10, 60, 110]
    assert FRAME.y_pixels(np.array([-1.0, 0.0, 1.0])).tolist() == [70, 45, 20]
    assert FRAME.x_at(60.0) == 5.0
    assert FRAME.y_at(20.0) == 1.0
    down = PlotFrame(0, 0, 10, 10, 0, 10, 0, 10, y_down=True)
    assert down.y_pixels(np.array([2.0])).tolist() == [2.0]
    assert down.y_at(2.0) == 2.0


def test_map_of_the_largest_floats_stays_finite() -> None:
    frame = PlotFrame(0, 0, 100, 100, 0, 1, -1.7e308, 1.7e308)
    assert frame.y_pixels(np.array([-1.7e308, 0.0, 1.7e308])).tolist() == [100, 50, 0]
    near = PlotFrame(0, 0, 100, 100, 0, 1, 0, 1e-300)
    assert np.abs(near.y_pixels(np.array([1e308, -1e308]))).max() == FARTHEST_PX
    assert np.isnan(near.y_pixels(np.array([NAN]))).all()


def test_a_whole_series_is_one_piece() -> None:
    line = polyline(np.arange(3.0), np.array([5.0, 6.0, 7.0]))
    assert len(line.pieces) == 1
    assert polygon_points(line.pieces[0]).tolist() == [[0, 5], [1, 6], [2, 7]]
    assert line.dots.size() == 0


def test_the_extremes_of_a_column_between_empty_ones_are_a_dot_if_they_are_near() -> None:
    x = np.repeat(np.arange(5.0), 2)
    y = np.array([NAN, NAN, 3.0, 3.0, NAN, NAN, 1.0, 8.0, NAN, NAN])
    line = polyline(x, y)
    assert polygon_points(line.dots).tolist() == [[1, 3]]
    assert [polygon_points(piece).tolist() for piece in line.pieces] == [[[3, 1], [3, 8]]]
    assert polygon_points(polyline(np.zeros(2), np.full(2, 4.0)).dots).tolist() == [[0, 4]]


def test_gaps_break_the_line_and_lonely_points_become_dots() -> None:
    y = np.array([NAN, 1.0, 2.0, NAN, 3.0, NAN, np.inf, 4.0, 5.0])
    line = polyline(np.arange(9.0), y)
    assert [polygon_points(piece).tolist() for piece in line.pieces] == [
        [[1, 1], [2, 2]],
        [[7, 4], [8, 5]],
    ]
    assert polygon_points(line.dots).tolist() == [[4, 3]]


def test_nothing_and_one_point() -> None:
    assert polyline(np.empty(0), np.empty(0)).pieces == ()
    assert polyline(np.arange(2.0), np.full(2, NAN)).dots.size() == 0
    assert polygon_points(polyline(np.array([3.0]), np.array([4.0])).dots).tolist() == [[3, 4]]


def test_segments_join_finite_neighbours_only() -> None:
    shape = segments(np.arange(4.0), np.array([1.0, 2.0, NAN, 4.0]))
    assert shape.ends.tolist() == [[0, 1, 1, 2]]
    assert shape.lines[0] == QLineF(0, 1, 1, 2)
    assert len(segments(np.empty(0), np.empty(0)).ends) == 0


def test_steps_hold_every_value_until_the_next() -> None:
    x, y = steps(np.array([0.0, 1.0, 2.0]), np.array([5.0, 6.0, 7.0]))
    assert list(zip(x.tolist(), y.tolist(), strict=True)) == [
        (0, 5),
        (1, 5),
        (1, 6),
        (2, 6),
        (2, 7),
    ]


def test_sparse_curves_are_segments_dense_ones_polylines() -> None:
    x = np.linspace(0, 10, 21)
    sparse = PlacedCurve(Curve("", "#000000", x, np.zeros(21)), FRAME, 1.0)
    assert sparse.segments is not None
    assert len(sparse.segments.ends) == 20
    x = np.linspace(0, 10, 500)
    dense = PlacedCurve(Curve("", "#000000", x, np.zeros(500)), FRAME, 1.0)
    assert dense.segments is None
    assert dense.line.pieces[0].size() == 500
    # On a fine screen the same points lie farther apart.
    fine = PlacedCurve(Curve("", "#000000", x, np.zeros(500)), FRAME, 8.0)
    assert fine.segments is not None


@pytest.mark.parametrize(("ratio", "rows"), [(1.0, 1), (2.0, 2)])
def test_a_dense_line_is_as_wide_on_a_screen_of_small_pixels(ratio: float, rows: int) -> None:
    x = np.linspace(0, 10, 2000)
    dense = PlacedCurve(Curve("", "#000000", x, np.full(2000, 0.5)), FRAME, ratio)
    side = round(ratio * 200)
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    dense.paint(painter)
    painter.end()
    middle = round(ratio * (FRAME.left + FRAME.width / 2))
    black = [row for row in range(side) if image.pixelColor(middle, row).lightness() < 128]
    assert len(black) == rows


def test_a_dense_line_of_infinities_is_drawn_where_it_is_finite() -> None:
    y = np.zeros(500)
    y[10:20] = [np.inf, -np.inf] * 5
    line = PlacedCurve(Curve("", "#000000", np.linspace(0, 10, 500), y), FRAME, 2.0)
    assert not line.is_sparse


def test_extremes_are_drawn_up_one_column_and_down_the_next() -> None:
    x = np.repeat(np.arange(4.0), 2)
    y = np.array([0.0, 9.0, 1.0, 8.0, 2.0, 7.0, NAN, NAN])
    np.testing.assert_array_equal(zigzag(x, y), [0, 9, 8, 1, 2, 7, NAN, NAN])
    odd = np.arange(5.0)
    assert zigzag(odd, odd) is odd
    assert zigzag(np.arange(8.0), y) is y  # no pairs


def test_a_point_between_gaps_is_marked_and_the_newest_is_known() -> None:
    x = np.linspace(0, 10, 21)
    y = np.zeros(21)
    y[[3, 5]] = NAN
    placed = PlacedCurve(Curve("", "#000000", x, y), FRAME, 1.0)
    assert polygon_points(placed.dots).tolist() == [[30.0, 45.0]]
    assert placed.newest is not None
    assert (placed.newest.x(), placed.newest.y()) == (110.0, 45.0)
    y[-1] = NAN
    assert PlacedCurve(Curve("", "#000000", x, y), FRAME, 1.0).newest is None
