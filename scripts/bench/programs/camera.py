"""Computes images of 1920 × 1080 uint8, one after the other; prints the seconds an image takes.

python camera.py IMAGES
"""

import sys
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

HEIGHT, WIDTH = 1080, 1920
rows = np.arange(HEIGHT, dtype=np.float32)[:, None]
columns = np.arange(WIDTH, dtype=np.float32)[None, :]
scene = 127.0 + 60.0 * np.sin(rows / 40.0) + 60.0 * np.cos(columns / 60.0)
scene = scene.astype(np.float32)


def expose(number: int) -> NDArray[np.uint8]:
    """Return what the camera sees: a scene that moves, with a light that goes to and fro."""
    moved = np.roll(scene, number * 7 % WIDTH, axis=1)
    light = 0.75 + 0.25 * np.sin(number / 20.0)
    image: NDArray[np.uint8] = np.clip(moved * light, 0.0, 255.0).astype(np.uint8)
    return image


def run(images: int) -> None:
    for number in range(images):
        frame = expose(number)
    del frame


count = int(sys.argv[1])
run(max(1, count // 20))
start = perf_counter()
run(count)
print("seconds", (perf_counter() - start) / count)
