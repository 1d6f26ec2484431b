"""Math traces: what expressions give, refuse and never reach; live, in order, remembered."""

import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from pyprobe.errors import MathError
from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import ValueKind
from pyprobe.session import math_inputs, math_worker
from pyprobe.session.math_expression import evaluate, rename_traces, trace_names
from pyprobe.session.math_inputs import APART, gather
from pyprobe.session.math_memory import math_to_list, restore_math
from pyprobe.session.math_trace import MathTrace
from pyprobe.session.probe import Probe
from pyprobe.session.trace import ProbeStatus, Trace
from pyprobe.session.values import ArrayValue
from tests.plots.samples import append_array, append_scalars, append_texts
from tests.session.math_bench import Bench, probe

RAMP = np.arange(8.0)


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("tr0 - tr1", RAMP - 1.0),
        ("abs(fft(tr0))", np.abs(np.fft.fft(RAMP))),
        ("cumsum(tr0) * 0.1", np.cumsum(RAMP) * 0.1),
        ("np.sin(tr0) + signal.medfilt(tr0, 3)", np.sin(RAMP) + np.append(RAMP[:7], 6)),
        ("where(tr0 > 3, tr0, nan)[::4]", [np.nan, 4.0]),
        ("max(tr0)", 7.0),
        ("tr0 > 3 and 1 or 0", None),
        ("pi", np.pi),
    ],
)
def test_what_expressions_give(expression: str, result: Any) -> None:
    if result is None:
        with pytest.raises(MathError, match="ambiguous"):
            evaluate(expression, {"tr0": RAMP})
        return
    found = evaluate(expression, {"tr0": RAMP, "tr1": np.ones(8)})
    np.testing.assert_allclose(found, result)


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("", "an expression is needed, such as tr0 - tr1"),
        ("tr0 -", "invalid syntax"),
        ("tr9 + 1", "there is no trace tr9"),
        ("sine(tr0)", "NameError: name 'sine' is not defined"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("tr0 + ones(3)", "ValueError: operands could not be broadcast"),
        ("'a' * 5", "the result is a str, no numbers"),
        ("open('/etc/passwd')", "NameError: name 'open' is not defined"),
        ("__import__('os')", "NameError: name '__import__' is not defined"),
        ("fromfile('/etc/passwd')", "NameError: name 'fromfile' is not defined"),
        ("np.load('x')", "has no attribute 'load'"),
        ("tr0.tofile('/nowhere/x')", "AttributeError: no safe attribute"),
        ("tr0.__class__", "AttributeError: no safe attribute"),
        ("[x for x in tr0]", "only arithmetic and functions can stand in an expression"),
        ("(lambda: 1)()", "only arithmetic and functions can stand in an expression"),
        ("9 ** 9 ** 9", "RuntimeError: Invalid exponent"),
        ("(" * 300 + ")" * 300, ""),
        ("tr0 " * 400, "an expression has at most 1,000 characters"),
    ],
)
def test_what_expressions_refuse(expression: str, sentence: str) -> None:
    with pytest.raises(MathError) as caught:
        evaluate(expression, {"tr0": RAMP})
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_traces_are_found_and_renamed() -> None:
    assert trace_names("tr1 - tr0 * tr1 + xtr5") == ("tr1", "tr0")
    assert rename_traces("tr1 - tr0 + tr10", {"tr0": "tr1", "tr1": "tr0"}) == "tr0 - tr1 + tr10"


def test_scalar_traces_of_one_loop_go_by_their_number() -> None:
    first, second = probe(1, [1, 2, 3]), probe(2, [10, 20, 30])
    inputs = gather({"tr0": first.history, "tr1": second.history})
    assert inputs is not None
    assert inputs.is_series
    assert [value.tolist() for value in inputs.values.values()] == [[1, 2, 3], [10, 20, 30]]


def test_traces_of_one_loop_stay_together_in_the_middle_of_a_round() -> None:
    first, second, third = probe(1), probe(2), probe(3)
    first.history.append(fast_column(first, seq=[0, 3, 6], values=[1.0, 2.0, 3.0]))
    second.history.append(fast_column(second, seq=[1, 4], values=[10.0, 20.0]))
    third.history.append(fast_column(third, seq=[2, 5], values=[100.0, 200.0]))
    named = {"tr0": first.history, "tr1": second.history, "tr2": third.history}
    for names in (("tr0", "tr1", "tr2"), ("tr2", "tr0", "tr1")):
        inputs = gather({name: named[name] for name in names})
        assert inputs is not None
        assert inputs.seq.tolist() == ([0, 3] if names[0] == "tr0" else [2, 5])
        found = {name: value.tolist() for name, value in inputs.values.items()}
        assert found == {"tr0": [1, 2], "tr1": [10, 20], "tr2": [100, 200]}


def test_traces_go_by_all_their_captures_also_where_only_the_newest_are_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(math_inputs, "MOST_CAPTURES", 2)
    fast, slow = probe(1), probe(2)
    fast.history.append(fast_column(fast, seq=[0, 1, 2, 4, 5, 6], values=[0, 1, 2, 4, 5, 6]))
    slow.history.append(fast_column(slow, seq=[3, 7], values=[30.0, 70.0]))
    inputs = gather({"tr0": fast.history, "tr1": slow.history})
    assert inputs is not None
    assert inputs.values["tr0"].tolist() == [5, 6]
    assert inputs.values["tr1"].tolist() == [30, 30]


def test_a_slower_trace_holds_its_value_until_the_next() -> None:
    fast, slow = probe(1, [1, 2, 3, 4]), probe(2)
    slow.history.append(fast_column(slow, seq=[1, 3], values=[10.0, 30.0]))
    inputs = gather({"tr0": fast.history, "tr1": slow.history})
    assert inputs is not None
    np.testing.assert_array_equal(inputs.values["tr1"], [np.nan, 10, 10, 30])


def fast_column(of: Probe, *, seq: list[int], values: list[float]) -> Column:
    numbers = np.array(seq, np.int64)
    return Column(
        probe_id=of.id,
        kind=ValueKind.FLOAT,
        dtype="float",
        seq=numbers,
        t_ns=numbers * 1000,
        thread=np.zeros(len(seq), np.uint64),
        values=np.array(values),
    )


def test_an_array_takes_the_newest_of_each() -> None:
    series, number = probe(1), probe(2, [2.0, 3.0])
    append_array(series, np.arange(4.0))
    inputs = gather({"tr0": series.history, "tr1": number.history})
    assert inputs is not None
    assert not inputs.is_series
    assert inputs.values["tr1"].item() == 3.0


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.board.close()
    assert "pyprobe-math" not in {thread.name for thread in threading.enumerate()}


def test_a_math_trace_follows_its_sources(bench: Bench) -> None:
    source = bench.probe([])
    trace = bench.board.add("tr0 * 10")
    assert trace.waiting_sentence() == "waiting for tr0"
    append_scalars(source, np.array([1.0, 2.0]))
    bench.board.update({source.id})
    assert trace.waiting_sentence() == "computing the first result"
    bench.settle()
    assert bench.numbers(trace) == [10, 20]
    assert trace.status is ProbeStatus.LIVE
    append_scalars(source, np.array([3.0]))
    bench.board.update({source.id})
    bench.settle()
    assert bench.numbers(trace) == [10, 20, 30]
    assert trace.title == "tr1 = tr0 * 10"


def test_one_uses_another(bench: Bench) -> None:
    source = bench.probe([1, 2])
    first = bench.board.add("tr0 + 1")
    second = bench.board.add(f"{first.name} * 100")
    bench.settle()
    append_scalars(source, np.array([5.0]))
    bench.board.update({source.id})
    bench.settle()
    assert bench.numbers(second) == [200, 300, 600]


def test_a_result_of_another_length_is_an_array(bench: Bench) -> None:
    bench.probe([1, 2, 3, 4])
    trace = bench.board.add("abs(fft(tr0))[:2]")
    bench.settle()
    assert isinstance(trace.history.last, ArrayValue)
    np.testing.assert_allclose(trace.history.last.array, [10.0, np.sqrt(8.0)])


def test_a_number_of_each_array_becomes_a_history(bench: Bench) -> None:
    source = bench.probe([])
    append_array(source, np.arange(4.0))
    trace = bench.board.add("max(tr0)")
    bench.settle()
    append_array(source, np.arange(9.0))
    bench.board.update({source.id})
    bench.settle()
    assert bench.numbers(trace) == [3.0, 8.0]


def test_the_next_run_begins_the_histories_of_math_traces_anew(bench: Bench) -> None:
    series, number = bench.probe([]), bench.probe([1, 2])
    append_array(series, np.arange(4.0))
    highest, double = bench.board.add("max(tr0)"), bench.board.add("tr1 * 2")
    bench.settle()
    for source in (series, number):
        source.begin_generation(7_000)
    append_array(series, np.arange(9.0))
    append_scalars(number, np.array([5.0]))
    bench.board.update({series.id, number.id})
    bench.settle()
    assert (bench.numbers(highest), bench.numbers(double)) == ([8.0], [10.0])
    assert highest.history.epoch_ns == double.history.epoch_ns == 7_000


def test_an_error_in_one_harms_no_other(bench: Bench) -> None:
    bench.probe([1, 2])
    bad, good = bench.board.add("tr0 + nothing"), bench.board.add("tr0 + 1")
    bench.settle()
    assert bad.status is ProbeStatus.INVALID
    assert bad.waiting_sentence() == "tr0 + nothing: NameError: name 'nothing' is not defined"
    assert bench.numbers(good) == [2, 3]
    bench.board.set_expression(bad, "tr0 - 1")
    bench.settle()
    assert bench.numbers(bad) == [0, 1]


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("tr7", "there is no trace tr7"),
        ("tr1 + tr0", "it cannot use itself"),
        ("5 + 5", "an expression names at least one trace, such as tr0"),
    ],
)
def test_what_it_cannot_use_is_said(expression: str, why: str, bench: Bench) -> None:
    bench.probe([1])
    trace = bench.board.add(expression)
    bench.settle()
    assert (trace.status, trace.detail) == (ProbeStatus.INVALID, why)


def test_a_trace_without_numbers_is_said(bench: Bench) -> None:
    source = bench.probe([])
    append_texts(source, ["hello"])
    trace = bench.board.add("tr0 + 1")
    bench.settle()
    assert trace.detail == "tr0 holds no numbers but str"


def test_one_that_takes_too_long_is_given_up_and_the_others_go_on(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, release = threading.Event(), threading.Event()

    def compute(expression: str, inputs: object) -> np.ndarray:
        if expression == "tr0 * 2":
            started.set()
            release.wait(60)
        return RAMP

    monkeypatch.setattr(math_worker, "compute", compute)
    monkeypatch.setattr(math_worker, "LONGEST_S", 0.0)
    bench.probe([1])
    slow = bench.board.add("tr0 * 2")
    assert started.wait(30)
    bench.board.collect()
    assert slow.status is ProbeStatus.INVALID
    assert "and was given up" in slow.detail
    monkeypatch.setattr(math_worker, "LONGEST_S", 30.0)
    good = bench.board.add("tr0")
    bench.settle()
    assert good.status is ProbeStatus.LIVE
    release.set()
    for thread in threading.enumerate():
        if thread.name == "pyprobe-math" and thread is not bench.board._worker:
            thread.join(30)


def test_the_time_to_load_the_functions_does_not_count(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, release = threading.Event(), threading.Event()

    def load_functions() -> None:
        started.set()
        release.wait(60)

    monkeypatch.setattr(math_worker, "load_functions", load_functions)
    monkeypatch.setattr(math_worker, "LONGEST_S", 0.0)
    bench.probe([1, 2])
    trace = bench.board.add("tr0 * 2")
    assert started.wait(30)
    bench.board.collect()
    assert trace.detail == ""
    monkeypatch.setattr(math_worker, "LONGEST_S", 30.0)
    release.set()
    bench.settle()
    assert trace.status is ProbeStatus.LIVE


def test_math_traces_are_remembered_by_what_they_use(bench: Bench) -> None:
    first, second = bench.probe([1]), bench.probe([10])
    base = bench.board.add("tr1 - tr0", color_index=5)
    bench.board.add(f"{base.name} * 2")
    bench.settle()
    keys = {first.id: "first", second.id: "second"}
    stored = math_to_list(bench.board, lambda trace: keys[trace.id])
    again = Bench()
    newer = [again.probe([10]), again.probe([99]), again.probe([1])]
    renamed = {newer[0].id: "second", newer[1].id: "third", newer[2].id: "first"}
    restore_math(again.board, stored, lambda trace: renamed[trace.id])
    again.settle()
    difference, twice = again.board.traces.values()
    assert difference.expression == "tr0 - tr2"
    assert difference.color_index == 5
    assert again.numbers(difference) == [9.0]
    assert again.numbers(twice) == [18.0]
    again.board.close()


@pytest.mark.parametrize("data", [None, 5, [None], [{"expression": 5}], [{"uses": []}]])
def test_damaged_memories_are_passed_over(data: object, bench: Bench) -> None:
    restore_math(bench.board, data, lambda trace: trace.title)
    assert bench.board.traces == {}


def test_a_removed_trace_comes_back(bench: Bench) -> None:
    bench.probe([1, 2])
    trace = bench.board.add("tr0 + 1")
    bench.settle()
    bench.board.remove(trace)
    assert bench.board.traces == {}
    bench.board.restore(trace)
    bench.settle()
    assert bench.numbers(trace) == [2, 3]


def test_it_is_a_trace() -> None:
    trace: Trace = MathTrace(-1, "tr3", "tr0 * 2")
    assert (trace.title, trace.short_title, trace.mode) == ("tr3 = tr0 * 2", "tr3", "math")


def test_a_remembered_name_of_a_trace_that_is_gone_goes_to_no_other(bench: Bench) -> None:
    bench.probe([1.0])
    second = bench.probe([10.0])
    bench.board.add("tr0 + tr1")
    bench.board.add("tr2 * 2")
    bench.settle()
    stored = math_to_list(bench.board, lambda trace: str(trace.id))
    again = Bench()
    again.sources.append(second)
    restore_math(again.board, stored, lambda trace: str(trace.id))
    again.settle()
    total, _twice = again.board.traces.values()
    lost = total.uses[0]
    assert total.detail == f"there is no trace {lost}"
    third = again.probe([7.0])
    third.id = 3
    again.tell()
    assert again.board.name_of(third) != lost
    assert total.detail == f"there is no trace {lost}"
    again.board.close()


def test_another_recording_goes_by_the_count_alone(bench: Bench) -> None:
    own, theirs = bench.probe([1.0, 2.0, 3.0]), probe(7)
    theirs.history.append(fast_column(theirs, seq=[900, 901], values=[10.0, 20.0]))
    theirs.history.epoch_ns = 10**15
    for expression, names in (("tr1 - tr0", ("tr1", "tr0")), ("tr0 - tr1", ("tr0", "tr1"))):
        readers = {"tr0": own.history, "tr1": theirs.history}
        inputs = gather({name: readers[name] for name in names}, {"tr1": APART})
        assert inputs is not None, expression
        assert inputs.values["tr0"].tolist() == [1.0, 2.0]
        assert inputs.values["tr1"].tolist() == [10.0, 20.0]
        assert inputs.seq.tolist() == [0, 1]
        assert inputs.epoch_ns == own.history.epoch_ns


def test_a_name_that_an_expression_has_goes_to_no_other_and_comes_back(bench: Bench) -> None:
    bench.probe([1, 2])
    base = bench.board.add("tr0 + 1")
    over = bench.board.add(f"{base.name} * 10")
    bench.settle()
    bench.board.remove(base)
    bench.settle()
    assert over.detail == "there is no trace tr1"
    other = bench.board.add("tr0 - 1")
    bench.settle()
    assert other.name != base.name
    assert over.detail == "there is no trace tr1"
    bench.board.restore(base)
    bench.settle()
    assert (base.name, over.detail) == ("tr1", "")
    assert bench.numbers(over) == [20, 30]


def test_no_expression_changes_what_another_one_gave(bench: Bench) -> None:
    source = bench.probe([])
    append_array(source, np.array([3.0, 1.0, 2.0]))
    trace = bench.board.add("tr0 + 1")
    changing = bench.board.add(f"{trace.name}.sort()")
    bench.settle()
    assert "read-only" in changing.detail
    assert trace.history.last_array is not None
    assert trace.history.last_array.tolist() == [4.0, 2.0, 3.0]


def test_an_expression_leaves_nothing_to_the_next() -> None:
    assert evaluate("tr0 + 1", {"tr0": 1.0}) == 2.0
    with pytest.raises(MathError, match="there is no trace tr0"):
        evaluate("tr0 + 1", {})
    with pytest.raises(MathError):
        evaluate("(pi := 3) + tr0", {"tr0": 1.0})
    assert evaluate("pi", {}) == np.pi


def test_a_result_keeps_no_source_alive(bench: Bench) -> None:
    source = bench.probe([])
    append_array(source, np.arange(1000.0))
    for expression in ("tr0[:2]", "tr0"):
        trace = bench.board.add(expression)
        bench.settle()
        last, own = trace.history.last_array, source.history.last_array
        assert last is not None
        assert own is not None
        assert not np.shares_memory(last, own)
