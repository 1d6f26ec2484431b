"""Changing the line that a thread goes on with, where the interpreter allows it."""

from types import FrameType
from warnings import catch_warnings, simplefilter

from pyprobe.errors import PyProbeError

_MOST_LINES = (1 << 31) - 1


def jump(frame: FrameType, line: int) -> tuple[int, str]:
    """Let a frame go on at another line; return the line it stands on then, and a remark.

    Called in the frame's own thread, from the callback of the event it stands in: the interpreter
    takes it at line events alone.

    Raises:
        PyProbeError: the interpreter refuses; the message is its own.
    """
    line = min(max(line, 0), _MOST_LINES)  # the interpreter refuses both, in its own words
    # It warns of variables that have no value on the new line, whatever filters the program has.
    with catch_warnings(record=True) as warned:
        simplefilter("always")
        try:
            setattr(frame, "f_lineno", line)  # noqa: B010 - typed as read-only
        except (ValueError, RuntimeError) as error:
            raise PyProbeError(str(error)) from None
    return frame.f_lineno or line, "; ".join(str(one.message) for one in warned)
