"""Validation: what is wrong with a condition, in sentences for whoever is typing it."""

import warnings

from pyprobe.conditions.errors import ConditionSyntaxError
from pyprobe.conditions.parser import parse


def validate(source: str) -> list[str]:
    """Return what is wrong with a condition, nothing if it is one.

    What Python warns of in a Python expression counts as wrong. For front ends: filters of
    warnings are changed for a moment, which a program's process must not see.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            parse(source)
        except ConditionSyntaxError as error:
            return [str(error)]
    return []
