"""Stopping, breaking and looking around in the whole window, with a program that runs."""

from functools import partial
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pyprobe.core.debug.records import ExceptionStops, StopReason
from pyprobe.gui.breakpoint_marks import BreakpointKind
from pyprobe.gui.debug_answers import ThreadRow
from pyprobe.gui.debug_control import DebugControl
from pyprobe.gui.debug_parts import DebugParts
from pyprobe.gui.main_window import MainWindow
from pyprobe.gui.preferences import Store
from pyprobe.gui.window_memory import WindowMemory
from pyprobe.session.listener import ProgramState
from pyprobe.session.session import Session
from tests.gui.conftest import OpenWindow
from tests.gui.hands import hands
from tests.gui.test_main_window import hint, toggle, wait_ended

LOOP = """\
import time


def scale(value, gain):
    result = value * gain

    return result


# nothing runs here
total = 0
queue = []
for index in range(1000000):
    total += scale(index, 2)
    queue.append(index)
    time.sleep(0.0005)
"""
WAIT_MS = 20_000
ANYWHERE = Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive


def parts_of(window: MainWindow) -> DebugParts:
    assert window.debug is not None
    return window.debug


def path_of(window: MainWindow) -> str:
    path = window.program_to_run.script_path
    assert path is not None
    return path


def click_margin(window: MainWindow, line: int) -> None:
    page = window.source_area.current_page
    assert page is not None
    gutter = parts_of(window).breakpoints.gutter(page)
    hands.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=gutter.center_of(line))


def wait_stop(window: MainWindow, qtbot: QtBot, line: int, reason: StopReason) -> DebugControl:
    control = parts_of(window).control

    def stands() -> bool:
        stop = control.stop
        return stop is not None and (stop.line, stop.reason) == (line, reason)

    qtbot.waitUntil(stands, timeout=WAIT_MS)
    return control


def wait_locals(window: MainWindow, qtbot: QtBot, *names: str) -> dict[str, str]:
    tree = parts_of(window).variables.tree
    qtbot.waitUntil(lambda: set(names) <= set(tree.top_texts()), timeout=WAIT_MS)
    return tree.top_texts()


def wait_value(window: MainWindow, qtbot: QtBot, name: str, text: str) -> None:
    tree = parts_of(window).variables.tree
    qtbot.waitUntil(lambda: tree.top_texts().get(name) == text, timeout=WAIT_MS)


def is_hint(window: MainWindow, start: str) -> bool:
    return hint(window).startswith(start)


def marks(window: MainWindow) -> list[tuple[int, BreakpointKind]]:
    page = window.source_area.current_page
    assert page is not None
    gutter = parts_of(window).breakpoints.gutter(page)
    return [(mark.line, mark.kind) for mark in gutter.marks]


# ---- breakpoints -----------------------------------------------------------------------------


def test_a_click_in_the_margin_stops_there(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(LOOP)
    click_margin(window, 5)
    assert marks(window) == [(5, BreakpointKind.STOP)]
    window.program.run()
    wait_stop(window, qtbot, 5, StopReason.BREAKPOINT)
    assert wait_locals(window, qtbot, "value", "gain") == {"value": "0", "gain": "2"}
    page = window.source_area.current_page
    assert page is not None
    assert page.view.markersAtLine(4) != 0
    sign = parts_of(window).control.bar.sign.shown
    assert (sign.word, sign.detail) == ("STOPPED", "program.py:5 in scale · breakpoint")
    assert sign.shorter == ("program.py:5 · breakpoint",)
    assert sign.least == ("program.py:5", "line 5")
    window.program.run()
    wait_stop(window, qtbot, 5, StopReason.BREAKPOINT)
    wait_value(window, qtbot, "value", "1")
    click_margin(window, 5)
    assert marks(window) == []
    window.program.run()
    qtbot.waitUntil(lambda: parts_of(window).control.stop is None, timeout=WAIT_MS)
    assert parts_of(window).control.bar.sign.shown.word == "RUNNING"
    assert page.view.markersAtLine(4) == 0


def test_a_line_without_code_snaps_or_says_why_not(open_main_window: OpenWindow) -> None:
    window = open_main_window(LOOP)
    click_margin(window, 6)
    assert marks(window) == [(7, BreakpointKind.STOP)]
    assert "line 6 is blank; the next that runs is line 7" in hint(window)
    window.undo.undo()
    assert marks(window) == []
    window.undo.redo()
    assert marks(window) == [(7, BreakpointKind.STOP)]
    assert not parts_of(window).breakpoints.toggle(path_of(window), 99)
    assert "there is no line 99" in hint(window)


def test_the_editor_writes_condition_hits_and_message(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_main_window(LOOP)
    breakpoints = parts_of(window).breakpoints
    editor = breakpoints.edit(path_of(window), 5)
    assert editor is not None
    hands.keyClicks(editor.condition.line, "value >> 3")
    hands.keyClick(editor.condition.line, Qt.Key.Key_Return)
    assert editor.isVisible()
    assert "Expected operator" in editor.condition.problem.text()
    assert not editor.problem.isVisible()
    editor.condition.line.clear()
    hands.keyClicks(editor.condition.line, "value == 7")
    hands.keyClicks(editor.hit_count, "five")
    editor.enter()
    assert "hit count" in editor.problem.text()
    editor.hit_count.clear()
    hands.keyClick(editor.hit_count, Qt.Key.Key_Return)
    assert not editor.isVisible()
    assert marks(window) == [(5, BreakpointKind.CONDITION)]
    window.program.run()
    wait_stop(window, qtbot, 5, StopReason.BREAKPOINT)
    wait_value(window, qtbot, "value", "7")
    again = breakpoints.edit(path_of(window), 5, "message")
    assert again is not None
    assert again.condition.text == "value == 7"
    again.condition.line.clear()
    hands.keyClicks(again.message, "value is {{value}}".replace("{{", "{").replace("}}", "}"))
    again.enter()
    assert marks(window) == [(5, BreakpointKind.LOG)]
    window.program.run()
    qtbot.waitUntil(
        lambda: "program.py:5  value is 8" in window.console.view.text(), timeout=WAIT_MS
    )


def test_an_open_editor_goes_with_its_line(open_main_window: OpenWindow) -> None:
    window = open_main_window(LOOP)
    parts, path = parts_of(window), path_of(window)
    page = window.source_area.current_page
    assert page is not None

    def edit_file(text: str) -> None:
        Path(path).write_text(text, encoding="utf-8")
        window.sources.watch.compare_now()

    editor = parts.breakpoints.edit(path, 5)
    occurrence = page.view.occurrence_at(11, 0)
    assert editor is not None
    assert occurrence is not None
    asked = parts.data_breakpoints.ask(path, occurrence)
    assert asked is not None
    hands.keyClicks(editor.condition.line, "value == 7")
    edit_file("# new\n" + LOOP)
    editor.enter()
    asked.enter()
    assert marks(window) == [(6, BreakpointKind.CONDITION), (12, BreakpointKind.DATA)]

    again = parts.breakpoints.edit(path, 6)
    assert again is not None
    assert again.condition.text == "value == 7"
    again.condition.line.setText("value == 8")
    edit_file("# new\n# newer\n" + LOOP)
    again.enter()
    (one,) = [one for one in parts.breakpoints.all if not one.is_data]
    assert (one.line, one.record.condition) == (7, "value == 8")


def test_an_open_editor_says_that_its_line_is_gone(open_main_window: OpenWindow) -> None:
    window = open_main_window(LOOP)
    path = path_of(window)
    editor = parts_of(window).breakpoints.edit(path, 5)
    assert editor is not None
    for text in ("pass\n", LOOP):
        Path(path).write_text(text, encoding="utf-8")
        window.sources.watch.compare_now()
        is_gone = text != LOOP
        assert ("Line 5 is gone" in editor.problem.text()) is is_gone
        editor.enter()
        assert editor.isVisible() is is_gone
    assert marks(window) == [(5, BreakpointKind.STOP)]


def test_a_snapshot_message_takes_snapshots(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(LOOP)
    toggle(window, 5, 4)
    editor = parts_of(window).breakpoints.edit(path_of(window), 7, "message")
    assert editor is not None
    hands.keyClicks(editor.message, "Snapshot: scaled")
    editor.enter()
    assert marks(window) == [(7, BreakpointKind.SNAPSHOT)]
    window.program.run()
    store = window.session.snapshots  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: store.find("scaled") is not None, timeout=WAIT_MS)


def test_breakpoints_are_listed_and_edited_in_place(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_main_window(LOOP)
    parts = parts_of(window)
    parts.open("breakpoints")
    panel = parts.breakpoint_list.panel
    assert panel.empty.isVisible()
    click_margin(window, 5)
    click_margin(window, 14)
    assert panel.list.topLevelItemCount() == 2
    first = panel.list.topLevelItem(0)
    assert first is not None
    assert first.text(0) == "program.py:5"
    first.setText(1, "value > > 3")
    assert first.text(1) == "", "what is wrong is not kept"
    first.setText(1, "value > 3")
    (one, _other) = parts.breakpoints.board.all
    assert one.record.condition == "value > 3"
    first.setCheckState(0, Qt.CheckState.Unchecked)
    assert not one.enabled
    panel.list.setCurrentItem(first)
    hands.keyClick(panel.list, Qt.Key.Key_Delete)
    assert [mark.line for mark in parts.breakpoints.board.all] == [14]
    panel.uncaught.click()
    hands.keyClicks(panel.names, "KeyError, ValueError")
    hands.keyClick(panel.names, Qt.Key.Key_Return)
    stops = parts.breakpoints.board.exception_stops
    assert stops == ExceptionStops(True, False, ("KeyError", "ValueError"))


def test_breakpoints_move_with_edits_and_are_remembered(
    open_main_window: OpenWindow, qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_main_window(LOOP)
    parts, path = parts_of(window), path_of(window)
    click_margin(window, 5)
    click_margin(window, 14)
    parts.breakpoints.change(parts.breakpoints.board.all[0].id, condition="value > 3")
    parts.open("breakpoints")
    parts.open("snapshots")
    Path(path).write_text("# new\n" + LOOP, encoding="utf-8")
    window.sources.watch.compare_now()
    qtbot.waitUntil(lambda: [line for line, _ in marks(window)] == [6, 15], timeout=WAIT_MS)
    memory = WindowMemory(window, Store())
    memory.keep()
    Path(path).write_text("# new\n# newer\n" + LOOP.replace("total +=", "total = total +"))
    kept = Store().load_program(path)
    assert [one["line"] for one in kept.debug["board"]["breakpoints"]] == [6, 15]  # type: ignore[index]

    second = open_main_window("# new\n# newer\n" + LOOP.replace("total +=", "total = total +"))
    recalled = parts_of(second)
    recalled.prepare(kept.debug)
    assert second.docks.restore_layout(kept.layout)
    recalled.docks.fill_open()
    assert recalled.recall(kept.debug, kept.sources) == []
    assert marks(second) == [(7, BreakpointKind.CONDITION), (16, BreakpointKind.STOP)]
    assert recalled.docks.is_open("breakpoints")
    assert recalled.docks.is_seen("snapshots")


# ---- stepping and looking --------------------------------------------------------------------


def test_steps_and_their_keys(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(LOOP)
    control = parts_of(window).control
    control.step("out")
    assert "does not stand" in hint(window)
    click_margin(window, 14)
    window.program.run()
    wait_stop(window, qtbot, 14, StopReason.BREAKPOINT)
    control.step("into")
    wait_stop(window, qtbot, 5, StopReason.STEP)
    control.step("over")
    wait_stop(window, qtbot, 7, StopReason.STEP)
    control.step("out")
    wait_stop(window, qtbot, 14, StopReason.STEP)
    assert "scale returned 0" in control.bar.sign.shown.detail
    control.step("over")
    wait_stop(window, qtbot, 15, StopReason.STEP)
    control.run_to(path_of(window), 16)
    wait_stop(window, qtbot, 16, StopReason.STEP)
    control.jump(15)
    qtbot.waitUntil(lambda: "The next line is line 15" in hint(window), timeout=WAIT_MS)
    control.step("over")
    wait_stop(window, qtbot, 16, StopReason.STEP)
    wait_value(window, qtbot, "queue", "[0, 0]")
    control.jump(6)
    said = "Line 6 has no code of this function. The next line is line 11."
    qtbot.waitUntil(lambda: hint(window) == said, timeout=WAIT_MS)
    wait_stop(window, qtbot, 11, StopReason.STEP)


WAITING = """\
import asyncio


async def main():
    print("begins to wait", flush=True)
    while True:
        await asyncio.sleep(0.01)


asyncio.run(main())
"""


def test_a_pause_shows_the_program_and_not_what_it_waits_in(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_main_window(WAITING)
    control, parts = parts_of(window).control, parts_of(window)
    window.program.run()
    qtbot.waitUntil(lambda: "begins" in window.console.view.text(), timeout=WAIT_MS)
    for _ in range(5):
        window.program.pause()
        qtbot.waitUntil(lambda: control.stop is not None, timeout=WAIT_MS)
        qtbot.waitUntil(lambda: bool(parts.stack.frames), timeout=WAIT_MS)
        shown = parts.stack.frames[parts.stack.list.currentIndex().row()]
        assert shown.file == path_of(window)
        assert list(window.source_area.pages) == [path_of(window)]
        window.program.run()
        qtbot.waitUntil(lambda: control.stop is None, timeout=WAIT_MS)
    window.program.stop()
    wait_ended(window, qtbot)


def test_another_run_shows_nothing_of_where_the_last_one_stood(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_main_window(LOOP)
    control, parts = parts_of(window).control, parts_of(window)
    click_margin(window, 14)
    window.program.run()
    wait_stop(window, qtbot, 14, StopReason.BREAKPOINT)
    wait_locals(window, qtbot, "total")
    parts.stack.threads.addItem("another", 1)
    click_margin(window, 14)
    window.program.restart()
    qtbot.waitUntil(lambda: not parts.stack.frames, timeout=WAIT_MS)
    assert not parts.variables.tree.top_texts()
    assert parts.variables.bar.place.text() == ""
    assert not parts.stack.threads.count()
    assert control.stop is None


def test_the_line_is_changed_only_where_one_begins(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_main_window("def call():\n    return 1\n\n\nbreakpoint()\nx = call()\ny = 2\n")
    control = parts_of(window).control
    window.program.run()
    wait_stop(window, qtbot, 5, StopReason.CALL)
    control.jump(7)
    said = "It cannot go on at line 7: it stands in the middle of a line. Take a step first (F10)."
    qtbot.waitUntil(lambda: hint(window) == said, timeout=WAIT_MS)
    control.step("over")
    wait_stop(window, qtbot, 6, StopReason.STEP)
    control.jump(7)
    qtbot.waitUntil(lambda: hint(window) == "The next line is line 7.", timeout=WAIT_MS)


def test_a_step_that_cannot_be_taken_says_why_each_time(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_main_window(LOOP)
    control = parts_of(window).control
    click_margin(window, 14)
    window.program.run()
    wait_stop(window, qtbot, 14, StopReason.BREAKPOINT)
    for name, why in (
        ("event", "The program has loaded no function that means an event"),
        ("yield", "The thread does not stand in a generator or coroutine."),
        ("event", "The program has loaded no function that means an event"),
    ):
        control.step(name)
        qtbot.waitUntil(partial(is_hint, window, why), timeout=WAIT_MS)
    assert not window.messages.waiting


def test_frames_values_and_the_line(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(LOOP)
    parts = parts_of(window)
    click_margin(window, 7)
    window.program.run()
    wait_stop(window, qtbot, 7, StopReason.BREAKPOINT)
    wait_locals(window, qtbot, "result")
    qtbot.waitUntil(lambda: len(parts.stack.frames) == 2, timeout=WAIT_MS)
    layer = parts.control.frames.inline_texts()
    assert layer[5] == "result = 0   value = 0   gain = 2"
    panel = parts.variables
    hands.keyClicks(panel.line, "result + 40")
    hands.keyClick(panel.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.tree.topLevelItem(0).text(0) == "result + 40", timeout=WAIT_MS)  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: panel.tree.topLevelItem(0).text(1) == "40", timeout=WAIT_MS)  # type: ignore[union-attr]
    number, *_ = panel.tree.findItems("result", ANYWHERE)
    number.setText(1, "1000")
    qtbot.waitUntil(lambda: panel.tree.top_texts().get("result") == "1000", timeout=WAIT_MS)
    number, *_ = panel.tree.findItems("result", ANYWHERE)
    number.setText(1, "nope")
    said = "result is as it was: NameError: name 'nope' is not defined"
    qtbot.waitUntil(lambda: hint(window) == said, timeout=WAIT_MS)
    wait_locals(window, qtbot, "result")
    parts.stack.list.setCurrentItem(parts.stack.list.topLevelItem(1))
    wait_locals(window, qtbot, "total", "queue")
    parts.breakpoints.remove(parts.breakpoints.board.all[0].id)
    parts.control.step("over")
    wait_stop(window, qtbot, 14, StopReason.STEP)
    parts.control.step("over")
    wait_stop(window, qtbot, 15, StopReason.STEP)
    wait_value(window, qtbot, "total", "1000")


THREADS = """\
import threading
begun = threading.Barrier(2)


def worker():
    begun.wait()
    while True:
        count = 1


threading.Thread(target=worker, name="other", daemon=True).start()
begun.wait()
while True:
    number = 1
    number = 2
    number = 3
"""


def test_another_thread_is_looked_at_and_steps_let_all_go_on(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_main_window(THREADS)
    control, stack = parts_of(window).control, parts_of(window).stack
    click_margin(window, 14)
    window.program.run()
    wait_stop(window, qtbot, 14, StopReason.BREAKPOINT)
    session = window.session
    assert isinstance(session, Session)
    board = session.debug
    qtbot.waitUntil(lambda: len(board.stops) == 2, timeout=WAIT_MS)
    main = board.stop
    assert main is not None
    other = next(one for one in board.stops.values() if one is not main)
    rows = [
        ThreadRow(one.thread, one.thread_name, one.file, one.line, "", True)
        for one in (main, other)
    ]
    stack.show_threads(rows, main.thread)
    stack.threads.setCurrentIndex(1)
    stack.threads.activated.emit(1)
    assert control.stop is other
    shown: list[str] = []
    control.said.connect(shown.append)
    control.look_at_thread(main.thread)
    click_margin(window, 14)
    control.step("over")
    wait_stop(window, qtbot, 15, StopReason.STEP)
    assert not [text for text in shown if "another thread has stopped" in text]

    # Nor is another shown that has stood all the time, where each is stepped by itself.
    qtbot.waitUntil(lambda: len(board.stops) == 2, timeout=WAIT_MS)
    board.set_stepping(all_threads=False)
    del shown[:]
    control.step("over")
    wait_stop(window, qtbot, 16, StopReason.STEP)
    assert [text for text in shown if text] == [
        "Stopped at program.py:16 in <module>: step. F5 goes on, F10 steps."
    ]


def test_it_stops_when_a_variable_changes(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(LOOP)
    parts = parts_of(window)
    page = window.source_area.current_page
    assert page is not None
    occurrence = page.view.occurrence_at(11, 0)
    assert occurrence is not None
    editor = parts.data_breakpoints.ask(path_of(window), occurrence)
    assert editor is not None
    assert "2 places bind total" in editor.cost.text()
    editor.in_place.click()
    assert "compared at every line" in editor.cost.text()
    editor.in_place.click()
    hands.keyClicks(editor.condition.line, "total > 10")
    editor.enter()
    assert (11, BreakpointKind.DATA) in marks(window)
    window.program.run()
    control = parts.control
    qtbot.waitUntil(lambda: control.stop is not None, timeout=WAIT_MS)
    assert control.stop is not None
    assert control.stop.reason is StopReason.DATA
    assert "12" in control.bar.sign.shown.detail


MOTORS = """\
class Motor:
    def step(self, wanted):
        self.speed = wanted
        return wanted


motors = [Motor(), Motor()]
for turn in range(3):
    for motor in motors:
        motor.step(turn)
"""


def test_where_it_stands_it_is_said_that_one_object_is_watched(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_main_window(MOTORS)
    parts = parts_of(window)
    page = window.source_area.current_page
    assert page is not None
    speed = page.view.occurrence_at(3, 14)
    assert speed is not None
    editor = parts.data_breakpoints.ask(path_of(window), speed)
    assert editor is not None
    assert editor.cost.text().startswith("One place binds self.speed in this file")
    editor.close_editor()
    click_margin(window, 4)
    window.program.run()
    wait_stop(window, qtbot, 4, StopReason.BREAKPOINT)
    editor = parts.data_breakpoints.ask(path_of(window), speed)
    assert editor is not None
    assert editor.cost.text().startswith("Only of the object that self is now. One place binds")
    editor.close_editor()


def test_an_exception_stops(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window("def fail(n):\n    return 1 / n\n\n\nfail(0)\n")
    parts_of(window).breakpoints.board.set_exception_stops(ExceptionStops(uncaught=True))
    window.program.run()
    control = wait_stop(window, qtbot, 2, StopReason.EXCEPTION)
    assert "ZeroDivisionError" in control.bar.sign.shown.detail
    window.program.run()
    wait_ended(window, qtbot)
    assert control.bar.sign.shown.word == "ENDED"


def test_run_to_here_starts_the_program(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(LOOP)
    parts_of(window).control.run_to(path_of(window), 15)
    wait_stop(window, qtbot, 15, StopReason.BREAKPOINT)
    qtbot.waitUntil(lambda: parts_of(window).breakpoints.all == (), timeout=WAIT_MS)


def test_a_step_starts_the_program_at_its_first_line(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_main_window(LOOP)
    parts_of(window).control.step("into")
    wait_stop(window, qtbot, 1, StopReason.BREAKPOINT)
    assert hint(window) == "Stopped at program.py:1 in <module>: step. F5 goes on, F10 steps."
    parts_of(window).control.step("over")
    wait_stop(window, qtbot, 4, StopReason.STEP)
    assert marks(window) == []


def test_the_sign_says_that_it_will_pause(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window("import os\nos.system('echo now; read line')\nnumber = 1\n")
    control = parts_of(window).control
    window.program.run()
    qtbot.waitUntil(lambda: "now" in window.console.view.text(), timeout=WAIT_MS)
    window.program.pause()
    sign = control.bar.sign
    qtbot.waitUntil(lambda: sign.shown.word == "PAUSING", timeout=WAIT_MS)
    assert sign.shown.detail == "stops at its next line"
    assert isinstance(window.session, Session)
    heard: list[object] = []  # the target takes what it is told one after the other
    window.session.debug.ask({"ask": "threads"}, heard.append, pytest.fail)
    qtbot.waitUntil(lambda: bool(heard), timeout=WAIT_MS)
    window.session.send_input("go\n")
    wait_stop(window, qtbot, 3, StopReason.PAUSE)
    assert sign.shown.word == "STOPPED"
    window.program.pause()
    wait_ended(window, qtbot)


def test_stepping_is_off_while_it_runs(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(LOOP)
    bar = parts_of(window).control.bar
    assert [name for name, action in bar.steps.items() if action.isEnabled()] == [
        *("over", "into", "cursor")
    ]
    window.program.run()
    qtbot.waitUntil(lambda: window.session.state is ProgramState.RUNNING, timeout=WAIT_MS)
    assert not any(action.isEnabled() for action in bar.steps.values())
    assert bar.sign.shown.word == "RUNNING"
    window.program.pause()
    qtbot.waitUntil(lambda: bar.steps["over"].isEnabled(), timeout=WAIT_MS)
    window.program.stop()
    wait_ended(window, qtbot)
    assert not bar.steps["out"].isEnabled()


def test_docks_are_hidden_while_plots_are_alone(open_main_window: OpenWindow) -> None:
    window = open_main_window(LOOP)
    parts_of(window).open("variables")
    window.docks.set_plots_only(True)
    assert not parts_of(window).docks.is_open("variables")
    window.docks.set_plots_only(False)
    assert parts_of(window).docks.is_open("variables")


@pytest.mark.parametrize("name", ["trigger", "snapshots", "breakpoints", "stack", "variables"])
def test_docks_come_when_they_are_asked_for(open_main_window: OpenWindow, name: str) -> None:
    window = open_main_window(LOOP)
    parts = parts_of(window)
    assert parts.docks.names == []
    parts.open(name)
    assert parts.docks.is_seen(name)
    widget = parts.docks.widget(name)
    assert widget is not None
    assert widget.height() > 100
