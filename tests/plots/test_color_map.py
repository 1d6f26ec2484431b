"""Colour maps: even in lightness, and the diverging one alike on both sides of zero."""

import numpy as np
import pytest

from pyprobe.plots.color_map import LEVELS, ColorMap, color_table


def lightness(color_map: ColorMap) -> np.ndarray:
    """Return CIE lightness L* of each colour, 0 to 100."""
    table = color_table("#808080", color_map)[:LEVELS]
    channels = np.stack([(table >> shift) & 255 for shift in (16, 8, 0)], axis=1) / 255.0
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    luminance = linear @ [0.2126, 0.7152, 0.0722]
    return np.where(luminance > 0.008856, 116 * np.cbrt(luminance) - 16, 903.3 * luminance)


@pytest.mark.parametrize("color_map", [one for one in ColorMap if not one.is_symmetric])
def test_lightness_only_grows_and_without_jumps(color_map: ColorMap) -> None:
    steps = np.diff(lightness(color_map))
    assert steps.min() > -0.5
    assert steps.max() < 1.5
    assert lightness(color_map)[-1] - lightness(color_map)[0] > 60


def test_the_diverging_map_is_lightest_at_zero_and_falls_alike_to_both_sides() -> None:
    values = lightness(ColorMap.DIVERGING)
    assert abs(int(np.argmax(values)) - 128) <= 1
    assert values[:128] == pytest.approx(values[:127:-1], abs=4.0)
    assert values[0] < 30


def test_the_ends_of_the_maps() -> None:
    ends = {
        color_map: tuple(
            f"{color & 0xFFFFFF:06x}" for color in color_table("#123456", color_map)[[0, 255, 256]]
        )
        for color_map in ColorMap
    }
    assert ends[ColorMap.VIRIDIS] == ("440154", "fde725", "123456")
    assert ends[ColorMap.CIVIDIS][:2] == ("00204d", "ffea46")
    assert ends[ColorMap.MAGMA][:2] == ("000004", "fcfdbf")
    assert ends[ColorMap.GREY][:2] == ("000000", "ffffff")
    grey = color_table("#123456", ColorMap.GREY)
    assert [int(color) & 255 for color in grey[:LEVELS]] == list(range(256))
