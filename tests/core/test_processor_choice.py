"""The service thread leaves the program's processor to it, and narrows nobody else's choice."""

import os
import sys
import threading
from collections.abc import Callable

import pytest

from pyprobe.core import processor_choice
from pyprobe.core.processor_choice import ProcessorChoice

LONG_NS = 1_000_000_000
ABSENT = "the interpreter has no os.sched_setaffinity"
pytestmark = pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason=ABSENT)

if sys.platform == "linux":
    ALLOWED = os.sched_getaffinity(0)
    allowed_now, allow = os.sched_getaffinity, os.sched_setaffinity


def without(*processors: int) -> set[int]:
    """Return what is left of the processors there are; all, if nothing would be."""
    return ALLOWED - set(processors) or ALLOWED


class Clock:
    """Time that the test lets pass."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now_ns = 0
        monkeypatch.setattr(processor_choice, "perf_counter_ns", lambda: self.now_ns)

    def look_later(self, choice: ProcessorChoice) -> None:
        self.now_ns += LONG_NS
        choice.look()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def in_a_thread(work: Callable[[], object]) -> None:
    """Run what chooses processors in a thread of its own, which takes its choice along."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - told below
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    for failure in failures:
        raise failure
    assert allowed_now(0) == ALLOWED


def test_it_leaves_the_processor_and_follows_the_program(clock: Clock) -> None:
    places = [min(ALLOWED), max(ALLOWED)]
    seen: list[set[int]] = []

    def work() -> None:
        choice = ProcessorChoice(lambda: places[len(seen)])
        for _ in places:
            clock.look_later(choice)
            seen.append(allowed_now(0))

    in_a_thread(work)
    assert seen == [without(min(ALLOWED)), without(max(ALLOWED))]


def test_it_does_not_look_again_at_once(clock: Clock) -> None:
    looks: list[int] = []

    def read() -> int:
        looks.append(clock.now_ns)
        return min(ALLOWED)

    def work() -> None:
        choice = ProcessorChoice(read)
        clock.look_later(choice)
        choice.look()
        clock.look_later(choice)

    in_a_thread(work)
    assert looks == [LONG_NS, 2 * LONG_NS]


def test_who_stays_is_looked_at_ever_more_rarely(clock: Clock) -> None:
    place, looks_ms = [min(ALLOWED)], []

    def read() -> int:
        looks_ms.append(clock.now_ns // 1_000_000)
        return place[0]

    def look_until(end_ms: int, choice: ProcessorChoice) -> list[int]:
        looks_ms.clear()
        while clock.now_ns < end_ms * 1_000_000:
            choice.look()
            clock.now_ns += 10_000_000
        return looks_ms.copy()

    def work() -> None:
        choice = ProcessorChoice(read)
        assert look_until(1_600, choice) == [0, 20, 60, 140, 300, 620, 940, 1_260, 1_580]
        if max(ALLOWED) > min(ALLOWED):
            place[0] = max(ALLOWED)
            assert look_until(2_000, choice) == [1_900, 1_920, 1_960]

    in_a_thread(work)


def test_what_somebody_else_has_chosen_since_is_kept(clock: Clock) -> None:
    place = [min(ALLOWED)]

    def work() -> None:
        choice = ProcessorChoice(lambda: place[0])
        clock.look_later(choice)
        allow(0, {min(ALLOWED)})
        place[0] = max(ALLOWED)
        clock.look_later(choice)
        assert allowed_now(0) == {min(ALLOWED)}

    in_a_thread(work)


def test_where_the_processor_is_not_known_it_asks_no_more(clock: Clock) -> None:
    asked: list[None] = []

    def work() -> None:
        choice = ProcessorChoice(lambda: asked.append(None))
        for _ in range(3):
            clock.look_later(choice)
        assert allowed_now(0) == ALLOWED

    in_a_thread(work)
    assert len(asked) == 1


def test_the_processor_of_the_main_thread_is_read(clock: Clock) -> None:
    def work() -> None:
        clock.look_later(ProcessorChoice())
        chosen = allowed_now(0)
        assert chosen <= ALLOWED
        assert len(chosen) == max(len(ALLOWED) - 1, 1)

    in_a_thread(work)
