"""Measurements are of all samples, however few points are drawn of them, with known results."""

import math
import threading
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PyQt6.QtCore import QObject, QPointF
from pytestqt.qtbot import QtBot

from pyprobe.plots.measure_desk import AT_ONCE, MeasureDesk
from pyprobe.plots.measured_canvas import MeasuredCanvas
from pyprobe.plots.measured_samples import (
    HistorySamples,
    PointSamples,
    UniformSamples,
    ValueSamples,
    drawn_sample,
)
from pyprobe.plots.measurements import (
    Measurements,
    MeasuringStoppedError,
    measure,
    measure_pieces,
)
from pyprobe.plots.readings import PENDING, reading_text
from pyprobe.plots.rises import Rises
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.session.leaf_trace import LeafTrace
from tests.plots.conftest import MakePanel
from tests.plots.samples import append_array, append_scalars, make_probe, make_probe_values

EVERYTHING = (-1e18, 1e18)


def canvas_of(panel: TracePanel) -> MeasuredCanvas:
    assert isinstance(panel.lens, MeasuredCanvas)
    return panel.lens


def open_canvas(
    make_panel: MakePanel, values: NDArray[Any], *, scalar: bool = False
) -> MeasuredCanvas:
    probe = make_probe()
    (append_scalars if scalar else append_array)(probe, values)
    panel = make_panel(probe)
    panel.refresh()
    return canvas_of(panel)


def numbers(canvas: MeasuredCanvas, row: int = 0) -> dict[str, str]:
    return dict(canvas.readings()[row].values)


def settle(canvas: MeasuredCanvas, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not canvas.desk.is_busy, timeout=60_000)


# Numbers that are known.


def test_ten_million_samples_of_a_sine(make_panel: MakePanel, qtbot: QtBot) -> None:
    count, cycles = 10_000_000, 1000.0
    phase = 2 * np.pi * cycles * np.arange(count) / count
    canvas = open_canvas(make_panel, (1.0 + 2.0 * np.sin(phase)).astype(np.float32))
    assert len(canvas.curves[0].x) < 3000  # points that are drawn
    canvas.instruments.measure_action.trigger()
    assert set(numbers(canvas).values()) == {PENDING}
    settle(canvas, qtbot)
    found = numbers(canvas)
    assert found["n"] == "10,000,000"
    assert (found["min"], found["max"], found["p-p"]) == ("-1", "3", "4")
    assert float(found["mean"]) == pytest.approx(1.0, abs=1e-4)
    assert float(found["RMS"]) == pytest.approx(np.sqrt(3.0), rel=1e-4)
    assert float(found["std"]) == pytest.approx(np.sqrt(2.0), rel=1e-4)
    assert float(found["freq"]) == pytest.approx(cycles / count, rel=1e-4)
    rise = 2 * np.arcsin(0.8) / (2 * np.pi * cycles) * count
    assert float(found["rise"]) == pytest.approx(rise, rel=1e-3)


def test_a_history_of_a_million_is_measured_as_it_was_captured(
    make_panel: MakePanel, qtbot: QtBot
) -> None:
    count, cycles = 1_000_000, 20_000.0
    values = np.sin(2 * np.pi * cycles * np.arange(count) / count) + 5.0
    canvas = open_canvas(make_panel, values, scalar=True)
    canvas.instruments.measure_action.trigger()
    first = numbers(canvas)
    # Moments are known from the history's own sums; the edges have to be looked for.
    assert (first["n"], first["mean"], first["freq"]) == ("1,000,000", "5", PENDING)
    settle(canvas, qtbot)
    found = numbers(canvas)
    assert float(found["freq"]) == pytest.approx(cycles / count, rel=1e-4)
    assert float(found["std"]) == pytest.approx(np.sqrt(0.5), rel=1e-4)


@pytest.mark.parametrize("axis", ["index", "time"])
def test_a_history_gives_the_samples_of_an_interval(axis: str) -> None:
    values = np.arange(300_000.0)
    probe = make_probe_values(values)
    samples = HistorySamples(probe.history, axis, "re")  # type: ignore[arg-type]
    scale = 1.0 if axis == "index" else 1e-3
    stretch = samples.within((100.0 * scale, 250_000.0 * scale))
    x, y = (np.concatenate(parts) for parts in zip(*stretch.pieces(), strict=True))
    assert stretch.count == len(y) == 249_901
    assert y[[0, -1]].tolist() == [100.0, 250_000.0]
    assert x == pytest.approx(y * scale)
    assert samples.value_at(777.2 * scale) == 777.0
    found = measure_pieces(stretch.pieces, summary=stretch.summary)
    assert found.mean == pytest.approx(np.mean(values[100:250_001]))


def test_cursors_read_the_samples_themselves(make_panel: MakePanel) -> None:
    values = np.zeros(1_000_000)
    values[123_456], values[654_321] = 7.0, 9.0
    canvas = open_canvas(make_panel, values)
    canvas.instruments.cursor_action.trigger()
    canvas.instruments.cursors.set((123_456.0, 654_321.0))
    assert numbers(canvas, 1) == {"A": "7", "B": "9", "Δy": "2"}


@pytest.mark.parametrize("scalar", [False, True])
def test_a_marker_snaps_to_the_very_sample(make_panel: MakePanel, scalar: bool) -> None:
    values = np.random.default_rng(5).normal(size=500_000)
    values[123_457] = 50.0
    canvas = open_canvas(make_panel, values, scalar=scalar)
    frame = canvas.frame
    x, y = frame.x_pixels(np.array([123_457.0])), frame.y_pixels(np.array([50.0]))
    canvas.instruments.markers.add(QPointF(x.item(), y.item()))
    marker = canvas.instruments.markers.markers[0]
    assert (marker.x, marker.y) == (123_457.0, 50.0)


def test_a_histogram_measures_the_values_it_counts(make_panel: MakePanel) -> None:
    values = np.random.default_rng(6).normal(10.0, 2.0, 10_000)
    probe = make_probe_values(values)
    panel = make_panel(probe)
    panel.refresh()
    panel.choice.picks["scalar"] = "value histogram"
    panel.redraw()
    canvas = canvas_of(panel)
    canvas.instruments.measure_action.trigger()
    found = numbers(canvas)
    assert float(found["mean"]) == pytest.approx(np.mean(values), rel=1e-4)
    assert found["freq"] == "–"
    canvas.instruments.cursors.set((10.0, 100.0))
    assert numbers(canvas, 2)["n"] == f"{int((values >= 10.0).sum()):,}"


def test_what_was_reduced_at_the_source_is_said(make_panel: MakePanel) -> None:
    probe = make_probe()
    reduced = "min/max of 4"
    append_array(probe, np.arange(100.0), full_shape=(400,), reduced=reduced)
    panel = make_panel(probe)
    panel.refresh()
    canvas = canvas_of(panel)
    canvas.instruments.measure_action.trigger()
    assert reduced in numbers(canvas)["of"]


# Pieces.


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.floats(-10, 10) | st.sampled_from([0.0, 1.0, np.nan]), min_size=1, max_size=60),
    st.lists(st.integers(1, 20), min_size=1, max_size=10),
)
def test_pieces_make_no_difference(values: list[float], lengths: list[int]) -> None:
    y = np.array(values)
    x = np.arange(float(len(y)))
    edges = np.clip(np.cumsum([0, *lengths, len(y)]), 0, len(y)).tolist()
    pieces = [(x[a:b], y[a:b]) for a, b in pairwise(edges)]
    whole, found = measure(x, y), measure_pieces(lambda: pieces)
    assert fields_of(found) == pytest.approx(fields_of(whole), nan_ok=True, abs=1e-12)


def fields_of(found: Measurements) -> list[float]:
    names = ("count", "minimum", "maximum", "mean", "std", "frequency", "rise_time")
    return [float(getattr(found, name)) for name in names]


def test_edges_beyond_those_that_are_kept_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyprobe.plots.rises.MOST_TIMES", 10)
    rises = Rises(0.1, 0.9, keeps_times=True)
    y = np.tile([0.0, 1.0], 25)
    for start in (0, 20):
        rises.feed(np.arange(50.0)[start : start + 30], y[start : start + 30])
    assert rises.left_out > 0
    assert rises.median_time == pytest.approx(0.8)


def test_the_largest_floats(make_panel: MakePanel) -> None:
    found = measure(np.arange(4.0), np.array([-1.7e308, 1.7e308, -1.7e308, 1.7e308]))
    assert found.mean == 0.0
    assert found.std == pytest.approx(1.7e308)
    assert found.frequency == pytest.approx(0.5)


@pytest.mark.parametrize("scalar", [True, False])
def test_neighbours_among_large_ints_are_told_apart(make_panel: MakePanel, scalar: bool) -> None:
    start = 1 << 60
    canvas = open_canvas(make_panel, start + np.arange(5000) % 4, scalar=scalar)
    canvas.instruments.measure_action.setChecked(True)
    found = numbers(canvas)
    assert (found["n"], found["p-p"], found["min"]) == ("5,000", "3", "1.1529e+18")
    assert float(found["std"]) == pytest.approx(np.std([0, 1, 2, 3]), rel=1e-4)
    assert float(found["freq"]) == pytest.approx(0.25)
    canvas.instruments.cursors.set((0.0, 3.0))
    assert dict(canvas.readings()[1].values)["Δy"] == "3"


def test_a_histogram_of_large_ints_measures_them_exactly(make_panel: MakePanel) -> None:
    for scalar, lens in ((True, "value histogram"), (False, "histogram")):
        probe = make_probe()
        values = (1 << 60) + np.arange(1000) % 8
        (append_scalars if scalar else append_array)(probe, values)
        panel = make_panel(probe)
        panel.refresh()
        panel.choice.picks["scalar" if scalar else "series"] = lens
        panel.redraw()
        canvas = canvas_of(panel)
        canvas.instruments.measure_action.setChecked(True)
        assert numbers(canvas)["p-p"] == "7"


def test_ints_that_are_kept_as_floats_are_said_to_be_rounded(make_panel: MakePanel) -> None:
    source = make_probe()
    append_array(source, np.array([(1 << 63) + 1, 5], np.uint64))
    leaf = LeafTrace(7, source, ("[0]",))
    leaf.update(math.inf)
    panel = make_panel(leaf)
    panel.refresh()
    canvas = canvas_of(panel)
    canvas.instruments.measure_action.setChecked(True)
    assert numbers(canvas)["of"] == "rounded to 53 bits"
    panel.choice.picks["scalar"] = "value histogram"
    panel.redraw()
    canvas = canvas_of(panel)
    canvas.instruments.measure_action.setChecked(True)
    assert numbers(canvas)["of"] == "rounded to 53 bits"


def test_what_is_beyond_the_largest_float_is_not_called_infinite() -> None:
    assert reading_text(float("inf")) == ">1.7977e+308"
    assert reading_text(1.7976931348623157e308) == "1.7977e+308"
    assert reading_text(float("nan")) == "–"


def test_uniform_samples_of_an_interval() -> None:
    samples = UniformSamples(np.arange(10, dtype=np.int8), 1.0, 0.5, 0)
    stretch = samples.within((2.0, 3.0))
    (x, y), *_ = stretch.pieces()
    assert (x.tolist(), y.tolist()) == ([2.0, 2.5, 3.0], [2.0, 3.0, 4.0])
    for empty in ((-5.0, 0.9), (9.0, 1e300), (3.1, 3.2)):
        assert samples.within(empty).count == 0
    assert samples.within((-1e300, 1e300)).count == 10
    assert (samples.value_at(-1e300), samples.value_at(1e300)) == (0.0, 9.0)
    assert np.isnan(UniformSamples(np.empty(0), 0.0, 1.0, 0).value_at(1.0))


def test_points_and_values_without_any() -> None:
    nothing = np.empty(0)
    assert np.isnan(PointSamples(nothing, nothing, 0).value_at(1.0))
    assert ValueSamples(nothing, 0).within(EVERYTHING).count == 0
    assert drawn_sample(ValueSamples(nothing, 0), EVERYTHING, (0.0, 0.0)) is None


# Beside the window's thread.


def big(value: float, version: int = 0) -> UniformSamples:
    return UniformSamples(np.full(AT_ONCE * 20, value), 0.0, 1.0, version)


def test_few_samples_are_measured_at_once(qtbot: QtBot, make_panel: MakePanel) -> None:
    canvas = open_canvas(make_panel, np.arange(100.0))
    samples = UniformSamples(np.arange(float(AT_ONCE)), 0.0, 1.0, 0)
    found = canvas.desk.measure("a", samples, EVERYTHING, 0)
    assert found.found is not None
    assert (found.found.maximum, found.is_pending) == (AT_ONCE - 1.0, False)
    assert not canvas.desk.is_busy


def test_older_numbers_stay_while_newer_samples_are_measured(qtbot: QtBot) -> None:
    owner = QObject()
    desk = MeasureDesk(owner)
    assert desk.measure("a", big(1.0), EVERYTHING, "view").found is None
    with qtbot.waitSignal(desk.done, timeout=60_000):
        pass
    older = desk.measure("a", big(2.0, 1), EVERYTHING, "view")
    assert older.found is not None
    assert older.found.mean == 1.0
    # Another stretch is another question: no old answer to it.
    assert desk.measure("a", big(2.0, 1), (0.0, 1e6), "cursors").found is None
    qtbot.waitUntil(lambda: not desk.is_busy, timeout=60_000)
    newest = desk.measure("a", big(2.0, 1), (0.0, 1e6), "cursors")
    assert newest.found is not None
    assert newest.found.mean == 2.0


def test_hiding_a_plot_ends_its_measuring(make_panel: MakePanel) -> None:
    canvas = open_canvas(make_panel, np.zeros(3_000_000))
    canvas.instruments.measure_action.trigger()
    canvas.readings()
    assert canvas.desk.is_busy
    canvas.hide()
    assert not canvas.desk.is_busy


def test_what_is_not_wanted_any_more_is_not_measured_to_its_end() -> None:
    asked: list[None] = []
    pieces = [(np.zeros(1), np.zeros(1))] * 100

    def is_stopped() -> bool:
        asked.append(None)
        return len(asked) > 2

    with pytest.raises(MeasuringStoppedError):
        measure_pieces(lambda: pieces, is_stopped=is_stopped)
    assert len(asked) == 3


def test_the_thread_is_there_only_while_it_measures(qtbot: QtBot, make_panel: MakePanel) -> None:
    canvas = open_canvas(make_panel, np.zeros(2_000_000))
    canvas.instruments.measure_action.trigger()
    canvas.readings()
    settle(canvas, qtbot)
    qtbot.waitUntil(lambda: "pyprobe-measuring" not in [one.name for one in threading.enumerate()])
