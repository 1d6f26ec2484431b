"""A star tracker: synthetic frames, blur, threshold, labelled spots, centroids, a smoothed track.

A bright spot wanders over a noisy sensor with a gradient in the background and some hot pixels.
Worth probing: `frame`, `smooth`, `mask`, `spots` (images), `level`, `spot_area`, `self.error_px`.

    python image_pipeline.py [--frames N] [--pause SECONDS]
"""

import argparse
import itertools
import math
import time
from dataclasses import dataclass

import numpy as np

HEIGHT, WIDTH = 96, 128
SPOT_SIGMA_PX = 3.0


class Camera:
    """Renders the scene: background, the moving spot, hot pixels, read noise."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.rows, self.cols = np.mgrid[0:HEIGHT, 0:WIDTH]
        self.background = 20 + 12 * self.cols / WIDTH + 6 * self.rows / HEIGHT
        self.hot = self.random.random((HEIGHT, WIDTH)) < 0.001

    def position(self, index: int) -> tuple[float, float]:
        """Return where the spot really is, as (row, column): a Lissajous figure."""
        row = HEIGHT / 2 + 0.35 * HEIGHT * math.sin(0.031 * index)
        column = WIDTH / 2 + 0.35 * WIDTH * math.sin(0.047 * index + 0.6)
        return row, column

    def expose(self, index: int) -> np.ndarray:
        """Return one frame, uint8."""
        row, column = self.position(index)
        distance2 = (self.rows - row) ** 2 + (self.cols - column) ** 2
        scene = self.background + 150 * np.exp(-distance2 / (2 * SPOT_SIGMA_PX**2))
        scene = np.where(self.hot, 255.0, scene) + self.random.normal(0, 4, scene.shape)
        return np.clip(scene, 0, 255).astype(np.uint8)


def gaussian_kernel(sigma_px: float) -> np.ndarray:
    radius = math.ceil(3 * sigma_px)
    offsets = np.arange(-radius, radius + 1)
    kernel = np.exp(-(offsets**2) / (2 * sigma_px**2))
    return kernel / kernel.sum()


def blur(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Return the image smoothed along both axes, edges replicated."""
    radius = len(kernel) // 2
    padded = np.pad(image.astype(float), radius, mode="edge")
    along_rows = np.apply_along_axis(np.convolve, 1, padded, kernel, mode="valid")
    return np.apply_along_axis(np.convolve, 0, along_rows, kernel, mode="valid")


def otsu_level(image: np.ndarray) -> float:
    """Return the level that best parts the histogram into two classes (Otsu)."""
    counts, edges = np.histogram(image, bins=64)
    middles = (edges[:-1] + edges[1:]) / 2
    weight = np.cumsum(counts) / counts.sum()
    mean = np.cumsum(counts * middles) / counts.sum()
    between = (mean[-1] * weight - mean) ** 2 / np.maximum(weight * (1 - weight), 1e-12)
    return float(middles[int(np.argmax(between))])


def label_spots(mask: np.ndarray) -> np.ndarray:
    """Return an image of labels, 0 for background, by spreading the largest label of a spot."""
    labels = np.where(mask, np.arange(1, mask.size + 1).reshape(mask.shape), 0)
    while True:
        padded = np.pad(labels, 1)
        neighbours = (padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:])
        spread = np.where(mask, np.maximum.reduce([labels, *neighbours]), 0)
        if np.array_equal(spread, labels):
            return labels
        labels = spread


def centroid(image: np.ndarray, mask: np.ndarray) -> tuple[float, float]:
    """Return the brightness-weighted middle of the masked part, as (row, column)."""
    weights = np.where(mask, image, 0.0)
    rows, cols = np.indices(image.shape)
    total = weights.sum()
    return float((weights * rows).sum() / total), float((weights * cols).sum() / total)


@dataclass
class Track:
    """An alpha-beta filter over the centroids."""

    row: float
    column: float
    row_speed: float = 0.0
    column_speed: float = 0.0
    error_px: float = 0.0

    def update(self, row: float, column: float) -> None:
        row_ahead, column_ahead = self.row + self.row_speed, self.column + self.column_speed
        row_error, column_error = row - row_ahead, column - column_ahead
        self.row = row_ahead + 0.6 * row_error
        self.column = column_ahead + 0.6 * column_error
        self.row_speed += 0.2 * row_error
        self.column_speed += 0.2 * column_error
        self.error_px = math.hypot(row_error, column_error)


def run(frames: int, pause_s: float) -> None:
    camera, kernel = Camera(seed=3), gaussian_kernel(1.5)
    track = Track(*camera.position(0))
    for index in itertools.count() if frames == 0 else range(frames):
        frame = camera.expose(index)
        smooth = blur(frame, kernel)
        level = otsu_level(smooth)
        mask = smooth > level
        spots = label_spots(mask)
        areas = np.bincount(spots.ravel())
        areas[0] = 0
        spot_area = int(areas.max())
        row, column = centroid(smooth - level, spots == areas.argmax())
        track.update(row, column)
        if index % 50 == 0:
            true_row, true_column = camera.position(index)
            miss_px = math.hypot(track.row - true_row, track.column - true_column)
            print(f"frame {index:5d}  area {spot_area:4d} px  off by {miss_px:.2f} px")
        time.sleep(pause_s)


def main() -> None:
    parser = argparse.ArgumentParser(description="Track a spot in synthetic frames.")
    parser.add_argument("--frames", type=int, default=0, help="how many frames; 0: for ever")
    parser.add_argument("--pause", type=float, default=0.03, help="seconds between frames")
    options = parser.parse_args()
    run(options.frames, options.pause)


if __name__ == "__main__":
    main()
