"""The value of the capture before the newest: what a lens compares with to mark changes."""

from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.history_records import CaptureGoneError
from pyprobe.session.values import Value


def previous_value(history: HistoryReader) -> Value | None:
    """Return the value before the newest; ``None`` where there is none, or none any more."""
    last_t_ns = history.last_t_ns
    before_t_ns = history.previous_t_ns(last_t_ns) if last_t_ns is not None else None
    if before_t_ns is None:
        return None
    try:
        capture = history.capture_at(before_t_ns)
    except CaptureGoneError:
        return None
    return capture.value if capture is not None else None
