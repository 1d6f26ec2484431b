"""TimeCursor: one moment for all traces, stopped, moved and stepped while captures go on coming."""

import pytest

from pyprobe.session.probe import Probe, ProbeStatus
from pyprobe.session.time_cursor import TimeCursor, TimeRange
from tests.plots.samples import make_probe
from tests.session.columns import FIRST_NS, columns


def make_probes(count: int) -> list[Probe]:
    probes = [make_probe(f"x{number}", number + 1) for number in range(count)]
    for number, probe in enumerate(probes):
        probe.id = number + 1
    return probes


def capture(probe: Probe, values: list[object], first: int, *, step_ns: int = 1000) -> None:
    """Take values at ``first``, ``first + 1`` … steps after the beginning."""
    for column in columns(values, first_seq=first, step_ns=step_ns):
        probe.history.append(column)


def at(step: int) -> int:
    return FIRST_NS + step * 1000


def test_it_is_live_and_has_no_range_before_the_first_capture() -> None:
    cursor = TimeCursor(lambda: make_probes(1))
    assert cursor.is_live
    assert cursor.t_ns is None
    assert cursor.range is None
    assert not cursor.stop()
    assert not cursor.step(-1)
    assert not cursor.move_to(at(0))
    assert cursor.counts() == (0, 0)
    assert cursor.is_live


def test_the_range_goes_from_the_first_capture_of_any_trace_to_the_last() -> None:
    a, b = make_probes(2)
    capture(a, [1.0, 2.0], 3)
    capture(b, ["p", "q"], 10)
    cursor = TimeCursor(lambda: (a, b))
    assert cursor.range == TimeRange(at(3), at(11))
    assert cursor.range.span_ns == 8000


def test_stopped_it_shows_what_was_true_while_captures_go_on() -> None:
    (a,) = make_probes(1)
    capture(a, [1.0, 2.0, 3.0], 0)
    cursor = TimeCursor(lambda: (a,))
    assert cursor.stop()
    capture(a, [4.0, 5.0], 3)
    assert cursor.t_ns == at(2)
    assert cursor.counts() == (3, 5)
    last = cursor.reader(a).last
    assert last is not None
    assert last.text == "3"
    cursor.go_live()
    assert cursor.counts() == (5, 5)
    assert cursor.reader(a) is a.history


def test_a_view_stays_the_same_until_it_would_hold_something_else() -> None:
    (a,) = make_probes(1)
    capture(a, [1.0, 2.0], 0)
    cursor = TimeCursor(lambda: (a,))
    cursor.move_to(at(1))
    view = cursor.reader(a)
    capture(a, [2.5], 1)  # of the same moment, from another thread
    assert cursor.reader(a) is not view
    view = cursor.reader(a)
    capture(a, [3.0], 2)
    assert cursor.reader(a) is view
    assert view.count == 3


def test_it_stays_within_the_range() -> None:
    (a,) = make_probes(1)
    capture(a, [1.0, 2.0], 5)
    cursor = TimeCursor(lambda: (a,))
    cursor.move_to(at(0))
    assert cursor.t_ns == at(5)
    cursor.move_to(at(100))
    assert cursor.t_ns == at(6)


def test_steps_go_from_capture_to_capture_over_all_traces() -> None:
    a, b = make_probes(2)
    capture(a, [1.0, 2.0], 0, step_ns=10_000)  # at 0 and 10 steps
    capture(b, ["p", "q"], 4)
    cursor = TimeCursor(lambda: (a, b))
    assert cursor.step(-1)
    assert cursor.t_ns == at(5)
    assert cursor.step(-1)
    assert cursor.t_ns == at(4)
    assert cursor.step(-1)
    assert cursor.t_ns == at(0)
    assert not cursor.step(-1)
    assert cursor.t_ns == at(0)
    assert cursor.step(1)
    assert cursor.t_ns == at(4)
    cursor.move_to(at(7))
    assert cursor.step(1)
    assert cursor.t_ns == at(10)
    assert not cursor.step(1)


def test_listeners_hear_each_change_once() -> None:
    (a,) = make_probes(1)
    capture(a, [1.0, 2.0], 0)
    cursor = TimeCursor(lambda: (a,))
    heard: list[int | None] = []
    cursor.add_listener(heard.append)
    cursor.move_to(at(0))
    cursor.move_to(at(0))
    cursor.go_live()
    cursor.go_live()
    assert heard == [at(0), None]


@pytest.mark.parametrize(
    ("step", "status"),
    [(0, ProbeStatus.ARMED), (1, ProbeStatus.LIVE), (3_000_000, ProbeStatus.STALE)],
)
def test_a_trace_fares_as_it_did_then(step: int, status: ProbeStatus) -> None:
    a, b = make_probes(2)
    capture(a, [1.0], 1)
    capture(b, [1.0], 0)
    capture(b, [2.0], 3_000_001)
    a.status = ProbeStatus.FINISHED
    cursor = TimeCursor(lambda: (a, b))
    assert cursor.status(a) is ProbeStatus.FINISHED
    cursor.move_to(at(step))
    assert cursor.status(a) is status
    a.status = ProbeStatus.INVALID
    assert cursor.status(a) is ProbeStatus.INVALID
