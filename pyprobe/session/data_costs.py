"""Data costs: what a data breakpoint will cost, and what it cannot see, in a few sentences."""

from pyprobe.analysis.bindings import Bindings
from pyprobe.analysis.occurrence import StepKind

_FEW = 3


def cost_of(bindings: Bindings, *, in_place: bool) -> str:
    """Return what watching costs, and where it is blind, before it is taken."""
    parts = [_bindings_cost(bindings)]
    if in_place:
        parts.append(_contents_cost(bindings))
    parts.append(_limits(bindings, in_place))
    return " ".join(part for part in parts if part)


def _bindings_cost(bindings: Bindings) -> str:
    symbol, steps = bindings.symbol, bindings.chosen.path.steps
    count = len(bindings.stores) + len(bindings.deletions)
    places = "One place binds" if count == 1 else f"{count:,} places bind"
    here = f"{places} {symbol} in this file" if count else f"Nothing in this file binds {symbol}"
    if not steps and not bindings.is_global:
        if not count:
            return f"Nothing binds {symbol} anew."
        return (
            f"{places} {symbol}; each costs some µs when it runs,"
            " all other code runs at full speed."
        )
    if not steps:
        return (
            f"{here}; that, and whatever binds it from other files, costs some µs when it runs,"
            " all other code runs at full speed."
        )
    if steps[-1].kind is StepKind.ATTRIBUTE:
        return (
            f"{here}; each store to an attribute `{steps[-1].value!s}` of any object, in all files,"
            " costs some µs when it runs, all other code runs at full speed."
        )
    return (
        f"{here}; each store to an element that may be this one, in all of your code,"
        " costs some µs when it runs, all other code runs at full speed."
    )


def _contents_cost(bindings: Bindings) -> str:
    per_line = "which costs some µs a line, more for large contents"
    if bindings.chosen.path.steps or bindings.is_global:
        return f"Its contents are compared at every line of your code, {per_line}."
    names = ", ".join(bindings.functions[:_FEW])
    more = len(bindings.functions) - _FEW
    named = f"{names} and {more:,} more" if more > 0 else names
    return (
        f"Its contents are compared at every line of {named} ({bindings.statements:,} statements)"
        f" and of your code that is called from there, {per_line}."
    )


def _limits(bindings: Bindings, in_place: bool) -> str:
    if in_place:
        return "What a library does is found at the next line of yours."
    steps = bindings.chosen.path.steps
    if steps and steps[-1].kind is not StepKind.ATTRIBUTE:
        return "What libraries and C code store there is not seen."
    if steps or bindings.is_global:
        return "What libraries bind through setattr or __dict__ is not seen."
    return ""
