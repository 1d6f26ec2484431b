"""Depth: the hook that is dropped in a frame comes back as soon as the frame is gone."""

import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType, TracebackType
from typing import Any

import pytest

from pyprobe.core.events.depth import Depth

Ends = list[tuple[str, str]]


class Hook:
    """A trace function that is dropped where a function of a name begins."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.ends: Ends = []
        self.called: list[str] = []
        self.depth = Depth(self.__call__, self.hear_end)

    def __call__(self, frame: FrameType, _event: str, _arg: Any) -> Any:
        if frame.f_code.co_filename != __file__:
            return None
        self.called.append(frame.f_code.co_name)
        if frame.f_code.co_name == self.name:
            sys.settrace(None)
            self.depth.enter(frame)
        return None

    def hear_end(
        self, frame: FrameType, error: BaseException, _traceback: TracebackType | None
    ) -> None:
        self.ends.append((frame.f_code.co_name, str(error)))


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook("deep")
    before = sys.gettrace()
    yield made
    made.depth.leave()
    sys.settrace(before)


def deep(fail: bool) -> None:
    deeper(fail)


def deeper(fail: bool) -> None:
    if fail:
        raise KeyError("deep")


def safe() -> None:
    try:
        deep(True)
    except KeyError:
        during()


def during() -> None: ...


def after() -> None: ...


def run(hook: Hook, what: Callable[[], object]) -> list[str]:
    sys.settrace(hook)
    what()
    after()
    sys.settrace(None)
    return hook.called


def test_it_comes_back_when_the_frame_returns(hook: Hook) -> None:
    assert run(hook, lambda: deep(False)) == ["<lambda>", "deep", "after"]


def test_it_comes_back_when_the_exception_is_handled(hook: Hook) -> None:
    assert run(hook, safe) == ["safe", "deep", "after"]


def test_it_stays_away_where_the_program_has_taken_it(hook: Hook) -> None:
    def taking() -> None:
        sys.settrace(hook)
        inner()

    def inner() -> None:
        try:
            deep(True)
        except KeyError:
            hook.depth.forget(threading.get_ident())
        after()

    taking()
    assert hook.called == ["inner", "deep"]


def test_what_nobody_catches_is_told_and_reported_as_before(hook: Hook) -> None:
    reported: list[object] = []
    before, sys.excepthook = sys.excepthook, lambda *told: reported.append(told)
    of_threads, threading.excepthook = threading.excepthook, reported.append
    try:
        hook.depth.hear_ends()
        hook.depth.hear_ends()
        try:
            deep(True)
        except KeyError as error:
            sys.excepthook(KeyError, error, error.__traceback__)
        thread = threading.Thread(target=deep, args=(True,))
        thread.start()
        thread.join()
        hook.depth.leave_ends()
        assert threading.excepthook == reported.append
    finally:
        sys.excepthook, threading.excepthook = before, of_threads
    assert hook.ends == [
        (test_what_nobody_catches_is_told_and_reported_as_before.__name__, "'deep'"),
        ("run", "'deep'"),
    ]
    assert len(reported) == 2
