"""Variable scopes: to which function, class or module a name belongs, wherever it is used."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum

from pyprobe.analysis.frames import node_span
from pyprobe.analysis.occurrence import Occurrence, OccurrenceKind, Span
from pyprobe.analysis.occurrences import parse

_BINDING = (OccurrenceKind.STORE, OccurrenceKind.PARAMETER)
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class ScopeKind(Enum):
    """What kind of scope it is."""

    MODULE = "module"
    FUNCTION = "function"
    CLASS = "class"
    COMPREHENSION = "comprehension"


@dataclass(eq=False, slots=True)
class SourceScope:
    """One scope of a source text. ``statements`` counts its own, not those of scopes inside.

    ``qualname`` is that of the class or function, ``""`` for others. ``instance`` is the parameter
    of a method that holds the instance, or of a class method that holds the class.
    """

    kind: ScopeKind
    title: str
    parent: "SourceScope | None"
    statements: int = 0
    qualname: str = ""
    instance: str = ""
    bound: set[str] = field(default_factory=set)
    global_names: set[str] = field(default_factory=set)
    nonlocal_names: set[str] = field(default_factory=set)


class VariableScopes:
    """The scopes of one source text, and who owns which name in them."""

    def __init__(self, source: str, occurrences: Iterable[Occurrence]) -> None:
        tree = parse(source.removeprefix("\ufeff"))
        self.module = SourceScope(ScopeKind.MODULE, "the module", None)
        self._by_span: dict[Span, SourceScope] = {}
        self._walruses: set[Span] = set()
        self._deletions: list[tuple[ast.Name, SourceScope]] = []
        for statement in tree.body:
            self._walk(statement, self.module)
        for one in occurrences:
            if one.kind in _BINDING:
                self._binding_scope(one).bound.add(one.name)

    def owner(self, name: str, at: Occurrence) -> SourceScope:
        """Return the scope whose variable ``name`` is at an occurrence of it, or of its members."""
        scope = self._binding_scope(at) if at.kind in _BINDING else self._scope_of(at)
        name = at.name if at.kind in _BINDING or at.kind is OccurrenceKind.LOAD else name
        return self._owner_from(name, scope)

    def _owner_from(self, name: str, scope: SourceScope) -> SourceScope:
        if name in scope.global_names:
            return self.module
        if name in scope.bound and name not in scope.nonlocal_names:
            return scope
        around = scope.parent
        while around is not None and around.kind is not ScopeKind.MODULE:
            if around.kind is not ScopeKind.CLASS:
                if name in around.global_names:
                    return self.module
                if name in around.bound and name not in around.nonlocal_names:
                    return around
            around = around.parent
        return self.module

    def deletions_of(self, name: str, owner: SourceScope) -> list[ast.Name]:
        """Return what ``del`` statements unbind of a scope's variable."""
        return [
            node
            for node, scope in self._deletions
            if node.id == name and self._owner_from(name, scope) is owner
        ]

    def code_of(self, one: Occurrence) -> SourceScope:
        """Return the function, class body or module an occurrence runs in."""
        scope = self._scope_of(one)
        while scope.kind is ScopeKind.COMPREHENSION and scope.parent is not None:
            scope = scope.parent
        return scope

    def _scope_of(self, one: Occurrence) -> SourceScope:
        return self._by_span.get(one.scope.span, self.module)

    def _binding_scope(self, one: Occurrence) -> SourceScope:
        """Return where a binding takes place: ``:=`` in a comprehension binds around it."""
        return self.code_of(one) if one.span in self._walruses else self._scope_of(one)

    def _walk(self, node: ast.AST, scope: SourceScope) -> None:
        todo = [(node, scope)]
        while todo:  # a chain of a thousand additions is as deep
            node, scope = todo.pop()
            self._note(node, scope)
            inner = self._inner_scope(node, scope)
            if inner is None:
                todo += [(child, scope) for child in ast.iter_child_nodes(node)]
            else:
                outside = {id(child) for child in _evaluated_outside(node)}
                todo += [
                    (child, scope if id(child) in outside else inner)
                    for child in ast.iter_child_nodes(node)
                ]

    def _note(self, node: ast.AST, scope: SourceScope) -> None:
        if isinstance(node, ast.stmt):
            scope.statements += 1
        if isinstance(node, ast.Global):
            scope.global_names.update(node.names)
        elif isinstance(node, ast.Nonlocal):
            scope.nonlocal_names.update(node.names)
        elif isinstance(node, ast.NamedExpr):
            self._walruses.add(node_span(node.target))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del):
            self._deletions.append((node, scope))

    def _inner_scope(self, node: ast.AST, scope: SourceScope) -> SourceScope | None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = SourceScope(ScopeKind.FUNCTION, _title(node.name, scope), scope)
            inner.qualname = _qualname(node.name, scope)
            inner.instance = _instance(node) if scope.kind is ScopeKind.CLASS else ""
        elif isinstance(node, ast.Lambda):
            inner = SourceScope(ScopeKind.FUNCTION, f"the lambda in line {node.lineno:,}", scope, 1)
        elif isinstance(node, ast.ClassDef):
            inner = SourceScope(ScopeKind.CLASS, _title(node.name, scope), scope)
            inner.qualname = _qualname(node.name, scope)
        elif isinstance(node, _Comprehension):
            inner = SourceScope(ScopeKind.COMPREHENSION, scope.title, scope)
        else:
            return None
        self._by_span[node_span(node)] = inner
        return inner


def _title(name: str, scope: SourceScope) -> str:
    return f"{scope.title}.{name}" if scope.kind is ScopeKind.CLASS else name


def _qualname(name: str, scope: SourceScope) -> str:
    while scope.kind is ScopeKind.COMPREHENSION and scope.parent is not None:
        scope = scope.parent
    if scope.kind is ScopeKind.MODULE or name in scope.global_names:
        return name
    inner = "<locals>." if scope.kind is ScopeKind.FUNCTION else ""
    return f"{scope.qualname or '<lambda>'}.{inner}{name}"


def _instance(method: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """Return the name of the first parameter of a method, ``""`` where that is no instance."""
    for decorator in method.decorator_list:
        if isinstance(decorator, ast.Name) and decorator.id == "staticmethod":
            return ""
    first = [*method.args.posonlyargs, *method.args.args][:1]
    return first[0].arg if first else ""


def _evaluated_outside(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of a definition that its surroundings evaluate."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield from node.decorator_list
    if isinstance(node, ast.ClassDef):
        yield from (*node.bases, *node.keywords)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is not None:
        yield node.returns
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        yield node.args
