"""Math traces in the window: written, drawn live, mended, removed, undone, remembered."""

import numpy as np
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pyprobe.gui.main_window import MainWindow
from pyprobe.gui.math_editor import MathEditor
from pyprobe.gui.preferences import ProgramMemory, Store
from pyprobe.gui.window_memory import WindowMemory
from pyprobe.session.listener import ProgramState
from pyprobe.session.math_trace import MathTrace
from pyprobe.session.trace import ProbeStatus
from tests.gui.conftest import OpenWindow
from tests.gui.hands import hands

COUNT = """\
total = 0
for i in range(200):
    total += i
"""


def open_with_probe(open_main_window: OpenWindow) -> MainWindow:
    window: MainWindow = open_main_window(COUNT)
    page = window.source_area.current_page
    assert page is not None
    occurrence = page.view.occurrence_at(3, 4)
    assert occurrence is not None
    page.view.chosen.emit(occurrence)
    return window


def write(window: MainWindow, expression: str, qtbot: QtBot) -> MathTrace:
    window.edit_math()
    editor = window.findChild(MathEditor)
    assert editor is not None
    hands.keyClicks(editor.field, expression)
    hands.keyClick(editor.field, Qt.Key.Key_Return)
    return list(window.math.board.traces.values())[-1]


def status_of(trace: MathTrace) -> ProbeStatus:
    return trace.status


def settle(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.math.board.is_idle, timeout=30_000)


def run(window: MainWindow, qtbot: QtBot) -> None:
    window.program.run()
    qtbot.waitUntil(lambda: window.session.state is ProgramState.ENDED, timeout=30_000)
    settle(window, qtbot)


def test_a_math_trace_is_drawn_as_the_program_runs(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_with_probe(open_main_window)
    trace = write(window, "tr0 * 0.5", qtbot)
    assert window.traces is not None
    panel = window.traces.panels[trace.id]
    assert panel.title() == "tr1 = tr0 * 0.5"
    run(window, qtbot)
    qtbot.waitUntil(lambda: trace.history.count == 200)
    np.testing.assert_allclose(trace.history.scalars().value, np.cumsum(np.arange(200)) * 0.5)
    qtbot.waitUntil(lambda: panel.lens_name == "scalar history")


def test_what_is_wrong_is_said_as_it_is_typed(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_with_probe(open_main_window)
    window.edit_math()
    editor = window.findChild(MathEditor)
    assert editor is not None
    assert "tr0  total @ program.py:3" in editor.names.text()
    hands.keyClicks(editor.field, "tr5 +")
    assert "invalid syntax" in editor.problem.text()
    hands.keyClicks(editor.field, " 1")
    assert editor.problem.text() == "there is no trace tr5"
    hands.keyClick(editor.field, Qt.Key.Key_Return)
    assert window.math.board.traces == {}
    hands.keyClick(editor.field, Qt.Key.Key_Escape)
    assert window.math.board.traces == {}


def test_an_error_stands_in_its_plot_and_is_mended(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_with_probe(open_main_window)
    trace = write(window, "tr0 + nothing", qtbot)
    run(window, qtbot)
    assert status_of(trace) is ProbeStatus.INVALID
    assert window.traces is not None
    panel = window.traces.panels[trace.id]
    qtbot.waitUntil(lambda: panel.placeholder.is_error)
    assert "name 'nothing' is not defined" in panel.placeholder.sentence
    panel.more_actions[0].trigger()
    editor = window.findChildren(MathEditor)[-1]
    editor.field.setText("tr0 + 1")
    hands.keyClick(editor.field, Qt.Key.Key_Return)
    settle(window, qtbot)
    assert status_of(trace) is ProbeStatus.LIVE
    window.undo.undo()
    assert trace.expression == "tr0 + nothing"


def test_a_removed_one_comes_back_by_undo(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_with_probe(open_main_window)
    trace = write(window, "tr0 * 2", qtbot)
    assert window.traces is not None
    window.traces.panels[trace.id].remove_requested.emit()
    assert trace.id not in window.traces.panels
    window.undo.undo()
    assert trace.id in window.traces.panels
    window.undo.undo()
    assert trace.id not in window.traces.panels


def test_plots_and_math_traces_are_remembered(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_with_probe(open_main_window)
    memory = WindowMemory(window, Store())
    trace = write(window, "tr0 * 2", qtbot)
    assert window.traces is not None
    panel = next(one for id_, one in window.traces.panels.items() if id_ > 0)
    panel.overlay(trace)
    panel.choice.picks["scalar"] = "big number"
    memory.keep()
    stored = Store().load_program(memory._key)
    assert [entry["expression"] for entry in stored.math] == ["tr0 * 2"]  # type: ignore[index]
    window.math.remove(trace)
    panel.choice.picks.clear()
    memory._memory = ProgramMemory.from_dict(stored.to_dict())
    memory.restore_layout()
    (again,) = window.math.board.traces.values()
    assert again.expression == "tr0 * 2"
    assert panel.choice.picks == {"scalar": "big number"}
