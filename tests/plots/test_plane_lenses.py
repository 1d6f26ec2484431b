"""Heat map, rows as curves and waterfall: numbers that are known, and arrays that are odd."""

from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
import pytest
from numpy.typing import NDArray
from PyQt6.QtGui import QColor
from pytestqt.qtbot import QtBot

from pyprobe.plots.builtin_lenses import registry
from pyprobe.plots.color_map import ColorMap
from pyprobe.plots.drawn_trace import DrawnTrace
from pyprobe.plots.heat_map import HeatMapLens, cell_text
from pyprobe.plots.lens import LensWidget
from pyprobe.plots.rows import MOST_ROWS, RowsLens, chosen_rows
from pyprobe.plots.theme import LIGHT_THEME
from pyprobe.plots.waterfall import RowCount, WaterfallLens
from pyprobe.plots.waterfall_rows import MOST_COLUMNS, RowMaker, RowOf
from pyprobe.session.probe import Probe
from pyprobe.session.values import ArrayValue
from tests.plots.samples import append_array, array_traits, make_probe

BLUE = "#0072b2"
L = TypeVar("L", bound=LensWidget)


def show(
    lens: L, qtbot: QtBot, *arrays: NDArray[Any], rate_hz: float | None = None
) -> tuple[L, Probe]:
    qtbot.addWidget(lens)
    lens.resize(640, 360)
    lens.show()
    probe = make_probe()
    for array in arrays:
        append_array(probe, array)
    lens.show_traces([DrawnTrace("x", BLUE, probe.history, sample_rate_hz=rate_hz)])
    return lens, probe


def again(lens: LensWidget, probe: Probe) -> None:
    lens.show_traces([DrawnTrace("x", BLUE, probe.history)])


def test_a_heat_map_fills_the_panel_and_writes_values_into_cells(qtbot: QtBot) -> None:
    lens, _ = show(HeatMapLens(LIGHT_THEME, BLUE), qtbot, np.array([[0, 255]], np.uint8))
    lens.map_menu.choose(ColorMap.GREY)
    frame = lens.frame
    assert (frame.x_low, frame.x_high, frame.y_low, frame.y_high) == (-0.5, 1.5, -0.5, 0.5)
    picture = lens.grab().toImage()
    top, middle = int(frame.top + 5), int(frame.top + frame.height / 2)
    left, right = int(frame.left + frame.width / 4), int(frame.left + frame.width * 3 / 4)
    assert picture.pixel(left, top) == 0xFF000000
    assert picture.pixel(right, top) == 0xFFFFFFFF
    around = [(x, y) for x in range(-12, 13) for y in range(-8, 9)]
    written = [QColor(picture.pixel(left + x, middle + y)).lightness() for x, y in around]
    assert max(written) > 200  # white on black
    written = [QColor(picture.pixel(right + x, middle + y)).lightness() for x, y in around]
    assert min(written) < 60


def test_cells_too_small_for_their_values_have_none(qtbot: QtBot) -> None:
    lens, _ = show(HeatMapLens(LIGHT_THEME, BLUE), qtbot, np.zeros((60, 80)))
    picture = lens.grab().toImage()
    frame = lens.frame
    columns = range(int(frame.left) + 2, int(frame.right) - 2)
    assert len({picture.pixel(x, int(frame.top + frame.height / 2)) for x in columns}) == 1


def test_values_in_cells_are_short() -> None:
    assert [cell_text(one) for one in (3, -12345, 0.12345, 1e9, 2.0)] == [
        "3",
        "-12345",
        "0.123",
        "1000000000",
        "2",
    ]


def test_rows_are_curves(qtbot: QtBot) -> None:
    lens, probe = show(RowsLens(LIGHT_THEME, BLUE), qtbot, np.arange(12.0).reshape(3, 4))
    assert [curve.y.tolist() for curve in lens.curves] == [
        [0, 1, 2, 3],
        [4, 5, 6, 7],
        [8, 9, 10, 11],
    ]
    assert [entry.text for entry in lens.legend()] == ["row 0", "row 1", "row 2"]
    assert lens.readout(2.1, 5.9) == "[1, 2]: 6"
    append_array(probe, np.array([[3 + 4j, 0j]]))
    again(lens, probe)
    assert lens.curves[0].y.tolist() == [5.0, 0.0]
    assert lens.notes() == ("magnitude",)


def test_of_many_rows_some_are_drawn_evenly_chosen_and_it_is_said(qtbot: QtBot) -> None:
    lens, _ = show(RowsLens(LIGHT_THEME, BLUE), qtbot, np.zeros((10_001, 5)))
    assert len(lens.curves) == MOST_ROWS
    assert lens.notes() == ("32 of 10,001 rows",)
    rows = chosen_rows(10_001)
    assert (rows[0], rows[-1]) == (0, 10_000)
    steps = [later - earlier for earlier, later in pairwise(rows)]
    assert max(steps) - min(steps) <= 1


def test_a_waterfall_has_the_newest_capture_at_the_top(qtbot: QtBot) -> None:
    arrays = [np.full(10, number, np.float64) for number in range(5)]
    lens, probe = show(WaterfallLens(LIGHT_THEME, BLUE), qtbot, *arrays)
    assert lens.image[:, 0].tolist() == [4, 3, 2, 1, 0]
    assert lens.readout(3.0, 1.0) == "1 ago, sample 3: 3"
    append_array(probe, np.arange(10.0))
    again(lens, probe)
    assert lens.image[0].tolist() == list(range(10))
    assert lens.image[1:, 0].tolist() == [4, 3, 2, 1, 0]


def test_a_waterfall_shows_as_many_captures_as_wanted(qtbot: QtBot) -> None:
    arrays = [np.full(4, number, np.float64) for number in range(100)]
    lens, _ = show(WaterfallLens(LIGHT_THEME, BLUE), qtbot, *arrays)
    assert lens.rows == 100
    lens.count_menu.choose(RowCount.FEW)
    assert lens.image[:, 0].tolist() == list(range(99, 35, -1))
    assert "newest 64" in lens.notes()


def test_a_waterfall_of_spectra_has_its_line_at_the_frequency(qtbot: QtBot) -> None:
    time = np.arange(1000) / 1000.0
    tones = [2.0 * np.sin(2 * np.pi * hz * time) for hz in (100, 200)]
    lens, _ = show(WaterfallLens(LIGHT_THEME, BLUE), qtbot, *tones, rate_hz=1000.0)
    lens.of_menu.choose(RowOf.SPECTRA)
    assert lens.x_title() == "Hz"
    peaks = lens.x0 + np.nanargmax(lens.image, axis=1) * lens.dx
    assert peaks.tolist() == pytest.approx([200.0, 100.0])
    assert np.nanmax(lens.image) == pytest.approx(20 * np.log10(2.0), abs=1e-4)
    assert (lens.x_range.low, lens.x_range.high) == pytest.approx((-0.5, 500.5))
    twin = WaterfallLens(LIGHT_THEME, BLUE)
    qtbot.addWidget(twin)
    twin.restore(lens.state())
    assert twin.state() == lens.state()


def test_a_spectrum_keeps_its_frequencies_when_the_length_changes() -> None:
    maker = RowMaker(RowOf.SPECTRA, 1000, 1000.0)
    time = np.arange(500) / 1000.0
    shorter = np.sin(2 * np.pi * 100 * time)
    row = maker.row(ArrayValue(shorter, "ndarray", shorter.shape))
    assert maker.x0 + int(np.nanargmax(row)) * maker.dx == pytest.approx(100.0)


def test_rows_of_long_arrays_are_means_and_of_other_lengths_are_cut_or_end_early() -> None:
    maker = RowMaker(RowOf.VALUES, 5000, 1.0)
    assert maker.step == 3
    assert maker.columns <= MOST_COLUMNS
    ramp = np.arange(5000.0)
    row = maker.row(ArrayValue(ramp, "ndarray", ramp.shape))
    assert row[:3].tolist() == [1.0, 4.0, 7.0]
    assert maker.x0 + 2 * maker.dx == 7.0
    short = maker.row(ArrayValue(ramp[:4], "ndarray", (4,)))
    assert short[:2].tolist() == [1.0, 3.0]
    assert np.isnan(short[2:]).all()
    cut = RowMaker(RowOf.VALUES, 2, 1.0).row(ArrayValue(ramp, "ndarray", ramp.shape))
    assert cut.tolist() == [0.0, 1.0]


def test_what_is_exported(qtbot: QtBot) -> None:
    rows, _ = show(RowsLens(LIGHT_THEME, BLUE), qtbot, np.arange(100.0).reshape(50, 2))
    assert rows.data()["rows"].shape == (50, 2)
    waterfall, _ = show(WaterfallLens(LIGHT_THEME, BLUE), qtbot, np.zeros(3), np.ones(3))
    assert waterfall.data()["rows"].tolist() == [[1, 1, 1], [0, 0, 0]]
    assert waterfall.data()["x"].tolist() == [0, 1, 2]


ODD: list[NDArray[Any]] = [
    np.empty(0),
    np.empty((0, 4)),
    np.empty((4, 0)),
    np.array([1.0]),
    np.array([[1.0]]),
    np.full(10, np.nan),
    np.full((3, 10), np.nan),
    np.full((3, 10), 1 + 2j),
    np.full(10, 1 + 2j),
    np.array([1e308, -1e308] * 8),
    np.array([[1e308, -1e308], [np.inf, -np.inf]]),
    np.array([True, False] * 5),
    np.array([[True], [False]]),
    np.array([[2**63 - 1, -(2**63)]]),
    np.broadcast_to(np.uint8(3), (100_000, 1000)),
    np.zeros((2, 3, 4)),
    np.array(["a"]),
]


@pytest.mark.parametrize("lens_class", [HeatMapLens, RowsLens, WaterfallLens])
def test_no_array_breaks_them(lens_class: Any, qtbot: QtBot) -> None:
    lens, probe = show(lens_class(LIGHT_THEME, BLUE), qtbot, np.arange(9.0), np.ones((3, 3)))
    failures: list[str] = []
    lens.failed.connect(failures.append)
    for array in ODD:
        append_array(probe, array)
        again(lens, probe)
        if isinstance(lens, WaterfallLens):
            lens.of_menu.choose(RowOf.SPECTRA)
            lens.of_menu.choose(RowOf.VALUES)
        lens.grab()
        lens.notes()
        lens.readout(1.0, 1.0)
    assert failures == []


def test_they_are_offered_for_what_they_draw() -> None:
    def offered(shape: tuple[int, ...]) -> set[str]:
        return {entry.name for entry in registry().lenses_for(array_traits("float64", shape))}

    assert {"heat map", "rows as curves"} <= offered((3, 4))
    assert "heat map" in offered((2, 3, 4))
    assert "waterfall" in offered((9,))
