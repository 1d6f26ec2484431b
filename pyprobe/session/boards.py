"""Boards: what a session keeps of triggers, stops and breakpoints, and what a run tells them."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # each is loaded when it is first asked for
    from pyprobe.session.breakpoint_board import BreakpointBoard
    from pyprobe.session.debug_board import DebugBoard
    from pyprobe.session.trigger_board import TriggerBoard


class Boards:
    """A board is ``None`` until somebody has asked the session for it."""

    def __init__(self) -> None:
        self.triggers: TriggerBoard | None = None
        self.debug: DebugBoard | None = None
        self.breakpoints: BreakpointBoard | None = None

    def begin_run(self) -> None:
        """What was known of the last run is true no more."""
        if self.debug is not None:
            self.debug.begin_run()
        if self.breakpoints is not None:
            self.breakpoints.begin_run()

    def run_ended(self) -> None:
        """Nothing stands and nothing answers any more."""
        if self.debug is not None:
            self.debug.run_ended()
