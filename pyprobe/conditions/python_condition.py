"""Evaluating a Python expression as a condition. This runs code of the program, as asked."""

from collections.abc import Callable, Iterator
from types import CodeType

from pyprobe.conditions.access import Access, ScopeT
from pyprobe.conditions.errors import ConditionError
from pyprobe.conditions.plain_values import type_name
from pyprobe.conditions.python_source import compile_python
from pyprobe.conditions.syntax import PythonExpr
from pyprobe.conditions.tally import Tally

_LONGEST_SAID = 200


def python_test(expr: PythonExpr, access: Access[ScopeT], tally: Tally) -> Callable[[ScopeT], bool]:
    """Return what evaluates the expression in a scope.

    It raises ConditionError where the expression raises; a name that is not there is missing.
    """
    code = compile_python(expr.source, class_name=access.class_name)
    inner = tuple(_codes_inside(code))
    used_names = {name for each in (code, *inner) for name in each.co_names}
    # Functions inside, comprehensions too, would not see the locals beside them, and := binds one.
    merged = bool(inner) or ":=" in expr.source
    namespaces, evaluate = access.namespaces, access.evaluate

    def test(scope: ScopeT) -> bool:
        global_names, local_names = namespaces(scope)
        try:
            if merged:
                merged_names = {**global_names, **local_names}
                return evaluate(bool, code, merged_names, merged_names)
            return evaluate(bool, code, global_names, local_names)
        except NameError as error:
            if error.name in used_names:
                return tally.miss(error.name, KeyError(error.name))
            raise _raised(expr, error) from None
        except Exception as error:  # noqa: BLE001 - the program's code may raise anything
            raise _raised(expr, error) from None

    return test


def _codes_inside(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes_inside(constant)


def _raised(expr: PythonExpr, error: Exception) -> ConditionError:
    said = BaseException.args.__get__(error)  # type: ignore[attr-defined]
    text = f": {said[0][:_LONGEST_SAID]}" if said and type(said[0]) is str else ""
    return ConditionError(f"`{expr.source}` raised {type_name(error)}{text}")
