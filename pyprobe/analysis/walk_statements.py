"""Walks statements in the order they run, and notes what they bind, read and return."""

import ast
import sys
from collections.abc import Callable, Sequence

from pyprobe.analysis.frames import Frame, FrameKind, node_span, private_prefix
from pyprobe.analysis.occurrence import OccurrenceKind, Span
from pyprobe.analysis.source_lines import SourceLines, Token
from pyprobe.analysis.walk_expressions import every_parameter
from pyprobe.analysis.walk_patterns import PatternWalker

_LAZY_ANNOTATIONS = sys.version_info >= (3, 14)  # PEP 649

Function = ast.FunctionDef | ast.AsyncFunctionDef
_Header = ast.expr | ast.pattern | None


class StatementWalker(PatternWalker):
    """Visits the statements of a module and of everything in it."""

    def __init__(self, source: SourceLines, module: Frame, tree: ast.Module) -> None:
        super().__init__(source, module)
        self._annotations_run = not (_LAZY_ANNOTATIONS or _has_future_annotations(tree))
        self._statements: dict[type[ast.stmt], Callable[..., None]] = {
            ast.Assign: self._assign,
            ast.AugAssign: self._augmented,
            ast.AnnAssign: self._annotated,
            ast.Return: self._return,
            ast.Delete: self._delete,
            ast.Global: self._global,
            ast.Nonlocal: lambda node: None,
            ast.Import: self._import,
            ast.ImportFrom: self._import,
            ast.For: self._for,
            ast.AsyncFor: self._for,
            ast.While: self._while,
            ast.If: self._if,
            ast.With: self._with,
            ast.AsyncWith: self._with,
            ast.Try: self._try,
            ast.TryStar: self._try,
            ast.Match: self._match,
            ast.FunctionDef: self._function,
            ast.AsyncFunctionDef: self._function,
            ast.ClassDef: self._class,
        }
        if sys.version_info >= (3, 12):
            self._statements[ast.TypeAlias] = self._type_alias

    def body(self, statements: Sequence[ast.stmt]) -> None:
        """Visit a block."""
        for statement in statements:
            visitor = self._statements.get(type(statement))
            self.recorder.begin_statement(node_span(statement))
            if visitor is None:
                self.visit(statement)
            else:
                visitor(statement)

    # Assignments

    def _assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self.store(target)

    def _augmented(self, node: ast.AugAssign) -> None:
        target = node.target
        if isinstance(target, ast.Name):
            self.load_hidden_name(target)
            self.visit(node.value)
            self.store(target)
            return
        bases = self.open_member(target)
        self.load_member(target)
        self.visit(node.value)
        self.close_member(target, bases)

    def _annotated(self, node: ast.AnnAssign) -> None:
        target = node.target
        if node.value is not None:
            self.visit(node.value)
            self.store(target)
        elif isinstance(target, ast.Attribute):
            self.visit(target.value)
        elif isinstance(target, ast.Subscript):
            self.visit(target.value)
            self.visit(target.slice)
        is_evaluated = self.frame.kind in (FrameKind.MODULE, FrameKind.CLASS)
        if is_evaluated and self._annotations_run:
            self.visit(node.annotation)

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            self._delete_target(target)

    def _delete_target(self, target: ast.expr) -> None:
        if isinstance(target, ast.Tuple | ast.List):
            for element in target.elts:
                self._delete_target(element)
        elif isinstance(target, ast.Attribute):
            self.visit(target.value)
        elif isinstance(target, ast.Subscript):
            self.visit(target.value)
            self.visit(target.slice)

    def _global(self, node: ast.Global) -> None:
        self.frame.globals.update(map(self.frame.mangle, node.names))

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        span = node_span(node)
        for alias in node.names:
            if alias.name == "*":
                continue
            name = alias.asname or alias.name
            if alias.asname is not None and alias.end_lineno and alias.end_col_offset:
                token = self.identifier_before(alias.end_lineno, alias.end_col_offset, name)
            else:
                name = name.partition(".")[0]
                token = self.identifier(alias.lineno, alias.col_offset, name)
            self.store_name(name, span, token)

    # Control flow

    def _header(self, node: ast.stmt, last: _Header) -> None:
        """Let what follows belong to a compound statement's header, which ends with ``last``."""
        whole = node_span(node)
        if last is not None:
            end = node_span(last)
            whole = Span(whole.line, whole.col, end.end_line, end.end_col)
        self.recorder.begin_statement(whole)

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        self._header(node, node.iter)
        self.visit(node.iter)
        self.store(node.target)
        self.body(node.body)
        self.body(node.orelse)

    def _while(self, node: ast.While) -> None:
        self._header(node, node.test)
        self.visit(node.test)
        self.body(node.body)
        self.body(node.orelse)

    def _if(self, node: ast.If) -> None:
        """Without recursion on ``elif``, of which there may be hundreds."""
        while True:
            self._header(node, node.test)
            self.visit(node.test)
            self.body(node.body)
            if len(node.orelse) != 1 or not isinstance(node.orelse[0], ast.If):
                break
            node = node.orelse[0]
        self.body(node.orelse)

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        last = node.items[-1]
        self._header(node, last.optional_vars or last.context_expr)
        for item in node.items:
            self.visit(item.context_expr)
            if item.optional_vars is not None:
                self.store(item.optional_vars)
        self.body(node.body)

    def _try(self, node: ast.Try | ast.TryStar) -> None:
        self.body(node.body)
        self.body(node.orelse)
        for handler in node.handlers:
            self._handler(handler)
        self.body(node.finalbody)

    def _handler(self, node: ast.ExceptHandler) -> None:
        span = node_span(node)
        self.recorder.begin_statement(span)
        if node.type is not None:
            end = node_span(node.type)
            self.recorder.begin_statement(Span(span.line, span.col, end.end_line, end.end_col))
            self.visit(node.type)
            if node.name is not None:
                col = self.source.char_col(end.end_line, end.end_col)
                token = self.source.identifier_after(end.end_line, col, "as")
                self.store_name(node.name, span, token)
        self.body(node.body)

    def _match(self, node: ast.Match) -> None:
        self._header(node, node.subject)
        self.visit(node.subject)
        for case in node.cases:
            start = node_span(case.pattern)
            end = node_span(case.pattern if case.guard is None else case.guard)
            span = Span(start.line, start.col, end.end_line, end.end_col)
            self.recorder.begin_statement(span)
            self.case_pattern(case.pattern)
            self.visit(case.guard)
            self.body(case.body)

    def _return(self, node: ast.Return) -> None:
        self.visit(node.value)
        self.keyword(OccurrenceKind.RETURN, "return", node_span(node))

    # Definitions

    def _function(self, node: Function) -> None:
        first_line, whole = self._begin_definition(node)
        self.visit_all(node.decorator_list)
        self.defaults(node.args)
        self._with_type_parameters(node, lambda: self._annotations_and_body(node, first_line))
        self._end_definition(node, whole)

    def _annotations_and_body(self, node: Function, first_line: int) -> None:
        if self._annotations_run:
            for arg in _annotation_order(node.args):
                self.visit(arg.annotation)
            self.visit(node.returns)
        with self.inside(FrameKind.FUNCTION, node.name, first_line, node_span(node)):
            self.parameters(node.args)
            self.body(node.body)

    def _class(self, node: ast.ClassDef) -> None:
        first_line, whole = self._begin_definition(node)
        self.visit_all(node.decorator_list)
        self._with_type_parameters(node, lambda: self._bases_and_body(node, first_line))
        self._end_definition(node, whole)

    def _bases_and_body(self, node: ast.ClassDef, first_line: int) -> None:
        self.visit_all(node.bases)
        self.visit_all(node.keywords)
        private = private_prefix(node.name)
        span = node_span(node)
        with self.inside(FrameKind.CLASS, node.name, first_line, span, private=private):
            self.body(node.body)

    def _begin_definition(self, node: Function | ast.ClassDef) -> tuple[int, Span]:
        """Return the line its code object begins on, and its range with its decorators."""
        whole = node_span(node)
        if node.decorator_list:
            first = node_span(node.decorator_list[0])
            whole = Span(first.line, first.col, whole.end_line, whole.end_col)
        self.recorder.begin_statement(whole)
        return whole.line, whole

    def _end_definition(self, node: Function | ast.ClassDef, whole: Span) -> None:
        self.recorder.begin_statement(whole)
        self.store_name(node.name, node_span(node), self._definition_token(node))

    def _definition_token(self, node: Function | ast.ClassDef) -> Token | None:
        line, col = node.lineno, self.source.char_col(node.lineno, node.col_offset)
        words = {ast.ClassDef: ("class",), ast.FunctionDef: ("def",)}
        for word in words.get(type(node), ("async", "def")):
            found = self.source.find_after(line, col, word)
            if found is None:
                return None
            line, col = found[0], found[1] + len(word)
        return self.source.identifier_after(line, col, "")

    def _with_type_parameters(
        self, node: Function | ast.ClassDef, visit: Callable[[], None]
    ) -> None:
        parameters = getattr(node, "type_params", [])
        if not parameters:
            visit()
            return
        private = private_prefix(node.name) if isinstance(node, ast.ClassDef) else None
        self._in_type_scope(node, node.name, parameters, visit, private)

    def _in_type_scope(
        self,
        node: ast.stmt,
        name: str,
        parameters: Sequence[ast.AST],
        visit: Callable[[], None],
        private: str | None = None,
    ) -> None:
        scope_name = f"<generic parameters of {name}>"
        span, statement = node_span(node), self.recorder.statement
        kind = FrameKind.TYPE_PARAMETERS
        with self.inside(kind, scope_name, statement.line, span, private=private):
            for parameter in parameters:
                self._type_parameter(parameter)
            visit()

    def _type_parameter(self, parameter: ast.AST) -> None:
        """A bound or a default is evaluated when it is asked for, in a scope of its own."""
        span = Span(*(getattr(parameter, name) for name in _RANGE_FIELDS))
        name: str = getattr(parameter, "name", "")
        for field in ("bound", "default_value"):
            expression = getattr(parameter, field, None)
            if expression is not None:
                with self.inside(FrameKind.FUNCTION, name, span.line, span):
                    self.visit(expression)
        col = self.source.char_col(span.line, span.col)
        stars = {"TypeVarTuple": "*", "ParamSpec": "**"}.get(type(parameter).__name__, "")
        self.store_name(name, span, self.source.identifier_after(span.line, col, stars))

    if sys.version_info >= (3, 12):

        def _type_alias(self, node: ast.TypeAlias) -> None:
            def visit_value() -> None:
                with self.inside(FrameKind.FUNCTION, node.name.id, node.lineno, node_span(node)):
                    self.visit(node.value)

            if node.type_params:
                self._in_type_scope(node, node.name.id, node.type_params, visit_value)
            else:
                visit_value()
            self.store_name(node.name.id, node_span(node), self._name_token(node.name))


_RANGE_FIELDS = ("lineno", "col_offset", "end_lineno", "end_col_offset")


def _annotation_order(args: ast.arguments) -> list[ast.arg]:
    """Return the parameters as the compiler evaluates their annotations."""
    late = set(map(id, args.posonlyargs))
    rest = [arg for arg in every_parameter(args) if id(arg) not in late]
    plain = len(args.args)
    return [*rest[:plain], *args.posonlyargs, *rest[plain:]]


def _has_future_annotations(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
        and any(alias.name == "annotations" for alias in node.names)
        for node in tree.body
    )
