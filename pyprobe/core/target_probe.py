"""TargetProbe: one watched anchor as the target keeps it."""

from types import CodeType

from pyprobe.analysis.occurrence import Occurrence
from pyprobe.core.anchor import ProbeAnchor
from pyprobe.core.throttle import ThrottleStrategy, WatchConfig


class TargetProbe:
    """The state handlers share with the engine. Counters only ever grow."""

    __slots__ = (
        "anchor",
        "budget_window",
        "captured",
        "codes",
        "config",
        "detail",
        "dropped",
        "due_ns",
        "file",
        "has_others",
        "hits",
        "last",
        "occurrence",
        "probe_id",
        "sampled",
        "trigger",
    )

    def __init__(
        self, probe_id: int, anchor: ProbeAnchor, occurrence: Occurrence, config: WatchConfig
    ) -> None:
        self.probe_id = probe_id
        self.anchor = anchor
        self.occurrence = occurrence
        self.config = config
        self.file = anchor.file  # its real path, from the engine
        self.codes: dict[int, CodeType] = {}
        self.captured = 0
        self.dropped = 0
        self.hits = 0
        self.due_ns = 0
        self.last: object = None
        self.budget_window = -1
        self.sampled = False
        self.detail = ""
        self.has_others = False  # whether it has ever captured anything but floats

    def mode(self) -> str:
        """Return what the trace's label says of which hits were captured.

        A trace that was sampled once has gaps, and its label says so for good.
        """
        strategy, param = self.config.throttle_strategy, self.config.throttle_param
        if strategy is ThrottleStrategy.SAMPLE_EVERY_N:
            return f"1 / {int(param)}"
        if strategy is ThrottleStrategy.TIME_BASED:
            return f"every {param:g} ms"
        if strategy is ThrottleStrategy.CHANGE_DETECT:
            return f"on change of {param:g}" if param else "on change"
        if strategy is ThrottleStrategy.AUTO and self.sampled:
            return "sampled"
        return "every"
