"""BreakpointFields: what can be edited of a breakpoint. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BreakpointFields:
    """What can be edited of a breakpoint."""

    condition: str = ""
    hit_count: str = ""
    message: str = ""
    entity: str = ""
    one_shot: bool = False
