"""At which instructions code arrives at a line: each arrival once, on every version alike."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType

import pytest

from pyprobe.core.code_map import CodeMap
from pyprobe.core.debug.line_entries import LineEntries, lines_of
from pyprobe.core.door import Door
from pyprobe.core.events.base import BREAKPOINTS, CodeSites
from pyprobe.core.events.choose import choose_event_source
from tests.core.debug.breaking import broken

HELPERS = "def g(v): return v\ndef n(v):\n    return v\n"


def codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes(constant)


def sites_of(code: CodeType, last: int, arrived: list[int]) -> CodeSites:
    """Arm every line of a code object, as breakpoints do."""
    entries = LineEntries(CodeMap(code))
    sites = CodeSites()
    tables: dict[int, dict[int, list[int]]] = {}
    for line in range(1, last + 1):
        for entry in entries.at(line):
            tables.setdefault(entry.line or -entry.offset, {}).setdefault(entry.offset, [])
            tables[entry.line or -entry.offset][entry.offset].append(line)
    for key, table in tables.items():

        def arrive(frame: FrameType, table: dict[int, list[int]] = table) -> None:
            arrived.extend(table.get(frame.f_lasti, ()))

        if key > 0:
            sites.lines[key] = arrive
        else:
            sites.before[-key] = arrive
    return sites


def arrivals(source: str, folder: Path) -> list[int]:
    """Return the lines of ``run`` in the order in which its code arrives at them, from 1."""
    text = HELPERS + "def run():\n" + "".join(f"    {line}\n" for line in source.splitlines())
    code = compile(text + "run()\n", str(folder / "program.py"), "exec")
    arrived: list[int] = []
    faults: list[str] = []
    source_of_events, _reason = choose_event_source(Door(faults.append))
    source_of_events.start(lambda code: None)
    try:
        for each in codes(code):
            if each.co_name in ("run", "<lambda>") or each.co_name.endswith("comp>"):
                sites = sites_of(each, text.count("\n"), arrived)
                if sites:
                    source_of_events.arm(each, sites, layer=BREAKPOINTS)
        exec(code, {"__name__": "program"})
    finally:
        source_of_events.stop()
    assert faults == []
    return [line - 4 for line in arrived]


TABLE = [
    ("x = 1\ny = 2", [1, 2]),
    ("x = max(\n  g(1),\n  g(2),\n)\ny = 1", [1, 2, 3, 5]),
    ("x = [\n  g(1),\n  g(2),\n]\ny = 1", [1, 2, 3, 5]),
    ("for i in range(2):\n  x = i\ny = 1", [1, 2, 1, 2, 1, 3]),
    ("for i in range(2): x = i\ny = 1", [1, 1, 1, 2]),
    ("x = 2\nwhile x:\n  x -= 1\ny = 1", [1, 2, 3, 2, 3, 2, 4]),
    ("x = [v for v in range(3)]\ny = 1", [1, 2]),
    ("x = sum(v for v in range(3))\ny = 1", [1, 2]),
    ("x = {v: g(v) for v in range(3)}\ny = 1", [1, 2]),
    ("if g(1) and g(2): x = 1\nelse: x = 2\ny = 1", [1, 3]),
    ("x = (1 if g(1)\n  else 2)\ny = 1", [1, 3]),
    ("x = (1 if g(0)\n  else 2)\ny = 1", [1, 2, 3]),
    ("try:\n  x = 1\nfinally:\n  x = 2\ny = 1", [1, 2, 4, 5]),
    ("try:\n  1 / 0\nexcept ZeroDivisionError:\n  x = 2\ny = 1", [1, 2, 3, 4, 5]),
    ("try:\n  1 / 0\nexcept:\n  x = 2\ny = 1", [1, 2, 3, 4, 5]),
    (
        "try:\n  try:\n    1 / 0\n  finally:\n    x = 2\nexcept ArithmeticError:\n  pass",
        [1, 2, 3, 5, 6, 7],
    ),
    ("with open(\n  '/dev/null'\n) as f:\n  x = 1\ny = 1", [1, 2, 3, 4, 5]),
    ("with open('/dev/null') as f:\n  x = 1\ny = 1", [1, 2, 3]),
    ("f = lambda: g(1)\nf()\nf()", [1, 2, 1, 3, 1]),
    ("for i in range(3):\n  if i: continue\n  x = i", [1, 2, 3, 1, 2, 1, 2, 1]),
    ("for i in range(3):\n  if i:\n    continue\n  x = i", [1, 2, 4, 1, 2, 3, 1, 2, 3, 1]),
    ("for i in range(3):\n  if i:\n    break\n  x = i\ny = 1", [1, 2, 4, 1, 2, 3, 5]),
    ("x = 1; y = 2; z = 3", [1]),
    ("pass\nx = 1", [1, 2]),
    ("match g(1):\n  case 0:\n    x = 1\n  case 1:\n    x = 2\ny = 1", [1, 2, 4, 5, 6]),
    ("del_me = 1\ndel del_me\nassert g(1)\nx = 1", [1, 2, 3, 4]),
    ("def inner():\n  return 1\ninner()", [1, 3]),
    ("return g(\n  1)", [1, 2]),
]


@pytest.mark.parametrize(("source", "expected"), TABLE)
def test_arrives_at_each_line_once(source: str, expected: list[int], tmp_path: Path) -> None:
    assert arrivals(source, tmp_path) == expected


def test_a_function_on_one_line_is_arrived_at_with_each_call(tmp_path: Path) -> None:
    text = "def f(v): return v\nf(1)\nf(2)\n"
    code = compile(text, str(tmp_path / "program.py"), "exec")
    inner = next(one for one in codes(code) if one.co_name == "f")
    assert len(LineEntries(CodeMap(inner)).at(1)) == 1


def test_a_line_without_code_has_no_entries() -> None:
    code = compile("x = 1\n\n# nothing\ny = 2\n", "program.py", "exec")
    assert [bool(LineEntries(CodeMap(code)).at(line)) for line in range(1, 6)] == [
        *(True, False, False, True, False)
    ]
    assert lines_of(code) == {1, 4}


def test_a_comprehensions_own_code_does_not_arrive_at_its_first_line() -> None:
    code = compile("x = [v for v in range(3)]\n", "program.py", "exec")
    inside = [one for one in codes(code) if one.co_name == "<listcomp>"]
    assert len(inside) == (sys.version_info < (3, 12))
    assert [LineEntries(CodeMap(one)).at(1) for one in inside] == [[] for _one in inside]


AWAITS_AFTER_HANDLERS = """\
import asyncio
async def main():
    try:
        await asyncio.sleep(0)
        raise ValueError
    except ValueError as error:
        said = repr(error)
    first = await asyncio.sleep(0, 1)
    second = [first for _ in said]
    try:
        async with asyncio.timeout(0):
            await asyncio.sleep(10)
            said = "never"
    except TimeoutError:
        said = "late"
    async for x in numbers():
        said = x
    else:
        said = "else"
    said = [x async for x in numbers()]
    return said, second
async def numbers():
    yield 1
asyncio.run(main())
"""


def test_lines_behind_an_await_are_arrived_at_also_after_handlers(tmp_path: Path) -> None:
    for line in (4, 5, 7, 8, 9, 11, 12, 15, 17, 19, 20, 21):
        with broken(tmp_path, AWAITS_AFTER_HANDLERS) as run:
            run.set(line)
            run.run()
            assert run.lines == [line]


WAITS = """\
import asyncio
def inner():
    yield 1
    yield 2
def outer():
    yield from inner()
async def wait(turns):
    for _ in range(turns): await asyncio.sleep(0)
async def main():
    await wait(5)
    found = [x async for x in numbers()]
    return found
async def numbers():
    for n in (1, 2):
        await wait(2)
        yield n
list(outer())
asyncio.run(main())
"""


def test_what_waits_is_arrived_at_once_however_often_it_is_resumed(tmp_path: Path) -> None:
    for line, times in ((6, 1), (10, 1), (11, 1), (15, 2)):
        with broken(tmp_path, WAITS) as run:
            run.set(line)
            run.run()
            assert run.lines == [line] * times


LOOPS = """\
def f():
    for i in range(3):
        y = [k for k in range(i)]
    for i in range(3): w = {k: [n for n in "ab" for m in "c"] for k in range(i)}
    while 1:
        z = {k for k in "a"}
        try:
            1 / 0
        except* ArithmeticError:
            z = None
        if not z: break
    while w:
        w = [k
             for k in w
             if k > 9]
f()
"""


def test_a_loop_around_comprehensions_is_arrived_at_for_each_round(tmp_path: Path) -> None:
    for line, times in ((2, 4), (4, 4), (5, 1), (11, 1), (12, 2)):
        with broken(tmp_path, LOOPS) as run:
            run.set(line)
            run.run()
            assert run.lines == [line] * times
