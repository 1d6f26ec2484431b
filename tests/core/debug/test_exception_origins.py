"""Where the program stops for an uncaught exception that comes a long way, or from elsewhere."""

import gc
import io
import sys
import threading
from pathlib import Path

import pytest

from pyprobe.core.debug.records import ExceptionStops
from tests.core.debug.breaking import Stop, broken

# The line it was raised in says HERE where the program is to stop.
ROWS = {
    "asyncio.run": """
import asyncio
async def child():
    await asyncio.sleep(0)
    raise ValueError("c")  # HERE
async def main():
    await child()
asyncio.run(main())
""",
    "task awaited": """
import asyncio
async def child():
    await asyncio.sleep(0)
    raise ValueError("c")  # HERE
async def main():
    t = asyncio.create_task(child())
    await asyncio.sleep(0)
    await t
asyncio.run(main())
""",
    "task never awaited": """
import asyncio, gc
async def child():
    raise ValueError("c")  # HERE
async def main():
    asyncio.create_task(child())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    gc.collect()
    await asyncio.sleep(0)
asyncio.run(main())
""",
    "task caught by awaiter": """
import asyncio
async def child():
    raise ValueError("c")
async def main():
    t = asyncio.create_task(child())
    try:
        await t
    except ValueError:
        pass
asyncio.run(main())
""",
    "gather": """
import asyncio
async def child(n):
    await asyncio.sleep(0)
    if n == 1:
        raise ValueError("c")  # HERE
async def main():
    await asyncio.gather(child(0), child(1))
asyncio.run(main())
""",
    "gather return_exceptions": """
import asyncio
async def child(n):
    await asyncio.sleep(0)
    if n == 1:
        raise ValueError("c")
async def main():
    await asyncio.gather(child(0), child(1), return_exceptions=True)
asyncio.run(main())
""",
    "taskgroup": """
import asyncio
async def child(n):
    await asyncio.sleep(0)
    if n == 1:
        raise ValueError("c")  # HERE
async def main():
    async with asyncio.TaskGroup() as g:
        g.create_task(child(0))
        g.create_task(child(1))
asyncio.run(main())
""",
    "taskgroup except*": """
import asyncio
async def child(n):
    raise ValueError("c")
async def main():
    try:
        async with asyncio.TaskGroup() as g:
            g.create_task(child(1))
    except* ValueError:
        pass
asyncio.run(main())
""",
    "wait_for": """
import asyncio
async def child():
    await asyncio.sleep(0)
    raise ValueError("c")  # HERE
async def main():
    await asyncio.wait_for(child(), 5)
asyncio.run(main())
""",
    "timeout": """
import asyncio
async def main():
    async with asyncio.timeout(0.01):  # HERE
        await asyncio.sleep(5)
asyncio.run(main())
""",
    "callback": """
import asyncio
def cb():
    raise ValueError("cb")  # HERE
async def main():
    asyncio.get_running_loop().call_soon(cb)
    await asyncio.sleep(0.001)
asyncio.run(main())
""",
    "async gen": """
import asyncio
async def gen():
    yield 1
    raise ValueError("g")  # HERE
async def main():
    async for x in gen():
        pass
asyncio.run(main())
""",
    "async with": """
import asyncio
class Room:
    async def __aenter__(self): return self
    async def __aexit__(self, *a): await asyncio.sleep(0)
async def main():
    async with Room():
        raise ValueError("g")  # HERE
asyncio.run(main())
""",
    "thread": """
import threading
def work():
    raise ValueError("t")  # HERE
t = threading.Thread(target=work)
t.start()
t.join()
""",
    "thread with": """
import threading
def work():
    with open("/dev/null"):
        raise ValueError("t")  # HERE
t = threading.Thread(target=work)
t.start()
t.join()
""",
    "timer": """
import threading
def work():
    raise ValueError("t")  # HERE
t = threading.Timer(0, work)
t.start()
t.join()
""",
    "executor result": """
from concurrent.futures import ThreadPoolExecutor
def work():
    raise ValueError("e")  # HERE
with ThreadPoolExecutor(1) as pool:
    f = pool.submit(work)
    f.result()
""",
    "executor map": """
from concurrent.futures import ThreadPoolExecutor
def work(n):
    if n: raise ValueError("e")  # HERE
with ThreadPoolExecutor(1) as pool:
    list(pool.map(work, [0, 1]))
""",
    "executor never asked": """
from concurrent.futures import ThreadPoolExecutor
def work():
    raise ValueError("e")
with ThreadPoolExecutor(1) as pool:
    pool.submit(work)
""",
    "executor caught": """
from concurrent.futures import ThreadPoolExecutor
def work():
    raise ValueError("e")
with ThreadPoolExecutor(1) as pool:
    try:
        pool.submit(work).result()
    except ValueError:
        pass
""",
    "to_thread": """
import asyncio
def work():
    raise ValueError("e")  # HERE
async def main():
    await asyncio.to_thread(work)
asyncio.run(main())
""",
    "generator": """
def gen():
    yield 1
    raise ValueError("g")  # HERE
def use():
    for x in gen():
        pass
use()
""",
    "generator in library": """
import itertools
def gen():
    yield 1
    raise ValueError("g")  # HERE
list(itertools.chain(gen(), [2]))
""",
    "raise from": """
def f():
    try:
        {}["k"]
    except KeyError as e:
        raise ValueError("v") from e  # HERE
f()
""",
    "raise from none": """
def f():
    try:
        {}["k"]
    except KeyError:
        raise ValueError("v") from None  # HERE
f()
""",
    "reraise in except": """
def f():
    1 / 0  # HERE
def g():
    try:
        f()
    except ZeroDivisionError:
        x = 1
        raise
g()
""",
    "raise e in except": """
def f():
    1 / 0  # HERE
def g():
    try:
        f()
    except ZeroDivisionError as e:
        x = 1
        raise e
g()
""",
    "finally": """
def f():
    try:
        1 / 0  # HERE
    finally:
        x = 1
        y = {}.get(x)
f()
""",
    "module reraise": """
try:
    1 / 0  # HERE
except ZeroDivisionError:
    raise
""",
    "module finally": """
try:
    1 / 0  # HERE
finally:
    x = 1
""",
    "caught by library": """
import contextlib
def f():
    1 / 0
with contextlib.suppress(ZeroDivisionError):
    f()
""",
    "ExitStack": """
import contextlib
def f():
    1 / 0  # HERE
with contextlib.ExitStack() as s:
    s.callback(print, end="")
    f()
""",
    "contextmanager": """
import contextlib
@contextlib.contextmanager
def room():
    try:
        yield
    finally:
        pass
def f():
    with room():
        1 / 0  # HERE
f()
""",
    "kept and raised later": """
kept = []
def f():
    try:
        1 / 0  # HERE
    except ZeroDivisionError as e:
        kept.append(e)
def g():
    raise kept[0]
f()
g()
""",
    "group by hand": """
def f():
    raise ExceptionGroup("many", [ValueError(1), KeyError(2)])  # HERE
f()
""",
    "except* rest": """
def f():
    raise ExceptionGroup("many", [ValueError(1), KeyError(2)])  # HERE
try:
    f()
except* ValueError:
    pass
""",
    "json hook caught": """
import json
def hook(d):
    raise ValueError("h")  # HERE
json.loads('{"a": 1}', object_hook=hook)
""",
    "sorted key": """
def key(x):
    raise ValueError("h")  # HERE
sorted([1, 2], key=key)
""",
    "coroutine closed": """
import asyncio
async def main():
    try:
        await asyncio.sleep(0)
    finally:
        raise ValueError("x")  # HERE
asyncio.run(main())
""",
    "callback future": """
import asyncio
async def main():
    f = asyncio.get_running_loop().create_future()
    f.set_exception(ValueError("f"))
    await f  # HERE
asyncio.run(main())
""",
    "anext": """
import asyncio
async def main():
    async def g():
        yield 1
    a = g()
    await anext(a)
    await anext(a)  # HERE
asyncio.run(main())
""",
}


def stops_of(folder: Path, source: str, stderr: io.StringIO) -> list[Stop]:
    """Run a program in a thread of its own and return its stops."""
    with broken(folder, source) as run:
        run.breakpoints.exceptions.set(ExceptionStops(uncaught=True))
        code = compile(source, str(run.path), "exec")
        hook, threading.excepthook = threading.excepthook, lambda args: None
        before, sys.stderr = sys.stderr, stderr
        try:
            thread = threading.Thread(target=exec, args=(code, {"__name__": "program"}))
            thread.start()
            thread.join()
            gc.collect()  # where a task is found that nobody has awaited
        finally:
            threading.excepthook, sys.stderr = hook, before
        assert run.capturer.faults == []
        return run.stops.found


@pytest.mark.parametrize("name", ROWS)
def test_it_stops_where_the_exception_was_raised(name: str, tmp_path: Path) -> None:
    source = ROWS[name].lstrip("\n")
    found = stops_of(tmp_path, source, io.StringIO())
    wanted = [number for number, text in enumerate(source.splitlines(), 1) if "# HERE" in text]
    assert [stop.line for stop in found] == wanted
    assert all("(uncaught)" in stop.detail for stop in found)


@pytest.mark.parametrize("name", ["asyncio.run", "task awaited", "async gen", "callback"])
def test_it_stops_before_anything_is_unwound_where_that_is_certain(
    name: str, tmp_path: Path
) -> None:
    (stop,) = stops_of(tmp_path, ROWS[name].lstrip("\n"), io.StringIO())
    assert stop.is_live


def test_a_group_says_what_it_is_made_of(tmp_path: Path) -> None:
    source = ROWS["taskgroup"].lstrip("\n")
    (stop,) = stops_of(tmp_path, source, io.StringIO())
    assert stop.function == "child"
    assert stop.variables == {"n": "1"}
    assert stop.detail.endswith("of ValueError: c (uncaught)")
