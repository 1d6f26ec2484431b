"""Math expression: arithmetic over traces with the functions of numpy and scipy.signal.

Evaluated by asteval, which interprets a part of Python without access to files, imports or the
interpreter, so that a remembered expression can do no harm.
"""

import ast
import re
from collections.abc import Mapping
from functools import cache
from threading import local
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.errors import MathError

MOST_CHARACTERS = 1000
_TRACE_NAME = re.compile(r"\btr\d+\b")
_NOT_ALLOWED = (
    *("for", "while", "if", "try", "with", "functiondef", "lambda", "raise", "print"),
    *("import", "importfrom", "delete", "assert", "augassign", "assign", "listcomp"),
)
_ASTEVAL_OFF = dict.fromkeys(_NOT_ALLOWED, False)


def trace_names(expression: str) -> tuple[str, ...]:
    """Return the traces an expression uses, such as ``tr0``, each once, in order of appearance."""
    return tuple(dict.fromkeys(_TRACE_NAME.findall(expression)))


def rename_traces(expression: str, names: Mapping[str, str]) -> str:
    """Return the expression with its traces under other names."""
    return _TRACE_NAME.sub(lambda match: names.get(match.group(), match.group()), expression)


def check(expression: str) -> None:
    """Raise MathError where an expression cannot be one."""
    if not expression.strip():
        raise MathError("an expression is needed, such as tr0 - tr1")
    if len(expression) > MOST_CHARACTERS:
        raise MathError(f"an expression has at most {MOST_CHARACTERS:,} characters")
    try:
        ast.parse(expression.strip(), mode="eval")
    except SyntaxError as error:
        place = f" at position {error.offset}" if error.offset else ""
        raise MathError(f"{error.msg}{place}") from None
    except (ValueError, RecursionError, MemoryError):
        raise MathError("this cannot be read as an expression") from None


def evaluate(expression: str, values: Mapping[str, object]) -> NDArray[Any]:
    """Return the result as an array of numbers, of any shape; ``values`` are by trace name.

    Raises:
        MathError: the expression is none, fails, or gives something else than numbers.
    """
    check(expression)
    interpreter = _interpreter()
    interpreter.symtable.update(values)
    try:
        with np.errstate(all="ignore"):
            result = interpreter(expression.strip(), show_errors=False)
        error = interpreter.error[0] if interpreter.error else None
    finally:
        for name in values:
            del interpreter.symtable[name]
    if error is not None:
        raise MathError(_sentence(error))
    try:
        array = np.asarray(result)
    except (ValueError, TypeError):
        raise MathError(f"the result is a {type(result).__name__}, no numbers") from None
    if array.dtype.kind not in "biufc":
        raise MathError(f"the result is a {type(result).__name__}, no numbers")
    return array


def load_functions() -> None:
    """Load what expressions are computed with, which may take seconds the first time."""
    _interpreter()


_of_thread = local()  # an expression that was given up may still be computed by another one


def _interpreter() -> Any:
    """Return this thread's interpreter; expressions can leave nothing in it."""
    if not hasattr(_of_thread, "interpreter"):
        from asteval import Interpreter

        symbols = _functions()
        made = Interpreter(usersyms=dict(symbols), use_numpy=False, config=dict(_ASTEVAL_OFF))
        for name in [name for name in made.symtable if name not in symbols]:
            del made.symtable[name]  # what it offers by itself, such as open
        _of_thread.interpreter = made
    return _of_thread.interpreter


@cache
def _functions() -> dict[str, object]:
    import scipy.signal

    found = {**_public(scipy.signal), **_public(np), "pi": np.pi, "e": np.e, "nan": np.nan}
    found.update({name: getattr(np.fft, name) for name in np.fft.__all__})
    found.update({"abs": np.abs, "min": np.min, "max": np.max, "sum": np.sum, "round": np.round})
    return {**found, "np": SimpleNamespace(**found), "signal": SimpleNamespace(**found)}


# What numpy has for files, memory and code has no place in an expression.
_LEFT_OUT = re.compile(
    r"load|save|fromfile|tofile|memmap|source|info|show|test|get_include|set|from|broadcast_shapes"
)


def _public(module: ModuleType) -> dict[str, object]:
    names = getattr(module, "__all__", dir(module))
    return {
        name: value
        for name in names
        if not name.startswith("_")
        and not _LEFT_OUT.match(name)
        and callable(value := getattr(module, name))
        and not isinstance(value, ModuleType)
    }


def _sentence(error: Any) -> str:
    """Return an error of the interpreter in one line."""
    message = " ".join(str(error.msg).split())
    name = re.fullmatch(r"name '(\w+)' is not defined", message)
    if name is not None and _TRACE_NAME.fullmatch(name.group(1)):
        return f"there is no trace {name.group(1)}"
    if error.exc is NotImplementedError:
        return "only arithmetic and functions can stand in an expression"
    kind = getattr(error.exc, "__name__", "")
    return f"{kind}: {message}" if kind else message
