"""CutOff: says why a program that still runs can be reached no more, and takes what it has left."""

from pyprobe.ipc.messages import Bye
from pyprobe.ipc.ring import RingReader
from pyprobe.session.model import SessionModel
from pyprobe.session.target import Target

REPLACED = "The program has replaced itself by another one, which goes on plain."
CLOSED = (
    "The program has closed its connection to PyProbe, as it closes descriptors that it does not"
    " know; from there on nothing is captured."
)


class CutOff:
    """One for a run. ``ring``: where the program leaves what it could not send, None if nowhere.

    ``why``: why nothing can be asked of the program any more, one sentence, or ``""``.
    """

    def __init__(self, target: Target, ring: RingReader | None, model: SessionModel) -> None:
        self._target = target
        self._ring = ring
        self._model = model
        self.why = ""

    def look(self, bye: Bye | None) -> None:
        """Say so once where the pipe has ended, and have it go on with what was left."""
        if self.why or not self._target.pipe.is_drained:
            return
        if bye is not None and bye.reason == "exec":
            self.why = REPLACED
            self._model.note(self.why)
        elif self._ring is not None and self._ring.has_left:
            self.why = CLOSED
            lost = self._take_rest(self._ring)
            told = f" {lost:,} captures before that are lost." if lost > 0 else ""
            self._model.note(self.why + told)

    def _take_rest(self, ring: RingReader) -> int:
        """Return how many captures there was no room for."""
        rest, captured = ring.take_rest()
        self._target.pipe.add_rest(rest)
        self._target.guard_cut_off()
        return 0 if rest else captured - self._model.stats.received
