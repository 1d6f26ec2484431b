"""The trace colours: contrast to their background, and distance from each other for all eyes."""

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from pyprobe.plots.palette import TRACE_COLORS, trace_color
from pyprobe.plots.theme import DARK_THEME, LIGHT_THEME, PlotTheme, plot_theme
from tests.plots.contrast import contrast_ratio

Matrix = NDArray[np.float64]

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
VISIONS = {
    "normal": np.eye(3),
    "protan": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deutan": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritan": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def linear_rgb(color: str) -> Matrix:
    channels = np.array([int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb: Matrix) -> Matrix:
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = to_xyz @ np.clip(rgb, 0, 1) / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("dark", [False, True])
def test_every_two_colours_differ_visibly(vision: str, dark: bool) -> None:
    seen = [
        lab(VISIONS[vision] @ linear_rgb(trace_color(index, dark=dark)))
        for index in range(len(TRACE_COLORS))
    ]
    smallest = min(float(np.linalg.norm(a - b)) for a, b in combinations(seen, 2))
    assert smallest >= 15.0  # 2.3 is just noticeable


@pytest.mark.parametrize("theme", [LIGHT_THEME, DARK_THEME])
def test_colours_stand_out_from_the_canvas(theme: PlotTheme) -> None:
    for index in range(len(TRACE_COLORS)):
        assert contrast_ratio(theme.trace_color(index), theme.canvas) >= 3.0
    for text in (theme.text, theme.muted, theme.warning, theme.error, theme.accent):
        assert contrast_ratio(text, theme.panel) >= 4.5


def test_there_are_eight_to_ten_colours_and_they_go_round() -> None:
    assert 8 <= len(TRACE_COLORS) <= 10
    assert trace_color(len(TRACE_COLORS), dark=False) == TRACE_COLORS[0].light
    assert trace_color(-1, dark=True) == TRACE_COLORS[-1].dark


def test_contrast_of_black_and_white_is_21() -> None:
    assert contrast_ratio("#000000", "#ffffff") == pytest.approx(21.0)
    assert plot_theme(dark=True) is DARK_THEME
    assert plot_theme(dark=False) is LIGHT_THEME
