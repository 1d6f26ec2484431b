"""Rows of the table of steps: exceptions, ``finally`` and ``with``."""

from tests.core.debug.step_row import StepRow

EXCEPTIONS = [
    StepRow(
        "an exception caught in the same frame",
        """
def fail():
    raise KeyError("k")  # fail

def main():
    try:  # start
        fail()  # call
        x = 1  # not
    except ValueError:  # value
        x = 2
    except KeyError:  # key
        x = 3  # three
    return x  # after

main()
""",
        steps=["over", "over", "over", "over", "over"],
        expected=["start", "call", "value", "key", "three", "after x=3"],
    ),
    StepRow(
        "an exception that leaves the frame ends in the caller's handler",
        """
def fail():
    x = 1  # f1
    raise KeyError("k")  # f2

def middle():
    fail()  # middle
    return 1  # not

def main():
    try:
        middle()  # start
    except KeyError:  # key
        x = 3  # three
    return x  # after

main()
""",
        steps=["into", "into", "over", "over", "over", "over"],
        expected=["start", "middle", "f1", "f2 x=1", "key", "three", "after x=3"],
    ),
    StepRow(
        "out of a frame that raises",
        """
def fail():
    x = 1  # f1
    raise KeyError("k")  # f2

def main():
    try:
        fail()  # start
    except KeyError:  # key
        x = 3  # three
    return x  # after

main()
""",
        steps=["into", "out", "over"],
        expected=["start", "f1", "key", "three"],
    ),
    StepRow(
        "finally, without an exception",
        """
def f():
    try:
        x = 1  # start
    finally:
        y = 2  # finally
    return x + y  # ret

def main():
    r = f()  # call
    return r  # after

main()
""",
        steps=["over", "over", "over", "over"],
        expected=["start", "finally x=1", "ret x=1 y=2", "call", "after r=3"],
    ),
    StepRow(
        "finally, with an exception and a return in it",
        """
def f():
    try:
        x = 1  # start
        raise KeyError  # raise
    finally:
        y = 2  # finally
        return y  # ret

def main():
    r = f()  # call
    return r  # after

main()
""",
        steps=["over", "over", "over", "over", "over"],
        expected=["start", "raise x=1", "finally x=1", "ret x=1 y=2", "call", "after r=2"],
    ),
    StepRow(
        "finally after return",
        """
def f(x):
    try:
        return x  # start
    finally:
        y = 2  # finally

def main():
    r = f(1)  # call
    return r  # after

main()
""",
        steps=["over", "over", "over"],
        expected=["start x=1", "finally x=1", "call", "after r=1"],
    ),
    StepRow(
        "a finally body that an exception runs through",
        """
def f():
    try:
        raise KeyError  # start
    finally:
        y = 2  # finally

def main():
    try:
        f()  # call
    except KeyError:  # key
        r = 1  # r
    return r  # after

main()
""",
        steps=["over", "over", "over", "over"],
        expected=["start", "finally", "key", "r", "after r=1"],
    ),
    StepRow(
        "with: into enter and exit",
        """
class Room:
    def __enter__(self):
        e = 1  # enter
        return e  # enter2
    def __exit__(self, *a):
        x = 2  # exit

def main():
    n = 0  # start
    with Room() as r:  # with
        n = r  # body
    return n  # after

main()
""",
        steps=["over", "into", "over", "over", "over", "into", "over", "over", "over"],
        expected=[
            "start",
            "with n=0",
            "enter",
            "enter2 e=1",
            "with n=0",
            "body n=0 r=1",
            "with n=1 r=1",
            "after n=1 r=1",
            "main()",
            "end",
        ],
    ),
    StepRow(
        "with: over, and an exception that it swallows",
        """
class Room:
    def __enter__(self):
        return 1
    def __exit__(self, *a):
        return True

def main():
    n = 0  # start
    with Room() as r:  # with
        n = 1 // 0  # body
    return n  # after

main()
""",
        steps=["over", "over", "over", "over"],
        expected=["start", "with n=0", "body n=0 r=1", "with n=0 r=1", "after n=0 r=1"],
    ),
]
