"""A receiver that looks for a beacon: complex IQ samples, a moving band-pass filter, gain control.

Each frame holds one block of a simulated radio band: three carriers, one of them keyed on and off,
in noise. A windowed-sinc filter sweeps over the band, an automatic gain control levels what comes
through, and a spectrum shows where the filter stands. Worth probing: `signal`, `taps`, `filtered`,
`spectrum_db` (waveforms), `center_hz`, `gain`, `level` (numbers).

    python dsp_filter_sweep.py [--frames N] [--pause SECONDS]
"""

import argparse
import itertools
import time

import numpy as np

SAMPLE_RATE_HZ = 48_000.0
BLOCK = 1024
TAPS = 129
CARRIERS_HZ = (-9_000.0, 2_500.0, 11_000.0)
AMPLITUDES = (1.0, 0.6, 0.3)
SWEEP_FRAMES = 240
SWEEP_SPAN_HZ = 16_000.0
HALF_BANDWIDTH_HZ = 1_500.0


class Band:
    """The air: carriers with steady phase from block to block, and noise."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.first_sample = 0

    def read(self) -> np.ndarray:
        """Return the next block of complex samples."""
        t = (self.first_sample + np.arange(BLOCK)) / SAMPLE_RATE_HZ
        self.first_sample += BLOCK
        noise = self.random.normal(size=BLOCK) + 1j * self.random.normal(size=BLOCK)
        signal = 0.05 * noise
        for frequency_hz, amplitude in zip(CARRIERS_HZ, AMPLITUDES, strict=True):
            signal = signal + amplitude * np.exp(2j * np.pi * frequency_hz * t)
        return signal * np.where(np.sin(2 * np.pi * 3.0 * t) > -0.5, 1.0, 0.4)


def design_band_pass(center_hz: float) -> np.ndarray:
    """Return the complex taps of a Blackman-windowed sinc around `center_hz`."""
    n = np.arange(TAPS) - (TAPS - 1) / 2
    prototype = np.sinc(2 * HALF_BANDWIDTH_HZ / SAMPLE_RATE_HZ * n) * np.blackman(TAPS)
    shift = np.exp(2j * np.pi * center_hz / SAMPLE_RATE_HZ * n)
    return prototype / prototype.sum() * shift


class FilterBlock:
    """An FIR filter that keeps its tail, so that blocks join without a seam."""

    def __init__(self) -> None:
        self.tail = np.zeros(TAPS - 1, dtype=complex)

    def process(self, block: np.ndarray, taps: np.ndarray) -> np.ndarray:
        extended = np.concatenate([self.tail, block])
        self.tail = extended[-(TAPS - 1) :]
        return np.convolve(extended, taps, mode="valid")


class GainControl:
    """A one-pole level detector and the gain that brings the level to the target."""

    def __init__(self, target: float = 0.5, attack: float = 0.3, release: float = 0.05) -> None:
        self.target = target
        self.attack = attack
        self.release = release
        self.level = target

    def process(self, block: np.ndarray) -> np.ndarray:
        measured = float(np.sqrt(np.mean(np.abs(block) ** 2)))
        rate = self.attack if measured > self.level else self.release
        self.level += rate * (measured - self.level)
        gain = min(self.target / max(self.level, 1e-6), 40.0)
        return gain * block


def power_spectrum_db(block: np.ndarray) -> np.ndarray:
    """Return the power spectrum in dB, lowest frequency first."""
    windowed = block * np.hanning(len(block))
    power = np.abs(np.fft.fftshift(np.fft.fft(windowed))) ** 2 / len(block)
    return 10 * np.log10(power + 1e-12)


def sweep_center_hz(frame: int) -> float:
    """Return the filter's centre: a triangle from one edge of the span to the other and back."""
    position = frame % SWEEP_FRAMES / SWEEP_FRAMES
    return SWEEP_SPAN_HZ * (4 * abs(position - 0.5) - 1)


def run(frames: int, pause_s: float) -> None:
    band, fir, agc = Band(seed=7), FilterBlock(), GainControl()
    for frame in itertools.count() if frames == 0 else range(frames):
        signal = band.read()
        center_hz = sweep_center_hz(frame)
        taps = design_band_pass(center_hz)
        filtered = fir.process(signal, taps)
        output = agc.process(filtered)
        spectrum_db = power_spectrum_db(output)
        peak_db = float(spectrum_db.max())
        if frame % 60 == 0:
            print(f"frame {frame:5d}  centre {center_hz:8.0f} Hz  peak {peak_db:6.1f} dB")
        time.sleep(pause_s)


def main() -> None:
    parser = argparse.ArgumentParser(description="Sweep a filter over a radio band.")
    parser.add_argument("--frames", type=int, default=0, help="how many blocks; 0: for ever")
    parser.add_argument("--pause", type=float, default=0.02, help="seconds between blocks")
    options = parser.parse_args()
    run(options.frames, options.pause)


if __name__ == "__main__":
    main()
