"""Python expressions as conditions: their syntax checked, and compiled for a frame."""

import builtins
from types import CodeType
from typing import Any

from pyprobe.conditions import expectation
from pyprobe.conditions.errors import ConditionSyntaxError
from pyprobe.conditions.private_names import has_private, make_private
from pyprobe.conditions.tokens import got

FILE_NAME = "<condition>"
_ONLY_AST = 0x400  # PyCF_ONLY_AST, which the module ast names


def check_python(source: str, start: int, expression: str) -> None:
    """Check the expression that begins at ``start`` of a condition's ``source``.

    Raises:
        ConditionSyntaxError: it is no Python expression.
    """
    try:
        compile_python(expression)
    except SyntaxError as error:
        position = start + _offset(expression, error)
        reason = error.msg
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        position = start
        reason = str(error) or "it is nested too deeply"
    else:
        return
    raise ConditionSyntaxError(
        f"Expected a Python expression, got {got(source, position)} at position {position}"
        f"; {_printable(reason)}",
        position=position,
        expected=expectation.PYTHON,
    )


def compile_python(expression: str, *, class_name: str = "") -> CodeType:
    """Return the code of a Python expression, as it means where it stands: in a class, maybe.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError, OverflowError: it is none.
    """
    if not has_private(expression, class_name):
        return builtins.compile(expression, FILE_NAME, "eval", dont_inherit=True)
    tree: Any = builtins.compile(expression, FILE_NAME, "eval", _ONLY_AST, dont_inherit=True)
    make_private(tree, class_name)
    code: CodeType = builtins.compile(tree, FILE_NAME, "eval", dont_inherit=True)
    return code


def _offset(expression: str, error: SyntaxError) -> int:
    """Return where in the expression the error is, which Python tells by line and column."""
    lines = expression.splitlines(keepends=True)
    before = sum(map(len, lines[: (error.lineno or 1) - 1]))
    return min(before + max((error.offset or 1) - 1, 0), len(expression))


def _printable(text: str) -> str:
    return text if text.isprintable() else ascii(text)
