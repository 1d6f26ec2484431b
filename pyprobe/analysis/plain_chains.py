"""Plain access chains: which expressions are a name with attributes and plain subscripts."""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from pyprobe.analysis.occurrence import Constant, Index, Name, Path, Step, StepKind, StepValue

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


def plain_step(
    node: ast.expr, mangle: Callable[[str], str], text_of: Callable[[ast.Constant], str]
) -> tuple[Step, str] | None:
    """Return the step and its text for a subscript's inside, None where it is not plain.

    ``text_of`` gives a constant as it stands in the source.
    """
    if isinstance(node, ast.Slice):
        return _plain_slice(node, mangle, text_of)
    if isinstance(node, ast.Tuple):
        parts = [_plain_index(part, mangle, text_of) for part in node.elts]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        text = ", ".join(part_text for _value, part_text in known) or "()"
        text += "," if len(known) == 1 else ""
        return Step(StepKind.INDEX, tuple(value for value, _text in known)), text
    plain = _plain_index(node, mangle, text_of)
    if plain is None:
        return None
    value: StepValue = plain[0]
    return Step(StepKind.INDEX, value), plain[1]


def _plain_slice(
    node: ast.Slice, mangle: Callable[[str], str], text_of: Callable[[ast.Constant], str]
) -> tuple[Step, str] | None:
    values: list[Index] = []
    texts: list[str] = []
    for bound in (node.lower, node.upper, node.step):
        plain = (None, "") if bound is None else _plain_index(bound, mangle, text_of)
        if plain is None:
            return None
        values.append(plain[0])
        texts.append(plain[1])
    text = ":".join(texts if node.step is not None else texts[:2])
    return Step(StepKind.SLICE, (values[0], values[1], values[2])), text


def _plain_index(
    node: ast.expr, mangle: Callable[[str], str], text_of: Callable[[ast.Constant], str]
) -> tuple[Index, str] | None:
    if isinstance(node, ast.Name):
        return Name(mangle(node.id)), node.id
    if isinstance(node, ast.Constant):
        value = _constant(node.value)
        return None if value is _UNFIT else (value, text_of(node))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = node.operand
        if isinstance(inner, ast.Constant) and type(inner.value) in (int, float):
            value = _constant(-inner.value)  # type: ignore[operator]
            return None if value is _UNFIT else (value, f"-{text_of(inner)}")
    return None


def _constant(value: object) -> Constant | _Unfit:
    """Return an index constant that can be sent to the target."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value if -_MSGPACK_INT_LIMIT <= value < _MSGPACK_INT_LIMIT else _UNFIT
    return value if value is None or isinstance(value, str | bytes | float | bool) else _UNFIT
