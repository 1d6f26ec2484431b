"""Waits for the stops of real programs, and takes steps in them."""

from typing import Any

from pyprobe.core.debug.records import StepKind, StopPlace
from pyprobe.session.session import Session
from tests.session.running import until


def stop_of(session: Session) -> StopPlace:
    """Wait until something stands, and return what stopped last."""
    until(session, lambda: session.debug.stop is not None, "a stop")
    stop = session.debug.stop
    assert stop is not None
    return stop


def step(session: Session, kind: StepKind, **where: Any) -> StopPlace:
    """Take a step and return where it ends."""
    begin_step(session, kind, **where)
    return stop_of(session)


def begin_step(session: Session, kind: StepKind, **where: Any) -> None:
    """Take a step, and wait only until the thread goes on."""
    before = session.debug.stop
    session.debug.step(kind, **where)
    until(session, lambda: session.debug.stop is not before, "the thread going on")


def line_of(source: str, text: str) -> int:
    """Return the number of the only line that ends with a text."""
    numbers = [number for number, line in enumerate(source.splitlines(), 1) if line.endswith(text)]
    assert len(numbers) == 1, (text, numbers)
    return numbers[0]
