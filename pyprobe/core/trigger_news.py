"""TriggerNews: what front ends are told of triggers and watches, when it has changed."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from pyprobe.ipc.messages import TriggerNote

if TYPE_CHECKING:
    from pyprobe.core.trigger_runtime import TargetTrigger
    from pyprobe.core.trigger_watch import TargetWatch

    Reporter = TargetTrigger | TargetWatch


ALL_PROBES = 0  # the owner of the trigger that probes share


class TriggerNews:
    """Remembers what was told of which."""

    def __init__(
        self, triggers: "Mapping[int, TargetTrigger]", watches: "Mapping[int, TargetWatch]"
    ) -> None:
        self._triggers = triggers
        self._watches = watches
        self._told: dict[int, tuple[Reporter, TriggerNote]] = {}

    def has_untold(self) -> bool:
        """Whether there is one, as its state changes without a word."""
        return bool(self._watches or self._triggers)

    def settled(self) -> Iterator[TriggerNote]:
        """Yield a message for each that has just come to its end."""
        for owner_id, reporter in self._reporters():
            if reporter.is_settled() and not reporter.end_is_told:
                reporter.end_is_told = True
                yield self._note(owner_id, reporter)

    def changed(self) -> Iterator[TriggerNote]:
        """Yield a message for each that fares differently than was last told."""
        for owner_id, reporter in self._reporters():
            told = self._told.get(owner_id)
            note = self._note(owner_id, reporter)
            if told is None or told[0] is not reporter or told[1] != note:
                yield note

    def _reporters(self) -> "Iterator[tuple[int, Reporter]]":
        told = False
        for probe_id, trigger in list(self._triggers.items()):
            if not trigger.is_shared:
                yield probe_id, trigger
            elif not told:
                told = True
                yield ALL_PROBES, trigger
        yield from list(self._watches.items())

    def _note(self, owner_id: int, reporter: "Reporter") -> TriggerNote:
        report = reporter.report()
        undecided: dict[str, object] = {
            part: [count, reason] for part, (count, reason) in report.undecided.items()
        }
        note = TriggerNote(owner_id, report.state.value, report.times, undecided, report.detail)
        self._told[owner_id] = reporter, note
        return note
