"""Triggers in one process: which hits become captures, on the event source of this Python."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pyprobe.conditions import ConditionSyntaxError
from pyprobe.core.throttle import ThrottleStrategy, WatchConfig
from pyprobe.core.trigger import ENDLESS, Trigger, TriggerMode, TriggerState
from pyprobe.core.trigger_runtime import TargetTrigger, TriggerReport
from pyprobe.errors import PyProbeError
from tests.core.capturing import Capturer, marked_occurrences

NORMAL, SINGLE, AUTO = TriggerMode.NORMAL, TriggerMode.SINGLE, TriggerMode.AUTO
LOOP = "for i in range(20):\n    x = i  # probe: x\n"
IN_FUNCTION = f"def run():\n    for i in range(20):\n        x = i  # probe: x\n{'run()'}\n"


class Run:
    """A program text whose marked occurrence has a trigger."""

    def __init__(self, folder: Path, source: str, config: WatchConfig | None = None) -> None:
        self.path = folder / "program.py"
        self.path.write_text(source)
        self.source = source
        self.capturer = Capturer()
        self.capturer.engine.start()
        self.probe_id = self.capturer.add(self.path, marked_occurrences(source)[0], config)

    def set(self, condition: str, **options: Any) -> None:
        self.capturer.engine.set_trigger(self.probe_id, Trigger(condition, **options))

    def values(self, **namespace: object) -> list[object]:
        exec(compile(self.source, str(self.path), "exec"), {"__name__": "program"} | namespace)
        captured = self.capturer.drain()
        assert captured.faults == []
        return captured.values

    @property
    def trigger(self) -> TargetTrigger:
        found = self.capturer.engine.triggers.get(self.probe_id)
        assert found is not None
        return found

    def report(self) -> TriggerReport:
        return self.trigger.report()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Any]:
    runs: list[Run] = []

    def make(source: str = LOOP, config: WatchConfig | None = None) -> Run:
        runs.append(Run(tmp_path, source, config))
        return runs[-1]

    yield make
    for run in runs:
        run.capturer.engine.stop()


GATED = [
    ("x > 16", {}, [17, 18, 19]),
    ("x == 5", {"post": 3}, [5, 6, 7, 8]),
    ("x == 5", {"pre": 3}, [2, 3, 4, 5]),
    ("x == 1", {"pre": 3, "post": 1}, [0, 1, 2]),
    ("x == 5", {"pre": 2, "post": 2}, [3, 4, 5, 6, 7]),
    ("x == 15", {"post": ENDLESS}, [15, 16, 17, 18, 19]),
    ("any_of(x == 5, x == 12)", {"pre": 1, "post": 1}, [4, 5, 6, 11, 12, 13]),
    ("any_of(x == 5, x == 6)", {"post": 2}, [5, 6, 7]),  # what triggers within is not a new one
    ("any_of(x == 5, x == 9)", {"mode": SINGLE, "pre": 1, "post": 1}, [4, 5, 6]),
    ("any_of(x == 5, x == 9)", {"mode": SINGLE}, [5]),
    ("any_of(x == 5, x == 9)", {"hold_off_ms": 1e8}, [5]),
    ("changed(half)", {}, [2, 4, 6, 8, 10, 12, 14, 16, 18]),
    ("limit > 3, x == limit", {}, [7]),  # a name that is not probed, of the globals
    ("py: x % 10 == 9", {}, [9, 19]),
]


@pytest.mark.parametrize(("condition", "options", "expected"), GATED)
def test_captures_around_the_hits_for_which_the_condition_holds(
    running: Any, condition: str, options: dict[str, Any], expected: list[int]
) -> None:
    run = running("limit = 7\nfor i in range(20):\n    half = i // 2\n    x = i  # probe: x\n")
    run.set(condition, **options)
    assert run.values() == expected


@pytest.mark.parametrize(("condition", "options", "expected"), GATED)
def test_the_same_among_the_locals_of_a_function(
    running: Any, condition: str, options: dict[str, Any], expected: list[int]
) -> None:
    body = "    for i in range(20):\n        half = i // 2\n        x = i  # probe: x\n"
    run = running(f"limit = 7\ndef run():\n{body}run()\n")
    run.set(condition, **options)
    assert run.values() == expected


@pytest.mark.parametrize(
    ("mark", "line"),
    [("# probe: v", "return v"), ("# probe: return", "return v"), ("# probe: v/parameter", "")],
)
def test_returns_reads_and_parameters_have_triggers_too(running: Any, mark: str, line: str) -> None:
    body = f"    {line}  {mark}\n" if line else "    pass\n"
    head = f"def f(v):  {mark if not line else ''}\n"
    run = running(f"{head}{body}for i in range(9): f(i * 10)\n")
    run.set("v == 40", pre=1, post=1)
    assert run.values() == [30, 40, 50]


def test_kept_captures_have_the_times_of_their_hits(running: Any) -> None:
    run = running()
    run.set("x == 5", pre=3)
    exec(compile(run.source, str(run.path), "exec"), {})
    times_ns = run.capturer.drain().times_ns
    assert times_ns == sorted(times_ns)
    assert len(set(times_ns)) == 4


def test_what_is_kept_is_copied_at_its_hit(running: Any) -> None:
    run = running("a = []\nfor i in range(4):\n    a.append(i)\n    x = a  # probe: x\n")
    run.set("i == 2", pre=2)
    assert run.values() == [[0], [0, 1], [0, 1, 2]]


def test_the_throttle_holds_for_all_but_the_hit_that_triggers(running: Any) -> None:
    run = running(config=WatchConfig("x", ThrottleStrategy.SAMPLE_EVERY_N, 4))
    run.set("x == 5", post=2)
    assert run.values() == [5, 6, 10]


def test_a_condition_hears_every_hit_of_a_probe_that_is_throttled_by_time(running: Any) -> None:
    run = running(config=WatchConfig("x", ThrottleStrategy.TIME_BASED, 1e6))
    run.set("any_of(x == 3, x == 17)")
    assert run.values() == [3, 17]


def test_only_changes_are_kept_where_the_throttle_wants_changes(running: Any) -> None:
    source = "for i in range(10):\n    x = i // 3  # probe: x\n"
    run = running(source, WatchConfig("x", ThrottleStrategy.CHANGE_DETECT, 0.0))
    run.set("i == 7", pre=2)
    assert run.values() == [1, 2, 2]


def test_auto_captures_freely_where_the_condition_does_not_hold_for_long(running: Any) -> None:
    run = running()
    run.set("x == 100", mode=AUTO)
    assert run.values() == []
    run.trigger.free_ns = 0
    assert run.values() == list(range(20))


def test_auto_keeps_to_the_trigger_while_there_is_one(running: Any) -> None:
    run = running()
    run.set("x == 5", mode=AUTO, pre=1, post=1)
    assert run.values() == [4, 5, 6]


def test_tells_where_it_stands(running: Any) -> None:
    run = running()
    run.set("x == limit", pre=2, post=50)
    assert run.report().state is TriggerState.ARMED
    run.values(limit=100)
    assert run.report().state is TriggerState.WAITING
    run.values(limit=10)
    assert run.report()[:2] == (TriggerState.TRIGGERED, 1)
    run.values(limit=100), run.values(limit=100), run.values(limit=100)
    assert run.report().state is TriggerState.WAITING


def test_a_trigger_that_came_and_went_is_told_once(running: Any) -> None:
    run = running()
    run.set("x == 5")
    run.values()
    assert run.report()[:2] == (TriggerState.TRIGGERED, 1)
    assert run.report()[:2] == (TriggerState.WAITING, 1)


def test_a_single_one_stops_until_it_is_set_again(running: Any) -> None:
    run = running()
    run.set("x == 5", mode=SINGLE)
    assert run.values() == [5]
    assert run.values() == []
    assert run.report()[:2] == (TriggerState.STOPPED, 1)
    run.set("x == 5", mode=SINGLE)
    assert run.values() == [5]


def test_without_its_trigger_a_probe_captures_every_hit_again(running: Any) -> None:
    run = running()
    run.set("x == 5")
    assert run.values() == [5]
    run.capturer.engine.set_trigger(run.probe_id, None)
    assert run.values() == list(range(20))


def test_it_outlives_another_throttle_and_another_probe(running: Any) -> None:
    run = running("for i in range(20):\n    y = 0\n    x = i  # probe: x\n    late(i)\n")
    run.set("any_of(x == 5, x == 11)", pre=2)
    everything = marked_occurrences("for i in range(20):\n    y = 0  # probe: y\n")

    def late(i: int) -> None:
        if i == 4:
            run.capturer.add(run.path, everything[0], WatchConfig("y", ThrottleStrategy.NONE))
        if i == 9:
            config = WatchConfig("x", ThrottleStrategy.NONE)
            run.capturer.engine.set_config(run.probe_id, config)

    captured = run.values(late=late)
    assert [value for value in captured if value != 0] == [3, 4, 5, 9, 10, 11]


def test_a_missing_name_makes_it_false_and_is_counted(running: Any) -> None:
    run = running(IN_FUNCTION)
    run.set("nowhere.at_all > 1")
    assert run.values() == []
    assert run.report().undecided == {"nowhere.at_all": (20, "there was no nowhere.at_all")}
    assert run.report().state is TriggerState.WAITING


def test_values_of_unlike_kinds_are_counted(running: Any) -> None:
    run = running()
    run.set("x == 'five'")
    assert run.values() == []
    times, reason = run.report().undecided["x == 'five'"]
    assert times == 20
    assert "int" in reason


def test_what_cannot_be_decided_switches_it_off_and_harms_nothing(running: Any) -> None:
    run = running()
    run.set("py: 1 / (x - 3) > 100")
    assert run.values() == list(range(3, 20))
    report = run.report()
    assert report.state is TriggerState.OFF
    assert "ZeroDivisionError" in report.detail


class Hostile:
    """Tells when it is asked anything."""

    asked = 0

    def __eq__(self, other: object) -> bool:
        Hostile.asked += 1
        raise RuntimeError

    def __bool__(self) -> bool:
        Hostile.asked += 1
        raise RuntimeError

    __hash__ = None  # type: ignore[assignment]


def test_runs_no_code_of_the_program(running: Any) -> None:
    run = running()
    run.set("any_of(odd == 1, odd, changed(odd))")
    assert run.values(odd=Hostile()) == []
    assert Hostile.asked == 0


def test_edges_remember_one_value_for_each_thread(running: Any) -> None:
    run = running("def f(v):\n    x = v  # probe: x\n    return x\n")
    run.set("rise(x)")
    namespace: dict[str, Any] = {}
    exec(compile(run.source, str(run.path), "exec"), namespace)
    namespace["f"](0)
    other = threading.Thread(target=namespace["f"], args=(1,))
    other.start()
    other.join()
    assert run.capturer.drain().values == []
    namespace["f"](1)
    assert run.capturer.drain().values == [1]


def test_no_object_of_the_program_is_held(running: Any) -> None:
    run = running("class Held:\n    pass\nfor i in range(5):\n    x = Held()  # probe: x\ndel x\n")
    run.set("i == 9", pre=10)
    namespace: dict[str, Any] = {}
    exec(compile(run.source, str(run.path), "exec"), namespace)
    import gc

    assert not [one for one in gc.get_objects() if type(one) is namespace["Held"]]
    assert len(run.trigger.kept) == 5


@pytest.mark.parametrize("condition", ["held != None", "py: held is not None and x == 1"])
def test_the_frame_is_left_as_it_was(running: Any, condition: str) -> None:
    source = (
        "import weakref\n"
        "class Held: pass\n"
        "def run():\n"
        "    held = Held()\n"
        "    seen = weakref.ref(held)\n"
        "    x = 1  # probe: x\n"
        "    del held\n"
        "    return seen() is None\n"
        "gone.append(run())\n"
    )
    run = running(source)
    run.set(condition)
    gone: list[bool] = []
    assert run.values(gone=gone) == [1]
    assert gone == [True]


@pytest.mark.parametrize(
    "options", [{"pre": -1}, {"pre": 10**9}, {"post": -2}, {"hold_off_ms": -1.0}]
)
def test_refuses_what_is_out_of_range(options: dict[str, Any]) -> None:
    with pytest.raises(PyProbeError):
        Trigger("x", **options)


def test_refuses_what_is_no_condition(running: Any) -> None:
    run = running()
    with pytest.raises(ConditionSyntaxError, match="Expected"):
        run.set("x >")
    assert run.values() == list(range(20))
