"""What can be wrong with a condition: its text, or what it meets when it is evaluated."""

from pyprobe.conditions.expectation import Expectation
from pyprobe.errors import PyProbeError


class ConditionError(PyProbeError):
    """A condition cannot be decided; the message says what to write instead."""


class ConditionSyntaxError(ConditionError):
    """The text is no condition. ``position`` counts characters from 0."""

    def __init__(self, message: str, *, position: int, expected: Expectation) -> None:
        super().__init__(message)
        self.position = position
        self.expected = expected
