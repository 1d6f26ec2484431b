"""The grammar as a table: what is a condition, with its tree, and what is not, with its message."""

# ruff: noqa: E501  messages stand whole in their tables

import pytest

from pyprobe.conditions import (
    And,
    Attribute,
    Compare,
    ConditionSyntaxError,
    Edge,
    EdgeKind,
    Element,
    Expr,
    Literal,
    Not,
    Operator,
    Or,
    PythonExpr,
    TagRef,
    parse,
    validate,
)
from pyprobe.conditions.parser import MAX_LENGTH, MAX_NESTING
from pyprobe.conditions.syntax import Value

A, B, C, D = map(TagRef, "ABCD")
FAULT, TEMP = TagRef("Fault"), TagRef("MotorTemp")


def compare(left: TagRef, op: str, right: Value | TagRef) -> Compare:
    return Compare(left, Operator(op), right if isinstance(right, TagRef) else Literal(right))


A_IS_1, B_IS_2 = compare(A, "==", 1), compare(B, "==", 2)

ACCEPTED: list[tuple[str, Expr]] = [
    ("Fault", FAULT),
    ("  Fault\n", FAULT),
    ("(((Fault)))", FAULT),
    ("rise", TagRef("rise")),
    ("all_of == 1", compare(TagRef("all_of"), "==", 1)),
    ("match", TagRef("match")),
    ("größe", TagRef("größe")),
    ("\ufb01t", TagRef("fit")),
    ("Motor1.Running", TagRef("Motor1", (Attribute("Running"),))),
    ("c[1]", TagRef("c", (Element(1),))),
    ("c[0x10]", TagRef("c", (Element(16),))),
    ("self.buf[-1]", TagRef("self", (Attribute("buf"), Element(-1)))),
    ('cfg["gain"]', TagRef("cfg", (Element("gain"),))),
    ("a [ 0 ] [ 'k' ] . b", TagRef("a", (Element(0), Element("k"), Attribute("b")))),
    ("~Fault", Not(FAULT)),
    ("~ self.ok", Not(TagRef("self", (Attribute("ok"),)))),
    *[(f"A {op} 1", compare(A, op, 1)) for op in ("==", "!=", "<", "<=", ">", ">=")],
    ("A==1", A_IS_1),
    ("(A == 1)", A_IS_1),
    ("A > B", compare(A, ">", B)),
    ("A > b[0].c", compare(A, ">", TagRef("b", (Element(0), Attribute("c"))))),
    ("A == -1", compare(A, "==", -1)),
    ("A == +1", compare(A, "==", 1)),
    ("A == - 1.5e-3", compare(A, "==", -0.0015)),
    ("A == .5", compare(A, "==", 0.5)),
    ("A == 5.", compare(A, "==", 5.0)),
    ("A == 1_000", compare(A, "==", 1000)),
    ("A == 0xFF", compare(A, "==", 255)),
    ("A == 0b101", compare(A, "==", 5)),
    ("A == 1e999", compare(A, "==", float("inf"))),
    ("A == True", compare(A, "==", True)),
    ("A == False", compare(A, "==", False)),
    ("A != None", compare(A, "!=", None)),
    ("A == 'it'", compare(A, "==", "it")),
    ('A == "it\'s"', compare(A, "==", "it's")),
    (r"A == 'a\n\t\\\'\x41\u00e4\U0001F600\0'", compare(A, "==", "a\n\t\\'Aä😀\0")),
    ("A == ''", compare(A, "==", "")),
    ("A & B", And(A, B)),
    ("A & B & C", And(A, B, C)),
    ("A | B | C", Or(A, B, C)),
    ("A & B | C & ~D", Or(And(A, B), And(C, Not(D)))),
    ("A & (B | C)", And(A, Or(B, C))),
    ("(A & B) & C", And(And(A, B), C)),
    ("A, B", And(A, B)),
    ("A, B, C", And(A, B, C)),
    ("A & B, C", And(And(A, B), C)),
    ("A | B, C", And(Or(A, B), C)),
    ("A == 1, B == 2", And(A_IS_1, B_IS_2)),
    ("Fault & (MotorTemp > 100)", And(FAULT, compare(TEMP, ">", 100))),
    ("(A == 1) | (B == 2)", Or(A_IS_1, B_IS_2)),
    (
        "Running | ~Estop, Mode == 1",
        And(Or(TagRef("Running"), Not(TagRef("Estop"))), compare(TagRef("Mode"), "==", 1)),
    ),
    ("all_of(A == 1, B)", And(A_IS_1, B)),
    ("any_of(A == 1, B)", Or(A_IS_1, B)),
    ("any_of(A)", A),
    ("all_of (A)", A),
    ("any_of(A | B, C & D)", Or(Or(A, B), And(C, D))),
    ("any_of((A, B), C)", Or(And(A, B), C)),
    ("any_of(all_of(A, B), C) & D", And(Or(And(A, B), C), D)),
    ("any_of(A, B), C", And(Or(A, B), C)),
    ("rise(A)", Edge(EdgeKind.RISE, A)),
    ("fall(A.b)", Edge(EdgeKind.FALL, TagRef("A", (Attribute("b"),)))),
    ("changed(A[0]) | B", Or(Edge(EdgeKind.CHANGED, TagRef("A", (Element(0),))), B)),
    ("rise(A > 1)", Edge(EdgeKind.RISE, Compare(A, Operator.GREATER, Literal(1)))),
    ("fall(A <= B)", Edge(EdgeKind.FALL, Compare(A, Operator.LESS_EQUAL, B))),
    ("py: len(x) > 3", PythonExpr("len(x) > 3")),
    ("  py:x", PythonExpr("x")),
]

START = "Expected a name, '~' or '('"
AFTER = "Expected operator or end of expression"
INSIDE = "Expected operator or ')'"
TERMS = "Expected '&', '|', ',' or end of expression"
ITEMS = "Expected ',' or end of expression"
COMPARED = "only a name can be compared, as in x > 1 or rise(x > 1)"
TIGHT = "& and | bind tighter than a comparison, write"
PARENTHESES = (
    "only all_of, any_of, rise, fall and changed take parentheses; "
    "to call a function, use a Python expression: start with py:"
)
PY = "to calculate, use a Python expression: start with py:"

REFUSED = [
    ("", f"{START}, got end of expression at position 0"),
    ("   ", f"{START}, got end of expression at position 3"),
    ("&", f"{START}, got '&' at position 0"),
    ("MotorTemp >>", f"{AFTER}, got '>>' at position 10"),
    ("Fault, Pump $$", f"{AFTER}, got '$$' at position 12"),
    ("A > 1 $$", f"{AFTER}, got '$$' at position 6"),
    ("A B", f"{AFTER}, got 'B' at position 2"),
    ("(A", f"{INSIDE}, got end of expression at position 2"),
    ("(A $", f"{INSIDE}, got '$' at position 3"),
    ("A)", f"{AFTER}, got ')' at position 1"),
    ("()", f"{START}, got ')' at position 1"),
    ("any_of(A", f"{INSIDE}, got end of expression at position 8"),
    ("rise(A", "Expected operator or ')', got end of expression at position 6"),
    ("changed(A > 1)", "Expected ')', got '>' at position 10"),
    ("rise(A > 1, B)", "Expected ')', got ',' at position 10"),
    ("rise(A >)", "Expected a value or a name, got ')' at position 8"),
    ("rise(1)", "Expected a name, got '1' at position 5"),
    ("rise(rise(A))", "Expected operator or ')', got '(' at position 9"),
    ("A &", f"{START}, got end of expression at position 3"),
    ("A, ", f"{START}, got end of expression at position 3"),
    ("A,,B", f"{START}, got ',' at position 2"),
    ("A >", "Expected a value or a name, got end of expression at position 3"),
    ("A == ==", "Expected a value or a name, got '==' at position 5"),
    ("A == ~B", "Expected a value or a name, got '~' at position 5"),
    ("A == $", "Expected a value or a name, got '$' at position 5"),
    ("A == if", "Expected a value or a name, got keyword 'if' at position 5"),
    ("A == -B", "Expected a number, got 'B' at position 6"),
    ("class", f"{START}, got keyword 'class' at position 0"),
    ("not A", f"{START}, got keyword 'not' at position 0; write ~"),
    ("!A", f"{START}, got '!' at position 0; write ~"),
    ("A and B", f"{AFTER}, got keyword 'and' at position 2; write &"),
    ("A || B", f"{AFTER}, got '||' at position 2; write |"),
    ("A = 1", f"{AFTER}, got '=' at position 2; write =="),
    ("A <> 1", f"{AFTER}, got '<>' at position 2; write !="),
    ("A is None", f"{AFTER}, got keyword 'is' at position 2; write =="),
    ("A + 1 > 2", f"{AFTER}, got '+' at position 2; {PY}"),
    ("A % 2 == 0", f"{AFTER}, got '%' at position 2; {PY}"),
    ("len(A) > 1", f"{AFTER}, got '(' at position 3; {PARENTHESES}"),
    ("1 < A", f"{START}, got '1' at position 0; the name comes first, as in x == 1"),
    ("True", f"{START}, got 'True' at position 0; the name comes first, as in x == 1"),
    ("A < B < C", f"{ITEMS}, got '<' at position 6; write one comparison for each, as in a < b, b < c"),
    ("~(A | B)", "Expected a name after '~', got '(' at position 1; negate each name, as in ~A & ~B"),
    ("~~A", "Expected a name after '~', got '~' at position 1"),
    ("~A > 1", f"{TERMS}, got '>' at position 3; {COMPARED}"),
    ("rise(A) > 1", f"{TERMS}, got '>' at position 8; {COMPARED}"),
    ("(A | B) == 1", f"{TERMS}, got '==' at position 8; {COMPARED}"),
    ("any_of(~A < 1)", f"Expected '&', '|', ',' or ')', got '<' at position 10; {COMPARED}"),
    ("Fault & MotorTemp > 100", f"{TERMS}, got '>' at position 18; {TIGHT} Fault & (MotorTemp > 100)"),
    ("A > 1 & B", f"Expected ',' or end of expression, got '&' at position 6; {TIGHT} (A > 1) & B"),
    ("(C, A | B != 2)", f"Expected '&', '|', ',' or ')', got '!=' at position 10; {TIGHT} A | (B != 2)"),
    ("A > 1 | B > 2", f"Expected ',' or end of expression, got '|' at position 6; {TIGHT} (A > 1) | (B > 2)"),
    ("A.", "Expected a name after '.', got end of expression at position 2"),
    ("A.class", "Expected a name after '.', got keyword 'class' at position 2"),
    ("A.1", f"{AFTER}, got '.1' at position 1"),
    ("A[]", "Expected a whole number or a string, got ']' at position 2"),
    ("A[i]", "Expected a whole number or a string, got 'i' at position 2; for an index that varies, use a Python expression: start with py:"),
    ("A in B", f"{AFTER}, got keyword 'in' at position 2; to look into a container, use a Python expression: start with py:"),
    ("A[1.5]", "Expected a whole number or a string, got '1.5' at position 2"),
    ("A[1", "Expected ']', got end of expression at position 3"),
    ("A[1, 2]", "Expected ']', got ',' at position 3; write one pair of brackets for each index, as in x[0][1]"),
    ("A == 007", "Expected a number, got '007' at position 5"),
    ("A == 5abc", "Expected a number, got '5abc' at position 5"),
    ("A == 1..2", "Expected a number, got '1..2' at position 5"),
    ("A == 'x", "Expected the end of the string, got end of expression at position 7; it begins at position 5"),
    (r"A == '\d'", r"Expected a string, got '\d' at position 6; this escape is not known, write \\ for \ "),
    (r"A == '\x4'", r"Expected a string, got '\x' at position 6; this escape is not known, write \\ for \ "),
    ("A == b'x'", f"{AFTER}, got ''x'' at position 6"),
    ("A \x00", f"{AFTER}, got '\\x00' at position 2"),
    ("A \ud800", f"{AFTER}, got '\\ud800' at position 2"),
    ("A == " + "9" * 301, "Expected a number, got '999999999999999999999999999999…' at position 5; a number has at most 300 characters"),
    ("py:", "Expected a Python expression, got end of expression at position 3; invalid syntax"),
    ("py: x y", "Expected a Python expression, got 'y' at position 6; invalid syntax"),
    ("py: x = 1", None),
    ("py: yield", None),
    ("py: a\nb", None),
]  # fmt: skip


@pytest.mark.parametrize(("source", "tree"), ACCEPTED)
def test_what_is_accepted_has_this_tree(source: str, tree: Expr) -> None:
    assert parse(source) == tree
    assert repr(parse(source)) == repr(tree)  # 1 and True are equal, but not the same literal
    assert validate(source) == []


@pytest.mark.parametrize(("source", "message"), REFUSED)
def test_what_is_refused_is_answered_with_place_and_expectation(
    source: str, message: str | None
) -> None:
    with pytest.raises(ConditionSyntaxError) as refusal:
        parse(source)
    assert validate(source) == [str(refusal.value)]
    assert str(refusal.value).startswith("Expected ")
    assert f"at position {refusal.value.position}" in str(refusal.value)
    if message is not None:
        assert str(refusal.value) == message.strip()


def test_what_a_mixture_proposes_is_a_condition() -> None:
    with pytest.raises(ConditionSyntaxError) as refusal:
        parse("A | B & C.d[0] >= -1.5")
    proposal = str(refusal.value).partition("write ")[2]
    assert str(parse(proposal)) == proposal == "A | B & (C.d[0] >= -1.5)"


def test_what_python_warns_of_is_wrong_for_whoever_types_it() -> None:
    assert "invalid" in validate(r"py: '\d' == x")[0]


@pytest.mark.parametrize("opening", ["(", "all_of(", "any_of(", "~(", "a&(", "a|(b,"])
@pytest.mark.parametrize("depth", [MAX_NESTING + 1, 1000])
def test_deep_nesting_is_answered(opening: str, depth: int) -> None:
    [message] = validate(opening * depth + "a" + ")" * depth)
    if opening != "~(":
        place = len(opening) * (MAX_NESTING + 1) - 1 - opening.endswith(",") * 2
        assert message.startswith(f"Expected a name, got '(' at position {place}")
        assert message.endswith("; at most 50 parentheses can be nested")


def test_the_deepest_that_is_allowed() -> None:
    assert parse("(" * MAX_NESTING + "A" + ")" * MAX_NESTING) == A


LONG = [
    "A" * MAX_LENGTH,
    "A" + "&A" * ((MAX_LENGTH - 1) // 2),
    "A" + "|A" * ((MAX_LENGTH - 1) // 2),
    "A" + ",A" * ((MAX_LENGTH - 1) // 2),
    "A" + ".b" * ((MAX_LENGTH - 1) // 2),
    "A" + "[1]" * ((MAX_LENGTH - 1) // 3),
    "A == '" + "x" * (MAX_LENGTH - 7) + "'",
]


@pytest.mark.parametrize("source", LONG, ids=range(len(LONG)))
def test_long_conditions_are_read(source: str) -> None:
    assert len(source) <= MAX_LENGTH
    assert validate(source) == []


def test_longer_ones_are_not() -> None:
    message = "Expected at most 10,000 characters, got 10,001"
    assert validate("A" * (MAX_LENGTH + 1)) == [message]
    assert validate("py:" + "A" * MAX_LENGTH) == ["Expected at most 10,000 characters, got 10,003"]


DEEP_PYTHON = [
    "(" * 1000 + "a" + ")" * 1000,
    "[" * 4000,
    "-" * 9000 + "a",
    "not " * 2400 + "a",
    "a" + ".b" * 4900,
    "a" + "(a)" * 3000,
    "lambda:" * 1400 + "a",
    "a" + "+a" * 4900,
    "a" + "**a" * 3000,
    "a if a else " * 800 + "a",
    "a\x00b",
    "a\ud800",
    "9" * 9000,
    'f"{' * 200,
]


@pytest.mark.parametrize("source", DEEP_PYTHON, ids=range(len(DEEP_PYTHON)))
def test_monstrous_python_is_answered(source: str) -> None:
    messages = validate(f"py:{source}")
    assert len(messages) <= 1
    assert all(message.startswith("Expected a Python expression, got ") for message in messages)
    assert all(message.isprintable() for message in messages)
