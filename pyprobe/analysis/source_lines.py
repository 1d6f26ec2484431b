"""Source text by lines as the compiler counts them, and where tokens stand in it."""

import re
from typing import NamedTuple

_NEWLINE = re.compile(r"\r\n|\r|\n")
_IDENTIFIER = re.compile(r"\w+")
# What may stand between a node's end and the token that follows it.
_FILLER = re.compile(r"(?:[\s,()]|\\(?=\Z)|#.*\Z)+")


class Token(NamedTuple):
    """Where a token lights up: line from 1, columns in characters from 0."""

    line: int
    col: int
    end_col: int


def split_lines(source: str) -> list[str]:
    """Split as the compiler does: form feeds and Unicode separators end no line."""
    return _NEWLINE.split(source)


class SourceLines:
    """The lines of one source text, with byte columns turned into characters."""

    def __init__(self, source: str) -> None:
        self.lines = split_lines(source)
        self._ascii = source.isascii()
        self._encoded: dict[int, bytes] = {}

    def char_col(self, line: int, byte_col: int) -> int:
        """Turn a column in UTF-8 bytes into one in characters."""
        if self._ascii:
            return byte_col
        encoded = self._encoded.get(line)
        if encoded is None:
            encoded = self.lines[line - 1].encode() if 0 < line <= len(self.lines) else b""
            self._encoded[line] = encoded
        return len(encoded[:byte_col].decode(errors="replace"))

    def identifier_at(self, line: int, col: int) -> Token | None:
        """Return the identifier that starts at a character column."""
        match = _IDENTIFIER.match(self._line(line), col)
        return Token(line, col, match.end()) if match else None

    def identifier_before(self, line: int, end_col: int) -> Token | None:
        """Return the identifier that ends at a character column."""
        text = self._line(line)
        col = end_col = min(end_col, len(text))
        while col > 0 and _IDENTIFIER.match(text[col - 1]):
            col -= 1
        return Token(line, col, end_col) if col < end_col else None

    def text(self, token: Token) -> str:
        """Return the token's text."""
        return self._line(token.line)[token.col : token.end_col]

    def find_after(self, line: int, col: int, word: str) -> tuple[int, int] | None:
        """Return (line, column) of ``word``, if nothing but fillers stands before it.

        Fillers are white space, brackets, commas, comments and continued lines.
        """
        while line <= len(self.lines):
            text = self._line(line)
            filler = _FILLER.match(text, col)
            col = filler.end() if filler else col
            if text.startswith(word, col):
                return line, col
            if col < len(text):
                return None
            line, col = line + 1, 0
        return None

    def identifier_after(self, line: int, col: int, word: str) -> Token | None:
        """Return the identifier behind ``word``, where ``word`` is the next thing there."""
        found = self.find_after(line, col, word)
        if found is None:
            return None
        named = self.find_after(found[0], found[1] + len(word), "")
        while named is not None and named[1] >= len(self._line(named[0])):
            named = self.find_after(named[0] + 1, 0, "")
        return self.identifier_at(*named) if named is not None else None

    def _line(self, line: int) -> str:
        return self.lines[line - 1] if 0 < line <= len(self.lines) else ""
