"""Two recordings in one window: laid over each other, their difference, and where they part."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pyprobe.gui.compare_control import CompareControl
from pyprobe.gui.main_window import MainWindow
from tests.gui.test_open import OpenRecording, open_recording  # noqa: F401 - a fixture
from tests.session.columns import FIRST_NS
from tests.session.recordings import make_recording

COUNT = 100
STEP_NS = 1000


def rows(changed_from: int = COUNT, count: int = COUNT) -> list[tuple[int, object]]:
    return [(1, number / 2 + (0.5 if number >= changed_from else 0.0)) for number in range(count)]


def control_of(window: MainWindow) -> CompareControl:
    assert window.recorded is not None
    return window.recorded.compare


def compare(window: MainWindow, other: Path, qtbot: QtBot) -> None:
    control = control_of(window)
    with qtbot.waitSignal(control.finished, timeout=20_000):
        control.start(str(other))


def texts(window: MainWindow) -> list[str]:
    return [one.text for one in window.messages.waiting]


@pytest.fixture
def window(open_recording: OpenRecording, tmp_path: Path) -> MainWindow:  # noqa: F811
    return open_recording(make_recording(tmp_path, rows(), name="a.mcap"))


def test_the_other_recording_lies_over_this_one_with_its_difference(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    other = make_recording(tmp_path, rows(changed_from=60), name="b.mcap")
    compare(window, other, qtbot)
    control = control_of(window)
    assert window.traces is not None
    drawn = window.traces.panels[1].drawn_traces()
    assert [one.history.count for one in drawn] == [COUNT, COUNT]
    assert drawn[1].title.endswith(" in b.mcap")
    (difference,) = control.differences
    assert difference.history.count == COUNT
    values = [difference.history.scalar_at(number).value.value for number in (59, 60)]
    assert values == [0.0, -0.5]
    assert window.traces.panels[difference.id].trace is difference
    control.close()
    assert [one.title for one in window.traces.panels[1].drawn_traces()] == [drawn[0].title]
    assert difference.id not in window.traces.panels


def test_two_recordings_are_opened_side_by_side(
    open_recording: OpenRecording,  # noqa: F811
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    paths = [
        make_recording(tmp_path, rows(changed_from=part), name=name)
        for name, part in (("a.mcap", COUNT), ("b.mcap", 60))
    ]
    window = open_recording(paths[0], compare_with=str(paths[1]))
    qtbot.waitUntil(lambda: len(control_of(window).differences) == 1, timeout=20_000)
    assert any("part first at capture 60" in text for text in texts(window))
    control_of(window).close()


def test_where_they_part_is_told_and_one_press_away(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    other = make_recording(tmp_path, rows(changed_from=60), name="b.mcap")
    compare(window, other, qtbot)
    message = window.messages.current()
    assert message is not None
    assert "The recordings part first at capture 60 of " in message.text
    assert "30.0 against 30.5" in message.text
    message.actions[0].run()
    assert window.time.cursor.t_ns == FIRST_NS + 60 * STEP_NS
    assert window.traces is not None
    drawn = window.traces.panels[1].drawn_traces()
    assert [one.history.count for one in drawn] == [61, 61]  # at the same capture, not time
    assert [one.history.last.text for one in drawn if one.history.last is not None] == [
        "30",
        "30.5",
    ]
    control_of(window).close()


def test_recordings_alike_are_said_to_be(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    compare(window, make_recording(tmp_path, rows(), name="b.mcap"), qtbot)
    assert "b.mcap holds the same captures." in texts(window)
    assert control_of(window).differences == ()
    compare(window, make_recording(tmp_path, rows(count=80), name="c.mcap"), qtbot)
    said = "What both recordings hold is the same; c.mcap holds more, or less, of it."
    assert said in texts(window)
    control_of(window).close()


def test_what_is_no_recording_is_told(window: MainWindow, tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("nothing")
    control_of(window).start(str(other))
    assert f"{other} is not a recording of PyProbe." in texts(window)
    assert control_of(window).others == ()


def test_closing_the_window_ends_a_comparison(window: MainWindow, tmp_path: Path) -> None:
    other = make_recording(tmp_path, rows(changed_from=60), name="b.mcap")
    control_of(window).start(str(other))
    window.closing.emit()  # the fixtures prove that no thread and no timer stays behind
    assert control_of(window).others == ()
