"""TriggerNews: what front ends are told of the triggers, when it has changed."""

from collections.abc import Iterator, Mapping

from pyprobe.core.target_probe import TargetProbe
from pyprobe.core.trigger_runtime import TargetTrigger
from pyprobe.ipc.messages import TriggerNote


class TriggerNews:
    """Remembers what was told of which trigger."""

    def __init__(self, probes: Mapping[int, TargetProbe]) -> None:
        self._probes = probes
        self._told: dict[int, tuple[TargetTrigger, TriggerNote]] = {}

    def has_any(self) -> bool:
        """Whether there is a trigger that something can be told of."""
        return any(probe.trigger is not None for probe in list(self._probes.values()))

    def settled(self) -> Iterator[TriggerNote]:
        """Yield a message for each trigger that has just come to its end."""
        for probe_id, trigger in self._triggers():
            if trigger.is_settled() and not trigger.end_is_told:
                trigger.end_is_told = True
                yield self._note(probe_id, trigger)

    def changed(self) -> Iterator[TriggerNote]:
        """Yield a message for each trigger that fares differently than was last told."""
        for probe_id, trigger in self._triggers():
            told = self._told.get(probe_id)
            note = self._note(probe_id, trigger)
            if told is None or told[0] is not trigger or told[1] != note:
                yield note

    def _triggers(self) -> Iterator[tuple[int, TargetTrigger]]:
        for probe in list(self._probes.values()):
            if probe.trigger is not None:
                yield probe.probe_id, probe.trigger

    def _note(self, probe_id: int, trigger: TargetTrigger) -> TriggerNote:
        report = trigger.report()
        undecided: dict[str, object] = {
            part: [count, reason] for part, (count, reason) in report.undecided.items()
        }
        note = TriggerNote(probe_id, report.state.value, report.times, undecided, report.detail)
        self._told[probe_id] = trigger, note
        return note
