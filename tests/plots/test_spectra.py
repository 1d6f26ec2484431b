"""Spectra against signals whose spectra are known, and against the theorem of Parseval."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from pyprobe.plots.spectra import (
    Spectrum,
    Window,
    amplitude_spectrum,
    decibels,
    default_segment,
    phase_spectrum,
    power_density,
)

RATE_HZ = 1000.0
COUNT = 1000
TIME_S = np.arange(COUNT) / RATE_HZ


def peak(spectrum: Spectrum) -> tuple[float, float]:
    place = int(np.nanargmax(spectrum.values))
    return spectrum.first_hz + place * spectrum.step_hz, float(spectrum.values[place])


@pytest.mark.parametrize("window", Window)
def test_a_sine_has_its_amplitude_at_its_frequency(window: Window) -> None:
    samples = 3.0 * np.sin(2 * np.pi * 50.0 * TIME_S + 0.7)
    assert peak(amplitude_spectrum(samples, RATE_HZ, window)) == pytest.approx((50.0, 3.0))


@pytest.mark.parametrize("window", Window)
def test_a_constant_stands_at_zero_and_no_farther_than_the_window_is_wide(window: Window) -> None:
    values = amplitude_spectrum(np.full(COUNT, -2.0), RATE_HZ, window).values
    assert values[0] == pytest.approx(2.0)
    assert np.max(values[5:]) < 1e-6


@pytest.mark.parametrize("count", [8, 9])
def test_each_frequency_stands_once_up_to_half_the_rate(count: int) -> None:
    found = amplitude_spectrum(np.arange(count), 10.0, Window.RECTANGULAR)
    assert (found.first_hz, found.step_hz) == (0.0, 10.0 / count)
    assert len(found.values) == count // 2 + 1


def test_the_nyquist_frequency_is_not_doubled() -> None:
    samples = np.array([1, -1] * 50, np.int8)
    assert peak(amplitude_spectrum(samples, 2.0, Window.RECTANGULAR)) == pytest.approx((1.0, 1.0))


@pytest.mark.parametrize("frequency_hz", [120.0, -120.0])
def test_complex_samples_tell_the_sign_of_a_frequency(frequency_hz: float) -> None:
    samples = 2.0 * np.exp(2j * np.pi * frequency_hz * TIME_S)
    found = amplitude_spectrum(samples.astype(np.complex64), RATE_HZ, Window.HANN)
    assert found.first_hz == -500.0
    assert len(found.values) == COUNT
    assert peak(found) == pytest.approx((frequency_hz, 2.0), rel=1e-5)


def test_the_phase_is_that_of_the_cosine_and_missing_where_there_is_nothing() -> None:
    samples = np.cos(2 * np.pi * 50.0 * TIME_S + 0.7)
    found = phase_spectrum(samples, RATE_HZ, Window.RECTANGULAR)
    assert found.values[50] == pytest.approx(0.7)
    assert np.count_nonzero(np.isfinite(found.values)) == 1


@pytest.mark.parametrize("window", Window)
@pytest.mark.parametrize("is_complex", [False, True])
def test_the_integral_of_a_power_density_is_the_mean_square(
    window: Window, is_complex: bool
) -> None:
    random = np.random.default_rng(3)
    real, imag = random.normal(0.0, 2.0, (2, 1 << 16))
    samples: NDArray[Any] = (real + 1j * imag) / np.sqrt(2.0) if is_complex else real
    found = power_density(samples, 8000.0, window, segment=512)
    assert found.values.sum() * found.step_hz == pytest.approx(4.0, rel=0.03)
    span_hz = found.step_hz * (512 if is_complex else 256)
    assert span_hz == (8000.0 if is_complex else 4000.0)


def test_a_power_density_loses_the_mean_and_finds_a_sine() -> None:
    samples = 100.0 + np.sin(2 * np.pi * 125.0 * np.arange(1 << 14) / RATE_HZ)
    found = power_density(samples, RATE_HZ, Window.HANN)
    assert peak(found)[0] == pytest.approx(125.0, abs=found.step_hz)
    assert found.values[0] < 1e-6


@pytest.mark.parametrize(
    ("count", "segment"), [(1, 1), (100, 100), (4096, 1024), (1 << 20, 1 << 18)]
)
def test_segments_are_powers_of_two_and_never_longer_than_the_array(
    count: int, segment: int
) -> None:
    assert default_segment(count) == segment


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_shortest_arrays_have_spectra(count: int) -> None:
    samples = np.ones(count)
    for window in Window:
        with np.errstate(all="ignore"):
            amplitude_spectrum(samples, 1.0, window)
            phase_spectrum(samples, 1.0, window)
            power_density(samples, 1.0, window)


def test_decibels() -> None:
    assert decibels(np.array([1.0, 10.0, 0.0])).tolist()[:2] == [0.0, 20.0]
    assert np.isnan(decibels(np.array([0.0]))[0])
    assert decibels(np.array([100.0]), of_power=True).tolist() == [20.0]
