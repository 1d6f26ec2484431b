"""Completion in log messages: names stand in braces, and nowhere else."""

import pytest

from pyprobe.conditions.expectation import Kind
from pyprobe.conditions.message_completion import complete_message
from pyprobe.conditions.parser import MAX_LENGTH

NAME, VALUE = Kind.NAME, Kind.VALUE

PLACES: list[tuple[str, set[Kind], str, str]] = [
    ("|", set(), "", ""),
    ("gain is |", set(), "", ""),
    ("gain is ga|", set(), "", ""),
    ("gain is {|", {NAME}, "", ""),
    ("gain is { ga|", {NAME}, "ga", ""),
    ("gain is {gain} at |", set(), "", ""),
    ("gain is {gain} at {i|", {NAME}, "i", ""),
    ("gain is {gain:.2f} at {i|}", {NAME}, "i", ""),
    ("{self.|", {NAME}, "", "self"),
    ("{self.bu|", {NAME}, "bu", "self"),
    ("{self.buf[-1].x|", {NAME}, "x", "self.buf[-1]"),
    ("{cfg[|", {VALUE}, "", "cfg"),
    ("{cfg['a}'].na|", {NAME}, "na", "cfg['a}']"),
    ("{cfg['ga|", set(), "", ""),
    ("{gain:|", set(), "", ""),
    ("{gain:.2|", set(), "", ""),
    ("{gain |", set(), "", ""),
    ("{gain == ot|", set(), "", ""),
    ("{gain == other.|", set(), "", ""),
    ("{~ga|", set(), "", ""),
    ("{*|", set(), "", ""),
    ("{{ga|", set(), "", ""),
    ("{{{ga|", {NAME}, "ga", ""),
    ("}} {ga|", {NAME}, "ga", ""),
    ("{py: len(se|", {NAME}, "se", ""),
    ("{py: {1: 2}[a] + se|", {NAME}, "se", ""),
    ("Snapshot: {la|", set(), "", ""),
]


@pytest.mark.parametrize(("marked", "kinds", "word", "base"), PLACES)
def test_what_may_stand_here(marked: str, kinds: set[Kind], word: str, base: str) -> None:
    before, _, after = marked.rpartition("|")
    completion = complete_message(before + after, len(before))
    assert completion.kinds == kinds
    assert before[completion.start :] == word
    assert str(completion.base or "") == base
    assert completion.words == ()


def test_nothing_completes_what_is_too_long() -> None:
    assert complete_message("{" + "a" * MAX_LENGTH, MAX_LENGTH + 1).kinds == frozenset()
