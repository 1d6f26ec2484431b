"""Walks expressions in the order they are evaluated, and notes what they read and bind."""

import ast
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from pyprobe.analysis.frames import (
    Frame,
    FrameKind,
    attribute_span,
    child_qualname,
    node_span,
)
from pyprobe.analysis.occurrence import OccurrenceKind, Path, Scope, Span
from pyprobe.analysis.plain_chains import Chain, SubscriptReader
from pyprobe.analysis.recorder import Instruction, Recorder
from pyprobe.analysis.source_lines import SourceLines, Token

Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
Lambda = ast.Lambda
NO_PATH = Path("")

# The tokens of a chain's parts, and what each part is, outermost last.
_Part = tuple[Token | None, Chain]


class ExpressionWalker:
    """Visits expressions; ``frames`` is the stack of scopes, innermost last."""

    def __init__(self, source: SourceLines, module: Frame) -> None:
        self.source = source
        self.recorder = Recorder()
        self.frames = [module]
        self._frame_count = 1
        self._visitors: dict[type[ast.AST], Callable[..., object]] = {
            ast.Name: self.chain,
            ast.Attribute: self.chain,
            ast.Subscript: self.chain,
            ast.Constant: lambda node: None,
            ast.BinOp: self._binary,
            ast.Dict: self._dict,
            ast.IfExp: self._choice,
            ast.Lambda: self._lambda,
            ast.ListComp: self._comprehension,
            ast.SetComp: self._comprehension,
            ast.DictComp: self._comprehension,
            ast.GeneratorExp: self._comprehension,
            ast.NamedExpr: self._named,
            ast.Yield: self._yield,
            ast.YieldFrom: self._yield,
        }

    @property
    def frame(self) -> Frame:
        """The scope being walked."""
        return self.frames[-1]

    def visit(self, node: ast.AST | None) -> None:
        """Visit an expression, or anything that holds expressions in evaluation order."""
        if node is None:
            return
        visitor = self._visitors.get(type(node))
        if visitor is not None:
            visitor(node)
            return
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                self.visit_all(value)
            elif isinstance(value, ast.AST):
                self.visit(value)

    def visit_all(self, nodes: Sequence[ast.AST | None]) -> None:
        """Visit several in order."""
        for node in nodes:
            if node is not None:
                self.visit(node)

    # Names, attributes, subscripts

    def chain(self, node: ast.expr) -> Chain | None:
        """Visit a read; return how it is written when it is a plain chain."""
        if isinstance(node, ast.Name):
            return self._load_name(node)
        if isinstance(node, ast.Attribute):
            chain = self._extend(self.chain(node.value), node)
            instruction = self._attribute(OccurrenceKind.MEMBER_LOAD, node)
            self._member_load(chain, self._attribute_token(node), instruction)
            return chain
        if isinstance(node, ast.Subscript):
            base = self.chain(node.value)
            self.visit(node.slice)
            chain = self._extend(base, node)
            instruction = self._item(OccurrenceKind.MEMBER_LOAD, node)
            if chain is not None:
                self._member_load(chain, self._bracket_token(node), instruction)
            return chain
        self.visit(node)
        return None

    def _load_name(self, node: ast.Name) -> Chain | None:
        if node.id == "__debug__":  # a constant to the compiler
            return None
        chain = self._name_chain(node)
        instruction = self._name(OccurrenceKind.LOAD, node)
        token = self._name_token(node)
        if token is not None:
            self._occur(OccurrenceKind.LOAD, chain.symbol, token, chain.path, instruction)
        return chain

    def _member_load(
        self, chain: Chain | None, token: Token | None, instruction: Instruction
    ) -> None:
        if chain is not None and token is not None:
            kind = OccurrenceKind.MEMBER_LOAD
            self._occur(kind, chain.symbol, token, chain.path, instruction)

    def store(self, target: ast.expr) -> None:
        """Visit the target of a binding, after its value."""
        if isinstance(target, ast.Name):
            self.store_name(target.id, node_span(target), self._name_token(target))
        elif isinstance(target, ast.Attribute | ast.Subscript):
            parts = self.open_member(target)
            self.close_member(target, parts)
        elif isinstance(target, ast.Starred):
            self.store(target.value)
        elif isinstance(target, ast.Tuple | ast.List):
            for element in target.elts:
                self.store(element)

    def store_name(self, name: str, span: Span, token: Token | None) -> None:
        """Note that a name is bound by the instruction at ``span``."""
        mangled = self.frame.mangle(name)
        kind = OccurrenceKind.STORE
        instruction = self.recorder.add_instruction(kind, mangled, span, self.frame)
        if token is not None:
            self._occur(kind, name, token, Path(mangled), instruction)

    def open_member(self, target: ast.Attribute | ast.Subscript) -> list[_Part]:
        """Visit what a store to a member evaluates first; return its bases that can be shown."""
        parts: list[_Part] = []
        self._base(target.value, parts)
        if isinstance(target, ast.Subscript):
            self.visit(target.slice)
        return parts

    def close_member(self, target: ast.Attribute | ast.Subscript, bases: list[_Part]) -> None:
        """Note the store itself."""
        if isinstance(target, ast.Attribute):
            instruction = self._attribute(OccurrenceKind.MEMBER_STORE, target)
            token = self._attribute_token(target)
        else:
            instruction = self._item(OccurrenceKind.MEMBER_STORE, target)
            token = self._bracket_token(target)
        for base_token, chain in bases:
            if base_token is not None:
                kind = OccurrenceKind.BASE_STORE
                self._occur(kind, chain.symbol, base_token, chain.path, instruction)
        whole = self._extend(self._plain(target.value), target)
        if whole is not None and token is not None:
            kind = OccurrenceKind.MEMBER_STORE
            self._occur(kind, whole.symbol, token, whole.path, instruction)

    def load_member(self, target: ast.Attribute | ast.Subscript) -> None:
        """Note the read that an augmented assignment to a member makes; nobody can click it."""
        if isinstance(target, ast.Attribute):
            self._attribute(OccurrenceKind.MEMBER_LOAD, target)
        else:
            self._item(OccurrenceKind.MEMBER_LOAD, target)

    def load_hidden_name(self, node: ast.Name) -> None:
        """Note the read that an augmented assignment to a name makes."""
        self._name(OccurrenceKind.LOAD, node)

    def _base(self, node: ast.expr, parts: list[_Part]) -> Chain | None:
        """Visit the base of a member store, gathering the parts that a click can take."""
        if isinstance(node, ast.Name):
            self._name(OccurrenceKind.LOAD, node)
            chain: Chain | None = self._name_chain(node)
            token = self._name_token(node)
        elif isinstance(node, ast.Attribute):
            chain = self._extend(self._base(node.value, parts), node)
            self._attribute(OccurrenceKind.MEMBER_LOAD, node)
            token = self._attribute_token(node)
        elif isinstance(node, ast.Subscript):
            base = self._base(node.value, parts)
            self.visit(node.slice)
            chain = self._extend(base, node)
            self._item(OccurrenceKind.MEMBER_LOAD, node)
            token = self._bracket_token(node)
        else:
            self.visit(node)
            return None
        if chain is not None:
            parts.append((token, chain))
        return chain

    def _plain(self, node: ast.expr) -> Chain | None:
        """Return a chain's text and path without visiting it."""
        if isinstance(node, ast.Name):
            return self._name_chain(node)
        if isinstance(node, ast.Attribute | ast.Subscript):
            return self._extend(self._plain(node.value), node)
        return None

    def _extend(self, base: Chain | None, node: ast.Attribute | ast.Subscript) -> Chain | None:
        if base is None:
            return None
        if isinstance(node, ast.Attribute):
            return base.with_attribute(node.attr, self.frame.mangle(node.attr))
        step = SubscriptReader(self.frame.mangle, self._constant_text).step(node.slice)
        return None if step is None else base.with_item(*step)

    def _name_chain(self, node: ast.Name) -> Chain:
        return Chain(Path(self.frame.mangle(node.id)), node.id)

    def _constant_text(self, node: ast.Constant) -> str:
        span = node_span(node)
        if span.line != span.end_line:
            return repr(node.value)
        col = self.source.char_col(span.line, span.col)
        end_col = self.source.char_col(span.line, span.end_col)
        return self.source.text(Token(span.line, col, end_col))

    # Everything else that has its own order or its own scope

    def _binary(self, node: ast.BinOp) -> None:
        """Without recursion on the left, where long sums nest."""
        rights: list[ast.expr] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp):
            rights.append(left.right)
            left = left.left
        self.visit(left)
        for right in reversed(rights):
            self.visit(right)

    def _dict(self, node: ast.Dict) -> None:
        for key, value in zip(node.keys, node.values, strict=True):
            self.visit(key)
            self.visit(value)

    def _choice(self, node: ast.IfExp) -> None:
        recorder, frame = self.recorder, self.frame
        self.visit(node.test)
        tested = recorder.last(frame)
        self.visit(node.body)
        chosen = recorder.last(frame)
        recorder.go_on_after(frame, tested)
        self.visit(node.orelse)
        recorder.go_on_after(frame, (*chosen, *recorder.last(frame)))

    def _named(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self.store(node.target)

    def _yield(self, node: ast.Yield | ast.YieldFrom) -> None:
        self.visit(node.value)
        self.keyword(OccurrenceKind.YIELD, "yield", node_span(node))

    def keyword(self, kind: OccurrenceKind, word: str, span: Span) -> None:
        """Note a ``return`` or ``yield``."""
        instruction = self.recorder.add_instruction(kind, "", span, self.frame)
        col = self.source.char_col(span.line, span.col)
        token = Token(span.line, col, col + len(word))
        if self.source.text(token) == word:
            self._occur(kind, word, token, NO_PATH, instruction)

    def _lambda(self, node: ast.Lambda) -> None:
        self.defaults(node.args)
        span, body = node_span(node), node_span(node.body)
        around = Span(span.line, span.col, body.line, body.col)
        with self.inside(FrameKind.FUNCTION, "<lambda>", node.lineno, span, around=around):
            self.parameters(node.args)
            self.visit(node.body)

    def defaults(self, args: ast.arguments) -> None:
        """Visit the default values of parameters, which belong to the outer scope."""
        self.visit_all(args.defaults)
        self.visit_all(args.kw_defaults)

    def parameters(self, args: ast.arguments) -> None:
        """Note a function's parameters."""
        kind = OccurrenceKind.PARAMETER
        for arg in every_parameter(args):
            span = node_span(arg)
            name = self.frame.mangle(arg.arg)
            instruction = self.recorder.add_instruction(kind, name, span, self.frame)
            token = self.identifier(arg.lineno, arg.col_offset, arg.arg)
            if token is not None:
                self._occur(kind, arg.arg, token, Path(name), instruction)

    def _comprehension(self, node: Comprehension) -> None:
        first, *rest = node.generators
        self.visit(first.iter)
        is_generator = isinstance(node, ast.GeneratorExp)
        kind = FrameKind.GENERATOR if is_generator else FrameKind.INLINED
        around = node_span(first.iter)
        with self.inside(kind, "<genexpr>", node.lineno, node_span(node), around=around):
            self.store(first.target)
            self.visit_all(first.ifs)
            for generator in rest:
                self.visit(generator.iter)
                self.store(generator.target)
                self.visit_all(generator.ifs)
            if isinstance(node, ast.DictComp):
                self.visit(node.key)
                self.visit(node.value)
            else:
                self.visit(node.elt)

    @contextmanager
    def inside(
        self,
        kind: FrameKind,
        name: str,
        first_line: int,
        span: Span,
        *,
        private: str | None = None,
        around: Span | None = None,
    ) -> Iterator[None]:
        """Walk in a new scope called ``name``; ``private``: the class whose names are mangled.

        ``around``: see Scope.
        """
        outer = self.frame
        inlined = kind is FrameKind.INLINED
        if inlined:
            qualname, first_line = outer.scope.qualname, outer.scope.first_line
        else:
            is_definition = kind is FrameKind.CLASS or name[0] != "<"
            qualname = child_qualname(self.frames, name, is_definition=is_definition)
        key = self._frame_count
        self._frame_count += 1
        frame = Frame(
            kind,
            key=key,
            code_key=outer.code_key if inlined else key,
            scope=Scope(qualname, first_line, span, around, inlined),
            func=qualname if kind is FrameKind.FUNCTION else outer.func,
            private=outer.private if private is None else private,
        )
        self.frames.append(frame)
        yield
        self.frames.pop()

    # Tokens and instructions

    def identifier(self, line: int, byte_col: int, name: str) -> Token | None:
        """Return the token of a name that starts there; None where the text says otherwise."""
        col = self.source.char_col(line, byte_col)
        token = self.source.identifier_at(line, col)
        if token is None or not self._is_written(token, name):
            return None
        return token

    def identifier_before(self, line: int, end_byte_col: int, name: str) -> Token | None:
        """Return the token of a name that ends there."""
        token = self.source.identifier_before(line, self.source.char_col(line, end_byte_col))
        if token is None or not self._is_written(token, name):
            return None
        return token

    def _is_written(self, token: Token, name: str) -> bool:
        text = self.source.text(token)
        return text == name or not text.isascii()  # the parser normalizes non-ASCII names

    def _name_token(self, node: ast.Name) -> Token | None:
        return self.identifier(node.lineno, node.col_offset, node.id)

    def _attribute_token(self, node: ast.Attribute) -> Token | None:
        span = node_span(node)
        return self.identifier_before(span.end_line, span.end_col, node.attr)

    def _bracket_token(self, node: ast.Subscript) -> Token | None:
        value, whole = node_span(node.value), node_span(node)
        value_end = self.source.char_col(value.end_line, value.end_col)
        found = self.source.find_after(value.end_line, value_end, "[")
        if found is None:
            return None
        line, col = found
        if line == whole.end_line:
            return Token(line, col, self.source.char_col(line, whole.end_col))
        return Token(line, col, len(self.source.lines[line - 1]))

    def _name(self, kind: OccurrenceKind, node: ast.Name) -> Instruction:
        frame = self.frame
        return self.recorder.add_instruction(kind, frame.mangle(node.id), node_span(node), frame)

    def _attribute(self, kind: OccurrenceKind, node: ast.Attribute) -> Instruction:
        frame = self.frame
        name, span = frame.mangle(node.attr), attribute_span(node)
        return self.recorder.add_instruction(kind, name, span, frame)

    def _item(self, kind: OccurrenceKind, node: ast.Subscript) -> Instruction:
        return self.recorder.add_instruction(kind, "", node_span(node), self.frame)

    def _occur(
        self,
        kind: OccurrenceKind,
        symbol: str,
        token: Token,
        path: Path,
        instruction: Instruction,
    ) -> None:
        self.recorder.add_occurrence(kind, symbol, token, path, instruction)


def every_parameter(args: ast.arguments) -> Iterator[ast.arg]:
    """Yield all parameters in source order."""
    yield from args.posonlyargs
    yield from args.args
    if args.vararg is not None:
        yield args.vararg
    yield from args.kwonlyargs
    if args.kwarg is not None:
        yield args.kwarg
