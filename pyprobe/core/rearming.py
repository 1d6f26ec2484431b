"""Rearming: the code objects whose throttle sleeps, when each is due, and what is done then."""

from collections.abc import Callable
from types import CodeType

from pyprobe.core.doubt import Doubt
from pyprobe.core.gate import Gate
from pyprobe.core.waiting_hit import WaitingHit

# What is due a little after another thing is done with it, and from then on together.
_SLACK_PARTS = 16  # of an interval


class Rearming:
    """All by the ``id`` of the code object. ``schedule`` may be called from any thread.

    ``wake`` arms a code object; ``marks_of`` are the traces of the hits in one, which a new hit
    changes.
    """

    def __init__(
        self,
        gate: Gate,
        *,
        wake: Callable[[int, CodeType], None],
        marks_of: Callable[[int], tuple[object, ...]],
    ) -> None:
        self._gate = gate
        self._wake = wake
        self._marks_of = marks_of
        self._due: dict[int, tuple[int, CodeType]] = {}
        self._doubts: dict[int, Doubt] = {}
        self._waiting_hits: dict[int, list[WaitingHit]] = {}

    def schedule(self, code: CodeType, due_ns: int) -> None:
        """Have ``code`` woken at ``due_ns``, or earlier if that was asked for already."""
        planned = self._due.get(id(code))
        if planned is None or due_ns < planned[0]:
            self._due[id(code)] = (due_ns, code)
            if self._gate.attention:
                self._gate.wake()

    def next_due_ns(self, slack_ns: int) -> int | None:
        """Return when ``turn`` has something to do, None while nothing sleeps.

        What is due within ``slack_ns`` of the first is done with it, at the last one's time.
        """
        due = [due_ns for due_ns, _code in list(self._due.values())]
        due += [doubt.check_ns for doubt in list(self._doubts.values())]
        if not due:
            return None
        last_ns = min(due) + slack_ns
        return max(due_ns for due_ns in due if due_ns <= last_ns)

    def turn(self, now_ns: int) -> bool:
        """Wake what is due, or take the hits that wait there; whether there was something due."""
        found = False
        for key, (due_ns, code) in list(self._due.items()):
            if due_ns <= now_ns:
                found = True
                self._due.pop(key, None)
                if self._takes_waiting(key, code, now_ns):
                    self._doubts.pop(key, None)
                else:
                    self._wake(key, code)
                    self._doubts[key] = Doubt(code, now_ns, self._marks_of(key))
        for key, doubt in list(self._doubts.items()):
            if doubt.check_ns <= now_ns:
                self._check(key, doubt, now_ns)
        return found

    def was_armed(self, key: int, waiting_hits: list[WaitingHit]) -> None:
        """Forget what was planned: the code object is armed anew, or no longer.

        ``waiting_hits`` are of all its probes, or none.
        """
        self._due.pop(key, None)
        self._doubts.pop(key, None)
        if waiting_hits:
            self._waiting_hits[key] = waiting_hits
        else:
            self._waiting_hits.pop(key, None)

    def clear(self) -> None:
        """Forget all."""
        self._due.clear()
        self._doubts.clear()
        self._waiting_hits.clear()

    def _takes_waiting(self, key: int, code: CodeType, now_ns: int) -> bool:
        """Take the hits that wait there; if all that are due do, nothing need be woken.

        Nothing is taken yet while another one of them is due in a moment.
        """
        hits = self._waiting_hits.get(key)
        if hits is None:
            return False
        for hit in hits:
            if hit.waiting_offset is None:  # then the code is armed in any case
                del self._waiting_hits[key]
                return False
        if _next_due_ns(hits) <= now_ns:
            for hit in hits:
                if hit.probe.due_ns <= now_ns and not hit.take():
                    return False
        self._due[key] = _next_due_ns(hits), code
        return True

    def _check(self, key: int, doubt: Doubt, now_ns: int) -> None:
        """Wake once more what has been silent since it was."""
        silent = key not in self._due and self._marks_of(key) == doubt.marks
        if silent:
            self._wake(key, doubt.code)
        if not silent or not doubt.wait_longer(now_ns):
            self._doubts.pop(key, None)


def _next_due_ns(hits: list[WaitingHit]) -> int:
    if len(hits) == 1:  # as nearly always; each call counts with caches as cold as they are here
        return hits[0].probe.due_ns
    slack_ns = min(hit.interval_ns for hit in hits) // _SLACK_PARTS
    first_ns = min(hit.probe.due_ns for hit in hits)
    return max(hit.probe.due_ns for hit in hits if hit.probe.due_ns <= first_ns + slack_ns)
