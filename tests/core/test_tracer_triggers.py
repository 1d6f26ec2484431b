"""VariableTracer: triggers, conditions, monitors and snapshots in one's own process."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pyprobe.conditions import ConditionSyntaxError
from pyprobe.core.anchor import ProbeAnchor
from pyprobe.core.tracer import (
    CapturedVariable,
    ThrottleStrategy,
    Trigger,
    VariableTracer,
    WatchConfig,
)
from pyprobe.errors import PyProbeError

SOURCE = """
def step(n):
    for i in range(n):
        gain = i * 2
        name = f'step {i}'
    return gain
"""
PATIENCE_S = 30.0


@pytest.fixture
def captured() -> list[CapturedVariable]:
    return []


@pytest.fixture
def tracer(captured: list[CapturedVariable]) -> Iterator[VariableTracer]:
    made = VariableTracer(captured.append)
    yield made
    made.stop()


@pytest.fixture
def step(tmp_path: Path) -> Any:
    path = tmp_path / "model.py"
    path.write_text(SOURCE)
    namespace: dict[str, Any] = {"path": str(path)}
    exec(compile(SOURCE, str(path), "exec"), namespace)
    return namespace["step"]


def anchors(step: Any) -> tuple[ProbeAnchor, ProbeAnchor]:
    path = step.__globals__["path"]
    return (
        ProbeAnchor(path, 4, 8, "gain", "step"),
        ProbeAnchor(path, 5, 8, "name", "step"),
    )


def every(anchor: ProbeAnchor) -> WatchConfig:
    return WatchConfig(anchor.symbol, ThrottleStrategy.NONE, 0)


def watch(tracer: VariableTracer, step: Any) -> tuple[ProbeAnchor, ProbeAnchor]:
    gain, name = anchors(step)
    tracer.add_anchor_watch(gain, every(gain))
    tracer.add_anchor_watch(name, every(name))
    return gain, name


def test_a_trigger_decides_which_hits_are_captured(
    tracer: VariableTracer, captured: list[CapturedVariable], step: Any
) -> None:
    gain, _name = anchors(step)
    tracer.add_anchor_watch(gain, every(gain), trigger=Trigger("gain == 10", pre=2, post=1))
    tracer.start_anchored()
    step(20)
    assert [one.value for one in captured] == [6, 8, 10, 12]
    tracer.add_anchor_watch(gain, every(gain))  # and none any more
    captured.clear()
    step(3)
    assert [one.value for one in captured] == [0, 2, 4]


def test_a_condition_means_the_modules_variable_beside_a_comprehensions(
    tracer: VariableTracer, captured: list[CapturedVariable], tmp_path: Path
) -> None:
    path = str(tmp_path / "module.py")
    source = "x = 5\ny = [x for x in (1, 2)]\nfor i in range(3):\n    z = i\n"
    probed = ProbeAnchor(path, 4, 4, "z")
    Path(path).write_text(source)
    tracer.add_anchor_watch(probed, every(probed), trigger=Trigger("x == 5"))
    tracer.start_anchored()
    exec(compile(source, path, "exec"), {})
    assert [one.value for one in captured] == [0, 1, 2]


def test_a_trigger_that_is_no_condition_is_refused_and_nothing_changes(
    tracer: VariableTracer, step: Any
) -> None:
    gain, _name = anchors(step)
    with pytest.raises(ConditionSyntaxError):
        tracer.add_anchor_watch(gain, every(gain), trigger=Trigger("gain >"))
    with pytest.raises(ConditionSyntaxError):
        tracer.when("gain >")
    assert tracer.anchor_count == 0


def test_a_snapshot_keeps_locals_and_the_newest_of_every_watch(
    tracer: VariableTracer, captured: list[CapturedVariable], step: Any
) -> None:
    gain, _name = watch(tracer, step)
    handle = tracer.when("gain == 4", at=gain).snapshot("four")
    tracer.start_anchored()
    step(5)
    taken = tracer.history.find("four")
    assert taken is not None
    assert tracer.history.find_all("four") == [taken]
    assert tracer.history.find("five") is None
    assert taken.variables == {"n": 5, "i": 2, "gain": 4, "name": "step 1"}
    assert taken.values == {"gain": 4, "name": "step 1"}
    assert taken.place == f"{gain.file}:5 step"
    assert taken.number == 5  # after gain and name of two rounds and the gain of the third
    assert captured[4].timestamp <= taken.timestamp <= captured[5].timestamp
    handle.disable()
    step(5)
    assert len(tracer.history.find_all("four")) == 1
    handle.enable()
    step(5)
    assert len(tracer.history.find_all()) == 2
    handle.remove()
    handle.remove()
    handle.enable()
    step(5)
    assert len(tracer.history.find_all()) == 2
    assert not handle.is_enabled


def test_conditions_outlive_a_stop(tracer: VariableTracer, step: Any) -> None:
    watch(tracer, step)
    tracer.when("changed(gain)").snapshot("change")
    tracer.start_anchored()
    tracer.stop()
    step(3)
    assert not tracer.history.find_all()
    tracer.start_anchored()
    step(3)
    assert tracer.history.find_all("change")


def test_capturing_begins_and_ends_by_conditions(
    tracer: VariableTracer, captured: list[CapturedVariable], step: Any
) -> None:
    gain, _name = anchors(step)
    tracer.add_anchor_watch(gain, every(gain))
    tracer.when("gain == 4").start()
    tracer.when("gain == 8").stop()
    tracer.start_anchored()
    step(20)
    assert [one.value for one in captured] == [4, 6, 8]


def test_monitors_hear_the_captures_of_a_name(
    tracer: VariableTracer, captured: list[CapturedVariable], step: Any
) -> None:
    watch(tracer, step)
    heard: list[CapturedVariable] = []
    handle = tracer.monitor("name", heard.append)
    tracer.start_anchored()
    step(2)
    assert [one.value for one in heard] == ["step 0", "step 1"]
    handle.disable()
    step(1)
    assert len(heard) == 2
    handle.enable()
    handle.remove()
    handle.enable()
    step(1)
    assert len(heard) == 2


def test_a_monitor_that_raises_is_counted_once_and_harms_nothing(
    tracer: VariableTracer, captured: list[CapturedVariable], step: Any
) -> None:
    watch(tracer, step)

    def fail(one: CapturedVariable) -> None:
        raise KeyError(one)

    tracer.monitor("gain", fail)
    tracer.start_anchored()
    assert step(10) == 18
    assert tracer.callback_errors == 1
    assert len(captured) == 20


def test_a_thread_that_hits_stands_until_it_is_let_go(
    tracer: VariableTracer, captured: list[CapturedVariable], step: Any
) -> None:
    gain, _name = anchors(step)
    hit = threading.Event()
    tracer.add_anchor_watch(gain, every(gain))

    def hear(one: CapturedVariable) -> None:
        if one.value == 6:
            hit.set()

    tracer.monitor("gain", hear)
    tracer.when("gain == 6").pause()
    tracer.start_anchored()
    done = threading.Event()

    def run() -> None:
        step(10)
        done.set()

    thread = threading.Thread(target=run)
    thread.start()
    assert hit.wait(PATIENCE_S)
    while not tracer.is_paused:
        assert not done.is_set()
        done.wait(0.001)
    assert [one.value for one in captured] == [0, 2, 4, 6]
    tracer.resume()
    assert done.wait(PATIENCE_S)
    thread.join()
    tracer.resume()
    assert captured[-1].value == 18


def test_stopping_lets_go_who_stands(tracer: VariableTracer, step: Any) -> None:
    gain, _name = anchors(step)
    tracer.add_anchor_watch(gain, every(gain))
    tracer.when("gain == 6").pause()
    tracer.start_anchored()
    thread = threading.Thread(target=step, args=(10,))
    thread.start()
    done = threading.Event()
    while not tracer.is_paused and thread.is_alive():
        done.wait(0.001)
    tracer.stop()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()


def test_a_condition_that_cannot_be_decided_says_so(tracer: VariableTracer, step: Any) -> None:
    watch(tracer, step)
    handle = tracer.when("py: 1 / 0").snapshot("never")
    tracer.start_anchored()
    assert step(3) == 4
    assert "ZeroDivisionError" in handle.problem
    assert not tracer.history.find_all()


def test_what_is_not_watched_cannot_be_asked_at(tracer: VariableTracer, step: Any) -> None:
    gain, _name = anchors(step)
    with pytest.raises(PyProbeError, match="is not watched"):
        tracer.when("x", at=gain)
    with pytest.raises(PyProbeError, match="needs a label"):
        tracer.when("x").snapshot("")
