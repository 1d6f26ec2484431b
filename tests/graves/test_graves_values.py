"""Values that blank, crash or mislead other tools: each arrives, or says plainly what it is."""

from typing import Any

import pytest

from tests.cli.conftest import Place

# Everything a class can do about being looked at, it answers with an exception and a line of print.
HOSTILE = """\
def refuse(*args, **kwargs):
    print("code of the program has run")
    raise RuntimeError("not for you")

NAMES = '''__getattribute__ __getattr__ __repr__ __str__ __len__ __iter__ __eq__ __hash__ __bool__
    __float__ __int__ __index__ __complex__ __format__ __array__ __contains__ __dir__ __sizeof__
    __reduce__ __reduce_ex__ __call__ __getitem__ __enter__ __lt__ __array_interface__
    __array_struct__ __buffer__ __fspath__ __bytes__ __copy__ __deepcopy__ __getstate__'''.split()
META = {name: refuse for name in NAMES if name != "__call__"}
META |= {"__instancecheck__": refuse, "__subclasscheck__": refuse}
Meta = type("Meta", (type,), META)
Hostile = Meta("Hostile", (), {name: refuse for name in NAMES})
Unhashable = type("Unhashable", (type,), {"__hash__": None})
Odd = Unhashable("Odd", (), {})
HostileInt = Meta("HostileInt", (int,), {name: refuse for name in NAMES})
HostileList = Meta("HostileList", (list,), {name: refuse for name in NAMES})
HostileDict = Meta("HostileDict", (dict,), {name: refuse for name in NAMES})


def f():
    a = object.__new__(Hostile)
    b = object.__new__(Odd)
    c = int.__new__(HostileInt, 7)
    d = list.__new__(HostileList)
    e = dict.__new__(HostileDict)
    g = Hostile
    h = [a, b]
    i = {1: a}
    j = h[0]
    yield a
    return b


for k in f():
    pass
"""


@pytest.mark.parametrize("throttle", ["every", "change", "auto", "every:1", "1ms"])
def test_classes_that_raise_on_everything_are_shown_and_never_asked(
    place: Place, throttle: str
) -> None:
    """Their metaclasses neither: a set of classes, asked for one of them, would hash it."""
    place.write(HOSTILE)
    first = HOSTILE.splitlines().index("def f():") + 1
    lines = dict(zip("abcdeghi", range(first + 1, first + 9), strict=True))
    specs = [f"program.py:{line}:{name}" for name, line in lines.items()]
    specs += [
        f"program.py:{first + 9}:j",
        f"program.py:{first + 9}:h[0]",
        f"program.py:{first + 10}:yield",
        f"program.py:{first + 11}:return",
        f"program.py:{first + 14}:k",
    ]
    probes = [part for spec in specs for part in ("-p", spec)]
    done = place.record("--throttle", throttle, *probes, "program.py")
    assert (done.code, done.out) == (0, "")
    assert [line for line in done.err.splitlines() if " captures in " not in line] == []
    seen = {f"{at['line']}:{at['symbol']}": content(at) for at in place.export()}
    assert {name: seen[f"{line}:{name}"] for name, line in lines.items()} == {
        "a": "Hostile()",
        "b": "Odd()",
        "c": 7,
        "d": ("[]", []),
        "e": ("HostileDict({})", {}),
        "g": "<class Hostile>",
        "h": ("[Hostile(), Odd()]", ["Hostile()", "Odd()"]),
        "i": ("{1: Hostile()}", {"1": "Hostile()"}),
    }
    assert [seen[spec.partition(":")[2]] for spec in specs[-5:]] == [
        *("Hostile()", "Hostile()", "Hostile()", "Odd()", "Hostile()")
    ]


def content(line: dict[str, Any]) -> Any:
    """Return a number or array, or a text; of what has parts the text and then the parts."""
    found = [line[name] for name in ("text", "value") if name in line]
    return found[0] if len(found) == 1 else tuple(found)


def record_values(place: Place, expressions: list[str], prelude: str = "") -> list[Any]:
    """Return what is captured of ``x``, bound to each expression in turn."""
    source = prelude + "".join(f"x = {expression}\n" for expression in expressions)
    place.write(source)
    start = prelude.count("\n") + 1
    probes = [
        part
        for line in range(start, start + len(expressions))
        for part in ("-p", f"program.py:{line}:x")
    ]
    done = place.record(*probes, "program.py")
    assert done.code == 0, done.err
    assert len(done.err.splitlines()) == 1, done.err
    lines = place.export()
    assert len(lines) == len(expressions)
    return [content(line) for line in lines]


def test_values_that_contain_themselves_are_deep_or_huge_are_bounded(place: Place) -> None:
    prelude = """\
loop = [1]
loop.append(loop)
ring = {"a": 1}
ring["self"] = ring
class Node: pass
node = Node()
node.next = node
deep = []
for _ in range(100_000): deep = [deep]
wide = {i: [i] * 50 for i in range(20_000)}
"""
    expressions = ["loop", "ring", "node", "deep", "wide", "10 ** 100_000", "-(2 ** 64)"]
    values = record_values(place, [*expressions, "'é' * 5_000_000"], prelude)
    assert values[0] == "[1, <list that contains this>]"
    assert values[1] == "{'a': 1, 'self': <dict that contains this>}"
    assert values[2] == "Node(next=<Node that contains this>)"
    assert values[3] == "[[[[[list(…)]]]]]"
    assert values[4].startswith("{0: [0, 0")
    assert "332193 bits" in values[5]
    assert values[6] == str(-(2**64))
    assert values[7].startswith("éééé")
    assert all(len(value) < 20_000 for value in values)


def test_values_of_the_scripts_own_classes(place: Place) -> None:
    prelude = """\
import dataclasses, enum, typing
class Point:
    def __init__(self, a): self.a = a
@dataclasses.dataclass
class Data:
    n: int
    label: str = "one"
class Color(enum.Enum):
    RED = 1
class Level(enum.IntEnum):
    LOW = 3
class Pair(typing.NamedTuple):
    left: int
    right: str
class Slotted:
    __slots__ = ("s",)
    def __init__(self): self.s = 5
class Celsius(float): pass
"""
    expressions = ["Point([1, 2])", "Data(3)", "Color.RED", "Level.LOW", "Pair(1, 'b')"]
    assert record_values(
        place, [*expressions, "Slotted()", "Celsius(2.5)", "Point", "lambda: 0"], prelude
    ) == [
        ("Point(a=[1, 2])", {"a": [1, 2]}),
        ("Data(n=3, label='one')", {"n": 3, "label": "one"}),
        "Color.RED",
        "Level.LOW",
        ("Pair(left=1, right='b')", {"left": 1, "right": "b"}),
        ("Slotted(s=5)", {"s": 5}),
        2.5,
        "<class Point>",
        "<function <lambda>>",
    ]


def test_arrays_that_blank_other_tools(place: Place) -> None:
    pytest.importorskip("numpy")
    prelude = "import numpy as np\n"
    values = record_values(
        place,
        [
            "np.array([])",
            "np.zeros((0, 3), 'i4')",
            "np.array(['a', 'bc'])",
            "np.array([1, None, 'x'], dtype=object)",
            "np.array([10 ** 30, 1])",
            "np.array([2 ** 64 - 1], 'u8')",
            "np.array([np.nan, np.inf, -np.inf, 1.0])",
            "np.array([1 + 2j, complex('nan')])",
            "np.array(5)",
            "np.array([(1, 2.5)], [('a', 'i2'), ('b', '>f8')])",
            "np.arange(12).reshape(3, 4)[::2, ::-2]",
            "np.array(['2020-01-01', 'NaT'], 'M8[D]')",
            "[2 ** 70, 1]",
            "[]",
            "(1.5, float('nan'))",
        ],
        prelude,
    )
    assert values[0] == []
    assert values[1] == []
    assert values[2] == ["a", "bc"]
    assert values[3] == "ndarray(object, (3,), [1, None, 'x'])"
    assert str(10**30) in values[4]
    assert values[5] == [2**64 - 1]
    assert values[6] == ["NaN", "Infinity", "-Infinity", 1.0]
    assert values[7] == [{"re": 1.0, "im": 2.0}, {"re": "NaN", "im": 0.0}]
    assert values[8] == 5
    assert values[10] == [[3, 1], [11, 9]]
    assert "2020-01-01" in values[11][0]
    assert values[12] == (f"[{2**70}, 1]", [str(2**70), 1])
    assert values[13] == []
    assert values[14] == [1.5, "NaN"]
