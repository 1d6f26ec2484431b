"""Code frames: how the compiler names the code object that a piece of source becomes."""

import ast
from enum import Enum

from pyprobe.analysis.occurrence import Scope, Span


class FrameKind(Enum):
    """What kind of scope a frame is."""

    MODULE = "module"
    FUNCTION = "function"  # also lambdas
    CLASS = "class"
    GENERATOR = "generator expression"
    INLINED = "comprehension"  # a code object of its own before 3.12, part of the outer one since
    TYPE_PARAMETERS = "type parameters"


class Frame:
    """One scope while its source is walked.

    ``code_key`` is the same for a scope and the comprehensions inlined into it.
    """

    __slots__ = ("code_key", "func", "globals", "key", "kind", "private", "scope")

    def __init__(
        self,
        kind: FrameKind,
        *,
        key: int,
        code_key: int,
        scope: Scope,
        func: str,
        private: str,
    ) -> None:
        self.kind = kind
        self.key = key
        self.code_key = code_key
        self.scope = scope
        self.func = func
        self.private = private
        self.globals: set[str] = set()

    def mangle(self, name: str) -> str:
        """Return a name as the compiler stores it: ``__x`` in class C is ``_C__x``."""
        private = self.private
        if not private or not name.startswith("__") or name.endswith("__") or "." in name:
            return name
        return f"_{private}{name}"


def private_prefix(class_name: str) -> str:
    """Return what name mangling puts before a private name of this class (``""``: nothing)."""
    return class_name.lstrip("_")


def child_qualname(parents: list[Frame], name: str, *, is_definition: bool) -> str:
    """Return the ``co_qualname`` of a scope called ``name`` inside ``parents`` (outermost first).

    ``is_definition``: a function or class, which a ``global`` statement lifts to the top.
    """
    visible = [
        frame
        for frame in parents
        if frame.kind not in (FrameKind.TYPE_PARAMETERS, FrameKind.INLINED)
    ]
    parent = visible[-1]
    if parent.kind is FrameKind.MODULE:
        return name
    if is_definition and parent.mangle(name) in parent.globals:
        return name
    between = ".<locals>." if parent.kind is FrameKind.FUNCTION else "."
    return f"{parent.scope.qualname}{between}{name}"


def node_span(node: ast.stmt | ast.expr | ast.pattern | ast.arg | ast.excepthandler) -> Span:
    """Return a node's range, in bytes columns."""
    return Span(
        node.lineno,
        node.col_offset,
        node.lineno if node.end_lineno is None else node.end_lineno,
        node.col_offset if node.end_col_offset is None else node.end_col_offset,
    )


def attribute_span(node: ast.Attribute) -> Span:
    """Return the range the compiler gives the access itself.

    Where a chain goes over several lines, it begins at the attribute's own name.
    """
    span = node_span(node)
    if span.line == span.end_line or len(node.attr) > span.end_col:
        return span
    return Span(span.end_line, span.end_col - len(node.attr), span.end_line, span.end_col)
