"""Leaves as traces in the window: a click plots one, live; removed, undone, dragged, remembered."""

import json

from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pyprobe.gui.main_window import MainWindow
from pyprobe.gui.preferences import ProgramMemory, Store
from pyprobe.gui.window_memory import WindowMemory
from pyprobe.plots.trace_drag import can_drop, leaf_mime
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.plots.tree import TreeLens
from pyprobe.session.leaf_trace import LeafTrace
from pyprobe.session.listener import ProgramState
from tests.gui.conftest import OpenWindow
from tests.gui.hands import hands

STATES = """\
state = {}
for i in range(200):
    state = {"gain": i / 2, "inner": {"n": i}}
"""
GAIN = ("['gain']",)


def open_with_probe(open_main_window: OpenWindow) -> MainWindow:
    window: MainWindow = open_main_window(STATES)
    page = window.source_area.current_page
    assert page is not None
    occurrence = page.view.occurrence_at(3, 4)
    assert occurrence is not None
    page.view.chosen.emit(occurrence)
    return window


def run(window: MainWindow, qtbot: QtBot) -> None:
    window.program.run()
    qtbot.waitUntil(lambda: window.session.state is ProgramState.ENDED, timeout=30_000)


def probe_panel(window: MainWindow) -> TracePanel:
    assert window.traces is not None
    (probe,) = window.session.probes.values()
    return window.traces.panels[probe.id]


def tree_of(window: MainWindow, qtbot: QtBot) -> TreeLens:
    panel = probe_panel(window)
    qtbot.waitUntil(lambda: isinstance(panel.lens, TreeLens), timeout=10_000)
    assert isinstance(panel.lens, TreeLens)
    return panel.lens


def click(lens: TreeLens, path: tuple[str, ...]) -> None:
    rect = lens.view.visualRect(lens.model.index_of(path))
    hands.mouseClick(lens.view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())


def only_leaf(window: MainWindow) -> LeafTrace:
    (leaf,) = window.leaves.board.traces.values()
    return leaf


def test_a_click_plots_a_leaf_with_its_past_and_live(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_with_probe(open_main_window)
    run(window, qtbot)
    lens = tree_of(window, qtbot)
    click(lens, GAIN)
    leaf = only_leaf(window)
    assert leaf.label == "state['gain']"
    assert leaf.color_index != next(iter(window.session.probes.values())).color_index
    assert leaf.history.scalars().value.tolist() == [i / 2 for i in range(200)]
    assert window.traces is not None
    panel = window.traces.panels[leaf.id]
    qtbot.waitUntil(lambda: panel.lens_name == "scalar history", timeout=10_000)
    assert lens.plotted == {GAIN: lens.model._theme.trace_color(leaf.color_index)}
    run(window, qtbot)
    qtbot.waitUntil(lambda: leaf.history.count == 200 and len(leaf.earlier) == 1, timeout=10_000)


def test_a_second_click_removes_it_and_undo_brings_it_back(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_with_probe(open_main_window)
    run(window, qtbot)
    lens = tree_of(window, qtbot)
    click(lens, GAIN)
    leaf = only_leaf(window)
    click(lens, GAIN)
    assert window.leaves.board.traces == {}
    assert lens.plotted == {}
    assert window.traces is not None
    assert leaf.id not in window.traces.panels
    window.undo.undo()
    assert window.traces.panels[leaf.id].trace is leaf
    window.undo.undo()
    assert leaf.id not in window.traces.panels
    window.undo.redo()
    window.traces.panels[leaf.id].remove_requested.emit()
    assert leaf.id not in window.traces.panels


def test_leaves_go_and_come_with_their_probe(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_with_probe(open_main_window)
    run(window, qtbot)
    click(tree_of(window, qtbot), GAIN)
    leaf = only_leaf(window)
    (probe,) = window.session.probes.values()
    window.session.remove_probe(probe)
    assert window.traces is not None
    qtbot.waitUntil(lambda: window.traces is not None and not window.traces.panels)
    window.undo.undo()
    qtbot.waitUntil(lambda: window.traces is not None and leaf.id in window.traces.panels)


def test_a_leaf_is_dropped_onto_another_plot(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_with_probe(open_main_window)
    run(window, qtbot)
    click(tree_of(window, qtbot), GAIN)
    gain = only_leaf(window)
    assert window.traces is not None
    panel = window.traces.panels[gain.id]
    (probe,) = window.session.probes.values()
    mime = leaf_mime(probe.id, ("['inner']", "['n']"))
    assert can_drop(mime)
    panel.dropped.emit(mime)
    (other,) = panel.traces.overlays
    assert isinstance(other, LeafTrace)
    assert other.history.scalars().value.tolist() == list(range(200))
    assert other.id in window.docks.parked
    assert [action.text() for action in window.plots.strip.restore_actions] == [
        f"Restore {other.title}"
    ]
    panel.dropped.emit(mime)
    assert panel.traces.overlays == (other,)
    panel.dropped.emit(leaf_mime(12345, GAIN))
    assert panel.traces.overlays == (other,)


def test_math_is_done_with_leaves(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_with_probe(open_main_window)
    run(window, qtbot)
    click(tree_of(window, qtbot), GAIN)
    gain = only_leaf(window)
    trace = window.math.add(f"{window.math.board.name_of(gain)} * 2")
    qtbot.waitUntil(lambda: trace.history.count == 200, timeout=30_000)
    assert trace.history.scalars().value.tolist() == list(range(200))


def test_leaves_are_remembered(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_with_probe(open_main_window)
    run(window, qtbot)
    click(tree_of(window, qtbot), GAIN)
    memory = WindowMemory(window, Store())
    memory.keep()
    stored = Store().load_program(memory._key).to_dict()
    leaf = only_leaf(window)
    window.leaves.remove(leaf)
    memory._memory = ProgramMemory.from_dict(json.loads(json.dumps(stored)))
    memory.restore_layout()
    again = only_leaf(window)
    assert (again.path, again.color_index) == (leaf.path, leaf.color_index)
    assert window.traces is not None
    assert again.id in window.traces.panels
