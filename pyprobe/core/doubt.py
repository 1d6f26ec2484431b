"""Doubt: whether a re-armed code object is armed indeed.

A handler first asks to be re-armed, then answers DISABLE. Where its thread has to wait between the
two for longer than the throttle sleeps, it is disabled after it was re-armed, and nobody would come
again. So code that stays silent after a re-arming is re-armed a few times more, ever later.
"""

from types import CodeType

_FIRST_WAIT_NS = 50_000_000
_LONGER = 8
_MOST_WAITS = 4  # 0.05, 0.4, 3.2 and 25.6 s: a thread waits no longer for its turn


class Doubt:
    """``marks`` are the traces of hits in ``code`` when it was re-armed; a new hit changes them."""

    __slots__ = ("_waits", "check_ns", "code", "marks")

    def __init__(self, code: CodeType, now_ns: int, marks: tuple[object, ...]) -> None:
        self.code = code
        self.marks = marks
        self.check_ns = now_ns + _FIRST_WAIT_NS
        self._waits = 1

    def wait_longer(self, now_ns: int) -> bool:
        """Plan the next check; False when there were enough."""
        if self._waits >= _MOST_WAITS:
            return False
        self.check_ns = now_ns + _FIRST_WAIT_NS * _LONGER**self._waits
        self._waits += 1
        return True
