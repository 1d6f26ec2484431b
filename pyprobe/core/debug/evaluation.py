"""Evaluating a line where a frame stands: this runs code of the program, as asked.

A line with functions or comprehensions of its own is compiled inside a function that has the
frame's variables as cells, so that they are seen in there too; what has changed is bound again.
"""

import _ast
import builtins
import sys
from collections.abc import Callable, Iterator, Mapping
from types import CellType, CodeType, FunctionType
from typing import Any

from pyprobe.conditions.private_names import class_around, has_private, make_private
from pyprobe.core.debug.frame_scope import FrameScope, ScopeError

FILE_NAME = "<evaluation>"
_FUTURES = 0x1FE0000  # the bits of ``from __future__ import …`` among a code object's flags
_ONLY_AST = 0x400  # PyCF_ONLY_AST, which the module ast names
_KEEP = "__pyprobe_keep__"

NOTHING = object()


def evaluate(text: str, scope: FrameScope) -> Any:
    """Return the value of an expression; for statements run them and return ``NOTHING``.

    Raises whatever the text raises, SyntaxError where it is no Python.
    """
    line = _Line(text, scope)
    result = _run(line, scope)
    # What ``locals()`` returns is the scope itself.
    return scope.variables() if result is scope else result


def value_of(text: str, scope: FrameScope) -> Any:
    """Return the value of an expression.

    Raises whatever it raises, SyntaxError where it is none.
    """
    return _run(_Line(text, scope, may_be_statements=False), scope)


def assign(target: str, value: Any, scope: FrameScope) -> None:
    """Bind a value to what stands on the left of an assignment, in the frame.

    Raises whatever the assignment raises, SyntaxError where it can be none.
    """
    is_private = has_private(target, class_around(scope.frame.f_code))
    if target.isidentifier() and not is_private:
        scope[target] = value
        return
    line = _Line(f"{target} = {_KEEP}", scope)
    _evaluate_plainly(line.code, scope.with_extra(_KEEP, value))


class _Line:
    """What is to be evaluated: its text, and the code that it is where it stands alone.

    Raises SyntaxError where it is no Python.
    """

    def __init__(self, text: str, scope: FrameScope, *, may_be_statements: bool = True) -> None:
        self.text = text.strip()
        self.flags = scope.frame.f_code.co_flags & _FUTURES
        self._class_name = class_around(scope.frame.f_code)
        self.mode = "eval"
        try:
            self.code: CodeType = self._compile()
        except SyntaxError:
            if not may_be_statements:
                raise
            self.mode = "exec"
            self.code = self._compile()

    @property
    def is_value(self) -> bool:
        """Whether it is an expression."""
        return self.mode == "eval"

    def _compile(self) -> CodeType:
        source = self.tree() if has_private(self.text, self._class_name) else self.text
        code: CodeType = builtins.compile(
            source, FILE_NAME, self.mode, self.flags, dont_inherit=True
        )
        return code

    def tree(self) -> Any:
        """Return its syntax tree, its private names as they are where it is evaluated."""
        flags = self.flags | _ONLY_AST
        tree: Any = builtins.compile(self.text, FILE_NAME, self.mode, flags, dont_inherit=True)
        if has_private(self.text, self._class_name):
            make_private(tree, self._class_name)
        return tree


def _run(line: _Line, scope: FrameScope) -> Any:
    variables = scope.beside_globals()
    inner = tuple(_codes_inside(line.code))
    # A comprehension is part of the line's code from 3.12 on, and binds globals by ``:=`` there.
    binds_inside = ":=" in line.text and not scope.is_module
    if (inner and variables) or binds_inside:
        used = {name for each in (line.code, *inner) for name in each.co_names}
        shared = sorted(used & {name for name in variables if name.isidentifier()})
        function = _function_around(line, shared)
        if function is not None:
            return _run_in_function(function, variables, scope, is_value=line.is_value)
    result = _evaluate_plainly(line.code, scope)
    return result if line.is_value else NOTHING


def _evaluate_plainly(code: CodeType, scope: FrameScope) -> Any:
    try:
        return eval(code, _globals_of(scope), scope)
    except NameError:
        if scope.refusal is not None:
            raise scope.refusal from None
        raise


def _globals_of(scope: FrameScope) -> dict[str, Any]:
    """The frame's globals. Without ``__builtins__`` they would be given ours."""
    namespace = scope.frame.f_globals
    if not dict.__contains__(namespace, "__builtins__"):
        dict.__setitem__(namespace, "__builtins__", scope.frame.f_builtins)
    return namespace


def _codes_inside(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if type(constant) is CodeType:
            yield constant
            yield from _codes_inside(constant)


def _function_around(line: _Line, shared: list[str]) -> CodeType | None:
    """Return the code of a function that runs the line; ``shared`` are its free variables.

    None where the text can only stand in a module, as ``from x import *`` can.
    """
    nonlocal_line = f"nonlocal {', '.join(shared)}" if shared else "pass"
    outer_source = (
        f"def outer({', '.join(shared)}):\n"
        f"  def inner({_KEEP}):\n"
        f"    {nonlocal_line}\n"
        f"    try: pass\n"
        f"    finally: {_KEEP}()\n"
    )
    tree: Any = builtins.compile(outer_source, FILE_NAME, "exec", _ONLY_AST, dont_inherit=True)
    body: Any = line.tree().body
    if line.is_value:
        place = {key: getattr(body, key) for key in ("lineno", "col_offset")}
        body = [_ast.Return(body, **place)]
    tree.body[0].body[0].body[1].body = body
    try:
        module = builtins.compile(tree, FILE_NAME, "exec", line.flags, dont_inherit=True)
    except SyntaxError:
        return None
    outer = next(_codes_inside(module))
    return next(_codes_inside(outer))


def _run_in_function(
    code: CodeType, variables: Mapping[str, Any], scope: FrameScope, *, is_value: bool
) -> Any:
    before = {name: variables[name] for name in code.co_freevars}
    cells = {name: CellType(value) for name, value in before.items()}
    bound: dict[str, Any] = {}
    keep = _keeper(bound, {_KEEP, *before})
    function = FunctionType(code, _globals_of(scope), None, None, tuple(cells.values()))
    try:
        result = function(keep)
    finally:
        for name, value in _changes(before, cells):
            _rebind(name, value, scope)
        for name, value in bound.items():
            scope[name] = value
    return result if is_value else NOTHING


def _keeper(bound: dict[str, Any], others: set[str]) -> Callable[[], None]:
    def keep() -> None:
        names = sys._getframe(1).f_locals
        bound.update((name, names[name]) for name in list(names) if name not in others)

    return keep


def _changes(before: Mapping[str, Any], cells: Mapping[str, CellType]) -> Iterator[tuple[str, Any]]:
    for name, cell in cells.items():
        try:
            value = cell.cell_contents
        except ValueError:  # it was deleted
            value = NOTHING
        if value is not before[name]:
            yield name, value


def _rebind(name: str, value: Any, scope: FrameScope) -> None:
    if value is NOTHING:
        del scope[name]
    else:
        scope[name] = value


__all__ = ["FILE_NAME", "NOTHING", "ScopeError", "assign", "evaluate", "value_of"]
