"""AnchorMatcher: finding anchors by file and line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyprobe.core.anchor import ProbeAnchor
from pyprobe.core.anchor_matcher import AnchorMatcher

X = ProbeAnchor("/test.py", 10, 4, "x", "foo")
Y = ProbeAnchor("/test.py", 10, 8, "y", "foo")
OTHER_LINE = ProbeAnchor("/test.py", 11, 4, "x", "foo")
OTHER_FILE = ProbeAnchor("/other.py", 10, 4, "x", "bar")
ALL = [X, Y, OTHER_LINE, OTHER_FILE]


@pytest.fixture
def matcher() -> AnchorMatcher:
    matcher = AnchorMatcher()
    for anchor in ALL:
        matcher.add(anchor)
    return matcher


def test_finds_an_added_anchor() -> None:
    matcher = AnchorMatcher()
    assert matcher.match("/test.py", 10, {"x", "y", "z"}) == []
    matcher.add(X)
    assert matcher.match("/test.py", 10, {"x", "y", "z"}) == [X]


def test_matches_file_line_and_variable(matcher: AnchorMatcher) -> None:
    assert matcher.match("/test.py", 10, {"x", "y"}) == [X, Y]
    assert matcher.match("/test.py", 10, {"y": 1}) == [Y]
    assert matcher.match("/test.py", 10, ()) == []
    assert matcher.match("/test.py", 11, ["x"]) == [OTHER_LINE]
    assert matcher.match("/test.py", 12, {"x"}) == []
    assert matcher.match("/none.py", 10, {"x"}) == []


@pytest.mark.parametrize("symbol", ["self.gain", "self[i]", "self", "self.buf[-1].x"])
def test_a_chain_belongs_to_its_first_name(symbol: str) -> None:
    matcher = AnchorMatcher()
    anchor = ProbeAnchor("/test.py", 1, 0, symbol)
    matcher.add(anchor)
    assert matcher.match("/test.py", 1, {"self"}) == [anchor]
    assert matcher.match("/test.py", 1, {"gain", "i", "selfish"}) == []


def test_knows_files_and_locations(matcher: AnchorMatcher) -> None:
    assert matcher.files == {"/test.py", "/other.py"}
    assert matcher.has_file("/test.py")
    assert not matcher.has_file("/none.py")
    assert matcher.has_location("/test.py", 11)
    assert not matcher.has_location("/test.py", 12)
    assert not matcher.has_location("/other.py", 11)


def test_adding_twice_is_harmless(matcher: AnchorMatcher) -> None:
    matcher.add(X)
    assert matcher.match("/test.py", 10, {"x"}) == [X]
    matcher.remove(X)
    assert matcher.match("/test.py", 10, {"x"}) == []


def test_removing_what_is_absent_is_harmless(matcher: AnchorMatcher) -> None:
    matcher.remove(ProbeAnchor("/test.py", 10, 4, "absent"))
    matcher.remove(ProbeAnchor("/none.py", 1, 0, "x"))
    assert matcher.all_anchors == set(ALL)


def test_forgets_lines_and_files_that_hold_no_anchor(matcher: AnchorMatcher) -> None:
    matcher.remove(X)
    assert matcher.has_location("/test.py", 10)
    matcher.remove(Y)
    assert not matcher.has_location("/test.py", 10)
    matcher.remove(OTHER_LINE)
    assert not matcher.has_file("/test.py")
    assert matcher.files == {"/other.py"}


def test_what_it_gives_are_copies(matcher: AnchorMatcher) -> None:
    matcher.all_anchors.clear()
    matcher.files.clear()
    matcher.match("/test.py", 10, {"x"}).clear()
    assert matcher.all_anchors == set(ALL)
    assert matcher.match("/test.py", 10, {"x"}) == [X]
    for anchor in matcher.all_anchors:
        matcher.remove(anchor)
    assert matcher.all_anchors == set()


def test_clear_removes_everything(matcher: AnchorMatcher) -> None:
    matcher.clear()
    assert matcher.all_anchors == set()
    assert matcher.files == set()
    assert not matcher.has_location("/test.py", 10)
    matcher.clear()


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(ALL))))
def test_behaves_as_a_set(steps: list[tuple[bool, ProbeAnchor]]) -> None:
    matcher = AnchorMatcher()
    model: set[ProbeAnchor] = set()
    for adds, anchor in steps:
        if adds:
            matcher.add(anchor)
            model.add(anchor)
        else:
            matcher.remove(anchor)
            model.discard(anchor)
        assert matcher.all_anchors == model
        assert matcher.files == {one.file for one in model}
        for one in ALL:
            is_there = any((m.file, m.line) == (one.file, one.line) for m in model)
            assert matcher.has_location(one.file, one.line) == is_there
            found = matcher.match(one.file, one.line, {one.symbol})
            assert (one in found) == (one in model)
