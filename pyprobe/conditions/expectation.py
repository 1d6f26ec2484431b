"""Expectations: what may stand at one place of a condition."""

from enum import Enum

from pyprobe.conditions.syntax import TagRef

COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
FUNCTIONS = ("all_of(", "any_of(", "rise(", "fall(", "changed(")


class Kind(Enum):
    """The kinds of things a condition is made of."""

    NAME = "name"
    OPERATOR = "operator"
    VALUE = "value"
    END = "end"


class Expectation:
    """What may stand at a place: in words for a message, by kind and by the fixed words there are.

    ``base`` is the tag whose attribute (kind NAME) or element (kind VALUE) is wanted.
    """

    __slots__ = ("base", "kinds", "text", "words")

    def __init__(
        self,
        text: str,
        kinds: frozenset[Kind],
        words: tuple[str, ...] = (),
        base: TagRef | None = None,
    ) -> None:
        self.text = text
        self.kinds = kinds
        self.words = words
        self.base = base


def after(*, tag: bool, bare_comparison: bool, inside: bool) -> Expectation:
    """Return what may follow an atom: a ``tag`` can be compared, a bare comparison not joined.

    ``inside`` parentheses a condition ends with one.
    """
    joining = (",",) if bare_comparison else ("&", "|", ",")
    words = (*COMPARISONS, *joining, ".", "[") if tag else joining
    return _continuation(inside, words, "operator")


def between_items(*, inside: bool) -> Expectation:
    """Return what may follow a bare comparison, said word by word."""
    return _continuation(inside, (",",), "','")


def between_terms(*, inside: bool) -> Expectation:
    """Return what may follow a tag beside & or |, said word by word."""
    return _continuation(inside, ("&", "|", ","), "'&', '|', ','")


def _continuation(inside: bool, words: tuple[str, ...], text: str) -> Expectation:
    if inside:
        return Expectation(f"{text} or ')'", frozenset((Kind.OPERATOR,)), (*words, ")"))
    return Expectation(f"{text} or end of expression", frozenset((Kind.OPERATOR, Kind.END)), words)


def attribute_of(tag: TagRef) -> Expectation:
    """Return what follows the dot after a tag."""
    return Expectation("a name after '.'", frozenset((Kind.NAME,)), base=tag)


def element_of(tag: TagRef) -> Expectation:
    """Return what follows the opening bracket after a tag."""
    return Expectation("a whole number or a string", frozenset((Kind.VALUE,)), base=tag)


NAMES = frozenset((Kind.NAME,))
OPERATORS = frozenset((Kind.OPERATOR,))
ATOM = Expectation("a name, '~' or '('", NAMES, ("~", "(", *FUNCTIONS))
NEGATED = Expectation("a name after '~'", NAMES)
TAG = Expectation("a name", NAMES)
OPERAND = Expectation(
    "a value or a name", frozenset((Kind.VALUE, Kind.NAME)), ("True", "False", "None")
)
NUMBER = Expectation("a number", frozenset((Kind.VALUE,)))
STRING = Expectation("a string", frozenset((Kind.VALUE,)))
CLOSED_STRING = Expectation("the end of the string", frozenset())
EDGE = Expectation("operator or ')'", OPERATORS, (*COMPARISONS, ")"))
PARENTHESIS = Expectation("')'", OPERATORS, (")",))
BRACKET = Expectation("']'", OPERATORS, ("]",))
PYTHON = Expectation("a Python expression", NAMES)
NOTHING = Expectation("nothing", frozenset())
