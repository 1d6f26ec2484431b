"""Completion: what may stand at a place, wherever one has got to in typing."""

import pytest

from pyprobe.conditions import parse
from pyprobe.conditions.completion import complete
from pyprobe.conditions.expectation import COMPARISONS, Kind
from pyprobe.conditions.parser import MAX_LENGTH

NAME, OPERATOR, VALUE, END = Kind.NAME, Kind.OPERATOR, Kind.VALUE, Kind.END

PLACES: list[tuple[str, set[Kind], str]] = [
    ("|", {NAME}, ""),
    ("Fau|", {NAME}, "Fau"),
    ("Fault |", {OPERATOR, END}, ""),
    ("Fault & |", {NAME}, ""),
    ("Fault & Mo|", {NAME}, "Mo"),
    ("~|", {NAME}, ""),
    ("(A |", {OPERATOR}, ""),
    ("(A > 1 |", {OPERATOR}, ""),
    ("(A)|", {OPERATOR, END}, ""),
    ("A > |", {NAME, VALUE}, ""),
    ("A > Tr|", {NAME, VALUE}, "Tr"),
    ("A > True|", {NAME, VALUE}, "True"),
    ("A > 1 |", {OPERATOR, END}, ""),
    ("A > -|", {VALUE}, ""),
    ("A =|", {OPERATOR, END}, "="),
    ("rise(|", {NAME}, ""),
    ("rise(A|", {NAME}, "A"),
    ("rise(A |", {OPERATOR}, ""),
    ("A[0|", {OPERATOR}, ""),
    ("A | B, |", {NAME}, ""),
    ("A $$ |", set(), ""),
    ("A > 'tex|", set(), ""),
    ("A & B > |", {NAME, VALUE}, ""),
    ("py: len(se|", {NAME}, "se"),
]


@pytest.mark.parametrize(("marked", "kinds", "word"), PLACES)
def test_the_kinds_of_things_that_may_stand_here(marked: str, kinds: set[Kind], word: str) -> None:
    before, _, after = marked.rpartition("|")
    completion = complete(before + after, len(before))
    assert completion.kinds == kinds
    assert before[completion.start :] == word


@pytest.mark.parametrize(
    ("before", "base", "kind"),
    [
        ("self.|", "self", NAME),
        ("self.bu|", "self", NAME),
        ("a & (self.buf[-1].|", "self.buf[-1]", NAME),
        ("cfg[|", "cfg", VALUE),
        ("rise(a.b[|", "a.b", VALUE),
    ],
)
def test_attributes_and_keys_of_a_tag(before: str, base: str, kind: Kind) -> None:
    completion = complete(before[:-1], len(before) - 1)
    assert completion.kinds == {kind}
    assert completion.base == parse(base)


def words(before: str) -> set[str]:
    return set(complete(before, len(before)).words)


def test_the_fixed_words() -> None:
    assert words("A ") == {*COMPARISONS, "&", "|", ",", ".", "["}
    assert words("A & B ") == words("A & ~B ") == {"&", "|", ","}
    assert words("(A > 1 ") == {",", ")"}
    assert words("A == ") == {"True", "False", "None"}
    assert {"~", "(", "any_of(", "rise("} <= words("")


def test_what_follows_the_position_does_not_matter() -> None:
    assert complete("A == 1", 2) == complete("A ", 2)


def test_nothing_completes_what_is_too_long() -> None:
    assert complete("A" * (MAX_LENGTH + 2), MAX_LENGTH + 1).kinds == frozenset()
