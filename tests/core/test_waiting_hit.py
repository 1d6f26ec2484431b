"""A hit of a thread that waits for its turn right there is taken without arming anything."""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from time import perf_counter_ns
from types import CodeType, FrameType, SimpleNamespace
from weakref import ref

import pytest

from pyprobe.core.events.choose import EVENT_SOURCE_VARIABLE
from pyprobe.core.throttle import ThrottleStrategy, WatchConfig
from tests.core.capturing import Capturer, marked_occurrences

IS_MONITORED = sys.version_info >= (3, 12) and os.environ.get(EVENT_SOURCE_VARIABLE) != "settrace"

LOOP = """\
from itertools import repeat
def loop(state):
    i = 0.0
    for _ in repeat(None):
        if not state.goes_on:
            break
        state.rounds = i = i + 1.0
        x = -1.0
        x = i * 2.0  # probe: x
loop(state)
"""
OTHER_LOOP = """\
def loop(state):
    for i in range(1000):
        x = i * 2.0  # probe: x
    state.is_elsewhere.set()
    while state.goes_on:
        state.rounds = i = i + 1
loop(state)
"""
SEVERAL = LOOP.replace(
    """\
        x = -1.0
        x = i * 2.0  # probe: x
""",
    """\
        a = i * 1.0  # probe: a
        b = a + 0.25  # probe: b
        x = a + 0.5  # probe: x
""",
)
assert "probe: b" in SEVERAL
LISTS = LOOP.replace("i * 2.0", "[i]")
HOLDING = LOOP.replace("    i = 0.0", "    held = state.make()\n    i = 0.0")
assert "held" in HOLDING
CONSTANTS = LOOP.replace("x = i * 2.0", "x = 1")
INTEGERS = LOOP.replace("i = 0.0", "i = 1000").replace("1.0", "1").replace("2.0", "2")


class Running:
    """A program that runs in a thread, with probes every 5 ms; ``armed`` grows by re-arming."""

    def __init__(self, folder: Path, source: str, threads: int = 1) -> None:
        path = folder / "program.py"
        path.write_text(source)
        self.capturer = Capturer(looks=True)
        self.state = SimpleNamespace(goes_on=True, is_elsewhere=Event(), rounds=0)
        self.state.make = self._make_held
        self.armed: list[CodeType] = []
        self.pause = Event()
        self.taken: list[tuple[object, int]] = []
        self._watch_arming()
        self.capturer.engine.start()
        for occurrence in marked_occurrences(source):
            config = WatchConfig(occurrence.symbol, ThrottleStrategy.TIME_BASED, 5.0)
            self.capturer.add(path, occurrence, config)
        code = compile(source, str(path), "exec")
        self.threads = [
            Thread(target=exec, args=(code, {"state": self.state})) for _ in range(threads)
        ]
        for thread in self.threads:
            thread.start()
        self.wait_for(lambda: bool(self._drained()))  # the first hit, which has to be armed for

    def _make_held(self) -> object:
        held = Event()
        self.state.held = ref(held)
        return held

    def _watch_arming(self) -> None:
        source = self.capturer.source
        rearm: Callable[[CodeType], None] = source.rearm

        def watched(code: CodeType) -> None:
            self.armed.append(code)
            rearm(code)

        source.rearm = watched  # type: ignore[method-assign]

    def _drained(self) -> list[object]:
        captured = self.capturer.drain()
        self.taken += zip(captured.values, captured.threads, strict=True)
        return captured.values

    def due_turn(self) -> list[object]:
        """Wait until the probes are due and the program has gone on; then do a turn."""
        rounds = self.state.rounds
        self.wait_for(lambda: perf_counter_ns() >= (self.capturer.engine.next_due_ns() or 0))
        self.wait_for(lambda: self.state.rounds != rounds)
        return self.turn(perf_counter_ns())

    def turn(self, now_ns: int) -> list[object]:
        """Do what the service thread does; return what is captured then."""
        self.capturer.engine.rearm_due(now_ns)
        return self._drained()

    def threads_in(self, function: str) -> int:
        """Return how many of the threads run code of a function right now."""
        frames = sys._current_frames()
        running = [frames.get(thread.ident or 0) for thread in self.threads]
        return sum(frame is not None and frame.f_code.co_name == function for frame in running)

    def wait_for(self, condition: Callable[[], bool]) -> None:
        deadline_ns = perf_counter_ns() + 20_000_000_000
        while not condition():
            assert perf_counter_ns() < deadline_ns
            self.pause.wait(0.001)

    def end(self) -> None:
        self.state.goes_on = False
        for thread in self.threads:
            thread.join()
        self.capturer.engine.stop()


@contextmanager
def running(folder: Path, source: str, threads: int = 1) -> Iterator[Running]:
    program = Running(folder, source, threads)
    try:
        yield program
    finally:
        program.end()


@contextmanager
def nobody_else_runs() -> Iterator[None]:
    """Keep the interpreter's lock, as long as nothing waits."""
    before_s = sys.getswitchinterval()
    sys.setswitchinterval(1000.0)
    try:
        yield
    finally:
        sys.setswitchinterval(before_s)


@pytest.fixture
def no_collector() -> Iterator[None]:
    """Leave cycles where they are."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def take_turns(program: Running, count: int) -> list[object]:
    values: list[object] = []
    for _ in range(count):
        values += program.due_turn()
    return values


def test_a_hot_loop_is_not_armed_again(tmp_path: Path) -> None:
    with running(tmp_path, LOOP) as program:
        values = take_turns(program, 20)
        if IS_MONITORED:
            assert not program.armed
            assert len(values) == 20
        else:
            assert program.armed


def test_each_value_is_one_that_the_line_has_bound(tmp_path: Path) -> None:
    with running(tmp_path, LOOP) as program:
        take_turns(program, 50)
        program.wait_for(lambda: len(program.taken) > 1)
        values = [value for value, _thread in program.taken if type(value) is float]
        assert len(values) == len(program.taken)
        assert values == sorted(set(values))
        assert all(value > 0 and value % 2.0 == 0.0 for value in values)
        assert {thread for _value, thread in program.taken} == {program.threads[0].ident}


def test_integers_are_taken_too(tmp_path: Path) -> None:
    with running(tmp_path, INTEGERS) as program:
        values = take_turns(program, 20)
        if IS_MONITORED:
            assert not program.armed
            assert len(values) == 20
        assert all(type(value) is int for value in values)


@pytest.mark.parametrize("source", [LISTS, CONSTANTS])
def test_what_may_change_or_be_the_same_object_is_left_to_the_handler(
    source: str, tmp_path: Path
) -> None:
    with running(tmp_path, source) as program:
        program.wait_for(lambda: len(program.taken) + len(program.due_turn()) > 3)
        assert program.armed


def test_a_thread_that_waits_elsewhere_has_its_code_armed(tmp_path: Path) -> None:
    with running(tmp_path, OTHER_LOOP) as program:
        program.wait_for(program.state.is_elsewhere.is_set)
        assert take_turns(program, 1) == []
        assert program.armed


def test_of_two_threads_in_the_same_loop_none_is_preferred(tmp_path: Path) -> None:
    with running(tmp_path, LOOP, threads=2) as program:
        program.wait_for(lambda: program.threads_in("loop") == 2)
        take_turns(program, 1)
        assert program.armed


def test_a_hit_is_not_taken_twice(tmp_path: Path) -> None:
    with running(tmp_path, LOOP) as program, nobody_else_runs():
        later_ns = perf_counter_ns() + 1_000_000_000
        assert len(program.turn(later_ns)) == IS_MONITORED
        assert program.turn(later_ns) == []
        assert program.armed


@pytest.mark.skipif(not IS_MONITORED, reason="jumps are not armed alone without sys.monitoring")
def test_a_hit_that_its_handler_has_taken_is_not_taken_again(tmp_path: Path) -> None:
    with running(tmp_path, LOOP) as program:
        ((hit,),) = program.capturer.engine.rearming._waiting_hits.values()
        (thread,) = program.threads
        with nobody_else_runs():
            frame = sys._current_frames()[thread.ident or 0]
            assert frame.f_lasti == hit.waiting_offset
            assert hit.noted(lambda frame: True)(frame)
            assert not hit.take()
        program.wait_for(lambda: hit.take())
        assert not program.armed


def test_probes_in_the_middle_of_a_loop_are_taken_together(tmp_path: Path) -> None:
    with running(tmp_path, SEVERAL) as program:
        turns = [program.due_turn() for _ in range(20)]
        if IS_MONITORED:
            assert not program.armed
            assert all(len(values) == 3 for values in turns[-10:])  # as soon as they are in step
        for values in turns:
            numbers = [value for value in values if isinstance(value, float)]
            assert numbers == sorted(numbers)  # in the order in which they were bound
            assert {number % 1 for number in numbers} <= {0.0, 0.25, 0.5}


@pytest.mark.skipif(not IS_MONITORED, reason="no thread waits in plain code under a trace hook")
def test_no_value_but_a_number_is_held(tmp_path: Path) -> None:
    with running(tmp_path, LISTS) as program:
        ((hit,),) = program.capturer.engine.rearming._waiting_hits.values()
        take_turns(program, 2)
        assert not hit._last


@pytest.mark.skipif(not IS_MONITORED, reason="a trace hook looks at no thread that waits")
def test_what_the_program_lets_go_of_is_gone(tmp_path: Path, no_collector: None) -> None:
    with running(tmp_path, HOLDING) as program:
        take_turns(program, 5)
    assert len(program.taken) >= 5
    assert program.state.held() is None


@pytest.mark.skipif(not IS_MONITORED, reason="a trace hook looks at no thread that waits")
def test_a_hit_is_taken_once_where_there_is_no_room_to_note_it(tmp_path: Path) -> None:
    with running(tmp_path, LOOP) as program:
        ((hit,),) = program.capturer.engine.rearming._waiting_hits.values()
        taken: list[FrameType] = []

        def take(frame: FrameType) -> bool:
            taken.append(frame)
            return True

        def note(frame_id: int, value: object) -> None:
            raise RecursionError

        hit._note = note  # type: ignore[method-assign]
        assert hit.noted(take)(sys._getframe())
        assert len(taken) == 1


def test_captures_that_are_heard_are_taken_at_the_hit(tmp_path: Path) -> None:
    with running(tmp_path, LOOP) as program:
        program.capturer.engine.hear_captures(lambda probe_id, value: None)
        program.wait_for(lambda: program.capturer.engine.next_due_ns() is not None)
        take_turns(program, 1)
        assert program.armed
