"""Event sources: armed places only, pause and resume, and every hook given back."""

import sys
import threading
from collections.abc import Generator, Iterator
from operator import attrgetter
from types import CodeType, FrameType, TracebackType

import pytest

from pyprobe.core.code_map import CodeMap
from pyprobe.core.door import Door
from pyprobe.core.events.base import BREAKPOINTS, CodeSites, EventSource
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


def below(number: int) -> int:
    half = number // 2
    return half + 1


def lines_of(code: CodeType) -> list[int]:
    """Return the numbers of the lines that hold instructions, without that of the ``def``."""
    return sorted({line for _start, _end, line in code.co_lines() if line} - {code.co_firstlineno})


def test_delivers_the_arrival_at_a_line(source: EventSource) -> None:
    arrived: list[tuple[int, object]] = []
    first, second = lines_of(below.__code__)

    def arrive(frame: FrameType) -> None:
        arrived.append((frame.f_lineno, frame.f_locals.get("half")))

    source.start(lambda code: None)
    source.arm(below.__code__, CodeSites(lines={second: arrive}))
    below(6)
    source.arm(below.__code__, CodeSites(every_line=arrive))
    below(8)
    source.disarm(below.__code__)
    below(8)
    assert arrived == [(second, 3), (first, None), (second, 4)]


def test_a_line_that_is_disabled_comes_back_when_re_armed(source: EventSource) -> None:
    arrived: list[int] = []

    def arrive(frame: FrameType) -> object:
        arrived.append(frame.f_lineno)
        return source.disable

    source.start(lambda code: None)
    line = lines_of(below.__code__)[1]
    source.arm(below.__code__, CodeSites(lines={line: arrive}))
    below(1)
    below(1)
    source.rearm(below.__code__)
    below(1)
    assert arrived == [line, line]


def numbers() -> Generator[int]:
    yield 1
    yield 2


def test_delivers_every_yield_and_return(source: EventSource) -> None:
    left: list[tuple[str, object]] = []
    source.start(lambda code: None)
    source.arm(
        numbers.__code__,
        CodeSites(
            every_yield=lambda frame, value: left.append(("yield", value)),
            every_return=lambda frame, value: left.append(("return", value)),
        ),
    )
    assert list(numbers()) == [1, 2]
    assert left == [("yield", 1), ("yield", 2), ("return", None)]


def test_a_frame_that_is_left_by_an_exception_unwinds(source: EventSource) -> None:
    left: list[str] = []
    source.start(lambda code: None)
    sites = CodeSites(
        every_yield=lambda frame, value: left.append("yield"),
        unwind=lambda frame: left.append("unwind"),
    )
    source.arm(numbers.__code__, sites)
    running = numbers()
    next(running)
    with pytest.raises(KeyError):
        running.throw(KeyError())
    assert left == ["yield", "unwind"]


def test_layers_of_one_code_object_are_put_together(source: EventSource) -> None:
    heard: list[str] = []
    line = lines_of(hot.__code__)[-1]
    source.start(lambda code: None)
    offset = store_offset(hot.__code__, "total")
    source.arm(hot.__code__, CodeSites(lines={line: lambda frame: heard.append("step")}), layer="s")
    source.arm(hot.__code__, CodeSites(before={offset: lambda frame: heard.append("probe")}))
    at_line = CodeSites(lines={line: lambda frame: heard.append("break")})
    source.arm(hot.__code__, at_line, layer=BREAKPOINTS)
    hot(1)
    source.disarm(hot.__code__)
    hot(1)
    source.disarm(hot.__code__, layer="s")
    hot(1)
    source.disarm(hot.__code__, layer=BREAKPOINTS)
    hot(1)
    assert heard == ["probe", "break", "step", "break", "step", "break"]


def test_one_layer_that_wants_no_more_leaves_the_place_to_the_others(source: EventSource) -> None:
    heard: list[str] = []
    line = lines_of(hot.__code__)[-1]

    def once(frame: FrameType) -> object:
        heard.append("once")
        return source.disable

    source.start(lambda code: None)
    source.arm(hot.__code__, CodeSites(lines={line: once}), layer=BREAKPOINTS)
    source.arm(hot.__code__, CodeSites(every_line=lambda f: heard.append("all")), layer="s")
    hot(0)
    hot(0)
    assert heard.count("all") == 2 * 3


def test_a_listener_hears_lines_of_all_code_until_it_wants_no_more(source: EventSource) -> None:
    arrived: list[str] = []

    def hear(frame: FrameType) -> object:
        if frame.f_code not in (below.__code__, hot.__code__):
            return None
        arrived.append(frame.f_code.co_name)
        return source.disable if frame.f_code is hot.__code__ else None

    source.start(lambda code: None)
    source.listen_to_lines(hear)
    below(1)
    hot(3)
    once = arrived.count("hot")
    hot(3)
    assert (arrived.count("below"), arrived.count("hot")) == (2, once)
    source.listen_to_lines(hear)  # anew
    hot(3)
    assert arrived.count("hot") == 2 * once
    source.listen_to_lines(None)
    below(1)
    assert arrived.count("below") == 2


def test_a_listener_hears_the_lines_of_running_frames(source: EventSource) -> None:
    heard = threading.Event()
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            stop.is_set()

    def hear(frame: FrameType) -> None:
        if frame.f_code is work.__code__:
            heard.set()

    source.start(lambda code: None)
    source.exempt_this_thread()
    worker = threading.Thread(target=work)
    worker.start()
    source.listen_to_lines(hear)
    assert heard.wait(20)
    source.listen_to_lines(None)
    stop.set()
    worker.join(20)
    assert not worker.is_alive()


def test_a_listener_hears_exceptions(source: EventSource) -> None:
    raised: list[tuple[str, str]] = []

    def fail() -> None:
        raise KeyError("k")

    def handle() -> None:
        try:
            fail()
        except KeyError:
            return

    def hear(
        frame: FrameType, error: BaseException, traceback: TracebackType | None, offset: int
    ) -> None:
        assert offset == frame.f_lasti
        assert traceback is not None
        assert traceback.tb_frame is frame
        raised.append((frame.f_code.co_name, repr(error)))

    source.start(lambda code: None)
    source.listen_to_raises(hear)
    handle()
    source.listen_to_raises(None)
    handle()
    assert raised == [("fail", "KeyError('k')"), ("handle", "KeyError('k')")]


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
