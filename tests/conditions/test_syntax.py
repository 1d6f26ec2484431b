"""Trees: their text parses to them, they are values, and they tell the tags they use."""

import dataclasses

import pytest

from pyprobe.conditions import And, Or, PythonExpr, TagRef, names, parse, unparse
from pyprobe.conditions.parser import MAX_NESTING

TEXTS = [
    "A",
    "~A.b",
    "A == -1.5",
    "A == 1e999",
    "A == -1e999",
    "A == 'it\\'s \"so\"\\n\\ud800'",
    "cfg['a b'][-2].c != None",
    "A & B | ~C",
    "A | B, C",
    "A == 1, B",
    "(A == 1) & B | C",
    "(A == 1, B) | C",
    "A & B, C",
    "rise(A) | changed(B[0])",
    "py: x + 1",
]


@pytest.mark.parametrize("text", TEXTS)
def test_the_text_of_a_tree_parses_to_it(text: str) -> None:
    tree = parse(text)
    assert parse(unparse(tree)) == tree
    assert unparse(parse(unparse(tree))) == unparse(tree)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("all_of(A==1,any_of(B,C))", "A == 1, B | C"),
        ("any_of(A==1, (B, C==2))", "(A == 1) | B & (C == 2)"),
        ("((A))&((B|C))", "A, B | C"),
        ('A=="x"', "A == 'x'"),
        ("py:   x  ", "py: x"),
    ],
)
def test_the_text_is_plain(source: str, text: str) -> None:
    assert unparse(parse(source)) == text


@pytest.mark.parametrize(
    "level", ["(A & B | C, {})", "any_of(A == 1, {})", "all_of(A, {} | B)", "A & ({})"]
)
def test_the_text_of_the_deepest_trees_can_be_parsed(level: str) -> None:
    source = "D"
    for _ in range(MAX_NESTING):
        source = level.format(source)
    tree = parse(source)
    assert parse(unparse(tree)) == tree


def test_trees_are_frozen_values() -> None:
    tree = parse("A & (B == 1)")
    assert tree == parse("(A) & (B==1)")
    assert hash(tree) == hash(parse("(A) & (B==1)"))
    assert tree != parse("A | (B == 1)")
    assert parse("A") != "A"
    with pytest.raises(dataclasses.FrozenInstanceError):
        TagRef("a").name = "b"  # type: ignore[misc]
    assert repr(parse("A & ~B")) == "And(TagRef('A', ()), Not(TagRef('B', ())))"


def test_a_conjunction_has_two_terms() -> None:
    for kind in (And, Or):
        with pytest.raises(ValueError, match="at least two"):
            kind(TagRef("A"))


def test_the_tags_of_a_condition_each_once_in_order() -> None:
    used = names(parse("B > A, rise(c.d) | ~B, A == 1, any_of(e[0], A)"))
    assert list(map(str, used)) == ["B", "A", "c.d", "e[0]"]
    assert names(parse("py: a + b")) == ()


def test_only_python_runs_program_code() -> None:
    assert parse("py: f()").runs_program_code
    assert not parse("A & (b.c == 1) | rise(d)").runs_program_code
    assert PythonExpr("x").runs_program_code
