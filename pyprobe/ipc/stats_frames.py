"""Frames of counters, made by filling numbers into a frame that was built before.

They are sent four times a second while anything is captured. To encode one takes the service thread
a third of a millisecond with caches as cold as they are then, in which the program waits.
"""

import struct
from typing import NamedTuple

from pyprobe.ipc.codec import encode
from pyprobe.ipc.frame_template import FIRST_MARK, FrameTemplate, Place, frame_template
from pyprobe.ipc.messages import PlainDict, Stats

_COUNTERS = 5  # of a Stats message beside those of its probes
_MOST_PROBES = 64  # each of whose places is looked for in all of the frame


class ProbeCounters(NamedTuple):
    """What is told of one probe; ``mode`` as in ``Stats``."""

    probe_id: int
    mode: str
    captured: int
    dropped: int


class StatsFrames:
    """Remembers the frame of the probes there were last, and of their modes."""

    def __init__(self) -> None:
        self._probes: list[tuple[int, str]] | None = None
        self._template: FrameTemplate | None = None

    def frame_of(self, counters: tuple[int, ...], probes: list[ProbeCounters]) -> bytes:
        """Return a frame that ``codec.decode`` takes for the Stats message of these numbers.

        ``counters`` are its first five fields.
        """
        wanted = [(probe.probe_id, probe.mode) for probe in probes]
        if wanted != self._probes:
            self._template = _template(wanted)
            self._probes = wanted
        numbers = [*counters]
        for probe in probes:
            numbers += probe.captured, probe.dropped
        if self._template is None:
            return encode(_message(numbers, wanted))
        head, *parts = self._template.parts
        values: list[object] = [head]
        for number, part in zip(numbers, parts, strict=True):
            values += number, part
        try:
            return self._template.pack(*values)
        except struct.error:  # more than 64 bits
            return encode(_message(numbers, wanted))


def _message(numbers: list[int], probes: list[tuple[int, str]]) -> Stats:
    captured, dropped, cost_ns, elapsed_ns, refused, *rest = numbers
    told: PlainDict = {
        str(probe_id): [*rest[2 * at : 2 * at + 2], mode]
        for at, (probe_id, mode) in enumerate(probes)
    }
    return Stats(captured, dropped, cost_ns, elapsed_ns, refused, told)


def _template(probes: list[tuple[int, str]]) -> FrameTemplate | None:
    if len(probes) > _MOST_PROBES:
        return None
    marks = list(range(FIRST_MARK, FIRST_MARK + _COUNTERS + 2 * len(probes)))
    # Each is so large that msgpack writes it as a number of 64 bits, the highest byte first.
    frame = encode(_message(marks, probes))
    return frame_template(frame, [Place([mark], "Q") for mark in marks], byte_order=">")
