"""A piece of the program's code that a thread runs which stands, seen without a front end."""

import sys
import threading
from collections.abc import Callable
from types import FrameType

import pytest

from pyprobe.core.debug import awaited_job
from pyprobe.core.debug.awaited_job import AwaitedJob, Outcome
from tests.core.debug.standing import PATIENCE_S


class _Thread:
    """A thread that does the one job it is given."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None

    @property
    def frame(self) -> FrameType:
        return sys._getframe()

    def submit(self, job: Callable[[], object]) -> None:
        self._thread = threading.Thread(target=job)
        self._thread.start()

    def join(self) -> None:
        assert self._thread is not None
        self._thread.join(PATIENCE_S)


class _SlowLock:
    """A lock; whoever waited for it is slow to go on: until ``let_go``."""

    let_go = threading.Event()
    was_got = threading.Event()

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.release, self.locked = self._lock.release, self._lock.locked

    def acquire(self, timeout: float = -1) -> bool:
        got = self._lock.acquire(timeout=timeout)
        if got and timeout >= 0:
            self.was_got.set()
            self.let_go.wait(PATIENCE_S)
        return got

    def __enter__(self) -> bool:
        return self._lock.__enter__()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def test_the_next_can_be_asked_for_when_the_answer_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Though what watches its time limit may not have gone on yet."""
    monkeypatch.setattr(awaited_job, "allocate_lock", _SlowLock)
    thread, may_end = _Thread(), threading.Event()
    seen: list[bool] = []

    def piece() -> bool:
        return may_end.wait(PATIENCE_S)

    def answer(outcome: Outcome) -> None:
        assert outcome == Outcome(True)
        assert _SlowLock.was_got.wait(PATIENCE_S)
        seen.append(job.is_over)
        _SlowLock.let_go.set()

    job = AwaitedJob(piece, PATIENCE_S, answer)
    job.begin(thread)
    assert not job.is_over
    may_end.set()
    thread.join()
    assert seen == [True]
