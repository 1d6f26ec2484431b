"""Grid lens: raw numbers of arrays of any shape, copied, plotted, found."""

from typing import Any

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication

from pyprobe.plots.grid import GridLens
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.plots.value_traits import traits_of
from tests.plots.conftest import MakePanel
from tests.plots.hands import press
from tests.plots.samples import append_array, append_scalars, make_probe, probe_of


def open_panel(make_panel: MakePanel, array: Any, **more: Any) -> TracePanel:
    probe = make_probe("a")
    append_array(probe, array, **more)
    panel = make_panel(probe)
    last = probe.history.last
    assert last is not None
    panel.choose_lens(traits_of(last), "grid")
    return panel


def open_lens(make_panel: MakePanel, array: Any, **more: Any) -> GridLens:
    lens = open_panel(make_panel, array, **more).lens
    assert isinstance(lens, GridLens)
    return lens


def row(lens: GridLens, at: int) -> list[Any]:
    model = lens.model
    name = model.headerData(at, Qt.Orientation.Vertical)
    return [name, *(model.index(at, column).data() for column in range(model.columnCount()))]


def test_a_plane(make_panel: MakePanel) -> None:
    lens = open_lens(make_panel, np.arange(6).reshape(2, 3))
    assert row(lens, 1) == ["1", "3", "4", "5"]
    assert lens.model.headerData(2, Qt.Orientation.Horizontal) == "2"
    assert lens.model.column_path(1) == ("[:, 1]",)
    assert lens.model.cell_path(1, 2) == ("[1, 2]",)


def test_a_series_stands_in_rows_of_ten(make_panel: MakePanel) -> None:
    lens = open_lens(make_panel, np.arange(25))
    assert row(lens, 2) == ["20", "20", "21", "22", "23", "24", None, None, None, None, None]
    assert lens.model.headerData(3, Qt.Orientation.Horizontal) == "+3"
    assert lens.model.cell_path(1, 2) == ("[12]",)
    assert lens.model.column_path(1) == ()
    assert lens.go_to_text("-1") == ""
    assert lens.view.currentIndex().data() == "24"
    assert lens.go_to_text("[25]") == "there is no [25]"


def test_more_axes_stand_at_their_first_place(make_panel: MakePanel) -> None:
    lens = open_lens(make_panel, np.arange(24).reshape(2, 3, 4))
    assert row(lens, 1) == ["1", "4", "5", "6", "7"]
    assert lens.notes() == ("at [0, :, :]",)
    assert lens.model.cell_path(1, 2) == ("[0, 1, 2]",)
    assert lens.model.column_path(2) == ("[0, :, 2]",)


def test_rows_of_ten_are_copied_as_one_series(make_panel: MakePanel) -> None:
    lens = open_lens(make_panel, np.arange(12, dtype=np.float32))
    lens.view.selectAll()
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    press(lens.view, Qt.Key.Key_C, control | shift)
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    numbers = ", ".join(f"{n}.0" for n in range(12))
    assert clipboard.text() == f"np.array([{numbers}], dtype=np.float32)"


def test_a_key_asks_where_to_go_and_enter_goes(make_panel: MakePanel) -> None:
    lens = open_lens(make_panel, np.arange(200 * 50).reshape(200, 50))
    lens.view.setFocus()
    press(lens.view, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert lens.go_field.isVisible()
    lens.go_field.field.setText("500, 1")
    press(lens.go_field.field, Qt.Key.Key_Return)
    assert lens.go_field.problem.text() == "there is no [500, 1]"
    lens.go_field.field.setText("150, 40")
    press(lens.go_field.field, Qt.Key.Key_Return)
    assert not lens.go_field.isVisible()
    assert lens.view.currentIndex().data() == str(150 * 50 + 40)


def test_a_reduced_array_says_so_and_has_no_places(make_panel: MakePanel) -> None:
    lens = open_lens(
        make_panel, np.arange(10.0), full_shape=(1000,), reduced="min/max of 1000 points"
    )
    assert lens.notes() == ("reduced: min/max of 1000 points",)
    assert lens.model.cell_path(0, 0) == ()


@pytest.mark.parametrize(
    "array",
    [
        np.empty(0),
        np.empty((0, 3)),
        np.empty((3, 0)),
        np.empty((0, 2, 2)),
        np.empty((2, 0, 0)),
        np.array(5.0),
        np.array(["a", "b"]),
        np.zeros((2, 2), [("x", "f4"), ("y", "i2")]),
        np.full((2, 2), np.nan),
        np.zeros((3, 200_000), np.uint8),
        np.zeros(5_000_000, np.uint8),
    ],
    ids=lambda array: f"{array.dtype}{array.shape}",
)
def test_any_array_is_shown(make_panel: MakePanel, array: Any) -> None:
    lens = open_lens(make_panel, array)
    lens.grab()
    lens.view.selectRow(0)
    lens.copy_tsv()
    lens.go_to_text("0, 0")
    lens.view_actions()


def test_shapes_change_from_hit_to_hit(make_panel: MakePanel) -> None:
    panel = open_panel(make_panel, np.arange(6).reshape(2, 3))
    failures: list[str] = []
    panel.lens_failed.connect(failures.append)
    panel.choice.picks["series"] = "grid"
    for array in (np.arange(4), np.arange(100).reshape(10, 10), np.empty((0, 0))):
        append_array(probe_of(panel), array)
        panel.refresh()
        panel.grab()
    append_scalars(probe_of(panel), np.arange(3.0))
    panel.refresh()
    assert failures == []


def test_columns_grow_for_longer_numbers_unless_the_user_has_sized_them(
    make_panel: MakePanel,
) -> None:
    probe = make_probe()
    append_array(probe, np.ones((5, 3)))
    panel = make_panel(probe)
    panel.refresh()
    last = probe.history.last
    assert last is not None
    panel.choose_lens(traits_of(last), "grid")
    assert isinstance(panel.lens, GridLens)
    view = panel.lens.view
    before = [view.columnWidth(column) for column in range(3)]
    view.setColumnWidth(1, 20)
    append_array(probe, np.full((5, 3), -1.23456789e-105))
    panel.refresh()
    after = [view.columnWidth(column) for column in range(3)]
    text = str(view.numbers.index(0, 0).data())
    assert after[0] >= view.fontMetrics().horizontalAdvance(text) > before[0] * 0.5
    assert after[0] > before[0]
    assert after[1] == view.columnWidth(1) < before[1]
    append_array(probe, np.ones((5, 3)))
    panel.refresh()
    assert view.columnWidth(0) == after[0]  # they do not tremble
