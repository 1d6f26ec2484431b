"""Min/max for each pixel column: equal to what a plain loop finds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyprobe.plots.decimate import min_max
from pyprobe.plots.finite import finite_bounds, finite_or_nan


def test_few_samples_come_as_they_are() -> None:
    values = np.array([3.0, np.nan, np.inf, -1.0])
    x, y, step = min_max(values, 0, 3, 100)
    assert step == 1
    assert x.tolist() == [0, 1, 2, 3]
    np.testing.assert_array_equal(y, [3.0, np.nan, np.nan, -1.0])


@given(
    st.integers(1, 5000),
    st.floats(-10, 5010),
    st.floats(0, 5000),
    st.integers(1, 300),
    st.integers(0, 2**31),
)
def test_blocks_hold_every_extreme(
    count: int, start: float, length: float, pixels: int, seed: int
) -> None:
    random = np.random.default_rng(seed)
    values = random.normal(size=count)
    values[random.random(count) < 0.1] = np.nan
    values[random.random(count) < 0.05] = np.inf
    x, y, step = min_max(values, start, start + length, pixels)
    assert len(x) == len(y) <= 2 * pixels + 4
    assert (np.diff(x) >= 0).all()
    if step == 1:
        return
    for left in range(0, len(x), 2):
        block = int(x[left] // step) if left + 2 < len(x) else None
        if block is None:
            continue
        samples = finite_or_nan(values[block * step : (block + 1) * step])
        if np.isnan(samples).all():
            assert np.isnan(y[left : left + 2]).all()
        else:
            assert y[left] == np.nanmin(samples)
            assert y[left + 1] == np.nanmax(samples)


def test_a_single_spike_is_never_lost() -> None:
    values = np.zeros(1_000_000)
    values[777_777] = 5.0
    x, y, step = min_max(values, 0, 1_000_000, 400)
    assert np.nanmax(y) == 5.0
    assert abs(x[int(np.argmax(y))] - 777_777) <= step


def test_blocks_stand_still_while_the_view_moves() -> None:
    values = np.random.default_rng(0).normal(size=100_000)
    before, _, _ = min_max(values, 10_000, 60_000, 100)
    after, _, _ = min_max(values, 10_400, 60_400, 100)
    inner = set(before[4:-4]) & set(after)
    assert len(inner) >= len(set(before[4:-4])) - 4


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "i1", "u8", "i8", "?", "f16"])
def test_every_real_dtype(dtype: str) -> None:
    values = (np.arange(10_000) % 100).astype(dtype)
    _, y, step = min_max(values, 0, 10_000, 50)
    assert step > 1
    assert np.nanmax(y) == (1.0 if dtype == "?" else 99.0)
    assert np.nanmin(y) == 0.0


def test_nothing_in_view() -> None:
    x, _y, _step = min_max(np.arange(10.0), 50, 60, 100)
    assert len(x) == 0
    x, _y, _step = min_max(np.empty(0), 0, 1, 100)
    assert len(x) == 0


@pytest.mark.parametrize(
    ("values", "bounds"),
    [
        ([], None),
        ([np.nan, np.inf, -np.inf], None),
        ([np.nan, 2.0, np.inf, -3.0], (-3.0, 2.0)),
        ([1e308, -1e308], (-1e308, 1e308)),
        ([True, False], (0.0, 1.0)),
    ],
)
def test_bounds_pass_over_what_is_not_finite(
    values: list[float], bounds: tuple[float, float] | None
) -> None:
    assert finite_bounds(np.array(values)) == bounds
