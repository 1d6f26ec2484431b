"""Scalar list: every number as it was captured; it follows the end, and goes to any capture."""

import numpy as np
import pytest

from pyprobe.plots.numbers_model import MOST_ROWS
from pyprobe.plots.scalar_list import ScalarListLens
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.plots.value_traits import traits_of
from tests.plots.conftest import MakePanel
from tests.plots.samples import append_array, append_scalars, make_probe, probe_of


def open_panel(
    make_panel: MakePanel, values: "np.ndarray[tuple[int], np.dtype[np.float64]]"
) -> TracePanel:
    probe = make_probe("x")
    append_scalars(probe, values)
    panel = make_panel(probe)
    last = probe.history.last
    assert last is not None
    panel.choose_lens(traits_of(last), "list of captures")
    return panel


def list_of(panel: TracePanel) -> ScalarListLens:
    assert isinstance(panel.lens, ScalarListLens)
    return panel.lens


def test_each_capture_with_its_time(make_panel: MakePanel) -> None:
    model = list_of(open_panel(make_panel, np.array([0.5, 1 / 3, np.nan]))).model
    cells = [[model.index(row, column).data() for column in range(3)] for row in range(3)]
    assert cells == [["0.5", "0", "0"], ["0.333333333", "0.001", "1"], ["nan", "0.002", "2"]]


def width_missing(lens: ScalarListLens, row: int) -> int:
    """Return by how many pixels the value of a row is wider than its column."""
    text = str(lens.model.index(row, 0).data())
    return lens.view.fontMetrics().horizontalAdvance(text) + 8 - lens.view.columnWidth(0)


@pytest.mark.parametrize("first", [3, 1000])
def test_its_column_grows_for_the_numbers_that_come(make_panel: MakePanel, first: int) -> None:
    panel = open_panel(make_panel, np.arange(float(first)))
    append_scalars(probe_of(panel), np.full(3, -1.23456789e-105))
    panel.refresh()
    assert width_missing(list_of(panel), first + 2) <= 0


def test_its_column_grows_for_the_numbers_that_are_scrolled_to(make_panel: MakePanel) -> None:
    values = np.arange(1000.0)
    values[500:600] = -1.23456789e-105
    lens = list_of(open_panel(make_panel, values))
    assert width_missing(lens, 550) > 0
    lens.view.scrollTo(lens.model.index(550, 0))
    assert width_missing(lens, 550) <= 0


def test_it_follows_the_end_until_it_is_scrolled(make_panel: MakePanel) -> None:
    panel = open_panel(make_panel, np.arange(1000.0))
    lens = list_of(panel)
    bar = lens.view.verticalScrollBar()
    assert bar is not None
    assert bar.value() == bar.maximum()
    append_scalars(probe_of(panel), np.arange(500.0))
    panel.refresh()
    assert lens.model.rowCount() == 1500
    assert bar.value() == bar.maximum()
    bar.setValue(100)
    append_scalars(probe_of(panel), np.arange(500.0))
    panel.refresh()
    assert bar.value() == 100
    assert lens.go_to_text("1700") == ""
    assert lens.view.currentIndex().data() == "200"
    assert lens.go_to_text("2000") == "there is no [2000]"


def test_the_moment_that_is_shown_has_fewer(make_panel: MakePanel) -> None:
    panel = open_panel(make_panel, np.arange(100.0))
    panel.show_at(9_500_000)
    assert list_of(panel).model.rowCount() == 10
    panel.show_at(None)
    assert list_of(panel).model.rowCount() == 100


def test_long_histories_show_their_last_captures(make_panel: MakePanel) -> None:
    panel = open_panel(make_panel, np.arange(MOST_ROWS + 10.0))
    lens = list_of(panel)
    assert lens.model.rowCount() == MOST_ROWS
    assert lens.model.index(0, 0).data() == "10"
    assert lens.notes() == (f"the last {MOST_ROWS:,} of {MOST_ROWS + 10:,}",)
    panel.grab()


def test_values_of_other_kinds_come_between(make_panel: MakePanel) -> None:
    panel = open_panel(make_panel, np.arange(3.0))
    failures: list[str] = []
    panel.lens_failed.connect(failures.append)
    probe = probe_of(panel)
    append_array(probe, np.zeros(3))
    panel.refresh()
    for values in (np.array([1, 2]), np.array([True]), np.array([1j]), np.array([2**62])):
        append_scalars(probe, values)
        panel.refresh()
        panel.grab()
    assert failures == []
    model = list_of(panel).model
    column = [model.index(row, 0).data() for row in range(3, 8)]
    assert column == ["1", "2", "True", "0+1j", str(2**62)]
