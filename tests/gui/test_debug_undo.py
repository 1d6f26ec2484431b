"""Whatever is done to breakpoints and to the session's conditions can be undone and done again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PyQt6.QtCore import QModelIndex, Qt
from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from pyprobe.core.debug.records import ExceptionStops, StopReason
from pyprobe.core.trigger_watch import WatchAction
from pyprobe.gui.breakpoint_checks import (
    class_names,
    class_names_note,
    class_names_problem,
    condition_problem,
    hit_count_problem,
    message_problem,
)
from pyprobe.gui.breakpoint_control import BreakpointControl
from pyprobe.gui.run_bar import MAC_KEYS
from tests.gui.conftest import OpenWindow
from tests.gui.hands import hands
from tests.gui.test_debug_window import (
    LOOP,
    WAIT_MS,
    click_margin,
    marks,
    parts_of,
    path_of,
    wait_stop,
)

Change = Callable[[BreakpointControl, int], object]
Shown = list[tuple[int, str, bool, bool]]


def shown(control: BreakpointControl) -> Shown:
    return [
        (one.line, one.record.condition, getattr(one.record, "one_shot", False), one.enabled)
        for one in control.all
    ]


CHANGES: list[tuple[str, Change]] = [
    ("condition", lambda control, number: control.change(number, condition="value > 3")),
    ("number of stops", lambda control, number: control.change(number, one_shot=True)),
    ("switch", lambda control, number: control.enable(number, False)),
    ("remove", lambda control, number: control.remove(number)),
]


@pytest.mark.parametrize(("word", "change"), CHANGES)
def test_changes_of_a_breakpoint(open_main_window: OpenWindow, word: str, change: Change) -> None:
    window = open_main_window(LOOP)
    control = parts_of(window).breakpoints
    click_margin(window, 5)
    before = shown(control)
    change(control, control.all[0].id)
    after = shown(control)
    assert after != before
    assert word in window.undo.undo_text
    for _round in range(2):
        window.undo.undo()
        assert shown(control) == before
        window.undo.redo()
        assert shown(control) == after
    window.undo.undo()
    window.undo.undo()
    assert shown(control) == []
    assert marks(window) == []


def test_what_comes_back_stands_where_an_edit_has_moved_its_line(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_main_window(LOOP)
    control, path = parts_of(window).breakpoints, path_of(window)
    click_margin(window, 5)
    click_margin(window, 14)
    control.remove(control.all[0].id)
    Path(path).write_text("# new\n" + LOOP, encoding="utf-8")
    window.sources.watch.compare_now()
    qtbot.waitUntil(lambda: [line for line, _kind in marks(window)] == [15], timeout=WAIT_MS)
    assert "remove the breakpoint at program.py:5" in window.undo.undo_text, "moving is no change"
    window.undo.undo()
    assert [line for line, _kind in marks(window)] == [6, 15]


def test_what_stops_at_a_change_comes_back_too(open_main_window: OpenWindow) -> None:
    window = open_main_window(LOOP)
    parts = parts_of(window)
    page = window.source_area.current_page
    assert page is not None
    occurrence = page.view.occurrence_at(11, 0)
    assert occurrence is not None
    editor = parts.data_breakpoints.ask(path_of(window), occurrence)
    assert editor is not None
    editor.enter()
    assert window.undo.undo_text == "set the breakpoint for total"
    window.undo.undo()
    assert marks(window) == []
    window.undo.redo()
    assert [line for line, _kind in marks(window)] == [11]


def test_which_exceptions_stop(open_main_window: OpenWindow) -> None:
    window = open_main_window(LOOP)
    parts = parts_of(window)
    parts.open("breakpoints")
    parts.breakpoint_list.panel.uncaught.click()
    board = parts.breakpoints.board
    assert board.exception_stops == ExceptionStops(uncaught=True)
    window.undo.undo()
    assert board.exception_stops == ExceptionStops()
    assert not parts.breakpoint_list.panel.uncaught.isChecked()


def test_running_to_a_line_leaves_nothing_to_undo(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_main_window(LOOP)
    parts_of(window).control.run_to(path_of(window), 15)
    wait_stop(window, qtbot, 15, StopReason.BREAKPOINT)
    qtbot.waitUntil(lambda: parts_of(window).breakpoints.all == (), timeout=WAIT_MS)
    assert window.undo.undo_text == ""


def test_conditions_of_the_session(open_main_window: OpenWindow) -> None:
    window = open_main_window(LOOP)
    parts = parts_of(window)
    parts.open("snapshots")
    control, watches = parts.snapshots, parts.snapshots.panel.watches
    control.add_watch("value > 3", WatchAction.SNAPSHOT, "high")
    item = watches.list.topLevelItem(0)
    assert item is not None
    item.setText(0, "value > 4")
    item.setText(2, "higher")
    item.setCheckState(0, Qt.CheckState.Unchecked)
    watches.list.setCurrentItem(item)
    hands.keyClick(watches.list, Qt.Key.Key_Delete)

    def now() -> list[tuple[str, str, bool]]:
        return [(one.watch.condition, one.label, one.is_on) for one in control.watches]

    steps = [
        [],
        [("value > 3", "high", True)],
        [("value > 4", "high", True)],
        [("value > 4", "higher", True)],
        [("value > 4", "higher", False)],
        [],
    ]
    assert now() == steps[-1]
    for wanted in steps[-2::-1]:
        window.undo.undo()
        assert now() == wanted
    for wanted in steps[1:]:
        window.undo.redo()
        assert now() == wanted


# ---- cells -----------------------------------------------------------------------------------


def open_cell(window: object, column: int) -> QLineEdit:
    panel = parts_of(window).breakpoint_list.panel  # type: ignore[arg-type]
    item = panel.list.topLevelItem(0)
    assert item is not None
    panel.list.setColumnHidden(column, False)
    panel.list.editItem(item, column)
    viewport = panel.list.viewport()
    assert viewport is not None
    return viewport.findChildren(QLineEdit)[-1]


def test_a_wrong_text_is_not_taken_from_a_cell(
    open_main_window: OpenWindow, qapp: QApplication, qtbot: QtBot
) -> None:
    window = open_main_window(LOOP)
    parts = parts_of(window)
    click_margin(window, 5)
    parts.open("breakpoints")
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    line = open_cell(window, 2)
    line.setFocus()
    hands.keyClicks(line, "five")
    hands.keyClick(line, Qt.Key.Key_Return)
    assert line.isVisible()
    assert line.property("wrong") is True
    with qtbot.waitSignal(parts.breakpoint_list.panel.said) as said:
        parts.breakpoint_list.panel.list.setFocus()
    assert "Not taken: A hit count is a number" in str(said.args)
    assert shown(parts.breakpoints) == [(5, "", False, True)]
    line = open_cell(window, 1)
    hands.keyClicks(line, "value > 3")
    hands.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(parts.breakpoints) == [(5, "value > 3", False, True)])


def test_news_of_its_row_do_not_undo_what_is_typed(
    open_main_window: OpenWindow, qapp: QApplication, qtbot: QtBot
) -> None:
    window = open_main_window(LOOP)
    parts = parts_of(window)
    click_margin(window, 5)
    parts.open("breakpoints")
    line = open_cell(window, 1)
    hands.keyClicks(line, "value > ")
    parts.breakpoints.change(parts.breakpoints.all[0].id, hit_count="3")
    hands.keyClicks(line, "4")
    hands.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(parts.breakpoints) == [(5, "value > 4", False, True)])


def test_the_names_of_a_cell_are_those_of_its_line(open_main_window: OpenWindow) -> None:
    window = open_main_window(LOOP)
    parts = parts_of(window)
    click_margin(window, 5)
    parts.open("breakpoints")
    panel = parts.breakpoint_list.panel
    model = panel.list.model()
    assert model is not None
    index = model.index(0, 1, QModelIndex())
    assert panel._names(index)("")[:3] == ["value", "gain", "result"]


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (condition_problem(""), ""),
        (condition_problem("x >> 3"), "Expected operator"),
        (hit_count_problem("% 3"), ""),
        (hit_count_problem("% x"), "A hit count is"),
        (message_problem("gain is {gain}"), ""),
        (message_problem("gain is {gain"), "is never closed"),
        (class_names_problem("KeyError, my.Failure"), ""),
        (class_names_problem("Key Error"), "'Key Error' is not the name"),
        (class_names_note("KeyEror"), "is KeyError meant?"),
        (class_names_note("Failure"), "Failure is not built in"),
        (class_names_note("KeyError, my.Failure"), ""),
    ],
)
def test_texts_are_checked_while_they_are_typed(problem: str, said: str) -> None:
    assert said in problem
    assert bool(said) is bool(problem)


def test_class_names_are_a_list() -> None:
    assert class_names(" KeyError ,, my.Failure ") == ("KeyError", "my.Failure")


# ---- keys ------------------------------------------------------------------------------------


def test_the_keys_of_macos_do_what_the_others_do(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_main_window(LOOP)
    control = parts_of(window).control
    control.bar.add_mac_keys()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    hands.keySequence(window, QKeySequence(MAC_KEYS["F11"]))
    wait_stop(window, qtbot, 1, StopReason.BREAKPOINT)
    hands.keySequence(window, QKeySequence(MAC_KEYS["F10"]))
    wait_stop(window, qtbot, 4, StopReason.STEP)
    hands.keySequence(window, QKeySequence(MAC_KEYS["F9"]))
    assert [line for line, _kind in marks(window)] == [4]
    assert "also Ctrl+'" in control.bar.steps["over"].toolTip()
    assert len({*MAC_KEYS.values()}) == len(MAC_KEYS)


def test_a_breakpoint_whose_condition_fails_is_said_where_it_is_seen(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_main_window(LOOP)
    parts = parts_of(window)
    click_margin(window, 5)
    parts.open("breakpoints")
    control, panel = parts.breakpoints, parts.breakpoint_list.panel
    control.change(control.all[0].id, condition="py: 1 / value > 3")
    window.program.run()
    qtbot.waitUntil(lambda: panel.note.isVisible(), timeout=WAIT_MS)
    assert "ZeroDivisionError" in panel.note.text()
    (said,) = [one.text for one in window.messages.waiting if "cannot stop" in one.text]
    assert "The breakpoint at program.py:5 cannot stop: `1 / value > 3` raised" in said
    item = panel.list.topLevelItem(0)
    assert item is not None
    assert item.text(5) == "cannot stop"
    control.change(control.all[0].id, condition="value > 3")
    qtbot.waitUntil(lambda: not window.messages.waiting, timeout=WAIT_MS)
