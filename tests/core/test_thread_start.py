"""Threads start with our hook, whatever an audit hook of the program does meanwhile."""

import _thread
import gc
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest

from pyprobe.core.events.thread_hooks import ThreadHooks
from pyprobe.core.events.thread_start import RawThreads

HAS_THEM = sys.version_info[:2] == (3, 11)  # the records of threads that can be changed

# The first thread stands in the audit of its settrace while the second one starts and ends.
PROGRAM = """
import sys, threading
from pyprobe.core.events.thread_start import AtThreadStart

class Listener:
    def __init__(self):
        self.heard = []
    def hear(self, frame, event, argument):
        if frame.f_code is work.__code__:
            self.heard.append(threading.current_thread().name)

def work():
    pass

entered, may_go_on = threading.Event(), threading.Event()
def audit(event, arguments):
    if event == "sys.settrace" and threading.current_thread().name == "first":
        entered.set()
        may_go_on.wait()

listener = Listener()
sys.addaudithook(audit)
threading.settrace(AtThreadStart(listener.hear, listener))
first = threading.Thread(target=work, name="first")
second = threading.Thread(target=work, name="second")
first.start()
entered.wait()
second.start()
second.join()
may_go_on.set()
first.join()
threading.settrace(None)
print(sorted(listener.heard))
"""


def test_no_thread_is_lost_to_two_that_start_at_once() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout == "['first', 'second']\n"


class Heard:
    """Hears the calls of functions, as a trace hook does."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def hear(self, frame: FrameType, event: str, argument: object) -> None:
        self.names.append(frame.f_code.co_name)


@pytest.fixture
def raw() -> Iterator[Heard]:
    heard = Heard()
    hooks = ThreadHooks()
    hooks.prepare(heard.hear)
    threads = RawThreads(heard.hear, hooks)
    before = _thread.start_new_thread
    threads.install()
    threads.install()
    sys.settrace(lambda *_: None)  # as in a program, every thread has one already
    yield heard
    sys.settrace(None)
    threads.remove()
    assert _thread.start_new_thread is before


def run(start: Callable[..., int], *arguments: Any) -> int:
    """Start a thread in either form of the call, and wait until it has ended."""
    ended = threading.Event()

    def work(*_args: Any, **_names: Any) -> None:
        first_call()
        ended.set()

    def first_call() -> None:
        sys.settrace(None)

    ident = start(work, *arguments)
    assert ended.wait(60)
    return ident


@pytest.mark.parametrize("arguments", [((),), ((1, 2), {"three": 3})])
def test_a_thread_that_threading_does_not_know_is_heard_from_its_first_call(
    raw: Heard, arguments: tuple[Any, ...]
) -> None:
    for _ in range(50):
        assert run(_thread.start_new_thread, *arguments)
    assert raw.names == (["work", "first_call"] * 50 if HAS_THEM else [])


def test_it_stands_in_a_class_as_the_interpreters_own_does(raw: Heard) -> None:
    starter: Any = type("Starter", (), {"start": _thread.start_new_thread})()
    assert run(starter.start, ())
    assert bool(raw.names) is HAS_THEM


@pytest.mark.usefixtures("raw")
def test_what_cannot_be_started_is_refused_as_always() -> None:
    for arguments in ((), (print,), (1, ()), (print, 1)):
        with pytest.raises(TypeError):
            _thread.start_new_thread(*arguments)
        assert gc.isenabled()


def test_threads_that_start_at_once_are_all_heard(raw: Heard) -> None:
    def start_many() -> None:
        for _ in range(20):
            run(_thread.start_new_thread, ())

    threading.settrace(lambda *_: None)
    starters = [threading.Thread(target=start_many) for _ in range(4)]
    for one in starters:
        one.start()
    for one in starters:
        one.join()
    threading.settrace(None)
    assert raw.names.count("work") == (80 if HAS_THEM else 0)
