"""The whole window in one process: programs run, probes shown, themes, and nothing left behind."""

from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QApplication, QLabel, QTabBar, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from pyprobe.gui.main_window import MainWindow
from pyprobe.gui.preferences import Preferences, Store
from pyprobe.gui.preferences_dialog import PreferencesDialog
from pyprobe.gui.probe_table import Column
from pyprobe.gui.theme import DARK, LIGHT, ThemeChoice
from pyprobe.gui.window_memory import WindowMemory
from pyprobe.session.listener import ProgramState
from pyprobe.session.options import WindowOptions
from pyprobe.session.probe import Probe, ProbeStatus
from tests.gui.conftest import OpenWindow
from tests.gui.hands import hands

COUNT = """\
import sys
total = 0
for i in range(200):
    total += i
print("total", total)
print("to stderr", file=sys.stderr)
"""
ENDLESS = """\
import time
i = 0
while True:
    i += 1
    time.sleep(0.001)
"""


def toggle(window: MainWindow, line: int, col: int) -> Probe:
    page = window.source_area.current_page
    assert page is not None
    occurrence = page.view.occurrence_at(line, col)
    assert occurrence is not None
    page.view.chosen.emit(occurrence)
    return list(window.session.probes.values())[-1]


def wait_ended(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.session.state is ProgramState.ENDED, timeout=20_000)


def hint(window: MainWindow) -> str:
    return next(
        label.text()
        for label in window.status.findChildren(QLabel)
        if label.accessibleName() == "Hint"
    )


def test_a_probe_is_seen_everywhere(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(COUNT)
    probe = toggle(window, 4, 4)
    qtbot.waitUntil(lambda: window.traces is not None and probe.id in window.traces.panels)
    window.program.run()
    wait_ended(window, qtbot)
    assert probe.captured == 200
    qtbot.waitUntil(lambda: "total 19900" in window.console.view.text())
    assert "to stderr" in window.console.view.text()
    window.show_values()
    model = window.probe_model
    assert model.data(model.index(0, Column.STATE), 0) == "finished"
    assert model.data(model.index(0, Column.VALUE), 0) == "19900"
    message = window.messages.current()
    assert message is not None
    assert "ended with exit code 0" in message.text
    assert window.menus.program.run.isEnabled()
    assert not window.console.input.isEnabled()


def test_no_timer_runs_when_nothing_happens(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(COUNT)
    toggle(window, 4, 4)
    window.program.run()
    wait_ended(window, qtbot)
    view = window.session.wakeup.__self__  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: bool(view.is_idle))


def test_pause_resume_and_stop(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(ENDLESS)
    probe = toggle(window, 4, 4)
    window.program.run()
    qtbot.waitUntil(lambda: probe.status is ProbeStatus.LIVE, timeout=20_000)
    window.program.pause()
    qtbot.waitUntil(lambda: window.session.state is ProgramState.PAUSED)
    qtbot.waitUntil(lambda: "Stopped at program.py:" in hint(window))
    assert window.menus.program.run.iconText() == "Continue"
    window.program.run()
    qtbot.waitUntil(lambda: window.session.state is ProgramState.RUNNING)
    window.program.run()
    assert "running already" in hint(window)
    window.program.stop()
    wait_ended(window, qtbot)
    assert probe.status is ProbeStatus.FINISHED
    assert probe.history.count > 0


def test_every_command_is_answered_without_a_program(open_main_window: OpenWindow) -> None:
    window = open_main_window(COUNT)
    for command in (window.program.pause, window.program.stop, window.arrange_plots):
        window.status.show_hint("")
        command()
        assert hint(window)


def test_a_program_that_cannot_start_says_why(open_main_window: OpenWindow) -> None:
    window = open_main_window(COUNT)
    program = window.session.program
    object.__setattr__(program, "python", "/no/such/python")
    window.program.run()
    message = window.messages.current()
    assert message is not None
    assert "cannot be started" in message.text


def test_traceback_frames_lead_to_their_lines(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window("def f():\n    return 1 / 0\n\n\nf()\n")
    window.program.run()
    wait_ended(window, qtbot)
    message = window.messages.current()
    assert message is not None
    assert [link.label for link in message.links] == [
        "program.py:5 in <module>",
        "program.py:2 in f",
    ]
    message.links[1].run()
    page = window.source_area.current_page
    assert page is not None
    assert page.view.getCursorPosition() == (1, 0)


def test_removing_the_last_probe_brings_the_hint_back(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_main_window(COUNT)
    first, second = toggle(window, 4, 4), toggle(window, 3, 4)
    qtbot.waitUntil(lambda: len(window.docks.traces) == 2)
    assert not window.empty_plots.isVisible()
    window.session.remove_probe(first)
    window.session.remove_probe(second)
    qtbot.waitUntil(lambda: not window.docks.traces)
    qtbot.waitUntil(window.empty_plots.isVisible)


def test_a_closed_plot_comes_back(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(COUNT)
    probe = toggle(window, 4, 4)
    qtbot.waitUntil(lambda: probe.id in window.docks.traces)
    dock = window.docks.traces[probe.id]
    dock.closeDockWidget()
    assert "its probe goes on" in hint(window)
    assert probe.id in window.session.probes
    window.source_area.mark_clicked.emit(probe.id)
    assert not dock.isClosed()
    dock.setFloating()
    assert dock.isInFloatingContainer()
    window.arrange_plots()
    assert not dock.isInFloatingContainer()


@pytest.mark.parametrize("count", [1, 2, 5, 9])
def test_plots_stay_inside_the_window(
    open_main_window: OpenWindow, qtbot: QtBot, count: int, qapp: QApplication
) -> None:
    window = open_main_window("".join(f"v{n} = {n}\n" for n in range(count)))
    before = window.size()
    for line in range(1, count + 1):
        toggle(window, line, 0)
    qtbot.waitUntil(lambda: len(window.docks.traces) == count)
    qapp.processEvents()
    assert window.size() == before
    source = window.source_area.width()
    assert 0.45 <= source / window.width() <= 0.6
    room = window.rect()
    for dock in window.docks.traces.values():
        if dock.isVisible():
            corner = dock.mapTo(window, dock.rect().bottomRight())
            assert room.contains(corner)


def test_throttles_are_edited_in_place(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(COUNT)
    probe = toggle(window, 4, 4)
    qtbot.waitUntil(lambda: window.probe_model.rowCount() == 1)
    cell = window.probe_model.index(0, Column.THROTTLE)
    assert window.probe_model.setData(cell, "every:5", Qt.ItemDataRole.EditRole)
    assert (probe.throttle, probe.mode) == ("every:5", "1 / 5")
    assert not window.probe_model.setData(cell, "now and then", Qt.ItemDataRole.EditRole)
    message = window.messages.current()
    assert message is not None
    assert "now and then" in message.text


def test_running_code_has_to_be_asked_for(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(COUNT)
    probe = toggle(window, 4, 4)
    qtbot.waitUntil(lambda: window.probe_model.rowCount() == 1)
    assert not probe.run_code
    window.probe_table.selectRow(0)
    window.probe_table.run_code_action.trigger()
    assert probe.run_code
    assert "may run code" in hint(window)
    window.show_probes()
    assert "runs code" in window.probe_model.data(window.probe_model.index(0, Column.STATE), 0)


def test_themes_change_at_once(open_main_window: OpenWindow, qapp: QApplication) -> None:
    window = open_main_window(COUNT, Preferences(theme=ThemeChoice.LIGHT))
    toggle(window, 4, 4)
    light = window.grab().toImage()
    window.choose_theme(ThemeChoice.DARK)
    assert window.theme is DARK
    assert window.grab().toImage() != light
    window.choose_theme(ThemeChoice.LIGHT)
    assert window.theme is LIGHT


def test_preferences_hold_at_once_and_block_nothing(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_main_window(COUNT, Preferences())
    store = Store()
    memory = WindowMemory(window, store)
    window.open_preferences()
    window.open_preferences()
    (dialog,) = window.findChildren(PreferencesDialog)
    assert not dialog.isModal()
    dialog.throttle.setText("nonsense")
    dialog.throttle.textEdited.emit("nonsense")
    assert window.preferences.throttle == "auto"
    dialog.throttle.setText("20ms")
    dialog.throttle.textEdited.emit("20ms")
    dialog.budget.setValue(3.0)
    dialog.font_points.setValue(14)
    assert window.preferences == Preferences(3.0, "20ms", ThemeChoice.SYSTEM, 14)
    assert Store().load_preferences() == window.preferences
    assert toggle(window, 4, 4).throttle == "20ms"
    dialog.close()
    memory.keep()


def test_layout_and_probes_are_kept(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(COUNT)
    toggle(window, 4, 4)
    qtbot.waitUntil(lambda: len(window.docks.traces) == 1)
    WindowMemory(window, Store()).keep()

    other = open_main_window(COUNT)
    memory = WindowMemory(other, Store())
    memory.restore_geometry()
    memory.restore_probes(WindowOptions(other.session.program))
    other.show_probes()
    memory.restore_layout()
    assert [probe.anchor.symbol for probe in other.session.probes.values()] == ["total"]
    assert not next(iter(other.docks.traces.values())).isClosed()
    assert other.messages.current() is None


def test_a_damaged_layout_is_survived(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(COUNT)
    toggle(window, 4, 4)
    qtbot.waitUntil(lambda: len(window.docks.traces) == 1)
    assert not window.docks.restore_layout(b"nonsense")
    assert not window.docks.restore_layout(b"")
    assert not next(iter(window.docks.traces.values())).isClosed()


def test_another_file_opens_in_a_tab(
    open_main_window: OpenWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_main_window(COUNT)
    other = tmp_path / "helper.py"
    other.write_text("y = 1\n", encoding="utf-8")
    window.sources.open(str(other))
    page = window.source_area.current_page
    assert page is not None
    assert page.path == str(other)
    window.sources.reveal(str(tmp_path / "program.py"), 3)
    assert window.source_area.currentIndex() == 0
    window.sources.reveal(str(tmp_path / "absent.py"), 1)
    assert "not there" in hint(window)
    bar = window.source_area.tabBar()
    assert bar is not None
    side = QTabBar.ButtonPosition.RightSide
    assert bar.tabButton(0, side) is None  # the script itself stays
    button = bar.tabButton(1, side)
    assert isinstance(button, QToolButton)
    assert button.accessibleName() == "Close helper.py"
    button.click()
    assert list(window.source_area.pages) == [str(tmp_path / "program.py")]


def test_input_is_sent_and_ended(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window("print(input().upper())\nprint(repr(input('more')))\n")
    window.program.run()
    qtbot.waitUntil(window.console.input.isEnabled)
    hands.keyClicks(window.console.input, "hello")
    hands.keyClick(window.console.input, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "HELLO" in window.console.view.text(), timeout=20_000)
    hands.keyClick(window.console.input, Qt.Key.Key_Up)
    assert window.console.input.text() == "hello"
    hands.keyClick(window.console.input, Qt.Key.Key_Down)
    hands.keyClick(window.console.input, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    wait_ended(window, qtbot)
    assert "EOFError" in window.console.view.text()


def test_everything_has_a_name_and_a_shortcut_only_once(open_main_window: OpenWindow) -> None:
    window = open_main_window(COUNT)
    keys = [
        action.shortcut().toString()
        for action in window.findChildren(QAction)
        if not action.shortcut().isEmpty()
        and action.shortcutContext() is not Qt.ShortcutContext.WidgetShortcut
    ]
    assert len(keys) == len(set(keys))
    for named in (
        *(window.console.view, window.console.input, window.probe_table, window.file_tree),
        *(window.source_area, window.messages, window.empty_plots),
    ):
        assert isinstance(named, QWidget)
        assert named.accessibleName()
    for action in window.menus.program.all:
        assert "F5" in action.toolTip() or "F6" in action.toolTip()
