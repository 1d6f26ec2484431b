"""Persistence on every lens of curves: what each mode draws, in numbers that are known."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PyQt6.QtWidgets import QApplication

from pyprobe.plots.builtin_lenses import registry
from pyprobe.plots.curve_canvas import CurveCanvas
from pyprobe.plots.eye import eye_band, eye_line
from pyprobe.plots.frequency_lens import Scale
from pyprobe.plots.merged_runs import common_grid, run_band, run_mean
from pyprobe.plots.persistence import Persistence, layers
from pyprobe.plots.polar import PolarLens, Shown
from pyprobe.plots.rows import RowsLens
from pyprobe.plots.scalar_histogram import ScalarHistogramLens
from pyprobe.plots.scalar_history import ScalarHistoryLens
from pyprobe.plots.series_lens import SeriesLens
from pyprobe.plots.spectrum import SpectrumLens
from pyprobe.plots.theme import LIGHT_THEME
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.plots.value_traits import traits_of
from pyprobe.plots.xy import mean_pairs
from tests.plots.conftest import MakePanel
from tests.plots.samples import append_array, make_probe, make_probe_values

CURVE_LENSES = (
    *("scalar history", "waveform", "spectrum", "power density", "histogram", "eye diagram"),
    *("magnitude and phase", "constellation", "rows as curves", "samples"),
    *("value histogram", "one against another"),
)


def panel_of(make_panel: MakePanel, lens: str, *arrays: NDArray[Any]) -> TracePanel:
    probe = make_probe()
    for array in arrays:
        append_array(probe, array)
    panel = make_panel(probe)
    panel.refresh()
    last = probe.history.last
    assert last is not None
    panel.choose_lens(traits_of(last), lens)
    return panel


def series_lens(
    make_panel: MakePanel, lens: str, mode: Persistence, *arrays: NDArray[Any]
) -> SeriesLens:
    panel = panel_of(make_panel, lens, *arrays)
    assert isinstance(panel.lens, SeriesLens)
    panel.lens.set_persistence(mode)
    return panel.lens


@pytest.mark.parametrize("name", CURVE_LENSES)
def test_every_lens_of_curves_has_modes(qapp: QApplication, name: str) -> None:
    entry = registry().get(name)
    assert entry is not None
    lens = entry.build(LIGHT_THEME, "#0072b2")
    assert isinstance(lens, CurveCanvas)
    texts = [action.text() for action in lens.view_actions()]
    assert sum(text.startswith("Persistence") for text in texts) == 1
    lens.deleteLater()


# Arrays.


def test_a_histogram_of_several_captures_has_one_set_of_bins(make_panel: MakePanel) -> None:
    random = np.random.default_rng(1)
    arrays = [random.normal(mean, 1.0, 5000) for mean in (0.0, 20.0)]
    for mode in (Persistence.MEAN, Persistence.ENVELOPE, Persistence.FADING):
        lens = series_lens(make_panel, "histogram", mode, *arrays)
        assert lens.curves[0].x[0] < -2.0
        assert lens.curves[0].x[-1] > 22.0
        counts = [curve.y[:-1] for curve in lens.curves]
        if mode is Persistence.MEAN:
            assert counts[0].sum() == 5000  # half of each capture in its own place
            assert counts[0][lens.curves[0].x[:-1] < 10.0].sum() == 2500
        if mode is Persistence.FADING:
            assert [one.sum() for one in counts] == [5000, 5000]
            assert counts[1][lens.curves[1].x[:-1] > 10.0].sum() == 0
        if mode is Persistence.ENVELOPE:
            assert counts[1].sum() == 10_000
        assert lens.notes()[0] == f"{mode.value} of 2"


def test_the_mean_of_a_spectrum_in_decibels_is_that_of_the_amplitudes(
    make_panel: MakePanel,
) -> None:
    t = np.arange(256)
    sine = np.sin(2 * np.pi * 32 * t / 256)
    lens = series_lens(make_panel, "spectrum", Persistence.MEAN, 1.0 * sine, 3.0 * sine)
    assert isinstance(lens, SpectrumLens)
    assert lens.scale_menu.choice is Scale.DECIBEL
    assert np.nanmax(lens.curves[0].y) == pytest.approx(20 * np.log10(2.0))


def test_the_mean_of_phases_is_that_of_their_directions(make_panel: MakePanel) -> None:
    arrays = [np.exp(1j * np.radians([angle] * 8)) for angle in (170.0, -170.0)]
    lens = series_lens(make_panel, "magnitude and phase", Persistence.MEAN, *arrays)
    assert isinstance(lens, PolarLens)
    lens.shown_menu.choose(Shown.PHASE)
    assert np.abs(lens.curves[0].y) == pytest.approx(np.full(8, 180.0))


def test_means_leave_out_what_stands_elsewhere_and_say_so(make_panel: MakePanel) -> None:
    arrays = (np.full(10, 9.0), np.full(4, 1.0), np.full(4, 3.0))
    lens = series_lens(make_panel, "waveform", Persistence.MEAN, *arrays)
    assert lens.curves[0].y.tolist() == [2.0] * 4
    assert "running mean of 2" in lens.notes()


def test_a_constellation_has_a_mean_of_places(make_panel: MakePanel) -> None:
    arrays = [np.array([1 + 1j, -1 - 1j]) + shift for shift in (0.0, 0.4)]
    lens = series_lens(make_panel, "constellation", Persistence.MEAN, *arrays)
    assert lens.curves[0].x == pytest.approx([1.2, -0.8])
    assert lens.curves[0].y == pytest.approx([1.0, -1.0])


def test_eyes_of_several_captures(make_panel: MakePanel) -> None:
    arrays = [np.tile([0.0, 1.0, 2.0, 1.0], 8) * factor for factor in (1.0, 3.0)]
    fading = series_lens(make_panel, "eye diagram", Persistence.FADING, *arrays)
    assert [np.nanmax(curve.y) for curve in fading.curves] == [6.0, 2.0]
    assert fading.curves[1].opacity < fading.curves[0].opacity
    mean = series_lens(make_panel, "eye diagram", Persistence.MEAN, *arrays)
    assert [np.nanmax(curve.y) for curve in mean.curves] == [4.0]
    band = series_lens(make_panel, "eye diagram", Persistence.ENVELOPE, *arrays).curves[1]
    assert band.floor is not None
    assert (np.max(band.y), np.min(band.floor)) == (6.0, 0.0)
    assert bool((np.diff(band.x) > 0).all())


def test_the_band_of_an_eye_holds_all_its_pieces() -> None:
    samples = np.random.default_rng(2).normal(size=400)
    x, top, bottom = eye_band((samples, samples), 8)
    places, y = eye_line(samples, 8)
    for at, high, low in zip(x, top, bottom, strict=True):
        here = y[np.isclose(places, at)]
        assert (np.nanmax(here), np.nanmin(here)) == (high, low)


def test_rows_of_several_captures(make_panel: MakePanel) -> None:
    arrays = [np.full((2, 5), value) for value in (1.0, 2.0, 6.0)]
    lens = panel_of(make_panel, "rows as curves", *arrays).lens
    assert isinstance(lens, RowsLens)
    found = {}
    for mode in Persistence:
        lens.persistence_menu.choose(mode)
        found[mode] = [(curve.name, curve.y[0]) for curve in lens.curves]
    assert found[Persistence.LAST] == [("row 0", 6.0), ("row 1", 6.0)]
    assert found[Persistence.FADING][:3] == [("row 0", 6.0), ("", 2.0), ("", 1.0)]
    assert found[Persistence.MEAN] == [("row 0", 3.0), ("row 1", 3.0)]
    band = lens.curves[1]
    assert band.floor is not None
    assert (band.y[0], band.floor[0]) == (6.0, 1.0)
    assert "min/max envelope of 3" in lens.notes()
    assert len(lens.legend()) == 2
    assert lens.readout(2.0, 6.0) == "[0, 2]: 6"


# Runs of a program.


def history_lens(make_panel: MakePanel) -> ScalarHistoryLens:
    probe = make_probe_values(np.full(100, 6.0))
    probe.earlier.extend(make_probe_values(np.full(80, value)).history for value in (1.0, 2.0))
    panel = make_panel(probe)
    panel.refresh()
    assert isinstance(panel.lens, ScalarHistoryLens)
    return panel.lens


@pytest.mark.parametrize("seconds", [False, True])
def test_runs_before_this_one(make_panel: MakePanel, seconds: bool) -> None:
    lens = history_lens(make_panel)
    if seconds:
        lens.time_action.trigger()
    assert [curve.y[0] for curve in lens.curves] == [6.0, 2.0, 1.0]
    assert lens.notes()[0] == "fading of 3 runs"
    lens.runs_menu.choose(Persistence.LAST)
    assert [curve.y[0] for curve in lens.curves] == [6.0]
    lens.runs_menu.choose(Persistence.MEAN)
    y = lens.curves[0].y
    assert (y[0], y[-1]) == (3.0, 6.0)  # where the earlier runs have ended this one is all
    lens.runs_menu.choose(Persistence.ENVELOPE)
    band = lens.curves[1]
    assert band.floor is not None
    assert (band.floor[0], band.y[0], band.floor[-1]) == (1.0, 6.0, 6.0)
    assert lens.state()["runs"] == "min/max envelope"


def test_a_value_histogram_of_several_runs_has_one_set_of_bins(make_panel: MakePanel) -> None:
    probe = make_probe_values(np.full(100, 3))
    probe.earlier.append(make_probe_values(np.full(60, 1)).history)
    panel = make_panel(probe)
    panel.choice.picks["scalar"] = "value histogram"
    panel.redraw()
    lens = panel.lens
    assert isinstance(lens, ScalarHistogramLens)
    assert [curve.y[:-1].tolist() for curve in lens.curves] == [[0, 0, 100], [60, 0, 0]]
    lens.runs_menu.choose(Persistence.MEAN)
    assert lens.curves[0].y[:-1].tolist() == [30, 0, 50]
    lens.runs_menu.choose(Persistence.ENVELOPE)
    assert lens.curves[1].y[:-1].tolist() == [60, 0, 100]
    lens.runs_menu.choose(Persistence.LAST)
    assert lens.curves[0].y[:-1].tolist() == [100]
    assert "runs" not in " ".join(lens.notes())


def test_pairs_of_several_runs() -> None:
    runs = [(np.array([1.0, 2.0, 9.0]), np.array([3.0, 4.0, 9.0])), (np.zeros(2), np.ones(2))]
    x, y = mean_pairs(runs)
    assert (x.tolist(), y.tolist()) == ([0.5, 1.0], [2.0, 2.5])
    assert len(mean_pairs([(np.empty(0), np.empty(0))])[0]) == 0


def test_runs_of_many_captures_are_compared_by_the_column() -> None:
    x = np.repeat(np.arange(1000.0), 2)
    first, second = np.tile([0.0, 2.0], 1000), np.tile([4.0, 10.0], 1000)
    runs = [(x, first), (x, second)]
    grid = common_grid(runs, (0.0, 1000.0), 100)
    assert len(grid) == 100
    low, high = run_band(runs, grid)
    assert (np.nanmin(low), np.nanmax(high)) == (0.0, 10.0)
    places, mean = run_mean(runs, grid)
    assert len(places) == 200
    assert (mean[0], mean[1]) == (2.0, 6.0)


# Layers.


def test_a_mean_of_the_largest_floats_does_not_overflow() -> None:
    series = [np.full(2, 1.7e308)] * 4
    assert layers(series, Persistence.MEAN)[0].y == pytest.approx(1.7e308)
