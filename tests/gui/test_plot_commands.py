"""Plots: parked and restored, gone through by keys, shown alone, arranged, and all of it undone."""

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from pyprobe.gui.action_list import menu_actions
from pyprobe.gui.main_window import MainWindow
from pyprobe.gui.preferences import Preferences, Store
from pyprobe.gui.theme import ThemeChoice
from pyprobe.gui.window_memory import WindowMemory
from pyprobe.session.options import WindowOptions
from tests.gui.conftest import OpenWindow
from tests.gui.hands import hands
from tests.gui.test_main_window import hint, toggle

TEXT = "a = 1\nb = 2\nc = 3\n"


def open_with_plots(open_main_window: OpenWindow, qtbot: QtBot, count: int = 3) -> MainWindow:
    window = open_main_window(TEXT)
    for line in range(1, count + 1):
        toggle(window, line, 0)
    qtbot.waitUntil(lambda: len(window.docks.traces) == count)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def focused_plot(window: MainWindow) -> int | None:
    return window.docks.trace_around(QApplication.focusWidget())


def test_a_parked_plot_stands_in_the_strip(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_with_plots(open_main_window, qtbot)
    strip = window.plots.strip
    assert not strip.isVisible()
    window.plots.next_plot(1)
    assert focused_plot(window) == 1
    window.plots.park()
    assert (window.docks.parked, window.docks.shown) == ([1], [2, 3])
    assert "its probe goes on" in hint(window)
    assert 1 in window.session.probes
    assert strip.isVisible()
    assert focused_plot(window) == 2
    assert [action.iconText() for action in strip.restore_actions] == ["a"]
    entries = [one for group, one in menu_actions(window) if group == "Plots › Parked plots"]
    assert entries == strip.restore_actions
    (button,) = (
        one
        for one in strip.findChildren(QToolButton)
        if one.defaultAction() is strip.restore_actions[0]
    )
    hands.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.docks.parked == []
    assert focused_plot(window) == 1
    assert not strip.isVisible()


def test_plots_fill_the_room_of_a_parked_one(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_with_plots(open_main_window, qtbot, 2)
    dock = window.docks.traces[2]
    before = dock.height()
    window.docks.park_trace(1)
    qtbot.waitUntil(lambda: dock.height() > 1.5 * before)
    window.docks.show_trace(1)
    qtbot.waitUntil(lambda: dock.height() < 1.2 * before)


def test_the_last_parked_comes_back_first(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_with_plots(open_main_window, qtbot)
    window.docks.park_trace(2)
    window.docks.traces[1].closeDockWidget()
    window.docks.park_trace(3)
    assert window.docks.parked == [2, 1, 3]
    assert window.empty_plots.isVisible()
    window.plots.restore_last()
    assert not window.empty_plots.isVisible()
    assert window.docks.parked == [2, 1]
    window.plots.restore_last()
    window.plots.restore_last()
    window.plots.restore_last()
    assert hint(window) == "No plot is parked."


def test_parking_is_undone(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_with_plots(open_main_window, qtbot)
    window.docks.traces[2].closeDockWidget()
    assert window.undo.undo_text == "park the plot of b"
    window.undo.undo()
    assert window.docks.parked == []
    window.undo.redo()
    assert window.docks.parked == [2]
    window.plots.restore(2)
    assert window.undo.undo_text == "restore the plot of b"
    window.undo.undo()
    assert window.docks.parked == [2]


def test_arranging_is_undone(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_with_plots(open_main_window, qtbot)
    dock = window.docks.traces[3]
    dock.setFloating()
    window.docks.park_trace(1)
    window.arrange_plots()
    assert not dock.isInFloatingContainer()
    assert window.docks.parked == [1]
    window.undo.undo()
    assert dock.isInFloatingContainer()
    window.undo.redo()
    assert not dock.isInFloatingContainer()


def test_a_removed_probe_leaves_the_strip(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_with_plots(open_main_window, qtbot)
    window.docks.park_trace(1)
    window.session.remove_probe(window.session.probes[1])
    qtbot.waitUntil(lambda: not window.plots.strip.isVisible())
    window.undo.undo()
    qtbot.waitUntil(lambda: window.docks.parked == [1])  # as it was


def test_keys_go_from_plot_to_plot(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_with_plots(open_main_window, qtbot)
    order = []
    for _ in range(4):
        hands.keyClick(window, Qt.Key.Key_F7)
        order.append(focused_plot(window))
    assert order == [1, 2, 3, 1]
    hands.keyClick(window, Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)
    assert focused_plot(window) == 3
    hands.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    assert window.docks.parked == [3]
    hands.keyClick(
        window,
        Qt.Key.Key_M,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    assert window.docks.parked == []
    window.probe_table.setFocus()
    hands.keyClick(window, Qt.Key.Key_F7)
    assert focused_plot(window) == 3  # back to where one was


def test_keys_go_from_part_to_part(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_with_plots(open_main_window, qtbot, 1)
    page = window.source_area.current_page
    assert page is not None
    page.view.setFocus()
    qtbot.waitUntil(page.view.hasFocus)
    hands.keyClick(window, Qt.Key.Key_F8)
    assert focused_plot(window) == 1
    hands.keyClick(window, Qt.Key.Key_F8)
    assert window.console.view.hasFocus()
    hands.keyClick(window, Qt.Key.Key_F8)
    assert window.probe_table.hasFocus()
    hands.keyClick(window, Qt.Key.Key_F8)  # the files stand behind the probes
    assert page.view.hasFocus()
    hands.keyClick(window, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert window.probe_table.hasFocus()


def test_plots_alone_and_back(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_with_plots(open_main_window, qtbot, 2)
    width = window.source_area.width()
    hands.keyClick(window, Qt.Key.Key_F12)
    assert window.docks.is_plots_only
    parts = (window.source_area, window.console, window.probe_table)
    assert not any(part.isVisible() for part in parts)
    qtbot.waitUntil(lambda: window.docks.traces[1].width() > 0.9 * window.width() / 2)
    window.arrange_plots()
    toggle(window, 3, 0)
    qtbot.waitUntil(lambda: len(window.docks.traces) == 3)
    assert not window.source_area.isVisible()
    layout = window.docks.save_layout()
    assert window.docks.is_plots_only
    hands.keyClick(window, Qt.Key.Key_F12)
    assert all(part.isVisible() for part in parts)
    qtbot.waitUntil(lambda: abs(window.source_area.width() - width) < 8)
    hands.keyClick(window, Qt.Key.Key_F12)
    assert window.docks.restore_layout(layout)
    assert all(part.isVisible() for part in parts)


def test_going_to_the_source_ends_plots_alone(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_with_plots(open_main_window, qtbot, 1)
    window.plots.show_plots_only()
    hands.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.source_area.isVisible()
    window.plots.show_plots_only()
    window.probe_table.reveal_asked.emit(1)
    assert window.source_area.isVisible()


def test_the_whole_screen_and_back(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(TEXT)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    hands.keyClick(window, Qt.Key.Key_F12, Qt.KeyboardModifier.ShiftModifier)
    assert window.isFullScreen()
    assert "Shift+F12" in hint(window)
    hands.keyClick(window, Qt.Key.Key_F12, Qt.KeyboardModifier.ShiftModifier)
    assert not window.isFullScreen()


def test_without_plots_every_command_is_answered(open_main_window: OpenWindow) -> None:
    window = open_main_window(TEXT)
    plots = window.plots
    for command in (
        *(plots.park, plots.restore_last, plots.show_plots_only),
        lambda: plots.next_plot(1),
    ):
        window.status.show_hint("")
        command()
        assert hint(window)
    assert not window.docks.is_plots_only


def test_parked_plots_are_remembered(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_with_plots(open_main_window, qtbot)
    window.docks.park_trace(2)
    window.plots.show_plots_only()
    WindowMemory(window, Store()).keep()
    other = open_main_window(TEXT)
    memory = WindowMemory(other, Store())
    memory.restore_probes(WindowOptions(other.session.program))
    other.show_probes()
    memory.restore_layout()
    assert [other.session.probes[one].anchor.symbol for one in other.docks.parked] == ["b"]
    assert other.plots.strip.isVisible()
    assert other.source_area.isVisible()


def test_the_strip_follows_the_theme(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(TEXT, Preferences(theme=ThemeChoice.LIGHT))
    toggle(window, 1, 0)
    qtbot.waitUntil(lambda: len(window.docks.traces) == 1)
    window.docks.park_trace(1)
    before = window.plots.strip.grab().toImage()
    window.choose_theme(ThemeChoice.DARK)
    assert window.plots.strip.grab().toImage() != before
