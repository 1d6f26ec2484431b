"""The record of one occurrence: what stands at an anchor, and how the target finds and reads it.

A front end makes these from source text (``analysis.occurrences``); the target needs no parser, it
matches ``span`` and ``name`` against ``co_positions()`` and follows ``path``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import EllipsisType
from typing import NamedTuple


class OccurrenceKind(Enum):
    """What the occurrence does; the value is its name on the wire and in ``pyprobe symbols``."""

    STORE = "store"  # a name is bound
    LOAD = "load"  # a name is read
    PARAMETER = "parameter"
    MEMBER_STORE = "member-store"  # a.b = …, a[i] = …: the value stored there
    BASE_STORE = "base-store"  # the same store, clicked on its base: the whole of the base
    MEMBER_LOAD = "member-load"  # a.b.c, a[i], a[2:5], a[:, 0]
    RETURN = "return"
    YIELD = "yield"


class Span(NamedTuple):
    """A source range as ``co_positions()`` gives it: lines from 1, columns in UTF-8 bytes."""

    line: int
    col: int
    end_line: int
    end_col: int

    def contains(self, other: "Span") -> bool:
        """Whether another range lies in this one."""
        return self[:2] <= other[:2] and other[2:] <= self[2:]


class StepKind(Enum):
    """One step of an access path."""

    ATTRIBUTE = "attribute"  # value: the attribute's name
    INDEX = "index"  # value: a constant, a Name, or a tuple of these and of Bounds
    SLICE = "slice"  # value: Bounds


class Name(NamedTuple):
    """A plain name used as an index or a slice bound."""

    name: str


Constant = int | str | bytes | float | bool | EllipsisType | None
Index = Constant | Name


class Bounds(NamedTuple):
    """A slice as it is written: ``2:5`` is ``Bounds(2, 5, None)``."""

    start: Index
    stop: Index
    step: Index


Part = Index | Bounds
StepValue = Part | tuple[Part, ...]


class Step(NamedTuple):
    """``.b``, ``[i]``, ``[2:5]`` or ``[:, 0]``."""

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
    whole node, in bytes columns. Comprehensions, ``inlined`` from 3.12 on, name the scope *around*
    them in ``qualname`` and themselves in ``span``. ``around`` is what of the span runs in the
    scope around: a lambda's arguments, a comprehension's first iterable.
    """

    qualname: str
    first_line: int
    span: Span
    around: Span | None = None
    inlined: bool = False


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place that can be probed.

    ``line``, ``col``, ``end_col`` (characters, from 0) are the token that lights up.
    ``span`` is the source range of the instruction that decides; ``name`` the variable or attribute
    that instruction names (``""`` for elements, return and yield). ``statement`` is the enclosing
    statement's range; of a compound statement only its header, of a ``case`` its pattern and
    guard, of a ``def`` or ``class`` all of it with its decorators. ``ordinal`` counts the
    instructions that do the same to the same ``name`` in that statement and scope in evaluation
    order, from 0 (also those nobody can click, such as the load in ``x += 1``; a base and its
    member share one); ``count`` is how many there are: the fall-back where positions of another
    Python version differ (f-strings on 3.11). ``siblings`` are the spans of all names on the same
    line and in the same code object that read (or bind) the same variable as this one, in
    evaluation order, this one included: 3.13 fuses two names into one instruction and keeps only
    the first one's position, so the second is found by its place in this order. Where the compiler
    has copied a part of the line only, that does not tell; ``before`` are the spans of the names on
    the line that may be read or bound right before this one.
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
    siblings: tuple[Span, ...] = ()
    before: tuple[Span, ...] = ()

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
            "steps": [[step.kind.value, _plain_value(step)] for step in self.path.steps],
            "scope": _plain_scope(self.scope),
            "statement": list(self.statement),
            "ordinal": [self.ordinal, self.count],
            "siblings": [list(span) for span in self.siblings],
            "before": [list(span) for span in self.before],
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


def _plain_value(step: Step) -> object:
    value = step.value
    if isinstance(value, Bounds):
        return _plain_bounds(value)
    if isinstance(value, tuple) and not isinstance(value, Name):
        return [_plain_part(part) for part in value]
    return _plain_part(value)


def _plain_part(part: Part) -> object:
    if isinstance(part, Name):
        return {"name": part.name}
    if isinstance(part, Bounds):
        return {"slice": _plain_bounds(part)}
    return {"ellipsis": True} if part is Ellipsis else part


def _plain_bounds(bounds: Bounds) -> list[object]:
    return [_plain_part(bound) for bound in bounds]


def _part_from_plain(part: object) -> Part:
    if isinstance(part, dict) and "slice" in part:
        return _bounds_from_plain(part["slice"])
    return _index_from_plain(part)


def _bounds_from_plain(value: object) -> Bounds:
    start, stop, step = map(_index_from_plain, _list(value))
    return Bounds(start, stop, step)


def _index_from_plain(value: object) -> Index:
    if isinstance(value, dict):
        return Ellipsis if "ellipsis" in value else Name(str(value["name"]))
    if value is None or isinstance(value, int | str | bytes | float):
        return value
    raise ValueError(f"malformed occurrence: index {value!r}")


def _list(value: object) -> list[object]:
    if not isinstance(value, list | tuple):
        raise ValueError(f"malformed occurrence: {value!r} is no list")
    return list(value)


def _numbers(value: object, count: int) -> list[int]:
    numbers = [number for number in _list(value) if type(number) is int]
    if len(numbers) != count or len(_list(value)) != count:
        raise ValueError(f"malformed occurrence: {value!r} is not {count} whole numbers")
    return numbers


def _span(value: object) -> Span:
    return Span(*_numbers(value, 4))


def _step(value: object) -> Step:
    name, plain = _list(value)
    kind = StepKind(name)
    if kind is StepKind.SLICE:
        return Step(kind, _bounds_from_plain(plain))
    if kind is StepKind.INDEX and isinstance(plain, list | tuple):
        return Step(kind, tuple(map(_part_from_plain, plain)))
    return Step(kind, _index_from_plain(plain))


def _plain_scope(scope: Scope) -> list[object]:
    plain: list[object] = [scope.qualname, scope.first_line, list(scope.span)]
    return plain if scope.around is None else [*plain, list(scope.around), scope.inlined]


def _scope(value: object) -> Scope:
    qualname, first_line, span, *rest = _list(value)
    around, inlined = rest or (None, False)
    return Scope(
        str(qualname),
        _numbers([first_line], 1)[0],
        _span(span),
        None if around is None else _span(around),
        bool(inlined),
    )


def _from_plain(data: Mapping[str, object]) -> Occurrence:
    line, col, end_col = _numbers(data["at"], 3)
    ordinal, count = _numbers(data["ordinal"], 2)
    steps = tuple(_step(step) for step in _list(data["steps"]))
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
        scope=_scope(data["scope"]),
        statement=_span(data["statement"]),
        ordinal=ordinal,
        count=count,
        siblings=tuple(_span(span) for span in _list(data["siblings"])),
        before=tuple(_span(span) for span in _list(data.get("before", []))),
    )
