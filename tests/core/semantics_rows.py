"""Rows of the table of the capture contract: one per construct, expected values written out."""

from dataclasses import dataclass

import numpy


@dataclass(frozen=True)
class Row:
    name: str
    source: str
    expected: list[object]

    def __str__(self) -> str:
        return self.name


def plain(value: object) -> object:
    """Return an array or a number of numpy as builtins; rows write these out."""
    return value.tolist() if isinstance(value, numpy.ndarray | numpy.generic) else value


def without_scope(value: object) -> object:
    """Return a value of a row's text that ran inside of a function as if it had not."""
    value = plain(value)
    return value.replace("whole.<locals>.", "") if isinstance(value, str) else value


STORES = [
    Row("assignment", "for v in [1, 1, 2]:\n    x = v  # probe: x", [1, 1, 2]),
    Row(
        "the same object bound again",
        "a = 257\nfor _ in range(3):\n    x = a  # probe: x",
        [257] * 3,
    ),
    Row("augmented", "x = 0\nfor i in range(4):\n    x += i  # probe: x", [0, 1, 3, 6]),
    Row("annotated", "x: int = 5  # probe: x", [5]),
    Row("unpacking", "x, y = 1, 2  # probe: x", [1]),
    Row("unpacking, the last", "x, y = 1, 2  # probe: y", [2]),
    Row("swap", "x, y = 1, 2\nx, y = y, x  # probe: x", [2]),
    Row("swap, the last", "x, y = 1, 2\nx, y = y, x  # probe: y", [1]),
    Row("starred unpacking", "x, *y = 1, 2, 3  # probe: x; y", [1, [2, 3]]),
    Row("nested unpacking", "(x, [y, z]) = 1, (2, 3)  # probe: z", [3]),
    Row("chained assignment", "x = y = 7  # probe: y; x", [7, 7]),
    Row("walrus", "if (x := 3) > 2: pass  # probe: x", [3]),
    Row("walrus in a comprehension", "[x := n for n in range(3)]  # probe: x", [0, 1, 2]),
    Row("for target", "for x in 'ab':  # probe: x\n    pass", ["a", "b"]),
    Row("for on one line", "s = 0\nfor i in range(4): s += i  # probe: s", [0, 1, 3, 6]),
    Row(
        "for on one line, its target", "s = 0\nfor i in range(4): s += i  # probe: i", [0, 1, 2, 3]
    ),
    Row(
        "with target",
        "from contextlib import nullcontext\nwith nullcontext(4) as x:  # probe: x\n    pass",
        [4],
    ),
    Row(
        "except target, and not the compiler's clean-up",
        "try:\n    1 / 0\nexcept ZeroDivisionError as x:  # probe: x\n    x = 5  # probe: x",
        ["ZeroDivisionError('division by zero')", 5],
    ),
    Row("import as", "import string as x  # probe: x", ["<module string>"]),
    Row("from import", "from string import digits  # probe: digits", ["0123456789"]),
    Row(
        "from import of several",
        "from string import digits, hexdigits as x  # probe: x; digits",
        ["0123456789", "0123456789abcdefABCDEF"],
    ),
    Row("del is no store", "x = 1  # probe: x\ndel x\nx = 2  # probe: x", [1, 2]),
    Row("match capture", "match (1, 2):\n    case (x, y):  # probe: x; y\n        pass", [1, 2]),
    Row("match star", "match [1, 2, 3]:\n    case [_, *x]:  # probe: x\n        pass", [[2, 3]]),
    Row(
        "match mapping rest",
        "match {'a': 1, 'b': 2}:\n    case {'a': y, **x}:  # probe: x\n        pass",
        [{"b": 2}],
    ),
    Row("match as", "match 9:\n    case int() as x:  # probe: x\n        pass", [9]),
    Row(
        "match that fails binds nothing",
        "match (1, 2):\n    case (x, 3):  # probe: x\n        pass\n    case _: pass",
        [],
    ),
    Row("comprehension target", "y = [x for x in (1, 2)]  # probe: x/store", [1, 2]),
    Row(
        "comprehensions of every kind",
        "a = {x for x in (1,)}  # probe: x/store\n"
        "b = {x: 0 for x in (2,)}  # probe: x/store\n"
        "c = list(x for x in (3,))  # probe: x/store",
        [1, 2, 3],
    ),
    Row(
        "comprehension targets side by side that have other values around it",
        "def f():\n"
        "    y, x = 7, 8\n"
        "    return [y for (y, x) in ((1, 2), (3, 4))]  # probe: x/store\n"
        "f()",
        [2, 4],
    ),
    Row(
        "comprehension targets side by side, left by an exception",
        "def f():\n"
        "    y, x = 7, 8\n"
        "    try:\n"
        "        return [y // x for (y, x) in ((1, 2), (3, 0))]  # probe: x/store\n"
        "    except ZeroDivisionError:\n"
        "        return x\n"
        "f()",
        [2, 0],
    ),
    Row(
        "several lines, once",
        "x = (  # probe: x\n    1 +\n    2\n)",
        [3],
    ),
    Row(
        "a conditional store jumped over",
        "for c in (1, 0, 1, 0):\n    if c: x = c * 10  # probe: x\n    y = c",
        [10, 10],
    ),
    Row(
        "a store at the end of a branch",
        "for c in range(4):\n    if c % 2:\n        x = c  # probe: x\n    else:\n        pass",
        [1, 3],
    ),
    Row(
        "in a finally body, compiled twice",
        "def f(n):\n"
        "    try:\n"
        "        if n: raise KeyError\n"
        "    finally:\n"
        "        x = n  # probe: x\n"
        "for n in (0, 1):\n"
        "    try: f(n)\n"
        "    except KeyError: pass",
        [0, 1],
    ),
    Row(
        "a store that raises is none",
        "class D(dict):\n"
        "    def __setitem__(self, k, v):\n"
        "        if v == 2: raise KeyError(v)\n"
        "        super().__setitem__(k, v)\n"
        "d = D()\n"
        "for v in (1, 2, 3):\n"
        "    try:\n"
        "        if v: d['k'] = v  # probe: d['k']\n"
        "    except KeyError: pass\n"
        "    w = v",
        [1, 3],
    ),
]

LOADS = [
    Row("load before the statement's own store", "x = 5\nx = x - 1  # probe: x/load", [5]),
    Row("two loads on one line", "x = 2\ny = x * x  # probe: x/load#0; x/load#1", [2, 2]),
    Row(
        "loads among stores of one line",
        "x = 1; y = x; x = 2; z = x  # probe: x/load#0; x/load#1",
        [1, 2],
    ),
    Row("a builtin", "y = len('abc')  # probe: len", ["<function len>"]),
    Row("in a condition", "x = 3\nwhile x:  # probe: x/load\n    x -= 1", [3, 2, 1, 0]),
    Row("in an f-string", "x = 4\ny = f'{x}'  # probe: x/load", [4]),
    Row("in a default argument", "x = 6\ndef f(a=x): pass  # probe: x/load", [6]),
    Row(
        "in a decorator", "def d(f): return f\n@d  # probe: d/load\ndef g(): pass", ["<function d>"]
    ),
    Row("no value, no capture", "try:\n    y = nope  # probe: nope\nexcept NameError: pass", []),
]

SCOPES = [
    Row("local", "def f(a):\n    x = a  # probe: x\n    return x\nf(1); f(2)", [1, 2]),
    Row(
        "several locals fused by 3.13",
        "def f(a, b):\n    c = a + b; x = c; y = x  # probe: a/load; b/load; c/load; x/load; y\n"
        "    return x + y\nf(1, 2)",
        [1, 2, 3, 3, 3],
    ),
    Row(
        "store and load fused by 3.13",
        "def f(n):\n"
        "    for i in range(n): s = i; t = s + i  # probe: i/store; s/load; i/load#1\n"
        "f(2)",
        [0, 0, 0, 1, 1, 1],
    ),
    Row("global", "def f():\n    global x\n    x = 3  # probe: x\nf()", [3]),
    Row(
        "nonlocal and cell",
        "def f():\n"
        "    x = 1  # probe: x\n"
        "    def g():\n"
        "        nonlocal x\n"
        "        x += 1  # probe: x\n"
        "    g(); g()\n"
        "f()",
        [1, 2, 3],
    ),
    Row(
        "free variable",
        "def f(x):\n    def g(): return x  # probe: x/load\n    return g()\nf(8)",
        [8],
    ),
    Row("class body", "class C:\n    x = 2  # probe: x\n    y = x  # probe: x/load", [2, 2]),
    Row(
        "def and class",
        "def x(): pass  # probe: x\nclass y: pass  # probe: y",
        ["<function x>", "<class y>"],
    ),
    Row(
        "lambda parameter, not the outer name",
        "x = 1\nf = lambda x: x  # probe: x/parameter\nf(5)",
        [5],
    ),
    Row(
        "two lambdas of one line",
        "f, g = (lambda x: x), (lambda x: -x)  # probe: x/parameter#1\nf(1); g(2)",
        [2],
    ),
    Row(
        "a lambda with another in its default",
        "f = lambda x, y=(lambda x: x + 7)(3): x - y  # probe: x/parameter#1; x/load#1\nf(2)",
        [2, 2],
    ),
    Row(
        "a generator expression over another",
        "y = list(x for x in [sum(x for x in (1, 2)), 5])  # probe: x/store#1; x/load#1",
        [3, 3, 5, 5],
    ),
    Row(
        "a name of a comprehension that another function has from outside",
        "def f(x):\n"
        "    return sum(x for _ in [0]) + sum([x for x in (1, 2) if x])  # probe: x/load#1\n"
        "f(9)",
        [1, 2],
    ),
    Row(
        "an element of what a comprehension has a like name for",
        "d = {'k': 1}\ny = [d for d in (2, 3)] + [d['k']]  # probe: d['k']/member-load\nd = d['k']",
        [1],
    ),
    Row(
        "an element of a global in a class's comprehension",
        "global d\n"
        "d = {'k': 1}\n"
        "class C:\n"
        "    d = {'k': 2}\n"
        "    y = [q for q in (3, 4) if d['k']]  # probe: d['k']/member-load",
        [1, 1],
    ),
    Row(
        "a class's comprehension beside a like name from around the class",
        "def f(x):\n"
        "    class C:\n"
        "        y = [x for x in (1, 2)], x  # probe: x/store; x/load#0; x/load#1\n"
        "f(9)",
        [1, 1, 2, 2, 9],
    ),
    Row(
        "a store into what a comprehension has a like name for",
        "class C:\n"
        "    d = {'k': 1}\n"
        "    y = [d for d in (2, 3)]\n"
        "    d['k'] = 4  # probe: d['k']/member-store; d/base-store",
        [4, {"k": 4}],
    ),
    Row(
        "a condition whose copies differ in what is fused",
        "def f(n):\n    if n: x = 0\n    while x < n:  # probe: n/load\n        x += 1\nf(2)",
        [2, 2, 2],
    ),
    Row(
        "a part of a line that is copied behind a choice",
        "def f(x, y, z):\n"
        "    return (y if x else z) * x  # probe: x/load#1\n"
        "f(2, 3, 4); f(0, 3, 4); f(5, 3, 4)",
        [2, 0, 5],
    ),
    Row(
        "copies of finally that differ in what is fused",
        "def f(x):\n"
        "    for _ in range(2):\n"
        "        try:\n"
        "            if x > 2: continue\n"
        "            del x\n"
        "            x = 3\n"
        "        finally: y = [x, x]  # probe: x/load#0; x/load#1\n"
        "f(2)",
        [3, 3, 3, 3],
    ),
    Row(
        "recursion",
        "def f(n):\n    x = n  # probe: x\n    return n if n == 0 else f(n - 1)\nf(3)",
        [3, 2, 1, 0],
    ),
    Row(
        "recursion through an ambiguous store",
        "def f(n):\n"
        "    if n % 2: x = f(n - 1) if n else 0  # probe: x\n"
        "    return f(n - 1) if n > 1 else n\n"
        "f(3)",
        [0, 1, 0],
    ),
    Row("exec", "exec(compile('y = 1', 'elsewhere', 'exec'))\nx = 2  # probe: x", [2]),
    Row(
        "decorated function",
        "def d(f): return f\n@d\n@d\ndef g(a):  # probe: a; g\n    return a\ng(4)",
        ["<function g>", 4],
    ),
]

PARAMETERS = [
    Row("parameter", "def f(a, b=2): pass  # probe: a; b\nf(1)", [1, 2]),
    Row(
        "every kind of parameter",
        "def f(a, /, b, *c, d, **e): pass  # probe: a; b; c; d; e\nf(1, 2, 3, d=4, z=5)",
        [1, 2, (3,), 4, {"z": 5}],
    ),
    Row(
        "once a call, although the body begins with a loop",
        "def f(n):  # probe: n\n    while n > 0:\n        n -= 1\nf(3); f(2)",
        [3, 2],
    ),
    Row(
        "once a call, although the body is a loop",
        "def f(n):  # probe: n\n    while True:\n        n -= 1\n        if n < 0: return\n"
        "f(3); f(2)",
        [3, 2],
    ),
    Row(
        "a generator's when it first runs",
        "def g(a):  # probe: a\n    yield a\n    yield a\nx = g(1)\nlist(x)",
        [1],
    ),
    Row("captured by a closure", "def f(a):  # probe: a\n    return lambda: a\nf(1)()", [1]),
    Row("a method's", "class C:\n    def m(self, a): pass  # probe: a\nC().m(3)", [3]),
]

MEMBERS = [
    Row(
        "attribute store",
        "class C: pass\nc = C()\nfor v in (1, 2):\n    c.b = v  # probe: c.b",
        [1, 2],
    ),
    Row("element store", "a = [0, 0]\nfor i in range(2):\n    a[i] = i + 5  # probe: a[i]", [5, 6]),
    Row("augmented attribute", "class C: b = 1\nc = C()\nc.b += 4  # probe: c.b", [5]),
    Row("the base shows the change", "a = [0, 0]\na[1] = 7  # probe: a", [[0, 7]]),
    Row("dict element", "d = {}\nd['k'] = 3  # probe: d['k']", [3]),
    Row("negative index", "a = [1, 2]\na[-1] = 9  # probe: a[-1]", [9]),
    Row("slice store", "a = [1, 2, 3, 4]\na[1:3] = [8, 9]  # probe: a[1:3]", [[8, 9]]),
    Row(
        "store to a key of several parts",
        "d = {}\nfor i in range(2):\n    d[i, 'k'] = i * 3  # probe: d[i, 'k']",
        [0, 3],
    ),
    Row(
        "load by a key of several parts",
        "d = {(1, 2): 5}\ni = 1\ny = d[i, 2]  # probe: d[i, 2]",
        [5],
    ),
    Row("ellipsis as a key", "d = {...: 4}\ny = d[...]  # probe: d[...]", [4]),
    Row("attribute load", "class C: b = 4\nc = C()\ny = c.b  # probe: c.b", [4]),
    Row(
        "chain load",
        "class C: pass\na = C(); a.b = C(); a.b.c = 6\ny = a.b.c + 1  # probe: a.b.c",
        [6],
    ),
    Row("element load", "a = [1, 2, 3]\ni = 1\ny = a[i]  # probe: a[i]", [2]),
    Row("slice load", "a = [1, 2, 3, 4, 5, 6]\ny = a[2:5]  # probe: a[2:5]", [[3, 4, 5]]),
    Row(
        "an ambiguous attribute store that raises",
        "class C: __slots__ = ('x',)\n"
        "c = C()\n"
        "def f(v):\n"
        "    try:\n"
        "        if v: c.x = 1 // (v - 2)  # probe: c.x\n"
        "    except ZeroDivisionError: pass\n"
        "    return v\n"
        "for v in (0, 1, 2, 3, 0): f(v)",
        [-1, 1],
    ),
    Row(
        "private names",
        "class C:\n    def m(self):\n        self.__x = 3  # probe: self.__x\nC().m()",
        [3],
    ),
]

GRID = "import numpy\na = numpy.arange(12).reshape(3, 4)\n"
VOLUME = "import numpy\na = numpy.arange(8).reshape(2, 2, 2)\n"

ARRAYS = [
    Row("column load", GRID + "y = a[:, 0]  # probe: a[:, 0]", [[0, 4, 8]]),
    Row(
        "load of strided slices",
        GRID + "n = 3\ny = a[1:n, ::2]  # probe: a[1:n, ::2]",
        [[[4, 6], [8, 10]]],
    ),
    Row("element load", GRID + "for i in (0, 2): y = a[i, -1]  # probe: a[i, -1]", [3, 11]),
    Row("load with an ellipsis", VOLUME + "y = a[..., 0]  # probe: a[..., 0]", [[[0, 2], [4, 6]]]),
    Row("load with a new axis", GRID + "y = a[0, None, :2]  # probe: a[0, None, :2]", [[[0, 1]]]),
    Row(
        "load by a mask",
        GRID + "m = a[0] > 1\ny = a[1:, m]  # probe: a[1:, m]",
        [[[6, 7], [10, 11]]],
    ),
    Row("load from a slice of it", GRID + "y = a[:, 1][1:]  # probe: a[:, 1][1:]", [[5, 9]]),
    Row(
        "column store",
        GRID + "for v in (7, 8):\n    a[:, 1] = v  # probe: a[:, 1]",
        [[7, 7, 7], [8, 8, 8]],
    ),
    Row("element store", GRID + "i, j = 1, 2\na[i, j] = 50  # probe: a[i, j]", [50]),
    Row(
        "augmented store of slices",
        GRID + "a[1:3, ::2] += 100  # probe: a[1:3, ::2]",
        [[[104, 106], [108, 110]]],
    ),
    Row(
        "store with an ellipsis",
        VOLUME + "a[..., 0] = 9  # probe: a[..., 0]",
        [[[9, 9], [9, 9]]],
    ),
    Row(
        "the base of a store of a column",
        VOLUME + "a[0, :, 1] = 9  # probe: a",
        [[[[0, 9], [2, 9]], [[4, 5], [6, 7]]]],
    ),
    Row(
        "a conditional store of a column jumped over",
        GRID + "for c in (1, 0, 2):\n    if c: a[:2, 0] = c  # probe: a[:2, 0]\n    y = c",
        [[1, 1], [2, 2]],
    ),
    Row(
        "no such element", GRID + "try: y = a[5, :]  # probe: a[5, :]\nexcept IndexError: pass", []
    ),
]

LEAVING = [
    Row("return", "def f(a):\n    return a + 1  # probe: return\nf(1); f(2)", [2, 3]),
    Row("bare return", "def f():\n    return  # probe: return\nf()", [None]),
    Row("constant return", "def f():\n    return 4  # probe: return\nf()", [4]),
    Row(
        "return through finally",
        "def f():\n    try:\n        return 1  # probe: return\n    finally:\n        y = 2\nf()",
        [1],
    ),
    Row(
        "return of an expression through finally with a branch",
        "def f(a):\n"
        "    try:\n"
        "        return a * 2  # probe: return\n"
        "    finally:\n"
        "        if a: y = 2\n"
        "f(0); f(3)",
        [0, 6],
    ),
    Row(
        "return through with",
        "from contextlib import nullcontext\n"
        "def f():\n    with nullcontext(): return 5  # probe: return\nf()",
        [5],
    ),
    Row(
        "one of two returns",
        "def f(a):\n    if a: return 1  # probe: return\n    return 2\nf(0); f(1)",
        [1],
    ),
    Row(
        "yield",
        "def g():\n    for i in range(3):\n        yield i  # probe: yield\nlist(g())",
        [0, 1, 2],
    ),
    Row(
        "yield that is thrown out of by way of a with",
        "import contextlib\n@contextlib.contextmanager\ndef place():\n    yield 3  # probe: yield\n"
        "def g():\n    with place():\n        yield 1  # probe: yield\n        yield 2\n"
        "a = g()\nnext(a)\na.close()\nb = g()\nlist(b)",
        [3, 1, 3, 1],
    ),
    Row(
        "yield of nothing, and thrown out of",
        "def g():\n    try:\n        yield  # probe: yield\n    finally:\n        x = [1][0]\n"
        "a = g()\nnext(a)\na.close()\nb = g()\nlist(b)",
        [None, None],
    ),
    Row("yield from", "def g():\n    yield from (1, 2)  # probe: yield\nlist(g())", [1, 2]),
    Row(
        "async yield, without the interpreter's wrapper",
        "import asyncio\n"
        "async def g():\n    yield 7  # probe: yield\n"
        "async def main():\n    return [x async for x in g()]\n"
        "asyncio.run(main())",
        [7],
    ),
    Row(
        "a return that another one in finally replaces",
        "def f(x):\n"
        "    try:\n"
        "        return max(x, 5)  # probe: return\n"
        "    finally:\n"
        "        if x: return max(x, 12)  # probe: return\n"
        "f(0); f(1)",
        [5, 12],
    ),
    Row(
        "a comprehension in a return is none",
        "def f():\n    return [q for q in (1, 2)]  # probe: return\nf()",
        [[1, 2]],
    ),
    Row(
        "an exception is no return",
        "def f():\n    return 1 / 0  # probe: return\ntry: f()\nexcept ZeroDivisionError: pass",
        [],
    ),
]

GENERATORS = [
    Row(
        "generator locals across suspensions",
        "def g():\n    for i in range(3):\n        x = yield i  # probe: x\n"
        "it = g(); next(it); it.send(10); it.send(20)",
        [10, 20],
    ),
    Row(
        "coroutine",
        "import asyncio\n"
        "async def f(n):\n    await asyncio.sleep(0)\n    x = n  # probe: x\n"
        "async def main():\n    await f(1); await f(2)\n"
        "asyncio.run(main())",
        [1, 2],
    ),
]

ROWS = [*STORES, *LOADS, *SCOPES, *PARAMETERS, *MEMBERS, *ARRAYS, *LEAVING, *GENERATORS]
