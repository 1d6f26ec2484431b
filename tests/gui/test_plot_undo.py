"""Undo in the window of what is done to plots: it brings back what was seen, in one step."""

import json

import numpy as np
from PyQt6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from pyprobe.gui.main_window import MainWindow
from pyprobe.plots.axis_range import RangeMode
from pyprobe.plots.scalar_history import ScalarHistoryLens
from pyprobe.plots.trace_drag import DraggedSymbol, symbol_mime, trace_mime
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.plots.value_traits import traits_of
from pyprobe.session.trace import Trace
from tests.gui.conftest import OpenWindow
from tests.gui.hands import hands
from tests.gui.test_main_window import toggle, wait_ended

TEXT = "for n in range(100):\n    a = n / 1\n    b = 2 * a\n    c = 3 * a\n"


def open_ran(open_main_window: OpenWindow, qtbot: QtBot, *lines: int) -> MainWindow:
    """Return a window whose program has run with these lines probed."""
    window: MainWindow = open_main_window(TEXT)
    for line in lines:
        toggle(window, line, 4)
    window.program.run()
    wait_ended(window, qtbot)
    qtbot.waitUntil(lambda: all(isinstance(one.lens, ScalarHistoryLens) for one in panels(window)))
    window.undo.clear()
    return window


def panels(window: MainWindow) -> list[TracePanel]:
    assert window.traces is not None
    return list(window.traces.panels.values())


def lens(panel: TracePanel) -> ScalarHistoryLens:
    assert isinstance(panel.lens, ScalarHistoryLens)
    return panel.lens


def overlays(panel: TracePanel) -> list[Trace]:
    return list(panel.traces.overlays)


def shown(panel: TracePanel) -> tuple[float, float]:
    return lens(panel).x_range.low, lens(panel).x_range.high


def zoom(panel: TracePanel, low: float, high: float) -> None:
    before = lens(panel).view()
    lens(panel).x_range.set_user(low, high)
    lens(panel).rebuild()
    lens(panel).view_was_changed(before)


def test_linked_axes_show_the_same_and_each_its_own_again(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_ran(open_main_window, qtbot, 2, 3)
    one, two = panels(window)
    zoom(one, 10.0, 20.0)
    zoom(two, 50.0, 60.0)
    one.link_action.trigger()
    two.link_action.trigger()
    assert shown(two) == shown(one) == (10.0, 20.0)
    zoom(one, 30.0, 40.0)
    assert shown(two) == (30.0, 40.0)
    window.undo.undo()
    assert shown(two) == shown(one) == (10.0, 20.0)
    assert window.undo.undo_text.startswith("link the X axis of b")
    window.undo.undo()
    assert not two.link_action.isChecked()
    assert (shown(one), shown(two)) == ((10.0, 20.0), (50.0, 60.0))
    window.undo.undo()
    assert not one.link_action.isChecked()
    for _ in range(3):
        window.undo.redo()
    assert one.link_action.isChecked()
    assert two.link_action.isChecked()
    assert shown(two) == shown(one) == (30.0, 40.0)
    two.link_action.trigger()
    window.undo.undo()
    assert two.link_action.isChecked()


def test_a_link_is_remembered(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_ran(open_main_window, qtbot, 2)
    (panel,) = panels(window)
    panel.link_action.trigger()
    memory = json.loads(json.dumps(panel.memory(lambda trace: trace.title)))
    panel.link_action.setChecked(False)
    panel.recall(memory, (), lambda trace: trace.title)
    assert panel.link_action.isChecked()


def test_a_probe_comes_back_with_all_that_was_chosen_in_its_plot(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_ran(open_main_window, qtbot, 2, 3)
    one, two = panels(window)
    two.overlay(one.trace)  # each stands over the other
    one.overlay(two.trace)
    lens(one).instruments.cursor_action.trigger()
    lens(one).log_action.trigger()
    zoom(one, 10.0, 20.0)
    before = one.memory(lambda trace: trace.title)
    probe = window.session.probes[one.trace.id]
    window.session.remove_probe(probe)
    qtbot.waitUntil(lambda: panels(window) == [two])
    assert overlays(two) == []
    window.undo.undo()
    qtbot.waitUntil(lambda: len(panels(window)) == 2)
    assert one in panels(window)
    assert one.isVisible()
    assert one.memory(lambda trace: trace.title) == before
    assert overlays(two) == [probe]
    assert window.undo.redo_text == "remove probe a"
    for _ in range(3):  # what was done before the probe went goes on to be undone
        window.undo.undo()
    assert lens(one).x_range.mode is RangeMode.AUTO
    assert lens(one).instruments.cursors.positions is None
    for _ in range(4):
        window.undo.redo()
    qtbot.waitUntil(lambda: panels(window) == [two])


def test_a_symbol_that_is_dropped_is_one_change(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_ran(open_main_window, qtbot, 2)
    (panel,) = panels(window)
    (probe,) = window.session.probes.values()
    panel.dropped.emit(symbol_mime(DraggedSymbol(probe.anchor.file, 3, 4), "b"))
    assert len(overlays(panel)) == 1
    qtbot.waitUntil(lambda: len(window.docks.parked) == 1)
    assert window.undo.undo_text == f"drop onto {panel.title()}"
    for _ in range(2):
        window.undo.undo()
        assert overlays(panel) == []
        assert len(window.session.probes) == 1
        assert not window.undo.undo_text
        qtbot.waitUntil(lambda: len(panels(window)) == 1)
        window.undo.redo()
        assert len(overlays(panel)) == 1
        qtbot.waitUntil(lambda: len(panels(window)) == 2)
        assert len(window.docks.parked) == 1  # as the first time


def test_two_clicks_on_a_name_are_one_change(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_ran(open_main_window, qtbot, 2, 3)
    panel, other = panels(window)
    panel.dropped.emit(trace_mime(other.trace.id, other.title()))
    window.undo.clear()
    panel.lens.legend_clicked.emit(1)  # type: ignore[union-attr]
    assert panel.traces.look(other.trace).is_hidden
    panel.lens.legend_double_clicked.emit(1)  # type: ignore[union-attr]
    assert overlays(panel) == []
    window.undo.undo()
    assert overlays(panel) == [other.trace]
    assert not panel.traces.look(other.trace).is_hidden
    assert not window.undo.undo_text
    window.undo.redo()
    assert overlays(panel) == []
    window.undo.undo()
    window.undo.clear()
    panel.lens.legend_clicked.emit(0)  # type: ignore[union-attr]
    panel.lens.legend_double_clicked.emit(0)  # type: ignore[union-attr]
    assert not panel.traces.look(panel.trace).is_hidden
    assert not window.undo.undo_text  # the plot's own trace cannot go


def test_cursors_and_markers_that_were_moved(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_ran(open_main_window, qtbot, 2)
    (panel,) = panels(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    canvas = lens(panel)
    canvas.setFocus()
    qtbot.waitUntil(canvas.hasFocus)
    point = np.array([50.0])  # as an index and as the value that stands there
    across, down = canvas.frame.x_pixels(point).item(), canvas.frame.y_pixels(point).item()
    hands.mouseMove(canvas, QPoint(round(across), round(down)))
    cursors, markers = canvas.instruments.cursors, canvas.instruments.markers
    shift = Qt.KeyboardModifier.ShiftModifier
    hands.keyClick(canvas, Qt.Key.Key_C)
    stood = cursors.positions
    for _ in range(5):
        hands.keyClick(canvas, Qt.Key.Key_Right, shift)
    hands.keyClick(canvas, Qt.Key.Key_C, shift)
    hands.keyClick(canvas, Qt.Key.Key_Left, shift)
    assert stood is not None
    assert cursors.positions is not None
    assert cursors.positions[0] > stood[0]
    assert cursors.positions[1] < stood[1]
    window.undo.undo()  # steps are undone as one
    assert cursors.positions == stood
    hands.keyClick(canvas, Qt.Key.Key_N)
    (marker,) = markers.markers
    for _ in range(3):
        hands.keyClick(canvas, Qt.Key.Key_Right, shift)
    assert [one.x for one in markers.markers] == [marker.x + 3.0]
    window.undo.undo()
    assert markers.markers == [marker]
    hands.keyClick(canvas, Qt.Key.Key_N)
    hands.keyClick(canvas, Qt.Key.Key_K)
    canvas.instruments.clear_action.trigger()
    assert markers.markers == []
    window.undo.undo()
    assert len(markers.markers) == 2
    hands.keyClick(canvas, Qt.Key.Key_K)
    hands.keyClick(canvas, Qt.Key.Key_Delete)
    assert len(markers.markers) == 1
    window.undo.undo()
    assert len(markers.markers) == 2


def test_the_rooms_of_plots(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_ran(open_main_window, qtbot, 2, 3)
    window.plots.show_plots_only()
    window.plots.show_whole_screen()
    window.undo.undo()
    assert not window.isFullScreen()
    window.undo.undo()
    assert not window.docks.is_plots_only
    window.undo.redo()
    assert window.docks.is_plots_only
    window.undo.redo()
    assert window.isFullScreen()
    window.plots.show_whole_screen()
    assert not window.isFullScreen()
    window.undo.undo()
    assert window.isFullScreen()


def test_a_lens_that_was_chosen(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_ran(open_main_window, qtbot, 2)
    (panel,) = panels(window)
    last = panel.trace.history.last
    assert last is not None
    panel.choose_lens(traits_of(last), "value histogram")
    window.undo.undo()
    assert panel.lens_name == "scalar history"
    window.undo.redo()
    assert panel.lens_name == "value histogram"
