"""DeadMan: lets a program that stands go on when its front end is there no more, but connected.

From then on it stops no more, or it would stand again at the next breakpoint, until something is
heard of the front end.
"""

from collections.abc import Callable
from time import perf_counter_ns

from pyprobe.core.debug.stopper import Stopper
from pyprobe.ipc.messages import Message, Note, State

_ASKS = 3  # how often within the limit a sign of life is asked for


class DeadMan:
    """``limit_s``: how long a front end may be silent while a thread stands, 0 for any time.

    It is asked for a sign of life by being told again that the program is paused; whatever it
    sends is one. Used on the service thread alone. ``go_on`` lets the program go on.
    """

    def __init__(
        self, stopper: Stopper, post: Callable[[Message], None], go_on: Callable[[], None]
    ) -> None:
        self._stopper = stopper
        self._post = post
        self._go_on = go_on
        self._heard_ns = 0
        self._asked_ns = 0
        self.limit_s = 0.0

    def heard(self) -> None:
        """The front end has sent something."""
        self._heard_ns = perf_counter_ns()
        self._stopper.is_unwatched = False

    def sleep_s(self) -> float | None:
        """Return the seconds until ``look`` has something to do; None for any time."""
        if not self.limit_s or not self._stopper.standing:
            return None
        silent_ns = perf_counter_ns() - max(self._since_ns(), self._asked_ns)
        return max(self.limit_s / _ASKS - silent_ns / 1e9, 0.0)

    def look(self) -> None:
        """Ask for a sign of life when it is time, or let the program go on."""
        standing = self._stopper.standing
        if not self.limit_s or not standing:
            return
        now_ns = perf_counter_ns()
        silent_s = (now_ns - self._since_ns()) / 1e9
        if silent_s >= self.limit_s:
            self._stopper.is_unwatched = True
            self._go_on()
            self._post(
                Note(
                    f"Nothing was heard of you for {self.limit_s:g} s, so the program went on,"
                    " and did not stop again until now."
                )
            )
        elif (now_ns - max(self._since_ns(), self._asked_ns)) / 1e9 >= self.limit_s / _ASKS:
            self._asked_ns = now_ns
            place = standing[-1].place
            self._post(State("paused", place.file, place.line))

    def _since_ns(self) -> int:
        return max(self._heard_ns, self._stopper.since_ns)
