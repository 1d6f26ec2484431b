"""A panel with several traces: laid over, hidden, taken away, looked at in other ways, undone."""

from collections.abc import Callable

import numpy as np
import pytest
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import QDragEnterEvent, QDropEvent
from pytestqt.qtbot import QtBot

from pyprobe.plots.drawn_trace import LineStyle, Side
from pyprobe.plots.range_editor import RangeEditor
from pyprobe.plots.scalar_history import ScalarHistoryLens
from pyprobe.plots.trace_drag import (
    DraggedSymbol,
    can_drop,
    dropped_symbol,
    dropped_trace,
    symbol_mime,
    trace_mime,
)
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.plots.trace_set import Look, TraceSet
from pyprobe.session.probe import Probe
from pyprobe.session.trace import Trace
from tests.plots.conftest import MakePanel
from tests.plots.hands import LEFT, mouse
from tests.plots.samples import append_array, append_scalars, make_probe


def probe(symbol: str, number: int, values: list[float]) -> Probe:
    made = make_probe(symbol, 10 + number, color_index=number)
    made.id = number
    append_scalars(made, np.array(values))
    return made


@pytest.fixture
def first() -> Probe:
    return probe("a", 0, [0, 1, 2])


@pytest.fixture
def second() -> Probe:
    return probe("b", 1, [10, 20])


@pytest.fixture
def panel(make_panel: MakePanel, first: Probe, second: Probe) -> TracePanel:
    made = make_panel(first)
    made.other_traces = lambda: (first, second)
    made.refresh()
    return made


def lens(panel: TracePanel) -> ScalarHistoryLens:
    assert isinstance(panel.lens, ScalarHistoryLens)
    return panel.lens


def drawn(panel: TracePanel) -> list[str]:
    return [curve.name for curve in lens(panel).curves]


def legend_place(panel: TracePanel, place: int) -> QPoint:
    panel.grab()
    areas = lens(panel)._painter.legend_areas
    return next(area.center().toPoint() for area, entry in areas if entry.trace == place)


def click(panel: TracePanel, place: QPoint, *, twice: bool = False) -> None:
    at, canvas = QPointF(place), lens(panel)
    press = QEvent.Type.MouseButtonDblClick if twice else QEvent.Type.MouseButtonPress
    mouse(canvas, press, at, LEFT, LEFT)
    mouse(canvas, QEvent.Type.MouseButtonRelease, at, LEFT)


def test_an_overlay_is_drawn_and_follows_its_own_news(panel: TracePanel, second: Probe) -> None:
    panel.overlay(second)
    assert drawn(panel) == ["a @ script.py:10", "b @ script.py:11"]
    append_scalars(second, np.array([30.0]))
    panel.refresh()
    assert lens(panel).curves[1].y.tolist() == [10, 20, 30]


def test_a_trace_is_laid_over_once(panel: TracePanel, first: Probe, second: Probe) -> None:
    for _ in range(2):
        panel.overlay(second)
        panel.overlay(first)
    assert panel.traces.traces == (first, second)


def test_every_change_can_be_undone_and_done_again(panel: TracePanel, second: Probe) -> None:
    changes: list[tuple[str, Callable[[], None], Callable[[], None]]] = []
    panel.done.connect(lambda text, redo, undo, _merge: changes.append((text, redo, undo)))
    panel.overlay(second)
    panel.set_look(second, Look(side=Side.RIGHT), "axis")
    assert lens(panel).has_right_axis
    panel.take_away(second)
    assert [text for text, _redo, _undo in changes] == [
        "overlay b @ script.py:11",
        "axis of b @ script.py:11",
        "take b @ script.py:11 away",
    ]
    changes[2][2]()
    assert lens(panel).has_right_axis  # it comes back as it was
    changes[1][2]()
    assert not lens(panel).has_right_axis
    changes[0][2]()
    assert drawn(panel) == [""]
    changes[0][1]()
    assert len(drawn(panel)) == 2


def test_a_click_in_the_legend_hides_and_shows(panel: TracePanel, second: Probe) -> None:
    panel.overlay(second)
    click(panel, legend_place(panel, 1))
    assert drawn(panel) == ["a @ script.py:10"]
    assert lens(panel).y_range.high < 10.0
    assert [entry.is_hidden for entry in lens(panel).legend()] == [False, True]
    click(panel, legend_place(panel, 1))
    assert len(drawn(panel)) == 2


def test_a_double_click_in_the_legend_takes_an_overlay_away(
    panel: TracePanel, first: Probe, second: Probe
) -> None:
    panel.overlay(second)
    place = legend_place(panel, 1)
    click(panel, place)
    click(panel, place, twice=True)
    assert panel.traces.traces == (first,)


def test_a_double_click_never_takes_the_own_trace(
    panel: TracePanel, first: Probe, second: Probe
) -> None:
    panel.overlay(second)
    place = legend_place(panel, 0)
    click(panel, place)
    click(panel, place, twice=True)
    assert panel.traces.traces == (first, second)
    assert not panel.traces.look(first).is_hidden


def test_the_menu_offers_overlays_and_looks(panel: TracePanel, second: Probe) -> None:
    menu = panel.build_menu()
    submenus = {action.text(): action.menu() for action in menu.actions()}
    overlay, line = submenus["Overlay"], submenus["Line"]
    assert overlay is not None
    assert line is not None
    assert [action.text() for action in overlay.actions()] == ["b @ script.py:11"]
    next(action for action in line.actions() if action.text() == "Dotted").trigger()
    assert lens(panel).curves[0].style is LineStyle.DOTTED
    overlay.actions()[0].trigger()
    menu.deleteLater()
    menu = panel.build_menu()
    texts = [action.text() for action in menu.actions() if action.text()]
    assert "Overlay" not in texts
    assert {"a @ script.py:10", "b @ script.py:11"} <= set(texts)
    menu.deleteLater()


def test_a_colour_is_chosen_for_this_plot_alone(panel: TracePanel, first: Probe) -> None:
    panel.set_look(first, Look(color_index=3), "colour")
    assert lens(panel).curves[0].color == panel.theme.trace_color(3)
    assert first.color_index == 0


def test_overlaid_arrays_of_any_length(make_panel: MakePanel) -> None:
    short, long = make_probe("s"), make_probe("l")
    long.id = 2
    append_array(short, np.arange(3.0))
    append_array(long, np.arange(1000.0))
    panel = make_panel(short)
    panel.overlay(long)
    panel.refresh()
    assert panel.lens is not None
    assert panel.lens_name == "waveform"
    assert panel.lens.x_range.high == 999.0  # type: ignore[attr-defined]


def test_overlays_and_looks_are_remembered_by_the_traces_names(first: Probe, second: Probe) -> None:
    def key_of(trace: Trace) -> str:
        return trace.title

    shown = TraceSet(first)
    shown.add(second)
    shown.set_look(second, Look(LineStyle.DASHED, Side.RIGHT, True, 4))
    again = TraceSet(first)
    again.restore(shown.to_dict(key_of), (first, second), key_of)
    assert again.traces == (first, second)
    assert again.look(second) == shown.look(second)
    alone = TraceSet(first)
    alone.restore(shown.to_dict(key_of), (first,), key_of)
    assert alone.traces == (first,)


@pytest.mark.parametrize("data", [{}, {"overlays": 5, "looks": []}, {"overlays": [None, {}, "q"]}])
def test_damaged_memories_are_passed_over(first: Probe, data: dict[str, object]) -> None:
    shown = TraceSet(first)
    shown.restore(data, (first,), lambda trace: trace.title)
    assert shown.traces == (first,)
    assert Look.from_dict({"style": 5, "color": True, "hidden": "yes"}) == Look()


def test_what_is_dropped_is_handed_on(panel: TracePanel, qtbot: QtBot) -> None:
    mime = trace_mime(7, "x")
    actions = Qt.DropAction.CopyAction
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(20, 20), actions, mime, left, none)
    panel.dragEnterEvent(enter)
    assert enter.isAccepted()
    with qtbot.waitSignal(panel.dropped) as blocker:
        panel.dropEvent(QDropEvent(QPointF(20, 20), actions, mime, left, none))
    assert blocker.args is not None
    assert dropped_trace(blocker.args[0]) == 7


def test_traces_and_symbols_travel_in_a_drag() -> None:
    symbol = DraggedSymbol("/a b.py", 3, 4)
    assert dropped_symbol(symbol_mime(symbol, "x")) == symbol
    assert dropped_trace(symbol_mime(symbol, "x")) is None
    assert trace_mime(3, "x @ a.py:1").text() == "x @ a.py:1"
    other = trace_mime(3, "x")
    other.setData("application/x-pyprobe-symbol", b"{broken")
    assert can_drop(other)
    assert dropped_symbol(other) is None


def test_a_sample_rate_is_typed_and_undone(make_panel: MakePanel) -> None:
    series = make_probe("s")
    series.sample_rate_hz = 100.0
    append_array(series, np.arange(100.0))
    panel = make_panel(series)
    panel.refresh()
    changes: list[Callable[[], None]] = []
    panel.done.connect(lambda _text, _redo, undo, _merge: changes.append(undo))
    panel.ask_rate(series)
    editor = panel.findChild(RangeEditor)
    assert editor is not None
    assert editor.text() == "100"
    editor.setText("-3")
    editor.returnPressed.emit()
    assert editor.toolTip() == "a sample rate in Hz is positive"
    editor.setText("8000")
    editor.returnPressed.emit()
    assert panel.drawn_traces()[0].sample_rate_hz == 8000.0
    changes[-1]()
    assert panel.drawn_traces()[0].sample_rate_hz == 100.0
