"""At the recursion limit every hit is still a capture, and no thread keeps others from theirs."""

import os
import sys
import threading
from pathlib import Path

import pytest

from pyprobe.core import engine as engine_module
from pyprobe.core.anchor import ProbeAnchor
from pyprobe.core.code_map import CodeMap
from pyprobe.core.events.choose import EVENT_SOURCE_VARIABLE
from pyprobe.core.throttle import ThrottleStrategy, WatchConfig
from pyprobe.core.tracer import CapturedVariable, VariableTracer
from tests.core.capturing import capture

# The settrace source is called by the interpreter, which needs two levels of the limit for that.
LISTENING_COSTS_LEVELS = (
    sys.version_info < (3, 12) or os.environ.get(EVENT_SOURCE_VARIABLE) == "settrace"
)
DESCENT = """\
def descend(n):
    y = [n]
    try:
        return descend(n + 1)
    except RecursionError:
        return n
"""


def program_of(folder: Path, source: str) -> tuple[str, dict[str, object]]:
    file = folder / "program.py"
    file.write_text(source)
    namespace: dict[str, object] = {}
    exec(compile(source, str(file), "exec"), namespace)
    return str(file), namespace


def every(name: str) -> WatchConfig:
    return WatchConfig(name, ThrottleStrategy.NONE, 0)


def test_every_hit_up_to_the_last_level_is_captured(tmp_path: Path) -> None:
    file, namespace = program_of(tmp_path, DESCENT)
    captured: list[CapturedVariable] = []
    descend = namespace["descend"]
    assert callable(descend)
    plain = descend(0)
    tracer = VariableTracer(captured.append)
    tracer.add_anchor_watch(ProbeAnchor(file, 2, 4, "y", "descend"), every("y"))
    tracer.start_anchored()
    try:
        deepest = [descend(0) for _ in range(3)]
    finally:
        tracer.stop()
    if LISTENING_COSTS_LEVELS:
        assert set(deepest) <= {plain - 2, plain - 1, plain}
        return
    assert deepest == [plain] * 3
    assert [item.value for item in captured] == [[n] for n in range(plain + 1)] * 3


YIELDS_IN_DESCENT = """\
def waits():
    while True:
        yield WHAT  # probe: yield
def descend(n):
    waiting = waits()
    try:
        next(waiting)
        descend(n + 1)
    except RecursionError:
        return
descend(0)
"""


def test_a_yield_of_nothing_is_told_from_an_exception_up_to_the_same_level(tmp_path: Path) -> None:
    numbers, nothings = (
        len(capture(YIELDS_IN_DESCENT.replace("WHAT", what), tmp_path).values) for what in ("1", "")
    )
    # From 3.12 on there is no room that could be made for what ``settrace`` calls.
    lacks_room = LISTENING_COSTS_LEVELS and sys.version_info >= (3, 12)
    assert numbers > 900
    assert 0 <= numbers - nothings <= (5 if lacks_room else 0)


# Pickling nests in C; from another depth of C there may be another level left at the end.
NESTED_IN_C = """\
import pickle
calls = []
class Endless:
    def __reduce__(self):
        y = len(calls)
        calls.append(y)
        return list, ((self,),)
def depths():
    calls.clear()
    try:
        pickle.dumps(Endless())
    except RecursionError:
        return [len(calls)]
def all_depths():
    return depths() + next(map(lambda _: depths(), [0]))
"""


def test_at_the_limit_of_nested_c_calls_a_program_gets_its_own_error(tmp_path: Path) -> None:
    file, namespace = program_of(tmp_path, NESTED_IN_C)
    captured: list[CapturedVariable] = []
    all_depths = namespace["all_depths"]
    assert callable(all_depths)
    plain = all_depths()
    tracer = VariableTracer(captured.append)
    tracer.add_anchor_watch(ProbeAnchor(file, 5, 8, "y", "Endless.__reduce__"), every("y"))
    tracer.start_anchored()
    try:
        probed = all_depths()
        probed_again = all_depths()
    finally:
        tracer.stop()
    for depths in (probed, probed_again):
        costs = [before - now for before, now in zip(plain, depths, strict=True)]
        assert max(costs) <= (10 if LISTENING_COSTS_LEVELS else 2), costs
    if LISTENING_COSTS_LEVELS:
        return
    expected = [y for depth in probed + probed_again for y in range(depth)]
    assert [item.value for item in captured] == expected


def test_a_second_thread_waits_until_the_code_it_runs_is_armed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, namespace = program_of(tmp_path, "def work(n):\n    x = n\n    return x\n")
    captured: list[CapturedVariable] = []
    arming, go_on = threading.Event(), threading.Event()

    class SlowCodeMap(CodeMap):
        def __init__(self, code: object) -> None:
            arming.set()
            assert go_on.wait(20)
            super().__init__(code)  # type: ignore[arg-type]

    monkeypatch.setattr(engine_module, "CodeMap", SlowCodeMap)
    tracer = VariableTracer(captured.append)
    tracer.add_anchor_watch(ProbeAnchor(file, 2, 4, "x", "work"), every("x"))
    tracer.start_anchored()
    try:
        threads = [threading.Thread(target=namespace["work"], args=(n,)) for n in (1, 2)]  # type: ignore[arg-type]
        threads[0].start()
        assert arming.wait(20)
        threads[1].start()
        threads[1].join(0.3)  # it would end at once, and its value be lost
        go_on.set()
        for thread in threads:
            thread.join()
    finally:
        go_on.set()
        tracer.stop()
    assert {item.value for item in captured} == {1, 2}
