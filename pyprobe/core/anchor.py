"""ProbeAnchor: an immutable place in source."""

from collections.abc import Mapping
from dataclasses import dataclass
from os.path import basename


@dataclass(frozen=True, slots=True)
class ProbeAnchor:
    """One occurrence of a symbol in a source file.

    ``line`` counts from 1, ``col`` from 0 in characters (code points) of that line; it is where
    the clicked token starts. ``symbol`` is a name, a chain (``a.b``), an element (``a[i]``) or the
    keyword ``return`` or ``yield``. ``func`` is the qualified name of the enclosing function,
    ``""`` at module level.
    """

    file: str
    line: int
    col: int
    symbol: str
    func: str = ""

    def to_dict(self) -> dict[str, object]:
        """Return plain data that ``from_dict`` turns back into an equal anchor."""
        return {
            "file": self.file,
            "line": self.line,
            "col": self.col,
            "symbol": self.symbol,
            "func": self.func,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> "ProbeAnchor":
        """Build an anchor from plain data.

        Raises:
            ValueError: a field is missing or of the wrong type.
        """
        file, line, col = data.get("file"), data.get("line"), data.get("col")
        symbol, func = data.get("symbol"), data.get("func", "")
        if not (isinstance(file, str) and isinstance(symbol, str) and isinstance(func, str)):
            raise ValueError(f"anchor needs text for file, symbol and func: {dict(data)!r}")
        if not (type(line) is int and type(col) is int):
            raise ValueError(f"anchor needs whole numbers for line and col: {dict(data)!r}")
        return cls(file, line, col, symbol, func)

    def identity_label(self) -> str:
        """Return the short name shown to people, such as ``x @ script.py:10``."""
        return f"{self.symbol} @ {basename(self.file)}:{self.line}"
