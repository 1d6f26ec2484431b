"""Stopping: which threads stand, what they do meanwhile, and what lets them go on."""

import _imp
import queue
import signal
import sys
import threading
import weakref
from functools import partial
from pathlib import Path
from types import FrameType

import pytest

from pyprobe.core.debug.records import StopReason
from pyprobe.errors import PyProbeError
from pyprobe.ipc.messages import Message, Pause, Resume, State, Stopped
from tests.core.debug.walking import END, PATIENCE_S, Walk

TWO_THREADS = """\
import threading
done = []
counts = {"other": 0}

def other():
    while not done:
        counts["other"] += 1  # counting

def main():
    t = threading.Thread(target=other, name="other")
    t.start()
    while not counts["other"]:
        pass
    a = 1  # start
    b = 2  # b
    c = 3  # c
    done.append(1)  # set
    t.join()

main()
"""


IMPORTING = """\
import threading
import _frozen_importlib
done, rounds = [], []

def importing():
    while not done:
        _frozen_importlib._get_module_lock("nowhere")  # the import lock is held for most of this
        rounds.append(1)

def main():
    t = threading.Thread(target=importing, name="importing")
    t.start()
    while len(rounds) < 100:
        pass
    a = 1  # start
    t.join()

main()
"""


class Heard:
    """Messages as they come."""

    def __init__(self, walking: Walk) -> None:
        self._messages: queue.SimpleQueue[Message] = queue.SimpleQueue()
        walking.also_tell = self._messages.put

    def stop_of(self, reason: StopReason) -> Stopped:
        """Wait for a stop of this reason."""
        while True:
            message = self._messages.get(timeout=PATIENCE_S)
            if isinstance(message, Stopped) and message.reason == reason.value:
                return message


def test_all_threads_halt_where_one_stops_and_go_on_with_it(tmp_path: Path) -> None:
    walking = Walk(tmp_path, TWO_THREADS)
    heard = Heard(walking)
    with walking.running():
        assert walking.next_stop() == "start"
        other = heard.stop_of(StopReason.OTHER)
        assert (other.thread_name, other.function) == ("other", "other")
        counts = walking.namespace["counts"]
        standing = counts["other"]
        threads = {thread.place.thread_name for thread in walking.debugger.stopper.standing}
        assert threads == {"program", "other"}
        assert walking.standing().place.thread_name == "program"
        assert counts["other"] == standing
        assert walking.step("over") == "b a=1"
        heard.stop_of(StopReason.OTHER)
        assert walking.step("over") == "c a=1 b=2"
        walking.debugger.obey(Resume(1))
        assert walking.next_stop() == END


@pytest.mark.parametrize("reason", [StopReason.OTHER, StopReason.PAUSE])
def test_a_thread_on_its_way_to_stand_goes_on_where_all_have_gone_on_meanwhile(
    tmp_path: Path, reason: StopReason
) -> None:
    walking = Walk(tmp_path, TWO_THREADS)
    stopper = walking.debugger.stopper
    stopper.pause()
    stopper.go_on()
    late = threading.Thread(target=lambda: stopper.stop(sys._getframe(), reason))
    late.start()
    late.join(PATIENCE_S)
    still_stands = bool(stopper.standing)
    stopper.leave()
    late.join()
    assert not still_stands
    assert walking.messages == []


@pytest.mark.parametrize("asked", ["pause", "halt"])
def test_no_thread_stops_while_it_holds_the_lock_of_all_imports(tmp_path: Path, asked: str) -> None:
    walking = Walk(tmp_path, IMPORTING)
    heard = Heard(walking)
    with walking.running():
        walking.next_stop()
        stop = heard.stop_of(StopReason.OTHER)
        if asked == "pause":
            walking.debugger.obey(Resume(1))
            thread = next(t.ident for t in threading.enumerate() if t.name == "importing")
            walking.debugger.obey(Pause(2, thread or 0))
            stop = heard.stop_of(StopReason.PAUSE)
        held = _imp.lock_held()
        walking.namespace["done"].append(1)
    assert (stop.thread_name, stop.function, held) == ("importing", "importing", False)


def test_only_one_thread_stops_where_that_is_chosen(tmp_path: Path) -> None:
    walking = Walk(tmp_path, TWO_THREADS)
    walking.configure(all_threads=False)
    with walking.running():
        assert walking.next_stop() == "start"
        counts = walking.namespace["counts"]
        before = counts["other"]
        deadline = threading.Event()
        while counts["other"] <= before + 10:
            assert not deadline.wait(0)
        assert len(walking.debugger.stopper.standing) == 1
        assert walking.step("over") == "b a=1"
        assert not [m for m in walking.messages if isinstance(m, Stopped) and m.reason == "other"]
        walking.debugger.obey(Resume(1))
        assert walking.next_stop() == END


def test_each_of_two_threads_is_stepped_by_itself(tmp_path: Path) -> None:
    walking = Walk(tmp_path, TWO_THREADS)
    walking.configure(all_threads=False)
    with walking.running():
        walking.next_stop()
        main = walking.standing().ident
        other = next(t.ident for t in threading.enumerate() if t.name == "other")
        walking.debugger.obey(Pause(1, other or 0))
        walking.next_stop()
        assert walking.standing().ident == other
        assert walking.standing(main).frame.f_lineno == walking.line("start")
        assert walking.step("over", thread=main) == "b a=1"
        walking.step("over", thread=other or 0)
        assert len(walking.debugger.stopper.standing) == 2
        walking.debugger.obey(Resume(1))
        assert walking.next_stop() == END


def test_pause_stops_the_thread_that_is_chosen(tmp_path: Path) -> None:
    with Walk(tmp_path, TWO_THREADS.replace("done.append(1)", "pass")).running() as walking:
        walking.next_stop()
        walking.debugger.obey(Resume(1))
        other = next(t.ident for t in threading.enumerate() if t.name == "other")
        walking.debugger.obey(Pause(1, other or 0))
        stop = walking.next_stop()
        assert walking.last is not None
        assert (walking.last.thread, walking.last.reason) == (other, "pause")
        assert stop.split()[0] in ("counting", "while")
        walking.namespace["done"].append(1)
        walking.debugger.obey(Resume(1))
        assert walking.next_stop() == END


def test_the_thread_that_is_to_pause_is_told_of_first(tmp_path: Path) -> None:
    with Walk(tmp_path, TWO_THREADS.replace("done.append(1)", "spin()")).running() as walking:
        walking.namespace["spin"] = lambda: None
        walking.next_stop()
        main = walking.standing().ident
        for _ in range(20):
            walking.debugger.obey(Resume(1))
            walking.messages.clear()
            other = next(t.ident for t in threading.enumerate() if t.name == "other")
            walking.debugger.obey(Pause(1, other or 0))
            walking.next_stop()
            told = [m.thread for m in list(walking.messages) if isinstance(m, Stopped)]
            assert told[0] == other != main
        walking.namespace["done"].append(1)
        walking.debugger.obey(Resume(1))
        assert walking.next_stop() == END


def test_what_says_why_a_thread_stands_is_bounded(tmp_path: Path) -> None:
    with Walk(tmp_path, "a = 1  # start\n").running() as walking:
        walking.next_stop()
        walking.debugger.obey(Resume(1))
        assert walking.next_stop() == END
        walking.debugger.stop_at_watch(sys._getframe(), "never told: this thread is exempt")
        place = walking.debugger.stopper._place_of(
            sys._getframe().f_code, 1, StopReason.WATCH, 0, "py: " + "x" * 10_000 + "\ud800"
        )
    assert len(place.detail) == 1001


def test_the_state_is_told_before_and_after(tmp_path: Path) -> None:
    with Walk(tmp_path, "a = 1  # start\nb = 2  # b\n").running() as walking:
        walking.next_stop()
        walking.step("over")
        walking.debugger.obey(Resume(1))
        assert walking.next_stop() == END
    told = [m.state if isinstance(m, State) else type(m).__name__ for m in walking.messages]
    assert told == ["paused", "Stopped", "running", "paused", "Stopped", "running"]


def test_a_stopped_thread_does_what_it_is_asked_in_its_order(tmp_path: Path) -> None:
    with Walk(tmp_path, "a = 1  # start\nb = 2\n").running() as walking:
        walking.next_stop()
        thread = walking.standing()
        done: queue.SimpleQueue[tuple[int, int]] = queue.SimpleQueue()

        def tell(number: int) -> None:
            done.put((number, threading.get_ident()))

        for number in range(3):
            thread.submit(partial(tell, number))
        answers = [done.get(timeout=PATIENCE_S) for _ in range(3)]
        assert answers == [(number, thread.ident) for number in range(3)]
        walking.debugger.obey(Resume(1))
        walking.next_stop()
        with pytest.raises(PyProbeError, match="has gone on"):
            thread.submit(lambda: None)
        with pytest.raises(PyProbeError, match="has gone on"):
            _ = thread.frame


def test_a_step_ends_where_the_thread_stops_for_another_reason(tmp_path: Path) -> None:
    source = """\
def inner():
    x = 1  # inner
    return x

def main():
    a = inner()  # start
    b = 2  # b
    c = 3  # c

main()
"""
    with Walk(tmp_path, source).running() as walking:
        walking.next_stop()
        walking.stop_at("inner")
        assert walking.step("over") == "inner"
        assert walking.step("to c") == "c a=1 b=2"
        assert walking.debugger.stepping.is_idle


def test_a_pause_ends_a_step_that_lasts(tmp_path: Path) -> None:
    source = """\
def main():
    spin()  # start
    return 1

def spin():
    while not stop:
        i = 1

main()
"""
    walking = Walk(tmp_path, source)
    walking.namespace["stop"] = []
    with walking.running():
        walking.next_stop()
        walking.begin("over")
        walking.debugger.obey(Pause(1, 0))
        assert walking.next_stop().split()[0] in ("while", "i")
        assert walking.debugger.stepping.is_idle
        walking.namespace["stop"].append(1)
        walking.debugger.obey(Resume(1))
        assert walking.next_stop() == END


def test_a_step_holds_no_object_of_a_frame_that_has_ended(tmp_path: Path) -> None:
    source = """\
class Thing:
    pass

def inner():
    thing = Thing()
    watch(thing)
    return 1  # start

def main():
    inner()
    return alive()  # after

main()
"""
    alive: list[weakref.ref[object]] = []
    walking = Walk(tmp_path, source)
    walking.namespace["watch"] = lambda thing: alive.append(weakref.ref(thing))
    walking.namespace["alive"] = lambda: alive[0]() is not None
    with walking.running():
        walking.next_stop()
        assert walking.step("over").startswith("inner()")
        if not walking.engine.source.copies_locals:
            assert alive[0]() is None


def test_what_a_signal_handler_raises_while_it_stands_lets_the_thread_go_on(tmp_path: Path) -> None:
    """Run in this thread, as only the main thread gets signals."""

    class Interrupted(Exception):
        pass

    def raise_it(number: int, frame: FrameType | None) -> None:
        raise Interrupted

    walking = Walk(tmp_path, "a = 1  # start\nb = 2\n")
    before = signal.signal(signal.SIGUSR1, raise_it)
    try:
        with walking.running_here() as run:
            ready = threading.Event()
            killer = threading.Thread(target=interrupt_when_standing, args=(walking, ready))
            killer.start()
            assert ready.wait(PATIENCE_S)
            with pytest.raises(Interrupted):
                run()
            killer.join(PATIENCE_S)
            assert walking.debugger.stopper.standing == ()
            assert [m.state for m in walking.messages if isinstance(m, State)] == [
                "paused",
                "running",
            ]
    finally:
        signal.signal(signal.SIGUSR1, before)


def interrupt_when_standing(walking: Walk, ready: threading.Event) -> None:
    walking.exempt_this_thread()
    ready.set()
    walking.wait_for_stop()
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)


def test_a_thread_that_is_let_go_for_good_never_stops_again(tmp_path: Path) -> None:
    with Walk(tmp_path, "a = 1  # start\nb = 2  # b\nc = 3\n").running() as walking:
        walking.next_stop()
        walking.stop_at("b")
        walking.debugger.leave()
        assert walking.next_stop() == END


def test_a_generator_that_is_dropped_takes_its_step_with_it(tmp_path: Path) -> None:
    source = """\
class Thing:
    pass

def numbers():
    thing = Thing()
    watch(thing)
    yield 1  # start

def main():
    running = numbers()
    next(running)
    running = None
    wait()
    return 1

main()
"""
    alive: list[weakref.ref[object]] = []
    may_end = threading.Event()
    waits = threading.Event()
    walking = Walk(tmp_path, source)
    walking.namespace["watch"] = lambda thing: alive.append(weakref.ref(thing))

    def wait() -> None:
        waits.set()
        may_end.wait(PATIENCE_S)

    walking.namespace["wait"] = wait
    with walking.running():
        walking.next_stop()
        walking.begin("over")
        if sys.version_info < (3, 13):  # there it is closed, which is an exception in it
            assert walking.next_stop() == "wait() running=None"
            walking.debugger.obey(Resume(1))
        assert waits.wait(PATIENCE_S)
        walking.debugger.look()
        assert walking.debugger.stepping.is_idle
        assert walking.debugger.sleep_s() is None
        if not walking.engine.source.copies_locals or sys.version_info >= (3, 13):
            assert alive[0]() is None
        may_end.set()
        assert walking.next_stop() == END
