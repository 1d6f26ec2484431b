"""Plain access chains: which expressions are a name with attributes and plain subscripts."""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from pyprobe.analysis.occurrence import (
    Bounds,
    Constant,
    Index,
    Name,
    Part,
    Path,
    Step,
    StepKind,
)

_MSGPACK_INT_LIMIT = 2**63


class _Unfit(Enum):
    """No value, where None is one."""

    UNFIT = 0


_UNFIT: Final = _Unfit.UNFIT


@dataclass(frozen=True, slots=True)
class Chain:
    """How a plain expression is read, and how it is written for people."""

    path: Path
    symbol: str

    def with_attribute(self, name: str, mangled: str) -> "Chain":
        """Return the chain with ``.name`` added."""
        step = Step(StepKind.ATTRIBUTE, mangled)
        return Chain(Path(self.path.root, (*self.path.steps, step)), f"{self.symbol}.{name}")

    def with_item(self, step: Step, text: str) -> "Chain":
        """Return the chain with ``[text]`` added."""
        return Chain(Path(self.path.root, (*self.path.steps, step)), f"{self.symbol}[{text}]")


class SubscriptReader:
    """Tells what a plain subscript means and how it is written.

    ``mangle`` gives a name as the compiler knows it, ``text_of`` a constant as it stands in the
    source.
    """

    def __init__(
        self, mangle: Callable[[str], str], text_of: Callable[[ast.Constant], str]
    ) -> None:
        self._mangle = mangle
        self._text_of = text_of

    def step(self, node: ast.expr) -> tuple[Step, str] | None:
        """Return the step and its text for a subscript's inside, None where it is not plain."""
        if isinstance(node, ast.Tuple):
            return self._tuple(node)
        plain = self._part(node)
        if plain is None:
            return None
        value, text = plain
        kind = StepKind.SLICE if isinstance(value, Bounds) else StepKind.INDEX
        return Step(kind, value), text

    def _tuple(self, node: ast.Tuple) -> tuple[Step, str] | None:
        values: list[Part] = []
        texts: list[str] = []
        for element in node.elts:
            plain = self._part(element)
            if plain is None:
                return None
            values.append(plain[0])
            texts.append(plain[1])
        text = ", ".join(texts) or "()"
        text += "," if len(texts) == 1 else ""
        return Step(StepKind.INDEX, tuple(values)), text

    def _part(self, node: ast.expr) -> tuple[Part, str] | None:
        return self._slice(node) if isinstance(node, ast.Slice) else self._index(node)

    def _slice(self, node: ast.Slice) -> tuple[Bounds, str] | None:
        values: list[Index] = []
        texts: list[str] = []
        for bound in (node.lower, node.upper, node.step):
            plain = (None, "") if bound is None else self._index(bound)
            if plain is None:
                return None
            values.append(plain[0])
            texts.append(plain[1])
        text = ":".join(texts if node.step is not None else texts[:2])
        return Bounds(values[0], values[1], values[2]), text

    def _index(self, node: ast.expr) -> tuple[Index, str] | None:
        if isinstance(node, ast.Name):
            return Name(self._mangle(node.id)), node.id
        if isinstance(node, ast.Constant):
            value = _constant(node.value)
            return None if value is _UNFIT else (value, self._text_of(node))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return self._negative(node.operand)
        return None

    def _negative(self, node: ast.expr) -> tuple[Index, str] | None:
        if not isinstance(node, ast.Constant):
            return None
        number = node.value
        if not isinstance(number, int | float) or isinstance(number, bool):
            return None
        value = _constant(-number)
        return None if value is _UNFIT else (value, f"-{self._text_of(node)}")


def _constant(value: object) -> Constant | _Unfit:
    """Return an index constant that can be sent to the target."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value if -_MSGPACK_INT_LIMIT <= value < _MSGPACK_INT_LIMIT else _UNFIT
    if value is None or value is Ellipsis or isinstance(value, str | bytes | float | bool):
        return value
    return _UNFIT
