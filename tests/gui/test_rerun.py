"""Restart on save and run again and again: probes move along, and each run is a generation."""

from pathlib import Path

from PyQt6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from pyprobe.gui.main_window import MainWindow
from pyprobe.gui.preferences import Store
from pyprobe.gui.window_memory import WindowMemory
from pyprobe.session.listener import ProgramState
from pyprobe.session.options import WindowOptions
from pyprobe.session.probe import ProbeStatus
from tests.gui.conftest import OpenWindow
from tests.gui.test_main_window import ENDLESS, hint, toggle, wait_ended

SHORT = "for i in range(5):\n    x = i * i\n"
PATIENCE_MS = 20_000


def save(window: MainWindow, text: str) -> None:
    path = window.program_to_run.script_path
    assert path is not None
    Path(path).write_text(text, encoding="utf-8")


def shown_problem(window: MainWindow) -> str:
    message = window.messages.current()
    return message.text if message is not None else ""


def test_a_save_restarts_with_probes_moved(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(ENDLESS)
    window.menus.restart_on_save.trigger()
    probe = toggle(window, 4, 4)
    save(window, "# first\n" + ENDLESS)
    qtbot.waitUntil(lambda: probe.anchor.line == 5, timeout=PATIENCE_MS)
    assert window.session.state is ProgramState.IDLE  # a save does not start what was not run
    window.program.run()
    qtbot.waitUntil(lambda: probe.status is ProbeStatus.LIVE, timeout=PATIENCE_MS)
    first = probe.history
    save(window, "# second\n# first\n" + ENDLESS)
    qtbot.waitUntil(lambda: probe.earlier == [first], timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: probe.status is ProbeStatus.LIVE, timeout=PATIENCE_MS)
    assert probe.anchor.line == 6
    assert "was saved" in hint(window) or not hint(window)


def test_a_save_with_an_error_restarts_nothing(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(ENDLESS)
    window.menus.restart_on_save.trigger()
    probe = toggle(window, 4, 4)
    window.program.run()
    qtbot.waitUntil(lambda: probe.status is ProbeStatus.LIVE, timeout=PATIENCE_MS)
    pid = window.session.pid
    save(window, ENDLESS + "while :\n")
    qtbot.waitUntil(lambda: "not restarted" in shown_problem(window), timeout=PATIENCE_MS)
    assert window.session.pid == pid
    save(window, ENDLESS + "# mended\n")
    qtbot.waitUntil(lambda: bool(probe.earlier), timeout=PATIENCE_MS)
    assert "not restarted" not in shown_problem(window)
    window.menus.restart_on_save.trigger()
    save(window, ENDLESS)
    qtbot.waitUntil(lambda: "has changed on disk" in shown_problem(window), timeout=PATIENCE_MS)


def test_an_ended_program_restarts_on_save(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(SHORT)
    window.menus.restart_on_save.trigger()
    probe = toggle(window, 2, 4)
    window.program.run()
    wait_ended(window, qtbot)
    assert probe.history.scalars().value.tolist() == [0, 1, 4, 9, 16]
    save(window, SHORT.replace("i * i", "i + i"))
    qtbot.waitUntil(
        lambda: probe.history.count == 5 and len(probe.earlier) == 1, timeout=PATIENCE_MS
    )
    assert probe.history.scalars().value.tolist() == [0, 2, 4, 6, 8]
    assert probe.earlier[0].scalars().value.tolist() == [0, 1, 4, 9, 16]


def test_it_runs_again_until_it_is_told_otherwise(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_main_window(SHORT)
    window.menus.loop.trigger()
    assert "again and again" in hint(window)
    probe = toggle(window, 2, 4)
    window.program.run()
    qtbot.waitUntil(lambda: len(probe.earlier) == 3, timeout=PATIENCE_MS)
    assert {history.count for history in probe.earlier} == {5}
    assert window.messages.current() is None
    window.menus.loop.trigger()
    wait_ended(window, qtbot)
    window.forget_runs()
    assert probe.earlier == []
    window.forget_runs()
    assert hint(window) == "There are no earlier runs."


def test_stopping_ends_the_loop(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(ENDLESS)
    window.menus.loop.trigger()
    window.program.run()
    qtbot.waitUntil(lambda: window.session.state is ProgramState.RUNNING, timeout=PATIENCE_MS)
    ending = window.session.ending
    assert ending is None
    window.program.stop()
    wait_ended(window, qtbot)
    ending = window.session.ending
    assert ending is not None
    assert not window.rerun.goes_on_after(ending)


def test_a_failure_ends_the_loop(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window("raise ValueError('no')\n")
    window.menus.loop.trigger()
    window.program.run()
    wait_ended(window, qtbot)
    assert "failed" in hint(window)
    assert "ValueError" in shown_problem(window)
    assert window.rerun.loops


def test_both_switches_are_remembered(open_main_window: OpenWindow) -> None:
    window = open_main_window(SHORT)
    window.menus.restart_on_save.trigger()
    window.menus.loop.trigger()
    WindowMemory(window, Store()).keep()
    other = open_main_window(SHORT)
    WindowMemory(other, Store()).restore_probes(WindowOptions(other.session.program))
    assert (other.rerun.on_save, other.rerun.loops) == (True, True)
    assert other.menus.loop.isChecked()
    shown = [label.text() for label in other.status.findChildren(QLabel) if label.isVisible()]
    assert "Restarts on save · Loops" in shown
