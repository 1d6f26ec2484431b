"""What is read of a history: its past, single captures, statistics, steps in time."""

import math
from itertools import pairwise

import numpy as np
import pytest

from pyprobe.session.history import History
from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.values import ArrayValue, ScalarValue, TextValue
from tests.session.columns import FIRST_NS, columns

STEP_NS = 1000


def filled(values: list[object]) -> History:
    """Return a history of values a microsecond apart."""
    history = History(epoch_ns=FIRST_NS)
    for column in columns(values, step_ns=STEP_NS):
        history.append(column)
    return history


def at(number: int) -> int:
    """Return the time of a capture."""
    return FIRST_NS + number * STEP_NS


MIXED: list[object] = [1.0, "one", np.arange(3.0), 2.0, "two", np.arange(4.0), 3.0]


def test_a_history_is_a_history_reader() -> None:
    reader: HistoryReader = filled([1.0])
    assert reader.count == 1


@pytest.mark.parametrize("time_ns", [at(number) for number in range(-1, 8)])
def test_the_past_is_what_there_was_then(time_ns: int) -> None:
    past = filled(MIXED).as_of(time_ns)
    then = filled(MIXED[: max((time_ns - FIRST_NS) // STEP_NS + 1, 0)])
    assert past.count == then.count
    assert past.kind is then.kind
    assert past.last_t_ns == then.last_t_ns
    assert (past.last and past.last.text) == (then.last and then.last.text)
    assert past.scalars().value.tolist() == then.scalars().value.tolist()
    assert [array.seq for array in past.arrays()] == [array.seq for array in then.arrays()]
    assert [text.value for text in past.texts()] == [text.value for text in then.texts()]
    assert past.span() == then.span()
    np.testing.assert_equal(past.last_array, then.last_array)
    np.testing.assert_array_equal(past.envelope(0, 10, 100), then.envelope(0, 10, 100))


def test_the_past_stays_while_the_history_grows() -> None:
    history = filled(MIXED)
    past = history.as_of(at(3))
    for column in columns([99.0, "new", np.zeros(9)], first_seq=10):
        history.append(column)
    assert past.count == 4
    assert past.scalars().value.tolist() == [1.0, 2.0]
    assert [text.value.content for text in past.texts()] == ["one"]
    assert past.as_of(at(100)).count == 4
    assert past.as_of(at(0)).count == 1


def test_each_instant_has_one_newest_capture() -> None:
    history = filled(MIXED)
    assert history.capture_at(at(-1)) is None
    kinds = [type(history.capture_at(at(number)).value) for number in range(7)]  # type: ignore[union-attr]
    scalar, text, array = ScalarValue, TextValue, ArrayValue
    assert kinds == [scalar, text, array, scalar, text, array, scalar]


def test_the_steps_from_capture_to_capture() -> None:
    history = filled(MIXED)
    times_ns = [at(number) for number in range(7)]
    for before_ns, after_ns in pairwise(times_ns):
        assert history.next_t_ns(before_ns) == after_ns
        assert history.previous_t_ns(after_ns) == before_ns
    assert history.next_t_ns(times_ns[-1]) is None
    assert history.previous_t_ns(times_ns[0]) is None
    assert history.next_t_ns(at(-10)) == at(0)


def test_markers_snap_to_the_nearest_scalar() -> None:
    history = filled([10.0, 20.0, 30.0])
    nearest = history.nearest(1.2)
    assert nearest is not None
    assert (nearest.number, nearest.seq, nearest.t_ns) == (1, 1, at(1))
    assert nearest.value.value == 20.0
    by_time = history.nearest(1.9e-6, axis="time")
    assert by_time is not None
    assert by_time.number == 2
    assert History().nearest(0.0) is None


def test_statistics_leave_gaps_out() -> None:
    history = filled([1.0, math.nan, 3.0, math.inf, 5.0])
    found = history.statistics(0, 2)
    assert (found.count, found.gaps) == (2, 1)
    assert (found.minimum, found.maximum, found.mean) == (1.0, 3.0, 2.0)
    assert (found.std, found.peak_to_peak) == (1.0, 2.0)
    assert found.rms == pytest.approx(math.sqrt(5))
    assert history.statistics(0, 4).count == 3
    assert history.statistics(1, 1).count == 0
    assert math.isnan(history.statistics(1, 1).mean)
    assert history.statistics(1.5e-6, 9.0, axis="time").minimum == 3.0


def test_how_many_scalars_there_were_at_a_time() -> None:
    history = filled(MIXED)
    assert [history.index_at(at(number)) for number in range(-1, 7)] == [0, 1, 1, 1, 2, 2, 2, 3]


def test_a_scalar_that_is_not_stored_is_an_index_error() -> None:
    with pytest.raises(IndexError, match="7"):
        filled([1.0]).scalar_at(7)
