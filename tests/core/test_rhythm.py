"""The service thread forgets no capture by sleeping, nor wakes in vain for long."""

import pytest

from pyprobe.core import rhythm as rhythm_module
from pyprobe.core.capture_log import CaptureLog
from pyprobe.core.gate import Gate
from pyprobe.core.rhythm import Rhythm
from tests.core.capturing import Capturer


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
    assert [round(sleep(rhythm, clock), 6) for _ in range(5)] == [0.1, 0.2, 0.4, 0.8, 1.6]
    rhythm.after_sleep(was_woken=True)
    assert [round(sleep(rhythm, clock), 6) for _ in range(3)] == [0.1, 0.2, 0.4]


def test_an_idle_hour_costs_a_few_looks(rhythm: Rhythm, clock: Clock) -> None:
    end_ns = clock.now_ns + 3_600_000_000_000
    looks = 0
    while clock.now_ns < end_ns:
        sleep(rhythm, clock)
        looks += 1
    assert looks < 20
