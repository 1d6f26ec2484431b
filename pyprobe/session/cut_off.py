"""CutOff: takes what is left of a program that has closed its connection to us, and says so."""

from pyprobe.ipc.ring import RingReader
from pyprobe.session.model import SessionModel
from pyprobe.session.target import Target

_SENTENCE = (
    "The program has closed its connection to PyProbe, as it closes descriptors that it does not"
    " know; from there on nothing is captured"
)


class CutOff:
    """One for a run. ``ring``: where the program leaves what it could not send, None if nowhere."""

    def __init__(self, target: Target, ring: RingReader | None, model: SessionModel) -> None:
        self._target = target
        self._ring = ring
        self._model = model
        self._is_told = False

    def look(self) -> None:
        """Have the pipe go on with what was left, once all has been taken that came through it."""
        ring, pipe = self._ring, self._target.pipe
        if self._is_told or ring is None or not pipe.is_drained or not ring.has_left:
            return
        self._is_told = True
        rest, captured = ring.take_rest()
        lost = 0 if rest else captured - self._model.stats.received
        pipe.add_rest(rest)
        self._target.guard_cut_off()
        told = f". {lost:,} captures before that are lost." if lost > 0 else "."
        self._model.note(_SENTENCE + told)
