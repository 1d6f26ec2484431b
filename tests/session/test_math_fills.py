"""Results over arrays that were passed over: made up for, in order, within bounds."""

from collections.abc import Iterator

import numpy as np
import pytest

from pyprobe.session import math_fills, math_worker
from pyprobe.session.math_trace import MathTrace
from tests.session.math_bench import MS, Bench, array, numbers


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench(fill_after_s=0.0)
    yield made
    made.board.close()


def ramps(bench: Bench, count: int, first: int = 0) -> None:
    for number in range(first, first + count):
        array(bench.sources[0], 2 * number, np.arange(4.0) * number)


def scalars(trace: MathTrace) -> list[float]:
    return [float(value) for value in trace.history.scalars().value]


def test_a_number_of_each_array_is_a_whole_history(bench: Bench) -> None:
    bench.probe([])
    ramps(bench, 200)
    trace = bench.add("max(tr0)")
    assert scalars(trace) == [3.0 * number for number in range(200)]
    assert trace.history.scalars().t_ns.tolist() == [2 * number * MS for number in range(200)]
    bench.go_to(trace, 100 * MS)
    assert trace.as_of(100 * MS).scalars().value.tolist() == [3.0 * one for one in range(51)]


def test_what_has_come_since_is_put_behind_or_made_up_for(bench: Bench) -> None:
    bench.probe([])
    ramps(bench, 3)
    trace = bench.add("max(tr0)")
    ramps(bench, 1, first=3)
    bench.tell()
    assert scalars(trace) == [0, 3, 6, 9]
    ramps(bench, 4, first=4)
    bench.tell()
    assert scalars(trace) == [0, 3, 6, 9, 12, 15, 18, 21]


def test_arrays_are_made_up_for_as_far_as_they_are_kept(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(math_fills, "_MOST_BYTES", 5 * 32)
    bench.probe([])
    ramps(bench, 20)
    trace = bench.add("tr0 + 1")
    kept = [one.value.array[1] - 1 for one in trace.history.arrays()]
    assert kept == [15, 16, 17, 18, 19]


def test_moments_that_fail_have_no_result(bench: Bench) -> None:
    source, other = bench.probe([]), bench.probe([])
    for number, size in enumerate([3, 4, 3, 3]):
        array(source, 2 * number, np.ones(size))
        array(other, 2 * number + 1, np.ones(3))
    trace = bench.add("sum(tr0 + tr1)")
    assert trace.history.scalars().seq.tolist() == [1, 5, 7]


def test_a_gain_beside_the_arrays_is_as_it_was(bench: Bench) -> None:
    source, gain = bench.probe([]), bench.probe([])
    for number in range(4):
        numbers(gain, [(2 * number, 10.0**number)])
        array(source, 2 * number + 1, np.ones(2))
    assert scalars(bench.add("sum(tr0) * tr1")) == [2, 20, 200, 2000]


def test_one_that_uses_it_has_all_of_it(bench: Bench) -> None:
    bench.probe([])
    ramps(bench, 10)
    highest = bench.add("max(tr0)")
    over_it = bench.add(f"{highest.name} + 1")
    assert scalars(over_it) == [3.0 * number + 1 for number in range(10)]


def test_a_slow_one_is_left_as_it_came(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(math_fills, "_MOST_EACH_S", -1.0)
    bench.probe([])
    ramps(bench, 10)
    assert scalars(bench.add("max(tr0)")) == [27.0]


def test_it_gives_way_to_what_is_looked_at(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(math_worker, "_FILL_S", -1.0)  # one moment at a time
    bench.probe([])
    ramps(bench, 30)
    trace = bench.board.add("max(tr0)")
    while not trace.history.count:
        bench.woken.wait(0.05)
        bench.woken.clear()
        bench.board.collect()
    bench.board.show_at(4 * MS)
    while not bench.board.past(trace, 4 * MS).is_exact:
        bench.woken.wait(0.05)
        bench.woken.clear()
        bench.board.collect()
    assert trace.history.count == 1
    bench.settle()
    assert trace.history.count == 30


def test_another_expression_begins_anew(bench: Bench) -> None:
    bench.probe([])
    ramps(bench, 5)
    trace = bench.add("max(tr0)")
    bench.board.set_expression(trace, "sum(tr0)")
    bench.settle()
    assert scalars(trace) == [6.0 * number for number in range(5)]


def test_a_run_keeps_what_was_made_whole(bench: Bench) -> None:
    bench.probe([])
    ramps(bench, 5)
    trace = bench.add("max(tr0)")
    bench.begin_run(1_000 * MS)
    ramps(bench, 2, first=5)
    bench.tell()
    assert [one.scalars().value.tolist() for one in trace.earlier] == [[0, 3, 6, 9, 12]]
    assert scalars(trace) == [15, 18]


def test_the_runs_before_are_made_whole_too(bench: Bench) -> None:
    bench.probe([])
    ramps(bench, 5)
    bench.begin_run(1_000 * MS)
    ramps(bench, 3, first=5)
    trace = bench.add("max(tr0)")
    assert [one.scalars().value.tolist() for one in trace.earlier] == [[0, 3, 6, 9, 12]]
    assert scalars(trace) == [15, 18, 21]


def test_a_run_that_ended_before_it_was_whole_is_gone_on_with(bench: Bench) -> None:
    bench.board.close()
    lazy = Bench(fill_after_s=None)
    lazy.probe([])
    ramps(lazy, 4)
    trace = lazy.add("max(tr0)")
    ramps(lazy, 3, first=4)
    lazy.tell()
    assert scalars(trace) == [9, 18]
    lazy.board._fill_after_s = 0.0
    lazy.sources[0].begin_generation(1_000 * MS)
    array(lazy.sources[0], 20, np.full(2, 5.0))
    lazy.tell()
    assert [one.scalars().value.tolist() for one in trace.earlier] == [[0, 3, 6, 9, 12, 15, 18]]
    assert [one.epoch_ns for one in (*trace.earlier, trace.history)] == [0, 1_000 * MS]
    assert scalars(trace) == [5]
    lazy.board.close()
