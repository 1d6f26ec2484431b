"""Rewrites a program so that it logs by itself, at each occurrence, what a probe there captures.

It works on the syntax tree and knows nothing of instructions: a read is wrapped into a call of the
log, a binding is logged right after its statement, or where the block it is bound for begins.
"""

import ast
from collections.abc import Iterable
from types import CodeType

from pyprobe.analysis.frames import node_span
from pyprobe.analysis.occurrence import Occurrence, OccurrenceKind

LOG, LOG_TRUE = "_log", "_log_true"  # both are given an occurrence's number and a value

_Key = tuple[object, ...]
_Pairs = list[tuple[int, str]]  # occurrence, name
_AT_SPAN = (
    *(OccurrenceKind.LOAD, OccurrenceKind.MEMBER_LOAD),
    *(OccurrenceKind.MEMBER_STORE, OccurrenceKind.YIELD),
)


class OccurrenceLog(ast.NodeTransformer):
    """``logged`` are the numbers of the occurrences that the rewritten program logs.

    A name that one statement binds twice is not, nor what is stored through an unpacking.
    """

    def __init__(self, source: str, occurrences: list[Occurrence]) -> None:
        self.logged: set[int] = set()
        self._numbers: dict[_Key, int] = {}
        lines = source.splitlines()
        for number, one in enumerate(occurrences):
            if one.kind in _AT_SPAN:
                self._numbers[one.kind, *one.span] = number
            elif one.kind is not OccurrenceKind.BASE_STORE:
                col = len(lines[one.line - 1][: one.col].encode())
                self._numbers[one.kind, one.line, col] = number
                if one.kind is OccurrenceKind.STORE:
                    self._numbers[one.kind, one.line, one.symbol] = number

    def rewritten(self, source: str) -> CodeType:
        """Return the code of the program that logs."""
        tree = ast.parse(source)
        tree.body = self._block(tree.body)
        return compile(ast.fix_missing_locations(tree), "logging", "exec")

    # Reads

    def visit_Name(self, node: ast.Name) -> ast.expr:
        found = self._at_span(OccurrenceKind.LOAD, node)
        return node if found is None or not isinstance(node.ctx, ast.Load) else _log(found, node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return self._member(node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        return self._member(node)

    def _member(self, node: ast.Attribute | ast.Subscript) -> ast.expr:
        is_read = isinstance(node.ctx, ast.Load)
        found = self._at_span(OccurrenceKind.MEMBER_LOAD, node) if is_read else None
        self.generic_visit(node)
        return node if found is None else _log(found, node)

    # What leaves

    def visit_Yield(self, node: ast.Yield) -> ast.expr:
        found = self._at_span(OccurrenceKind.YIELD, node)
        self.generic_visit(node)
        if found is not None:
            node.value = _log(found, node.value or ast.Constant(None))
        return node

    def visit_Return(self, node: ast.Return) -> ast.stmt:
        found = self._find(OccurrenceKind.RETURN, node.lineno, node.col_offset)
        self.generic_visit(node)
        if found is not None:
            node.value = _log(found, node.value or ast.Constant(None))
        return node

    # Bindings

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.expr:
        pairs = self._bound([node.target])
        node.value = self.visit(node.value)
        return _log(pairs[0][0], node) if pairs else node

    def visit_Assign(self, node: ast.Assign) -> list[ast.stmt]:
        pairs = self._bound(node.targets)
        members = [
            found
            for target in node.targets
            if isinstance(target, ast.Attribute | ast.Subscript)
            if (found := self._at_span(OccurrenceKind.MEMBER_STORE, target)) is not None
        ]
        self.generic_visit(node)
        if not members:
            return [node, *_logs(pairs)]
        before = ast.Assign([ast.Name("_stored", ast.Store())], node.value)
        node.value = ast.Name("_stored", ast.Load())
        stored = _logs((found, "_stored") for found in members)
        return [before, node, *stored, *_logs(pairs)]

    def visit_AugAssign(self, node: ast.AugAssign) -> list[ast.stmt]:
        pairs = self._bound([node.target])
        self.generic_visit(node)
        return [node, *_logs(pairs)]

    def visit_AnnAssign(self, node: ast.AnnAssign) -> list[ast.stmt]:
        pairs = self._bound([node.target]) if node.value is not None else []
        self.generic_visit(node)
        return [node, *_logs(pairs)]

    def visit_Import(self, node: ast.Import) -> list[ast.stmt]:
        pairs: _Pairs = []
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            pairs += self._named(alias.lineno, name)
        return [node, *_logs(pairs)]

    def visit_For(self, node: ast.For) -> ast.stmt:
        return self._loop(node)

    def visit_AsyncFor(self, node: ast.AsyncFor) -> ast.stmt:
        return self._loop(node)

    def _loop(self, node: ast.For | ast.AsyncFor) -> ast.stmt:
        pairs = self._bound([node.target])
        node.target, node.iter = self.visit(node.target), self.visit(node.iter)
        node.body = [*_logs(pairs), *self._block(node.body)]
        node.orelse = self._block(node.orelse)
        return node

    def visit_With(self, node: ast.With) -> ast.stmt:
        return self._with(node)

    def visit_AsyncWith(self, node: ast.AsyncWith) -> ast.stmt:
        return self._with(node)

    def _with(self, node: ast.With | ast.AsyncWith) -> ast.stmt:
        pairs = self._bound(item.optional_vars for item in node.items if item.optional_vars)
        node.items = [self.visit(item) for item in node.items]
        node.body = [*_logs(pairs), *self._block(node.body)]
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.ExceptHandler:
        pairs = self._named(node.lineno, node.name)
        node.type = None if node.type is None else self.visit(node.type)
        node.body = [*_logs(pairs), *self._block(node.body)]
        return node

    def visit_match_case(self, node: ast.match_case) -> ast.match_case:
        pairs: _Pairs = []
        for part in ast.walk(node.pattern):
            if isinstance(part, ast.MatchAs | ast.MatchStar):
                pairs += self._named(part.lineno, part.name)
        tests: list[ast.expr] = _logs_true(pairs)
        if node.guard is not None:
            tests.append(self.visit(node.guard))
        node.guard = ast.BoolOp(ast.And(), tests) if len(tests) > 1 else (*tests, None)[0]
        node.body = self._block(node.body)
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        pairs = self._bound([node.target])
        self.generic_visit(node)
        node.ifs = [*_logs_true(pairs), *node.ifs]
        return node

    # Functions and classes

    def visit_FunctionDef(self, node: ast.FunctionDef) -> list[ast.stmt]:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> list[ast.stmt]:
        return self._function(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
        pairs, parameters = self._named(node.lineno, node.name), self._parameters(node.args)
        node.decorator_list = [self.visit(one) for one in node.decorator_list]
        node.args = self.visit(node.args)
        node.body = [*_logs(parameters), *self._block(node.body)]
        return [node, *_logs(pairs)]

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        parameters = self._parameters(node.args)
        self.generic_visit(node)
        if parameters:
            parts: list[ast.expr] = [_log(one, _read(name)) for one, name in parameters]
            all_of_them = ast.Tuple([*parts, node.body], ast.Load())
            node.body = ast.Subscript(all_of_them, ast.Constant(-1), ast.Load())
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> list[ast.stmt]:
        pairs = self._named(node.lineno, node.name)
        self.generic_visit(node)
        return [node, *_logs(pairs)]

    def _parameters(self, args: ast.arguments) -> _Pairs:
        every = [*args.posonlyargs, *args.args, args.vararg, *args.kwonlyargs, args.kwarg]
        return [
            (found, one.arg)
            for one in every
            if one is not None
            if (found := self._find(OccurrenceKind.PARAMETER, one.lineno, one.col_offset))
            is not None
        ]

    # Occurrences

    def _block(self, block: list[ast.stmt]) -> list[ast.stmt]:
        new: list[ast.stmt] = []
        for statement in block:
            visited = self.visit(statement)
            new += visited if isinstance(visited, list) else [visited]
        return new

    def _find(self, *key: object) -> int | None:
        found = self._numbers.get(key)
        if found is not None:
            self.logged.add(found)
        return found

    def _at_span(self, kind: OccurrenceKind, node: ast.expr) -> int | None:
        return self._find(kind, *node_span(node))

    def _named(self, line: int, name: str | None) -> _Pairs:
        found = self._find(OccurrenceKind.STORE, line, name) if name is not None else None
        return [] if found is None or name is None else [(found, name)]

    def _bound(self, targets: Iterable[ast.expr]) -> _Pairs:
        """Return the names that targets bind, but for those that they bind twice."""
        names = [
            part
            for target in targets
            for part in ast.walk(target)
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
        ]
        ids = [name.id for name in names]
        return [
            (found, name.id)
            for name in names
            if ids.count(name.id) == 1
            if (found := self._find(OccurrenceKind.STORE, name.lineno, name.col_offset)) is not None
        ]


def _read(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _log(number: int, value: ast.expr, function: str = LOG) -> ast.expr:
    return ast.Call(_read(function), [ast.Constant(number), value], [])


def _logs(pairs: Iterable[tuple[int, str]]) -> list[ast.stmt]:
    return [ast.Expr(_log(number, _read(name))) for number, name in pairs]


def _logs_true(pairs: _Pairs) -> list[ast.expr]:
    return [_log(number, _read(name), LOG_TRUE) for number, name in pairs]
