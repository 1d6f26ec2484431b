"""The record of one occurrence: what stands at an anchor, and how the target finds and reads it.

A front end makes these from source text (``analysis.occurrences``); the target needs no parser, it
matches ``span`` and ``name`` against ``co_positions()`` and follows ``path``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


class OccurrenceKind(Enum):
    """What the occurrence does; the value is its name on the wire and in ``pyprobe symbols``."""

    STORE = "store"  # a name is bound
    LOAD = "load"  # a name is read
    PARAMETER = "parameter"
    MEMBER_STORE = "member-store"  # a.b = …, a[i] = …: the value stored there
    BASE_STORE = "base-store"  # the same store, clicked on its base: the whole of the base
    MEMBER_LOAD = "member-load"  # a.b.c, a[i], a[2:5]
    RETURN = "return"
    YIELD = "yield"


class Span(NamedTuple):
    """A source range as ``co_positions()`` gives it: lines from 1, columns in UTF-8 bytes."""

    line: int
    col: int
    end_line: int
    end_col: int


class StepKind(Enum):
    """One step of an access path."""

    ATTRIBUTE = "attribute"  # value: the attribute's name
    INDEX = "index"  # value: a constant (int, str, bytes, bool, None) or a Name
    SLICE = "slice"  # value: a 3-tuple of constants or Names


class Name(NamedTuple):
    """A plain name used as an index or a slice bound."""

    name: str


Constant = int | str | bytes | float | bool | None
Index = Constant | Name
StepValue = Index | tuple[Index, Index, Index] | tuple[Index, ...]


class Step(NamedTuple):
    """``.b``, ``[i]`` or ``[2:5]``."""

    kind: StepKind
    value: StepValue


class Path(NamedTuple):
    """A root name and the steps from it: ``self.buf[-1]`` is ``Path("self", (.buf, [-1]))``."""

    root: str
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """The code object that holds the occurrence, as the compiler names it.

    ``qualname`` is ``co_qualname`` (``<module>``, ``f``, ``C.m``, ``f.<locals>.<lambda>``);
    ``first_line`` is ``co_firstlineno`` (a decorated function's first decorator); ``span`` the
    whole node, in bytes columns. Comprehensions, inlined from 3.12 on, name the scope *around*
    them in ``qualname`` and themselves in ``span``.
    """

    qualname: str
    first_line: int
    span: Span


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place that can be probed.

    ``line``, ``col``, ``end_col`` (characters, from 0) are the token that lights up.
    ``span`` is the source range of the instruction that decides; ``name`` the variable or attribute
    that instruction names (``""`` for elements, return and yield). ``statement`` is the enclosing
    statement's range. ``ordinal`` counts the occurrences of the same ``(kind, name)`` in that
    statement and scope in evaluation order, from 0; ``count`` is how many there are: the fall-back
    where positions of another Python version differ (f-strings on 3.11).
    """

    kind: OccurrenceKind
    symbol: str
    line: int
    col: int
    end_col: int
    func: str
    span: Span
    name: str
    path: Path
    scope: Scope
    statement: Span
    ordinal: int = 0
    count: int = 1

    def to_dict(self) -> dict[str, object]:
        """Return plain data (msgpack types) that ``from_dict`` turns back into an equal record."""
        return {
            "kind": self.kind.value,
            "symbol": self.symbol,
            "at": [self.line, self.col, self.end_col],
            "func": self.func,
            "span": list(self.span),
            "name": self.name,
            "root": self.path.root,
            "steps": [[step.kind.value, _plain_index(step.value)] for step in self.path.steps],
            "scope": [self.scope.qualname, self.scope.first_line, list(self.scope.span)],
            "statement": list(self.statement),
            "ordinal": [self.ordinal, self.count],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> "Occurrence":
        """Build an occurrence from plain data.

        Raises:
            ValueError: a field is missing or malformed.
        """
        try:
            return _from_plain(data)
        except (KeyError, TypeError, IndexError) as error:
            raise ValueError(f"malformed occurrence: {error!r}") from error


def _plain_index(value: StepValue) -> object:
    if isinstance(value, Name):
        return {"name": value.name}
    if isinstance(value, tuple):
        return [_plain_index(part) for part in value]
    return value


def _index_from_plain(value: object) -> StepValue:
    if isinstance(value, dict):
        return Name(str(value["name"]))
    if isinstance(value, list):
        return tuple(_index_from_plain(part) for part in value)  # type: ignore[return-value]
    if value is None or isinstance(value, int | str | bytes | float):
        return value
    raise ValueError(f"malformed occurrence: index {value!r}")


def _span(value: object) -> Span:
    numbers = list(value)  # type: ignore[call-overload]
    if len(numbers) != 4 or any(type(number) is not int for number in numbers):
        raise ValueError(f"malformed occurrence: range {value!r}")
    return Span(*numbers)


def _from_plain(data: Mapping[str, object]) -> Occurrence:
    line, col, end_col = data["at"]  # type: ignore[misc]
    qualname, first_line, scope_span = data["scope"]  # type: ignore[misc]
    ordinal, count = data["ordinal"]  # type: ignore[misc]
    steps = tuple(
        Step(StepKind(kind), _index_from_plain(value))
        for kind, value in data["steps"]  # type: ignore[attr-defined]
    )
    return Occurrence(
        kind=OccurrenceKind(data["kind"]),
        symbol=str(data["symbol"]),
        line=line,
        col=col,
        end_col=end_col,
        func=str(data["func"]),
        span=_span(data["span"]),
        name=str(data["name"]),
        path=Path(str(data["root"]), steps),
        scope=Scope(qualname, first_line, _span(scope_span)),
        statement=_span(data["statement"]),
        ordinal=ordinal,
        count=count,
    )
