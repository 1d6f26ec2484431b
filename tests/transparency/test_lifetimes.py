"""Objects live exactly as long as they would, and the stack is as deep as it would be."""

import pytest

from tests.transparency.conftest import Recorded, Same

WHERE = ["inside", "beside"]
BESIDE = """
def beside():
    x = object()  # probe: x
    return 1
beside()
"""


def placed(program: str, where: str) -> str:
    """Return the program with its probes where they are, or only in a function beside."""
    return program if where == "inside" else BESIDE + program.replace("# probe:", "# no probe")


@pytest.mark.parametrize("where", WHERE)
def test_finalizers_fire_when_they_would(same: Same, where: str) -> None:
    program = """
class Thing:
    def __init__(self, name): self.name = name
    def __del__(self): print("gone", self.name)
def f():
    a = Thing("a")  # probe: a
    b = Thing("b")  # probe: b
    del a
    print("after del a")
    b = Thing("c")
    print("after rebinding b")
    return 1  # probe: return
f()
for i in range(3):
    t = Thing(i)  # probe: t
    print("bound", i)
del t
print("end of the loop")
kept = Thing("kept")  # probe: kept
print("end")
"""
    same(placed(program, where))


@pytest.mark.parametrize("where", WHERE)
def test_weak_references_die_when_they_would(same: Same, where: str) -> None:
    program = """
import gc, weakref
class Thing: pass
def f(count):
    thing = Thing()  # probe: thing
    link = weakref.ref(thing, lambda _: print("callback"))
    other = thing  # probe: thing
    del thing
    print(link() is None, count)
    other = None
    print(link() is None)
for n in range(3):
    f(n)
cache = weakref.WeakValueDictionary()
def fill():
    value = Thing()  # probe: value
    cache["x"] = value
    return len(cache)
print(fill(), len(cache))
"""
    same(placed(program, where))


@pytest.mark.parametrize("where", WHERE)
def test_reference_counts_are_untouched(same: Same, where: str) -> None:
    program = """
import sys, gc
def f(argument):  # probe: argument
    value = object()  # probe: value
    items = [value]  # probe: items
    print(sys.getrefcount(value), sys.getrefcount(items), sys.getrefcount(argument))
    print(len(gc.get_referrers(value)))
    return value
for _ in range(3):
    f(object())
"""
    same(placed(program, where))


def test_big_values_are_freed_at_once(same: Same) -> None:
    same("""
import tracemalloc
tracemalloc.start()
for i in range(20):
    data = bytearray(5_000_000)  # probe: data
peak = tracemalloc.get_traced_memory()[1]
print(peak < 15_000_000)
""")


@pytest.mark.parametrize("where", WHERE)
def test_the_traceback_keeps_no_frame_alive(same: Same, where: str) -> None:
    program = """
import gc, weakref
class Thing: pass
links = []
def f():
    thing = Thing()  # probe: thing
    links.append(weakref.ref(thing))
    raise ValueError(1)
try:
    f()
except ValueError as error:
    print(links[0]() is None)
print(links[0]() is None)
"""
    same(placed(program, where))


DEPTH = """
import sys
x = 0
depths = []
def f(n):
    y = n
    try:
        return f(n + 1)
    except RecursionError:
        depths.append(n)
        raise
for limit in (200, 1000):
    sys.setrecursionlimit(limit)
    try:
        f(x)
    except RecursionError as error:
        print(max(depths), error, sys.getrecursionlimit())
"""


@pytest.mark.parametrize(
    ("plain_line", "line"),
    [
        pytest.param("x = 0", "x = 0  # probe: x", id="beside"),
        pytest.param("y = n", "y = n  # probe: y", id="a number"),
        pytest.param("y = n", "y = n  # probe: n", id="a load"),
        pytest.param("y = n", "y = [[n, 'a'], {n: (n,)}]  # probe: y", id="nested containers"),
        pytest.param("return f(n + 1)", "return f(n + 1)  # probe: n", id="an argument"),
    ],
)
def test_the_recursion_limit_holds(same: Same, plain_line: str, line: str) -> None:
    assert same(DEPTH.replace(plain_line, line)).code == 0


AT_THE_LIMIT = {
    "a limit that is changed at its end": """
import sys
def f(n, most):
    y = n  # probe: y
    if n == most:
        return n
    try:
        return f(n + 1, most)
    except RecursionError:
        sys.setrecursionlimit(2**31 - 1)
        return f(n + 1, most)
print(f(0, 3000), sys.getrecursionlimit())
for limit in (150, 2**31 - 1, 1000):
    sys.setrecursionlimit(limit)
    print(f(0, 1500), sys.getrecursionlimit())
""",
    "generators": """
def g(n):
    y = n  # probe: y
    yield n  # probe: yield
    yield from g(n + 1)
try:
    for value in g(0):
        pass
except RecursionError as error:
    print(value, error)
""",
    "stores that are told from jumps": """
class Thing: pass
def f(n):
    thing = Thing()
    if n % 2:
        thing.b = n  # probe: thing.b
    try:
        return f(n + 1)
    except RecursionError:
        return n
print(f(0), f(0))
""",
    "calls that come by way of C code": """
class Chain:
    def __getattr__(self, name):
        y = name  # probe: y
        return getattr(Chain(), name + "x")
def f(n):
    y = n  # probe: y
    try:
        return sorted([3], key=lambda one: f(n + 1))[0]
    except RecursionError:
        return n
for _ in range(3):
    print(f(0))
    try:
        Chain().a
    except RecursionError as error:
        print(type(error))
""",
    "several threads": """
import sys, threading
deepest = []
def f(n):
    y = n  # probe: y
    try:
        return f(n + 1)
    except RecursionError:
        return n
def work():
    deepest.extend(f(0) for _ in range(10))
threads = [threading.Thread(target=work) for _ in range(4)]
sys.setswitchinterval(1e-6)
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(set(deepest), len(deepest), sys.getrecursionlimit())
""",
}


@pytest.mark.parametrize("program", AT_THE_LIMIT.values(), ids=AT_THE_LIMIT.keys())
def test_nothing_differs_at_the_recursion_limit(same: Same, program: str) -> None:
    assert same(program).stderr == ""


def test_code_that_is_freed_at_the_recursion_limit_says_nothing(recorded: Recorded) -> None:
    program = """
x = 0  # probe: x
def f(n):
    exec("def inner(): pass\\ninner()")
    f(n + 1)
try:
    f(0)
except RecursionError:
    print("as expected")
"""
    _plain, probed = recorded(program)
    assert (probed.stdout, probed.stderr, probed.code) == ("as expected\n", "", 0)


ENDLESS = """
def f(n):
    return f(n + 1)
x = 0  # probe: x
f(x)
"""


def test_an_endless_recursion_is_told_as_by_plain_python(recorded: Recorded) -> None:
    plain, probed = recorded(ENDLESS)
    assert probed == plain
    assert plain.code == 1


def test_a_generator_is_closed_when_it_would_be(same: Same) -> None:
    same("""
def g():
    try:
        for i in range(10):
            x = i  # probe: x
            yield x  # probe: yield
    finally:
        print("closed at", i)
def use():
    for value in g():
        if value == 3:
            break
    print("left the loop")
use()
it = g()
next(it)
del it
print("end")
""")


def test_contexts_and_async_code(same: Same) -> None:
    same("""
import asyncio, contextvars
name = contextvars.ContextVar("name", default="none")
async def ticker(n):
    for i in range(n):
        x = i  # probe: x
        await asyncio.sleep(0)
        yield x
async def work(label):
    name.set(label)
    total = 0
    async for value in ticker(4):
        total += value  # probe: total
    async with asyncio.timeout(5):
        await asyncio.sleep(0)
    return label, name.get(), total
async def main():
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(work(label)) for label in "abc"]
    print([task.result() for task in tasks], name.get())
    task = asyncio.create_task(asyncio.sleep(60))
    await asyncio.sleep(0)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("cancelled")
asyncio.run(main())
""")


def test_programs_that_change_their_own_code(same: Same) -> None:
    same("""
import importlib, sys
def f():
    x = 1  # probe: x
    return x
def g():
    return 2
print(f())
f.__code__ = g.__code__
print(f())
exec(compile("x = 5\\nprint(x)", "main.py", "exec"), {})
print(f.__code__ == g.__code__, hash(f.__code__) == hash(g.__code__))
""")


def test_the_same_code_objects_compare_and_marshal_the_same(same: Same) -> None:
    same("""
import dis, hashlib, io, marshal
def f(n):
    for i in range(n):
        x = i  # probe: x
    return x
f(3)
print(hashlib.md5(f.__code__.co_code).hexdigest())
print(len(marshal.dumps(f.__code__)))
out = io.StringIO()
dis.dis(f, file=out)
print(out.getvalue())
""")


def test_what_is_captured_pickles_and_prints_as_it_would(same: Same) -> None:
    program = """
import copy, functools
inner = functools.partial(print, "a")  # probe: inner
outer = functools.partial(inner, "b")  # probe: outer
print(outer, outer.__reduce__())
class Broken(ValueError): pass
for kind in (KeyError, Broken, OSError):
    try:
        raise kind(2, "text")
    except Exception as error:  # probe: error
        print(error.__reduce__())
        error.note = 1
        again = copy.copy(error)  # probe: again
        print(again.__reduce__())
"""
    same(program)
