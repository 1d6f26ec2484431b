"""The service thread forgets no capture by sleeping, nor wakes in vain for long."""

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from pyprobe.core import rhythm as rhythm_module
from pyprobe.core.capture_log import CaptureLog
from pyprobe.core.gate import Gate
from pyprobe.core.rhythm import FLUSH_INTERVAL_NS, Rhythm
from tests.core.capturing import Capturer

if TYPE_CHECKING:
    from pyprobe.core.engine import Engine


BEAT_NS = 25_000_000


class Clock:
    """A clock that stands still until it is set on."""

    def __init__(self) -> None:
        self.now_ns = 1_000_000_000

    def __call__(self) -> int:
        return self.now_ns


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that the rhythm follows."""
    clock = Clock()
    monkeypatch.setattr(rhythm_module, "perf_counter_ns", clock)
    return clock


@pytest.fixture
def rhythm(clock: Clock) -> Rhythm:
    """The rhythm of a target in which nothing is due."""
    return Rhythm(Capturer().engine, CaptureLog(), Gate())


def sleep(rhythm: Rhythm, clock: Clock) -> float:
    """Sleep as long as the rhythm wants, unless nothing wakes the thread; return the seconds."""
    rhythm.before_sleep()
    slept_s = rhythm.sleep_s()
    clock.now_ns += round(slept_s * 1e9)
    rhythm.after_sleep(was_woken=False)
    return slept_s


def test_after_a_turn_it_looks_again_soon_and_then_ever_later(rhythm: Rhythm, clock: Clock) -> None:
    """A hit that has rung, or has not, may append its capture only when the thread sleeps again."""
    assert [round(sleep(rhythm, clock), 6) for _ in range(4)] == [0.1, 0.4, 1.6, 6.4]
    rhythm.after_sleep(was_woken=True)
    assert [round(sleep(rhythm, clock), 6) for _ in range(3)] == [0.1, 0.4, 1.6]


def test_a_turn_without_work_for_it_puts_off_no_look(rhythm: Rhythm, clock: Clock) -> None:
    """Counters are sent at turns of their own: to look again soon after each is a turn in vain."""
    sleep(rhythm, clock)
    clock.now_ns += 100_000_000
    rhythm.after_sleep(was_woken=False)
    assert [round(sleep(rhythm, clock), 6) for _ in range(2)] == [0.3, 1.6]


def flush(rhythm: Rhythm, log: CaptureLog, captures: int) -> None:
    """Have so many captures come, and the thread flush them when it is time."""
    for _ in range(captures):
        log.extend((1, 0, 0, 1.0))
    assert rhythm.flush_is_due()
    rhythm.flushes()
    log.drain()


def test_in_a_stream_no_hit_rings_and_the_next_flush_is_an_interval_later(clock: Clock) -> None:
    """To be rung for the first of a batch is a turn for nothing, beside each one for a flush."""
    gate, log = Gate(), CaptureLog()
    rhythm = Rhythm(Capturer().engine, log, gate)
    for _ in range(3):
        flush(rhythm, log, 1000)
        rhythm.before_sleep()
        assert not gate.attention
        assert sleep(rhythm, clock) == pytest.approx(FLUSH_INTERVAL_NS / 1e9)


@pytest.mark.parametrize("captures", [1, 1000])
def test_when_a_stream_has_ended_or_there_is_none_the_next_hit_rings(
    clock: Clock, captures: int
) -> None:
    gate, log = Gate(), CaptureLog()
    rhythm = Rhythm(Capturer().engine, log, gate)
    flush(rhythm, log, captures)
    if captures > 1:
        sleep(rhythm, clock)
        assert not rhythm.flush_is_due()
    rhythm.before_sleep()
    assert gate.attention
    assert sleep(rhythm, clock) > 3 * FLUSH_INTERVAL_NS / 1e9


def test_what_is_flushed_because_it_is_large_makes_a_stream_too(clock: Clock) -> None:
    gate, log = Gate(), CaptureLog()
    rhythm = Rhythm(Capturer().engine, log, gate)
    gate.add_bytes(gate.flush_bytes, in_ring=True)
    flush(rhythm, log, 1)
    gate.drained()
    rhythm.before_sleep()
    assert not gate.attention


class HotLine:
    """The engine of a program that uses up the budget at once, in each of its windows."""

    def __init__(self, clock: Clock, *, slows_code: bool = False) -> None:
        self._clock = clock
        self.source = SimpleNamespace(slows_code=slows_code)
        self.due_ns: int | None = clock.now_ns
        self.is_unsettled = False
        self.is_plain_at_once = not slows_code
        self.probes = {1: "a line"}
        self.settled: list[bool] = []  # for each settling, whether it was of all code

    def has_armed(self) -> bool:
        return bool(self.probes)

    def next_due_ns(self, slack_ns: int = 0) -> int | None:
        return self.due_ns

    def rearm_due(self, now_ns: int) -> bool:
        is_due = self.due_ns is not None and self.due_ns <= now_ns
        if is_due:
            self.due_ns = None  # the thread sleeps when the line runs again, and is not told
            self.is_unsettled = not self.is_plain_at_once
        return is_due

    def beat_interval_ns(self) -> int:
        return BEAT_NS

    def has_slowed_code(self) -> bool:
        return False

    def has_unsettled(self) -> bool:
        return self.is_unsettled

    def settle_armed(self, *, all_of_it: bool = False) -> None:
        self.is_unsettled = False
        self.settled.append(all_of_it)


@pytest.mark.parametrize("late_ns", [0, 1_000_000])
def test_a_program_whose_probes_are_armed_at_an_interval_is_interrupted_once_in_each(
    clock: Clock, late_ns: int
) -> None:
    """Neither the first hit nor waiting captures wake the thread; the next arming fetches them.

    A timed probe is due an interval after its hit, which comes a little later than its arming.
    """
    engine, gate, log = HotLine(clock), Gate(), CaptureLog()
    rhythm = Rhythm(cast("Engine", engine), log, gate)
    rhythm.after_sleep(was_woken=False)
    for _ in range(5):
        log.extend((1, clock.now_ns, 0, 1.0))
        rhythm.before_sleep()
        assert not gate.attention
        engine.due_ns = clock.now_ns + BEAT_NS + late_ns
        slept_s = rhythm.sleep_s()
        assert slept_s == pytest.approx((BEAT_NS + late_ns) / 1e9)
        clock.now_ns += round(slept_s * 1e9)
        rhythm.after_sleep(was_woken=False)
        assert rhythm.flush_is_due()


def test_code_that_stays_slow_until_it_is_settled_is_given_a_turn_soon_after_its_arming(
    clock: Clock,
) -> None:
    """On 3.12; what was captured in between is sent with that turn, and the next beat is kept."""
    engine, log = HotLine(clock, slows_code=True), CaptureLog()
    rhythm = Rhythm(cast("Engine", engine), log, Gate())
    rhythm.after_sleep(was_woken=False)
    for _ in range(3):
        log.extend((1, clock.now_ns, 0, 1.0))
        engine.due_ns = clock.now_ns + BEAT_NS
        assert sleep(rhythm, clock) < BEAT_NS / 10e9
        assert rhythm.flush_is_due()
        rhythm.flushes()
        log.drain()
        assert sleep(rhythm, clock) > BEAT_NS / 2e9


def test_where_such_a_turn_follows_the_arming_is_all_that_is_done_at_the_beat(clock: Clock) -> None:
    engine = HotLine(clock, slows_code=True)
    rhythm = Rhythm(cast("Engine", engine), CaptureLog(), Gate())
    assert not rhythm.after_sleep(was_woken=False)
    assert rhythm.after_sleep(was_woken=False)
    engine.due_ns = clock.now_ns
    assert rhythm.after_sleep(was_woken=True)
    plain = Rhythm(cast("Engine", HotLine(clock)), CaptureLog(), Gate())
    assert plain.after_sleep(was_woken=False)


def test_code_that_is_plain_at_once_is_given_no_such_turn(clock: Clock) -> None:
    engine, log = HotLine(clock, slows_code=True), CaptureLog()
    engine.is_plain_at_once = True
    rhythm = Rhythm(cast("Engine", engine), log, Gate())
    rhythm.after_sleep(was_woken=False)
    engine.settled.clear()
    slept_s = []
    for _ in range(3):
        log.extend((1, clock.now_ns, 0, 1.0))
        engine.due_ns = clock.now_ns + BEAT_NS
        slept_s.append(sleep(rhythm, clock))
        assert rhythm.flush_is_due()
        rhythm.flushes()
        log.drain()
    assert slept_s == [BEAT_NS / 1e9] * 3
    assert not engine.settled


def test_code_that_is_armed_by_a_command_is_settled_soon_after_it(clock: Clock) -> None:
    engine = HotLine(clock, slows_code=True)
    engine.due_ns = None
    rhythm = Rhythm(cast("Engine", engine), CaptureLog(), Gate())
    rhythm.after_sleep(was_woken=True)
    engine.settled.clear()
    rhythm.after_sleep(was_woken=True)
    engine.is_unsettled = True  # as the command is obeyed
    assert sleep(rhythm, clock) < BEAT_NS / 10e9
    assert engine.settled == [False]


def test_what_was_just_armed_is_given_the_time_to_run_before_it_is_settled(clock: Clock) -> None:
    engine = HotLine(clock, slows_code=True)
    rhythm = Rhythm(cast("Engine", engine), CaptureLog(), Gate())
    for _ in range(60):
        engine.due_ns = clock.now_ns
        engine.settled.clear()
        rhythm.after_sleep(was_woken=False)
        rhythm.after_sleep(was_woken=True)  # a command comes in between
        assert not engine.settled
        clock.now_ns += 2_000_000
        rhythm.after_sleep(was_woken=False)
        assert len(engine.settled) == 1
        clock.now_ns += BEAT_NS


def test_all_that_is_armed_is_settled_at_looks_which_become_rare(clock: Clock) -> None:
    engine = HotLine(clock, slows_code=True)
    engine.due_ns = None
    rhythm = Rhythm(cast("Engine", engine), CaptureLog(), Gate())
    rhythm.after_sleep(was_woken=True)
    engine.settled.clear()
    assert sum(sleep(rhythm, clock) for _ in range(3)) < 3.0
    assert len(engine.settled) >= 2
    assert all(engine.settled)
    assert sum(sleep(rhythm, clock) for _ in range(10)) > 400


def test_without_a_probe_nothing_is_settled(clock: Clock) -> None:
    engine = HotLine(clock, slows_code=True)
    engine.due_ns, engine.probes = None, {}
    rhythm = Rhythm(cast("Engine", engine), CaptureLog(), Gate())
    assert sum(sleep(rhythm, clock) for _ in range(12)) > 400
    assert not engine.settled


def test_a_line_that_runs_no_more_lets_the_next_hit_wake_the_thread(clock: Clock) -> None:
    engine, gate = HotLine(clock), Gate()
    rhythm = Rhythm(cast("Engine", engine), CaptureLog(), gate)
    rhythm.after_sleep(was_woken=False)
    clock.now_ns += BEAT_NS
    rhythm.after_sleep(was_woken=False)
    rhythm.before_sleep()
    assert gate.attention


def test_a_capture_waits_for_no_arming_that_comes_much_later(clock: Clock) -> None:
    engine, log = HotLine(clock), CaptureLog()
    rhythm = Rhythm(cast("Engine", engine), log, Gate())
    rhythm.after_sleep(was_woken=False)
    log.extend((1, clock.now_ns, 0, 1.0))
    engine.due_ns = clock.now_ns + 2 * BEAT_NS
    assert rhythm.sleep_s() == pytest.approx(BEAT_NS / 1e9)


def test_an_idle_hour_costs_a_few_looks(rhythm: Rhythm, clock: Clock) -> None:
    end_ns = clock.now_ns + 3_600_000_000_000
    looks = 0
    while clock.now_ns < end_ns:
        sleep(rhythm, clock)
        looks += 1
    assert looks < 20
