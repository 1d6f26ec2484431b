"""A beam under a hammer: finite elements, its modes, and what an accelerometer at its tip hears.

A clamped steel beam is struck over and over while a crack grows in one of its elements. The matrix
of stiffness is sparse (this example needs scipy); the modes follow from it, and the beam rings in
them. Worth probing: `ringing` (samples with their rate: a waveform, a spectrum), `modes` (a table),
`stiffness` (a sparse matrix as an image), `likeness` (a heat map), `blow` (a tree), `first_hz`.

    python struck_beam.py [--blows N] [--pause SECONDS]
"""

import argparse
import itertools
import time
from dataclasses import dataclass, field

import numpy as np
from scipy.linalg import eigh
from scipy.sparse import csr_matrix, lil_matrix

ELEMENTS = 16
LENGTH_M, WIDTH_M, HEIGHT_M = 0.8, 0.03, 0.006
STEEL_PA, STEEL_KG_M3 = 2.1e11, 7850.0
MODES = 6
DAMPING = 0.004
CRACKED = 4
SAMPLE_RATE_HZ = 8_000
SAMPLES = 2048
TABLE = [("mode", "i4"), ("frequency_hz", "f8"), ("shift_percent", "f8"), ("amplitude", "f8")]


@dataclass
class Ringing:
    """What the accelerometer gives after a blow, in m/s²."""

    samples: np.ndarray
    sample_rate: int = SAMPLE_RATE_HZ


@dataclass
class Hammer:
    """How hard and where the beam is struck."""

    force_n: float
    node: int
    tip: str = "nylon"


@dataclass
class Blow:
    """One blow, and how much of it went into each mode."""

    number: int
    hammer: Hammer
    crack: float
    shares: dict[str, float] = field(default_factory=dict)


def assemble(crack: float) -> tuple[csr_matrix, np.ndarray]:
    """Return stiffness and mass of the clamped beam; ``crack`` is how much one element has lost."""
    length = LENGTH_M / ELEMENTS
    bending = STEEL_PA * WIDTH_M * HEIGHT_M**3 / 12 / length**3
    mass = STEEL_KG_M3 * WIDTH_M * HEIGHT_M * length / 420
    a, b = length, length**2
    element_k = np.array(
        [
            *([12, 6 * a, -12, 6 * a], [6 * a, 4 * b, -6 * a, 2 * b]),
            *([-12, -6 * a, 12, -6 * a], [6 * a, 2 * b, -6 * a, 4 * b]),
        ]
    )
    element_m = np.array(
        [
            *([156, 22 * a, 54, -13 * a], [22 * a, 4 * b, 13 * a, -3 * b]),
            *([54, 13 * a, 156, -22 * a], [-13 * a, -3 * b, -22 * a, 4 * b]),
        ]
    )
    size = 2 * (ELEMENTS + 1)
    stiffness, masses = lil_matrix((size, size)), np.zeros((size, size))
    for element in range(ELEMENTS):
        at = slice(2 * element, 2 * element + 4)
        left = 1.0 - crack if element == CRACKED else 1.0
        stiffness[at, at] += left * bending * element_k
        masses[at, at] += mass * element_m
    return csr_matrix(stiffness[2:, 2:]), masses[2:, 2:]


def find_modes(stiffness: csr_matrix, masses: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the lowest frequencies in Hz, and the shapes as columns."""
    squares, shapes = eigh(stiffness.toarray(), masses, subset_by_index=[0, MODES - 1])
    return np.sqrt(squares) / (2 * np.pi), shapes


def compare_shapes(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return how alike each two shapes are, 0 to 1 (the modal assurance criterion)."""
    products = (first.T @ second) ** 2
    return products / np.outer((first**2).sum(axis=0), (second**2).sum(axis=0))


def ring(frequencies_hz: np.ndarray, amplitudes: np.ndarray, noise: np.ndarray) -> Ringing:
    """Return the sum of the decaying modes."""
    t = np.arange(SAMPLES)[:, None] / SAMPLE_RATE_HZ
    omega = 2 * np.pi * frequencies_hz
    waves = amplitudes * np.exp(-DAMPING * omega * t) * np.sin(omega * t)
    return Ringing(waves.sum(axis=1) + noise)


def run(blows: int, pause_s: float) -> None:
    random = np.random.default_rng(5)
    sound_hz, sound_shapes = find_modes(*assemble(0.0))
    for number in itertools.count() if blows == 0 else range(blows):
        crack = 0.9 * (0.5 - 0.5 * np.cos(number / 40))
        stiffness, masses = assemble(crack)
        frequencies_hz, shapes = find_modes(stiffness, masses)
        likeness = compare_shapes(sound_shapes[::2], shapes[::2])
        hammer = Hammer(round(float(random.normal(120, 15)), 1), int(random.integers(6, ELEMENTS)))
        amplitudes = hammer.force_n * shapes[2 * hammer.node - 2] * shapes[-2]
        ringing = ring(frequencies_hz, amplitudes, random.normal(0.0, 2.0, SAMPLES))
        peak = float(np.abs(ringing.samples).max())
        shift = 100 * (frequencies_hz / sound_hz - 1)
        rows = zip(range(1, MODES + 1), frequencies_hz, shift, np.abs(amplitudes), strict=True)
        modes = np.array(list(rows), dtype=TABLE)
        energy = amplitudes**2 / (amplitudes**2).sum()
        shares = {f"mode {mode}": round(float(one), 3) for mode, one in enumerate(energy, 1)}
        blow = Blow(number, hammer, round(float(crack), 3), shares)
        first_hz = float(modes["frequency_hz"][0])
        if number % 20 == 0:
            print(f"blow {blow.number:4d}  crack {blow.crack:5.1%}  first mode {first_hz:6.3f} Hz")
        if number % 40 == 39:
            print(f"  up to {peak:.0f} m/s², likeness of the last shapes {likeness[-1, -1]:.3f}")
        time.sleep(pause_s)


def main() -> None:
    parser = argparse.ArgumentParser(description="Strike a beam while a crack grows.")
    parser.add_argument("--blows", type=int, default=0, help="how many blows; 0: for ever")
    parser.add_argument("--pause", type=float, default=0.03, help="seconds between blows")
    options = parser.parse_args()
    run(options.blows, options.pause)


if __name__ == "__main__":
    main()
