"""Export of plots: pictures that show them, tables that hold their numbers."""

import csv
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QApplication

from pyprobe.errors import LensError
from pyprobe.plots.lens import LensWidget
from pyprobe.plots.plot_export import copy_picture, save_picture, save_table
from pyprobe.plots.trace_panel import TracePanel
from tests.plots.conftest import MakePanel
from tests.plots.samples import append_array, append_scalars, make_probe


@pytest.fixture
def panel(make_panel: MakePanel) -> TracePanel:
    probe = make_probe()
    append_scalars(probe, np.array([1.5, np.nan, 3.0]))
    made = make_panel(probe)
    made.refresh()
    return made


def rows_of(path: Path) -> list[list[str]]:
    with path.open(newline="") as stream:
        return list(csv.reader(stream))


def lens_of(panel: TracePanel) -> LensWidget:
    assert panel.lens is not None
    return panel.lens


def test_pictures(panel: TracePanel, tmp_path: Path) -> None:
    lens = lens_of(panel)
    save_picture(lens, tmp_path / "plot.png")
    image = QImage(str(tmp_path / "plot.png"))
    assert (image.width(), image.height()) == (lens.width(), lens.height())
    save_picture(lens, tmp_path / "plot.svg")
    text = (tmp_path / "plot.svg").read_text()
    assert "<svg" in text
    assert "polyline" in text or "path" in text
    copy_picture(lens)
    clipboard = QApplication.clipboard()
    assert clipboard is not None
    assert clipboard.pixmap().width() == lens.width()


@pytest.mark.parametrize("name", ["plot.png", "plot.svg", "plot.csv", "plot.npz"])
def test_what_cannot_be_written_is_said(name: str, panel: TracePanel, tmp_path: Path) -> None:
    path = tmp_path / "missing" / name
    lens = lens_of(panel)
    is_picture = path.suffix in (".png", ".svg")
    save = partial(save_picture, lens) if is_picture else partial(save_table, lens.data())
    with pytest.raises(LensError, match="cannot be written"):
        save(path)


def test_a_table_of_captures(panel: TracePanel, tmp_path: Path) -> None:
    data = lens_of(panel).data()
    save_table(data, tmp_path / "plot.csv")
    rows = rows_of(tmp_path / "plot.csv")
    title = "x @ script.py:10"
    assert rows[0] == [f"{title} number", f"{title} t_ns", f"{title} value"]
    assert rows[1:] == [["0", "0", "1.5"], ["1", "1000000", "nan"], ["2", "2000000", "3.0"]]
    save_table(data, tmp_path / "plot.npz")
    with np.load(tmp_path / "plot.npz") as stored:
        np.testing.assert_array_equal(stored[f"{title} value"], [1.5, np.nan, 3.0])


def test_large_ints_are_exported_exactly(make_panel: MakePanel, tmp_path: Path) -> None:
    whole = (1 << 60) + np.arange(3)
    scalars, arrays = make_probe(), make_probe()
    append_scalars(scalars, whole)
    append_array(arrays, whole)
    for probe in (scalars, arrays):
        panel = make_panel(probe)
        panel.refresh()
        path = tmp_path / "plot.csv"
        save_table(lens_of(panel).data(), path)
        assert [row[-1] for row in rows_of(path)[1:]] == [str(one) for one in whole.tolist()]


def test_an_array_is_exported_at_its_full_length(make_panel: MakePanel, tmp_path: Path) -> None:
    probe = make_probe()
    append_array(probe, np.arange(100_000) * 1j)
    panel = make_panel(probe)
    panel.refresh()
    data = lens_of(panel).data()
    assert [len(column) for column in data.values()] == [100_000] * 4
    np.testing.assert_array_equal(data["x @ script.py:10 im y"], np.arange(100_000.0))


def test_columns_of_any_length_and_planes(tmp_path: Path) -> None:
    save_table({"a": np.arange(3), "b": np.array([[1, 2], [3, 4]])}, tmp_path / "t.csv")
    rows = rows_of(tmp_path / "t.csv")
    assert rows == [["a", "b[0]", "b[1]"], ["0", "1", "2"], ["1", "3", "4"], ["2", "", ""]]


def test_linked_axes_move_together(make_panel: MakePanel) -> None:
    panels = []
    for _ in range(3):
        probe = make_probe()
        append_array(probe, np.arange(100.0))
        panels.append(make_panel(probe))
        panels[-1].refresh()
    first, second, third = panels
    for panel in (first, second):
        panel.link_action.setChecked(True)
    first.x_moved.connect(second.follow_x)
    first.x_moved.connect(third.follow_x)
    lens = lens_of(first)
    lens.x_moved.emit(10.0, 20.0)
    ranges = [lens_of(panel).x_range for panel in (second, third)]  # type: ignore[attr-defined]
    assert (ranges[0].low, ranges[0].high) == (10.0, 20.0)
    assert (ranges[1].low, ranges[1].high) == (0.0, 99.0)
    first.link_action.setChecked(False)
    lens.x_moved.emit(30.0, 40.0)
    assert (ranges[0].low, ranges[0].high) == (10.0, 20.0)
