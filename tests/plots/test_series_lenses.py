"""Lenses for 1-D arrays: what each draws of arrays of known result, what it says, remembers."""

from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from pyprobe.plots.builtin_lenses import registry
from pyprobe.plots.constellation import MOST_POINTS, ConstellationLens
from pyprobe.plots.drawn_trace import DrawnTrace, LineStyle, Side
from pyprobe.plots.eye import MOST_PIECES, EyeLens, eye_line
from pyprobe.plots.frequency_lens import Scale
from pyprobe.plots.polar import MagnitudeScale, PhaseScale, PolarLens, Shown
from pyprobe.plots.power_density import PowerDensityLens
from pyprobe.plots.series_histogram import SeriesHistogramLens
from pyprobe.plots.series_lens import SeriesLens
from pyprobe.plots.spectra import Window
from pyprobe.plots.spectrum import SpectrumLens
from pyprobe.plots.theme import LIGHT_THEME
from pyprobe.plots.waveform import WaveformLens
from tests.plots.samples import append_array, array_traits, make_probe

BLUE = "#0072b2"
ALL = [
    SpectrumLens,
    PowerDensityLens,
    SeriesHistogramLens,
    PolarLens,
    ConstellationLens,
    EyeLens,
]


def show(
    lens: SeriesLens, qtbot: QtBot, *arrays: NDArray[Any], rate_hz: float | None = None, **more: Any
) -> SeriesLens:
    qtbot.addWidget(lens)
    lens.resize(640, 360)
    lens.show()
    probe = make_probe()
    for array in arrays:
        append_array(probe, array, **more)
    lens.show_traces([DrawnTrace("x", BLUE, probe.history, sample_rate_hz=rate_hz)])
    return lens


def sine(frequency_hz: float, rate_hz: float, count: int = 4000) -> NDArray[np.float64]:
    wave: NDArray[np.float64] = 2.0 * np.sin(2 * np.pi * frequency_hz * np.arange(count) / rate_hz)
    return wave


def test_a_spectrum_in_hertz_and_decibels(qtbot: QtBot) -> None:
    lens = show(SpectrumLens(LIGHT_THEME, BLUE), qtbot, sine(100, 8000), rate_hz=8000.0)
    (curve,) = lens.curves
    assert curve.x[np.nanargmax(curve.y)] == pytest.approx(100.0, abs=8.0)
    assert np.nanmax(curve.y) == pytest.approx(20 * np.log10(2.0))
    assert (lens.x_range.low, lens.x_range.high) == (0.0, 4000.0)
    assert lens.x_title() == "Hz"
    assert {"dB of amplitude", "Hann window"} <= set(lens.notes())


def test_without_a_sample_rate_a_spectrum_is_over_cycles_per_sample(qtbot: QtBot) -> None:
    lens = show(SpectrumLens(LIGHT_THEME, BLUE), qtbot, sine(1000, 8000))
    (curve,) = lens.curves
    assert curve.x[np.nanargmax(curve.y)] == pytest.approx(0.125, abs=1e-3)
    assert lens.x_title() == "cycles / sample"


def test_a_spectrum_shows_its_phase_at_the_right_and_linear_magnitudes(qtbot: QtBot) -> None:
    lens = cast("SpectrumLens", show(SpectrumLens(LIGHT_THEME, BLUE), qtbot, sine(1, 8, 64)))
    lens.scale_menu.choose(Scale.LINEAR)
    lens.window_menu.choose(Window.RECTANGULAR)
    lens.phase_action.trigger()
    magnitude, phase = lens.curves
    assert (magnitude.name, phase.name) == ("magnitude", "phase")
    assert np.nanmax(magnitude.y) == pytest.approx(2.0)
    assert phase.side is Side.RIGHT
    assert phase.y[8] == pytest.approx(-90.0)  # of a sine against a cosine
    again = SpectrumLens(LIGHT_THEME, BLUE)
    qtbot.addWidget(again)
    again.restore(lens.state())
    assert again.state() == lens.state()


def test_a_power_density_of_noise_is_flat(qtbot: QtBot) -> None:
    noise = np.random.default_rng(5).normal(0.0, 1.0, 1 << 16)
    lens = cast(
        "PowerDensityLens",
        show(PowerDensityLens(LIGHT_THEME, BLUE), qtbot, noise, rate_hz=2.0),
    )
    lens.scale_menu.choose(Scale.LINEAR)
    assert np.mean(lens.curves[0].y[4:]) == pytest.approx(1.0, rel=0.1)
    assert "segments of 16384" in lens.notes()


def test_a_histogram_counts_samples(qtbot: QtBot) -> None:
    array = np.array([1, 1, 1, 4], np.int16)
    lens = show(SeriesHistogramLens(LIGHT_THEME, BLUE), qtbot, array)
    (curve,) = lens.curves
    assert curve.x.tolist() == [0.5, 1.5, 2.5, 3.5, 4.5]
    assert curve.y.tolist() == [3, 0, 0, 1, 1]
    assert curve.staircase
    assert curve.floor is not None
    assert lens.y_range.low < 0.0 or lens.y_range.low == pytest.approx(0.0)


def test_magnitude_and_phase_of_complex_samples(qtbot: QtBot) -> None:
    array = 2.0 * np.exp(1j * np.array([0.0, 2.0, 4.0, 6.0]))
    lens = cast("PolarLens", show(PolarLens(LIGHT_THEME, BLUE), qtbot, array))
    magnitude, phase = lens.curves
    assert magnitude.y.tolist() == pytest.approx([2.0] * 4)
    assert (magnitude.side, phase.side) == (Side.LEFT, Side.RIGHT)
    wrapped = [0.0, 2.0, 4.0 - 2 * np.pi, 6.0 - 2 * np.pi]
    assert phase.y.tolist() == pytest.approx(np.degrees(wrapped).tolist())
    lens.phase_menu.choose(PhaseScale.UNWRAPPED_RADIANS)
    assert lens.curves[1].y.tolist() == pytest.approx([0.0, 2.0, 4.0, 6.0])
    lens.shown_menu.choose(Shown.MAGNITUDE)
    lens.scale_menu.choose(MagnitudeScale.DECIBEL)
    (magnitude,) = lens.curves
    assert magnitude.y.tolist() == pytest.approx([20 * np.log10(2.0)] * 4)
    assert lens.notes() == ("magnitude in dB",)


def test_a_constellation_is_points_on_axes_of_one_scale(qtbot: QtBot) -> None:
    old, new = np.array([1 + 1j, -1 - 1j]), np.array([3 + 1j, -3 - 1j, np.nan])
    lens = show(ConstellationLens(LIGHT_THEME, BLUE), qtbot, old, new)
    newest, before = lens.curves
    assert newest.x.tolist()[:2] == [3.0, -3.0]
    assert newest.y.tolist()[:2] == [1.0, -1.0]
    assert before.x.tolist() == [1.0, -1.0]
    assert newest.style is LineStyle.DOTS
    assert newest.opacity > before.opacity
    frame = lens.frame
    per_x = frame.width / (lens.x_range.high - lens.x_range.low)
    per_y = frame.height / (lens.y_range.high - lens.y_range.low)
    assert per_x == pytest.approx(per_y, rel=0.05)
    assert lens.readout(1.0, -2.0) == "1 - 2j"


def test_a_large_constellation_draws_a_part_and_says_so(qtbot: QtBot) -> None:
    lens = show(ConstellationLens(LIGHT_THEME, BLUE), qtbot, np.ones(50_000, np.complex64))
    assert len(lens.curves[0].x) <= MOST_POINTS
    assert lens.notes() == ("16,667 of 50,000 points",)


def test_an_eye_lays_pieces_of_two_symbols_over_each_other(qtbot: QtBot) -> None:
    lens = cast("EyeLens", show(EyeLens(LIGHT_THEME, BLUE), qtbot, np.arange(13.0)))
    lens.samples_box.setValue(4)
    (curve,) = lens.curves
    pieces = curve.y.reshape(-1, 10)
    assert pieces[:, :9].tolist() == [list(range(9)), list(range(4, 13))]
    assert np.isnan(pieces[:, 9]).all()
    assert curve.x[:9].tolist() == [place / 4 for place in range(9)]
    assert lens.state()["symbol_samples"] == 4


def test_an_eye_of_a_long_array_draws_its_last_pieces() -> None:
    _x, y = eye_line(np.arange(100_000), 10)
    assert len(y) == MOST_PIECES * 22
    assert np.nanmax(y) >= 99_990


@pytest.mark.parametrize(
    ("lens_class", "sentence"),
    [
        (SpectrumLens, "this array was reduced at the source, so it has no true spectrum"),
        (PowerDensityLens, "this array was reduced at the source, so it has no true spectrum"),
        (EyeLens, "this array was reduced at the source, so its samples are not there"),
    ],
)
def test_what_a_reduced_array_cannot_show_is_said(
    lens_class: type[SeriesLens], sentence: str, qtbot: QtBot
) -> None:
    lens = lens_class(LIGHT_THEME, BLUE)
    array = np.array([0.0, 1.0] * 50)
    show(lens, qtbot, array, full_shape=(1000,), reduced="min/max of 1000 points")
    assert lens.empty_sentence == sentence


@pytest.mark.parametrize("lens_class", ALL)
@pytest.mark.parametrize(
    "array",
    [
        np.empty(0),
        np.array([1.0]),
        np.array([np.nan, np.inf]),
        np.full(100, np.nan),
        np.array([1e308, -1e308] * 20),
        np.zeros(30),
        np.array([2**63 - 1, -(2**63)] * 9),
        np.array([True, False] * 9),
        np.full(20, 1 + 1j, np.complex64),
        np.array([complex(np.nan, np.inf)] * 20),
        np.arange(20, dtype=np.float16),
    ],
    ids=lambda array: f"{array.dtype}{array.shape}",
)
def test_no_array_breaks_a_lens(
    lens_class: type[SeriesLens], array: NDArray[Any], qtbot: QtBot
) -> None:
    lens = lens_class(LIGHT_THEME, BLUE)
    failures: list[str] = []
    lens.failed.connect(failures.append)
    show(lens, qtbot, np.arange(9.0), array)
    lens.grab()
    assert failures == []


def test_all_are_offered_for_the_arrays_they_draw() -> None:
    def offered(dtype: str) -> set[str]:
        return {entry.name for entry in registry().lenses_for(array_traits(dtype, (64,)))}

    real = {"waveform", "spectrum", "power density", "histogram", "eye diagram", "text"}
    assert real <= offered("float32")
    assert real | {"magnitude and phase", "constellation"} <= offered("complex64")
    assert "constellation" not in offered("float32")


def test_a_waveform_over_seconds_where_the_sample_rate_is_known(qtbot: QtBot) -> None:
    lens = WaveformLens(LIGHT_THEME, BLUE)
    show(lens, qtbot, np.arange(1001.0), rate_hz=1000.0)
    lens.time_action.trigger()
    assert (lens.x_range.low, lens.x_range.high) == (0.0, 1.0)
    assert lens.x_text(0.5) == "0.5 s"
    assert lens.x_kind() == "s"
    plain = WaveformLens(LIGHT_THEME, BLUE)
    show(plain, qtbot, np.arange(11.0))
    plain.time_action.trigger()
    assert plain.x_range.high == 10.0
    assert "no sample rate" in plain.notes()


def test_a_changed_sample_rate_is_drawn_at_once(qtbot: QtBot) -> None:
    lens = SpectrumLens(LIGHT_THEME, BLUE)
    probe = make_probe()
    append_array(probe, sine(1000, 8000))
    qtbot.addWidget(lens)
    for rate_hz in (8000.0, 16000.0):
        lens.show_traces([DrawnTrace("x", BLUE, probe.history, sample_rate_hz=rate_hz)])
        assert lens.x_range.high == rate_hz / 2
