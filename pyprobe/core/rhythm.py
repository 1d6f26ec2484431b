"""The service thread's rhythm: when to drain, when to re-arm, how long to sleep."""

from time import perf_counter_ns

from pyprobe.core.capture_log import CaptureLog
from pyprobe.core.engine import Engine
from pyprobe.core.gate import Gate
from pyprobe.core.portions import SETTLE_AFTER_NS, Portions

FLUSH_INTERVAL_NS = 16_000_000
# A hit looks at the gate, may ring, and only then appends its capture. It may lose its turn in
# between for any time, and the service thread, finding nothing, go back to sleep. So that such a
# capture is found, the thread looks again after each turn with something to do: soon, then ever
# later.
FIRST_LOOK_NS = 100_000_000
# After so many captures in one flush, or where one was asked for, more are to come before the next:
# they need not ring, and have the thread turn for nothing but to learn of the first.
_STREAM_CAPTURES = 8
_LATER = 4  # times as long from one look for nothing to the next
# A turn of the thread costs the program two switches between threads, as much as a few hundred
# captures. Where all probes are armed at an interval there is one turn for each, the beat, and what
# is due a little after another thing waits for it no more than this part of the interval.
_SLACK_PARTS = 16
# Where the interpreter leaves code slow that has been watched (3.12), a probed line is worth a turn
# of its own between two beats, in which it is let go, soon after its arming. That one does all else
# too: a turn that takes longer than a switch interval is interrupted by the program.
# What runs for the first time only later wakes the thread by itself, and is looked at once more at
# looks: it may have lost its turn between its saying so and its being plain.


class Rhythm:
    """Tells how long the service thread may sleep, and what is due when it wakes."""

    def __init__(self, engine: Engine, log: CaptureLog, gate: Gate) -> None:
        self._engine = engine
        self._log = log
        self._gate = gate
        self._flushed_ns = 0
        self._streams = False  # whether captures are awaited without a hit's ringing
        self._look_interval_ns = FIRST_LOOK_NS
        self._look_ns = perf_counter_ns() + FIRST_LOOK_NS
        self._interval_ns = 0  # between two beats, 0 for none
        self._beat_ns = 0  # when the next one is due
        self._settle_ns: int | None = None  # when probed code is to be let go
        self._all_settle_ns = 0  # when all of it is, as some may have run since
        self._portions = Portions(engine)

    @property
    def has_beat(self) -> bool:
        """Whether there is a turn at an interval anyway, with which other things can wait."""
        return self._interval_ns > 0

    def sleep_s(self) -> float:
        """Return the seconds until something is due, or it is time for a look."""
        if self._settle_ns is None and self._engine.source.slows_code:
            self._plan_settling(perf_counter_ns())  # of what a command has armed
        slack_ns = self._interval_ns // _SLACK_PARTS
        engine_ns = self._engine.next_due_ns(slack_ns)
        due_ns = self._look_ns if engine_ns is None else min(engine_ns, self._look_ns)
        if self._interval_ns:
            if engine_ns is None or engine_ns > self._beat_ns + slack_ns:
                due_ns = min(due_ns, self._beat_ns)
        elif self._streams or len(self._log):
            due_ns = min(due_ns, self._flushed_ns + FLUSH_INTERVAL_NS)
        for settle_ns in (self._settle_ns, self._portions.due_ns):
            if settle_ns is not None:
                due_ns = min(due_ns, settle_ns)
        return max(due_ns - perf_counter_ns(), 0) / 1e9

    def before_sleep(self) -> None:
        """Have the next hit wake the thread, unless it is going to look soon anyway."""
        if self._streams:
            self._streams = perf_counter_ns() < self._flushed_ns + FLUSH_INTERVAL_NS
        is_awaited = self._interval_ns or self._streams or len(self._log)
        self._gate.sleeping(not is_awaited)

    def after_sleep(self, *, was_woken: bool) -> bool:
        """Take the gate's attention back and re-arm what is due; False if that is all for now."""
        self._gate.sleeping(False)
        now_ns = perf_counter_ns()
        self._plan_look(now_ns, has_work=was_woken or len(self._log) > 0)
        armed = self._engine.rearm_due(now_ns)
        if self._engine.source.slows_code:
            self._portions.turn(now_ns)
            if self._settles(now_ns, armed=armed):
                return True
        self._interval_ns = self._engine.beat_interval_ns() if armed else 0
        self._beat_ns = now_ns + self._interval_ns
        return was_woken or self._settle_ns is None

    def _plan_look(self, now_ns: int, *, has_work: bool) -> None:
        if not has_work and now_ns < self._look_ns:
            return  # a turn for something else, after which there is nothing to find
        self._look_interval_ns = FIRST_LOOK_NS if has_work else _LATER * self._look_interval_ns
        self._look_ns = now_ns + self._look_interval_ns
        self._all_settle_ns = min(self._all_settle_ns, self._look_ns)

    def _settles(self, now_ns: int, *, armed: bool) -> bool:
        """Let armed code be plain if it is time; True for a turn between two beats."""
        if armed:  # just now: it has to run once before it can be plain, unless it is already
            unsettled = self._engine.has_unsettled()
            self._settle_ns = now_ns + SETTLE_AFTER_NS if unsettled else None
            return False
        is_planned = self._settle_ns is not None
        if self._settle_ns is not None and now_ns < self._settle_ns:
            return True
        all_of_it = self._engine.has_armed() and now_ns >= self._all_settle_ns
        if is_planned or all_of_it:
            self._engine.settle_armed(all_of_it=all_of_it)
            self._settle_ns = None
            if all_of_it:
                self._all_settle_ns = now_ns + self._look_interval_ns
        else:
            self._plan_settling(now_ns)
        return is_planned or self._settle_ns is not None

    def _plan_settling(self, now_ns: int) -> None:
        if self._engine.has_unsettled():
            self._settle_ns = now_ns + SETTLE_AFTER_NS

    def flush_is_due(self) -> bool:
        """Whether captures wait and the last flush is long enough ago."""
        if not len(self._log):
            return False
        return self._gate.flush_wanted or perf_counter_ns() >= self._flushed_ns + FLUSH_INTERVAL_NS

    def flushes(self) -> None:
        """Note that the log is drained now; what is made of it may take longer than the interval.

        Counted from there, captures come as often however many they are.
        """
        self._streams = self._gate.flush_wanted or len(self._log) >= _STREAM_CAPTURES
        self._flushed_ns = perf_counter_ns()
