"""Which instructions of a file bind a variable, an attribute or an element, wherever they stand."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pyprobe.analysis.frames import node_span
from pyprobe.analysis.occurrence import Name, Occurrence, OccurrenceKind, Path, Step, StepKind
from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.analysis.problems import NotWatchedProblem
from pyprobe.analysis.variable_scopes import ScopeKind, SourceScope, VariableScopes

_NAME_KINDS = (OccurrenceKind.STORE, OccurrenceKind.LOAD, OccurrenceKind.PARAMETER)
_LEAVES = (OccurrenceKind.RETURN, OccurrenceKind.YIELD)
_ELEMENT = ""  # what an instruction names that stores an element


@dataclass(frozen=True, slots=True)
class Bindings:
    """What a data breakpoint on one occurrence watches.

    ``chosen`` is that occurrence as it stands in the text. ``stores`` bind it; a parameter may have
    none, nor need what other files bind. ``deletions`` unbind the variable; only their ``span`` and
    ``name`` mean something. ``reads`` are one occurrence for each function (or module, or class
    body) that names it. ``functions`` are the names of those, ``statements`` how many statements
    they have together. ``is_global``: the variable, or that of the path, is the module's.
    ``of_class`` is the qualified name of the class whose instances have the attribute, where it is
    one of a method's ``self``, and of the class whose body has the variable; else ``""``.
    """

    symbol: str
    func: str
    chosen: Occurrence
    stores: tuple[Occurrence, ...]
    deletions: tuple[Occurrence, ...]
    reads: tuple[Occurrence, ...]
    functions: tuple[str, ...]
    statements: int
    is_global: bool
    of_class: str


def find_bindings(source: str, chosen: Occurrence, *, filename: str = "") -> Bindings:
    """Return what binds, and what names, the thing at an occurrence of ``source``.

    A name is followed through its scope: nested functions with ``nonlocal``, and for a global the
    whole file. An attribute is bound by every store to an attribute of that name; those whose base
    is written otherwise have another ``symbol``. An element is bound by the stores to elements of
    the same base, and of the base. What other files bind is not looked for.

    Raises:
        SyntaxProblem: the source does not parse.
        NotWatchedProblem: nothing stands there that could be bound, or it is not there any more.
    """
    finder = _Finder(source, chosen, filename)
    stores, reads = finder.stores(), finder.reads()
    around = {id(scope): scope for scope in map(finder.scopes.code_of, (*stores, *reads))}
    return Bindings(
        symbol=chosen.symbol,
        func=chosen.func,
        chosen=finder.chosen,
        stores=tuple(stores),
        deletions=tuple(finder.deletions()),
        reads=tuple(reads),
        functions=tuple(dict.fromkeys(scope.title for scope in around.values())),
        statements=sum(scope.statements for scope in around.values()),
        is_global=finder.is_global,
        of_class=finder.of_class(),
    )


class _Finder:
    def __init__(self, source: str, chosen: Occurrence, filename: str) -> None:
        if chosen.kind in _LEAVES:
            raise NotWatchedProblem(
                f"what leaves by {chosen.symbol!r} has no name that could be bound"
            )
        self._all = find_occurrences(source, filename=filename)
        self.scopes = VariableScopes(source, self._all)
        chosen = self._as_it_stands(chosen)
        self.chosen = chosen
        self._path = chosen.path
        self._owner = self.scopes.owner(chosen.path.root, chosen)
        self.is_global = self._owner is self.scopes.module

    def of_class(self) -> str:
        """Return the class whose instances, or whose own, it is."""
        owner = self._owner
        if not self._path.steps:
            return owner.qualname if owner.kind is ScopeKind.CLASS else ""
        if owner.parent is not None and owner.instance == self._path.root:
            return owner.parent.qualname
        return ""

    def _as_it_stands(self, chosen: Occurrence) -> Occurrence:
        """Return the occurrence of this text: what was remembered may be of an older one."""
        place = chosen.kind, chosen.symbol, chosen.line, chosen.col
        for one in self._all:
            if (one.kind, one.symbol, one.line, one.col) == place:
                return one
        raise NotWatchedProblem(f"{chosen.symbol!r} stands no longer in line {chosen.line:,}")

    def stores(self) -> list[Occurrence]:
        """Return what binds it, in the order of the text."""
        if not self._path.steps:
            found = self._stores_of_name(self._path.root)
        elif self._path.steps[-1].kind is StepKind.ATTRIBUTE:
            found = self._stores_of_attribute(self._path.steps[-1])
        else:
            found = self._stores_of_element()
        is_elsewhere = bool(self._path.steps)  # other files may bind it
        if not is_elsewhere and not found and not self._is_parameter():
            raise NotWatchedProblem(f"nothing in this file binds {self.chosen.symbol!r}")
        return sorted(found, key=_place)

    def deletions(self) -> list[Occurrence]:
        """Return what unbinds the variable; attributes and elements have other instructions."""
        if self._path.steps:
            return []
        nodes = self.scopes.deletions_of(self._path.root, self._owner)
        return [self._deletion(node) for node in nodes]

    def _deletion(self, node: ast.Name) -> Occurrence:
        span = node_span(node)
        return replace(
            self.chosen,
            kind=OccurrenceKind.STORE,
            line=span.line,
            span=span,
            name=self._path.root,
            statement=span,
            siblings=(),
        )

    def _is_parameter(self) -> bool:
        return any(one.kind is OccurrenceKind.PARAMETER for one in self._naming())

    def _stores_of_name(self, name: str) -> list[Occurrence]:
        return [
            one
            for one in self._all
            if one.kind is OccurrenceKind.STORE and one.path.root == name
            if self.scopes.owner(name, one) is self._owner
        ]

    def _stores_of_attribute(self, step: Step) -> list[Occurrence]:
        return [
            one
            for one in self._all
            if one.kind is OccurrenceKind.MEMBER_STORE and one.path.steps[-1] == step
        ]

    def _stores_of_element(self) -> list[Occurrence]:
        """Find the stores to elements of the same base; all are to look at the chosen element.

        One whose index is a variable is another element elsewhere.
        """
        base = Path(self._path.root, self._path.steps[:-1])
        if any(_has_name(step) for step in self._path.steps):
            kind, path = OccurrenceKind.MEMBER_STORE, self._path
            found = []
        else:
            kind, path = OccurrenceKind.BASE_STORE, base
            found = self._stores_of_base(base)
        found += [
            one
            for one in self._all
            if one.kind is kind and one.path == path and one.name == _ELEMENT
            if base.steps or self.scopes.owner(base.root, one) is self._owner
        ]
        return [
            replace(one, kind=_store_kind(one), path=self._path, symbol=self.chosen.symbol)
            for one in found
        ]

    def _stores_of_base(self, base: Path) -> list[Occurrence]:
        if not base.steps:
            return self._stores_of_name(base.root)
        return [
            one for one in self._all if one.kind is OccurrenceKind.MEMBER_STORE and one.path == base
        ]

    def reads(self) -> list[Occurrence]:
        """Return one occurrence for each code object that names it."""
        found: dict[int, Occurrence] = {}
        for one in sorted(self._naming(), key=lambda one: one.symbol != self.chosen.symbol):
            found.setdefault(id(self.scopes.code_of(one)), one)
        return sorted(found.values(), key=_place)

    def _naming(self) -> Iterable[Occurrence]:
        path, steps = self._path, self._path.steps
        for one in self._all:
            if one.kind in _LEAVES:
                continue
            if not steps:
                if self._is_same_name(one):
                    yield one
            elif steps[-1].kind is StepKind.ATTRIBUTE:
                if one.path.steps[-1:] == steps[-1:]:
                    yield one
            elif one.path == path:
                yield one

    def _is_same_name(self, one: Occurrence) -> bool:
        return (
            one.path == self._path
            and one.kind in _NAME_KINDS
            and self.scopes.owner(one.path.root, one) is self._owner
        )


def _store_kind(one: Occurrence) -> OccurrenceKind:
    is_base = one.kind is OccurrenceKind.BASE_STORE
    return OccurrenceKind.MEMBER_STORE if is_base else one.kind


def _has_name(step: Step) -> bool:
    value = step.value
    if isinstance(value, tuple):  # Name and Bounds are tuples too
        return isinstance(value, Name) or any(isinstance(part, Name) for part in value)
    return False


def _place(one: Occurrence) -> tuple[int, int]:
    return one.line, one.col


__all__ = ["Bindings", "SourceScope", "find_bindings"]
