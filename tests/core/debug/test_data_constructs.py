"""Data breakpoints and every construct that binds or unbinds: old value, new value and line."""

from dataclasses import dataclass

import pytest

from pyprobe.analysis import walk_patterns
from tests.core.debug.watching import Watch, watched

__all__ = ["watched"]  # a fixture


@dataclass(frozen=True)
class Row:
    """A program; line and symbol of it are watched; what each stop says, or its line alone."""

    title: str
    source: str
    line: int
    symbol: str
    said: tuple[str | int, ...]


def bound(old: object, new: object, line: int) -> str:
    return f"was {old}, is {new}; bound in line {line}"


def deleted(old: object, line: int, new: object = "no value") -> str:
    return f"was {old}, is {new}; deleted in line {line}"


def x_of(title: str, source: str, *said: str | int) -> Row:
    return Row(title, source, 1, "x", said)


ANYWHERE = [
    x_of("for", "x = 0\nfor x in (1, 1, 2): pass\n", bound(0, 1, 2), bound(1, 2, 2)),
    x_of("for of two", "x = 0\nfor y, x in [(1, 2)]: pass\n", bound(0, 2, 2)),
    x_of("while", "x = 0\nwhile x < 2:\n    x += 1\n", bound(0, 1, 3), bound(1, 2, 3)),
    x_of("walrus", "x = 0\nif (x := 3): pass\n", bound(0, 3, 2)),
    x_of("with", "x = 0\nwith memoryview(b'a') as x: pass\n", 2),
    x_of("except", "x = 0\ntry: 1 / 0\nexcept ZeroDivisionError as x: y = 1\n", 3),
    x_of("augmented", "x = [1]\nx += [2]\n", bound([1], [1, 2], 2)),
    x_of("unpacking", "x = 0\ny, (x, *z) = 1, (2, 3)\n", bound(0, 2, 2)),
    x_of("starred", "x = 0\ny, *x = 1, 2, 3\n", bound(0, [2, 3], 2)),
    x_of("chain", "x = 0\nx = y = x = 3\n", bound(0, 3, 2)),
    x_of("swap", "x, y = 1, 2\nx, y = y, x\n", bound(1, 2, 2)),
    x_of("import", "x = 0\nimport os.path as x\n", 2),
    x_of("from import", "x = 0\nfrom string import digits as x\n", bound(0, "'0123456789'", 2)),
    x_of("def", "x = 0\ndef x(): pass\n", 2),
    x_of("class", "x = 0\nclass x: pass\n", 2),
    x_of("annotated", "x: int = 0\nx: int = 1\n", bound(0, 1, 2)),
    x_of(
        "match sequence",
        "x = 0\nmatch [1, 2, 3]:\n    case [y, *x]: pass\n",
        bound(0, [2, 3], 3),
    ),
    x_of("match mapping", 'x = 0\nmatch {"k": 4}:\n    case {"k": x}: pass\n', bound(0, 4, 3)),
    x_of(
        "match rest",
        'x = 0\nmatch {"k": 4, "l": 5}:\n    case {"k": 4, **x}: pass\n',
        bound(0, {"l": 5}, 3),
    ),
    x_of("match as", "x = 0\nmatch 7:\n    case int() as x: pass\n", bound(0, 7, 3)),
    x_of("match name", "x = 0\nmatch 7:\n    case x: pass\n", bound(0, 7, 3)),
    x_of(
        "match several",
        "x = 0\nmatch [1, [2, 3]]:\n    case [y, [x, z]]: pass\n",
        bound(0, 2, 3),
    ),
    x_of("match or", "x = 0\nmatch [1, 2]:\n    case [x, 3] | [1, x]: pass\n", bound(0, 2, 3)),
    x_of("match class", "x = 0\nmatch 1j:\n    case complex(imag=x): pass\n", bound(0, 1.0, 3)),
    x_of("del", "x = 1\ndel x\nx = 2\n", deleted(1, 2), bound("no value", 2, 3)),
    x_of("del of several", "x = y = 1\ndel y, x\n", deleted(1, 2)),
    x_of("finally", "x = 0\ntry: y = 1\nfinally: x = 2\n", bound(0, 2, 3)),
    x_of("jump", "x = 0\nfor y in (0, 1):\n    if y: x = y\n", bound(0, 1, 3)),
    x_of("lambda", "x = 0\nf = lambda x: x\nf(3)\nx = 1\n", bound(0, 1, 4)),
]
COMPREHENSIONS = [
    x_of("comprehension beside", "x = 0\ny = [x for x in (5, 6)]\nx = 1\n", bound(0, 1, 3)),
    x_of(
        "walrus in a comprehension",
        "x = 0\ny = [x := z for z in (5, 6)]\n",
        *(bound(0, 5, 2), bound(5, 6, 2)),
    ),
]


@pytest.mark.parametrize("row", ANYWHERE + COMPREHENSIONS, ids=lambda row: row.title)
def test_every_construct_that_binds_a_global(watched: Watch, row: Row) -> None:
    first, *others = watched(row.source).watch(row.line, row.symbol).changes()
    assert first.startswith("x was no value, is ")
    assert others == expected(others, row)


@pytest.mark.parametrize("row", ANYWHERE + COMPREHENSIONS, ids=lambda row: row.title)
def test_every_construct_that_binds_a_local(watched: Watch, row: Row) -> None:
    body = "".join(f"    {each}\n" for each in row.source.splitlines())
    first, *others = watched(f"def f():\n{body}f()\n").watch(row.line + 1, row.symbol).changes()
    assert first.startswith("x was no value, is ")
    assert others == expected(others, row, lines_above=1)


def expected(found: list[str], row: Row, *, lines_above: int = 0) -> list[str]:
    """Return what the stops are to say; where only a line is, that is all that is asked of them."""
    texts = []
    for number, said in enumerate(row.said):
        if isinstance(said, int):
            words = found[number].rpartition(" ")[0] if number < len(found) else ""
            texts.append(f"{words} {said + lines_above}")
        else:
            words, _space, line = said.rpartition(" ")
            texts.append(f"{row.symbol} {words} {int(line) + lines_above}")
    return texts


CLOSURE = """\
def f():
    n = 0
    def g():
        nonlocal n
        n += 1
    g()
    g()
    return g
f()()
"""
DELETING_CLOSURE = "def f():\n  n = 0\n  def g():\n    nonlocal n\n    del n\n  g()\nf()\n"
GENERATOR = """\
def g():
    x = 0
    while 1:
        x += yield x
a, b = g(), g()
next(a), next(b)
a.send(2), b.send(0), a.send(0), b.send(3)
a.close()
"""
COROUTINE = """\
async def c():
    x = 1
    x = 2
try: c().send(None)
except StopIteration: pass
"""
GLOBAL = """\
x = 0
def f():
    global x
    x = 1
def g():
    global x
    del x
f()
g()
"""
CLASS_BODY = "class C:\n  x = 0\n  x += 1\n  del x\n  x = 5\nC.x = 7\ndel C.x\n"
ATTRIBUTE = """\
class C:
    def f(self):
        self.x = 1
        self.x += 1
        self.x, y = 5, 6
        del self.x
C().f()
"""
ATTRIBUTE_AS_TARGET = """\
class C: pass
c = C()
c.x = 0
for c.x in (1, 2): pass
[0 for c.x in (4,)]
"""
ELEMENT = """\
d = {}
d["k"] = 1
d["k"] += 1
d["k"], y = 5, 6
del d["k"]
for d["k"] in (7,): pass
d = {"k": 8}
d["l"] = 9
"""
LIST_ELEMENT = """\
b = [1, 2, 3]
b[0] = 4
b[-3] = 5
b[0:2] = [6, 7]
del b[0]
del b[:1]
b.insert(0, 9)
b[1] = 10
"""
RECURSION = """\
def f(n):
    x = n
    if n: f(n - 1)
    x += 10
f(1)
"""
LOOP_VARIABLE = "def f():\n    for i in range(3):\n        for i in (i, 7): pass\nf()\n"

SCOPES = [
    Row(
        *("nonlocal", CLOSURE, 2, "n"),
        (bound("no value", 0, 2), bound(0, 1, 5), bound(1, 2, 5), bound(2, 3, 5)),
    ),
    Row(
        *("nonlocal del", DELETING_CLOSURE, 2, "n"),
        (bound("no value", 0, 2), deleted(0, 5)),
    ),
    Row(
        *("generator", GENERATOR, 2, "x"),
        (bound("no value", 0, 2), bound("no value", 0, 2), bound(0, 2, 4), bound(0, 3, 4)),
    ),
    Row(*("coroutine", COROUTINE, 2, "x"), (bound("no value", 1, 2), bound(1, 2, 3))),
    Row(*("global", GLOBAL, 1, "x"), (bound("no value", 0, 1), bound(0, 1, 4), deleted(1, 7))),
    Row(
        *("class body", CLASS_BODY, 2, "x"),
        (
            *(bound("no value", 0, 2), bound(0, 1, 3), deleted(1, 4), bound("no value", 5, 5)),
            *(bound(5, 7, 6), deleted(7, 7)),
        ),
    ),
    Row(
        *("attribute", ATTRIBUTE, 3, "self.x"),
        (bound("no value", 1, 3), bound(1, 2, 4), bound(2, 5, 5), deleted(5, 6)),
    ),
    Row(
        *("attribute as a target", ATTRIBUTE_AS_TARGET, 3, "c.x"),
        (bound("no value", 0, 3), bound(0, 1, 4), bound(1, 2, 4), bound(2, 4, 5)),
    ),
    Row(
        *("element", ELEMENT, 2, 'd["k"]'),
        (
            *(bound("no value", 1, 2), bound(1, 2, 3), bound(2, 5, 4), deleted(5, 5)),
            *(bound("no value", 7, 6), bound(7, 8, 7)),
        ),
    ),
    Row(
        *("element of a list", LIST_ELEMENT, 2, "b[0]"),
        (
            *(bound("no value", 1, 1), bound(1, 4, 2), bound(4, 5, 3), bound(5, 6, 4)),
            *(deleted(6, 5, 7), deleted(7, 6, 3), bound(3, 9, 7)),
        ),
    ),
    Row(
        *("recursion", RECURSION, 2, "x"),
        (bound("no value", 1, 2), bound("no value", 0, 2), bound(0, 10, 4), bound(1, 11, 4)),
    ),
    Row(
        *("loop variable", LOOP_VARIABLE, 2, "i"),
        (
            *(bound("no value", 0, 2), bound(0, 7, 3), bound(7, 1, 2), bound(1, 7, 3)),
            *(bound(7, 2, 2), bound(2, 7, 3)),
        ),
    ),
    Row(
        *("a comprehension's own", "y = [z for z in (5, 6)]\n", 1, "z"),
        (bound("no value", 5, 1), bound(5, 6, 1)),
    ),
]


@pytest.mark.parametrize("row", SCOPES, ids=lambda row: row.title)
def test_bindings_wherever_they_stand(watched: Watch, row: Row) -> None:
    found = watched(row.source).watch(row.line, row.symbol).changes()
    assert found == expected(found, row)


def test_threads_each_have_their_own_locals(watched: Watch) -> None:
    source = """\
import threading
def f(n):
    x = n
    x += 1
for n in (1, 10):
    thread = threading.Thread(target=f, args=(n,))
    thread.start()
    thread.join()
"""
    found = watched(source).watch(3, "x").changes()
    assert [each.removeprefix("x ") for each in found] == [
        *(bound("no value", 1, 3), bound(1, 2, 4)),
        *(bound("no value", 10, 3), bound(10, 11, 4)),
    ]


@pytest.mark.parametrize("row", [row for row in ANYWHERE if "match" in row.title], ids=str)
def test_a_source_that_another_version_has_parsed(
    watched: Watch, row: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to 3.11 a match capture has the position of its last pattern, from 3.12 of the whole."""
    here = walk_patterns._STORES_AT_LAST_PATTERN
    monkeypatch.setattr(walk_patterns, "_STORES_AT_LAST_PATTERN", not here)
    body = "".join(f"    {each}\n" for each in row.source.splitlines())
    _first, *others = watched(f"def f():\n{body}f()\n").watch(row.line + 1, row.symbol).changes()
    assert others == expected(others, row, lines_above=1)
