"""Hints: what someone who writes a condition as another language has it should write here."""

from pyprobe.conditions.expectation import ATOM, NEGATED, Expectation
from pyprobe.conditions.literals import LONGEST_NUMBER
from pyprobe.conditions.tokens import Token, TokenKind

_CALCULATING = "to calculate, use a Python expression: start with py:"
_CALLING = (
    "only all_of, any_of, rise, fall and changed take parentheses; "
    "to call a function, use a Python expression: start with py:"
)
_LOOKING_INSIDE = "to look into a container, use a Python expression: start with py:"
_EQUAL = {"=": "==", "===": "==", "is": "==", "!==": "!=", "<>": "!=", "=>": ">=", "=<": "<="}
_JOINED = {"&&": "&", "and": "&", "||": "|", "or": "|"}
_INSTEAD = _EQUAL | _JOINED
_NEGATIONS = ("!", "not")
_CALCULATIONS = frozenset("+-*/%^@")


NOT_COMPARED = "only a name can be compared, as in x > 1 or rise(x > 1)"
VARIABLE_INDEX = "for an index that varies, use a Python expression: start with py:"
CHAINED = "write one comparison for each, as in a < b, b < c"


def after_operand(token: Token) -> str:
    """Return a hint for a token where an operator was expected, or ``""``."""
    if token.text == "(":
        return _CALLING
    if token.text == "in":
        return _LOOKING_INSIDE
    if token.kind is not TokenKind.STRING and token.text[:1] in _CALCULATIONS and token.text:
        return _CALCULATING
    instead = _INSTEAD.get(token.text)
    return f"write {instead}" if instead else ""


def at_tag(token: Token, expected: Expectation) -> str:
    """Return a hint for a token where a name was expected, or ``""``."""
    if expected is NEGATED:
        return "negate each name, as in ~A & ~B" if token.text == "(" else ""
    value = token.kind in (TokenKind.NUMBER, TokenKind.STRING)
    if expected is ATOM and (value or token.text in ("True", "False", "None")):
        return "the name comes first, as in x == 1"
    return "write ~" if token.text in _NEGATIONS else ""


def at_number(token: Token) -> str:
    """Return a hint for what looks like a number and is none, or ``""``."""
    too_long = len(token.text) > LONGEST_NUMBER
    return f"a number has at most {LONGEST_NUMBER} characters" if too_long else ""
