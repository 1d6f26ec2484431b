"""Table lens: frames, series, labelled and structured arrays, lists of arrays; a million rows."""

from typing import Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped]
import pytest
import xarray as xr
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication

from pyprobe.ipc.tree_form import Path
from pyprobe.plots.table import TableLens
from pyprobe.plots.trace_panel import TracePanel
from tests.plots.conftest import MakePanel
from tests.plots.hands import press
from tests.plots.samples import make_probe
from tests.plots.tree_samples import capture

CONTROL = Qt.KeyboardModifier.ControlModifier


def open_panel(make_panel: MakePanel, *values: Any, lens: str = "table") -> TracePanel:
    probe = make_probe("frame")
    capture(probe, *values)
    panel = make_panel(probe)
    for family in ("tree", "table", "samples"):
        panel.choice.picks[family] = lens
    panel.redraw()
    return panel


def open_lens(make_panel: MakePanel, *values: Any) -> TableLens:
    lens = open_panel(make_panel, *values).lens
    assert isinstance(lens, TableLens)
    return lens


def shown(lens: TableLens, rows: int = 3) -> list[list[str]]:
    """Return the header and the first rows, each with its name first."""
    model = lens.model
    columns = range(model.columnCount())
    names = ["", *(model.headerData(at, Qt.Orientation.Horizontal) for at in columns)]
    body = [
        [
            model.headerData(row, Qt.Orientation.Vertical),
            *(model.index(row, column).data() for column in columns),
        ]
        for row in range(min(rows, model.rowCount()))
    ]
    return [names, *body]


def clipboard_text() -> str:
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    return clipboard.text()


def test_a_frame_is_a_table_by_itself(make_panel: MakePanel) -> None:
    frame = pd.DataFrame({"t": [0.5, 1.5], "n": [1, 2], "who": ["a", "b"]}, index=["u", "v"])
    probe = make_probe("frame")
    capture(probe, frame)
    panel = make_panel(probe)
    assert isinstance(panel.lens, TableLens)
    assert shown(panel.lens) == [
        ["", "t", "n", "who"],
        ["u", "0.5", "1", "a"],
        ["v", "1.5", "2", "b"],
    ]
    assert panel.lens.notes() == ("2 rows × 3 columns",)


def test_columns_of_one_name_stay_apart(make_panel: MakePanel) -> None:
    frame = pd.DataFrame(np.array([[1, 2], [3, 4]]), columns=["x", "x"])
    lens = open_lens(make_panel, frame)
    assert shown(lens) == [["", "x", "x"], ["0", "1", "2"], ["1", "3", "4"]]
    assert lens.model.column_path(0) == ("['x']",)
    assert lens.model.column_path(1) == ("['x']#2",)


def test_a_million_rows_open_and_scroll(make_panel: MakePanel) -> None:
    count = 1_000_000
    frame = pd.DataFrame({"a": np.arange(count) * 0.5, "b": np.arange(count)})
    lens = open_lens(make_panel, frame)
    assert lens.model.rowCount() == count
    bar = lens.view.verticalScrollBar()
    assert bar is not None
    for place in (bar.maximum() // 2, bar.maximum()):
        bar.setValue(place)
        lens.grab()
    assert lens.view.indexAt(lens.view.rect().topLeft()).row() > count - 100
    assert lens.model.index(count - 1, 0).data() == "499999.5"
    assert lens.go_to_text("777777, 1") == ""
    assert lens.view.currentIndex().data() == "777777"
    assert lens.go_to_text("-1") == ""
    assert lens.view.currentIndex().row() == count - 1
    assert lens.go_to_text("1000000") == "there is no [1000000]"
    assert lens.go_to_text("x") == "a place is row, column"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            pd.Series([1.5, 2.5], index=["u", "v"], name="q"),
            [["", "q"], ["u", "1.5"], ["v", "2.5"]],
        ),
        (
            xr.DataArray(
                [[1, 2], [3, 4]], dims=("t", "x"), coords={"t": [10, 20], "x": ["l", "r"]}
            ),
            [["", "l", "r"], ["10", "1", "2"], ["20", "3", "4"]],
        ),
        (
            xr.DataArray([1.0, 2.0], dims="t", coords={"t": [10, 20]}),
            [["", "value"], ["10", "1"], ["20", "2"]],
        ),
        (
            np.array([(1, 2.5), (3, 4.5)], [("n", "i4"), ("x", "f8")]),
            [["", "n", "x"], ["0", "1", "2.5"], ["1", "3", "4.5"]],
        ),
        (
            [np.arange(3), np.arange(2.0)],
            [["", "0", "1"], ["0", "0", "0"], ["1", "1", "1"], ["2", "2", None]],
        ),
        (
            {"a": [1, 2], "name": "left"},
            [["", "a"], ["0", "1"], ["1", "2"]],
        ),
        (
            pd.DataFrame({"c": pd.Categorical(["no", "yes", None])}),
            [["", "c"], ["0", "no"], ["1", "yes"], ["2", ""]],
        ),
    ],
    ids=["series", "labelled plane", "labelled", "structured", "list", "dict", "categories"],
)
def test_other_values_as_tables(
    make_panel: MakePanel, value: Any, expected: list[list[object]]
) -> None:
    assert shown(open_lens(make_panel, value)) == expected


@pytest.mark.parametrize(
    "value",
    [pd.DataFrame(), pd.DataFrame({"a": []}), pd.DataFrame(index=[1, 2])],
    ids=["nothing", "no rows", "no columns"],
)
def test_empty_tables_say_so(make_panel: MakePanel, value: Any) -> None:
    lens = open_lens(make_panel, value)
    assert lens.view.empty_sentence.startswith("a table without")
    lens.grab()
    lens.copy_tsv()
    assert lens.go_to_text("0") != ""


def test_a_selection_is_copied_by_keys(make_panel: MakePanel) -> None:
    lens = open_lens(make_panel, pd.DataFrame({"a": [0.1, 0.2], "b": [1.5, 2.5]}))
    lens.view.selectAll()
    press(lens.view, Qt.Key.Key_C, CONTROL)
    assert clipboard_text() == "0.1\t1.5\n0.2\t2.5"
    press(lens.view, Qt.Key.Key_C, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert clipboard_text() == "np.array([[0.1, 1.5], [0.2, 2.5]])"
    press(lens.view, Qt.Key.Key_Home)
    lens.view.selectColumn(1)
    press(lens.view, Qt.Key.Key_C, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert clipboard_text() == "np.array([1.5, 2.5])"


def test_the_header_offers_to_plot_columns_of_numbers(make_panel: MakePanel) -> None:
    lens = open_lens(make_panel, pd.DataFrame({"a": [0.1], "b": ["x"]}))
    asked: list[Path] = []
    lens.leaf_asked.connect(asked.append)
    menu = lens.column_menu(0)
    assert menu.actions()[0].text() == "Plot this column"
    menu.actions()[0].trigger()
    assert asked == [("['a']",)]
    lens.set_plotted({("['a']",): "#112233"})
    assert lens.column_menu(0).actions()[0].text() == "Remove the plot of this column"
    assert lens.model.headerData(0, Qt.Orientation.Horizontal, Qt.ItemDataRole.DecorationRole)
    assert not lens.column_menu(1).actions()[0].text().startswith("Plot")


def test_the_place_stays_when_new_captures_come(make_panel: MakePanel) -> None:
    probe = make_probe("frame")
    capture(probe, pd.DataFrame({"a": np.arange(500)}))
    panel = make_panel(probe)
    lens = panel.lens
    assert isinstance(lens, TableLens)
    lens.go_to_text("300")
    bar = lens.view.verticalScrollBar()
    assert bar is not None
    place = bar.value()
    for value in (np.arange(500) * 2, np.arange(501)):
        capture(probe, pd.DataFrame({"a": value}))
        panel.refresh()
        assert (lens.view.currentIndex().row(), bar.value()) == (300, place)
    assert lens.view.currentIndex().data() == "300"


def test_the_format_is_chosen_and_remembered(make_panel: MakePanel) -> None:
    frame = pd.DataFrame({"a": [1 / 3]})
    lens = open_lens(make_panel, frame)
    lens.restore({"numbers": "all digits"})
    assert lens.model.index(0, 0).data() == "0.3333333333333333"
    assert lens.state() == {"numbers": "all digits"}
