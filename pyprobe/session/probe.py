"""A probe as the front ends see it: what it watches, how it fares, what it captured."""

from typing import TYPE_CHECKING

from pyprobe.analysis.occurrence import Occurrence
from pyprobe.core.anchor import ProbeAnchor
from pyprobe.core.throttle import ThrottleStrategy, parse_throttle
from pyprobe.session.trace import ProbeStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyprobe.core.trigger import Trigger
    from pyprobe.session.history import History
    from pyprobe.session.trigger_reading import TriggerReading

__all__ = ["STALE_AFTER_S", "Probe", "ProbeStatus", "mode_label", "new_history"]

STALE_AFTER_S = 2.0
MAX_EARLIER = 8
MAX_EARLIER_BYTES = 512 << 20


class Probe:
    """The model of one probe. Only its session changes it.

    ``detail`` says why it is invalid. ``mode`` is what its label says of throttling, ``dropped``
    how many hits the budget or a full buffer cost. ``color_index`` stays with the probe. ``lost``
    says why the edited source no longer has it; no target is asked for it then. ``earlier`` are the
    histories of runs before this one, oldest first: at most ``MAX_EARLIER``, and no more than fit
    into ``MAX_EARLIER_BYTES``. ``make_history`` is told the epoch. ``trigger_reading`` tells how
    its trigger fares in the current or last run.
    """

    def __init__(
        self,
        probe_id: int,
        anchor: ProbeAnchor,
        occurrence: Occurrence,
        *,
        throttle: str,
        run_code: bool,
        color_index: int,
        epoch_ns: int,
        make_history: "Callable[[int], History] | None" = None,
    ) -> None:
        self.id = probe_id
        self.anchor = anchor
        self.occurrence = occurrence
        self.throttle = throttle
        self.run_code = run_code
        self.color_index = color_index
        self._make_history = make_history or new_history
        self.history = self._make_history(epoch_ns)
        self.status = ProbeStatus.ARMED
        self.detail = ""
        self.lost = ""
        self.mode = mode_label(throttle)
        self.captured = 0
        self.dropped = 0
        self.last_capture_s = 0.0
        self.earlier: list[History] = []
        self.trigger: Trigger | None = None
        self.trigger_reading: TriggerReading | None = None
        self.sample_rate_hz: float | None = None

    def begin_generation(self, epoch_ns: int) -> None:
        """Begin an empty history for a run; what the last one captured joins the earlier ones."""
        if self.history.count:
            self.earlier.append(self.history)
        self.history = self._make_history(epoch_ns)
        kept, used_bytes = 0, 0
        for history in reversed(self.earlier):
            used_bytes += history.nbytes
            if kept == MAX_EARLIER or used_bytes > MAX_EARLIER_BYTES:
                break
            kept += 1
        del self.earlier[: len(self.earlier) - kept]

    def similar_history(self, epoch_ns: int) -> "History":
        """Return an empty history within the same limits as the probe's own."""
        return self._make_history(epoch_ns)

    @property
    def title(self) -> str:
        """The whole name: ``x @ script.py:10``."""
        return self.anchor.identity_label()

    @property
    def short_title(self) -> str:
        """The name where there is little room: ``x @ line 10``."""
        return f"{self.anchor.symbol} @ line {self.anchor.line}"

    def waiting_sentence(self) -> str:
        """Return what stands in its plot's place before its first capture."""
        match self.status:
            case ProbeStatus.INVALID:
                reason = self.detail or "it cannot be placed in the program as it is now"
                return f"invalid: {reason}"
            case ProbeStatus.FINISHED:
                return f"finished: nothing was captured on line {self.anchor.line}"
            case ProbeStatus.ARMED:
                return f"armed: waiting for line {self.anchor.line} to run"
            case _:
                return "no capture yet"

    def __repr__(self) -> str:
        return f"<Probe {self.id} {self.anchor.identity_label()} {self.status.value}>"


def new_history(epoch_ns: int) -> "History":
    """Return an empty history of no session; nothing of it goes to disk."""
    from pyprobe.session.history import History

    return History(epoch_ns=epoch_ns)


def mode_label(throttle: str) -> str:
    """Return the label of a throttle before the target has reported its own."""
    strategy, param = parse_throttle(throttle)
    if strategy is ThrottleStrategy.SAMPLE_EVERY_N:
        return f"1 / {param:.0f}"
    if strategy is ThrottleStrategy.TIME_BASED:
        return f"every {param:g} ms"
    return "on change" if strategy is ThrottleStrategy.CHANGE_DETECT else "every"
