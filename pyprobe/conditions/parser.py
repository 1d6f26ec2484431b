"""The parser: from a condition's text to its tree, by recursive descent."""

from collections.abc import Callable
from typing import NoReturn

from pyprobe.conditions import expectation, hints
from pyprobe.conditions.errors import ConditionSyntaxError
from pyprobe.conditions.expectation import Expectation
from pyprobe.conditions.literals import number_value, string_value
from pyprobe.conditions.python_source import check_python
from pyprobe.conditions.syntax import (
    And,
    Attribute,
    Compare,
    Condition,
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
    chained,
)
from pyprobe.conditions.tokens import Token, TokenKind, normal_name, scan

MAX_LENGTH = 10_000
MAX_NESTING = 50
PYTHON_PREFIX = "py:"

_OPERATORS = {operator.value: operator for operator in Operator}
_EDGES = {kind.value: kind for kind in EdgeKind}
_GROUPS: dict[str, Callable[..., And | Or]] = {"all_of": And, "any_of": Or}
_CONSTANTS = {"True": True, "False": False, "None": None}
_LONGEST_PROPOSAL = 200


def parse(source: str) -> Expr:
    """Return the tree of a condition.

    Raises:
        ConditionSyntaxError: it is none; the message says where and what was expected.
    """
    if len(source) > MAX_LENGTH:
        raise ConditionSyntaxError(
            f"Expected at most {MAX_LENGTH:,} characters, got {len(source):,}",
            position=MAX_LENGTH,
            expected=expectation.NOTHING,
        )
    text = source.lstrip()
    if text.startswith(PYTHON_PREFIX):
        return _python(source, len(source) - len(text) + len(PYTHON_PREFIX))
    return Parser(scan(source)).whole()


def _python(source: str, start: int) -> PythonExpr:
    inner = source[start:]
    expression = inner.strip()
    check_python(source, start + len(inner) - len(inner.lstrip()), expression)
    return PythonExpr(expression)


class _Joining:
    """Whether one item mixes bare comparisons with & and |, which Python would read otherwise."""

    __slots__ = ("comparison", "conflict", "join")

    def __init__(self) -> None:
        self.join: Token | None = None
        self.comparison: Token | None = None
        self.conflict: Token | None = None

    def joined_by(self, token: Token) -> None:
        self.join = token
        if self.comparison:
            self.conflict = self.conflict or token

    def compared_by(self, token: Token) -> None:
        self.comparison = token
        if self.join:
            self.conflict = self.conflict or token


class Parser:
    """Reads tokens from left to right, one token ahead."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._next = 0
        self._depth = 0
        self._joining = _Joining()
        self.continuation = expectation.ATOM

    def whole(self) -> Condition:
        """Return the tree of all tokens; ``continuation`` then says what may follow them."""
        return _all(self._items())

    def _items(self) -> list[Condition]:
        items = [self._item()]
        while self._take(","):
            items.append(self._item())
        return items

    def _item(self) -> Condition:
        outer, self._joining = self._joining, _Joining()
        terms = [self._and_item()]
        while token := self._take("|"):
            self._joining.joined_by(token)
            terms.append(self._and_item())
        item = terms[0] if len(terms) == 1 else Or(*terms)
        if self._joining.conflict:
            self._refuse_mixture(self._joining.conflict, item)
        self._check_end_of_item()
        self._joining = outer
        return item

    def _check_end_of_item(self) -> None:
        token = self._peek()
        closes = token.text == ")" and self._depth > 0
        if not (token.kind is TokenKind.END or token.text == "," or closes):
            if token.text in _OPERATORS:
                self._refuse_comparison(token)
            self._fail_at(token, self.continuation, hints.after_operand(token))

    def _refuse_comparison(self, token: Token) -> NoReturn:
        """Refuse to compare what has been compared, or what is no name, and say what may follow."""
        inside = self._depth > 0
        if self._joining.comparison is not None:
            self._fail_at(token, expectation.between_items(inside=inside), hints.CHAINED)
        self._fail_at(token, expectation.between_terms(inside=inside), hints.NOT_COMPARED)

    def _and_item(self) -> Condition:
        terms = [self._atom()]
        while token := self._take("&"):
            self._joining.joined_by(token)
            terms.append(self._atom())
        return _all(terms)

    def _atom(self) -> Condition:
        atom = self._unary()
        self.continuation = expectation.after(
            tag=isinstance(atom, TagRef) and not self._joining.join,
            bare_comparison=self._joining.comparison is not None,
            inside=self._depth > 0,
        )
        return atom

    def _unary(self) -> Condition:
        token = self._peek()
        if self._take("~"):
            return Not(self._tag(expectation.NEGATED))
        if self._take("("):
            return _all(self._group(token))
        if token.kind is TokenKind.NAME and self._tokens[self._next + 1].text == "(":
            if token.text in _EDGES:
                return self._edge(_EDGES[token.text])
            if token.text in _GROUPS:
                return self._called_group(_GROUPS[token.text])
        return self._comparison(self._tag(expectation.ATOM))

    def _edge(self, kind: EdgeKind) -> Edge:
        self._next += 2
        tag = self._tag(expectation.TAG)
        operator = self._peek()
        level = operator.kind is TokenKind.SYMBOL and operator.text in _OPERATORS
        if level and kind is not EdgeKind.CHANGED:
            self._next += 1
            level_of = Compare(tag, _OPERATORS[operator.text], self._operand())
            self._close(expectation.PARENTHESIS)
            return Edge(kind, level_of)
        self._close(expectation.EDGE if kind is not EdgeKind.CHANGED else expectation.PARENTHESIS)
        return Edge(kind, tag)

    def _called_group(self, combine: Callable[..., And | Or]) -> Condition:
        self._next += 1
        items = self._group(self._advance())
        return items[0] if len(items) == 1 else combine(*items)

    def _group(self, opening: Token) -> list[Condition]:
        """Read what stands between an opening parenthesis, just taken, and its closing one."""
        if self._depth == MAX_NESTING:
            self._fail_at(
                opening, expectation.TAG, f"at most {MAX_NESTING} parentheses can be nested"
            )
        self._depth += 1
        items = self._items()
        self._close(self.continuation)
        self._depth -= 1
        return items

    def _comparison(self, left: TagRef) -> Condition:
        token = self._peek()
        if token.kind is not TokenKind.SYMBOL or token.text not in _OPERATORS:
            return left
        self._next += 1
        self._joining.compared_by(token)
        return Compare(left, _OPERATORS[token.text], self._operand())

    def _operand(self) -> TagRef | Literal:
        token = self._peek()
        if token.kind is TokenKind.NAME:
            return self._tag(expectation.OPERAND)
        if token.kind is TokenKind.KEYWORD and token.text in _CONSTANTS:
            self._next += 1
            return Literal(_CONSTANTS[token.text])
        if token.kind is TokenKind.STRING:
            return Literal(self._string())
        return Literal(self._number(expectation.OPERAND))

    def _tag(self, expected: Expectation) -> TagRef:
        name = self._peek()
        if name.kind is not TokenKind.NAME:
            self._fail_at(name, expected, hints.at_tag(name, expected))
        self._next += 1
        steps: list[Attribute | Element] = []
        while True:
            if self._take("."):
                steps.append(self._attribute(name, steps))
            elif self._take("["):
                steps.append(self._element(name, steps))
            else:
                return TagRef(normal_name(name.text), tuple(steps))

    def _attribute(self, name: Token, steps: list[Attribute | Element]) -> Attribute:
        token = self._peek()
        if token.kind is not TokenKind.NAME:
            base = TagRef(normal_name(name.text), tuple(steps))
            self._fail_at(token, expectation.attribute_of(base))
        self._next += 1
        return Attribute(normal_name(token.text))

    def _element(self, name: Token, steps: list[Attribute | Element]) -> Element:
        expected = expectation.element_of(TagRef(normal_name(name.text), tuple(steps)))
        token = self._peek()
        if token.kind is TokenKind.STRING:
            element = Element(self._string())
        elif token.kind is TokenKind.NAME:
            self._fail_at(token, expected, hints.VARIABLE_INDEX)
        else:
            key = self._number(expected)
            if isinstance(key, float):
                self._fail_at(token, expected)
            element = Element(key)
        separator = self._peek()
        hint = "write one pair of brackets for each index, as in x[0][1]"
        self._close(expectation.BRACKET, hint if separator.text == "," else "")
        return element

    def _string(self) -> str:
        token = self._advance()
        value, bad = string_value(token.text)
        if bad >= 0:
            wrong = Token(TokenKind.UNKNOWN, token.text[bad : bad + 2], token.position + bad)
            self._fail_at(wrong, expectation.STRING, "this escape is not known, write \\\\ for \\")
        return value

    def _number(self, expected: Expectation) -> int | float:
        sign = self._take("-") or self._take("+")
        token = self._peek()
        if token.kind is TokenKind.OPEN_STRING:
            end = Token(TokenKind.END, "", token.end)
            self._fail_at(end, expectation.CLOSED_STRING, f"it begins at position {token.position}")
        if token.kind is not TokenKind.NUMBER:
            self._fail_at(token, expectation.NUMBER if sign else expected)
        value = number_value(token.text)
        if value is None:
            self._fail_at(token, expectation.NUMBER, hints.at_number(token))
        self._next += 1
        return -value if sign and sign.text == "-" else value

    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _advance(self) -> Token:
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _take(self, symbol: str) -> Token | None:
        """Take the next token if it is this symbol."""
        token = self._tokens[self._next]
        if token.text != symbol:
            return None
        self._next += 1
        return token

    def _close(self, expected: Expectation, hint: str = "") -> None:
        closing = expected.words[-1]
        if not self._take(closing):
            self._fail_at(self._peek(), expected, hint)

    def _refuse_mixture(self, token: Token, item: Condition) -> NoReturn:
        """Refuse & or | beside a bare comparison, and propose the same with parentheses."""
        inside = self._depth > 0
        beside = token.text in _OPERATORS
        between = expectation.between_terms if beside else expectation.between_items
        proposal = chained(item)
        write = f"write {proposal}" if len(proposal) <= _LONGEST_PROPOSAL else "add parentheses"
        hint = f"& and | bind tighter than a comparison, {write}"
        self._fail_at(token, between(inside=inside), hint)

    def _fail_at(self, token: Token, expected: Expectation, hint: str = "") -> NoReturn:
        message = f"Expected {expected.text}, got {token.shown()} at position {token.position}"
        raise ConditionSyntaxError(
            f"{message}; {hint}" if hint else message,
            position=token.position,
            expected=expected,
        )


def _all(items: list[Condition]) -> Condition:
    return items[0] if len(items) == 1 else And(*items)
