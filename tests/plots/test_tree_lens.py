"""Tree lens: what it shows, what it marks, what stays unfolded, and what a click asks for."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PyQt6.QtCore import QEvent, QModelIndex, QPointF, Qt
from PyQt6.QtGui import QGuiApplication

from pyprobe.ipc.tree_form import Path
from pyprobe.plots.theme import DARK_THEME, LIGHT_THEME
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.plots.tree import TreeLens
from pyprobe.plots.tree_model import TreeColumn, TreeModel
from tests.plots.conftest import MakePanel
from tests.plots.hands import LEFT, double_click, drag, mouse, press
from tests.plots.samples import append_texts, make_probe, probe_of
from tests.plots.tree_samples import capture

STATE: dict[str, Any] = {
    "gain": 0.5,
    "on": True,
    "name": "left",
    "taps": [1.0, 2.0],
    "grid": np.arange(6.0).reshape(2, 3),
    "inner": {"n": 3, 7: None},
}


def lens_of(panel: TracePanel) -> TreeLens:
    if not isinstance(panel.lens, TreeLens):
        assert panel.lens is not None
        panel.choice.picks["tree"] = "tree"
        panel.redraw()
    assert isinstance(panel.lens, TreeLens)
    return panel.lens


def open_panel(make_panel: MakePanel, *values: Any, height: int = 360) -> TreeLens:
    probe = make_probe("state")
    capture(probe, *values)
    return lens_of(make_panel(probe, 640, height))


def rows(model: TreeModel, parent: QModelIndex | None = None) -> list[tuple[str, str, str]]:
    parent = parent or QModelIndex()
    found = []
    for row in range(model.rowCount(parent)):
        cells = [model.index(row, column, parent).data() for column in TreeColumn]
        found.append((cells[0], cells[1], cells[2]))
    return found


def color_of(lens: TreeLens, path: Path) -> str:
    index = lens.model.index_of(path).siblingAtColumn(TreeColumn.VALUE)
    found: str = index.data(Qt.ItemDataRole.ForegroundRole).name()
    return found


def click(lens: TreeLens, path: Path) -> None:
    rect = lens.view.visualRect(lens.model.index_of(path))
    viewport = lens.view.viewport()
    assert viewport is not None
    at = QPointF(rect.center())
    mouse(viewport, QEvent.Type.MouseButtonPress, at, LEFT, LEFT)
    mouse(viewport, QEvent.Type.MouseButtonRelease, at, LEFT)


def test_names_values_and_types(make_panel: MakePanel) -> None:
    model = open_panel(make_panel, STATE).model
    assert rows(model) == [
        ("gain", "0.5", "float"),
        ("on", "True", "bool"),
        ("name", "'left'", "str"),
        ("taps", "[1.0, 2.0]", "list, 2"),
        ("grid", "float64 2 × 3 [0, 1, 2, …]", "float64 2 × 3"),
        ("inner", "{'n': 3, 7: None}", "dict, 2"),
    ]
    assert rows(model, model.index_of(("['taps']",))) == [
        ("[0]", "1.0", "float"),
        ("[1]", "2.0", "float"),
    ]
    assert rows(model, model.index_of(("['inner']",))) == [
        ("n", "3", "int"),
        ("7", "None", "NoneType"),
    ]
    assert model.path(model.index_of(("['taps']", "[1]"))) == ("['taps']", "[1]")
    assert not model.index_of(("['taps']", "[2]")).isValid()


def test_only_numbers_can_be_plotted(make_panel: MakePanel) -> None:
    lens = open_panel(make_panel, STATE)
    asked: list[Path] = []
    lens.leaf_asked.connect(asked.append)
    for path in (("['gain']",), ("['name']",), ("['grid']",), ("['inner']", "['n']")):
        click(lens, path)
    assert asked == [("['gain']",), ("['grid']",), ("['inner']", "['n']")]


def test_a_double_click_asks_once(make_panel: MakePanel) -> None:
    lens = open_panel(make_panel, STATE)
    asked: list[Path] = []
    lens.leaf_asked.connect(asked.append)
    click(lens, ("['gain']",))
    viewport = lens.view.viewport()
    assert viewport is not None
    double_click(viewport, QPointF(lens.view.visualRect(lens.model.index(0, 0)).center()))
    assert len(asked) == 1


def test_keys_plot_unfold_and_copy(make_panel: MakePanel) -> None:
    lens = open_panel(make_panel, STATE)
    asked: list[Path] = []
    lens.leaf_asked.connect(asked.append)
    lens.view.setCurrentIndex(lens.model.index(0, 0))
    press(lens.view, Qt.Key.Key_Return)
    press(lens.view, Qt.Key.Key_Down)
    press(lens.view, Qt.Key.Key_Space)
    assert asked == [("['gain']",), ("['on']",)]
    inner = lens.model.index_of(("['inner']",))
    was = lens.view.isExpanded(inner)
    lens.view.setCurrentIndex(inner)
    press(lens.view, Qt.Key.Key_Return)
    assert lens.view.isExpanded(inner) is not was
    press(lens.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    assert clipboard.text() == "{'n': 3, 7: None}"


def test_a_drag_carries_the_leaf_and_plots_nothing(make_panel: MakePanel) -> None:
    lens = open_panel(make_panel, STATE)
    asked: list[Path] = []
    dragged: list[Path] = []
    lens.leaf_asked.connect(asked.append)
    lens.leaf_dragged.connect(dragged.append)
    viewport = lens.view.viewport()
    assert viewport is not None
    start = QPointF(lens.view.visualRect(lens.model.index(0, 0)).center())
    drag(viewport, start, QPointF(60, 90))
    assert dragged == [("['gain']",)]
    assert asked == []


def test_what_changed_since_the_capture_before_is_marked(make_panel: MakePanel) -> None:
    lens = open_panel(make_panel, STATE, {**STATE, "gain": 0.75, "taps": [1.0, 2.5]})
    accent, text, muted = LIGHT_THEME.accent, LIGHT_THEME.text, LIGHT_THEME.muted
    assert color_of(lens, ("['gain']",)) == accent
    assert color_of(lens, ("['on']",)) == text
    assert color_of(lens, ("['taps']", "[0]")) == text
    assert color_of(lens, ("['taps']", "[1]")) == accent
    assert color_of(lens, ("['inner']",)) == muted
    lens.set_theme(DARK_THEME, "#ffffff")
    assert color_of(lens, ("['gain']",)) == DARK_THEME.accent


def test_a_nan_that_stays_is_no_change_and_a_new_part_is_one(make_panel: MakePanel) -> None:
    before = {"a": float("nan"), "d": {"x": 1}}
    lens = open_panel(make_panel, before, {"a": float("nan"), "d": {"x": 1, "y": 2}})
    assert color_of(lens, ("['a']",)) == LIGHT_THEME.text
    assert color_of(lens, ("['d']",)) == LIGHT_THEME.accent
    assert color_of(lens, ("['d']", "['x']")) == LIGHT_THEME.text
    assert color_of(lens, ("['d']", "['y']")) == LIGHT_THEME.accent


def test_unfolding_choice_and_place_stay_when_the_form_changes(make_panel: MakePanel) -> None:
    parts = {f"part{n:02}": {"a": n, "b": n} for n in range(60)}
    probe = make_probe("state")
    capture(probe, parts)
    panel = make_panel(probe, 400, 200)
    lens = lens_of(panel)
    assert not lens.view.opened()
    path = ("['part50']",)
    lens.view.setExpanded(lens.model.index_of(path), True)
    lens.view.setCurrentIndex(lens.model.index_of((*path, "['b']")))
    lens.view.scrollTo(lens.view.currentIndex())
    bar = lens.view.verticalScrollBar()
    assert bar is not None
    place = bar.value()
    assert place > 0
    capture(probe, {**parts, "more": 1})
    panel.refresh()
    assert lens.view.isExpanded(lens.model.index_of(path))
    assert lens.model.path(lens.view.currentIndex()) == (*path, "['b']")
    assert bar.value() == place
    capture(probe, {"other": 1})
    panel.refresh()
    capture(probe, parts)
    panel.refresh()
    assert lens.view.isExpanded(lens.model.index_of(path))


def test_what_is_unfolded_is_remembered(make_panel: MakePanel) -> None:
    lens = open_panel(make_panel, STATE)
    lens.view.setExpanded(lens.model.index_of(("['taps']",)), True)
    state = lens.state()
    other = open_panel(make_panel, STATE)
    other.restore({"open": 7})
    other.restore(state)
    assert other.view.isExpanded(other.model.index_of(("['taps']",)))
    assert other.state() == state


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"a": {}, "b": []},
        SimpleNamespace(a=None),
        {"x" * 3000: 1},
        ["y" * 5000] * 300,
        {"z": np.zeros((0, 3))},
    ],
    ids=lambda value: str(value)[:12],
)
def test_empty_and_huge_values_are_shown(make_panel: MakePanel, value: Any) -> None:
    lens = open_panel(make_panel, value, {"other": [1, 2]}, value)
    lens.grab()
    assert lens.notes()


def test_values_of_other_kinds_come_between(make_panel: MakePanel) -> None:
    probe = make_probe()
    capture(probe, {"a": 1})
    panel = make_panel(probe)
    lens_of(panel)
    failures: list[str] = []
    panel.lens_failed.connect(failures.append)
    for value in (1.5, np.arange(5), {"a": 2}):
        capture(probe, value)
        panel.refresh()
    append_texts(probe_of(panel), ["text"])
    panel.refresh()
    capture(probe, {"a": 2})
    panel.refresh()
    assert failures == []
    assert panel.lens_name == "tree"


def test_the_menu_names_the_leaf(make_panel: MakePanel) -> None:
    lens = open_panel(make_panel, STATE)
    lens.view.setCurrentIndex(lens.model.index(0, 0))
    assert [action.text() for action in lens.view_actions()] == ["Plot ['gain']", "Copy value"]
    lens.set_plotted({("['gain']",): "#112233"})
    assert lens.view_actions()[0].text() == "Remove the plot of ['gain']"


def test_values_stay_in_view_where_there_is_little_room(make_panel: MakePanel) -> None:
    probe = make_probe("state")
    capture(probe, STATE)
    panel = make_panel(probe, 200, 200)
    view = lens_of(panel).view
    assert view.isColumnHidden(TreeColumn.TYPE)
    assert view.columnWidth(TreeColumn.NAME) < 120
    panel.resize(900, 300)
    assert not view.isColumnHidden(TreeColumn.TYPE)
    header = view.header()
    assert header is not None
    header.resizeSection(TreeColumn.NAME, 300)
    panel.resize(800, 300)
    assert view.columnWidth(TreeColumn.NAME) == 300


def test_the_moment_that_is_shown_has_its_own_values_and_marks(make_panel: MakePanel) -> None:
    probe = make_probe("state")
    capture(probe, {"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a": 2, "b": 2})
    panel = make_panel(probe)
    lens = lens_of(panel)
    panel.show_at(1_500_000)
    assert rows(lens.model) == [("a", "2", "int"), ("b", "1", "int")]
    assert color_of(lens, ("['a']",)) == LIGHT_THEME.accent
    assert color_of(lens, ("['b']",)) == LIGHT_THEME.text
    panel.show_at(None)
    assert color_of(lens, ("['b']",)) == LIGHT_THEME.accent
