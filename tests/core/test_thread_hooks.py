"""ThreadHooks: threads that have no trace hook get one, and nobody else's is replaced (3.11)."""

import _thread
import ctypes
import gc
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from pyprobe.core.events.thread_hooks import ThreadHooks

HAS_THEM = sys.version_info[:2] == (3, 11)


def listener(heard: set[int]) -> Any:
    def hook(frame: FrameType, event: str, arg: object) -> None:
        heard.add(_thread.get_ident())

    return hook


def prepared(hook: Any) -> ThreadHooks:
    hooks = ThreadHooks()
    hooks.prepare(hook)
    assert hooks.usable == HAS_THEM
    return hooks


@contextmanager
def standing_thread(set_hook: Callable[[], object] = list) -> Iterator[tuple[int, threading.Event]]:
    """Run a thread that waits and then calls a function; yield its ident and what ends that."""
    begun, go_on = threading.Event(), threading.Event()

    def called() -> None:
        sys.settrace(None)

    def work() -> None:
        set_hook()
        begun.set()
        go_on.wait(30)
        called()

    thread = threading.Thread(target=work)
    thread.start()
    assert begun.wait(30)
    try:
        assert thread.ident is not None
        yield thread.ident, go_on
    finally:
        go_on.set()
        thread.join()


def test_a_thread_without_a_hook_gets_it() -> None:
    heard: set[int] = set()
    hook = listener(heard)
    hooks = prepared(hook)
    with standing_thread() as (ident, go_on):
        if HAS_THEM:
            assert ident in hooks.threads_without(exempt=())
            hooks.set_where_none(hook, threads=[ident], least_levels=1)
            assert ident not in hooks.threads_without(exempt=())
        go_on.set()
    assert heard == ({ident} if HAS_THEM else set())


def test_a_hook_of_somebody_else_stays() -> None:
    heard: set[int] = set()
    others: set[int] = set()
    hook = listener(heard)
    hooks = prepared(hook)
    with standing_thread(lambda: sys.settrace(listener(others))) as (ident, go_on):
        if HAS_THEM:
            assert ident not in hooks.threads_without(exempt=())
            hooks.set_where_none(hook, threads=[ident], least_levels=1)
        go_on.set()
    assert (heard, others) == (set(), {ident})


def test_a_hook_of_a_c_library_stays() -> None:
    events: list[int] = []
    pointer, number = ctypes.c_void_p, ctypes.c_int

    def note(_object: object, _frame: object, what: int, _argument: object) -> int:
        events.append(what)
        return 0

    others = ctypes.PYFUNCTYPE(number, pointer, pointer, number, pointer)(note)
    heard: set[int] = set()
    hook = listener(heard)
    hooks = prepared(hook)
    with standing_thread(lambda: ctypes.pythonapi.PyEval_SetTrace(others, None)) as found:
        ident, go_on = found
        if HAS_THEM:
            assert ident not in hooks.threads_without(exempt=())
            hooks.set_where_none(hook, threads=[ident], least_levels=1)
        go_on.set()
    assert events
    assert heard == set()


def test_a_thread_that_has_too_few_levels_is_left_alone() -> None:
    heard: set[int] = set()
    hook = listener(heard)
    hooks = prepared(hook)
    with standing_thread() as (ident, go_on):
        if HAS_THEM:
            limit = sys.getrecursionlimit()
            hooks.set_where_none(hook, threads=[ident], least_levels=limit)
            assert ident in hooks.threads_without(exempt=())
            assert ident not in hooks.threads_without(exempt=[ident])
        go_on.set()
    assert heard == set()


def test_the_garbage_collector_is_as_it_was() -> None:
    hook = listener(set())
    hooks = prepared(hook)
    references = sys.getrefcount(hook)
    with standing_thread() as (ident, _go_on):
        for is_enabled in (True, False) if HAS_THEM else ():
            (gc.enable if is_enabled else gc.disable)()
            try:
                hooks.set_where_none(hook, threads=[ident], least_levels=1)
                assert gc.isenabled() == is_enabled
            finally:
                gc.enable()
    assert sys.getrefcount(hook) == references


def test_threads_that_come_and_go_meanwhile_do_no_harm() -> None:
    hook = listener(set())
    hooks = prepared(hook)
    is_done = threading.Event()

    def spawn() -> None:
        for _ in range(50):
            threads = [threading.Thread(target=int) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        is_done.set()

    spawner = threading.Thread(target=spawn)
    spawner.start()
    own = [_thread.get_ident()]
    while HAS_THEM and not is_done.is_set():
        bare = hooks.threads_without(exempt=own)
        hooks.set_where_none(hook, threads=bare, least_levels=20)
    spawner.join()
    assert is_done.is_set()
