"""Rows of the table of steps: generators, over and to their yields."""

from tests.core.debug.step_row import StepRow

GENERATORS = [
    StepRow(
        "a generator, over its yields",
        """
def gen():
    a = 1  # g1
    yield a  # g2
    b = 2  # g3
    yield b  # g4

def main():
    out = []
    for v in gen():  # start
        out.append(v)  # body
    return out  # after

main()
""",
        steps=["into", "over", "over", "over", "over", "over", "over"],
        expected=[
            "start out=[]",
            "g1",
            "g2 a=1",
            "g3 a=1",
            "g4 a=1 b=2",
            "after out=[1,2] v=2",
            "main()",
            "end",
        ],
    ),
    StepRow(
        "a generator, into gives the value to who asked",
        """
def gen():
    a = 1  # g1
    yield a  # g2
    b = 2  # g3

def main():
    out = []
    for v in gen():  # start
        out.append(v)  # body
    return out  # after

main()
""",
        steps=["into", "over", "into", "into", "into", "into", "into", "into"],
        expected=[
            "start out=[]",
            "g1",
            "g2 a=1",
            "start out=[]",
            "body out=[] v=1",
            "start out=[1] v=1",
            "g3 a=1",
            "after out=[1] v=1",
            "main()",
        ],
    ),
    StepRow(
        "a generator, out at its next yield",
        """
def gen():
    a = 1  # g1
    yield a  # g2
    b = 2  # g3

def main():
    g = gen()  # start
    x = next(g)  # next
    y = list(g)  # list
    return x  # after

main()
""",
        steps=["over", "into", "out", "over", "into", "out", "over"],
        expected=[
            "start",
            "next",
            "g1",
            "next",
            "list x=1",
            "g3 a=1",
            "list x=1",
            "after x=1 y=[]",
        ],
    ),
    StepRow(
        "to the next yield, and over it",
        """
def gen():
    a = 1  # g1
    b = yield a  # g2
    yield b  # g3
    c = 3  # g4

def main():
    out = list(gen())  # start
    return out  # after

main()
""",
        steps=["into", "to_yield", "over", "to_yield", "resumption", "over"],
        expected=[
            "start",
            "g1",
            "g2 a=1",
            "g3 a=1 b=None",
            "g3 a=1 b=None",
            "g4 a=1 b=None",
            "start",
        ],
    ),
    StepRow(
        "two generators of one function: the same one is followed",
        """
def worker(name):
    n = 0
    while n < 3:
        n += 1  # work
        yield n  # yield

def main():
    a, b = worker("a"), worker("b")
    next(b)
    next(a)  # start
    next(b)
    next(b)
    next(a)  # second
    list(b)
    return 0

main()
""",
        steps=["into", "over", "over", "over", "resumption", "over"],
        expected=[
            "start",
            "n = 0 name='a'",
            "while n < 3: n=0 name='a'",
            "work n=0 name='a'",
            "yield n=1 name='a'",
            "while n < 3: n=1 name='a'",
            "work n=1 name='a'",
        ],
    ),
    StepRow(
        "yield from",
        """
def inner():
    yield 1  # i1
    return 7  # i2

def outer():
    r = yield from inner()  # o1
    yield r  # o2

def main():
    out = list(outer())  # start
    return out  # after

main()
""",
        steps=["into", "into", "over", "over", "over", "over", "over"],
        expected=["start", "o1", "i1", "i2", "o1", "o2 r=7", "start", "after out=[1,7]"],
    ),
    StepRow(
        "yield from, over the whole of it",
        """
def inner():
    yield 1  # i1
    return 7  # i2

def outer():
    r = yield from inner()  # o1
    yield r  # o2

def main():
    out = list(outer())  # start
    return out  # after

main()
""",
        steps=["into", "over", "over", "over"],
        expected=["start", "o1", "o2 r=7", "start", "after out=[1,7]"],
    ),
    StepRow(
        "a generator that is closed",
        """
def gen():
    try:
        yield 1  # g1
    finally:
        c = 3  # g2

def main():
    g = gen()
    next(g)  # start
    g.close()  # close
    return 0  # after

main()
""",
        steps=["into", "over", "over", "over", "over"],
        expected=["start", "try:", "g1", "g2", "close", "after"],
    ),
    StepRow(
        "a generator that is thrown into",
        """
def gen():
    try:
        yield 1  # g1
    except KeyError:  # key
        c = 3  # g2
    yield c  # g3

def main():
    g = gen()
    next(g)  # start
    g.throw(KeyError)  # throw
    return 0  # after

main()
""",
        steps=["into", "over", "over", "over", "to_yield", "out", "over"],
        expected=["start", "try:", "g1", "key", "g2", "g3 c=3", "throw", "after"],
    ),
]
