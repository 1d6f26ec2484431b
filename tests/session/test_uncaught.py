"""Uncaught exceptions of real programs: where they stop that end in the outermost frame."""

import pytest

from pyprobe.core.debug.records import ExceptionStops, StepKind, StopPlace, StopReason
from pyprobe.session.session import Session
from tests.session.conftest import MakeSession
from tests.session.running import until, until_end
from tests.session.stepping import step, stop_of

LINES = {
    "with open('/dev/null'):\n    1 / 0\n": [2],
    "try:\n    1 / 0\nfinally:\n    x = 1\n": [2],
    """\
try:
    1 / 0
except ZeroDivisionError:
    try:
        {}["k"]
    except KeyError:
        pass
    raise
""": [2],
    """\
import contextlib
with contextlib.suppress(ZeroDivisionError):
    1 / 0
try:
    {}["k"]
except KeyError:
    pass
raise SystemExit(1)
""": [],
    """\
import asyncio
async def work():
    with open("/dev/null"):
        {}["k"]
async def main():
    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    await task
asyncio.run(main())
""": [4],
}
NEVER_AWAITED = """\
import asyncio, gc
async def child(n):
    raise ValueError(n)
async def main():
    asyncio.create_task(child(1))
    await asyncio.sleep(0)
    gc.collect()
    await asyncio.sleep(0.01)
    x = 1
asyncio.run(main())
"""
LIFE = """\
import weakref
class Thing:
    pass
def fail():
    thing = Thing()
    refs.append(weakref.ref(thing))
    raise KeyError(thing)
refs = []
for number in range(3):
    try:
        fail()
    except KeyError as error:
        try:
            1 / 0
        except ZeroDivisionError:
            pass
    x = number
print([ref() is None for ref in refs], flush=True)
"""


@pytest.fixture(params=["monitoring", "settrace"])
def event_source(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both sources."""
    monkeypatch.setenv("PYPROBE_EVENT_SOURCE", request.param)
    return str(request.param)


@pytest.mark.usefixtures("event_source")
@pytest.mark.parametrize(("source", "lines"), LINES.items())
def test_an_uncaught_exception_stops_once_where_it_was_raised(
    source: str, lines: list[int], make_session: MakeSession
) -> None:
    session, _heard, _file = make_session(source)
    session.breakpoints.set_exception_stops(ExceptionStops(uncaught=True))
    session.start()
    found = []
    while session.has_process:
        until(session, lambda: session.debug.stop is not None or not session.has_process)
        stop = session.debug.stop
        if stop is not None:
            found.append(stop.line)
            session.resume()
            until(session, lambda: session.debug.stop is None)
    assert found == lines
    assert until_end(session).exit_code == 1


@pytest.mark.usefixtures("event_source")
def test_a_task_that_nobody_awaits_stops_when_its_loop_reports_it(
    make_session: MakeSession,
) -> None:
    session, heard, _file = make_session(NEVER_AWAITED)
    session.breakpoints.set_exception_stops(ExceptionStops(uncaught=True))
    session.start()
    stop = stop_of(session)
    assert (stop.line, stop.function) == (3, "child")
    after = step(session, StepKind.OVER)
    assert after.function == "main"  # and not behind the loop
    session.resume()
    assert until_end(session).exit_code == 0
    assert "Task exception was never retrieved" in heard.output["stderr"]


@pytest.mark.usefixtures("event_source")
def test_what_a_caught_exception_holds_lives_no_longer(make_session: MakeSession) -> None:
    session, heard, _file = make_session(LIFE)
    session.breakpoints.set_exception_stops(ExceptionStops(uncaught=True))
    session.start()
    until_end(session)
    assert heard.output["stdout"] == "[True, True, True]\n"


RAW_THREAD = """\
import _thread
from _thread import start_new_thread
def fail(ended):
    try:
        value = len(7)
    finally:
        ended.release()
def begin(start):
    ended = _thread.allocate_lock()
    ended.acquire()
    start(fail, (ended,))
    ended.acquire()
for _ in range(3):
    begin(start_new_thread)
    begin(_thread.start_new)
"""


def own_stop(session: Session) -> StopPlace | None:
    """Where the program stands, but for a thread that halts since another one stopped.

    A thread that has failed still runs Python while its traceback is printed, so it can be halted.
    """
    stop = session.debug.stop
    return None if stop is None or stop.reason is StopReason.OTHER else stop


def test_a_thread_that_threading_does_not_know_stops_however_early_it_raises(
    make_session: MakeSession,
) -> None:
    session, heard, _file = make_session(RAW_THREAD)
    session.breakpoints.set_exception_stops(ExceptionStops(uncaught=True))
    session.start()
    found = []
    while session.has_process:
        until(session, lambda: own_stop(session) is not None or not session.has_process)
        stop = own_stop(session)
        if stop is not None:
            found.append((stop.line, stop.function, stop.detail))
            session.resume()
            until(session, lambda stop=stop: own_stop(session) is not stop)  # type: ignore[misc]
    said = "TypeError: object of type 'int' has no len() (uncaught)"
    assert found == [(5, "fail", said)] * 6
    assert until_end(session).exit_code == 0
    ignored = "Exception ignored in thread started by"
    assert heard.output["stderr"].count(ignored) == 6
