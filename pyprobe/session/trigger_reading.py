"""TriggerReading: how a probe's trigger fares, as the target has told it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pyprobe.conditions.tally import how_often
from pyprobe.core.trigger import TriggerState
from pyprobe.errors import ProtocolError
from pyprobe.ipc.messages import TriggerNote


@dataclass(frozen=True, slots=True)
class Undecided:
    """A part of the condition was false so many times for want of a value, and why."""

    times: int
    reason: str


@dataclass(frozen=True, slots=True)
class TriggerReading:
    """``times``: how often it has triggered. ``detail`` says why it is OFF, or what it lacks.

    ``undecided`` holds the parts of the condition that named what was not there, or compared what
    cannot be compared.
    """

    state: TriggerState = TriggerState.ARMED
    times: int = 0
    undecided: Mapping[str, Undecided] = field(default_factory=dict)
    detail: str = ""

    @property
    def sentence(self) -> str:
        """What is wrong with it in one sentence, or ``""``."""
        if self.detail:
            return self.detail
        for part, one in self.undecided.items():
            return f"`{part}` was false {how_often(one.times)}: {one.reason}"
        return ""

    @property
    def is_at_work(self) -> bool:
        """Whether it has triggered and still can, whatever its sentence says it has lacked."""
        return self.state is not TriggerState.OFF and self.times > 0


def read_note(note: TriggerNote) -> TriggerReading:
    """Return what a message says.

    Raises:
        ProtocolError: it says nothing that can be understood.
    """
    try:
        state = TriggerState(note.state)
    except ValueError:
        raise ProtocolError(f"a trigger's state is {note.state!r:.60}") from None
    undecided: dict[str, Undecided] = {}
    for part, entry in note.undecided.items():
        match entry:
            case [int(times), str(reason)]:
                undecided[part] = Undecided(times, reason)
            case _:
                raise ProtocolError(f"what a trigger could not decide is {entry!r:.60}")
    return TriggerReading(state, note.count, undecided, note.detail)
