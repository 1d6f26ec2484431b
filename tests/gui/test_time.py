"""One time for the whole window: plots, source, probe list, console, status and the bar itself."""

from functools import partial

import pytest
from PyQt6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from pyprobe.gui.console_text import Stream
from pyprobe.gui.main_window import MainWindow
from pyprobe.gui.time_bar import TimePosition, seconds_text
from pyprobe.session.listener import ProgramState
from pyprobe.session.probe import Probe, ProbeStatus
from pyprobe.session.time_cursor import TimeRange
from tests.gui.conftest import OpenWindow
from tests.gui.hands import hands
from tests.session.columns import FIRST_NS, columns

PROGRAM = "x = 1\ny = x + 1\n"
STEP_NS = 1_000_000_000


def add_probe(window: MainWindow, line: int, symbol: str) -> Probe:
    path, page = next(iter(window.source_area.pages.items()))
    found = next(
        one for one in window.workspace.open(path).index.on_line(line) if one.symbol == symbol
    )
    assert page is not None
    probe = window.workspace.add_probe(path, found, "every")
    window.show_probes()
    return probe


def capture(window: MainWindow, probe: Probe, values: list[object], first: int = 0) -> None:
    """Let captures come, one a second from ``first`` on."""
    for column in columns(values, first_seq=first, step_ns=STEP_NS):
        probe.history.append(column)
    probe.status, probe.history.epoch_ns = ProbeStatus.LIVE, FIRST_NS
    window.show_captures({probe.id})
    window.show_values()


def at(step: int) -> int:
    return FIRST_NS + step * STEP_NS


def values(window: MainWindow) -> list[str]:
    return [row.value for row in window.probe_model.rows]


def inline_values(window: MainWindow) -> list[str]:
    page = window.source_area.current_page
    assert page is not None
    return [mark.value for mark in page.view.marks]


@pytest.fixture
def window(open_main_window: OpenWindow) -> MainWindow:
    return open_main_window(PROGRAM)


def test_before_any_capture_the_bar_waits_and_keys_say_so(window: MainWindow) -> None:
    bar = window.time.bar
    assert bar.isVisible()
    assert not bar.slider.isEnabled()
    assert bar.label.text() == "No captures yet"
    said: list[str] = []
    window.time.said.connect(said.append)
    window.time.step(-1)
    window.time.toggle()
    assert said == [
        "There are no captures to go back to yet.",
        "There are no captures to stop at yet.",
    ]


def test_everything_shows_what_was_true_then(window: MainWindow) -> None:
    x, y = add_probe(window, 1, "x"), add_probe(window, 2, "y")
    capture(window, x, [1, 2, 3])
    capture(window, y, [10, 20], first=1)
    assert window.traces is not None
    panel = window.traces.panels[x.id]
    assert values(window) == ["3", "20"]
    window.time.cursor.move_to(at(1))
    assert values(window) == inline_values(window) == ["2", "10"]
    assert panel.drawn_traces()[0].history.count == 2
    assert panel.header.content is not None
    assert panel.header.content.warnings == ("NOT LIVE",)
    assert window.status.time_mark == "NOT LIVE: 1.000 s"
    assert "3 of 5 captures" in window.time.bar.label.text()
    window.time.cursor.move_to(at(0))
    assert values(window) == inline_values(window) == ["1", ""]
    assert [row.status for row in window.probe_model.rows] == [
        ProbeStatus.LIVE,
        ProbeStatus.ARMED,
    ]
    window.time.toggle()
    assert values(window) == inline_values(window) == ["3", "20"]
    assert "NOT LIVE" not in panel.header.content.sentence()
    assert window.status.time_mark == ""


def test_captures_that_come_while_it_is_stopped_change_nothing_but_the_count(
    window: MainWindow,
) -> None:
    x = add_probe(window, 1, "x")
    capture(window, x, [1, 2, 3])
    window.time.toggle()
    capture(window, x, [4, 5], first=3)
    assert values(window) == ["3"]
    assert "3 of 5 captures" in window.time.bar.label.text()
    assert window.time.bar.slider.value() < window.time.bar.slider.maximum()
    late = add_probe(window, 2, "y")  # its plot shows the same time as the others
    capture(window, late, [7], first=6)
    assert values(window) == ["3", ""]
    window.time.toggle()
    assert values(window) == ["5", "7"]


def test_keys_step_and_bring_it_back_to_life(window: MainWindow, qtbot: QtBot) -> None:
    x = add_probe(window, 1, "x")
    capture(window, x, [1, 2, 3])
    window.activateWindow()  # keys of the window's actions go to the active one
    qtbot.waitUntil(window.isActiveWindow)
    hands.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert values(window) == ["2"]
    slider = window.time.bar.slider
    hands.keyClick(slider, Qt.Key.Key_Left)
    assert values(window) == ["1"]
    hands.keyClick(slider, Qt.Key.Key_Right)
    assert values(window) == ["2"]
    hands.keyClick(slider, Qt.Key.Key_Home)
    assert values(window) == ["1"]
    hands.keyClick(slider, Qt.Key.Key_Escape)
    assert window.time.cursor.is_live
    assert values(window) == ["3"]


def test_the_slider_goes_where_the_mouse_is(window: MainWindow) -> None:
    x = add_probe(window, 1, "x")
    capture(window, x, list(range(101)))
    slider = window.time.bar.slider
    middle = QPoint(slider.width() // 2, slider.height() // 2)
    hands.mousePress(slider, Qt.MouseButton.LeftButton, pos=middle)
    assert values(window) == ["50"] or values(window) == ["49"]
    hands.mouseMove(slider, QPoint(0, middle.y()))
    hands.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(0, middle.y()))
    assert values(window) == ["0"]
    assert not window.time.cursor.is_live


def test_a_new_run_is_live(window: MainWindow) -> None:
    x = add_probe(window, 1, "x")
    capture(window, x, [1, 2])
    window.time.toggle()
    window.show_state(ProgramState.STARTING)
    assert window.time.cursor.is_live


def test_what_has_ended_is_not_called_live(window: MainWindow) -> None:
    button = window.time.bar.live
    capture(window, add_probe(window, 1, "x"), [1, 2])
    window.show_state(ProgramState.RUNNING)
    assert button.text() == "Live"
    assert "goes on" in button.toolTip()
    window.show_state(ProgramState.ENDED)
    assert button.text() == "End"
    assert "goes on" not in button.toolTip()
    window.time.toggle()
    assert button.text() == "Go to end"
    window.show_state(ProgramState.STARTING)
    assert button.text() == "Live"


def test_it_is_live_again_when_the_last_probe_is_removed(window: MainWindow) -> None:
    x = add_probe(window, 1, "x")
    capture(window, x, [1, 2])
    window.time.toggle()
    window.session.remove_probe(x)
    window.show_probes()
    window.show_values()
    assert window.time.cursor.is_live
    assert window.status.time_mark == ""


def test_the_console_dims_what_came_later(window: MainWindow) -> None:
    x = add_probe(window, 1, "x")
    capture(window, x, [1, 2, 3])
    console = window.console.view
    for step in range(3):
        console.clock = partial(at, step)
        console.add(Stream.STDOUT, f"line {step}\n")
    console.show_pending()
    assert console.later_text() == ""
    window.time.cursor.move_to(at(1))
    assert console.later_text().split() == ["line", "2"]
    console.clock = lambda: at(9)
    console.add(Stream.STDOUT, "line 9\n")
    console.show_pending()
    assert console.later_text().split() == ["line", "2", "line", "9"]
    window.time.cursor.move_to(at(0))
    assert console.later_text().split()[:2] == ["line", "1"]
    window.time.cursor.go_live()
    assert console.later_text() == ""


@pytest.mark.parametrize(
    ("elapsed_ns", "span_ns", "text"),
    [
        (1_500_000_000, 2_000_000_000, "1.500 s"),
        (1_500_000, 20_000_000, "0.001500 s"),
        (1_234, 5_000, "0.000001234 s"),
        (1_234_567, 0, "0.001 s"),
    ],
)
def test_times_have_the_decimals_their_span_needs(elapsed_ns: int, span_ns: int, text: str) -> None:
    assert seconds_text(elapsed_ns, span_ns) == text


def test_the_bar_tells_time_and_count() -> None:
    span = TimeRange(at(0), at(10))
    assert TimePosition(span, None, at(0), 11, 11).text() == "10.000 s  ·  11 captures"
    assert TimePosition(span, at(2), at(0), 3, 11).text() == "2.000 s  ·  3 of 11 captures"
    only = TimeRange(at(2), at(2))
    assert TimePosition(only, None, at(0), 1, 1).text() == "2.000 s  ·  1 capture"
