"""Steady heat in a plate by conjugate gradients, then a Newton step for radiation; it converges.

The plate is held hot on one edge and cold on the others, with a heat source in the middle, and
loses heat by radiation, which makes the problem non-linear: Newton outside, conjugate gradients
inside. Worth probing: `residual` (watch it fall), `step`, `u` (an image), `newton_residual`.

    python heat_solver.py [--size N] [--pause SECONDS]
"""

import argparse
import time

import numpy as np

RADIATION = 0.002
TOLERANCE = 1e-8


def laplacian(u: np.ndarray) -> np.ndarray:
    """Return minus the five-point Laplacian of the interior points, zero outside."""
    padded = np.pad(u, 1)
    around = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:]
    return 4.0 * u - around


def conjugate_gradients(
    diagonal: np.ndarray, right: np.ndarray, tolerance: float, pause_s: float
) -> tuple[np.ndarray, int]:
    """Solve (laplacian + diagonal) x = right; return x and how many iterations it took."""
    x = np.zeros_like(right)
    rest = right.copy()
    direction = rest.copy()
    energy = float((rest * rest).sum())
    for iteration in range(1, 10 * right.size):
        image = laplacian(direction) + diagonal * direction
        step = energy / float((direction * image).sum())
        x += step * direction
        rest -= step * image
        new_energy = float((rest * rest).sum())
        residual = new_energy**0.5
        if residual < tolerance:
            return x, iteration
        direction = rest + new_energy / energy * direction
        energy = new_energy
        time.sleep(pause_s)
    raise ArithmeticError("conjugate gradients did not converge")


def heat_load(size: int) -> np.ndarray:
    """Return the source: a hot left edge, and a warm disc off the middle."""
    load = np.zeros((size, size))
    load[:, 0] += 1.0
    rows, cols = np.indices(load.shape)
    disc = (rows - 0.6 * size) ** 2 + (cols - 0.65 * size) ** 2 < (0.12 * size) ** 2
    load[disc] += 0.05
    return load


def solve(size: int, pause_s: float) -> np.ndarray:
    """Return the temperature of the plate, shape (size, size)."""
    load = heat_load(size)
    u = np.zeros_like(load)
    for iteration in range(1, 30):
        defect = load - laplacian(u) - RADIATION * u**4
        newton_residual = float(np.abs(defect).max())
        print(f"Newton {iteration:2d}   residual {newton_residual:.3e}   peak {u.max():.4f}")
        if newton_residual < TOLERANCE:
            return u
        correction, inner = conjugate_gradients(
            diagonal=4 * RADIATION * u**3,
            right=defect,
            tolerance=0.01 * newton_residual,
            pause_s=pause_s,
        )
        u = u + correction
        print(f"           {inner} inner iterations")
    raise ArithmeticError("Newton's method did not converge")


def main() -> None:
    parser = argparse.ArgumentParser(description="Solve for the heat in a plate.")
    parser.add_argument("--size", type=int, default=64, help="points along an edge")
    parser.add_argument("--pause", type=float, default=0.01, help="seconds between iterations")
    options = parser.parse_args()
    temperature = solve(options.size, options.pause)
    print(f"converged: mean temperature {temperature.mean():.6f}")


if __name__ == "__main__":
    main()
