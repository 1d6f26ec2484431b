"""Tokens: a condition's text cut into words; nothing is refused here, all is passed on."""

from collections.abc import Callable
from enum import Enum
from keyword import iskeyword

_SINGLE = frozenset("()[],.~+-")
_COMPARING = frozenset("=!<>")
_JOINING = frozenset("&|")
_SYMBOLS = frozenset(("==", "!=", "<", "<=", ">", ">=", "&", "|"))
_DIGITS = frozenset("0123456789")
_NUMBER_REST = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.")
_LONGEST_SHOWN = 30


class TokenKind(Enum):
    """What a token is."""

    NAME = "name"
    KEYWORD = "keyword"
    NUMBER = "number"
    STRING = "string"
    OPEN_STRING = "a string without its end"
    SYMBOL = "symbol"
    UNKNOWN = "unknown"
    END = "end of expression"


class Token:
    """One word of a condition; ``position`` counts characters from 0."""

    __slots__ = ("kind", "position", "text")

    def __init__(self, kind: TokenKind, text: str, position: int) -> None:
        self.kind = kind
        self.text = text
        self.position = position

    @property
    def end(self) -> int:
        """The position after the token."""
        return self.position + len(self.text)

    def shown(self) -> str:
        """Return the token as messages show it, in printable characters only."""
        if self.kind is TokenKind.END:
            return "end of expression"
        return f"keyword {_quoted(self.text)}" if self.is_reserved else _quoted(self.text)

    @property
    def is_reserved(self) -> bool:
        """Whether this is a word of Python that can be no name and is no value either."""
        return self.kind is TokenKind.KEYWORD and self.text not in ("True", "False", "None")


def _quoted(text: str) -> str:
    if len(text) > _LONGEST_SHOWN:
        text = f"{text[:_LONGEST_SHOWN]}…"
    return f"'{text}'" if text.isprintable() else ascii(text)


def got(source: str, position: int) -> str:
    """Return the word that begins at a position as messages show it."""
    words = source[position : position + 2 * _LONGEST_SHOWN].split(maxsplit=1)
    return _quoted(words[0]) if words else "end of expression"


def scan(source: str) -> list[Token]:
    """Return the tokens of a text; the last is always END, behind the last character."""
    tokens = []
    position = 0
    while position < len(source):
        if source[position].isspace():
            position += 1
            continue
        token = _token(source, position)
        tokens.append(token)
        position = token.end
    tokens.append(Token(TokenKind.END, "", position))
    return tokens


def _token(source: str, position: int) -> Token:
    char = source[position]
    following = source[position + 1 : position + 2]
    if char.isidentifier():
        return _name(source, position)
    if char in _DIGITS or (char == "." and following in _DIGITS and following):
        return _number(source, position)
    if char in "'\"":
        return _string(source, position)
    if char in _SINGLE:
        return Token(TokenKind.SYMBOL, char, position)
    if char in _COMPARING:
        text = _run(source, position, _COMPARING.__contains__)
    elif char in _JOINING:
        text = _run(source, position, char.__eq__)
    else:
        return Token(TokenKind.UNKNOWN, _run(source, position, _is_unknown), position)
    kind = TokenKind.SYMBOL if text in _SYMBOLS else TokenKind.UNKNOWN
    return Token(kind, text, position)


def _run(source: str, position: int, belongs: Callable[[str], bool]) -> str:
    end = position + 1
    while end < len(source) and belongs(source[end]):
        end += 1
    return source[position:end]


def _is_unknown(char: str) -> bool:
    known = char in _SINGLE or char in _COMPARING or char in _JOINING or char in _DIGITS
    return not (known or char.isspace() or char.isidentifier() or char in "'\"")


def _name(source: str, position: int) -> Token:
    text = _run(source, position, lambda char: f"a{char}".isidentifier())
    if not normal_name(text).isidentifier():
        return Token(TokenKind.UNKNOWN, text, position)
    kind = TokenKind.KEYWORD if iskeyword(normal_name(text)) else TokenKind.NAME
    return Token(kind, text, position)


def normal_name(text: str) -> str:
    """Return a name as Python itself stores it."""
    if text.isascii():
        return text
    import unicodedata  # only now: few programs need it, and every start would load it

    return unicodedata.normalize("NFKC", text)


def _number(source: str, position: int) -> Token:
    hexadecimal = source[position : position + 2] in ("0x", "0X")
    end = position + 1
    while end < len(source):
        char = source[end]
        signed = char in "+-" and source[end - 1] in "eE" and not hexadecimal
        if not (signed or char in _NUMBER_REST):
            break
        end += 1
    return Token(TokenKind.NUMBER, source[position:end], position)


def _string(source: str, position: int) -> Token:
    quote, end = source[position], position + 1
    while end < len(source) and source[end] not in "\r\n":
        if source[end] == quote:
            return Token(TokenKind.STRING, source[position : end + 1], position)
        end += 2 if source[end] == "\\" else 1
    return Token(TokenKind.OPEN_STRING, source[position:end], position)
