"""Spectra of a 1-D array: amplitude, phase and power density, by numpy alone. Pure.

Amplitudes are scaled so that a sine of amplitude A has a peak of A; power densities so that their
integral over frequency is the mean square. Both as in Heinzel, Rüdiger and Schilling, "Spectrum and
spectral density estimation by the DFT" (2002). Real arrays give one side, complex ones both, from
the lowest (negative) frequency up.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_NOISE = 1e-9  # of the largest amplitude: the phase of anything smaller is rounding
_SEGMENTS = 8
_LEAST_SEGMENT = 256
_FLAT_TOP = (0.21557895, -0.41663158, 0.277263158, -0.083578947, 0.006947368)
_BLACKMAN = (0.42, -0.5, 0.08)


class Window(Enum):
    """The weights samples get before the transform; the value is its name in menus."""

    RECTANGULAR = "rectangular"
    HANN = "Hann"
    HAMMING = "Hamming"
    BLACKMAN = "Blackman"
    FLAT_TOP = "flat top"


@dataclass(frozen=True, slots=True)
class Spectrum:
    """Values at ``first_hz + i * step_hz``."""

    values: Floats
    first_hz: float
    step_hz: float


def window_weights(window: Window, count: int) -> Floats:
    """Return the weights of ``count`` samples, periodic as spectra want them."""
    terms = {
        Window.RECTANGULAR: (1.0,),
        Window.HANN: (0.5, -0.5),
        Window.HAMMING: (0.54, -0.46),
        Window.BLACKMAN: _BLACKMAN,
        Window.FLAT_TOP: _FLAT_TOP,
    }[window]
    angle = 2.0 * np.pi * np.arange(count) / max(count, 1)
    weights: Floats = np.zeros(count)
    for order, factor in enumerate(terms):
        weights += factor * np.cos(order * angle)
    return weights


def amplitude_spectrum(samples: NDArray[Any], rate_hz: float, window: Window) -> Spectrum:
    """Return the amplitude of each frequency, in the unit of the samples."""
    transformed = _transformed(samples, window_weights(window, len(samples)))
    return _placed(np.abs(transformed), samples, rate_hz)


def phase_spectrum(samples: NDArray[Any], rate_hz: float, window: Window) -> Spectrum:
    """Return the phase in rad, within ±π; NaN where the amplitude is no more than rounding."""
    transformed = _transformed(samples, window_weights(window, len(samples)))
    phase = np.angle(transformed)
    amplitude = np.abs(transformed)
    phase[amplitude <= _NOISE * amplitude.max(initial=0.0)] = np.nan
    return _placed(phase, samples, rate_hz)


def power_density(
    samples: NDArray[Any], rate_hz: float, window: Window, *, segment: int | None = None
) -> Spectrum:
    """Return the power spectral density by Welch's method, in the samples' unit squared per Hz.

    Segments overlap by half and lose their mean, as in P. D. Welch (1967). ``segment`` is their
    length in samples; unless told, about an eighth of the array and not below 256.
    """
    segment = min(segment or default_segment(len(samples)), len(samples))
    weights = window_weights(window, segment)
    starts = range(0, len(samples) - segment + 1, max(segment - segment // 2, 1))
    total: Floats = np.zeros(1)
    for start in starts:
        piece = samples[start : start + segment].astype(_float_type(samples))
        total = total + np.abs(_fft(weights * (piece - piece.mean()))) ** 2
    density = total / len(starts) / (rate_hz * float(np.sum(weights**2)))
    if not np.iscomplexobj(samples):
        density[1 : (segment + 1) // 2] *= 2.0  # the other side's power, but not of 0 and Nyquist
    return _placed(density, samples[:segment], rate_hz)


def default_segment(count: int) -> int:
    """Return the length of Welch's segments for an array: a power of two."""
    wanted = max(count // _SEGMENTS * 2, _LEAST_SEGMENT)
    return int(min(2 ** int(np.log2(wanted)), max(count, 1)))


def decibels(values: Floats, *, of_power: bool = False) -> Floats:
    """Return amplitudes (or powers) in dB relative to 1; zero becomes NaN."""
    with np.errstate(divide="ignore", invalid="ignore"):
        result: Floats = (10.0 if of_power else 20.0) * np.log10(values)
    result[~np.isfinite(result)] = np.nan
    return result


def _transformed(samples: NDArray[Any], weights: Floats) -> NDArray[np.complex128]:
    transformed = _fft(samples.astype(_float_type(samples)) * weights) / float(weights.sum())
    if not np.iscomplexobj(samples):
        transformed[1 : (len(samples) + 1) // 2] *= 2.0
    return transformed


def _fft(samples: NDArray[Any]) -> NDArray[np.complex128]:
    if np.iscomplexobj(samples):
        return np.fft.fftshift(np.fft.fft(samples))
    return np.fft.rfft(samples)


def _float_type(samples: NDArray[Any]) -> type[np.complex128] | type[np.float64]:
    return np.complex128 if np.iscomplexobj(samples) else np.float64


def _placed(values: Floats, samples: NDArray[Any], rate_hz: float) -> Spectrum:
    count = len(samples)
    step_hz = rate_hz / count
    first_hz = -(count // 2) * step_hz if np.iscomplexobj(samples) else 0.0
    return Spectrum(values, first_hz, step_hz)
