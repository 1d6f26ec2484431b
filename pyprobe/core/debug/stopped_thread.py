"""StoppedThread: a thread of the program that stands, and does what it is asked meanwhile."""

from _thread import allocate_lock
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

from pyprobe.core.debug.records import StopPlace
from pyprobe.errors import PyProbeError

# A signal that comes just before the wait does not end it, and on Windows none does.
_LOOK_FOR_SIGNALS_S = 0.05


@dataclass(frozen=True, slots=True)
class PassedFrame:
    """A frame that an exception has come through, and on which line."""

    frame: FrameType
    line: int


class StoppedThread:
    """Made in the thread itself, which then calls ``stand``; all else is called by other threads.

    ``ident`` is the interpreter's number of the thread. ``hears_signals``: signal handlers of the
    program run in it. ``passed``: the frames that the exception for which it stands has come
    through, innermost first, where the first of them has ended.
    """

    def __init__(
        self,
        ident: int,
        frame: FrameType,
        place: StopPlace,
        *,
        hears_signals: bool = True,
        passed: tuple[PassedFrame, ...] = (),
    ) -> None:
        self._wait_s = _LOOK_FOR_SIGNALS_S if hears_signals else -1.0
        self.ident = ident
        self.place = place
        self._frame: FrameType | None = frame
        self._passed = passed
        self._jobs: deque[Callable[[], object]] = deque()
        self._turn = allocate_lock()
        self._turn.acquire()
        self._released = False

    @property
    def passed(self) -> tuple[PassedFrame, ...]:
        """The frames an exception has left, innermost first; none where it stands in ``frame``."""
        return self._passed

    @property
    def frame(self) -> FrameType:
        """The frame to look at: where it stands, or where the exception was raised.

        Raises:
            PyProbeError: it has gone on.
        """
        passed = self._passed
        return passed[0].frame if passed else self.frame_on

    @property
    def frame_on(self) -> FrameType:
        """The frame it stands in, and goes on in.

        Raises:
            PyProbeError: it has gone on.
        """
        frame = self._frame
        if frame is None:
            raise PyProbeError("the thread has gone on")
        return frame

    def stand(self) -> None:
        """Return when the thread may go on; until then do what it is asked.

        Signal handlers of the program run meanwhile; what they or a job raise passes through.
        """
        try:
            while not self._released:
                self._turn.acquire(timeout=self._wait_s)
                while self._jobs and not self._released:
                    self._jobs.popleft()()
        finally:
            self._released = True
            self._frame, self._passed = None, ()

    def release(self) -> None:
        """Let the thread go on; jobs that it has not begun are not done."""
        self._released = True
        self._wake()

    def submit(self, job: Callable[[], object]) -> None:
        """Have a job done in the thread, after those it was given before. It may not raise.

        Raises:
            PyProbeError: the thread has gone on.
        """
        if self._released:
            raise PyProbeError("the thread has gone on")
        self._jobs.append(job)
        self._wake()

    def _wake(self) -> None:
        try:
            self._turn.release()
        except RuntimeError:  # it is awake, and will look
            return
