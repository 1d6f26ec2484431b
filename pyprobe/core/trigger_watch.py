"""Watches: conditions asked at the hits of all probes, and what is done when they hold."""

from _thread import _local
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from types import CodeType, FrameType

from pyprobe.conditions import ConditionError
from pyprobe.core.trigger import TriggerState
from pyprobe.core.trigger_condition import CodeConditions, has_edge
from pyprobe.core.trigger_runtime import TriggerReport


class WatchAction(Enum):
    """What happens when a watch's condition holds; the value is the name on the wire.

    SNAPSHOT: the locals of the hit frame are captured. PAUSE: every thread of the program halts.
    START: capturing begins; there is none before. STOP: capturing ends for good.
    """

    SNAPSHOT = "snapshot"
    PAUSE = "pause"
    START = "start"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Watch:
    """``probe_id``: at whose hits the condition is asked, 0 for all probes."""

    condition: str
    action: WatchAction
    probe_id: int = 0


class TargetWatch:
    """One watch at work. A condition without edges acts when it becomes true, not while it is.

    ``act`` is called at the hit, in the program's thread, with the watch and the frame.

    Raises:
        ConditionSyntaxError: the condition's text is none.
    """

    __slots__ = (
        *("_act", "_askers", "_momentary", "_reported", "conditions", "config", "count"),
        *("end_is_told", "failure", "watch_id"),
    )

    def __init__(
        self, watch_id: int, config: Watch, act: "Callable[[TargetWatch, FrameType], None]"
    ) -> None:
        self.watch_id = watch_id
        self.config = config
        self.conditions = CodeConditions(config.condition)
        self._momentary = has_edge(self.conditions.expr)
        self._act = act
        self._askers: dict[int, Callable[[FrameType], None]] = {}
        self._reported = 0
        self.count = 0
        self.failure = ""
        self.end_is_told = False

    def asker(self, code: CodeType, *, copies_locals: bool) -> Callable[[FrameType], None]:
        """Return what asks the condition at a hit in ``code``, and acts; always the same one."""
        asker = self._askers.get(id(code))
        if asker is None:
            asker = self._askers[id(code)] = self._new_asker(code, copies_locals)
        return asker

    def _new_asker(self, code: CodeType, copies_locals: bool) -> Callable[[FrameType], None]:
        test = self.conditions.evaluator_for(code, copies_locals=copies_locals).test
        momentary, memory = self._momentary, _local()

        def ask(frame: FrameType) -> None:
            if self.failure:
                return
            try:
                holds = test(frame)
            except ConditionError as error:
                self.failure = str(error)
                return
            if holds and (momentary or not getattr(memory, "held", False)):
                self.count += 1
                self._act(self, frame)
            memory.held = holds

        return ask

    def is_settled(self) -> bool:
        """Whether it has come to an end that is to be told at once."""
        return bool(self.failure)

    def report(self) -> TriggerReport:
        """Return how it fares. TRIGGERED is told of what has come and gone since last time."""
        state = TriggerState.WAITING
        if self.failure:
            state = TriggerState.OFF
        elif self.count != self._reported:
            state = TriggerState.TRIGGERED
        self._reported = self.count
        return TriggerReport(state, self.count, self.conditions.undecided(), self.failure)
