"""Trigger: the condition that decides when a probe captures, as front ends set it."""

from dataclasses import dataclass
from enum import Enum

from pyprobe.errors import PyProbeError

MAX_PRE = 100_000
MAX_POST = 1 << 40
MAX_HOLD_OFF_MS = 1e9
ENDLESS = -1


class TriggerMode(Enum):
    """What happens without a trigger, and after one; the value is the name on the wire.

    NORMAL: only what belongs to a trigger is captured. SINGLE: the first trigger's captures, then
    nothing more until the trigger is set again. AUTO: as NORMAL, but where the condition has not
    held for a while every hit is captured, so that there is something to see.
    """

    AUTO = "auto"
    NORMAL = "normal"
    SINGLE = "single"


class TriggerState(Enum):
    """Where a trigger stands; the value is the name on the wire.

    ARMED: it gathers the captures to be kept from before, or its hold-off is not over. WAITING: the
    next hit for which the condition holds triggers. TRIGGERED: it has triggered, and captures are
    taken or have just been. STOPPED: a single one has all its captures. OFF: it failed, and its
    probe captures as without it.
    """

    ARMED = "armed"
    WAITING = "waiting"
    TRIGGERED = "triggered"
    STOPPED = "stopped"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Trigger:
    """One probe's trigger.

    At the hit for which ``condition`` holds, that hit is captured, with the ``pre`` captures before
    it and the ``post`` captures after it (``ENDLESS``: all). So ``post=0`` captures exactly the
    hits for which it holds. While ``post`` captures are taken, and until ``hold_off_ms`` after the
    trigger, no other triggers.

    Raises:
        PyProbeError: a count or the hold-off lies out of range.
    """

    condition: str
    mode: TriggerMode = TriggerMode.NORMAL
    pre: int = 0
    post: int = 0
    hold_off_ms: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.pre <= MAX_PRE:
            raise PyProbeError(f"0 to {MAX_PRE:,} captures can be kept from before a trigger")
        if not ENDLESS <= self.post <= MAX_POST:
            raise PyProbeError("the number of captures after a trigger is 0 or more, or -1 for all")
        if not 0.0 <= self.hold_off_ms <= MAX_HOLD_OFF_MS:
            raise PyProbeError("the hold-off is a time of 0 ms or more")
