"""A run and a recording in one window: laid over each other while it runs, and where it parts."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pyprobe.gui.compare_live import LiveCompare, live_compare
from pyprobe.gui.main_window import MainWindow
from pyprobe.gui.preferences import Preferences
from pyprobe.session.listener import ProgramState
from tests.gui.conftest import OpenWindow
from tests.gui.test_main_window import toggle
from tests.gui.test_recording_control import run_to_the_end, texts

PROGRAM = "for i in range(100):\n    x = i * 0.5\n    y = i\n"
CHANGED = PROGRAM.replace("i * 0.5", "i * 0.5 if i < 60 else 0.0")


@pytest.fixture
def window(open_main_window: OpenWindow) -> MainWindow:
    window = open_main_window(PROGRAM, Preferences(throttle="every"))
    toggle(window, 2, 4)
    return window


@pytest.fixture
def recording(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> Path:
    """A recording of a run of the program."""
    path = tmp_path / "good.mcap"
    window.recording.start(str(path))
    run_to_the_end(window, qtbot)
    return path


def change(window: MainWindow, text: str) -> None:
    page = window.source_area.current_page
    assert page is not None
    Path(page.path).write_text(text)


def settled(compare: LiveCompare, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: compare.is_up_to_date, timeout=20_000)


def told(window: MainWindow) -> str:
    return " ".join(
        text for text in texts(window) if "good.mcap" in text and "recorded" not in text
    )


def test_a_finished_run_is_compared_at_once(
    window: MainWindow, recording: Path, qtbot: QtBot
) -> None:
    change(window, CHANGED)
    run_to_the_end(window, qtbot)
    compare = live_compare(window)
    compare.start(str(recording))
    settled(compare, qtbot)
    assert "The run parts from good.mcap first at capture 60 of x" in told(window)
    assert "0.0 against 30.0" in told(window)
    assert window.traces is not None
    (probe_id,) = window.session.probes
    titles = [one.title for one in window.traces.panels[probe_id].drawn_traces()]
    assert titles[1].endswith(" in good.mcap")
    (difference,) = compare.differences
    assert difference.history.count == 100
    assert window.traces.panels[difference.id].trace is difference
    message = window.messages.current()
    assert message is not None
    message.actions[0].run()
    drawn = window.traces.panels[probe_id].drawn_traces()
    assert [one.history.count for one in drawn[:2]] == [61, 61]
    compare.close()
    assert [one.title for one in window.traces.panels[probe_id].drawn_traces()] == titles[:1]
    assert difference.id not in window.traces.panels


def test_each_run_is_compared_from_its_beginning(
    window: MainWindow, recording: Path, qtbot: QtBot
) -> None:
    compare = live_compare(window)
    compare.start(str(recording))
    settled(compare, qtbot)
    run_to_the_end(window, qtbot)
    assert told(window) == "The run holds the same captures as good.mcap."
    change(window, CHANGED)
    run_to_the_end(window, qtbot)
    settled(compare, qtbot)
    assert "The run parts from good.mcap first at capture 60 of x" in told(window)
    change(window, PROGRAM)
    run_to_the_end(window, qtbot)
    settled(compare, qtbot)
    assert told(window) == "The run holds the same captures as good.mcap."
    assert compare.differences == ()
    compare.close()


def test_a_probe_that_is_added_later_is_compared_too(
    open_main_window: OpenWindow, recording: Path, window: MainWindow, qtbot: QtBot
) -> None:
    compare = live_compare(window)
    (probe,) = window.session.probes.values()
    window.session.remove_probe(probe)
    compare.start(str(recording))
    settled(compare, qtbot)
    assert "None of the probes here is in good.mcap" in told(window)
    window.session.restore_probe(probe)
    settled(compare, qtbot)
    assert len(compare.others) == 1
    compare.close()


def test_what_is_no_recording_is_told(window: MainWindow, tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("nothing")
    live_compare(window).start(str(other))
    assert f"{other} is not a recording of PyProbe." in texts(window)


def test_closing_the_window_ends_it(window: MainWindow, recording: Path) -> None:
    compare = live_compare(window)
    compare.start(str(recording))
    window.closing.emit()  # the fixtures prove that no thread and no timer stays behind
    assert compare.others == ()
    assert window.session.state is ProgramState.ENDED
