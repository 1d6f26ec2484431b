"""Exceptions that stop the program: which, and where."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pyprobe.core.debug.records import ExceptionStops, StopReason
from tests.core.debug.breaking import Broken, broken

UNCAUGHT = ExceptionStops(uncaught=True)
RAISED = ExceptionStops(raised=True)


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Any]:
    opened: list[Any] = []

    def make(source: str, stops: ExceptionStops) -> Broken:
        opened.append(broken(tmp_path, source))
        run: Broken = opened[-1].__enter__()
        run.breakpoints.exceptions.set(stops)
        return run

    yield make
    for manager in opened:
        manager.__exit__(None, None, None)


def run_in_thread(run: Broken) -> list[tuple[int, str, str]]:
    """Run the program in a thread of its own, so that none of our frames catches anything."""
    code = compile(run.source, str(run.path), "exec")
    names = {"__name__": "program"}
    hook, threading.excepthook = threading.excepthook, lambda args: None
    try:
        thread = threading.Thread(target=exec, args=(code, names))
        thread.start()
        thread.join()
    finally:
        threading.excepthook = hook
    assert run.capturer.faults == []
    assert all(stop.reason is StopReason.EXCEPTION for stop in run.stops.found)
    return [(stop.line, stop.function, stop.detail) for stop in run.stops.found]


AT_ONCE = [
    ("1 / 0\n", (1, "<module>", "ZeroDivisionError: division by zero (uncaught)")),
    (
        "def f():\n    raise KeyError('k')\ndef g():\n    f()\ng()\n",
        (2, "f", "KeyError: 'k' (uncaught)"),
    ),
    (
        "def f():\n    try:\n        return {}['k']\n    finally:\n        x = 1\nf()\n",
        (3, "f", "KeyError: 'k' (uncaught)"),
    ),
    (
        "try:\n    int('x')\nexcept (KeyError, OSError):\n    pass\n",
        (2, "<module>", "ValueError: invalid literal for int() with base 10: 'x' (uncaught)"),
    ),
    (
        "import os\ntry:\n    int('x')\nexcept os.error:\n    pass\nexcept KeyError: pass\n",
        (3, "<module>", "ValueError: invalid literal for int() with base 10: 'x' (uncaught)"),
    ),
    (
        "try:\n    raise ValueError\nexcept ValueError as e:\n    raise OSError('b') from e\n",
        (4, "<module>", "OSError: b (uncaught)"),
    ),
    (
        "def g():\n    yield 1\n    raise ValueError('in g')\nfor v in g(): pass\n",
        (3, "g", "ValueError: in g (uncaught)"),
    ),
    (
        "async def f():\n    raise ValueError('in f')\nf().send(None)\n",
        (2, "f", "ValueError: in f (uncaught)"),
    ),
    (
        "class E(Exception):\n    def __str__(self): 1 / 0\nraise E(E())\n",
        (3, "<module>", "E (uncaught)"),
    ),
]


@pytest.mark.parametrize(("source", "stop"), AT_ONCE)
def test_what_nothing_catches_stops_where_it_is_raised(
    program: Any, source: str, stop: tuple[int, str, str]
) -> None:
    assert run_in_thread(program(source, UNCAUGHT)) == [stop]


CAUGHT = [
    "try:\n    1 / 0\nexcept ZeroDivisionError:\n    pass\n",
    "try:\n    1 / 0\nexcept ArithmeticError:\n    pass\n",
    "try:\n    1 / 0\nexcept (KeyError, ArithmeticError) as e:\n    pass\n",
    "try:\n    1 / 0\nexcept:\n    pass\n",
    "def f(): 1 / 0\ntry:\n    f()\nexcept Exception:\n    pass\n",
    "import builtins\ntry:\n    1 / 0\nexcept builtins.ZeroDivisionError:\n    pass\n",
    "E = ZeroDivisionError, KeyError\ntry:\n    1 / 0\nexcept E:\n    pass\n",
    "def f():\n  E = ArithmeticError\n  try:\n    1 / 0\n  except E:\n    pass\nf()\n",
    "import contextlib\nwith contextlib.suppress(ZeroDivisionError):\n    1 / 0\n",
    "def f():\n    try:\n        1 / 0\n    finally:\n        return 1\nf()\n",
    "for v in iter(()): pass\nx = next(iter(()), 0)\n",
    "class A:\n    def __getattr__(self, name): raise AttributeError(name)\nhasattr(A(), 'x')\n",
    "class A:\n    def __getitem__(self, i):\n        raise IndexError\nlist(A())\n",
    "raise SystemExit(0)\n",
    "def g():\n    yield 1\nnext(g())\n",
    "async def f(): return 1\ntry: f().send(None)\nexcept StopIteration: pass\n",
]


@pytest.mark.parametrize("source", CAUGHT)
def test_what_is_caught_does_not_stop_as_uncaught(program: Any, source: str) -> None:
    assert run_in_thread(program(source, UNCAUGHT)) == []


LATE = [
    "def f():\n    with open(__file__) as x:\n        1 / 0\nf()\n",
    "def f():\n    try:\n        1 / 0\n    except:\n        raise\nf()\n",
    "def f():\n    try:\n        1 / 0\n    except ArithmeticError:\n        raise\nf()\n",
]


@pytest.mark.parametrize("source", LATE)
def test_what_might_have_been_caught_stops_at_the_end(program: Any, source: str) -> None:
    run = program(source.replace("__file__", repr("/dev/null")), UNCAUGHT)
    (stop,) = run_in_thread(run)
    assert stop[1:] == ("f", "ZeroDivisionError: division by zero (uncaught)")


def test_what_is_caught_far_away_and_raised_again_stops_then(program: Any) -> None:
    source = """\
def f(n):
    try:
        if n: f(n - 1)
        else: raise ValueError("deep")
    finally:
        pass
def g(n):
    if n: g(n - 1)
    else: raise kept
try:
    f(5)
except ValueError as error:
    kept = error
try:
    g(5)
except ValueError:
    pass
g(3)
"""
    assert run_in_thread(program(source, UNCAUGHT)) == [(4, "f", "ValueError: deep (uncaught)")]


def test_an_exception_is_followed_once_however_deep_it_is(program: Any) -> None:
    source = """\
def f(n):
    if n: f(n - 1)
    else: raise KeyError
caught = 0
for i in range(100):
    try:
        f(800)
    except KeyError:
        caught += 1
1 / 0
"""
    found = run_in_thread(program(source, UNCAUGHT))
    assert [line for line, _function, _detail in found] == [10]


def test_each_exception_stops_once_where_it_is_raised(program: Any) -> None:
    source = """\
def f(n):
    if n: f(n - 1)
    else: raise ValueError(n)
for i in range(3):
    try:
        f(i)
    except ValueError:
        pass
"""
    assert run_in_thread(program(source, RAISED)) == [(3, "f", "ValueError: 0 (raised)")] * 3


def test_the_ends_of_iterations_are_no_exceptions_to_stop_for(program: Any) -> None:
    source = "def g():\n  yield 1\nlist(g())\ntry: next(iter(()))\nexcept StopIteration: pass\n"
    assert run_in_thread(program(source, RAISED)) == []


@pytest.mark.parametrize(
    ("names", "lines"),
    [
        (("KeyError",), [3]),
        (("LookupError",), [3, 4]),
        (("builtins.IndexError",), [4]),
        (("Own",), [5]),
        (("program.Own",), [5]),
        (("other.Own",), []),
        (("KeyError", "Own"), [3, 5]),
        (("StopIteration",), [6]),
    ],
)
def test_stops_for_classes_by_name(program: Any, names: tuple[str, ...], lines: list[int]) -> None:
    source = """\
class Own(Exception): pass
def run(what):
    if what == 0: {}["k"]
    if what == 1: [][1]
    if what == 2: raise Own
    next(iter(()))
for i in range(4):
    try: run(i)
    except Exception: pass
"""
    found = run_in_thread(program(source, ExceptionStops(names=names)))
    assert [line for line, _function, _detail in found] == lines


CANCELLED = """\
import asyncio
class Own(asyncio.CancelledError): pass
async def wait():
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        raise Own from None
async def main():
    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        pass
    try:
        {}["k"]
    except KeyError:
        pass
asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("stops", "lines"),
    [
        (RAISED, [17]),
        (ExceptionStops(uncaught=True), []),
        (ExceptionStops(names=("CancelledError",)), [5, 7]),
        (ExceptionStops(names=("program.Own",)), [7]),
    ],
)
def test_the_end_of_a_task_stops_only_where_its_class_is_named(
    program: Any, stops: ExceptionStops, lines: list[int]
) -> None:
    found = run_in_thread(program(CANCELLED, stops))
    assert [line for line, _function, _detail in found] == lines


def test_nothing_is_heard_when_nothing_is_wanted(program: Any) -> None:
    run = program("1 / 0\n", UNCAUGHT)
    run.breakpoints.exceptions.set(ExceptionStops())
    assert run_in_thread(run) == []
