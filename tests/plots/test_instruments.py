"""Cursors, markers, measurements, typed and locked ranges, logarithmic axes, mouse modes."""

from collections.abc import Callable

import numpy as np
import pytest
from PyQt6.QtCore import QEvent, QPointF, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pyprobe.plots.axis_end import Axis, AxisEnd, axis_end_at
from pyprobe.plots.axis_range import RangeMode
from pyprobe.plots.axis_scale import AxisScale, log_ticks
from pyprobe.plots.builtin_lenses import registry
from pyprobe.plots.gestures import PointerMode
from pyprobe.plots.measured_canvas import MeasuredCanvas
from pyprobe.plots.note_editor import NoteEditor
from pyprobe.plots.range_editor import RangeEditor
from pyprobe.plots.readings import Reading
from pyprobe.plots.theme import LIGHT_THEME
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.plots.waveform import WaveformLens
from tests.plots.conftest import MakePanel
from tests.plots.hands import LEFT, drag, mouse
from tests.plots.samples import append_array, append_scalars, make_probe

# Lenses that draw something else than curves.
OTHERS = {
    *("big number", "image", "heat map", "waterfall", "table", "tree", "text", "grid"),
    *("list of captures", "image of its numbers", "state timeline"),
}


@pytest.fixture
def panel(make_panel: MakePanel) -> TracePanel:
    probe = make_probe()
    append_array(probe, np.arange(0.0, 1000.0, 10.0))
    made = make_panel(probe)
    made.refresh()
    return made


@pytest.fixture
def lens(panel: TracePanel) -> WaveformLens:
    assert isinstance(panel.lens, WaveformLens)
    return panel.lens


def press_key(lens: WaveformLens, key: Qt.Key, keys: Qt.KeyboardModifier | None = None) -> None:
    modifiers = keys if keys is not None else Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(lens, QKeyEvent(QEvent.Type.KeyPress, key, modifiers))


def pixel(lens: WaveformLens, x: float, y: float) -> QPointF:
    frame = lens.frame
    across = frame.x_pixels(np.array([x])).item()
    return QPointF(across, frame.y_pixels(np.array([y])).item())


def values(rows: list[Reading], title: str) -> dict[str, str]:
    return next(dict(row.values) for row in rows if row.title == title)


def double_click(lens: WaveformLens, place: QPointF) -> None:
    mouse(lens, QEvent.Type.MouseButtonDblClick, place, LEFT, LEFT)


def carry(lens: WaveformLens, start: QPointF, end: QPointF) -> None:
    drag(lens, start, end - start)


# Cursors.


def test_cursors_tell_both_places_and_what_lies_between(lens: WaveformLens) -> None:
    lens.instruments.cursor_action.trigger()
    lens.instruments.cursors.set((20.0, 30.0))
    rows = lens.readings()
    assert values(rows, "cursors") == {
        "A": "sample 20",
        "B": "sample 30",
        "Δx": "10",
        "1/Δx": "0.1",
    }
    assert values(rows, "") == {"A": "200", "B": "300", "Δy": "100"}


def test_a_cursor_is_dragged_and_stays_with_the_data(lens: WaveformLens) -> None:
    lens.instruments.cursor_action.trigger()
    lens.instruments.cursors.set((20.0, 60.0))
    start = pixel(lens, 60.0, 500.0)
    carry(lens, start, pixel(lens, 80.0, 500.0))
    assert lens.instruments.cursors.x == pytest.approx([20.0, 80.0], abs=0.5)
    assert (lens.x_range.low, lens.x_range.high) == (0.0, 99.0)  # the view has not moved
    press_key(lens, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert lens.instruments.cursors.x is not None
    assert lens.instruments.cursors.x[1] < 80.0


def test_cursors_are_undone(panel: TracePanel, lens: WaveformLens) -> None:
    changes: list[tuple[str, Callable[[], None], Callable[[], None]]] = []
    panel.done.connect(lambda text, redo, undo, _merge: changes.append((text, redo, undo)))
    lens.instruments.cursor_action.trigger()
    assert changes[-1][0] == "show cursors"
    changes[-1][2]()
    assert not lens.instruments.cursors.is_shown
    assert not lens.instruments.cursor_action.isChecked()
    changes[-1][1]()
    assert lens.instruments.cursors.is_shown


# Measurements.


def test_measurements_are_of_what_is_in_view_or_between_the_cursors(
    panel: TracePanel, lens: WaveformLens
) -> None:
    assert not panel.strip.isVisible()
    lens.instruments.measure_action.trigger()
    assert panel.strip.isVisible()
    assert values(lens.readings(), "")["max"] == "990"
    lens.x_range.set_user(10.0, 19.5)
    lens.rebuild()
    measured = values(lens.readings(), "")
    assert (measured["n"], measured["min"], measured["max"]) == ("10", "100", "190")
    lens.instruments.cursors.set((12.0, 14.0))
    measured = values(lens.readings()[-1:], "")
    assert (measured["n"], measured["mean"], measured["p-p"]) == ("3", "130", "20")
    panel.strip.copy()
    clipboard = QApplication.clipboard()
    assert clipboard is not None
    assert "mean\t130" in clipboard.text()


# Markers.


def test_a_marker_snaps_to_the_data_and_has_a_note(
    panel: TracePanel, lens: WaveformLens, qtbot: QtBot
) -> None:
    names: list[str] = []
    panel.done.connect(lambda text, *_rest: names.append(text))
    place = pixel(lens, 40.2, 402.0)
    mouse(lens, QEvent.Type.MouseMove, place)
    lens.instruments.marker_action.trigger()
    (marker,) = lens.instruments.markers.markers
    assert [marker.x, marker.y] == [40.0, 400.0]
    double_click(lens, pixel(lens, 40.0, 400.0))
    editor = lens.findChild(NoteEditor)
    assert editor is not None
    editor.setText("the knee")
    editor.returnPressed.emit()
    assert lens.instruments.markers.markers[0].note == "the knee"
    carry(lens, pixel(lens, 40.0, 400.0), pixel(lens, 70.0, 690.0))
    moved = lens.instruments.markers.markers[0]
    assert moved.x == pytest.approx(70.0, abs=1.0)
    assert [moved.y, moved.note] == [moved.x * 10, "the knee"]
    panel.activateWindow()  # keys of actions go to the active window
    qtbot.waitUntil(panel.isActiveWindow)
    press_key(lens, Qt.Key.Key_Delete)
    assert lens.instruments.markers.markers == []
    assert names == ["add a marker", "write a note", "move a marker", "remove a marker"]


def test_where_no_data_is_near_there_is_no_marker(lens: WaveformLens) -> None:
    said: list[str] = []
    lens.readout_changed.connect(said.append)
    mouse(lens, QEvent.Type.MouseMove, pixel(lens, 80.0, 100.0))
    lens.instruments.marker_action.trigger()
    assert lens.instruments.markers.markers == []
    assert said[-1] == "no data point is near enough for a marker"


# Ranges.


def test_the_end_of_an_axis_is_typed(lens: WaveformLens) -> None:
    frame = lens.frame
    double_click(lens, QPointF(frame.right - 5, frame.bottom + 5))
    editor = lens.findChild(RangeEditor)
    assert editor is not None
    assert editor.text() == "99"
    editor.setText("ten")
    editor.returnPressed.emit()
    assert editor.toolTip() == "'ten' is no number"
    editor.setText("-5")
    editor.returnPressed.emit()
    assert editor.toolTip() == "the lower end must be below the upper one"
    editor.setText("50")
    editor.returnPressed.emit()
    assert (lens.x_range.low, lens.x_range.high) == (0.0, 50.0)


def test_the_middle_of_an_axis_goes_back_to_the_data(lens: WaveformLens) -> None:
    lens.x_range.set_user(10.0, 20.0)
    lens.rebuild()
    frame = lens.frame
    double_click(lens, QPointF(frame.left + frame.width / 2, frame.bottom + 5))
    assert (lens.x_range.low, lens.x_range.high) == (0.0, 99.0)


def test_ends_lie_at_the_ends(lens: WaveformLens) -> None:
    frame = lens.frame
    places = [
        (QPointF(frame.left + 2, frame.bottom + 5), AxisEnd(Axis.X, False)),
        (QPointF(frame.right - 2, frame.bottom + 5), AxisEnd(Axis.X, True)),
        (QPointF(frame.left - 5, frame.top + 2), AxisEnd(Axis.Y, True)),
        (QPointF(frame.left - 5, frame.bottom - 2), AxisEnd(Axis.Y, False)),
        (QPointF(frame.left + 5, frame.top + 5), None),
    ]
    for place, end in places:
        assert axis_end_at(frame, place, has_second=False) == end


def test_a_locked_axis_is_changed_by_nobody(panel: TracePanel, lens: WaveformLens) -> None:
    before = lens.y_range.view
    lens.lock_actions[1].trigger()
    probe = make_probe()
    append_array(probe, np.full(10, 1e6))
    lens.show_history(probe.history)
    carry(lens, pixel(lens, 20.0, 300.0), pixel(lens, 20.0, 600.0))
    assert lens.y_range.view == before
    lens.lock_actions[1].trigger()
    lens.rebuild()


def test_changes_of_the_view_are_undone(panel: TracePanel, lens: WaveformLens) -> None:
    changes: list[tuple[str, Callable[[], None], Callable[[], None]]] = []
    panel.done.connect(lambda text, redo, undo, _merge: changes.append((text, redo, undo)))
    before = lens.view()
    carry(lens, pixel(lens, 20.0, 300.0), pixel(lens, 60.0, 300.0))
    after = lens.view()
    assert after != before
    (change,) = changes
    change[2]()
    assert lens.view() == before
    change[1]()
    assert lens.view() == after


@pytest.mark.parametrize(
    ("mode", "x_moves", "y_moves"),
    [
        (PointerMode.POINTER, False, False),
        (PointerMode.ZOOM, True, True),
        (PointerMode.ZOOM_X, True, False),
        (PointerMode.ZOOM_Y, False, True),
    ],
)
def test_the_mouse_does_what_its_mode_says(
    mode: PointerMode, x_moves: bool, y_moves: bool, lens: WaveformLens
) -> None:
    lens.mode_menu.choose(mode)
    carry(lens, pixel(lens, 20.0, 200.0), pixel(lens, 60.0, 700.0))
    assert (lens.x_range.mode is RangeMode.USER) is x_moves
    assert (lens.y_range.mode is RangeMode.USER) is y_moves
    if x_moves:
        assert lens.x_range.low == pytest.approx(20.0, abs=1.0)
        assert lens.x_range.high == pytest.approx(60.0, abs=1.0)


# Logarithmic axes.


def test_a_logarithmic_axis_shows_decades_and_reads_values(lens: WaveformLens) -> None:
    lens.log_action.trigger()
    assert lens.y_range.low < 1.0 < 3.0 <= lens.y_range.high + 0.1
    assert np.isnan(lens.curves[0].y[0])  # zero has no place on it
    assert lens.curves[0].y[10] == pytest.approx(2.0)
    assert lens.readout(10.0, 0.0) == "sample 10: 100"
    lens.instruments.measure_action.trigger()
    assert values(lens.readings(), "")["max"] == "990"
    frame = lens.frame
    double_click(lens, QPointF(frame.left - 5, frame.top + 2))
    editor = lens.findChild(RangeEditor)
    assert editor is not None
    editor.setText("-1")
    editor.returnPressed.emit()
    assert editor.toolTip() == "a logarithmic axis has no zero and no negative values"
    editor.setText("10000")
    editor.returnPressed.emit()
    assert lens.y_range.high == pytest.approx(4.0)


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (0.0, 3.0, ("1", "10", "100", "1000")),
        (-9.0, -6.0, ("10⁻⁹", "10⁻⁸", "10⁻⁷", "10⁻⁶")),
        (0.0, 1.0, ("1", "10")),
    ],
)
def test_ticks_of_decades(low: float, high: float, labels: tuple[str, ...]) -> None:
    assert log_ticks(low, high, 4).labels == labels


def test_ticks_within_a_decade_are_round_values() -> None:
    ticks = log_ticks(np.log10(2.1), np.log10(4.9), 5)
    assert set(ticks.labels) >= {"3", "4"}


def test_scales_turn_back() -> None:
    log = AxisScale.LOGARITHMIC
    assert log.value_at(2.0) == 100.0
    assert (log.place_of(100.0), log.place_of(0.0)) == (2.0, None)
    assert AxisScale.LINEAR.place_of(-3.0) == -3.0


# Menus.


@pytest.mark.parametrize("name", [entry for entry in registry().names() if entry not in OTHERS])
def test_every_plot_of_curves_offers_its_instruments(name: str) -> None:
    entry = registry().get(name)
    assert entry is not None
    lens = entry.build(LIGHT_THEME, "#0072b2")
    texts = {action.text() for action in lens.view_actions()}
    assert isinstance(lens, MeasuredCanvas)
    assert {"auto", "Grid", "Mouse", "Cursors", "Measurements"} <= texts
    lens.deleteLater()


# Memory.


def test_everything_is_remembered(lens: WaveformLens) -> None:
    lens.instruments.cursor_action.trigger()
    lens.instruments.cursors.set((20.0, 30.0))
    mouse(lens, QEvent.Type.MouseMove, pixel(lens, 40.0, 400.0))
    lens.instruments.marker_action.trigger()
    lens.instruments.measure_action.trigger()
    lens.x_range.set_user(5.0, 60.0)
    lens.lock_actions[0].trigger()
    lens.mode_menu.choose(PointerMode.ZOOM_X)
    state = lens.state()
    again = WaveformLens(LIGHT_THEME, "#0072b2")
    again.restore(state)
    assert again.state() == state
    assert again.x_range.is_locked
    again.deleteLater()


@pytest.mark.parametrize(
    "state",
    [
        {"cursors": [1, "b"], "markers": [{"x": "no"}, 5], "ranges": {"x": [3]}, "locked": 7},
        {"cursors": [float("nan"), 1], "ranges": [], "mouse": 5, "grid": None, "y_scale": []},
    ],
)
def test_a_damaged_memory_is_passed_over(state: dict[str, object]) -> None:
    lens = WaveformLens(LIGHT_THEME, "#0072b2")
    lens.restore(state)
    assert lens.instruments.markers.markers == []
    assert not lens.instruments.cursors.is_shown
    lens.deleteLater()


# The strip of numbers in a tile of any size.


@pytest.mark.parametrize("size", [(200, 70), (300, 120), (420, 220), (640, 130)])
def test_the_strip_stays_inside_its_panel_and_can_be_scrolled_to_the_end(
    size: tuple[int, int], make_panel: MakePanel
) -> None:
    probe = make_probe("self.oven.temperature", 1)
    append_scalars(probe, np.arange(100.0))
    panel = make_panel(probe, *size)
    assert isinstance(panel.lens, MeasuredCanvas)
    panel.lens.instruments.cursor_action.trigger()
    panel.lens.instruments.measure_action.trigger()
    QApplication.processEvents()
    strip, bar = panel.strip, panel.strip.verticalScrollBar()
    assert (panel.width(), panel.height()) == size
    assert strip.geometry().bottom() < panel.height()
    assert strip.geometry().top() >= panel.lens.geometry().bottom()
    assert bar is not None
    assert bar.maximum() > 0
    before = strip.grab().toImage()
    bar.setValue(bar.maximum())
    assert strip.grab().toImage() != before
    panel.resize(1400, 600)
    QApplication.processEvents()
    assert bar.maximum() == 0


def test_the_strip_shortens_names_by_whole_parts(make_panel: MakePanel) -> None:
    panel = make_panel(make_probe(), 200, 300)
    rows = [Reading(f"self.big_oven.{name} @ oven.py:7", "", ()) for name in ("heat", "load")]
    panel.strip.set_rows(rows)
    assert panel.strip.titles() == ["heat", "load"]
    panel.resize(1400, 300)
    QApplication.processEvents()
    assert panel.strip.titles() == ["self.big_oven.heat", "self.big_oven.load"]
    panel.strip.set_rows([Reading(f"x @ oven.py:{line}", "", ()) for line in (7, 9)])
    assert panel.strip.titles() == ["x @ oven.py:7", "x @ oven.py:9"]
