"""VariableTracer: probes in one's own process."""

import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from pyprobe.core.anchor import ProbeAnchor
from pyprobe.core.tracer import CapturedVariable, ThrottleStrategy, VariableTracer, WatchConfig

SOURCE = """
def step(n):
    gain = n * 2
    return gain
"""


@pytest.fixture
def captured() -> list[CapturedVariable]:
    return []


@pytest.fixture
def tracer(captured: list[CapturedVariable]) -> Iterator[VariableTracer]:
    made = VariableTracer(captured.append)
    yield made
    made.stop()


@pytest.fixture
def program(tmp_path: Path) -> tuple[Path, dict[str, object]]:
    path = tmp_path / "model.py"
    path.write_text(SOURCE)
    namespace: dict[str, object] = {}
    exec(compile(SOURCE, str(path), "exec"), namespace)
    return path, namespace


def every(name: str) -> WatchConfig:
    return WatchConfig(name, ThrottleStrategy.NONE, 0)


def call(namespace: dict[str, object], *arguments: object) -> object:
    step = namespace["step"]
    assert callable(step)
    return step(*arguments)


def test_calls_back_with_each_capture(
    tracer: VariableTracer,
    captured: list[CapturedVariable],
    program: tuple[Path, dict[str, object]],
) -> None:
    path, namespace = program
    anchor = ProbeAnchor(str(path), 3, 4, "gain", "step")
    tracer.add_anchor_watch(anchor, every("gain"))
    tracer.start_anchored()
    call(namespace, 1)
    call(namespace, 2.5)
    assert [(c.name, c.value, c.dtype, c.shape) for c in captured] == [
        ("gain", 2, "int", None),
        ("gain", 5.0, "float", None),
    ]
    assert captured[0].source_file == str(path)
    assert (captured[0].line_number, captured[0].function_name) == (3, "step")
    assert captured[0].timestamp < captured[1].timestamp


def test_the_default_is_one_capture_in_50_ms(
    tracer: VariableTracer, program: tuple[Path, dict[str, object]]
) -> None:
    path, namespace = program
    times: list[float] = []
    enough = threading.Event()

    def note(capture: CapturedVariable) -> None:
        times.append(capture.timestamp)
        if len(times) == 4:
            enough.set()

    tracer = VariableTracer(note)
    tracer.add_anchor_watch(ProbeAnchor(str(path), 3, 4, "gain", "step"))
    tracer.start_anchored()
    try:
        while not enough.is_set():
            call(namespace, 1)
    finally:
        tracer.stop()
    assert all(later - earlier >= 0.05 for earlier, later in pairwise(times))


def test_a_callback_that_raises_never_reaches_the_program(
    program: tuple[Path, dict[str, object]],
) -> None:
    path, namespace = program

    def broken(capture: CapturedVariable) -> None:
        raise ValueError("mine")

    tracer = VariableTracer(broken)
    tracer.add_anchor_watch(ProbeAnchor(str(path), 3, 4, "gain", "step"), every("gain"))
    tracer.start_anchored()
    try:
        assert call(namespace, 4) == 8
    finally:
        tracer.stop()
    assert tracer.callback_errors == 1


def test_counts_anchors_and_forgets_them(tracer: VariableTracer) -> None:
    anchor = ProbeAnchor("/test.py", 10, 4, "x", "foo")
    tracer.add_anchor_watch(anchor)
    tracer.add_anchor_watch(anchor)
    assert tracer.anchor_count == 1
    tracer.remove_anchor_watch(anchor)
    tracer.remove_anchor_watch(anchor)
    assert tracer.anchor_count == 0


def test_adds_and_removes_while_it_runs(
    tracer: VariableTracer,
    captured: list[CapturedVariable],
    program: tuple[Path, dict[str, object]],
) -> None:
    path, namespace = program
    anchor = ProbeAnchor(str(path), 3, 4, "gain", "step")
    tracer.start_anchored()
    call(namespace, 1)
    tracer.add_anchor_watch(anchor, every("gain"))
    call(namespace, 2)
    tracer.remove_anchor_watch(anchor)
    call(namespace, 3)
    assert [capture.value for capture in captured] == [4]


def test_says_why_a_watch_has_no_effect(
    tracer: VariableTracer, program: tuple[Path, dict[str, object]]
) -> None:
    path, _namespace = program
    nowhere = ProbeAnchor("/no/such/file.py", 1, 0, "x")
    no_symbol = ProbeAnchor(str(path), 3, 0, "nothing", "step")
    tracer.add_anchor_watch(nowhere)
    tracer.add_anchor_watch(no_symbol)
    tracer.start_anchored()
    assert "file.py" in tracer.problems[nowhere]
    assert tracer.problems[no_symbol] == "nothing that can be probed stands at nothing @ model.py:3"


def test_stop_and_start_again(
    tracer: VariableTracer,
    captured: list[CapturedVariable],
    program: tuple[Path, dict[str, object]],
) -> None:
    path, namespace = program
    tracer.add_anchor_watch(ProbeAnchor(str(path), 3, 4, "gain", "step"), every("gain"))
    for n in (1, 2):
        tracer.start_anchored()
        tracer.start_anchored()
        call(namespace, n)
        tracer.stop()
        tracer.stop()
        call(namespace, 99)
    assert [capture.value for capture in captured] == [2, 4]


def test_a_second_tracer_meets_what_the_first_has_met(
    captured: list[CapturedVariable], program: tuple[Path, dict[str, object]]
) -> None:
    path, namespace = program
    for n in (1, 2):
        tracer = VariableTracer(captured.append)
        tracer.add_anchor_watch(ProbeAnchor(str(path), 3, 4, "gain", "step"), every("gain"))
        tracer.start_anchored()
        try:
            call(namespace, n)
        finally:
            tracer.stop()
    assert [capture.value for capture in captured] == [2, 4]
