"""Scalars in chunks: exact values of every kind, times and threads, drawn and measured."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import ValueKind
from pyprobe.session.history import History
from pyprobe.session.history_limits import HistoryLimits
from pyprobe.session.history_store import HistoryStore
from tests.session.columns import FIRST_NS, columns, float_column

CHUNK = 2048  # of a history that is bounded to few
SMALL = HistoryLimits(max_scalars=8 * CHUNK)


def small_history() -> History:
    """Return a history that keeps 16,384 scalars in chunks of 2048."""
    return History(epoch_ns=FIRST_NS, store=HistoryStore(SMALL))


def rough(count: int, seed: int, gaps: float = 0.01) -> NDArray[np.float64]:
    """Return random values with some NaN and infinities."""
    random = np.random.default_rng(seed)
    values: NDArray[np.float64] = np.cumsum(random.normal(0, 1, count))
    for gap in (np.nan, np.inf, -np.inf):
        values[random.random(count) < gaps / 3] = gap
    return values


def append_all(history: History, column: Column, cuts: list[int]) -> None:
    """Append a column in parts, and draw in between as a live window does."""
    edges = sorted({0, column.count, *(min(cut, column.count) for cut in cuts)})
    for start, stop in pairwise(edges):
        history.append(column.part(start, stop))
        history.envelope(0, stop, 10)


def finite(values: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = values[np.isfinite(values)]
    return found


CUTS = st.lists(st.integers(0, 10_000), max_size=6)


@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(1, 10_000),
    seed=st.integers(0, 1000),
    cuts=CUTS,
    ends=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    then=st.floats(0, 1),
    pixels=st.integers(1, 40),
)
@example(count=2 * CHUNK, seed=0, cuts=[], ends=(0.0, 1.0), then=1.0, pixels=1)
def test_columns_of_the_envelope_are_those_of_numpy_at_any_time(
    count: int,
    seed: int,
    cuts: list[int],
    ends: tuple[float, float],
    then: float,
    pixels: int,
) -> None:
    values = rough(count, seed)
    history = small_history()
    append_all(history, float_column(values), cuts)
    stop = int(then * count)
    past = history.as_of(FIRST_NS + stop * 1000 - 1)
    assert past.count == stop
    low, high = sorted(int(end * max(stop - 1, 0)) for end in ends)
    x, y = past.envelope(low, high, pixels)
    if high + 1 - low <= 2 * pixels:
        exact = values[low : min(high + 1, stop)]
        np.testing.assert_array_equal(x, np.arange(low, low + len(exact)))
        np.testing.assert_array_equal(y, np.where(np.isfinite(exact), exact, np.nan))
        return
    width = max(int(x[2] - x[0]) if len(x) > 4 else 0, 1)
    for column, start in enumerate(range(low // width * width, high + 1, width)):
        if width == 1 or column == len(x) // 2 - 1:
            break
        inside = finite(values[start : min(start + width, stop)])
        drawn = y[2 * column : 2 * column + 2]
        if len(inside):
            assert drawn.tolist() == [np.min(inside), np.max(inside)]
        else:
            assert np.isnan(drawn).all()


@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(1, 10_000),
    seed=st.integers(0, 1000),
    ends=st.tuples(st.integers(-5, 10_005), st.integers(-5, 10_005)),
    axis=st.sampled_from(["index", "time"]),
    scale=st.sampled_from([1.0, 1e-305, 1e-200, 1e150, 1e200, 1e304]),
)
def test_statistics_are_those_of_numpy(
    count: int, seed: int, ends: tuple[int, int], axis: str, scale: float
) -> None:
    values = rough(count, seed) * scale
    history = small_history()
    history.append(float_column(values))
    low, high = sorted(ends)
    by_time = axis == "time"
    factor = 1e-6 if by_time else 1.0
    found = history.statistics(low * factor, high * factor, axis="time" if by_time else "index")
    inside = values[max(low, 0) : max(high + 1, 0)]
    expected = finite(inside)
    assert (found.count, found.gaps) == (len(expected), len(inside) - len(expected))
    if len(expected):
        assert (found.minimum, found.maximum) == (np.min(expected), np.max(expected))
        size = np.abs(expected).max()
        unit = expected / size if size else expected
        assert found.mean == pytest.approx(unit.mean() * size, abs=1e-12 * size)
        assert found.std == pytest.approx(unit.std() * size, abs=1e-9 * size)
        assert found.rms == pytest.approx(math.sqrt(np.mean(unit**2)) * size, abs=1e-9 * size)


def test_the_mean_of_the_largest_numbers_is_finite() -> None:
    history = small_history()
    history.append(float_column(np.full(5000, 1.5e308)))
    assert history.statistics(0, 4999).mean == pytest.approx(1.5e308)


def test_statistics_reach_to_the_ends_of_the_floats() -> None:
    history = small_history()
    values = np.full(6000, 1.7e308)
    values[::3] = -1.7e308
    history.append(float_column(values))
    found = history.statistics(0, 5999)
    assert found.mean == pytest.approx(1.7e308 / 3)
    assert found.std == pytest.approx(1.7e308 * math.sqrt(8 / 9))
    assert found.rms == pytest.approx(1.7e308)


NUMBERS = st.one_of(
    st.integers(-(1 << 63), (1 << 63) - 1),
    st.floats(allow_nan=False),
    st.booleans(),
    st.complex_numbers(allow_nan=False),
)


@settings(max_examples=60, deadline=None)
@given(values=st.lists(NUMBERS, min_size=1, max_size=60), repeats=st.sampled_from([1, 100]))
def test_every_number_stays_exact_however_kinds_mix(values: list[complex], repeats: int) -> None:
    history = small_history()
    values = values * repeats
    for column in columns(values):
        history.append(column)
    for number in {0, len(values) // 2, len(values) - 1}:
        stored = history.scalar_at(number).value.value
        assert (type(stored), stored) == (type(values[number]), values[number])
    series = history.scalars()
    assert series.value.tolist() == [complex(value).real for value in values]
    if any(isinstance(value, complex) for value in values):
        assert series.imag is not None
        assert series.imag.tolist() == [complex(value).imag for value in values]
    else:
        assert series.imag is None
    assert history.last == history.scalar_at(len(values) - 1).value


@settings(max_examples=60, deadline=None)
@given(
    steps=st.lists(
        st.sampled_from([0, 1, 50, 10_000_000, 3_000_000_000, 1 << 45]), min_size=1, max_size=2500
    ),
    swaps=st.lists(st.integers(0, 2498), max_size=4),
    wanted=st.floats(-0.1, 1.1),
)
def test_times_stay_exact_and_the_past_is_found(
    steps: list[int], swaps: list[int], wanted: float
) -> None:
    """Also where threads note their captures in another order than their times."""
    times_ns = FIRST_NS + np.cumsum(np.array(steps, np.int64))
    for swap in swaps:
        if swap + 1 < len(times_ns):
            times_ns[[swap, swap + 1]] = times_ns[[swap + 1, swap]]
    count = len(times_ns)
    seq = np.arange(count) * 1000
    thread = np.arange(count, dtype=np.uint64) // 700 % 3 + np.uint64(1 << 63)
    history = small_history()
    values = np.zeros(count)
    column = Column(1, ValueKind.FLOAT, "float", seq, times_ns, thread, values)
    append_all(history, column, [count // 3])
    series = history.scalars()
    assert series.t_ns.tolist() == times_ns.tolist()
    assert series.seq.tolist() == seq.tolist()
    assert series.thread.tolist() == thread.tolist()
    t_ns = FIRST_NS + int(wanted * (int(times_ns[-1]) - FIRST_NS))
    later = np.flatnonzero(times_ns > t_ns)
    assert history.index_at(t_ns) == (later[0] if len(later) else count)


def test_the_oldest_chunks_go_and_numbers_stay() -> None:
    history = small_history()
    values = np.arange(20 * CHUNK, dtype="f8")
    append_all(history, float_column(values), [CHUNK * step for step in range(20)])
    assert history.count == 20 * CHUNK
    assert history.dropped_scalars == 12 * CHUNK
    assert history.scalars().value.tolist() == values[12 * CHUNK :].tolist()
    assert history.statistics(0, 1e9).minimum == 12 * CHUNK
    assert history.span() == (12 * CHUNK, 20 * CHUNK - 1)
    early = history.as_of(FIRST_NS)
    assert (early.span(), early.last, len(early.scalars())) == (None, None, 0)


def test_pieces_of_a_series_are_the_series() -> None:
    history = small_history()
    values = rough(5 * CHUNK + 7, 3)
    history.append(float_column(values))
    series = history.scalars(100, 4 * CHUNK)
    pieces = list(series.pieces())
    assert [piece.first for piece in pieces] == [100, CHUNK, 2 * CHUNK, 3 * CHUNK]
    joined = np.concatenate([piece.value for piece in pieces])
    np.testing.assert_array_equal(joined, series.value)


def test_memory_of_all_histories_is_bounded_and_the_oldest_goes() -> None:
    store = HistoryStore(HistoryLimits(max_scalars=8 * CHUNK, max_scalar_bytes=10 * 20 * CHUNK))
    early, late = (History(epoch_ns=FIRST_NS, store=store) for _ in range(2))
    early.append(float_column(np.zeros(8 * CHUNK)))
    late.append(float_column(np.zeros(8 * CHUNK), 8 * CHUNK))
    assert store.usage.scalar_bytes <= 10 * 20 * CHUNK
    assert early.dropped_scalars > 0
    assert late.dropped_scalars == 0
    store.limits = HistoryLimits(max_scalar_bytes=0)
    assert len(early.scalars()) == len(late.scalars()) == CHUNK  # the newest chunk stays


def test_a_float_takes_less_than_twenty_bytes() -> None:
    history = History()
    history.append(float_column(np.zeros(1 << 18)))
    assert history.nbytes < 20 << 18
