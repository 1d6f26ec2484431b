"""Completion: what may stand at a position of a condition that is being typed."""

from dataclasses import dataclass

from pyprobe.conditions import expectation
from pyprobe.conditions.errors import ConditionSyntaxError
from pyprobe.conditions.expectation import Expectation, Kind
from pyprobe.conditions.parser import MAX_LENGTH, PYTHON_PREFIX, Parser
from pyprobe.conditions.syntax import TagRef
from pyprobe.conditions.tokens import Token, TokenKind, scan

_UNFINISHED = (TokenKind.NAME, TokenKind.KEYWORD)


@dataclass(frozen=True, slots=True)
class Completion:
    """What may stand from ``start`` on, in place of the unfinished word before the position.

    ``words`` are the fixed ones; for kind NAME the names in scope come to these, or the attributes
    of ``base`` if there is one; kind VALUE with a ``base`` means the keys of its elements.
    """

    kinds: frozenset[Kind]
    start: int
    words: tuple[str, ...] = ()
    base: TagRef | None = None


def complete(source: str, position: int) -> Completion:
    """Return what may stand at ``position``, which counts characters from 0.

    No kinds mean that nothing can: what stands before is already wrong, or inside a string.
    """
    before = source[:position]
    if before.lstrip().startswith(PYTHON_PREFIX):
        return Completion(frozenset((Kind.NAME,)), _word_start(before))
    if len(before) > MAX_LENGTH:
        return Completion(frozenset(), len(before))
    tokens = scan(before)
    start = len(before)
    if len(tokens) > 1 and tokens[-2].end == start and _is_unfinished(tokens[-2]):
        start = tokens[-2].position
        tokens[-2:] = [Token(TokenKind.END, "", start)]
    expected = _expected(tokens)
    return Completion(expected.kinds, start, expected.words, expected.base)


def _is_unfinished(token: Token) -> bool:
    return token.kind in _UNFINISHED or token.text in ("=", "!")


def _word_start(text: str) -> int:
    start = len(text)
    while start and f"a{text[start - 1]}".isidentifier():
        start -= 1
    return start


def _expected(tokens: list[Token]) -> Expectation:
    parser = Parser(tokens)
    try:
        parser.whole()
    except ConditionSyntaxError as error:
        at_end = error.position == tokens[-1].position
        return error.expected if at_end else expectation.NOTHING
    return parser.continuation
