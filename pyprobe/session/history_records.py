"""What is read out of a history: single captures, and statistics of many."""

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from pyprobe.errors import PyProbeError
from pyprobe.session.values import ArrayValue, ScalarValue, TextValue, Value

Axis = Literal["index", "time"]
Part = Literal["re", "im"]

V_co = TypeVar("V_co", bound=Value, covariant=True)


class CaptureGoneError(PyProbeError):
    """A capture cannot be had any more."""


@dataclass(frozen=True)
class Capture(Generic[V_co]):
    """One stored capture. ``t_ns`` is the target's ``perf_counter_ns``."""

    seq: int
    t_ns: int
    thread: int
    value: V_co


ArrayCapture = Capture[ArrayValue]
TextCapture = Capture[TextValue]


@dataclass(frozen=True)
class ScalarCapture(Capture[ScalarValue]):
    """One scalar, exact as it was captured.

    ``number`` is its x on the index axis: scalars are counted from 0 over all ever stored.
    """

    number: int


@dataclass(frozen=True)
class ScalarStatistics:
    """What is to be said of a range of scalars.

    ``count`` are the finite ones, which the others speak of; ``gaps`` the NaN and infinities.
    ``std`` divides by ``count``. All are NaN where nothing is finite.
    """

    count: int
    gaps: int
    minimum: float
    maximum: float
    mean: float
    rms: float
    std: float

    @property
    def peak_to_peak(self) -> float:
        """The distance from minimum to maximum."""
        return self.maximum - self.minimum
