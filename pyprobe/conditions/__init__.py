"""The expression language of triggers and breakpoints: parse, check, compile, complete. Pure.

``pyprobe.conditions.completion`` is for front ends and not loaded here.
"""

from pyprobe.conditions.access import AbsentValueError, Access, MappingAccess
from pyprobe.conditions.errors import ConditionError, ConditionSyntaxError
from pyprobe.conditions.evaluator import Evaluator, compile
from pyprobe.conditions.parser import MAX_LENGTH, MAX_NESTING, parse
from pyprobe.conditions.syntax import (
    And,
    Attribute,
    Compare,
    Condition,
    Edge,
    EdgeKind,
    Element,
    Expr,
    Literal,
    Not,
    Operator,
    Or,
    PythonExpr,
    TagRef,
    names,
)
from pyprobe.conditions.tally import Tally
from pyprobe.conditions.validation import validate

__all__ = [
    "MAX_LENGTH",
    "MAX_NESTING",
    "AbsentValueError",
    "Access",
    "And",
    "Attribute",
    "Compare",
    "Condition",
    "ConditionError",
    "ConditionSyntaxError",
    "Edge",
    "EdgeKind",
    "Element",
    "Evaluator",
    "Expr",
    "Literal",
    "MappingAccess",
    "Not",
    "Operator",
    "Or",
    "PythonExpr",
    "TagRef",
    "Tally",
    "compile",
    "names",
    "parse",
    "unparse",
    "validate",
]


def unparse(expr: Expr) -> str:
    """Return a condition's text; parsing it gives an equal tree."""
    return str(expr)
