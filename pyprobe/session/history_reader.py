"""What lenses, measurements and exports read of a history, as it is now or as it was."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from pyprobe.ipc.columns import ValueKind
from pyprobe.session.history_records import (
    ArrayCapture,
    Axis,
    Capture,
    Part,
    ScalarCapture,
    ScalarStatistics,
    TextCapture,
)
from pyprobe.session.values import Value

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pyprobe.session.scalar_series import ScalarSeries


class HistoryReader(Protocol):
    """One probe's captures. A ``History`` is one that grows; ``as_of`` gives one of the past.

    Everything is for the thread that owns the session. x is the number of the scalar capture,
    counted from 0 over all ever stored, or with ``axis="time"`` seconds since ``epoch_ns``. NaN
    and infinities of the program are gaps: not drawn, and left out of statistics.
    """

    @property
    def epoch_ns(self) -> int:
        """Zero of the time axis, in the target's ``perf_counter_ns``."""

    @property
    def count(self) -> int:
        """All captures there have been, also those let go since."""

    @property
    def last(self) -> Value | None:
        """The newest value, of any kind; ``None`` before the first."""

    @property
    def last_t_ns(self) -> int | None:
        """The time of the newest capture."""

    @property
    def kind(self) -> ValueKind | None:
        """The kind of the newest capture; ``None`` before the first."""

    @property
    def last_array(self) -> "NDArray[Any] | None":
        """The newest array, also where a value of another kind has come since."""

    @property
    def has_imaginary(self) -> bool:
        """Whether any scalar has been complex, so that there is a part ``"im"``."""

    @property
    def dropped_scalars(self) -> int:
        """Scalars that were let go, oldest first: the number of the first one stored."""

    @property
    def dropped_arrays(self) -> int:
        """Arrays that were let go."""

    @property
    def dropped_texts(self) -> int:
        """Texts that were let go."""

    def scalars(self, start: int | None = None, stop: int | None = None) -> "ScalarSeries":
        """Return the stored scalars, or those numbered ``start`` up to ``stop`` (not included).

        A column costs by the range when it is first asked for: of 100 million scalars take parts.
        """

    def arrays(self) -> Sequence[ArrayCapture]:
        """Return the arrays that are kept, oldest first; each is read when it is indexed.

        Take it anew for each drawing: it holds the arrays that are in memory.
        """

    def texts(self) -> Sequence[TextCapture]:
        """Return the texts that are kept, in the same way."""

    def span(self, axis: Axis = "index") -> tuple[float, float] | None:
        """Return the x of the first and of the last stored scalar; ``None`` when there is none."""

    def envelope(
        self,
        start: float,
        stop: float,
        pixels: int,
        *,
        axis: Axis = "index",
        part: Part = "re",
    ) -> "tuple[NDArray[np.float64], NDArray[np.float64]]":
        """Return x and y of at most about ``2 * pixels`` points that draw ``start`` to ``stop``.

        Few points are exact; of many, each column of pixels gives its minimum and its maximum at
        one x.
        """

    def statistics(
        self, start: float, stop: float, *, axis: Axis = "index", part: Part = "re"
    ) -> ScalarStatistics:
        """Return the statistics of all scalars whose x is in ``start`` to ``stop``, inclusive."""

    def index_at(self, t_ns: int) -> int:
        """Return how many scalars there were at a time: the number of the next one."""

    def scalar_at(self, number: int) -> ScalarCapture:
        """Return the scalar of this number.

        Raises:
            IndexError: it is not stored.
        """

    def nearest(self, x: float, *, axis: Axis = "index") -> ScalarCapture | None:
        """Return the scalar whose x is nearest, for what snaps to the data."""

    def capture_at(self, t_ns: int) -> Capture[Value] | None:
        """Return the newest capture of any kind at a time."""

    def previous_t_ns(self, t_ns: int) -> int | None:
        """Return the time of the newest capture before ``t_ns``, to step back to."""

    def next_t_ns(self, t_ns: int) -> int | None:
        """Return the time of the oldest capture after ``t_ns``, to step on to."""

    def as_of(self, t_ns: int) -> "HistoryReader":
        """Return the history as it was at a time, the captures of that instant included.

        Nothing is copied; what is let go later is missing here too. At a time when a history was
        empty, so is this.
        """
