"""Histories: what is kept, what is let go and counted, and what is drawn of them."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyprobe.ipc.columns import ValueKind
from pyprobe.session.history import History
from pyprobe.session.history_limits import HistoryLimits
from pyprobe.session.history_store import HistoryStore
from pyprobe.session.values import ArrayValue, ScalarValue, TextValue
from tests.session.columns import FIRST_NS, columns, float_column


def filled(*batches: list[object]) -> History:
    history = History(epoch_ns=FIRST_NS)
    seq = 0
    for batch in batches:
        for column in columns(batch, first_seq=seq):
            history.append(column)
        seq += len(batch)
    return history


def bounded(limits: HistoryLimits) -> History:
    return History(epoch_ns=FIRST_NS, store=HistoryStore(limits))


def test_numbers_of_all_kinds_become_one_series() -> None:
    history = filled([1.5, 2, True], [3 + 4j, -1.0])
    series = history.scalars()
    assert series.seq.tolist() == [0, 1, 2, 3, 4]
    assert series.value.tolist() == [1.5, 2.0, 1.0, 3.0, -1.0]
    assert series.imag is not None
    assert series.imag.tolist() == [0.0, 0.0, 0.0, 4.0, 0.0]
    assert history.count == 5
    assert history.kind is ValueKind.FLOAT


def test_the_last_value_is_exact() -> None:
    history = filled([2**62 + 1])
    assert isinstance(history.last, ScalarValue)
    assert history.last.value == 2**62 + 1
    assert history.last.text == str(2**62 + 1)
    assert type(filled([True]).last.value) is bool  # type: ignore[union-attr]


def test_a_kind_that_changes_keeps_every_kind() -> None:
    history = filled([1.0, "two", np.arange(3.0)], [4.0])
    assert history.count == 4
    assert history.scalars().value.tolist() == [1.0, 4.0]
    assert [capture.value.text for capture in history.texts()] == ["two"]
    assert isinstance(history.arrays()[0].value, ArrayValue)
    assert history.arrays()[0].seq == 2
    assert isinstance(history.last, ScalarValue)


def test_views_stay_as_they_were_taken() -> None:
    history = filled([1.0, 2.0])
    before = history.scalars()
    for column in columns([float(value) for value in range(1000)], first_seq=2):
        history.append(column)
    assert before.value.tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="read-only"):
        before.value[0] = 5.0


def test_arrays_are_bounded_by_bytes_and_counted() -> None:
    history = bounded(HistoryLimits(max_array_bytes=10_000, max_disk_bytes=0))
    for position in range(10):
        for column in columns([np.full(500, position, "f8")], first_seq=position):
            history.append(column)
    assert [int(capture.value.array[0]) for capture in history.arrays()] == [8, 9]
    assert history.dropped_arrays == 8
    assert history.count == 10
    assert history.last_array is not None
    assert history.last_array[0] == 9.0


def test_the_newest_array_is_kept_however_large() -> None:
    history = bounded(HistoryLimits(max_array_bytes=10, max_disk_bytes=0))
    for column in columns([np.zeros(500)]):
        history.append(column)
    assert len(history.arrays()) == 1


def test_texts_are_bounded_and_counted() -> None:
    history = bounded(HistoryLimits(max_array_bytes=3_900_000, max_disk_bytes=0))
    for column in columns(["x" * 1_000_000] * 6):
        history.append(column)
    assert len(history.texts()) == 3
    assert history.dropped_texts == 3
    assert isinstance(history.last, TextValue)


def test_scalars_are_bounded_and_keep_their_numbers() -> None:
    history = bounded(HistoryLimits(max_scalars=4 << 20))
    block = 1 << 20
    for first in range(0, 5 * block, block):
        history.append(float_column(np.arange(first, first + block, dtype="f8"), first))
    series = history.scalars()
    assert len(series.value) <= 4 << 20
    assert series.first == history.dropped_scalars == block
    assert series.value[0] == block
    x, y = history.envelope(block, 5 * block, 500)
    assert x[0] >= block
    assert [np.nanmin(y), np.nanmax(y)] == [block, 5 * block - 1]
    assert history.span() == (block, 5 * block - 1)


def test_few_points_are_exact_and_gaps_are_nan() -> None:
    history = filled([1.0, math.nan, math.inf, 4.0])
    x, y = history.envelope(0, 3, 100)
    assert x.tolist() == [0, 1, 2, 3]
    np.testing.assert_array_equal(y, [1.0, np.nan, np.nan, 4.0])


def test_an_empty_history_draws_nothing() -> None:
    history = History()
    assert [len(part) for part in history.envelope(0, 10, 100)] == [0, 0]
    assert history.span() is None
    assert history.last is None


def test_the_imaginary_part_is_drawn_apart() -> None:
    history = filled([1 + 2j, 3 - 4j])
    assert history.envelope(0, 1, 10, part="re")[1].tolist() == [1.0, 3.0]
    assert history.envelope(0, 1, 10, part="im")[1].tolist() == [2.0, -4.0]


def test_time_is_in_seconds_since_the_epoch() -> None:
    history = filled([1.0, 2.0, 3.0])
    x, y = history.envelope(0.0, 1.0, 10, axis="time")
    np.testing.assert_allclose(x, [0.0, 1e-6, 2e-6])
    assert y.tolist() == [1.0, 2.0, 3.0]


VALUES = st.one_of(st.floats(-1e6, 1e6), st.just(math.nan), st.just(math.inf), st.just(-math.inf))


@settings(max_examples=150, deadline=None)
@given(
    values=st.lists(VALUES, min_size=1, max_size=3000),
    cuts=st.lists(st.integers(0, 3000), max_size=4),
    pixels=st.integers(1, 60),
    ends=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    axis=st.sampled_from(["index", "time"]),
)
def test_the_envelope_agrees_with_plain_numpy(
    values: list[float],
    cuts: list[int],
    pixels: int,
    ends: tuple[float, float],
    axis: str,
) -> None:
    history = History(epoch_ns=FIRST_NS)
    array = np.array(values)
    edges = sorted({0, len(values), *(min(cut, len(values)) for cut in cuts)})
    for start, stop in pairwise(edges):
        history.append(float_column(array[start:stop], start))
        history.envelope(0, stop, 10)  # draws while it grows, as a live window does
    scale = 1.0 if axis == "index" else 1e-6
    low, high = sorted(end * (len(values) - 1) * scale for end in ends)
    x, y = history.envelope(low, high, pixels, axis="time" if axis == "time" else "index")

    assert len(x) == len(y) <= 2 * pixels + 8
    assert bool(np.all(np.diff(x) >= 0))
    finite = np.where(np.isfinite(array), array, np.nan)
    first, last = math.floor(low / scale), math.ceil(high / scale)
    inside = finite[max(first + 1, 0) : last]
    if np.isfinite(inside).any():  # nothing that lies inside is missing
        assert np.nanmin(y) <= np.nanmin(inside)
        assert np.nanmax(y) >= np.nanmax(inside)
    drawn = y[~np.isnan(y)]
    assert np.isin(drawn, finite).all()  # and nothing is made up
    width = (last - first) / pixels + 2
    near = finite[max(int(first - 2 * width), 0) : int(last + 2 * width) + 1]
    if len(drawn):  # nor drawn from far outside
        assert np.nanmin(near) <= np.min(drawn)
        assert np.max(drawn) <= np.nanmax(near)


def test_columns_of_the_index_stay_put_while_the_trace_grows() -> None:
    history = History()
    values = np.sin(np.arange(40_000) / 50)
    history.append(float_column(values[:30_000]))
    before = history.envelope(0, 20_000, 100)
    history.append(float_column(values[30_000:], 30_000))
    after = history.envelope(0, 20_000, 100)
    np.testing.assert_array_equal(before, after)
    x, y = after
    width = int(x[2] - x[0])
    for column, start in enumerate(range(0, 20_000, width)):
        part = values[start : start + width]
        assert (y[2 * column], y[2 * column + 1]) == (part.min(), part.max())


def test_uneven_times_lose_no_slow_part() -> None:
    """A burst of many captures and then a few slow ones: each slow one is drawn."""
    history = History(epoch_ns=FIRST_NS)
    history.append(float_column(np.zeros(100_000)))
    for second in range(1, 11):
        slow = float_column(np.array([float(second)]), 100_000 + second)
        history.append(replace(slow, t_ns=np.array([FIRST_NS + second * 1_000_000_000])))
    _x, y = history.envelope(0.0, 10.0, 200, axis="time")
    assert set(range(1, 11)) <= set(y.tolist())
