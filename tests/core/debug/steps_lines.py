"""Rows of the table of steps: lines of one frame: loops, branches, the ends of functions."""

from tests.core.debug.step_row import StepRow

LINES = [
    StepRow(
        "a loop",
        """
def main():
    t = 0  # start
    for i in range(2):  # for
        t += i  # body
    return t  # after

main()
""",
        steps=["over", "over", "over", "over", "over", "over", "over"],
        expected=[
            "start",
            "for t=0",
            "body i=0 t=0",
            "for i=0 t=0",
            "body i=1 t=0",
            "for i=1 t=1",
            "after i=1 t=1",
            "main()",
        ],
    ),
    StepRow(
        "a loop in one line is one step",
        """
def main():
    t = 0  # start
    for i in range(3): t += i  # loop
    while t: t -= 1  # while
    return t  # after

main()
""",
        steps=["over", "over", "over", "over"],
        expected=["start", "loop t=0", "while i=2 t=3", "after i=2 t=0", "main()"],
    ),
    StepRow(
        "if, else and conditional expressions",
        """
def main():
    x = 5  # start
    if x > 9:  # if
        y = 1  # then
    elif x > 3:  # elif
        y = 2  # two
    else:
        y = 3  # else
    z = 1 if y == 2 else 0  # cond
    return z  # after

main()
""",
        steps=["over", "over", "over", "over", "over", "over"],
        expected=[
            "start",
            "if x=5",
            "elif x=5",
            "two x=5",
            "cond x=5 y=2",
            "after x=5 y=2 z=1",
            "main()",
        ],
    ),
    StepRow(
        "a module's lines and a class body",
        """
a = 1  # start
class C:  # class
    b = 2  # b
    def f(self): pass  # def
c = 3  # c
""",
        steps=["over", "into", "over", "over", "over", "over"],
        expected=["start", "class", "class", "b", "def b=2", "class", "c"],
    ),
    StepRow(
        "run to a line, and to one that comes round again",
        """
def main():
    t = 0  # start
    for i in range(3):  # for
        t += i  # body
    return t  # after

main()
""",
        steps=["to body", "to body", "to after"],
        expected=["start", "body i=0 t=0", "body i=1 t=0", "after i=2 t=3"],
    ),
    StepRow(
        "run to a line of code that has not run yet",
        """
def main():
    t = 0  # start
    return later()  # call

def later():
    u = 1
    return u  # later

main()
""",
        steps=["to later", "over"],
        expected=["start", "later u=1", "call t=0"],
    ),
    StepRow(
        "match",
        """
def main(p):
    match p:  # start
        case (1, y):  # one
            r = y
        case (x, 2):  # two
            r = x  # body
    return r  # after

main((5, 2))
""",
        steps=["over", "over", "over", "over"],
        expected=[
            "start p=(5,2)",
            "one p=(5,2)",
            "two p=(5,2)",
            "body p=(5,2) x=5",
            "after p=(5,2) r=5 x=5",
        ],
    ),
    StepRow(
        "assert and del and global",
        """
g = 0
def main():
    global g
    a = 1  # start
    assert a, "no"  # assert
    g = a  # global
    del a  # del
    return g  # after

main()
""",
        steps=["over", "over", "over", "over"],
        expected=["start", "assert a=1", "global a=1", "del a=1", "after"],
    ),
]
