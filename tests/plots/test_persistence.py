"""Persistence: what is drawn of the captures before the newest, by the numbers."""

import numpy as np
import pytest

from pyprobe.plots.persistence import Persistence, layers

OLDEST = np.array([0.0, 4.0])
MIDDLE = np.array([2.0, 2.0])
NEWEST = np.array([4.0, np.nan])


def test_nothing_captured_gives_nothing() -> None:
    for mode in Persistence:
        assert layers([], mode) == []


@pytest.mark.parametrize("mode", Persistence)
def test_a_single_capture_is_drawn_as_it_is(mode: Persistence) -> None:
    (layer,) = layers([NEWEST], mode)
    np.testing.assert_array_equal(layer.y, NEWEST)
    assert (layer.opacity, layer.floor) == (1.0, None)


def test_fading_keeps_all_and_the_older_the_fainter() -> None:
    drawn = layers([OLDEST, MIDDLE, NEWEST], Persistence.FADING)
    for layer, y in zip(drawn, (NEWEST, MIDDLE, OLDEST), strict=True):
        np.testing.assert_array_equal(layer.y, y)
    assert drawn[0].opacity == 1.0
    assert 1.0 > drawn[1].opacity > drawn[2].opacity > 0.0


def test_the_mean_passes_over_what_is_missing() -> None:
    (layer,) = layers([OLDEST, MIDDLE, NEWEST], Persistence.MEAN)
    assert layer.y.tolist() == [2.0, 3.0]


def test_the_envelope_stands_around_the_newest() -> None:
    newest, band = layers([OLDEST, MIDDLE, NEWEST], Persistence.ENVELOPE)
    np.testing.assert_array_equal(newest.y, NEWEST)
    assert band.floor is not None
    assert (band.floor.tolist(), band.y.tolist()) == ([0.0, 2.0], [4.0, 4.0])


def test_captures_of_another_length_are_no_part_of_mean_and_envelope() -> None:
    (layer,) = layers([np.ones(7), OLDEST, MIDDLE], Persistence.MEAN)
    assert layer.y.tolist() == [1.0, 3.0]


def test_infinities_count_as_missing_and_a_place_without_any_number_stays_missing() -> None:
    (layer,) = layers([np.array([np.inf, np.nan]), np.array([1.0, np.nan])], Persistence.MEAN)
    assert layer.y[0] == 1.0
    assert np.isnan(layer.y[1])
