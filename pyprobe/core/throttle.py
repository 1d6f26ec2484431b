"""The rules that say which hits of a probe become captures."""

from dataclasses import dataclass
from enum import Enum

from pyprobe.errors import PyProbeError

DEFAULT_INTERVAL_MS = 50.0


class ThrottleStrategy(Enum):
    """Which hits become captures; the value is the name used on the wire."""

    NONE = "none"
    TIME_BASED = "time"
    SAMPLE_EVERY_N = "sample"
    CHANGE_DETECT = "change"
    AUTO = "auto"


@dataclass(frozen=True, slots=True)
class WatchConfig:
    """How one probe captures.

    ``throttle_param`` is the interval in ms (TIME_BASED), N (SAMPLE_EVERY_N) or the tolerance
    (CHANGE_DETECT); the other strategies ignore it. ``run_code`` allows reading through properties,
    which runs code of the program.
    """

    var_name: str
    throttle_strategy: ThrottleStrategy = ThrottleStrategy.TIME_BASED
    throttle_param: float = DEFAULT_INTERVAL_MS
    enabled: bool = True
    run_code: bool = False


def parse_throttle(text: str) -> tuple[ThrottleStrategy, float]:
    """Read ``every``, ``every:N``, ``Nms``, ``change[:TOLERANCE]`` or ``auto``.

    Raises:
        PyProbeError: the text is none of these.
    """
    word, colon, rest = text.partition(":")
    try:
        if word == "every" and not colon:
            return ThrottleStrategy.NONE, 0.0
        if word == "every" and int(rest) >= 1:
            return ThrottleStrategy.SAMPLE_EVERY_N, float(int(rest))
        if word == "change":
            tolerance = float(rest) if colon else 0.0
            if 0.0 <= tolerance < float("inf"):
                return ThrottleStrategy.CHANGE_DETECT, tolerance
        if text == "auto":
            return ThrottleStrategy.AUTO, 0.0
        if text.endswith("ms") and 0.0 < float(text[:-2]) < 1e9:
            return ThrottleStrategy.TIME_BASED, float(text[:-2])
    except ValueError as error:
        raise _unknown_throttle(text) from error
    raise _unknown_throttle(text)


def _unknown_throttle(text: str) -> PyProbeError:
    return PyProbeError(
        f"throttle {text!r} is not known; use every, every:N, Nms, change, change:TOLERANCE or auto"
    )
