"""Captures that are heard in the program itself: each is told, with its value, as it is stored."""

from collections.abc import Callable

from pyprobe.core.capture_log import Extend
from pyprobe.core.recorder import Recorder
from pyprobe.core.target_probe import TargetProbe

_NUMBERS = frozenset(map(id, (bool, int, float, complex)))

# Told a probe's id and the value, the program's own object.
Hear = Callable[[int, object], None]


class HeardRecorder(Recorder):
    """Stores as another recorder does, and tells what was stored."""

    def __init__(self, plain: Recorder, hear: Hear) -> None:
        self._plain = plain
        self._hear = hear

    def store(self, probe: TargetProbe, value: object) -> bool:
        stored = self._plain.store(probe, value)
        if stored:
            self._hear(probe.probe_id, value)
        return stored

    def store_changed(self, probe: TargetProbe, value: object) -> bool:
        stored = self._plain.store_changed(probe, value)
        if stored:
            self._hear(probe.probe_id, value)
        return stored


def heard_extend(extend: Extend, hear: Hear) -> Extend:
    """Return an ``extend`` that tells the numbers it is given.

    What was packed is not told: its value is no longer at hand, as that of a capture which a
    trigger has kept from before.
    """

    def both(entry: tuple[int, int, int, object]) -> None:
        extend(entry)
        value = entry[3]
        if id(type(value)) in _NUMBERS:
            hear(entry[0], value)

    return both
