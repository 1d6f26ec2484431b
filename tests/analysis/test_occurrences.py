"""Every row of the table of occurrences: what is found, where its token stands, in which order."""

import sys

import pytest

from pyprobe.analysis.occurrences import find_occurrences
from tests.analysis.listing import listing

STORES = {
    "x = 1": "store x 1:0-1",
    "x = y = 1": "store x 1:0-1, store y 1:4-5",
    "x += y": "load y 1:5-6, store x 1:0-1",
    "x: T = y": "load y 1:7-8, store x 1:0-1, load T 1:3-4",
    "x: T": "load T 1:3-4",
    "a, (b, *c) = d": "load d 1:13-14, store a 1:0-1, store b 1:4-5, store c 1:8-9",
    "[a, b] = c": "load c 1:9-10, store a 1:1-2, store b 1:4-5",
    "f(x := y)": "load f 1:0-1, load y 1:7-8, store x 1:2-3",
    "for x in y: z": "load y 1:9-10, store x 1:4-5, load z 1:12-13",
    "for x, *y in z: pass\nelse: w": ("load z 1:13-14, store x 1:4-5, store y 1:8-9, load w 2:6-7"),
    "with a as b, c as (d, e): f": (
        "load a 1:5-6, store b 1:10-11, load c 1:13-14, store d 1:19-20, store e 1:22-23, "
        "load f 1:26-27"
    ),
    "try: a\nexcept E as e: b\nelse: c\nfinally: d": (
        "load a 1:5-6, load c 3:6-7, load E 2:7-8, store e 2:12-13, load b 2:15-16, load d 4:9-10"
    ),
    "try: a\nexcept (E  # as f\n ) as \\\n e: b": (
        "load a 1:5-6, load E 2:8-9, store e 4:1-2, load b 4:4-5"
    ),
    "try: a\nexcept* E as e: b": "load a 1:5-6, load E 2:8-9, store e 2:13-14, load b 2:16-17",
    "import a": "store a 1:7-8",
    "import a.b": "store a 1:7-8",
    "import a.b as c, d": "store c 1:14-15, store d 1:17-18",
    "from a.b import c, d as e": "store c 1:16-17, store e 1:24-25",
    "from .a import (\n  b as c,\n  d,\n)": "store c 2:7-8, store d 3:2-3",
    "from a import *": "",
    "def f(): pass": "store f 1:4-5",
    "async def f(): pass": "store f 1:10-11",
    "async \\\n  def  f(): pass": "store f 2:7-8",
    "class C: pass": "store C 1:6-7",
    "class C(B, metaclass=M): x = y": (
        "load B 1:8-9, load M 1:21-22, load y 1:29-30, store x 1:25-26, store C 1:6-7"
    ),
    "@d(a)\n@e.f\ndef g(): pass": (
        "load d 1:1-2, load a 1:3-4, load e 2:1-2, member-load e.f 2:3-4, store g 3:4-5"
    ),
    "[x for x in y if x]": "load y 1:12-13, store x 1:7-8, load x 1:17-18, load x 1:1-2",
    "{k: v for k, v in d}": (
        "load d 1:18-19, store k 1:10-11, store v 1:13-14, load k 1:1-2, load v 1:4-5"
    ),
    "(a for b in c for a in b)": (
        "load c 1:12-13, store b 1:7-8, load b 1:23-24, store a 1:18-19, load a 1:1-2"
    ),
}

LOADS = {
    "a + b * c": "load a 1:0-1, load b 1:4-5, load c 1:8-9",
    "f(a, *b, c=d, **e)": (
        "load f 1:0-1, load a 1:2-3, load b 1:6-7, load d 1:11-12, load e 1:16-17"
    ),
    "a if b else c": "load b 1:5-6, load a 1:0-1, load c 1:12-13",
    "{a: b, **c}": "load a 1:1-2, load b 1:4-5, load c 1:9-10",
    "a < b < c": "load a 1:0-1, load b 1:4-5, load c 1:8-9",
    "f'{a!r:>{b}} {c.d}'": ("load a 1:3-4, load b 1:9-10, load c 1:14-15, member-load c.d 1:16-17"),
    "assert a, b": "load a 1:7-8, load b 1:10-11",
    "raise a from b": "load a 1:6-7, load b 1:13-14",
    "__debug__": "",
    "a\\\n  .b": "load a 1:0-1, member-load a.b 2:3-4",
}

MEMBERS = {
    "a.b.c": "load a 1:0-1, member-load a.b 1:2-3, member-load a.b.c 1:4-5",
    "a[i]": "load a 1:0-1, load i 1:2-3, member-load a[i] 1:1-4",
    "a[-1].b": "load a 1:0-1, member-load a[-1] 1:1-5, member-load a[-1].b 1:6-7",
    "a[2:5]": "load a 1:0-1, member-load a[2:5] 1:1-6",
    "a[ i : j ]": "load a 1:0-1, load i 1:3-4, load j 1:7-8, member-load a[i:j] 1:1-10",
    "a[::2]": "load a 1:0-1, member-load a[::2] 1:1-6",
    "a[i, 0]": "load a 1:0-1, load i 1:2-3, member-load a[i, 0] 1:1-7",
    "a[ :,0]": "load a 1:0-1, member-load a[:, 0] 1:1-7",
    "a[1:i, ::-2]": "load a 1:0-1, load i 1:4-5, member-load a[1:i, ::-2] 1:1-12",
    "a[..., 0]": "load a 1:0-1, member-load a[..., 0] 1:1-9",
    "a[:,]": "load a 1:0-1, member-load a[:,] 1:1-5",
    "a[:, 0][1:].b": (
        "load a 1:0-1, member-load a[:, 0] 1:1-7, member-load a[:, 0][1:] 1:7-11, "
        "member-load a[:, 0][1:].b 1:12-13"
    ),
    "a[:, i+1]": "load a 1:0-1, load i 1:5-6",
    "a[*i, :]": "load a 1:0-1, load i 1:3-4",
    "a['k=v']": "load a 1:0-1, member-load a['k=v'] 1:1-8",
    "a[i+1].b": "load a 1:0-1, load i 1:2-3",
    "f(a).b": "load f 1:0-1, load a 1:2-3",
    "a.b(c).d": "load a 1:0-1, member-load a.b 1:2-3, load c 1:4-5",
    "a[...]": "load a 1:0-1, member-load a[...] 1:1-6",
    "a[0x10]": "load a 1:0-1, member-load a[0x10] 1:1-7",
    f"a[{2**64}]": "load a 1:0-1",
    "a[\n  i\n].b": "load a 1:0-1, load i 2:2-3, member-load a[i] 1:1-2, member-load a[i].b 3:2-3",
    "(a)[i]": "load a 1:1-2, load i 1:4-5, member-load a[i] 1:3-6",
    "a.b = c": "load c 1:6-7, base-store a 1:0-1, member-store a.b 1:2-3",
    "a[i] = c": "load c 1:7-8, load i 1:2-3, base-store a 1:0-1, member-store a[i] 1:1-4",
    "a.b[0].c = d": (
        "load d 1:11-12, base-store a 1:0-1, base-store a.b 1:2-3, base-store a.b[0] 1:3-6, "
        "member-store a.b[0].c 1:7-8"
    ),
    "a.b += c": "load c 1:7-8, base-store a 1:0-1, member-store a.b 1:2-3",
    "a[i] += c": "load i 1:2-3, load c 1:8-9, base-store a 1:0-1, member-store a[i] 1:1-4",
    "a[:, j] = c": "load c 1:10-11, load j 1:5-6, base-store a 1:0-1, member-store a[:, j] 1:1-7",
    "a[..., ::2] += c": ("load c 1:15-16, base-store a 1:0-1, member-store a[..., ::2] 1:1-11"),
    "a[0, :].b = c": (
        "load c 1:12-13, base-store a 1:0-1, base-store a[0, :] 1:1-7, member-store a[0, :].b 1:8-9"
    ),
    "a[i+1] = c": "load c 1:9-10, load i 1:2-3, base-store a 1:0-1",
    "f(a).b = c": "load c 1:9-10, load f 1:0-1, load a 1:2-3",
    "for a.b in c: pass": "load c 1:11-12, base-store a 1:4-5, member-store a.b 1:6-7",
    "a.b: T = c": "load c 1:9-10, base-store a 1:0-1, member-store a.b 1:2-3, load T 1:5-6",
    "del a": "",
    "del a.b, c[i], (d, e)": "load a 1:4-5, load c 1:9-10, load i 1:11-12",
}

FUNCTIONS = {
    "def f(a, /, b=c, *d: e, g=h, **i): pass": (
        "load c 1:14-15, load h 1:26-27, load e 1:21-22, "
        "parameter a 1:6-7, parameter b 1:12-13, parameter d 1:18-19, parameter g 1:24-25, "
        "parameter i 1:31-32, store f 1:4-5"
    ),
    "lambda a, *b, c=d: a": (
        "load d 1:16-17, parameter a 1:7-8, parameter b 1:11-12, parameter c 1:14-15, "
        "load a 1:19-20"
    ),
    "def f():\n  return x": "load x 2:9-10, return return 2:2-8, store f 1:4-5",
    "def f(): return": "return return 1:9-15, store f 1:4-5",
    "def f():\n  x = yield y": "load y 2:12-13, yield yield 2:6-11, store x 2:2-3, store f 1:4-5",
    "def f(): yield from x": "load x 1:20-21, yield yield 1:9-14, store f 1:4-5",
    "def f():\n  x: T = y\n  z: T": "load y 2:9-10, store x 2:2-3, store f 1:4-5",
    "def f():\n  global x\n  x = 1": "store x 3:2-3, store f 1:4-5",
    "from __future__ import annotations\nx: T = 1\ndef f(a: T): pass": (
        "store annotations 1:23-34, store x 2:0-1, parameter a 3:6-7, store f 3:4-5"
    ),
}

CASES = {
    "a": "store a 2:6-7",
    "[a, *b]": "store a 2:7-8, store b 2:11-12",
    "{'k': a, **b}": "store a 2:12-13, store b 2:17-18",
    "{'k': (a),  # b\n   ** b,\n  }": "store a 2:13-14, store b 3:6-7",
    "{**b}": "store b 2:9-10",
    "P(a, x=b)": "load P 2:6-7, store a 2:8-9, store b 2:13-14",
    "E.A | 1": "load E 2:6-7, member-load E.A 2:8-9",
    "[a] | (a, _)": "store a 2:7-8, store a 2:13-14",
    "int() as a": "load int 2:6-9, store a 2:15-16",
    "_": "",
    "a if a > b": "store a 2:6-7, load a 2:11-12, load b 2:15-16",
}


@pytest.mark.parametrize(
    ("source", "expected"), [*STORES.items(), *LOADS.items(), *MEMBERS.items(), *FUNCTIONS.items()]
)
def test_finds_every_occurrence_in_evaluation_order(source: str, expected: str) -> None:
    assert ", ".join(listing(source)) == expected


@pytest.mark.parametrize(("pattern", "expected"), CASES.items())
def test_finds_what_patterns_read_and_capture(pattern: str, expected: str) -> None:
    assert ", ".join(listing(f"match 1:\n case {pattern}: pass")) == expected


if sys.version_info >= (3, 12):

    def test_finds_type_parameters() -> None:
        source = "def f[T: B, *U, **V](a: T): pass\nclass C[W](D): pass\ntype A[X] = X"
        assert ", ".join(listing(source)) == (
            "load B 1:9-10, store T 1:6-7, store U 1:13-14, store V 1:18-19, load T 1:24-25, "
            "parameter a 1:21-22, store f 1:4-5, store W 2:8-9, load D 2:11-12, store C 2:6-7, "
            "store X 3:7-8, load X 3:12-13, store A 3:5-6"
        )


def test_columns_count_characters_not_bytes() -> None:
    source = "é = 'ü'; ñandú = é; x.é[ñandú] = '😀', y; z"
    assert listing(source) == [
        "store é 1:0-1",
        "load é 1:17-18",
        "store ñandú 1:9-14",
        "load y 1:38-39",
        "load ñandú 1:24-29",
        "base-store x 1:20-21",
        "base-store x.é 1:22-23",
        "member-store x.é[ñandú] 1:23-30",
        "load z 1:41-42",
    ]


def test_tabs_form_feeds_and_other_separators_are_characters_of_their_line() -> None:
    source = "if a:\n\tx = 1\n\x0c\ny = '\u2028'; z\r\nw = 1\rv = 2"
    assert listing(source) == [
        "load a 1:3-4",
        "store x 2:1-2",
        "store y 4:0-1",
        "load z 4:9-10",
        "store w 5:0-1",
        "store v 6:0-1",
    ]


def test_a_name_that_the_parser_normalizes_keeps_its_token() -> None:
    (only,) = find_occurrences("ﬁ = 1")
    assert (only.name, only.symbol, only.col, only.end_col) == ("fi", "fi", 0, 1)


def test_a_byte_order_mark_does_not_shift_the_first_line() -> None:
    assert listing("\ufeffx = 1") == ["store x 1:0-1"]


@pytest.mark.parametrize("source", ["", "\n", "# only a comment", "pass", "'text'"])
def test_a_source_may_hold_nothing_to_probe(source: str) -> None:
    assert find_occurrences(source) == []


NEAR = """import os
@trace(level)
def f(a):
    b = a; return b
if (x := 1) and [x for y in z]:
    c = x
k = 1; m = k
"""


@pytest.mark.parametrize("line", range(1, 9))
def test_near_a_line_everything_is_as_in_the_whole(line: int) -> None:
    whole = [one for one in find_occurrences(NEAR) if one.line == line]
    near = [one for one in find_occurrences(NEAR, near_lines={line}) if one.line == line]
    assert near == whole
