"""SPECs of the command line: reading them, and finding what they mean."""

import pytest

from pyprobe.analysis.occurrence import OccurrenceKind
from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.analysis.problems import SpecProblem
from pyprobe.analysis.spec import ProbeSpec, file_problem, parse_spec, resolve_spec
from pyprobe.errors import PyProbeError

GOOD = {
    "main.py:12:x": ProbeSpec("main.py", 12, "x"),
    "main.py:12:x@8=every": ProbeSpec("main.py", 12, "x", 8, "every"),
    "main.py:12:x@8": ProbeSpec("main.py", 12, "x", 8),
    "main.py:30:self.gain=50ms": ProbeSpec("main.py", 30, "self.gain", None, "50ms"),
    "main.py:31:return=every": ProbeSpec("main.py", 31, "return", None, "every"),
    "main.py:31:yield": ProbeSpec("main.py", 31, "yield"),
    "main.py:9:buf[i]": ProbeSpec("main.py", 9, "buf[i]"),
    "main.py:9:x=every:10": ProbeSpec("main.py", 9, "x", None, "every:10"),
    "main.py:9:x=change:0.5": ProbeSpec("main.py", 9, "x", None, "change:0.5"),
    "a/b c/main.py:9:a[2:5]": ProbeSpec("a/b c/main.py", 9, "a[2:5]"),
    "main.py:9:a[1:2:3]=auto": ProbeSpec("main.py", 9, "a[1:2:3]", None, "auto"),
    "main.py:9:img[:, 0]=every": ProbeSpec("main.py", 9, "img[:, 0]", None, "every"),
    "main.py:9:img[1:3, ::2]@4": ProbeSpec("main.py", 9, "img[1:3, ::2]", 4),
    "main.py:9:img[..., 1:2]=50ms": ProbeSpec("main.py", 9, "img[..., 1:2]", None, "50ms"),
    r"C:\work\main.py:3:x": ProbeSpec(r"C:\work\main.py", 3, "x"),
    "a:1:b.py:4:x": ProbeSpec("a:1:b.py", 4, "x"),
    "k=v.py:4:x=50ms": ProbeSpec("k=v.py", 4, "x", None, "50ms"),
    'm.py:4:d["a=b"]=50ms': ProbeSpec("m.py", 4, 'd["a=b"]', None, "50ms"),
    "m.py:4:d['@:=']@3": ProbeSpec("m.py", 4, "d['@:=']", 3),
    'm.py:4:d["\\"]="]=auto': ProbeSpec("m.py", 4, 'd["\\"]="]', None, "auto"),
    "m.py:4:größe.ä": ProbeSpec("m.py", 4, "größe.ä"),
}
BAD = [
    *("", "x", "main.py", "main.py:x", "main.py:12", "main.py:12:", ":12:x", "main.py:-1:x"),
    *("main.py:1:f(x)", "main.py:1:1", "main.py:1:x y", "main.py:1:x@", "main.py:1:x@y"),
    *("main.py:1:x=", "main.py:1:x@=auto", "main.py:1:a[", "main.py:1:for", "main.py:1:'x'.y"),
]

SOURCE = """\
def f(x, buf):
    y = x - x
    buf[i] = y; d["a=b"] = 1
    y = y.gain = x[ 1:2 ]
    return y

    yield
    x = x
    buf[:, 0] = x[1:3,::2] + x[..., i]
"""


@pytest.mark.parametrize(("text", "expected"), GOOD.items())
def test_takes_a_spec_apart(text: str, expected: ProbeSpec) -> None:
    assert parse_spec(text) == expected


@pytest.mark.parametrize("text", BAD)
def test_refuses_what_is_no_spec(text: str) -> None:
    with pytest.raises(SpecProblem, match=r"FILE:LINE:SYMBOL") as caught:
        parse_spec(text)
    assert repr(text) in str(caught.value)


def test_the_throttle_is_checked_by_the_caller() -> None:
    def refuse(text: str) -> None:
        raise PyProbeError(f"no {text}")

    with pytest.raises(PyProbeError, match="no 3h"):
        parse_spec("m.py:1:x=3h", check_throttle=refuse)
    assert parse_spec("m.py:1:x", check_throttle=refuse).throttle == ""


@pytest.mark.parametrize(
    ("spec", "kind", "col"),
    [
        ("m.py:1:x", OccurrenceKind.PARAMETER, 6),
        ("m.py:1:f", OccurrenceKind.STORE, 4),
        ("m.py:2:y", OccurrenceKind.STORE, 4),
        ("m.py:2:x", OccurrenceKind.LOAD, 8),
        ("m.py:2:x@12", OccurrenceKind.LOAD, 12),
        ("m.py:3:buf", OccurrenceKind.BASE_STORE, 4),
        ("m.py:3:buf[i]", OccurrenceKind.MEMBER_STORE, 7),
        ("m.py:3:buf[i]@8", OccurrenceKind.MEMBER_STORE, 7),
        ("m.py:3:buf[ i ]", OccurrenceKind.MEMBER_STORE, 7),
        ("m.py:3:i", OccurrenceKind.LOAD, 8),
        ("m.py:3:d['a=b']", OccurrenceKind.MEMBER_STORE, 17),
        ("m.py:4:y", OccurrenceKind.STORE, 4),
        ("m.py:4:y@8", OccurrenceKind.BASE_STORE, 8),
        ("m.py:4:x[1:2]", OccurrenceKind.MEMBER_LOAD, 18),
        ("m.py:5:return", OccurrenceKind.RETURN, 4),
        ("m.py:7:yield", OccurrenceKind.YIELD, 4),
        ("m.py:8:x", OccurrenceKind.STORE, 4),
        ("m.py:8:x@8", OccurrenceKind.LOAD, 8),
        ("m.py:9:buf[:,0]", OccurrenceKind.MEMBER_STORE, 7),
        ("m.py:9:x[1:3, ::2]", OccurrenceKind.MEMBER_LOAD, 17),
        ("m.py:9:x[...,i]", OccurrenceKind.MEMBER_LOAD, 30),
    ],
)
def test_means_the_store_or_parameter_else_the_first_load(
    spec: str, kind: OccurrenceKind, col: int
) -> None:
    found = resolve_spec(parse_spec(spec), find_occurrences(SOURCE), SOURCE)
    assert (found.kind, found.col) == (kind, col)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (
            "m.py:99:x",
            "m.py has no line 99; it ends with line 9; 'x' stands on lines 4, 8 and 9",
        ),
        ("m.py:0:nothing", "m.py has no line 0; it ends with line 9"),
        (
            "m.py:2:z",
            "m.py:2 has no 'z' that can be probed; it has y and x",
        ),
        (
            "m.py:5:x",
            (
                "m.py:5 has no 'x' that can be probed; it has y and return; "
                "'x' stands on lines 2, 4 and 8"
            ),
        ),
        (
            "m.py:6:buf[i]",
            (
                "m.py:6 has no 'buf[i]' that can be probed; nothing on that line can be probed; "
                "'buf[i]' stands on line 3"
            ),
        ),
        ("m.py:2:x@10", "m.py:2 has no 'x' at column 10; it stands at @8 and @12"),
    ],
)
def test_the_error_names_the_nearest(spec: str, message: str) -> None:
    with pytest.raises(SpecProblem) as caught:
        resolve_spec(parse_spec(spec), find_occurrences(SOURCE), SOURCE)
    assert str(caught.value) == message


def test_an_empty_file_has_no_lines() -> None:
    with pytest.raises(SpecProblem, match=r"^m\.py has no line 1; it is empty$"):
        resolve_spec(parse_spec("m.py:1:x"), [], "")


@pytest.mark.parametrize(
    ("file", "near"),
    [
        ("man.py", "/work/main.py"),
        ("/work/mian.py", "/work/main.py"),
        ("main", "/work/main.py"),
        ("filtr.py", "/work/lib/filter.py"),
        ("nothing_like_it", None),
    ],
)
def test_the_error_names_the_nearest_file(file: str, near: str | None) -> None:
    files = ["/work/main.py", "/work/lib/filter.py", "/work/lib/__init__.py"]
    problem = file_problem(ProbeSpec(file, 1, "x"), files)
    assert isinstance(problem, SpecProblem)
    assert repr(file) in str(problem)
    assert str(problem).endswith(f"; the nearest is {near}" if near else "the program")
