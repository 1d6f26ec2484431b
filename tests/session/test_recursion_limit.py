"""Programs that reach their recursion limit: stops and steps are where they are elsewhere."""

import pytest

from pyprobe.core.debug.records import ExceptionStops, StepKind
from tests.session.conftest import MakeSession
from tests.session.running import until, until_end
from tests.session.stepping import step, stop_of

CAUGHT = """\
def deep(n):
    return deep(n + 1)
def safe():
    try:
        deep(0)
    except RecursionError:
        pass
    return 1
def plain(n):
    return n if n == 0 else plain(n - 1)
breakpoint()
a = safe()
b = 2
c = plain(960)
d = 4
"""
UNCAUGHT = {
    "main": "def deep(n):\n    return deep(n + 1)\ndeep(0)\n",
    "thread": """\
import threading
def deep(n):
    return deep(n + 1)
thread = threading.Thread(target=deep, args=(0,))
thread.start()
thread.join()
""",
}


def test_a_step_over_the_recursion_limit_ends_at_the_next_line(make_session: MakeSession) -> None:
    session, _heard, _file = make_session(CAUGHT)
    assert session.debug.stop is None
    session.start()
    assert stop_of(session).line == 11
    assert [step(session, StepKind.OVER).line for _ in range(4)] == [12, 13, 14, 15]
    session.resume()
    assert until_end(session).exit_code == 0


@pytest.mark.parametrize("where", UNCAUGHT)
def test_the_recursion_limit_stops_as_uncaught(make_session: MakeSession, where: str) -> None:
    session, heard, _file = make_session(UNCAUGHT[where])
    session.breakpoints.set_exception_stops(ExceptionStops(uncaught=True))
    session.start()
    stop = stop_of(session)
    assert stop.function == "deep"
    assert stop.detail == "RecursionError: maximum recursion depth exceeded (uncaught)"
    session.resume()
    until_end(session)
    assert heard.output["stderr"].count("RecursionError") == 1
    assert "pyprobe/core" not in heard.output["stderr"]


RAW_THREAD = """\
import _thread, time
ended = _thread.allocate_lock()
ended.acquire()
def count(n):
    return n
class Ended:
    def __enter__(self): pass
    def __exit__(self, *_): ended.release()
def work():
    while not began:
        count(1)
    with Ended():
        raise KeyError("raw")
began = False
_thread.start_new_thread(work, ())
breakpoint()
began = True
ended.acquire()
time.sleep(0.2)
"""


def test_a_thread_that_threading_does_not_know_stops_where_it_raises(
    make_session: MakeSession,
) -> None:
    session, _heard, _file = make_session(RAW_THREAD)
    session.breakpoints.set_exception_stops(ExceptionStops(uncaught=True))
    session.start()
    assert stop_of(session).line == 16
    until(session, lambda: len(session.debug.stops) == 2, "the thread that halts, so is heard")
    session.resume()
    until(session, lambda: session.debug.stop is None or session.debug.stop.line != 16, "going on")
    stop = stop_of(session)
    assert (stop.line, stop.detail) == (13, "KeyError: 'raw' (uncaught)")
