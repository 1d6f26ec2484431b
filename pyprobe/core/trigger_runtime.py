"""TargetTrigger: a trigger at work, of one probe or of all, with all that it remembers."""

from time import perf_counter_ns
from typing import NamedTuple

from pyprobe.core.budget import Budget
from pyprobe.core.capture_log import Extend
from pyprobe.core.gate import Gate
from pyprobe.core.recorder import Pack, Recorder
from pyprobe.core.trigger import Trigger, TriggerMode, TriggerState
from pyprobe.core.trigger_condition import CodeConditions, Undecided
from pyprobe.core.trigger_kept import KeptCaptures, KeptGate

# Without a trigger for so long, the mode AUTO captures every hit.
AUTO_AFTER_NS = 100_000_000


class TriggerReport(NamedTuple):
    """What is told of a trigger. ``undecided`` maps a part of the condition to how often it was
    false for want of a value, and why.
    """

    state: TriggerState
    times: int
    undecided: Undecided
    detail: str


class TargetTrigger:
    """Handlers and the engine share it. Two threads at the same instant may count as one.

    One that ``is_shared`` is that of all probes that have none of their own: it is asked at the
    hits of each, and its captures from before and after are theirs together.

    ``left`` is the number of captures that still belong to the last trigger, negative for no end.

    Raises:
        ConditionSyntaxError: the text is no condition.
    """

    __slots__ = (
        *(
            "_reported",
            "conditions",
            "config",
            "count",
            "failure",
            "free_ns",
            "is_over",
            "is_shared",
        ),
        *("end_is_told", "keep_recorder", "kept", "kept_gate", "left", "ready_ns"),
    )

    def __init__(
        self, config: Trigger, *, pack: Pack, budget: Budget, is_shared: bool = False
    ) -> None:
        self.config = config
        self.is_shared = is_shared
        self.conditions = CodeConditions(config.condition)
        self._reported = 0
        self.count = 0
        self.failure = ""
        self.is_over = False
        self.end_is_told = False
        self.left = 0
        self.ready_ns = 0
        self.free_ns = perf_counter_ns() + AUTO_AFTER_NS
        self.kept = KeptCaptures(config.pre)
        self.kept_gate = KeptGate()
        self.keep_recorder = Recorder(
            extend=self.kept.extend, pack=pack, gate=self.kept_gate, budget=budget
        )

    @property
    def runs_free(self) -> bool:
        """Whether hits are captured without a trigger, where the mode is AUTO and time is up."""
        return self.config.mode is TriggerMode.AUTO and perf_counter_ns() >= self.free_ns

    def fire(self, now_ns: int, extend: Extend, gate: Gate) -> int:
        """The condition holds: send what was kept; return how many there was no room for."""
        self.count += 1
        self.ready_ns = now_ns + int(self.config.hold_off_ms * 1e6)
        return self.kept.release(extend, gate)

    def finish(self) -> None:
        """The last capture that belongs to a trigger has been taken."""
        self.free_ns = perf_counter_ns() + AUTO_AFTER_NS
        self.is_over = self.config.mode is TriggerMode.SINGLE

    def fail(self, reason: str) -> None:
        """The condition cannot be decided: it is not asked again."""
        self.failure = reason

    def report(self) -> TriggerReport:
        """Return how it fares. TRIGGERED is told also of what has come and gone since last time."""
        short = "the captures before the trigger do not all fit into 12 MB"
        detail = self.failure or (short if self.kept.was_short else "")
        report = TriggerReport(self._state(), self.count, self.conditions.undecided(), detail)
        self._reported = self.count
        return report

    def is_settled(self) -> bool:
        """Whether it has come to an end that is to be told at once."""
        return bool(self.failure) or self.is_over

    def _state(self) -> TriggerState:
        if self.failure:
            return TriggerState.OFF
        if self.is_over:
            return TriggerState.STOPPED
        if self.left or self.count != self._reported:
            return TriggerState.TRIGGERED
        if len(self.kept) < self.config.pre or perf_counter_ns() < self.ready_ns:
            return TriggerState.ARMED
        return TriggerState.WAITING
