"""Math traces at the time cursor and over runs, in the window: recordings, two of them, reruns."""

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from pyprobe.gui.main_window import MainWindow
from pyprobe.session.comparison_traces import DifferenceTrace, OtherTrace
from pyprobe.session.listener import ProgramState
from pyprobe.session.math_trace import MathTrace
from pyprobe.session.trace import ProbeStatus, Trace
from tests.gui.conftest import OpenWindow
from tests.gui.test_compare import compare, control_of
from tests.gui.test_open import OpenRecording, open_recording  # noqa: F401 - a fixture
from tests.session.columns import FIRST_NS
from tests.session.recordings import make_recording

COUNT = 40
STEP_NS = 1000
PATIENCE_MS = 30_000
SOURCE = "x = 1\n"
ARRAYS = """\
import numpy

scale = 1
for step in range(5):
    buf = numpy.full(3, 10.0 * step)
"""


def rows(added: float = 0.0) -> list[tuple[int, object]]:
    return [(1, np.arange(4.0) * number + added) for number in range(COUNT)]


def add(window: MainWindow, expression: str, qtbot: QtBot) -> MathTrace:
    trace = window.math.add(expression)
    qtbot.waitUntil(lambda: window.math.board.is_idle, timeout=PATIENCE_MS)
    return trace


def name_of(window: MainWindow, wanted: type[Trace]) -> str:
    named = window.math.board.named()
    return next(name for name, trace in named.items() if isinstance(trace, wanted))


def drawn_at(window: MainWindow, trace: MathTrace, t_ns: int, qtbot: QtBot) -> list[float]:
    """Go to a time and return what the trace's plot draws, once it is computed."""
    assert window.traces is not None
    panel = window.traces.panels[trace.id]
    window.time.cursor.move_to(t_ns)
    qtbot.waitUntil(lambda: window.math.board.is_idle, timeout=PATIENCE_MS)
    history = panel.drawn_traces()[0].history
    array = history.last_array
    return [] if array is None else [float(value) for value in array]


@pytest.fixture
def window(open_recording: OpenRecording, tmp_path: Path) -> MainWindow:  # noqa: F811
    return open_recording(make_recording(tmp_path, rows(), name="a.mcap", source=SOURCE))


def test_in_a_recording_it_shows_what_it_gave_at_each_time(
    window: MainWindow, qtbot: QtBot
) -> None:
    trace = add(window, "tr0 * 2", qtbot)
    assert window.traces is not None
    panel = window.traces.panels[trace.id]
    for number in (30, 3, 17):
        wanted = [0.0, 2.0 * number, 4.0 * number, 6.0 * number]
        assert drawn_at(window, trace, FIRST_NS + number * STEP_NS, qtbot) == wanted
        assert panel.lens_name == "waveform"
        assert not panel.placeholder.isVisible()
    window.time.cursor.go_live()
    assert trace.history.last_array is not None
    assert panel.drawn_traces()[0].history is trace.history


def test_what_was_wrong_then_stands_in_its_plot(
    open_recording: OpenRecording,  # noqa: F811
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    sizes = [3, 4, 3]
    path = make_recording(tmp_path, [(1, np.ones(size)) for size in sizes], source=SOURCE)
    window = open_recording(path)
    trace = add(window, "tr0 + ones(3)", qtbot)
    assert window.traces is not None
    panel = window.traces.panels[trace.id]
    assert drawn_at(window, trace, FIRST_NS + STEP_NS, qtbot) == []
    assert panel.placeholder.is_error
    assert "could not be broadcast" in panel.placeholder.sentence
    assert drawn_at(window, trace, FIRST_NS, qtbot) == [2.0, 2.0, 2.0]
    assert panel.header.content is not None
    assert panel.header.content.status is ProbeStatus.LIVE


def test_two_recordings_and_their_difference_can_be_computed_with(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    other = make_recording(tmp_path, rows(added=0.5), name="b.mcap", source=SOURCE)
    compare(window, other, qtbot)
    theirs, difference = name_of(window, OtherTrace), name_of(window, DifferenceTrace)
    own = add(window, f"tr0 - {theirs}", qtbot)
    twice = add(window, f"{difference} * 2", qtbot)
    for number in (COUNT - 1, 5):
        t_ns = FIRST_NS + number * STEP_NS
        assert drawn_at(window, own, t_ns, qtbot) == [-0.5] * 4
        assert drawn_at(window, twice, t_ns, qtbot) == [-1.0] * 4
    control_of(window).close()
    qtbot.waitUntil(lambda: window.math.board.is_idle, timeout=PATIENCE_MS)
    assert own.detail == f"there is no trace {theirs}"


def test_a_source_that_is_removed_after_the_end_is_said_in_its_plot(
    window: MainWindow, qtbot: QtBot
) -> None:
    trace = add(window, "tr0 * 2", qtbot)
    assert window.traces is not None
    panel = window.traces.panels[trace.id]
    window.session.remove_probe(window.session.probes[1])
    qtbot.waitUntil(
        lambda: (
            panel.header.content is not None
            and "there is no trace tr0" in panel.header.content.warnings
        ),
        timeout=PATIENCE_MS,
    )


def test_each_run_of_the_program_fades_behind_the_next(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_main_window(ARRAYS)
    page = window.source_area.current_page
    assert page is not None
    occurrence = page.view.occurrence_at(5, 4)
    assert occurrence is not None
    page.view.chosen.emit(occurrence)

    def run() -> None:
        window.program.restart()
        qtbot.waitUntil(lambda: window.session.state is ProgramState.RUNNING, timeout=PATIENCE_MS)
        qtbot.waitUntil(lambda: window.session.state is ProgramState.ENDED, timeout=PATIENCE_MS)
        qtbot.waitUntil(lambda: window.math.board.is_idle, timeout=PATIENCE_MS)

    window.make_traces()
    trace = window.math.add("tr0 + 1")
    for _ in range(3):
        run()
    assert window.traces is not None
    drawn = window.traces.panels[trace.id].drawn_traces()[0]
    arrays = [one.last_array for one in (*drawn.earlier, drawn.history)]
    assert [None if array is None else array.tolist() for array in arrays] == [[41.0] * 3] * 3
    assert len({one.epoch_ns for one in (*drawn.earlier, drawn.history)}) == 3
