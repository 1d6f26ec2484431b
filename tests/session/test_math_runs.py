"""Math traces over runs: each a generation of its sources', met by the run, not by the place."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from pyprobe.analysis.occurrence import Occurrence, Span
from pyprobe.session.math_trace import MathTrace
from pyprobe.session.probe import Probe
from pyprobe.session.trace import ProbeStatus
from tests.session.math_bench import MS, Bench, array, numbers

SECOND, THIRD, FOURTH = 1_000 * MS, 2_000 * MS, 3_000 * MS


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.board.close()


def at_line(of: Probe, line: int) -> Occurrence:
    return replace(of.occurrence, line=line, statement=Span(line, 0, line, 1))


def series_of_runs(trace: MathTrace) -> list[tuple[int, list[float]]]:
    return [(one.epoch_ns, one.scalars().value.tolist()) for one in (*trace.earlier, trace.history)]


def test_each_run_is_a_generation(bench: Bench) -> None:
    source = bench.probe([])
    numbers(source, [(0, 1.0), (1, 2.0)])
    trace = bench.add("tr0 * 10")
    bench.begin_run(SECOND)
    assert trace.status is ProbeStatus.ARMED
    assert series_of_runs(trace) == [(0, [10.0, 20.0]), (SECOND, [])]
    numbers(source, [(2, 3.0)])
    bench.tell()
    bench.begin_run(THIRD)
    numbers(source, [(3, 4.0)])
    bench.tell()
    assert series_of_runs(trace) == [(0, [10, 20]), (SECOND, [30]), (THIRD, [40])]


def test_one_that_is_added_or_changed_later_has_the_runs_of_its_sources(bench: Bench) -> None:
    source = bench.probe([])
    numbers(source, [(0, 1.0)])
    bench.begin_run(SECOND)
    numbers(source, [(1, 2.0)])
    trace = bench.add("tr0 * 10")
    assert series_of_runs(trace) == [(0, [10]), (SECOND, [20])]
    bench.board.set_expression(trace, "tr0 - 1")
    bench.settle()
    assert series_of_runs(trace) == [(0, [0]), (SECOND, [1])]
    over_it = bench.add("tr1 + tr0")
    assert series_of_runs(over_it) == [(0, [1]), (SECOND, [3])]


def test_sources_meet_by_run(bench: Bench) -> None:
    first = bench.probe([])
    numbers(first, [(0, 1.0)])
    bench.begin_run(SECOND)
    late = bench.probe([])  # added while the second run went on
    late.history.epoch_ns = SECOND
    numbers(first, [(2, 2.0)])
    numbers(late, [(3, 20.0)])
    bench.begin_run(THIRD)
    numbers(first, [(4, 3.0)])  # the other captures nothing in the third
    bench.begin_run(FOURTH)
    numbers(first, [(6, 4.0)])
    numbers(late, [(7, 40.0)])
    trace = bench.add("tr0 + tr1")
    assert series_of_runs(trace) == [(SECOND, [22]), (FOURTH, [44])]


def test_runs_that_are_forgotten_are_gone(bench: Bench) -> None:
    source = bench.probe([])
    numbers(source, [(0, 1.0)])
    trace = bench.add("tr0 * 10")
    bench.begin_run(SECOND)
    assert [one.epoch_ns for one in trace.earlier] == [0]
    source.earlier.clear()
    bench.board.update({source.id})
    assert trace.id in bench.board.collect()
    assert list(trace.earlier) == []


def test_of_arrays_a_run_shows_the_capture_of_the_same_number(bench: Bench) -> None:
    source = bench.probe([])
    for number in range(3):
        array(source, number, np.full(2, 10.0 + number))
    trace = bench.add("tr0 * 2")
    bench.begin_run(SECOND)

    def earlier() -> list[float]:
        (run,) = trace.earlier
        assert run.last_array is not None
        assert run.epoch_ns == 0
        return [float(value) for value in run.last_array]

    array(source, 3, np.full(2, 5.0))
    bench.tell()
    assert earlier() == [20.0, 20.0]
    for number in (4, 5, 6):
        array(source, number, np.full(2, 5.0))
    bench.tell()
    assert earlier() == [24.0, 24.0]  # it had no fourth
    bench.go_to(trace, SECOND + 4 * MS)
    assert earlier() == [22.0, 22.0]
    bench.board.show_at(None)
    bench.settle()
    assert earlier() == [24.0, 24.0]


def test_numbers_that_came_one_by_one_stay_as_they_came(bench: Bench) -> None:
    source = bench.probe([])
    array(source, 0, np.arange(3.0))
    trace = bench.add("max(tr0)")
    array(source, 1, np.arange(9.0))
    bench.tell()
    bench.begin_run(SECOND)
    array(source, 2, np.arange(5.0))
    bench.tell()
    assert series_of_runs(trace) == [(0, [2, 8]), (SECOND, [4])]


def test_a_run_that_fails_is_left_out(bench: Bench) -> None:
    left, right = bench.probe([]), bench.probe([])
    for size, epoch_ns in ((3, SECOND), (4, THIRD)):
        array(left, 0, np.ones(size))
        array(right, 1, np.ones(4))
        bench.begin_run(epoch_ns)
    trace = bench.add("tr0 + tr1")
    assert [one.epoch_ns for one in trace.earlier] == [SECOND]


def test_a_probe_that_is_added_while_a_loop_runs_goes_with_it_round_by_round(bench: Bench) -> None:
    first, second = bench.probe([]), bench.probe([])
    first.occurrence, second.occurrence = at_line(first, 3), at_line(second, 4)
    numbers(first, [(seq, seq / 2.0) for seq in (0, 2, 4, 6, 8)])
    numbers(second, [(seq, (seq - 1) / 2.0) for seq in (5, 7, 9)])
    ahead, behind = bench.add("tr0 - tr1"), bench.add("tr1 - tr0")
    np.testing.assert_array_equal(ahead.history.scalars().value, [np.nan, np.nan, 0, 0, 0])
    assert behind.history.scalars().value.tolist() == [0, 0, 0]
    first.occurrence = at_line(first, 5)  # now what was added comes first in the round
    bench.tell()
    np.testing.assert_array_equal(ahead.history.scalars().value, [np.nan] * 3 + [1, 1])
    assert behind.history.scalars().value.tolist() == [-1, -1]


def test_one_round_late_is_told_from_the_middle_of_a_round(bench: Bench) -> None:
    first, second = bench.probe([]), bench.probe([])
    first.occurrence, second.occurrence = at_line(first, 4), at_line(second, 3)
    numbers(first, [(seq, seq / 2.0) for seq in (0, 2, 4)])
    numbers(second, [(seq, (seq + 1) / 2.0) for seq in (1, 3)])
    trace = bench.add("tr0 - tr1")
    np.testing.assert_array_equal(trace.history.scalars().value, [np.nan, 0, 0])


def test_of_arrays_one_that_had_fewer_then_or_now_is_as_it_was_beside_the_other(
    bench: Bench,
) -> None:
    first, late = bench.probe([]), bench.probe([])

    def run(epoch_ns: int, late_from: int, rounds: int) -> None:
        for number in range(rounds):
            array(first, 2 * number, np.full(2, 10.0 * number))
            if number >= late_from:
                array(late, 2 * number + 1, np.full(2, 1.0 * number))
        bench.begin_run(epoch_ns)

    run(SECOND, late_from=0, rounds=6)
    run(THIRD, late_from=4, rounds=6)
    for number in range(4):
        array(first, 2 * number, np.full(2, -10.0 * number))
    array(late, 7, np.full(2, -3.0))
    trace = bench.add("tr0 + tr1")
    assert trace.history.last_array is not None
    assert trace.history.last_array.tolist() == [-33.0, -33.0]
    arrays = [(one.epoch_ns, one.last_array) for one in trace.earlier]
    found = [(epoch, [] if one is None else one.tolist()) for epoch, one in arrays]
    # The second run's late one had its first capture in the fifth round.
    assert found == [(0, [33.0, 33.0]), (SECOND, [44.0, 44.0])]


def test_a_run_that_one_gives_nothing_of_is_no_run_of_what_uses_it() -> None:
    bench = Bench(fill_after_s=0.0)
    source = bench.probe([])
    array(source, 0, np.ones(3))
    first = bench.add("max(tr0 + ones(3))")
    second = bench.add(f"{first.name} * 2 + max(tr0)")
    bench.begin_run(SECOND)
    array(source, 1, np.ones(3))
    bench.tell()
    assert [one.epoch_ns for one in second.earlier] == [0]
    bench.board.set_expression(first, "max(tr0 + ones(len(tr0) - 3))")
    bench.settle()
    assert list(first.earlier) == []
    assert list(second.earlier) == []
    bench.board.close()
