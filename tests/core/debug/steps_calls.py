"""Rows of the table of steps: calls of all kinds, into, over and out of them."""

from tests.core.debug.step_row import StepRow

CALLS = [
    StepRow(
        "lines and a call stepped over",
        """
def f(x):
    return x + 1

def main():
    a = 1  # start
    b = f(a)  # call
    c = b  # after

main()
""",
        steps=["over", "over", "over", "over"],
        expected=["start", "call a=1", "after a=1 b=2", "main()", "end"],
    ),
    StepRow(
        "into a call and out of its end",
        """
def f(x):
    y = x + 1  # f1
    return y  # f2

def main():
    b = f(1)  # start
    return b  # after

main()
""",
        steps=["into", "over", "over", "over"],
        expected=["start", "f1 x=1", "f2 x=1 y=2", "start", "after b=2"],
    ),
    StepRow(
        "out of a call, then on in its line",
        """
def f(x):
    y = x + 1  # f1
    return y  # f2

def main():
    b = f(1) + f(2)  # start
    return b  # after

main()
""",
        steps=["into", "out", "into", "out", "over"],
        expected=["start", "f1 x=1", "start", "f1 x=2", "start", "after b=5"],
    ),
    StepRow(
        "a call of several lines",
        """
def f(*a):
    return sum(a)  # f1

def main():
    b = f(  # start
        1,  # one
        2,  # two
    )
    return b  # after

main()
""",
        steps=["over", "over", "over", "over"],
        expected=["start", "one", "two", "start", "after b=3"],
    ),
    StepRow(
        "recursion, over: the same frame, not the same code",
        """
def fact(n):
    if n < 2:  # if
        return 1  # base
    m = fact(n - 1)  # call
    return n * m  # ret

def main():
    r = fact(4)  # start
    return r  # after

main()
""",
        steps=["into", "over", "over", "over", "over", "over"],
        expected=["start", "if n=4", "call n=4", "ret m=6 n=4", "start", "after r=24", "main()"],
    ),
    StepRow(
        "recursion, into and out",
        """
def fact(n):
    if n < 2:  # if
        return 1  # base
    m = fact(n - 1)  # call
    return n * m  # ret

def main():
    r = fact(3)  # start
    return r  # after

main()
""",
        steps=["into", "over", "into", "over", "into", "out", "out", "over", "out", "over"],
        expected=[
            "start",
            "if n=3",
            "call n=3",
            "if n=2",
            "call n=2",
            "if n=1",
            "call n=2",
            "call n=3",
            "ret m=2 n=3",
            "start",
            "after r=6",
        ],
    ),
    StepRow(
        "a comprehension, over",
        """
def f(x):
    return x + 1

def main():
    a = 1  # start
    b = [f(x) for x in range(3)]  # comp
    c = {k: v  # dict
         for k, v in zip("ab", b)}  # dict2
    return b  # after

main()
""",
        steps=["over", "over", "over"],
        expected=[
            "start",
            "comp a=1",
            "dict2 a=1 b=[1,2,3]",
            "after a=1 b=[1,2,3] c={'a':1,'b':2}",
        ],
        otherwise={
            "3.12": ["start", "comp a=1", "dict2 a=1 b=[1,2,3]", "dict a=1 b=[1,2,3]"],
            "3.11": ["start", "comp a=1", "dict a=1 b=[1,2,3]", "dict2 a=1 b=[1,2,3]"],
        },
    ),
    StepRow(
        "a comprehension, into what it calls",
        """
def f(x):
    return x + 1  # f1

def main():
    b = [f(x) for x in range(2)]  # start
    return b  # after

main()
""",
        steps=["into", "over", "into"],
        expected=["start", "f1 x=0", "start x=0", "f1 x=1"],
    ),
    StepRow(
        "a generator expression, into",
        """
def main():
    g = (x * x  # start
         for x in range(2))  # for
    s = sum(g)  # sum
    return s  # after

main()
""",
        steps=["over", "over", "over"],
        expected=["start", "for", "start", "sum"],
    ),
    StepRow(
        "a lambda",
        """
def main():
    double = lambda x: x * 2  # start
    y = double(4)  # call
    return y  # after

main()
""",
        steps=["over", "into", "over", "over"],
        expected=["start", "call", "start x=4", "call", "after y=8"],
    ),
    StepRow(
        "a lambda called by a library, into and out",
        """
def main():
    key = lambda x: -x  # start
    y = sorted([1, 2], key=key)  # call
    return y  # after

main()
""",
        steps=["over", "into", "into", "out", "over"],
        expected=["start", "call", "start x=1", "start x=2", "call", "after y=[2,1]"],
    ),
    StepRow(
        "a decorated function",
        """
def twice(f):
    def wrapper(x):
        y = f(x)  # w1
        return y * 2  # w2
    return wrapper

@twice
def one(x):
    return x + 1  # o1

def main():
    r = one(1)  # start
    return r  # after

main()
""",
        steps=["into", "into", "over", "over", "over", "over"],
        expected=["start", "w1 x=1", "o1 x=1", "w1 x=1", "w2 x=1 y=2", "start", "after r=4"],
    ),
    StepRow(
        "a library's decorator is passed through",
        """
from functools import lru_cache, wraps
from contextlib import contextmanager

@contextmanager
def room():
    a = 1  # r1
    yield a  # r2
    a = 2  # r3

@lru_cache
def f(x):
    return x + 1  # f1

def main():
    n = f(1)  # start
    with room() as r:  # with
        n = 2  # body
    return n  # after

main()
""",
        steps=["into", "over", "over", "into", "over", "over", "over", "into", "over", "over"],
        expected=[
            "start",
            "f1 x=1",
            "start",
            "with n=2",
            "r1",
            "r2 a=1",
            "r3 a=1",
            "with n=2 r=1",
            "after n=2 r=1",
            "main()",
            "end",
        ],
    ),
    StepRow(
        "a class body, a property and __init__",
        """
class Point:
    def __init__(self, x):
        self._x = x  # init
    @property
    def x(self):
        return self._x  # prop

def main():
    p = Point(3)  # start
    y = p.x  # read
    return y  # after

main()
""",
        steps=["into", "over", "over", "into", "over", "over"],
        expected=["start", "init x=3", "start", "read", "prop", "read", "after y=3"],
    ),
    StepRow(
        "the end of a thread's code, and of the program",
        """
def main():
    a = 1  # start

main()
b = 2  # last
""",
        steps=["over", "over", "over"],
        expected=["start", "main()", "last", "end"],
    ),
    StepRow(
        "a thread of its own",
        """
import threading

def work(n):
    a = n  # start
    b = a  # b

t = threading.Thread(target=work, args=(1,))
t.start()
t.join()  # join
""",
        steps=["over", "over"],
        expected=["start n=1", "b a=1 n=1", "end"],
    ),
    StepRow(
        "a signal handler",
        """
import signal

def handle(number, frame):
    a = 1  # h1
    b = 2  # h2

def main():
    handle(0, None)  # start
    c = 3  # c

main()
""",
        steps=["into", "over", "out", "over"],
        expected=["start", "h1 frame=None number=0", "h2 a=1 frame=None number=0", "start", "c"],
    ),
    StepRow(
        "a star import of the program's own code is no obstacle",
        """
def main():
    import json.tool  # start
    from string import digits  # from
    return digits  # after

main()
""",
        steps=["into", "into", "into"],
        expected=["start", "from", "after digits='0123456789'", "main()"],
    ),
    StepRow(
        "code of exec, which no file holds, is passed over",
        """
def f():
    return 1  # f1

def main():
    exec("a = 1; b = f()")  # start
    c = 2  # c

main()
""",
        steps=["into", "over", "over"],
        expected=["start", "f1", "start", "c"],
    ),
    StepRow(
        "functions that return a constant in their only line, out and over",
        """
def one(): return 1  # one

def main():
    two = lambda: 2  # start
    for i in range(2):
        a = one()  # a
        b = two()  # b
    return a  # after

main()
""",
        steps=["to one", "out", "over", "to one", "over", "to start", "over", "over"],
        expected=[
            "start",
            "one",
            "a i=0",
            "b a=1 i=0",
            "one",
            "a a=1 b=2 i=1",
            "start",
            "b a=1 b=2 i=1",
            "for i in range(2): a=1 b=2 i=1",
        ],
    ),
    StepRow(
        "functions that return a constant in their only line, into",
        """
def one(): return 1  # one

def add(n): a = n; b = one(); return a + b  # add

def main():
    a = one()  # start
    b = add(one())  # b
    return list(map(lambda n: 3, (a, b)))  # map

main()
""",
        steps=["into"] * 13,
        expected=[
            "start",
            "one",
            "start",
            "b a=1",
            "one",
            "b a=1",
            "add n=1",
            "one",
            "add a=1 n=1",
            "b a=1",
            "map a=1 b=2",
            "map n=1",
            "map n=2",
            "map a=1 b=2",
        ],
    ),
]
