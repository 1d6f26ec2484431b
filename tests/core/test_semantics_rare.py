"""The capture contract at constructs that are rare, or where scopes share one frame."""

import sys
import textwrap
from pathlib import Path

import pytest

from tests.core.capturing import capture
from tests.core.semantics_rows import Row

TARGETS = [
    Row(
        "stores of a nested target, from left to right",
        "(a, *b), [c, (d, *_)] = (1, 2, 3), [4, (5, 6)]  # probe: a; b; c; d; _",
        [1, [2, 3], 4, 5, [6]],
    ),
    Row("the same name twice in one target", "x, x = 1, 2  # probe: x#1", [2]),
    Row(
        "a chain stores from left to right, its value read once",
        "v = 3\na = b = c = v  # probe: a; b; c; v/load",
        [3, 3, 3, 3],
    ),
    Row(
        "an index that the same statement has just bound",
        "a = [0, 0, 0]\ni, a[i] = 2, 9  # probe: i/store; a[i]",
        [2, 9],
    ),
    Row(
        "a chain through a member",
        "class C: pass\nc = C()\nd = {}\nx = c.y = d['k'] = 4  # probe: x; c.y; d['k']",
        [4, 4, 4],
    ),
    Row(
        "a target in a for",
        "d = {}\nfor d['k'] in (1, 2):  # probe: d['k']\n    pass",
        [1, 2],
    ),
    Row(
        "an attribute and a star as the targets of a for",
        "class C: pass\nc = C()\n"
        "for c.a, (*b, e) in [(1, (2, 3, 4))]:  # probe: c.a; b; e\n    pass",
        [1, [2, 3], 4],
    ),
    Row(
        "augmented element, the index evaluated once",
        "calls = []\ndef at():\n    calls.append(0)\n    return 1  # probe: return\n"
        "a = [5, 6]\na[at()] += 10  # probe: a",
        [1, [5, 16]],
    ),
    Row(
        "augmented member of a member",
        "class C: pass\na = C(); a.b = [1, 2]\nfor _ in range(2):\n"
        "    a.b[0] += 4  # probe: a.b[0]; a.b",
        [5, [5, 2], 9, [9, 2]],
    ),
    Row("augmented in place", "a = b = [1]\na += [2]  # probe: a\nc = b  # probe: b", [[1, 2]] * 2),
    Row("annotated without a value is no store", "x: int\nx = 1  # probe: x", [1]),
    Row(
        "del, and bound again",
        "for i in range(3):\n    x = i  # probe: x\n    y = x  # probe: x/load\n    del x",
        [0, 0, 1, 1, 2, 2],
    ),
]

BLOCKS = [
    Row(
        "with and several targets, each bound before the next begins",
        "from contextlib import contextmanager\n"
        "@contextmanager\n"
        "def m(v):\n"
        "    yield v  # probe: yield\n"
        "with m(1) as a, m((a, 5)) as (b, c):  # probe: a/store; a/load; b; c\n"
        "    pass",
        [1, 1, 1, (1, 5), 1, 5],
    ),
    Row(
        "with in brackets over several lines",
        "from contextlib import nullcontext\n"
        "with (\n"
        "    nullcontext(1) as a,  # probe: a\n"
        "    nullcontext(2) as b,  # probe: b\n"
        "):\n"
        "    pass",
        [1, 2],
    ),
    Row(
        "except* splits the group",
        "def f():\n"
        "    try:\n"
        "        raise ExceptionGroup('g', [ValueError(1), TypeError(2)])\n"
        "    except* ValueError as e:\n"
        "        n = len(e.exceptions)  # probe: n\n"
        "    except* (TypeError, KeyError) as e:\n"
        "        n = repr(e.exceptions[0])  # probe: n\n"
        "f()",
        [1, "TypeError(2)"],
    ),
    Row(
        "except* binds once for each clause that matches",
        "hits = 0\n"
        "try:\n"
        "    raise ExceptionGroup('g', [ValueError(1), ValueError(2)])\n"
        "except* KeyError as e:  # probe: e/store\n"
        "    pass\n"
        "except* ValueError as e:\n"
        "    hits += 1  # probe: hits\n",
        [1],
    ),
    Row(
        "except as the same name twice",
        "for t in (ValueError, KeyError):\n"
        "    try: raise t('m')\n"
        "    except ValueError as e: x = type(e).__name__  # probe: x\n"
        "    except KeyError as e: x = str(e)  # probe: x\n",
        ["ValueError", "'m'"],
    ),
    Row(
        "match: alternatives, a class, a mapping, a guard",
        "class P:\n"
        "    __match_args__ = ('a', 'b')\n"
        "    def __init__(self, a, b): self.a = a; self.b = b\n"
        "for v in (P(1, 2), {'k': 3, 'm': 4}, [5, [6, 7]], (8,), 9):\n"
        "    match v:\n"
        "        case P(a, b=x) if a < x:  # probe: a/store; x/store; a/load; x/load\n"
        "            pass\n"
        "        case {'k': _, **rest}:  # probe: rest\n"
        "            pass\n"
        "        case [a, [x, *y]]:  # probe: x\n"
        "            pass\n"
        "        case [x] | x:  # probe: x#0; x#1\n"
        "            pass\n",
        # One store binds what either alternative has captured, so both names show it.
        [1, 2, 1, 2, {"m": 4}, 6, 8, 8, 9, 9],
    ),
    Row(
        "a guard that says no comes after the binding",
        "for v in (1, 2):\n"
        "    match v:\n"
        "        case x if x > 1:  # probe: x/store; x/load\n"
        "            pass\n",
        [1, 1, 2, 2],
    ),
    Row(
        "loop else and try else",
        "for i in range(2): pass\n"
        "else:\n    x = i  # probe: x; i/load\n"
        "try: pass\n"
        "except KeyError: pass\n"
        "else: y = 5  # probe: y\n"
        "finally: z = 6  # probe: z",
        [1, 1, 5, 6],
    ),
    Row(
        "async for, async with and an async comprehension",
        "import asyncio\n"
        "class M:\n"
        "    async def __aenter__(self): return 7\n"
        "    async def __aexit__(self, *a): pass\n"
        "async def numbers():\n"
        "    for n in (1, 2):\n"
        "        yield n  # probe: yield\n"
        "async def main():\n"
        "    async with M() as m:  # probe: m\n"
        "        async for n in numbers():  # probe: n\n"
        "            pass\n"
        "    return [k async for k in numbers() if k > 1]  # probe: k/store; k/load#0; return\n"
        "asyncio.run(main())",
        [7, 1, 1, 2, 2, 1, 1, 1, 2, 2, 2, [2]],
    ),
    Row(
        "an await in a comprehension",
        "import asyncio\n"
        "async def f(n):\n"
        "    await asyncio.sleep(0)\n"
        "    return n * 2  # probe: return\n"
        "async def main():\n"
        "    xs = [await f(n) for n in (1, 2)]  # probe: n/store; xs\n"
        "asyncio.run(main())",
        [1, 2, 2, 4, [2, 4]],
    ),
]

NAMES = [
    Row(
        "the walrus of a comprehension binds the name outside",
        "ys = [(y := n * 2) + y for n in range(3) if (z := n)]  # probe: y/store; y/load; z; ys",
        [0, 1, 2, 2, 2, 4, 4, [4, 8]],
    ),
    Row(
        "a walrus in nested comprehensions",
        "r = [[(last := i + j) for j in (0, 10)] for i in (1, 2)]  # probe: last; i/load",
        [1, 1, 1, 11, 2, 2, 2, 12],
    ),
    Row("a walrus in an f-string", "s = f'{(x := 4)} {x}'  # probe: s", ["4 4"]),
    Row("a walrus in a default", "def f(a=(x := 3)): pass  # probe: x", [3]),
    Row("a walrus in a while", "n = 3\nwhile (n := n - 1): pass  # probe: n/store", [2, 1, 0]),
    Row(
        "a lambda's default is read outside, its body inside",
        "n = 1\nf = lambda a, b=n: a + b + n  # probe: n/load#0; n/load#1; a/parameter; b/load\n"
        "n = 5\nf(2)",
        [1, 2, 1, 5],
    ),
    Row(
        "decorators: read from the top, applied from the bottom",
        "def d(tag):\n"
        "    def wrap(f):\n"
        "        seen = tag  # probe: seen\n"
        "        return f\n"
        "    return wrap\n"
        "a, b = 1, 2\n"
        "@d(a)  # probe: a/load\n"
        "@d(b)  # probe: b/load\n"
        "def g(): return 3\n"
        "y = g()  # probe: y",
        [1, 2, 2, 1, 3],
    ),
    Row(
        "a decorated class",
        "def d(c): return c\nn = 4\n@d\nclass C:  # probe: C\n    a = n  # probe: n; a\nx = C.a",
        [4, 4, "<class C>"],
    ),
    Row(
        "keyword defaults and a base class",
        "n = 2\ndef f(*, k=n): return k  # probe: n/load; k/parameter; return\n"
        "class B: pass\nclass C(B, metaclass=type): pass  # probe: B\nf()",
        [2, "<class B>", 2, 2],
    ),
    Row(
        "two generator expressions of one line",
        "a = all(x > 0 for x in (1, 2)), any(x > 9 for x in (3, 4))  # probe: x/load#0; x/store#1",
        [1, 2, 3, 4],
    ),
    Row(
        "two lambdas of one line",
        "f, g = (lambda x: x + 1), (lambda x: x + 2)  # probe: x/load#1\nf(1); g(2)",
        [2],
    ),
    Row(
        "a generator expression beside a list",
        "a = sum(x**2 for x in (1, 2)), [x * x for x in (3, 4)]  # probe: x/load#0",
        [1, 2],
    ),
    Row(
        "a list beside a generator expression",
        "a = sum(x**2 for x in (1, 2)), [x * x for x in (3, 4)]  # probe: x/load#1",
        [3, 4],
    ),
    Row(
        "a name beside generator expressions",
        "x = 5\na = x, sum(x for x in (1, 2)), sum(x * x for x in (3, 4))"
        "  # probe: x/load#0; x/load#3",
        [5, 3, 4],
    ),
    Row(
        "a comprehension's name shadows one that a closure shares",
        "x = 50  # probe: x\n"
        "def g(): return x  # probe: x\n"
        "y = [x for x in (1000, 2.5)]  # probe: x/store; x/load\n"
        "z = x + g()  # probe: x",
        [50, 1000, 1000, 2.5, 2.5, 50, 50],
    ),
    Row(
        "a comprehension's name shadows one of an outer function",
        "def outer():\n"
        "    x = 50\n"
        "    def inner():\n"
        "        y = [x for x in (1000, 2.5)]  # probe: x/store; x/load\n"
        "        return x  # probe: x\n"
        "    return inner()\n"
        "outer()",
        [1000, 1000, 2.5, 2.5, 50],
    ),
    Row(
        "a comprehension's name that a lambda in it keeps",
        "def f():\n"
        "    x = 7  # probe: x\n"
        "    fs = [lambda: x for x in (1, 2)]  # probe: x/store\n"
        "    return [g() for g in fs], x  # probe: x\n"
        "f()",
        [7, 1, 2, 7],
    ),
    Row(
        "a chain in a comprehension whose root a closure shares",
        "class C: pass\n"
        "def f():\n"
        "    c = C(); c.v = 1\n"
        "    def g(): return c\n"
        "    d = C(); d.v = 2\n"
        "    y = [c.v for c in (d, d)]  # probe: c.v\n"
        "    return c.v  # probe: c.v\n"
        "f()",
        [2, 2, 1],
    ),
    Row(
        "global and nonlocal, declared in a class body",
        "def f():\n"
        "    n = 1\n"
        "    class C:\n"
        "        nonlocal n\n"
        "        global shared\n"
        "        n = n + 1  # probe: n/load; n/store\n"
        "        shared = n  # probe: shared; n/load\n"
        "    return n  # probe: n\n"
        "f()",
        [1, 2, 2, 2, 2],
    ),
    Row(
        "a class body reads what its function binds",
        "def f(n):\n"
        "    class C:\n"
        "        a = n  # probe: n\n"
        "        b = [n + i for i in (1,)]  # probe: n; b\n"
        "        class D:\n"
        "            c = n * 2  # probe: n; c\n"
        "        def m(self, k=n): return k  # probe: n\n"
        "    return C().m()\n"
        "f(5)",
        [5, 5, [6], 5, 10, 5],
    ),
    Row(
        "a chain in a class body from what its function binds",
        "class B: pass\n"
        "def f(b):\n"
        "    class C:\n"
        "        a = b.v  # probe: b.v\n"
        "        b.v = a + 1  # probe: b.v\n"
        "b = B(); b.v = 5\n"
        "f(b)",
        [5, 6],
    ),
    Row(
        "a class body's own name hides its function's",
        "def f(n):\n"
        "    class C:\n"
        "        n = 3  # probe: n\n"
        "        m = n  # probe: n\n"
        "        k = [n for _ in (0,)]  # probe: n; k\n"
        "        del n\n"
        "        h = lambda: n  # probe: n\n"
        "    return C.h()\n"
        "f(5)",
        [3, 3, 5, [5], 5],
    ),
    Row(
        "a namespace of the metaclass's making",
        "class M(type):\n"
        "    def __prepare__(name, bases): return {'hidden': 8}\n"
        "class C(metaclass=M):\n"
        "    a = hidden  # probe: hidden; a",
        [8, 8],
    ),
    Row(
        "__class__ and super",
        "class C:\n    def m(self): return __class__.__name__  # probe: __class__; return\nC().m()",
        ["<class C>", "C"],
    ),
]

GENERICS = [
    Row(
        "a generic function",
        "def first[T](items: list[T]) -> T:  # probe: items; first\n"
        "    x = items[0]  # probe: x\n"
        "    return x\n"
        "first([4, 5])",
        ["<function first>", [4, 5], 4],
    ),
    Row(
        "a generic class",
        "class Box[T]:  # probe: Box\n"
        "    size = 3  # probe: size\n"
        "    def put(self, x: T) -> None:  # probe: x\n"
        "        self.x = x  # probe: self.x\n"
        "Box[int]().put(6)",
        [3, "<class Box>", 6, 6],
    ),
    Row("a type alias", "type Pair[T] = tuple[T, T]  # probe: Pair\nx = 1  # probe: x", [..., 1]),
    Row(
        "the value of a type alias, when it is asked for",
        "n = 3\ntype A = n  # probe: n\nn = 4\nx = A.__value__  # probe: x",
        [4, 4],
    ),
    Row(
        "a bound, when it is asked for",
        "class C:\n"
        "    n = 3\n"
        "    def f[T: n](self): pass  # probe: n\n"
        "x = C.f.__type_params__[0].__bound__  # probe: x",
        [3, 3],
    ),
    Row(
        "a type parameter in an annotation",
        "def f(n):\n"
        "    class C[T]:\n"
        "        k = n  # probe: n; k\n"
        "        def m(self, a: T, b=n): return b  # probe: n; b\n"
        "    return C().m(0)\n"
        "f(5)",
        [5, 5, 5, 5],
    ),
]

ROWS = [*TARGETS, *BLOCKS, *NAMES, *(GENERICS if sys.version_info >= (3, 12) else [])]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_captures_exactly(row: Row, tmp_path: Path) -> None:
    captured = capture(row.source, tmp_path)
    assert _told(captured.values, row) == row.expected
    assert captured.faults == []
    assert captured.details == []


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_captures_the_same_inside_a_function(row: Row, tmp_path: Path) -> None:
    inside = "def whole():\n" + textwrap.indent(row.source, "    ") + "\nwhole()\n"
    captured = capture(inside, tmp_path)
    assert _told(captured.values, row) == row.expected
    assert captured.faults == []


def _told(values: list[object], row: Row) -> list[object]:
    """Return what a row can write out: ``...`` stands for any value."""
    told = [
        value.replace("whole.<locals>.", "") if isinstance(value, str) else value
        for value in values
    ]
    expected = row.expected if len(row.expected) == len(told) else told
    return [... if wanted is ... else value for value, wanted in zip(told, expected, strict=True)]
