"""What an occurrence says beside its place: scope, function, names, statement, order."""

from dataclasses import replace

import msgpack
import pytest

from pyprobe.analysis.occurrence import (
    Bounds,
    Name,
    Occurrence,
    OccurrenceKind,
    Path,
    Span,
    Step,
    StepKind,
)
from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.analysis.qualnames import canonical_qualname
from tests.analysis.bytecode import compile_quietly, every_code
from tests.analysis.listing import the

SCOPES = """
m = 1
@deco
def f(p=default):
    a = 1
    def g():
        b = 1
    class C:
        c = 1
        def h(self):
            d = [e for e in self]
            return lambda q: q
    k = (u for u in p)
    global moved
    def moved():
        n = 1
class D:
    o = [lambda r: r for s in m]
    class __E:
        t = 1
""".strip()

EXPECTED = {
    "m": ("<module>", 1, ""),
    "deco": ("<module>", 1, ""),
    "default": ("<module>", 1, ""),
    "a": ("f", 2, "f"),
    "b": ("f.<locals>.g", 5, "f.<locals>.g"),
    "c": ("f.<locals>.C", 7, "f"),
    "d": ("f.<locals>.C.h", 9, "f.<locals>.C.h"),
    "e": ("f.<locals>.C.h", 9, "f.<locals>.C.h"),
    "q": ("f.<locals>.C.h.<locals>.<lambda>", 11, "f.<locals>.C.h.<locals>.<lambda>"),
    "u": ("f.<locals>.<genexpr>", 12, "f"),
    "n": ("moved", 14, "moved"),
    "o": ("D", 16, ""),
    "r": ("D.<lambda>", 17, "D.<lambda>"),
    "t": ("D.__E", 18, ""),
}


@pytest.mark.parametrize(("symbol", "expected"), EXPECTED.items())
def test_names_its_scope_as_the_compiler_does(symbol: str, expected: tuple[str, int, str]) -> None:
    found = [one for one in find_occurrences(SCOPES) if one.symbol == symbol]
    first = min(found, key=lambda one: one.line)
    assert (first.scope.qualname, first.scope.first_line, first.func) == expected


def test_every_scope_is_a_code_object_of_the_running_python() -> None:
    codes = {
        (canonical_qualname(code.co_qualname), code.co_firstlineno)
        for code in every_code(compile_quietly(SCOPES))
    }
    for one in find_occurrences(SCOPES):
        assert (one.scope.qualname, one.scope.first_line) in codes


def test_comprehensions_name_the_scope_around_and_their_own_range() -> None:
    one = the("def f():\n    return [x for y in z if y]", "x")
    assert one.scope.qualname == "f"
    assert one.scope.span == Span(2, 11, 2, 30)
    assert the("def f():\n    return [x for y in z if y]", "z").scope.span == Span(1, 0, 2, 30)


@pytest.mark.parametrize(
    ("qualname", "expected"),
    [
        ("f", "f"),
        ("f.<locals>.<listcomp>", "f"),
        ("<setcomp>", "<module>"),
        ("<dictcomp>.<lambda>", "<lambda>"),
        ("C.<listcomp>.<lambda>", "C.<lambda>"),
        ("f.<locals>.<listcomp>.<dictcomp>.<lambda>", "f.<locals>.<lambda>"),
        ("f.<locals>.<genexpr>", "f.<locals>.<genexpr>"),
    ],
)
def test_canonical_qualname_has_no_comprehensions(qualname: str, expected: str) -> None:
    assert canonical_qualname(qualname) == expected


def test_private_names_are_mangled_for_the_instruction_only() -> None:
    source = "class _C:\n    __x = 1\n    def m(self, __p):\n        self.__y[__p] = self.__z__"
    store = the(source, "__x")
    assert (store.name, store.path) == ("_C__x", Path("_C__x"))
    assert the(source, "__p", 3).name == "_C__p"
    member = the(source, "self.__y[__p]")
    assert member.name == ""
    steps = (Step(StepKind.ATTRIBUTE, "_C__y"), Step(StepKind.INDEX, Name("_C__p")))
    assert member.path == Path("self", steps)
    assert the(source, "self.__z__").name == "__z__"


def test_paths_hold_what_the_target_reads() -> None:
    source = "self.buf[-1][i:5]['k'][0, j][..., None, :j:2]"
    one = the(source, source)
    assert one.path == Path(
        "self",
        (
            Step(StepKind.ATTRIBUTE, "buf"),
            Step(StepKind.INDEX, -1),
            Step(StepKind.SLICE, Bounds(Name("i"), 5, None)),
            Step(StepKind.INDEX, "k"),
            Step(StepKind.INDEX, (0, Name("j"))),
            Step(StepKind.INDEX, (Ellipsis, None, Bounds(None, Name("j"), 2))),
        ),
    )


def test_a_base_shares_the_instruction_of_the_store() -> None:
    bases = find_occurrences("a.b[0].c = 1")
    assert {(one.span, one.name, one.ordinal, one.count) for one in bases} == {
        (Span(1, 0, 1, 8), "c", 0, 1)
    }


def test_ordinals_count_what_the_statement_does_to_a_name() -> None:
    loads = [one for one in find_occurrences("x += x + x; x") if one.symbol == "x"]
    numbers = [(one.kind.value, one.ordinal, one.count) for one in loads]
    assert numbers == [("load", 1, 3), ("load", 2, 3), ("store", 0, 1), ("load", 0, 1)]


def test_siblings_are_all_reads_of_a_name_on_a_line_in_order() -> None:
    (first, second) = (one for one in find_occurrences("y = x; z = x") if one.symbol == "x")
    assert first.siblings == second.siblings == (first.span, second.span)


@pytest.mark.parametrize(
    ("source", "symbol", "expected"),
    [
        ("for i in x:\n  y", "x", Span(1, 0, 1, 10)),
        ("for i in x:\n  y", "y", Span(2, 2, 2, 3)),
        ("if a: b", "a", Span(1, 0, 1, 4)),
        ("while a: b", "a", Span(1, 0, 1, 7)),
        ("with a as b:\n  c", "a", Span(1, 0, 1, 11)),
        ("@d\ndef f():\n  pass", "f", Span(1, 1, 3, 6)),
        ("match a:\n case b if c: pass", "b", Span(2, 6, 2, 12)),
        ("try: pass\nexcept E as e:\n  pass", "e", Span(2, 0, 2, 8)),
    ],
)
def test_statement_is_the_innermost_and_of_blocks_the_header(
    source: str, symbol: str, expected: Span
) -> None:
    assert the(source, symbol).statement == expected


def test_travels_as_plain_data() -> None:
    source = "class C:\n def f(self, x):\n  self.b[-1][i:5][b'k'][None, 1.5, True] = yield x[0]"
    for one in find_occurrences(source):
        assert Occurrence.from_dict(one.to_dict()) == one


@pytest.mark.parametrize(
    "source",
    ["a[:, 0]", "a[1:i, ::2]", "a[..., 0]", "a[...]", "a[:,]", "a[()]", "a['i',]", "a[None, i:]"],
)
def test_subscripts_of_several_parts_travel_as_message_pack(source: str) -> None:
    one = the(source, source)
    data = msgpack.unpackb(msgpack.packb(one.to_dict()), strict_map_key=False)
    back = Occurrence.from_dict(data)
    assert repr(back) == repr(one)  # a Name equals a tuple of one text, but not by its repr


GOOD = the("a[i] = 1", "a[i]").to_dict()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("kind", "nonsense"),
        ("at", [1, 2]),
        ("at", [1, 2, "3"]),
        ("at", None),
        ("span", [1, 2, 3]),
        ("span", 4),
        ("steps", [["index"]]),
        ("steps", [["nonsense", 1]]),
        ("steps", [["index", {}]]),
        ("steps", [["index", [[1]]]]),
        ("steps", [["index", [{"slice": [1, 2]}]]]),
        ("steps", [["index", [{"slice": [1, 2, [3]]}]]]),
        ("steps", [["index", [{"slice": 1}]]]),
        ("steps", [["slice", [1, 2, 3, 4]]]),
        ("steps", [["slice", None]]),
        ("steps", [["attribute", ["b"]]]),
        ("steps", 3),
        ("scope", ["f", 1]),
        ("scope", ["f", "1", [1, 0, 1, 0]]),
        ("ordinal", [0]),
        ("siblings", [[1]]),
    ],
)
def test_malformed_plain_data_is_a_value_error(key: str, value: object) -> None:
    with pytest.raises(ValueError, match=r"malformed|not|unpack|nonsense"):
        Occurrence.from_dict({**GOOD, key: value})


@pytest.mark.parametrize("key", sorted(GOOD.keys() - {"before"}))
def test_a_missing_field_is_a_value_error(key: str) -> None:
    with pytest.raises(ValueError, match="malformed occurrence"):
        Occurrence.from_dict({name: value for name, value in GOOD.items() if name != key})


def test_what_an_older_recording_holds_is_read() -> None:
    source = "f = lambda x: (x, x)"
    newer = next(one for one in find_occurrences(source) if one.col == 18)
    assert newer.before
    assert newer.scope.around is not None
    plain = newer.to_dict()
    older = {name: value for name, value in plain.items() if name != "before"}
    older["scope"] = [newer.scope.qualname, newer.scope.first_line, list(newer.scope.span)]
    read = Occurrence.from_dict(older)
    scope = replace(newer.scope, around=None, inlined=False)
    assert read == replace(newer, before=(), scope=scope)
    assert Occurrence.from_dict(plain) == newer


def test_kinds_keep_their_names_on_the_wire() -> None:
    assert [kind.value for kind in OccurrenceKind] == [
        *("store", "load", "parameter", "member-store", "base-store", "member-load"),
        *("return", "yield"),
    ]
