"""A recording of several runs in its window: which is shown, its generations, and menus."""

from pathlib import Path

import pytest
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from pyprobe.gui.main_window import MainWindow
from pyprobe.session.listener import ProgramState
from tests.gui.conftest import OpenWindow
from tests.gui.test_main_window import toggle
from tests.gui.test_open import OpenRecording, open_recording  # noqa: F401 - a fixture
from tests.gui.test_recording_control import COUNT, ENDLESS, load, texts
from tests.session.recordings import make_recording
from tests.session.test_recorded_runs import RUNS, X, record_runs


@pytest.fixture
def window(open_recording: OpenRecording, tmp_path: Path) -> MainWindow:  # noqa: F811
    path = tmp_path / "run.mcap"
    record_runs(path)
    return open_recording(path)


def entries(menu: QMenu) -> list[tuple[str, bool]]:
    return [(action.text(), action.isEnabled()) for action in menu.actions()]


def entry(window: MainWindow, menu: int, text: str) -> QAction:
    assert window.recorded is not None
    (found,) = [one for one in window.recorded.run_menus[menu].actions() if text in one.text()]
    return found


def test_earlier_runs_fade_behind_the_last(window: MainWindow) -> None:
    assert "run 3 of 3" in window.windowTitle()
    assert window.traces is not None
    trace = window.traces.panels[X].trace
    assert [one.count for one in (*trace.earlier, trace.history)] == [len(run) for run in RUNS]
    assert any("The recording holds 3 runs" in text for text in texts(window))
    window.forget_runs()
    assert trace.earlier == []


def test_the_menus_list_the_runs_and_how_they_ended(window: MainWindow) -> None:
    assert window.recorded is not None
    for menu in window.recorded.run_menus:
        assert entries(menu) == [
            ("Run 1: ended with exit code 0", True),
            ("Run 2: ended with exit code 1", True),
            ("Run 3: ended with exit code 2", False),
        ]
        (owner,) = [one for one in menu.menuAction().associatedObjects() if one is not menu]  # type: ignore[union-attr]
        assert isinstance(owner, QMenu)


def test_another_run_opens_in_a_window_of_its_own(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []

    def start_detached(process: object) -> tuple[bool, int]:
        started.append(process.arguments())  # type: ignore[attr-defined]
        return True, 1

    monkeypatch.setattr("PyQt6.QtCore.QProcess.startDetached", start_detached)
    entry(window, 0, "Run 2").trigger()
    assert started[0][:5] == ["-m", "pyprobe", "open", "--run", "2"]


def test_two_runs_of_one_recording_are_compared(window: MainWindow, qtbot: QtBot) -> None:
    assert window.recorded is not None
    compare = window.recorded.compare
    with qtbot.waitSignal(compare.finished, timeout=20_000):
        entry(window, 1, "Run 1").trigger()
    (other,) = compare.others
    assert other.title.endswith(" in run.mcap, run 1 of 3")
    assert other.history.count == len(RUNS[0])
    assert any(
        "part first at capture 0" in text and "20.0 against 1.0" in text for text in texts(window)
    )
    compare.close()


def test_one_run_has_no_such_menus(
    open_recording: OpenRecording,  # noqa: F811
    tmp_path: Path,
) -> None:
    window = open_recording(make_recording(tmp_path, [(1, 1.0)]))
    assert window.recorded is not None
    assert window.recorded.run_menus == ()
    assert "run 1" not in window.windowTitle()


def test_a_restart_goes_on_into_the_same_recording(
    open_main_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_main_window(ENDLESS)
    probe = toggle(window, 4, 4)
    path = tmp_path / "run.mcap"
    window.recording.start(str(path))
    window.program.run()
    qtbot.waitUntil(lambda: probe.history.count > 20, timeout=20_000)
    window.program.restart()
    qtbot.waitUntil(lambda: len(probe.earlier) == 1 and probe.history.count > 20, timeout=20_000)
    assert window.recording.is_on
    window.program.stop()
    qtbot.waitUntil(lambda: window.session.state is ProgramState.ENDED, timeout=20_000)
    assert not window.recording.is_on
    assert any("captures of 2 runs are recorded in run.mcap" in text for text in texts(window))
    recorded = load(path)
    assert len(recorded.runs) == 2
    shown = recorded.probes[probe.id]
    assert [one.count for one in (*shown.earlier, shown.history)] == [
        probe.earlier[0].count,
        probe.history.count,
    ]


def test_a_loop_is_recorded_until_it_is_ended(
    open_main_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_main_window(COUNT)
    probe = toggle(window, 3, 4)
    path = tmp_path / "run.mcap"
    window.rerun.set_loops(True)
    window.recording.start(str(path))
    window.program.run()
    qtbot.waitUntil(lambda: len(probe.earlier) == 2, timeout=30_000)
    window.rerun.set_loops(False)
    qtbot.waitUntil(lambda: not window.session.has_process, timeout=20_000)
    window.recording.stop()
    recorded = load(path)
    assert len(recorded.runs) >= 3
    counts = [one.count for one in recorded.probes[probe.id].earlier]
    assert counts == [200] * len(counts)
