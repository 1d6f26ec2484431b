"""Event sources: armed places only, pause and resume, and every hook given back."""

import sys
import threading
from collections.abc import Iterator
from operator import attrgetter
from types import CodeType, FrameType

import pytest

from pyprobe.core.code_map import CodeMap
from pyprobe.core.door import Door
from pyprobe.core.events.base import CodeSites, EventSource
from pyprobe.core.events.choose import EVENT_SOURCE_VARIABLE, choose_event_source
from pyprobe.errors import PyProbeError


@pytest.fixture
def faults() -> list[str]:
    return []


@pytest.fixture
def source(faults: list[str]) -> Iterator[EventSource]:
    chosen, _reason = choose_event_source(Door(faults.append))
    yield chosen
    chosen.stop()


def hot(count: int) -> int:
    total = 0
    for number in range(count):
        total = number
    return total


def store_offset(code: CodeType, name: str) -> int:
    """Return the offset of the last instruction that stores ``name``."""
    instructions = CodeMap(code).instructions
    return [
        ins.offset
        for ins in instructions
        if ins.opname.startswith("STORE_FAST") and name in ins.names
    ][-1]


def test_delivers_each_event_of_an_armed_offset(source: EventSource) -> None:
    hits: list[FrameType] = []
    source.start(lambda code: None)
    offset = store_offset(hot.__code__, "total")
    source.arm(hot.__code__, CodeSites(before={offset: hits.append}))
    hot(5)
    assert len(hits) == 5


def test_disables_and_re_arms(source: EventSource) -> None:
    hits: list[int] = []

    def once(frame: FrameType) -> object:
        hits.append(frame.f_lasti)
        return source.disable

    source.start(lambda code: None)
    source.arm(hot.__code__, CodeSites(before={store_offset(hot.__code__, "total"): once}))
    hot(5)
    assert len(hits) == 1
    source.rearm(hot.__code__)
    hot(5)
    assert len(hits) == 2


def test_delivers_nothing_after_disarming(source: EventSource) -> None:
    hits: list[FrameType] = []
    source.start(lambda code: None)
    source.arm(hot.__code__, CodeSites(before={store_offset(hot.__code__, "total"): hits.append}))
    source.disarm(hot.__code__)
    hot(5)
    assert hits == []


def test_tells_each_code_object_when_it_first_runs(source: EventSource) -> None:
    seen: list[str] = []
    namespace: dict[str, object] = {}
    exec("def fresh(): pass", namespace)
    source.start(lambda code: seen.append(code.co_name))
    exec("fresh()", namespace)
    source.stop()
    assert "fresh" in seen


def test_a_fault_of_ours_never_reaches_the_program(source: EventSource, faults: list[str]) -> None:
    broken = attrgetter("no_such_attribute")  # has no frame of its own: the callback's is the last
    source.start(lambda code: None)
    source.arm(hot.__code__, CodeSites(before={store_offset(hot.__code__, "total"): broken}))
    assert hot(3) == 2
    source.stop()
    assert len(faults) == 1
    assert faults[0].startswith("PyProbe failed in a callback: AttributeError: 'frame' object")


def test_keyboard_interrupt_reaches_the_program(source: EventSource) -> None:
    def interrupt(frame: FrameType) -> object:
        raise KeyboardInterrupt

    source.start(lambda code: None)
    source.arm(hot.__code__, CodeSites(before={store_offset(hot.__code__, "total"): interrupt}))
    with pytest.raises(KeyboardInterrupt):
        hot(3)


def test_pause_halts_a_thread_at_its_next_line_and_resume_lets_it_go(source: EventSource) -> None:
    halted: list[tuple[str, int]] = []
    has_halted = threading.Event()
    steps: list[int] = []
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            steps.append(1)

    def on_halt(file: str, line: int) -> None:
        halted.append((file, line))
        has_halted.set()

    source.start(lambda code: None)
    source.exempt_this_thread()
    worker = threading.Thread(target=work)
    worker.start()
    source.pause(on_halt)
    assert has_halted.wait(20)
    count = len(steps)
    assert not stop.wait(0.05)
    assert len(steps) <= count + 1
    source.resume()
    stop.set()
    worker.join(20)
    assert not worker.is_alive()
    assert halted


def test_stop_gives_every_hook_back_and_may_be_called_twice(source: EventSource) -> None:
    before = sys.gettrace()
    source.start(lambda code: None)
    source.arm(hot.__code__, CodeSites(before={store_offset(hot.__code__, "total"): print}))
    source.stop()
    source.stop()
    assert sys.gettrace() is before
    monitoring = getattr(sys, "monitoring", None)
    if monitoring is not None:
        assert "pyprobe" not in [monitoring.get_tool(tool) for tool in range(6)]


def test_an_unknown_source_is_refused_with_those_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(EVENT_SOURCE_VARIABLE, "magic")
    with pytest.raises(PyProbeError, match="monitoring or settrace"):
        choose_event_source(Door(print))


def test_the_choice_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(EVENT_SOURCE_VARIABLE, raising=False)
    chosen, reason = choose_event_source(Door(print))
    expected = "monitoring" if sys.version_info >= (3, 12) else "settrace"
    assert chosen.name == expected
    assert f"{sys.version_info[0]}.{sys.version_info[1]}" in reason
