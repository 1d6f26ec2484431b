"""Price an Asian option by Monte Carlo: running estimate, error bars, the histogram of payoffs.

Stock paths follow a geometric Brownian motion; antithetic pairs halve the variance. The estimate
settles like 1/√n, which the probes show well. Worth probing: `estimate`, `half_width`, `payoffs`,
`paths` (arrays), `histogram`, `self.mean`.

    python monte_carlo.py [--batches N] [--pause SECONDS]
"""

import argparse
import itertools
import math
import time

import numpy as np

SPOT, STRIKE, RATE, VOLATILITY, YEARS = 100.0, 105.0, 0.03, 0.25, 1.0
STEPS = 64
PAIRS = 250
BIN_EDGES = np.linspace(0.0, 80.0, 41)


class RunningMoments:
    """Mean and variance of a stream, batch by batch (Chan's update of Welford's method)."""

    def __init__(self) -> None:
        self.count = 0
        self.mean = 0.0
        self.sum_squares = 0.0

    def add(self, values: np.ndarray) -> None:
        count, mean = len(values), float(values.mean())
        total, delta = self.count + count, mean - self.mean
        self.sum_squares += float(((values - mean) ** 2).sum())
        self.sum_squares += delta**2 * self.count * count / total
        self.mean += delta * count / total
        self.count = total

    def standard_error(self) -> float:
        if self.count < 2:
            return math.inf
        return math.sqrt(self.sum_squares / (self.count - 1) / self.count)


def simulate_paths(random: np.random.Generator) -> np.ndarray:
    """Return prices, shape (2 * PAIRS, STEPS): each draw and its mirror image."""
    draws = random.standard_normal((PAIRS, STEPS))
    draws = np.concatenate([draws, -draws])
    step_years = YEARS / STEPS
    drift = (RATE - VOLATILITY**2 / 2) * step_years
    steps = drift + VOLATILITY * math.sqrt(step_years) * draws
    return SPOT * np.exp(np.cumsum(steps, axis=1))


def discounted_payoffs(paths: np.ndarray) -> np.ndarray:
    """Return one payoff for each antithetic pair."""
    payoffs = np.maximum(paths.mean(axis=1) - STRIKE, 0.0) * math.exp(-RATE * YEARS)
    return (payoffs[:PAIRS] + payoffs[PAIRS:]) / 2


def run(batches: int, pause_s: float) -> None:
    random = np.random.default_rng(2024)
    moments = RunningMoments()
    histogram = np.zeros(len(BIN_EDGES) - 1, dtype=np.int64)
    for batch in itertools.count() if batches == 0 else range(batches):
        paths = simulate_paths(random)
        payoffs = discounted_payoffs(paths)
        moments.add(payoffs)
        histogram += np.histogram(payoffs, bins=BIN_EDGES)[0]
        estimate = moments.mean
        half_width = 1.96 * moments.standard_error()
        low, high = estimate - half_width, estimate + half_width
        if batch % 100 == 0:
            print(f"{moments.count:8d} pairs   {estimate:.4f}   95 %: {low:.4f} … {high:.4f}")
        time.sleep(pause_s)


def main() -> None:
    parser = argparse.ArgumentParser(description="Price an Asian option.")
    parser.add_argument("--batches", type=int, default=0, help="how many batches; 0: for ever")
    parser.add_argument("--pause", type=float, default=0.01, help="seconds between batches")
    options = parser.parse_args()
    run(options.batches, options.pause)


if __name__ == "__main__":
    main()
