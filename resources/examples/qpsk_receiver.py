"""A QPSK receiver: matched filter, gain control, timing by energy, and a Costas loop.

Each frame brings 256 symbols through noise, fading and a frequency error that drifts.
Worth probing: `symbols` (draw it as a constellation), `aligned` (an eye diagram, 8 samples a
symbol), `frequency_hz` and `gain` (numbers), `state` (a timeline), `quality` (a tree), `energy` (an
image).

    python qpsk_receiver.py [--frames N] [--pause SECONDS]
"""

import argparse
import itertools
import time
from dataclasses import dataclass
from enum import Enum

import numpy as np

fs = 48_000  # samples a second
SAMPLES_PER_SYMBOL = 8
SYMBOLS_PER_FRAME = 256
ROLL_OFF = 0.35


class LockState(Enum):
    SEARCHING = "searching"
    PULLING_IN = "pulling in"
    LOCKED = "locked"


@dataclass
class Quality:
    """What the receiver thinks of its symbols."""

    evm_percent: float
    snr_db: float


def root_raised_cosine(span_symbols: int = 10) -> np.ndarray:
    t = np.arange(-span_symbols * SAMPLES_PER_SYMBOL, span_symbols * SAMPLES_PER_SYMBOL + 1)
    t = t / SAMPLES_PER_SYMBOL + 1e-9  # off the two places where the formula divides by zero
    numerator = np.sin(np.pi * t * (1 - ROLL_OFF))
    numerator += 4 * ROLL_OFF * t * np.cos(np.pi * t * (1 + ROLL_OFF))
    taps = numerator / (np.pi * t * (1 - (4 * ROLL_OFF * t) ** 2))
    return taps / np.sqrt(np.sum(taps**2))


class Channel:
    """Sends random bits with noise, a frequency error that drifts, and fading."""

    def __init__(self, taps: np.ndarray) -> None:
        self.random = np.random.default_rng(7)
        self.taps = taps
        self.phase = 0.0
        self.frame = 0

    def receive(self) -> tuple[np.ndarray, np.ndarray]:
        bits = self.random.integers(0, 2, (SYMBOLS_PER_FRAME, 2))
        sent = ((2 * bits[:, 0] - 1) + 1j * (2 * bits[:, 1] - 1)) / np.sqrt(2)
        upsampled = np.zeros(SYMBOLS_PER_FRAME * SAMPLES_PER_SYMBOL, complex)
        upsampled[::SAMPLES_PER_SYMBOL] = sent
        shaped = np.convolve(upsampled, self.taps, "same")
        offset_hz = 60.0 + 30.0 * np.sin(self.frame / 20)
        phases = self.phase + 2 * np.pi * offset_hz * np.arange(len(shaped)) / fs
        self.phase = phases[-1]
        fading = 0.6 + 0.4 * np.cos(self.frame / 12)
        noise = self.random.normal(0, 0.09, (len(shaped), 2)) @ [1, 1j]
        self.frame += 1
        return fading * shaped * np.exp(1j * phases) + noise, sent


class CostasLoop:
    """Follows the carrier: a proportional and an integral part on the decisions' phase error."""

    def __init__(self, bandwidth: float = 0.008) -> None:
        self.phase = 0.0
        self.rate = 0.0
        self.gain = 4 * bandwidth
        self.integral_gain = 4 * bandwidth**2

    def follow(self, samples: np.ndarray) -> np.ndarray:
        corrected = np.empty_like(samples)
        for place, sample in enumerate(samples):
            symbol = sample * np.exp(-1j * self.phase)
            error = np.sign(symbol.real) * symbol.imag - np.sign(symbol.imag) * symbol.real
            self.rate += self.integral_gain * error
            self.phase += self.rate + self.gain * error
            corrected[place] = symbol
        return corrected


def measure(symbols: np.ndarray) -> Quality:
    ideal = (np.sign(symbols.real) + 1j * np.sign(symbols.imag)) / np.sqrt(2)
    error = symbols - ideal
    evm = np.sqrt(np.mean(np.abs(error) ** 2))
    return Quality(round(100 * float(evm), 2), round(-20 * float(np.log10(evm)), 2))


def lock_state(quality: Quality) -> LockState:
    if quality.evm_percent < 25:
        return LockState.LOCKED
    return LockState.PULLING_IN if quality.evm_percent < 45 else LockState.SEARCHING


def run(frames: int, pause: float) -> None:
    taps = root_raised_cosine()
    channel, loop = Channel(taps), CostasLoop()
    for frame in range(frames) if frames else itertools.count():
        received, _sent = channel.receive()
        matched = np.convolve(received, taps, "same")
        energy = np.abs(matched.reshape(-1, SAMPLES_PER_SYMBOL)) ** 2
        timing = int(np.argmax(energy.mean(axis=0)))
        sampled = matched[timing::SAMPLES_PER_SYMBOL]
        gain = 1.0 / np.sqrt(np.mean(np.abs(sampled) ** 2))
        first_phase = loop.phase
        symbols = loop.follow(gain * sampled)
        carrier = np.exp(1j * np.linspace(first_phase, loop.phase, len(matched)))
        aligned = gain * matched / carrier
        peak = float(np.abs(aligned).max())
        quality = measure(symbols)
        frequency_hz = loop.rate * fs / SAMPLES_PER_SYMBOL / (2 * np.pi)
        state = lock_state(quality)
        if frame % 20 == 0:
            print(f"frame {frame:5d}  {state.value:10s}  {frequency_hz:6.1f} Hz  peak {peak:.2f}")
        time.sleep(pause)


def main() -> None:
    parser = argparse.ArgumentParser(description="Receive QPSK symbols.")
    parser.add_argument("--frames", type=int, default=0, help="how many frames; 0: for ever")
    parser.add_argument("--pause", type=float, default=0.02, help="seconds between frames")
    options = parser.parse_args()
    run(options.frames, options.pause)


if __name__ == "__main__":
    main()
