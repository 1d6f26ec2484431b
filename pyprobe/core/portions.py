"""Portions: code that has only been met is let run plain again, a little of it at a time.

Only where the interpreter leaves code slow that was ever watched (``EventSource.slows_code``).
"""

from pyprobe.core.engine import Engine

# About half a millisecond of work, as rarely as a hot loop can wait for it.
_PORTION = 80
INTERVAL_NS = 20_000_000
# Code that was armed is let go when it has had the time to run once.
SETTLE_AFTER_NS = 1_000_000


class Portions:
    """Times are in ns of ``perf_counter_ns``; used by the thread that keeps probes armed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.due_ns: int | None = None

    def turn(self, now_ns: int) -> None:
        """Let go of a portion if it is time, and plan the next one while there is more."""
        if self.due_ns is not None and now_ns >= self.due_ns:
            self._engine.settle_some(_PORTION)
            self.due_ns = None
        if self.due_ns is None and self._engine.has_slowed_code():
            self.due_ns = now_ns + INTERVAL_NS
