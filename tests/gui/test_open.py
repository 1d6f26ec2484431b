"""A recording's window: the window of its program, without a program."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PyQt6.QtGui import QDragEnterEvent, QDropEvent
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pyprobe.gui.actions import WHY_NOT
from pyprobe.gui.app import Opening, take_down
from pyprobe.gui.main_window import MainWindow
from pyprobe.gui.open_window import main_file
from pyprobe.gui.preferences import Preferences, Store
from pyprobe.gui.sources import load_source
from pyprobe.gui.window_memory import WindowMemory
from pyprobe.session.options import WindowOptions
from pyprobe.session.recorded_session import RecordedSession
from pyprobe.session.recording import Recorder
from tests.gui.conftest import make_session
from tests.session.columns import FIRST_NS
from tests.session.recordings import make_recording

OpenRecording = Callable[..., MainWindow]
ROWS: list[tuple[int, object]] = [(1, number / 2) for number in range(100)]


@pytest.fixture
def open_recording(qapp: QApplication, qtbot: QtBot) -> Iterator[OpenRecording]:
    """Open a recording's window as the command does, up to where all is loaded."""
    opened: list[tuple[Opening, MainWindow, RecordedSession]] = []

    def open_one(path: Path, compare_with: str | None = None) -> MainWindow:
        session = RecordedSession(str(path))
        window = MainWindow(session.program, Preferences(), qapp)
        memory = WindowMemory(window, Store(), key="recordings")
        options = WindowOptions(session.program, compare_with=compare_with)
        opening = Opening(window, memory, options, session)
        opened.append((opening, window, session))
        opening.show()
        qtbot.waitUntil(lambda: window.is_complete and session.is_loaded, timeout=20_000)
        qtbot.waitUntil(lambda: window.status.state_text == "Recording", timeout=20_000)
        window.show_values()  # which otherwise come ten times a second
        return window

    yield open_one
    for opening, window, session in opened:
        opening.close()
        take_down(window)
        session.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return make_recording(tmp_path, ROWS, output=[("stdout", "hello\n")])


def rows(window: MainWindow) -> list[tuple[str, str]]:
    return [(row.name, row.value) for row in window.probe_model.rows]


def source_text(window: MainWindow) -> str:
    page = window.source_area.current_page
    assert page is not None
    return str(page.view.text())


def test_it_shows_source_probes_values_plots_and_output(
    open_recording: OpenRecording, recording: Path
) -> None:
    window = open_recording(recording)
    assert rows(window)[0][1] == "49.5"
    assert source_text(window) == (recording.parent / "script.py").read_text()
    assert window.traces is not None
    assert window.traces.panels[1].trace.history.count == len(ROWS)
    assert "hello" in window.console.view.text()
    assert "run.mcap" in window.windowTitle()


def test_the_text_is_that_of_then(open_recording: OpenRecording, recording: Path) -> None:
    script = recording.parent / "script.py"
    before = script.read_text()
    script.write_text("# quite another program\n")
    window = open_recording(recording)
    assert source_text(window) == before
    texts = [one.text for one in window.messages.waiting]
    assert "script.py has changed since it was recorded; shown is its text of then." in texts


def test_what_needs_a_program_is_grey_and_says_why(
    open_recording: OpenRecording, recording: Path
) -> None:
    window = open_recording(recording)
    for action in window.menus.program.all:
        assert not action.isEnabled()
        assert action.property(WHY_NOT) == "this is a recording, and no program runs"
    said: list[str] = []
    window.program.said.connect(said.append)
    for command in (window.program.run, window.program.pause, window.program.stop):
        command()
    window.program.restart()
    assert said == ["run.mcap is a recording: no program runs in this window."] * 4
    assert not window.probe_commands.set_throttle(1, "every:10")
    message = window.messages.current()
    assert message is not None
    assert "this is a recording, and no program runs" in message.text


def test_a_click_hides_a_recorded_probe_and_brings_it_back(
    open_recording: OpenRecording, recording: Path
) -> None:
    window = open_recording(recording)
    probe = window.session.probes[1]
    page = window.source_area.current_page
    assert page is not None
    page.view.chosen.emit(probe.occurrence)
    assert 1 not in window.session.probes
    page.view.chosen.emit(probe.occurrence)
    assert window.session.probes[1] is probe
    assert probe.history.count == len(ROWS)


def test_the_time_goes_back_in_it(open_recording: OpenRecording, recording: Path) -> None:
    window = open_recording(recording)
    window.time.cursor.move_to(FIRST_NS + 10 * 1000)
    assert rows(window)[0][1] == "5"
    assert window.time.bar.live.text() == "Go to end"
    window.time.toggle()
    assert rows(window)[0][1] == "49.5"


def test_what_is_dropped_and_no_recording_is_refused_in_a_sentence(
    open_recording: OpenRecording, recording: Path, tmp_path: Path
) -> None:
    window = open_recording(recording)
    other = tmp_path / "other.mcap"
    other.write_text("nothing of the kind")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(other))])
    left, plain = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    copy = Qt.DropAction.CopyAction
    entering = QDragEnterEvent(QPoint(5, 5), copy, mime, left, plain)
    QApplication.sendEvent(window, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(5, 5), copy, mime, left, plain))
    message = window.messages.current()
    assert message is not None
    assert message.text == f"{other} is not a recording of PyProbe."


def test_a_recording_whose_record_is_damaged_still_shows_its_source(recording: Path) -> None:
    session = RecordedSession(str(recording))
    assert main_file(session) == str(recording.parent / "script.py")
    session.close()


def test_layout_is_remembered_apart_from_the_programs(
    open_recording: OpenRecording, recording: Path
) -> None:
    window = open_recording(recording)
    window.closing.emit()
    store = Store()
    assert store.load_program("recordings").layout
    assert not store.load_program(str(recording.parent / "script.py")).layout


def test_a_recording_has_no_place_for_breakpoints(
    open_recording: OpenRecording, recording: Path
) -> None:
    window = open_recording(recording)
    assert window.debug is None
    action = window.menus.debug.menuAction()
    assert action is not None
    assert not action.isVisible()
    assert [page.view.break_margin_px for page in window.source_area.pages.values()] == [0]


def record_snapshots(script: Path, path: Path) -> None:
    session = make_session(script)
    recorder = session.recorder = Recorder(str(path), session.program)
    source = load_source(str(script))
    (x,) = (one for one in source.index.on_line(2) if one.symbol == "x")
    probe = session.add_probe(x, str(script), throttle="every")
    session.when("changed(i)", at=probe).snapshot("step")
    session.start()
    while session.ending is None:
        session.wait(1.0)
        session.process_events()
    recorder.finish(session.ending)
    session.close()


def test_its_snapshots_are_listed_and_lead_to_their_moment(
    open_recording: OpenRecording, tmp_path: Path
) -> None:
    script = tmp_path / "loop.py"
    script.write_text("for i in range(5):\n    x = i * 2\n", encoding="utf-8")
    record_snapshots(script, tmp_path / "run.mcap")
    window = open_recording(tmp_path / "run.mcap")
    assert window.recorded is not None
    window.recorded.snapshots.update()
    panel = window.recorded.snapshots.panel
    assert panel is not None
    assert not panel.watches.isVisible()
    texts = [panel.list.topLevelItem(at) for at in range(panel.list.topLevelItemCount())]
    assert [item.text(1) for item in texts if item is not None] == ["step"] * 4
    panel.list.setCurrentItem(texts[1])
    panel.go.click()
    window.show_values()
    assert [value for _name, value in rows(window)] == ["4"]
