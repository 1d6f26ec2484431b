"""The compiler, from a tree to closures, and the evaluator that holds them and their counts."""

from collections.abc import Callable, Mapping
from typing import Generic, overload

from pyprobe.conditions.access import Access, MappingAccess, ScopeT
from pyprobe.conditions.items import (
    edge_test,
    level_edge_test,
    literal_test,
    tags_test,
    truth_test,
)
from pyprobe.conditions.private_names import private_name
from pyprobe.conditions.python_condition import python_test
from pyprobe.conditions.syntax import (
    And,
    Attribute,
    Compare,
    Condition,
    Edge,
    Element,
    Expr,
    Literal,
    Not,
    Or,
    PythonExpr,
    TagRef,
)
from pyprobe.conditions.tally import Tally

Names = Mapping[str, object]


class Evaluator(Generic[ScopeT]):
    """A condition at one place of use; call it with a scope to learn whether it holds.

    ``test`` does the same and is the faster one to keep for a hot place. Each evaluator has edge
    memories of its own, one per thread, and counts of its own.
    """

    __slots__ = ("expr", "tally", "test")

    def __init__(self, expr: Expr, test: Callable[[ScopeT], bool], tally: Tally) -> None:
        self.expr = expr
        self.test = test
        self.tally = tally

    def __call__(self, scope: ScopeT) -> bool:
        """Return whether the condition holds.

        Raises:
            ConditionError: it cannot be decided: a whole array was compared, or a Python expression
                raised.
        """
        return self.test(scope)

    @property
    def missing(self) -> int:
        """How often an item was false because a name, attribute or element was not there."""
        return sum(self.tally.missing.values())

    @property
    def not_comparable(self) -> int:
        """How often an item was false because its values are of unlike kinds."""
        return sum(self.tally.not_comparable.values())

    @property
    def runs_program_code(self) -> bool:
        """Whether evaluating can run code of the program."""
        return self.expr.runs_program_code


@overload
def compile(expr: Expr) -> Evaluator[Names]: ...
@overload
def compile(expr: Expr, *, access: Access[ScopeT]) -> Evaluator[ScopeT]: ...
def compile(expr: Expr, *, access: Access[ScopeT] | None = None) -> object:
    """Return a new place of use of a condition.

    It is called with a mapping from names to values, or with whatever ``access`` reads from.
    """
    return _evaluator(expr, MappingAccess()) if access is None else _evaluator(expr, access)


def _evaluator(expr: Expr, access: Access[ScopeT]) -> Evaluator[ScopeT]:
    tally = Tally()
    if isinstance(expr, PythonExpr):
        return Evaluator(expr, python_test(expr, access, tally), tally)
    return Evaluator(expr, _Compiler(access, tally).test(expr), tally)


class _Compiler(Generic[ScopeT]):
    """Turns the nodes of one condition into closures that share a tally."""

    def __init__(self, access: Access[ScopeT], tally: Tally) -> None:
        self._access = access
        self._tally = tally

    def test(self, expr: Condition) -> Callable[[ScopeT], bool]:
        match expr:
            case TagRef():
                return truth_test(expr, self._reader(expr), self._tally)
            case Not(tag):
                return truth_test(tag, self._reader(tag), self._tally, negated=True)
            case Edge(kind, Compare() as level):
                return level_edge_test(kind, self.test(level))
            case Edge(_, TagRef() as tag):
                return edge_test(expr, tag, self._reader(tag), self._tally)
            case Compare(left, _, Literal() as literal):
                return literal_test(expr, literal, self._reader(left), self._tally)
            case Compare(left, _, TagRef() as right):
                readers = self._reader(left), self._reader(right)
                return tags_test(expr, right, readers, self._tally)
            case And() | Or():
                return self._joined(expr)
        raise TypeError(f"not a condition: {expr!r}")

    def _joined(self, expr: And | Or) -> Callable[[ScopeT], bool]:
        tests = tuple([self.test(term) for term in expr.terms])
        decisive = isinstance(expr, Or)  # the answer of one term that settles the whole
        if _has_edge(expr):
            return _join_all(tests, decisive)
        if len(tests) == 2:
            return _join_two(*tests, decisive)
        return _join_many(tests, decisive)

    def _spelt(self, name: str) -> str:
        return private_name(name, self._access.class_name)

    def _reader(self, tag: TagRef) -> Callable[[ScopeT], object]:
        read = self._access.name_reader(self._spelt(tag.name))
        if len(tag.steps) == 1:
            return self._one_step(read, tag.steps[0])
        if not tag.steps:
            return read
        steps = tuple([self._step(step) for step in tag.steps])

        def read_path(scope: ScopeT) -> object:
            value = read(scope)
            for step in steps:
                value = step(value)
            return value

        return read_path

    def _one_step(
        self, read: Callable[[ScopeT], object], step: Attribute | Element
    ) -> Callable[[ScopeT], object]:
        if isinstance(step, Attribute):
            read_attribute, name = self._access.read_attribute, self._spelt(step.name)
            return lambda scope: read_attribute(read(scope), name)
        read_item, key = self._access.read_item, step.key
        return lambda scope: read_item(read(scope), key)

    def _step(self, step: Attribute | Element) -> Callable[[object], object]:
        if isinstance(step, Attribute):
            read_attribute, name = self._access.read_attribute, self._spelt(step.name)
            return lambda value: read_attribute(value, name)
        read_item, key = self._access.read_item, step.key
        return lambda value: read_item(value, key)


def _has_edge(expr: Condition) -> bool:
    if isinstance(expr, And | Or):
        return any(map(_has_edge, expr.terms))
    return isinstance(expr, Edge)


def _join_all(
    tests: tuple[Callable[[ScopeT], bool], ...], decisive: bool
) -> Callable[[ScopeT], bool]:
    """Evaluate every term: an edge must see each value, also where another term has decided."""

    def test(scope: ScopeT) -> bool:
        result = not decisive
        for term in tests:
            if term(scope) is decisive:
                result = decisive
        return result

    return test


def _join_two(
    first: Callable[[ScopeT], bool], second: Callable[[ScopeT], bool], decisive: bool
) -> Callable[[ScopeT], bool]:
    if decisive:
        return lambda scope: first(scope) or second(scope)
    return lambda scope: first(scope) and second(scope)


def _join_many(
    tests: tuple[Callable[[ScopeT], bool], ...], decisive: bool
) -> Callable[[ScopeT], bool]:
    def test(scope: ScopeT) -> bool:
        for term in tests:
            if term(scope) is decisive:
                return decisive
        return not decisive

    return test
