"""Undo: by name, merged where steps belong together, and for everything done to a probe."""

import pytest
from PyQt6.QtCore import QObject, QPoint, Qt
from PyQt6.QtGui import QContextMenuEvent
from PyQt6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from pyprobe.gui import undo as undo_module
from pyprobe.gui.main_window import MainWindow
from pyprobe.gui.preferences import Store
from pyprobe.gui.probe_table import COLOR_NAMES, Column
from pyprobe.gui.undo import UndoStack
from pyprobe.gui.window_memory import WindowMemory
from pyprobe.plots.palette import TRACE_COLORS
from pyprobe.session.options import WindowOptions
from pyprobe.session.probe import ProbeStatus
from tests.gui.conftest import OpenWindow
from tests.gui.hands import hands
from tests.gui.test_main_window import COUNT, toggle, wait_ended


def panel_ids(window: MainWindow) -> list[int]:
    return sorted(window.traces.panels) if window.traces is not None else []


def test_a_change_is_undone_and_done_again(qapp: QApplication) -> None:
    parent, value = QObject(), [1]
    stack = UndoStack(parent)
    stack.push("set the value", lambda: value.append(1), value.pop)
    assert (value, stack.undo_text, stack.redo_text) == ([1], "set the value", "")
    stack.undo()
    assert (value, stack.undo_text, stack.redo_text) == ([], "", "set the value")
    stack.redo()
    assert value == [1]
    stack.clear()
    stack.undo()
    assert value == [1]


def test_what_an_undo_brings_about_is_not_remembered(qapp: QApplication) -> None:
    parent = QObject()
    stack = UndoStack(parent)

    def change() -> None:
        stack.push("echo", lambda: None, lambda: None)

    stack.push("first", change, change)
    stack.undo()
    assert stack.redo_text == "first"
    with stack.quiet():
        change()
    assert stack.redo_text == "first"


def test_steps_that_go_on_are_one(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    parent, now_s, done = QObject(), [0.0], list[str]()
    monkeypatch.setattr(undo_module, "monotonic", lambda: now_s[0])
    stack = UndoStack(parent)

    def push(name: str, key: object) -> None:
        stack.push(
            name, lambda: done.append(f"+{name}"), lambda: done.append(f"-{name}"), merge=key
        )

    push("a", "wheel")
    push("b", "wheel")
    stack.undo()
    stack.redo()
    assert done == ["-a", "+b"]
    now_s[0] = 10.0
    push("c", "wheel")
    push("d", "other")
    push("e", None)
    push("f", None)
    for name in ("f", "e", "d", "c", "b"):
        assert stack.undo_text == name
        stack.undo()
    assert not stack.undo_text


def test_a_removed_probe_comes_back_whole(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(COUNT)
    toggle(window, 3, 4)
    probe = toggle(window, 4, 4)
    qtbot.waitUntil(lambda: panel_ids(window) == [1, 2])
    window.program.run()
    wait_ended(window, qtbot)
    window.session.set_throttle(probe, "every:2")
    assert window.traces is not None
    choice = window.traces.panels[probe.id].choice
    window.session.remove_probe(probe)
    assert window.undo.undo_text == "remove probe total"
    qtbot.waitUntil(lambda: panel_ids(window) == [1])
    window.undo.undo()
    qtbot.waitUntil(lambda: panel_ids(window) == [1, 2])
    assert window.session.probes[2] is probe
    assert (probe.color_index, probe.throttle, probe.history.count) == (1, "every:2", 200)
    assert probe.status is ProbeStatus.FINISHED
    assert window.traces.panels[probe.id].choice is choice
    window.undo.undo()
    assert probe.throttle == "every"
    window.undo.undo()
    assert list(window.session.probes) == [1]
    assert window.undo.redo_text == "add probe total"
    for _ in range(3):
        window.undo.redo()
    assert list(window.session.probes) == [1]
    assert not window.undo.redo_text


def test_keys_undo_and_redo(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(COUNT)
    toggle(window, 4, 4)
    window.activateWindow()
    page = window.source_area.current_page
    assert page is not None
    page.view.setFocus()
    qtbot.waitUntil(page.view.hasFocus)
    ctrl, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    hands.keyClick(page.view, Qt.Key.Key_Z, ctrl)
    assert not window.session.probes
    hands.keyClick(page.view, Qt.Key.Key_Z, ctrl | shift)
    assert len(window.session.probes) == 1


def test_an_edit_in_between_moves_the_restored_probe(open_main_window: OpenWindow) -> None:
    window = open_main_window(COUNT)
    probe = toggle(window, 4, 4)
    window.session.remove_probe(probe)
    path = probe.anchor.file
    with open(path, "w", encoding="utf-8") as file:
        file.write("# first\n" + COUNT)
    window.workspace.reload(path)
    window.undo.undo()
    assert probe.anchor.line == 5
    assert not probe.lost


def test_a_color_is_chosen_and_undone(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    assert len(COLOR_NAMES) == len(TRACE_COLORS)
    window = open_main_window(COUNT)
    probe = toggle(window, 4, 4)
    qtbot.waitUntil(lambda: window.probe_model.rowCount() == 1 and panel_ids(window) == [1])
    assert window.traces is not None
    panel = window.traces.panels[probe.id]
    header = panel.header
    qtbot.waitUntil(lambda: header.height() >= header.sizeHint().height())  # it is laid out
    before = panel.grab().toImage()
    window.probe_table.selectRow(0)
    window.probe_table.color_menu.actions()[2].trigger()
    assert probe.color_index == 2
    qtbot.waitUntil(lambda: panel.grab().toImage() != before)
    assert window.undo.undo_text == "change colour of total"
    window.undo.undo()
    assert probe.color_index == 0
    qtbot.waitUntil(lambda: panel.grab().toImage() == before)


def test_throttle_and_reading_are_undone(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(COUNT)
    probe = toggle(window, 4, 4)
    qtbot.waitUntil(lambda: window.probe_model.rowCount() == 1)
    cell = window.probe_model.index(0, Column.THROTTLE)
    window.probe_model.setData(cell, "every:5", Qt.ItemDataRole.EditRole)
    assert window.undo.undo_text == "change throttle of total"
    window.probe_table.selectRow(0)
    window.probe_table.run_code_action.trigger()
    assert window.undo.undo_text == "change reading of total"
    window.undo.undo()
    window.undo.undo()
    assert (probe.throttle, probe.run_code) == ("every", False)


def test_remembered_probes_are_no_changes(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(COUNT)
    toggle(window, 4, 4)
    WindowMemory(window, Store()).keep()
    other = open_main_window(COUNT)
    WindowMemory(other, Store()).restore_probes(WindowOptions(other.session.program))
    assert other.session.probes
    assert not other.undo.undo_text


def test_the_list_opens_its_menu_by_key(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(COUNT)
    toggle(window, 4, 4)
    qtbot.waitUntil(lambda: window.probe_model.rowCount() == 1)
    table = window.probe_table
    table.selectRow(0)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(200, 100))
    table.contextMenuEvent(event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert window.probe_table.color_menu.menuAction() in menu.actions()
    menu.close()
