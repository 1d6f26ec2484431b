"""The Record button: what it records opens again, also after a full disk or a closed window."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pyprobe.gui.main_window import MainWindow
from pyprobe.session.listener import ProgramState
from pyprobe.session.recorded_session import RecordedSession
from tests.gui.conftest import OpenWindow
from tests.gui.test_main_window import toggle

COUNT = "total = 0\nfor i in range(200):\n    total += i\nprint('total', total)\n"
ENDLESS = "import time\ni = 0\nwhile True:\n    i += 1\n    time.sleep(0.001)\n"


def load(path: Path) -> RecordedSession:
    session = RecordedSession(str(path))
    while session.load():
        pass
    session.close()
    return session


def run_to_the_end(window: MainWindow, qtbot: QtBot) -> None:
    window.program.run()
    qtbot.waitUntil(lambda: window.session.state is ProgramState.ENDED, timeout=20_000)


def texts(window: MainWindow) -> list[str]:
    return [one.text for one in window.messages.waiting]


def test_the_next_run_is_recorded_whole(
    open_main_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_main_window(COUNT)
    probe = toggle(window, 3, 4)
    path = tmp_path / "run.mcap"
    window.recording.start(str(path))
    assert window.menus.record.isChecked()
    assert not path.exists()
    run_to_the_end(window, qtbot)
    assert not window.menus.record.isChecked()
    assert any("200 captures are recorded in run.mcap" in text for text in texts(window))
    recorded = load(path)
    assert recorded.trouble == ""
    assert recorded.ending is not None
    assert recorded.ending.exit_code == 0
    assert recorded.probes[probe.id].history.count == 200
    assert "".join(piece.text for piece in recorded.output) == "total 19900\n"
    path.unlink()
    run_to_the_end(window, qtbot)  # which nobody asked to record
    assert not path.exists()


def test_a_run_is_recorded_from_where_the_button_is_pressed(
    open_main_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_main_window(ENDLESS)
    probe = toggle(window, 4, 4)
    window.program.run()
    qtbot.waitUntil(lambda: probe.history.count > 20, timeout=20_000)
    path = tmp_path / "run.mcap"
    first = probe.history.count
    window.recording.start(str(path))
    qtbot.waitUntil(lambda: probe.history.count > first + 50, timeout=20_000)
    window.recording.toggle()
    recorded = load(path)
    assert recorded.trouble == ""
    assert recorded.hello is not None
    history = recorded.probes[probe.id].history
    assert history.count >= 50
    assert complex(history.scalar_at(0).value.value).real > first
    assert window.session.has_process
    window.program.stop()
    qtbot.waitUntil(lambda: window.session.state is ProgramState.ENDED, timeout=20_000)


def test_a_closed_window_leaves_a_readable_file(
    open_main_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_main_window(ENDLESS)
    probe = toggle(window, 4, 4)
    path = tmp_path / "run.mcap"
    window.recording.start(str(path))
    window.program.run()
    qtbot.waitUntil(lambda: probe.history.count > 20, timeout=20_000)
    window.closing.emit()
    recorded = load(path)
    assert recorded.trouble == ""
    assert recorded.probes[probe.id].history.count >= 20


def test_a_full_disk_is_told_and_the_program_goes_on(
    open_main_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    resource = pytest.importorskip("resource")
    signal = pytest.importorskip("signal")
    window = open_main_window(ENDLESS)
    probe = toggle(window, 4, 4)
    path = tmp_path / "run.mcap"
    window.program.run()
    qtbot.waitUntil(lambda: probe.history.count > 5, timeout=20_000)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    window.recording.start(str(path))
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 100, limits[1]))
    try:
        qtbot.waitUntil(lambda: not window.recording.is_on, timeout=20_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert any("stops here, because the disk is full" in text for text in texts(window))
    assert not window.menus.record.isChecked()
    seen = probe.history.count
    qtbot.waitUntil(lambda: probe.history.count > seen, timeout=20_000)
    assert load(path).trouble == "the recording was cut off, this is all it holds"
    window.program.stop()
    qtbot.waitUntil(lambda: window.session.state is ProgramState.ENDED, timeout=20_000)


def test_a_file_that_is_no_recording_is_not_overwritten(
    open_main_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_main_window(COUNT)
    path = tmp_path / "thesis.txt"
    path.write_text("years of work")
    window.recording.start(str(path))
    run_to_the_end(window, qtbot)
    assert path.read_text() == "years of work"
    assert any("is no recording, so it is not overwritten" in text for text in texts(window))
    assert not window.recording.is_on


def test_what_was_asked_for_can_be_taken_back(open_main_window: OpenWindow, tmp_path: Path) -> None:
    window = open_main_window(COUNT)
    window.recording.start(str(tmp_path / "run.mcap"))
    window.recording.toggle()
    assert not window.recording.is_on
    assert not window.menus.record.isChecked()
