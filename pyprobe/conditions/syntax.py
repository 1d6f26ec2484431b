"""The tree of a condition: frozen records; ``str()`` of one is a condition that parses to it."""

from dataclasses import FrozenInstanceError
from enum import StrEnum
from math import inf
from typing import TypeAlias, dataclass_transform

Value: TypeAlias = int | float | bool | str | None


class Operator(StrEnum):
    """The comparisons."""

    EQUAL = "=="
    NOT_EQUAL = "!="
    LESS = "<"
    LESS_EQUAL = "<="
    GREATER = ">"
    GREATER_EQUAL = ">="


class EdgeKind(StrEnum):
    """What of a tag's course in time an edge waits for."""

    RISE = "rise"
    FALL = "fall"
    CHANGED = "changed"


@dataclass_transform(frozen_default=True, eq_default=False)
class Node:
    """What all parts of a tree have in common: a frozen record of its slots, in their order.

    Written once here, not generated for each class by ``dataclass``: these modules are loaded at
    every start of a program, and generating costs as much as all the rest.
    """

    __slots__ = ()
    __match_args__: tuple[str, ...] = ()

    def __init__(self, *values: object) -> None:
        for name, value in zip(self.__match_args__, values, strict=True):
            object.__setattr__(self, name, value)

    def __init_subclass__(cls) -> None:
        slots = cls.__dict__["__slots__"]
        if slots:
            type.__setattr__(cls, "__match_args__", slots)

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def _fields(self) -> tuple[object, ...]:
        return tuple([getattr(self, name) for name in self.__match_args__])

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._fields() == other._fields()

    def __hash__(self) -> int:
        return hash((type(self), self._fields()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self._fields()))})"

    @property
    def runs_program_code(self) -> bool:
        """Whether evaluating this can run code of the program."""
        return False


class Attribute(Node):
    """The step ``.name``."""

    __slots__ = ("name",)
    name: str

    def __str__(self) -> str:
        return f".{self.name}"


class Element(Node):
    """The step ``[key]``."""

    __slots__ = ("key",)
    key: int | str

    def __str__(self) -> str:
        return f"[{self.key!r}]"


class TagRef(Node):
    """A name, dotted and indexed: ``Fault``, ``Motor1.Running``, ``self.buf[-1]``."""

    __slots__ = ("name", "steps")
    name: str
    steps: tuple[Attribute | Element, ...]

    def __init__(self, name: str, steps: tuple[Attribute | Element, ...] = ()) -> None:
        super().__init__(name, steps)

    def __str__(self) -> str:
        return self.name + "".join(map(str, self.steps))


class Literal(Node):
    """A value written in the condition."""

    __slots__ = ("value",)
    value: Value

    def __str__(self) -> str:
        if type(self.value) is float and abs(self.value) == inf:
            return "1e999" if self.value > 0 else "-1e999"
        return repr(self.value)


class Compare(Node):
    """``left op right``."""

    __slots__ = ("left", "op", "right")
    left: TagRef
    op: Operator
    right: TagRef | Literal

    def __str__(self) -> str:
        return f"{self.left} {self.op} {self.right}"


class Not(Node):
    """``~tag``."""

    __slots__ = ("operand",)
    operand: TagRef

    def __str__(self) -> str:
        return f"~{self.operand}"


class Edge(Node):
    """``rise(tag)``, ``fall(tag)`` or ``changed(tag)``; a rise or fall also of a comparison."""

    __slots__ = ("kind", "tag")
    kind: EdgeKind
    tag: TagRef | Compare

    def __str__(self) -> str:
        return f"{self.kind}({self.tag})"


class _Terms(Node):
    """Two or more conditions, given as so many arguments."""

    __slots__ = ("terms",)
    terms: "tuple[Condition, ...]"

    def __init__(self, *terms: "Condition") -> None:
        if len(terms) < 2:
            raise ValueError("a conjunction or disjunction has at least two terms")
        super().__init__(terms)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self.terms))})"


class And(_Terms):
    """All of two or more terms: ``a & b``, or ``a, b > 1``."""

    __slots__ = ()

    def __init__(self, *terms: "Condition") -> None:
        super().__init__(*terms)

    def __str__(self) -> str:
        if any(isinstance(term, Compare | _Terms) for term in self.terms):
            return ", ".join(_item(term) for term in self.terms)
        return chained(self)


class Or(_Terms):
    """Any of two or more terms: ``a | b``."""

    __slots__ = ()

    def __init__(self, *terms: "Condition") -> None:
        super().__init__(*terms)

    def __str__(self) -> str:
        return chained(self)


class PythonExpr(Node):
    """``py:`` and any Python expression, evaluated in the frame."""

    __slots__ = ("source",)
    source: str

    @property
    def runs_program_code(self) -> bool:
        """Whether evaluating this can run code of the program: here it can."""
        return True

    def __str__(self) -> str:
        return f"py: {self.source}"


Condition: TypeAlias = TagRef | Compare | Not | And | Or | Edge
Expr: TypeAlias = Condition | PythonExpr


def _item(term: Condition) -> str:
    return chained(term) if isinstance(term, And) else str(term)


def chained(term: Condition) -> str:
    """Return a condition as one item between commas, its comparisons in parentheses."""
    if isinstance(term, Or):
        return " | ".join(
            chained(part) if isinstance(part, And) else _operand(part) for part in term.terms
        )
    if isinstance(term, And):
        return " & ".join(map(_operand, term.terms))
    return str(term)


def _operand(term: Condition) -> str:
    return f"({term})" if isinstance(term, Compare | _Terms) else str(term)


def names(expr: Expr) -> tuple[TagRef, ...]:
    """Return the tags a condition uses, each once, in order of first use.

    Of a Python expression nothing is said: it can use whatever its frame sees.
    """
    found: dict[TagRef, None] = {}
    _collect(expr, found)
    return tuple(found)


def _collect(expr: Expr, found: dict[TagRef, None]) -> None:
    match expr:
        case TagRef():
            found[expr] = None
        case Compare(left, _, right):
            found[left] = None
            if isinstance(right, TagRef):
                found[right] = None
        case Edge(_, Compare() as level):
            _collect(level, found)
        case Not(TagRef() as tag) | Edge(_, TagRef() as tag):
            found[tag] = None
        case And() | Or():
            for term in expr.terms:
                _collect(term, found)
