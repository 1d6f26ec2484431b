"""Rows of the table of steps: programs that mix constructs, from start to end."""

from tests.core.debug.step_row import StepRow

MIXED = [
    StepRow(
        "finally: continue, break and return through it, into",
        """
def f(n):
    for i in range(3):
        try:
            if i == n:
                continue
            try:
                if i == 1:
                    return "x"
            finally:
                a = i
        finally:
            b = i
            if n == 0:
                break
    else:
        c = 1
    return "end"
def g():
    try:
        return 1 / 0
    except ZeroDivisionError:
        return 2
    finally:
        return 3
def h():
    while True:
        try:
            raise KeyError
        except KeyError:
            break
        finally:
            z = 1
    return z
def main():
    a = f(0)  # start
    b = f(2)
    c = g()
    d = h()
    return a
main()
""",
        steps=["into"] * 47,
        expected=[
            "start",
            "for i in range(3): n=0",
            "try: i=0 n=0",
            "if i == n: i=0 n=0",
            "continue i=0 n=0",
            "b = i i=0 n=0",
            "if n == 0: b=0 i=0 n=0",
            "break b=0 i=0 n=0",
            'return "end" b=0 i=0 n=0',
            "start",
            "b = f(2) a='end'",
            "for i in range(3): n=2",
            "try: i=0 n=2",
            "if i == n: i=0 n=2",
            "try: i=0 n=2",
            "if i == 1: i=0 n=2",
            "a = i i=0 n=2",
            "b = i a=0 i=0 n=2",
            "if n == 0: a=0 b=0 i=0 n=2",
            "for i in range(3): a=0 b=0 i=0 n=2",
            "try: a=0 b=0 i=1 n=2",
            "if i == n: a=0 b=0 i=1 n=2",
            "try: a=0 b=0 i=1 n=2",
            "if i == 1: a=0 b=0 i=1 n=2",
            'return "x" a=0 b=0 i=1 n=2',
            "a = i a=0 b=0 i=1 n=2",
            "b = i a=1 b=0 i=1 n=2",
            "if n == 0: a=1 b=1 i=1 n=2",
            "b = f(2) a='end'",
            "c = g() a='end' b='x'",
            "try:",
            "return 1 / 0",
            "except ZeroDivisionError:",
            "return 2",
            "return 3",
            "c = g() a='end' b='x'",
            "d = h() a='end' b='x' c=3",
            "while True:",
            "try:",
            "raise KeyError",
            "except KeyError:",
            "break",
            "z = 1",
            "return z z=1",
            "d = h() a='end' b='x' c=3",
            "return a a='end' b='x' c=3 d=1",
            "main()",
            "end",
        ],
    ),
    StepRow(
        "exceptions that make others, and groups, into",
        """
class Own(Exception):
    def __init__(self, n):
        self.n = n
def f(n):
    if n == 0:
        raise Own(0)
    f(n - 1)
def g():
    try:
        f(2)
    except Own as e:
        raise ValueError from e
    else:
        x = 1
def h():
    try:
        g()
    except (KeyError, ValueError) as e:
        k = type(e).__name__
        return k
def grp():
    try:
        raise ExceptionGroup("g", [ValueError(1), KeyError(2)])
    except* ValueError as v:
        a = 1
    except* KeyError:
        b = 2
    return 9
def main():
    r = h()  # start
    s = grp()
    try:
        assert r is None, f(0)
    except (AssertionError, Own):
        t = 1
    return r
main()
""",
        steps=["into"] * 38,
        expected=[
            "start",
            "try:",
            "g()",
            "try:",
            "f(2)",
            "if n == 0: n=2",
            "f(n - 1) n=2",
            "if n == 0: n=1",
            "f(n - 1) n=1",
            "if n == 0: n=0",
            "raise Own(0) n=0",
            "self.n = n n=0",
            "raise Own(0) n=0",
            "except Own as e:",
            "raise ValueError from e",
            "except (KeyError, ValueError) as e:",
            "k = type(e).__name__",
            "return k k='ValueError'",
            "start",
            "s = grp() r='ValueError'",
            "try:",
            'raise ExceptionGroup("g", [ValueError(1), KeyError(2)])',
            "except* ValueError as v:",
            "a = 1",
            "except* KeyError: a=1",
            "b = 2 a=1",
            "return 9 a=1 b=2",
            "s = grp() r='ValueError'",
            "try: r='ValueError' s=9",
            "assert r is None, f(0) r='ValueError' s=9",
            "if n == 0: n=0",
            "raise Own(0) n=0",
            "self.n = n n=0",
            "raise Own(0) n=0",
            "except (AssertionError, Own): r='ValueError' s=9",
            "t = 1 r='ValueError' s=9",
            "return r r='ValueError' s=9 t=1",
            "main()",
            "end",
        ],
    ),
    StepRow(
        "sys.exit, through a finally",
        """
import sys
def f():
    try:
        sys.exit(3)  # start
    finally:
        a = 1
def main():
    f()
try:
    main()
except SystemExit as e:
    z = e.code
y = 1
""",
        steps=["over"] * 5,
        expected=["start", "a = 1", "except SystemExit as e:", "z = e.code", "y = 1", "end"],
    ),
    StepRow(
        "iterators, and one that has too many",
        """
class It:
    def __init__(self):
        self.n = 0
    def __iter__(self):
        return self
    def __next__(self):
        self.n += 1
        if self.n > 2:
            raise StopIteration
        return self.n
class Ctx:
    def __enter__(self): return 1
    def __exit__(self, *a): return True
def main():
    for v in It():  # start
        w = v
    a, *b = It()
    with Ctx() as c:
        d, e, f = It()
    g = dict(zip(It(), It()))
    return g
main()
""",
        steps=["over"] * 12,
        expected=[
            "start",
            "w = v v=1",
            "start v=1 w=1",
            "w = v v=2 w=1",
            "start v=2 w=2",
            "a, *b = It() v=2 w=2",
            "with Ctx() as c: a=1 b=[2] v=2 w=2",
            "d, e, f = It() a=1 b=[2] c=1 v=2 w=2",
            "with Ctx() as c: a=1 b=[2] c=1 v=2 w=2",
            "g = dict(zip(It(), It())) a=1 b=[2] c=1 v=2 w=2",
            "return g a=1 b=[2] c=1 g={1:1,2:2} v=2 w=2",
            "main()",
            "end",
        ],
    ),
    StepRow(
        "threads that start threads: only one's own is stepped",
        """
import threading
out = []
def inner(n):
    out.append(n)
def work(n):
    if n:
        t = threading.Thread(target=work, args=(n - 1,))
        t.start()
        t.join()
    inner(n)
def main():
    work(2)  # start
    x = 1
    return x
main()
""",
        steps=["into"] * 12,
        expected=[
            "start",
            "if n: n=2",
            "t = threading.Thread(target=work, args=(n - 1,)) n=2",
            "t.start() n=2",
            "t.join() n=2",
            "inner(n) n=2",
            "out.append(n) n=2",
            "inner(n) n=2",
            "start",
            "x = 1",
            "return x x=1",
            "main()",
            "end",
        ],
    ),
    StepRow(
        "closures, generators and recursion, into",
        """
def outer():
    total = 0
    def add(n):
        nonlocal total
        total += n
        return total
    def gen():
        for i in range(2):
            yield add(i)
    return sum(gen())
def rec(n):
    if not n:
        return 0
    yield_from = list(walk(n))
    return rec(n - 1) + len(yield_from)
def walk(n):
    if n:
        yield n
        yield from walk(n - 1)
def main():
    a = outer()  # start
    b = rec(2)
    return a
main()
""",
        steps=["into"] * 49,
        expected=[
            "start",
            "total = 0",
            "def add(n): total=0",
            "def gen(): total=0",
            "return sum(gen()) total=0",
            "for i in range(2):",
            "yield add(i) i=0",
            "total += n n=0 total=0",
            "return total n=0 total=0",
            "yield add(i) i=0",
            "for i in range(2): i=0",
            "yield add(i) i=1",
            "total += n n=1 total=0",
            "return total n=1 total=1",
            "yield add(i) i=1",
            "for i in range(2): i=1",
            "return sum(gen()) total=1",
            "start",
            "b = rec(2) a=1",
            "if not n: n=2",
            "yield_from = list(walk(n)) n=2",
            "if n: n=2",
            "yield n n=2",
            "yield from walk(n - 1) n=2",
            "if n: n=1",
            "yield n n=1",
            "yield from walk(n - 1) n=2",
            "yield from walk(n - 1) n=1",
            "if n: n=0",
            "yield from walk(n - 1) n=1",
            "yield from walk(n - 1) n=2",
            "yield_from = list(walk(n)) n=2",
            "return rec(n - 1) + len(yield_from) n=2 yield_from=[2,1]",
            "if not n: n=1",
            "yield_from = list(walk(n)) n=1",
            "if n: n=1",
            "yield n n=1",
            "yield from walk(n - 1) n=1",
            "if n: n=0",
            "yield from walk(n - 1) n=1",
            "yield_from = list(walk(n)) n=1",
            "return rec(n - 1) + len(yield_from) n=1 yield_from=[1]",
            "if not n: n=0",
            "return 0 n=0",
            "return rec(n - 1) + len(yield_from) n=1 yield_from=[1]",
            "return rec(n - 1) + len(yield_from) n=2 yield_from=[2,1]",
            "b = rec(2) a=1",
            "return a a=1 b=3",
            "main()",
            "end",
        ],
    ),
    StepRow(
        "generators that draw on each other, over",
        """
def source():
    try:
        for i in range(3):
            yield i
    finally:
        closed = 1
def double(it):
    try:
        for x in it:
            y = yield x * 2
    except ValueError as e:
        yield -1
    finally:
        d = 1
def main():
    g = double(source())  # start
    a = next(g)
    b = g.send(5)
    c = g.throw(ValueError)
    g.close()
    r = list(double(source()))
    for v in double(source()):
        if v > 1:
            break
    return a
main()
""",
        steps=["over"] * 13,
        expected=[
            "start",
            "a = next(g)",
            "b = g.send(5) a=0",
            "c = g.throw(ValueError) a=0 b=2",
            "g.close() a=0 b=2 c=-1",
            "r = list(double(source())) a=0 b=2 c=-1",
            "for v in double(source()): a=0 b=2 c=-1 r=[0,2,4]",
            "if v > 1: a=0 b=2 c=-1 r=[0,2,4] v=0",
            "for v in double(source()): a=0 b=2 c=-1 r=[0,2,4] v=0",
            "if v > 1: a=0 b=2 c=-1 r=[0,2,4] v=2",
            "break a=0 b=2 c=-1 r=[0,2,4] v=2",
            "return a a=0 b=2 c=-1 r=[0,2,4] v=2",
            "main()",
            "end",
        ],
    ),
]
