"""Scalar history: what is drawn equals the history's envelope; the user's ranges stay."""

import numpy as np
import pytest
from PyQt6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from pyprobe.plots.axis_range import AxisRange, RangeMode
from pyprobe.plots.scalar_history import ScalarHistoryLens
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.session.probe import Probe
from tests.plots.conftest import MakePanel
from tests.plots.hands import RIGHT, double_click, drag, hover, middle, press, wheel
from tests.plots.polygons import polygon_points
from tests.plots.samples import append_scalars, make_probe


def shown(probe: Probe, make_panel: MakePanel) -> tuple[TracePanel, ScalarHistoryLens]:
    panel = make_panel(probe)
    panel.refresh()
    assert isinstance(panel.lens, ScalarHistoryLens)
    return panel, panel.lens


def ends(axis: AxisRange) -> tuple[float, float]:
    return axis.low, axis.high


def mode(axis: AxisRange) -> RangeMode:
    return axis.mode


def test_few_values_are_drawn_exactly(make_panel: MakePanel) -> None:
    probe = make_probe()
    values = np.array([1.0, -2.0, 0.5])
    append_scalars(probe, values)
    _, lens = shown(probe, make_panel)
    curve, placed = lens.curves[0], lens.placed[0]
    assert curve.x.tolist() == [0, 1, 2]
    assert curve.y.tolist() == values.tolist()
    assert polygon_points(placed.dots).tolist() == pytest.approx(
        np.column_stack((lens.frame.x_pixels(curve.x), lens.frame.y_pixels(curve.y)))
    )
    assert lens.y_range.low == pytest.approx(-2 - 3 * 0.06)
    assert lens.y_range.high == pytest.approx(1 + 3 * 0.06)


def test_a_million_values_are_drawn_by_the_pixel(make_panel: MakePanel) -> None:
    probe = make_probe()
    values = np.zeros(1_000_000)
    values[654_321] = 9.0  # one spike
    append_scalars(probe, values)
    _, lens = shown(probe, make_panel)
    columns = int(lens.frame.width)
    x, y = probe.history.envelope(lens.x_range.low - 1, lens.x_range.high + 1, columns)
    np.testing.assert_array_equal(lens.curves[0].x, x)
    np.testing.assert_array_equal(lens.curves[0].y, y)
    assert len(y) <= 2 * columns + 4
    assert np.nanmax(y) == 9.0
    assert polygon_points(lens.placed[0].line.pieces[0]).shape == (len(y), 2)
    assert any(note.startswith("min/max of ") for note in lens.notes())


def test_the_newest_value_is_at_the_right_and_drawn_at_once(make_panel: MakePanel) -> None:
    probe = make_probe()
    append_scalars(probe, np.arange(1000.0))
    panel, lens = shown(probe, make_panel)
    append_scalars(probe, np.array([-500.0]))  # the last of a burst
    panel.refresh()
    newest = lens.placed[0].newest
    assert newest is not None
    assert newest.x() == pytest.approx(lens.frame.x_pixels(np.array([1000.0]))[0])
    assert 0 < lens.frame.right - newest.x() <= 8
    assert newest.y() == pytest.approx(lens.frame.y_pixels(np.array([-500.0]))[0])
    assert panel.header.content is not None
    assert panel.header.content.value == "-500"


def test_ranges_the_user_set_stay_while_values_stream_in(make_panel: MakePanel) -> None:
    probe = make_probe()
    append_scalars(probe, np.sin(np.arange(500.0)))
    panel, lens = shown(probe, make_panel)
    before_x, before_y = ends(lens.x_range), ends(lens.y_range)
    wheel(lens, middle(lens), 3)
    zoomed = ends(lens.x_range)
    assert zoomed[1] - zoomed[0] == pytest.approx(0.8**3 * (before_x[1] - before_x[0]))
    for step in range(20):
        append_scalars(probe, np.full(10, 5.0 * step))
        panel.refresh()
    assert ends(lens.x_range) == zoomed
    assert mode(lens.y_range) is RangeMode.AUTO  # the other axis still follows the data
    assert ends(lens.y_range) == pytest.approx(before_y, abs=0.2)  # what is in view has not changed
    assert not lens.auto_action.isChecked()
    lens.auto_action.trigger()
    assert lens.auto_action.isChecked()
    assert lens.x_range.low == 0.0
    assert lens.x_range.high > 699
    assert lens.y_range.high > 95.0


def test_a_user_range_of_the_value_axis_stays_too(make_panel: MakePanel) -> None:
    probe = make_probe()
    append_scalars(probe, np.arange(100.0))
    panel, lens = shown(probe, make_panel)
    wheel(lens, middle(lens), 2, Qt.KeyboardModifier.ControlModifier)
    y = ends(lens.y_range)
    append_scalars(probe, np.array([1e9]))
    panel.refresh()
    assert ends(lens.y_range) == y
    assert mode(lens.x_range) is RangeMode.AUTO
    assert lens.x_range.high > 100


def test_the_wheel_over_an_axis_zooms_that_axis(make_panel: MakePanel) -> None:
    probe = make_probe()
    append_scalars(probe, np.arange(100.0))
    _, lens = shown(probe, make_panel)
    x = ends(lens.x_range)
    wheel(lens, QPointF(lens.frame.left - 5, lens.frame.top + 20))
    assert ends(lens.x_range) == x
    assert mode(lens.y_range) is RangeMode.USER
    y = ends(lens.y_range)
    wheel(lens, QPointF(lens.frame.left + 50, lens.frame.bottom + 5))
    assert ends(lens.y_range) == y
    assert mode(lens.x_range) is RangeMode.USER


def test_dragging_along_one_axis_leaves_the_other_alone(make_panel: MakePanel) -> None:
    probe = make_probe()
    append_scalars(probe, np.arange(100.0))
    _, lens = shown(probe, make_panel)
    low, high = ends(lens.x_range)
    drag(lens, middle(lens), QPointF(100, 6))
    moved = (high - low) * 100 / lens.frame.width
    assert ends(lens.x_range) == pytest.approx((low - moved, high - moved))
    assert mode(lens.y_range) is RangeMode.AUTO


def test_a_rubber_band_zooms_to_what_it_holds(make_panel: MakePanel) -> None:
    probe = make_probe()
    append_scalars(probe, np.arange(100.0))
    _, lens = shown(probe, make_panel)
    frame, start = lens.frame, middle(lens)
    drag(lens, start, QPointF(120, 60), button=RIGHT)
    assert ends(lens.x_range) == pytest.approx((frame.x_at(start.x()), frame.x_at(start.x() + 120)))
    assert ends(lens.y_range) == pytest.approx((frame.y_at(start.y() + 60), frame.y_at(start.y())))
    double_click(lens, middle(lens))
    assert lens.is_auto()
    assert lens.x_range.low == 0.0


def test_keys_do_what_the_menu_says(make_panel: MakePanel, qtbot: QtBot) -> None:
    probe = make_probe()
    append_scalars(probe, np.arange(100.0))
    panel, lens = shown(probe, make_panel)
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    lens.setFocus()
    press(lens, Qt.Key.Key_Right)
    assert mode(lens.x_range) is RangeMode.USER
    press(lens, Qt.Key.Key_A)
    assert mode(lens.x_range) is RangeMode.AUTO
    press(lens, Qt.Key.Key_F)
    assert mode(lens.x_range) is RangeMode.FOLLOW
    assert lens.follow_action.isChecked()
    press(lens, Qt.Key.Key_T)
    assert lens.axis == "time"
    press(lens, Qt.Key.Key_G)
    assert not lens.grid_action.isChecked()
    press(lens, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert mode(lens.y_range) is RangeMode.USER


def test_following_scrolls_with_a_fixed_width(make_panel: MakePanel) -> None:
    probe = make_probe()
    append_scalars(probe, np.arange(100.0))
    panel, lens = shown(probe, make_panel)
    lens.x_range.set_user(50.0, 100.0)
    lens.follow_action.trigger()
    append_scalars(probe, np.arange(200.0))
    panel.refresh()
    low, high = ends(lens.x_range)
    assert high - low == pytest.approx(50.0)
    assert 299.0 < high < 300.0
    assert lens.is_auto()  # nothing is in the user's hands but the width


def test_the_time_axis_is_in_seconds(make_panel: MakePanel) -> None:
    probe = make_probe()
    append_scalars(probe, np.arange(101.0))  # one a millisecond
    _, lens = shown(probe, make_panel)
    lens.time_action.trigger()
    assert lens.x_range.low == 0.0
    assert lens.x_range.high == pytest.approx(0.1, rel=0.02)
    assert lens.curves[0].x[-1] == pytest.approx(0.1)
    assert lens.axes.x.note == "ms"


def test_complex_values_are_two_curves(make_panel: MakePanel) -> None:
    probe = make_probe()
    append_scalars(probe, np.array([1 + 2j, 3 - 4j]))
    _, lens = shown(probe, make_panel)
    assert [curve.name for curve in lens.curves] == ["re", "im"]
    assert lens.curves[0].y.tolist() == [1, 3]
    assert lens.curves[1].y.tolist() == [2, -4]
    assert [entry.text for entry in lens.axes.legend] == ["re", "im"]
    assert lens.curves[0].color != lens.curves[1].color


def test_bools_are_steps_with_whole_ticks(make_panel: MakePanel) -> None:
    probe = make_probe()
    append_scalars(probe, np.array([True, False, True]))
    _, lens = shown(probe, make_panel)
    assert lens.axes.y.labels == ("0", "1")
    segments = lens.placed[0].segments
    assert segments is not None
    assert len(segments.ends) == 4  # across, down, across, up
    x = segments.ends[:, [0, 2]]
    y = segments.ends[:, [1, 3]]
    assert all((a == b) != (c == d) for (a, b), (c, d) in zip(x, y, strict=True))


def test_only_nan_says_so(make_panel: MakePanel) -> None:
    probe = make_probe()
    append_scalars(probe, np.full(10, np.nan))
    panel, lens = shown(probe, make_panel)
    assert lens.empty_sentence == "only NaN and infinities here"
    append_scalars(probe, np.array([2.0]))
    panel.refresh()
    assert lens.empty_sentence == ""
    assert ends(lens.y_range) == pytest.approx((1.8 - 0.024, 2.2 + 0.024))


def test_nan_never_spoils_the_range(make_panel: MakePanel) -> None:
    probe = make_probe()
    append_scalars(probe, np.array([0.0, np.nan, np.inf, 10.0, -np.inf]))
    _, lens = shown(probe, make_panel)
    assert ends(lens.y_range) == pytest.approx((-0.6, 10.6))


def test_the_value_under_the_mouse_stands_in_the_header(make_panel: MakePanel) -> None:
    probe = make_probe()
    append_scalars(probe, np.array([1.0, 7.5, 3.0]))
    panel, lens = shown(probe, make_panel)
    x = lens.frame.x_pixels(np.array([1.0]))[0]
    hover(lens, QPointF(float(x) + 4, middle(lens).y()))
    assert panel.header.readout == "capture 1: 7.5"
    hover(lens, QPointF(2, 2))
    assert panel.header.readout == ""


def test_a_refresh_costs_by_the_pixel_not_by_the_history(make_panel: MakePanel) -> None:
    sizes = []
    for count in (100_000, 2_000_000):
        probe = make_probe()
        append_scalars(probe, np.random.default_rng(0).normal(size=count))
        _, lens = shown(probe, make_panel)
        sizes.append(len(lens.curves[0].x))
    assert sizes[1] <= sizes[0] * 1.5
