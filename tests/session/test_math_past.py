"""What math traces gave at a time: arrays, numbers and both, from memory and disk, errors too."""

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from pyprobe.session import math_worker
from pyprobe.session.history import History
from pyprobe.session.history_limits import HistoryLimits
from pyprobe.session.history_store import HistoryStore
from pyprobe.session.math_inputs import MathInputs
from pyprobe.session.math_trace import MathTrace
from pyprobe.session.past_readers import PastReaders
from pyprobe.session.trace import ProbeStatus
from tests.session.math_bench import MS, Bench, array, numbers


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.board.close()


def ramps(bench: Bench, count: int = 5) -> None:
    source = bench.probe([])
    for number in range(count):
        array(source, number, np.arange(4.0) * number)


def test_an_array_gives_what_it_was_then_though_only_the_newest_was_computed(bench: Bench) -> None:
    ramps(bench)
    trace = bench.add("abs(fft(tr0))")
    assert trace.history.count == 1
    for number in (3, 0, 4, 1):
        wanted = np.round(np.abs(np.fft.fft(np.arange(4.0) * number)), 6).tolist()
        assert bench.go_to(trace, number * MS) == wanted
    assert bench.go_to(trace, -1) == []
    assert trace.sentence_at(-1) == "no capture yet at this time"


def test_the_same_is_not_computed_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    ramps(bench)
    trace = bench.add("tr0 + 1")
    bench.go_to(trace, MS)
    first = trace.as_of(MS)
    bench.go_to(trace, 2 * MS)
    monkeypatch.setattr(math_worker, "compute", None)
    bench.go_to(trace, MS + 5)  # nothing came meanwhile
    assert trace.as_of(MS + 5) is first


def test_the_past_stays_while_the_program_runs_on(bench: Bench) -> None:
    ramps(bench)
    trace = bench.add("tr0 + 1")
    bench.go_to(trace, MS)
    shown = trace.as_of(MS)
    array(bench.sources[0], 9, np.ones(4))
    bench.tell()
    assert trace.as_of(MS) is shown
    assert trace.history.last_array is not None
    assert trace.history.last_array.tolist() == [2.0] * 4


def test_what_came_before_it_one_by_one_persists(bench: Bench) -> None:
    source = bench.probe([])
    array(source, 0, np.zeros(2))
    trace = bench.add("tr0 + 1")
    for number in (1, 2, 3):
        array(source, number, np.full(2, number))
    bench.tell()
    assert bench.go_to(trace, 2 * MS) == [3.0, 3.0]
    kept = [one.value.array.tolist() for one in trace.as_of(2 * MS).arrays()]
    assert kept == [[1.0, 1.0], [3.0, 3.0]]
    assert bench.go_to(trace, 3 * MS) == [4.0, 4.0]
    assert trace.as_of(3 * MS).count == trace.history.count == 2


def test_a_number_and_an_array_are_each_as_they_were(bench: Bench) -> None:
    series, gain = bench.probe([]), bench.probe([])
    for number in range(4):
        array(series, 2 * number, np.full(2, number))
        numbers(gain, [(2 * number + 1, 10.0**number)])
    trace = bench.add("tr0 * tr1")
    assert bench.go_to(trace, 6 * MS) == [300.0, 300.0]
    assert bench.go_to(trace, 5 * MS) == [200.0, 200.0]
    assert bench.go_to(trace, 0) == []  # there was no gain yet


def test_a_series_is_computed_from_what_there_was(bench: Bench) -> None:
    source = bench.probe([])
    numbers(source, [(seq, float(seq)) for seq in range(10)])
    trace = bench.add("tr0 / max(tr0)")
    bench.go_to(trace, 4 * MS)
    found = trace.as_of(4 * MS).scalars().value
    np.testing.assert_allclose(found, np.arange(5) / 4)


def test_arrays_on_disk_are_read_for_it() -> None:
    bench = Bench()
    store = HistoryStore(HistoryLimits(max_array_bytes=100_000, max_disk_bytes=1 << 26))
    source = bench.probe([])
    source.history = History(store=store)
    for number in range(60):
        array(source, number, np.full(1000, float(number)))
    assert store.disk.nbytes > 0
    trace = bench.add("tr0[:2] * 2")
    assert bench.go_to(trace, 3 * MS) == [6.0, 6.0]
    assert bench.go_to(trace, 41 * MS) == [82.0, 82.0]
    bench.board.close()
    store.close()


def test_one_that_uses_another_waits_for_its_past(bench: Bench) -> None:
    ramps(bench)
    first = bench.add("tr0 + 1")
    second = bench.add(f"{first.name} * 10 + tr0")
    assert bench.go_to(second, 2 * MS) == [10, 32, 54, 76]


def test_what_is_wrong_with_a_moment_is_said_of_that_moment(bench: Bench) -> None:
    series, other = bench.probe([]), bench.probe([])
    for number, (left, right) in enumerate([(3, 3), (3, 4), (4, 4), (5, 4)]):
        array(series, 2 * number, np.ones(left))
        array(other, 2 * number + 1, np.ones(right))
    trace = bench.add("tr0 + tr1")
    past = PastReaders()
    assert past.fares(trace)[0] is ProbeStatus.INVALID
    assert "broadcast" in past.fares(trace)[1]
    assert bench.go_to(trace, 5 * MS) == [2.0] * 4
    past.move_to(5 * MS)
    assert (past.status(trace), past.fares(trace)) == (ProbeStatus.LIVE, (ProbeStatus.LIVE, ""))
    assert bench.go_to(trace, 3 * MS) == []
    past.move_to(3 * MS)
    assert past.status(trace) is ProbeStatus.INVALID
    assert past.sentence(trace).startswith("tr0 + tr1: ValueError: operands could not be broadcast")
    past.move_to(None)
    assert "broadcast" in past.sentence(trace)


def test_a_moment_that_takes_too_long_is_given_up_alone(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    ramps(bench)
    trace = bench.add("tr0 + 1")
    started, release = threading.Event(), threading.Event()

    def compute(_expression: str, _inputs: object) -> np.ndarray:
        started.set()
        release.wait(60)
        return np.ones(1)

    with monkeypatch.context() as slow:
        slow.setattr(math_worker, "compute", compute)
        slow.setattr(math_worker, "LONGEST_S", 0.0)
        bench.board.show_at(MS)
        assert not bench.board.past(trace, MS).is_exact
        assert started.wait(30)
        assert trace.id in bench.board.collect()
        assert "and was given up" in trace.sentence_at(MS)
    release.set()
    assert trace.status is ProbeStatus.LIVE
    assert bench.go_to(trace, 2 * MS) == [1, 3, 5, 7]


def test_until_it_is_computed_the_one_before_is_shown_then_that_it_is_computed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    ramps(bench)
    trace = bench.add("tr0 + 1")
    bench.go_to(trace, 3 * MS)
    shown = trace.as_of(3 * MS)
    release = threading.Event()
    real = math_worker.compute

    def compute(expression: str, inputs: MathInputs) -> np.ndarray:
        release.wait(60)
        return real(expression, inputs)

    monkeypatch.setattr(math_worker, "compute", compute)
    assert trace.as_of(2 * MS) is shown
    monkeypatch.setattr("pyprobe.session.math_pasts._STAND_IN_S", -1.0)
    assert trace.id in bench.board.collect()
    assert trace.as_of(2 * MS).count == 0
    assert trace.sentence_at(2 * MS) == "computing what it was then"
    release.set()
    bench.settle()
    assert bench.go_to(trace, 2 * MS) == [1, 3, 5, 7]


def test_an_expression_that_is_changed_in_the_past_shows_the_new_one(bench: Bench) -> None:
    ramps(bench)
    trace = bench.add("tr0 + 1")
    bench.go_to(trace, MS)
    bench.board.set_expression(trace, "tr0 * 100")
    assert bench.go_to(trace, MS) == [0, 100, 200, 300]


def test_a_source_that_is_gone_is_said_and_comes_back(bench: Bench) -> None:
    ramps(bench)
    trace = bench.add("tr0 + 1")
    (source,) = bench.sources
    bench.sources.clear()
    bench.board.update({source.id})
    assert trace.id in bench.board.collect()
    assert (status_of(trace), trace.detail) == (ProbeStatus.INVALID, "there is no trace tr0")
    assert trace.history.count == 1  # what there was stays, and its header says so
    assert bench.go_to(trace, MS) == []
    assert trace.sentence_at(MS) == "tr0 + 1: there is no trace tr0"
    bench.sources.append(source)
    bench.tell()
    assert status_of(trace) is ProbeStatus.LIVE
    assert bench.go_to(trace, MS) == [1, 2, 3, 4]


def test_traces_that_use_each_other_are_told_so(bench: Bench) -> None:
    ramps(bench)
    first, second = bench.add("tr0 + 1"), bench.add("tr1 + 1")
    bench.board.set_expression(first, "tr2 + 1")
    bench.settle()
    assert first.detail == "it cannot use itself, as tr2 does"
    assert bench.go_to(second, MS) == []


def status_of(trace: MathTrace) -> ProbeStatus:
    return trace.status


def test_what_is_wrong_with_a_source_is_said_of_what_uses_it(bench: Bench) -> None:
    source = bench.probe([])
    for number, size in enumerate([3, 4, 3]):
        array(source, number, np.ones(size))
    first = bench.add("tr0 + ones(3)")
    second = bench.add(f"{first.name} * 2")
    assert bench.go_to(second, MS) == []
    assert second.sentence_at(MS).startswith("tr1 * 2: tr1: ValueError: operands could not be")
    assert bench.go_to(second, 2 * MS) == [4.0, 4.0, 4.0]
