"""Generated conditions: trees come back from their text; no text breaks the parser."""

import contextlib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pyprobe.conditions import (
    And,
    Attribute,
    Compare,
    Condition,
    ConditionError,
    ConditionSyntaxError,
    Edge,
    EdgeKind,
    Element,
    Literal,
    Not,
    Operator,
    Or,
    TagRef,
    compile,
    names,
    parse,
    unparse,
    validate,
)
from pyprobe.conditions.completion import complete
from tests.conditions.fuzz import one_input

UNHURRIED = settings(deadline=None)
NAMES = st.sampled_from(["a", "b", "Motor1", "self", "größe", "rise", "any_of", "_"])
KEYS = st.integers(-(10**20), 10**20) | st.text(max_size=5)
STEPS = st.builds(Attribute, NAMES) | st.builds(Element, KEYS)
TAGS = st.builds(TagRef, NAMES, st.lists(STEPS, max_size=3).map(tuple))
VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
LITERALS = st.builds(Literal, VALUES)
LEAVES: st.SearchStrategy[Condition] = st.one_of(
    TAGS,
    st.builds(Not, TAGS),
    st.builds(Edge, st.sampled_from(EdgeKind), TAGS),
    st.builds(Compare, TAGS, st.sampled_from(Operator), TAGS | LITERALS),
)


def _joined(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    terms = st.lists(parts, min_size=2, max_size=4)
    return terms.map(lambda items: And(*items)) | terms.map(lambda items: Or(*items))


TREES = st.recursive(LEAVES, _joined, max_leaves=20)
PIECES = (
    *("a", "b.c", "d[0]", "1", "-1.5", "'x'", "True", "None", "==", ">", "&", "|", ",", "~"),
    *("(", ")", "all_of(", "any_of(", "rise(", "changed(", "[", "]", ".", "and", "$", "py:", " "),
)
WORDS = st.lists(st.sampled_from(PIECES), max_size=25)
TEXTS = st.one_of(
    st.text(),
    st.binary().map(lambda data: data.decode("utf-8", "surrogateescape")),
    st.binary().map(lambda data: data.decode("latin-1")),
    WORDS.map(" ".join),
    WORDS.map("".join),
)
PLAIN: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(), parts, max_size=3),
    max_leaves=5,
)


@UNHURRIED
@given(TREES)
def test_a_tree_comes_back_from_its_text(tree: Condition) -> None:
    text = unparse(tree)
    assert parse(text) == tree
    assert repr(parse(text)) == repr(tree)


def _refusal(text: str) -> ConditionSyntaxError | None:
    try:
        parse(text)
    except ConditionSyntaxError as error:
        return error
    return None


@UNHURRIED
@given(TEXTS)
def test_any_text_is_a_condition_or_gets_a_message(text: str) -> None:
    refusal = _refusal(text)
    if refusal is None:
        assert validate(text) == []
        assert parse(unparse(parse(text))) == parse(text)
    else:
        assert validate(text) == [str(refusal)]
        assert str(refusal).isprintable()
        assert str(refusal).startswith("Expected ")
        assert 0 <= refusal.position <= len(text)


@UNHURRIED
@given(TEXTS, st.integers(0, 30))
def test_any_place_of_any_text_can_be_completed(text: str, position: int) -> None:
    completion = complete(text, position)
    assert 0 <= completion.start <= min(position, len(text))


@UNHURRIED
@given(TREES, st.lists(st.dictionaries(NAMES, PLAIN), min_size=1, max_size=3))
def test_any_condition_on_any_plain_values_is_true_or_false(
    tree: Condition, scopes: list[dict[str, object]]
) -> None:
    evaluator = compile(tree)
    for scope in scopes:
        assert type(evaluator(scope)) is bool
    unread = {str(tag) for tag in names(tree)}
    assert set(evaluator.tally.missing) <= unread


@UNHURRIED
@given(PLAIN, PLAIN, st.sampled_from(Operator))
def test_a_comparison_is_pythons_or_not_comparable(left: Any, right: Any, op: Operator) -> None:
    evaluator = compile(Compare(TagRef("x"), op, TagRef("y")))
    found = evaluator({"x": left, "y": right})
    if evaluator.not_comparable:
        assert found is False
    else:
        assert found is bool(eval(f"x {op} y", {"x": left, "y": right}))


@UNHURRIED
@given(st.text(max_size=30))
def test_python_conditions_raise_nothing_but_condition_errors(text: str) -> None:
    with contextlib.suppress(ConditionError):
        assert type(compile(parse(f"py:{text}"))({"x": 1})) is bool


@UNHURRIED
@given(TEXTS)
def test_what_is_fed_to_the_fuzzer(text: str) -> None:
    one_input(text.encode("utf-8", "surrogatepass"))
