"""The service thread's rhythm: when to drain, when to re-arm, how long to sleep."""

from time import perf_counter_ns

from pyprobe.core.capture_log import CaptureLog
from pyprobe.core.engine import Engine
from pyprobe.core.gate import Gate

FLUSH_INTERVAL_NS = 16_000_000


class Rhythm:
    """Tells how long the service thread may sleep, and what is due when it wakes."""

    def __init__(self, engine: Engine, log: CaptureLog, gate: Gate) -> None:
        self._engine = engine
        self._log = log
        self._gate = gate
        self._flushed_ns = 0

    def sleep_s(self) -> float | None:
        """Return the seconds until something is due; None while nothing is."""
        due_ns = self._engine.next_due_ns()
        if len(self._log):
            flush_ns = self._flushed_ns + FLUSH_INTERVAL_NS
            due_ns = flush_ns if due_ns is None else min(due_ns, flush_ns)
        if due_ns is None:
            return None
        return max(due_ns - perf_counter_ns(), 0) / 1e9

    def before_sleep(self) -> None:
        """Have the next hit wake the thread, unless captures are waiting for the flush anyway."""
        self._gate.sleeping(not len(self._log))

    def after_sleep(self) -> None:
        """Take the gate's attention back and re-arm what is due."""
        self._gate.sleeping(False)
        self._engine.rearm_due(perf_counter_ns())

    def flush_is_due(self) -> bool:
        """Whether captures wait and the last flush is long enough ago."""
        if not len(self._log):
            return False
        return self._gate.flush_wanted or perf_counter_ns() >= self._flushed_ns + FLUSH_INTERVAL_NS

    def flushed(self) -> None:
        """Note that the log has just been drained."""
        self._flushed_ns = perf_counter_ns()
