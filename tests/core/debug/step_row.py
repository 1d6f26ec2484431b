"""StepRow: one row of the table of steps: a program, the steps, and where they must end."""

import sys
from dataclasses import dataclass, field


@dataclass(frozen=True)
class StepRow:
    """See ``walking``: the program stops at the line ``start``, then after each step.

    ``otherwise``: what is expected on versions of Python that compile it otherwise.
    """

    name: str
    source: str
    steps: list[str]
    expected: list[str]
    otherwise: dict[str, list[str]] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name

    @property
    def expected_here(self) -> list[str]:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        return self.otherwise.get(version, self.expected)
