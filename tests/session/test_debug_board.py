"""Stops and steps of real programs, as a session's debug board tells them."""

from typing import Any

from pyprobe.core.debug.records import StepKind, StopPlace, StopReason
from pyprobe.session.listener import ProgramState
from pyprobe.session.session import Session
from tests.session.conftest import MakeSession
from tests.session.running import until, until_end

ENDLESS = """\
import time
def work():
    i = 0
    while True:
        i += 1
        time.sleep(0.0005)
print("ready", flush=True)
work()
"""


def stop_of(session: Session) -> StopPlace:
    """Wait until something stands, and return what stopped last."""
    until(session, lambda: session.debug.stop is not None, "a stop")
    stop = session.debug.stop
    assert stop is not None
    return stop


def step(session: Session, kind: StepKind, **where: Any) -> StopPlace:
    """Take a step and return where it ends."""
    session.debug.step(kind, **where)
    until(session, lambda: session.debug.stop is None, "the thread going on")
    return stop_of(session)


def test_pauses_steps_and_goes_on(make_session: MakeSession) -> None:
    session, heard, file = make_session(ENDLESS)
    session.start()
    until(session, lambda: "ready" in heard.output["stdout"])
    session.pause()
    paused = stop_of(session)
    assert (paused.reason, paused.file, paused.function) == (StopReason.PAUSE, str(file), "work")
    assert paused.thread_name == "MainThread"
    assert session.state is ProgramState.PAUSED
    assert session.halted_at == (str(file), paused.line)
    lines = [step(session, StepKind.OVER) for _ in range(3)]
    assert {place.reason for place in lines} == {StopReason.STEP}
    assert {place.line for place in lines} == {4, 5, 6}
    session.resume()
    until(session, lambda: session.state is ProgramState.RUNNING)
    assert session.debug.stop is None
    session.stop()
    until_end(session)
