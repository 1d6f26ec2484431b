"""Frames of a few captures, made by filling numbers into a frame that was built before.

A probe that captures once in a while sends a frame with one number each time. To build columns and
msgpack for that takes the service thread a third of a millisecond with caches as cold as they are
then, in which the program waits.
"""

import struct
from collections.abc import Iterator
from itertools import count, islice
from typing import cast

from pyprobe.ipc.capture_rows import CaptureRows
from pyprobe.ipc.codec import encode
from pyprobe.ipc.column_writer import build_columns
from pyprobe.ipc.frame_template import FIRST_MARK, FrameTemplate, Place, frame_template
from pyprobe.ipc.messages import Captures

_MOST_CAPTURES = 16
_MOST_TEMPLATES = 64
_TYPECODES = {float: "d", int: "q"}


class SmallFrames:
    """Remembers the frames of the combinations of probes and kinds of value that came lately."""

    def __init__(self) -> None:
        self._templates: dict[tuple[object, ...], FrameTemplate | None] = {}

    def frame_of(self, first_seq: int, rows: CaptureRows) -> bytes | None:
        """Return the frame of drained captures, as ``column_writer`` and ``codec`` make it.

        None for what is not a few floats and int64s, each of another probe.
        """
        if len(rows.values) > _MOST_CAPTURES:
            return None
        key = (*rows.probe_ids, *map(type, rows.values))
        if key not in self._templates:
            if len(self._templates) >= _MOST_TEMPLATES:
                self._templates.clear()
            self._templates[key] = _template(rows)
        template = self._templates[key]
        if template is None:
            return None
        parts = iter(template.parts)
        values: list[object] = []
        for seq, items in enumerate(zip(*rows[1:], strict=True), first_seq):
            for item in (seq, *items):
                values += (next(parts), item)
        try:
            return template.pack(*values, next(parts))
        except struct.error:  # an int of more than 64 bits
            return None


def _template(rows: CaptureRows) -> FrameTemplate | None:
    probe_ids = rows.probe_ids
    codes = [_TYPECODES.get(type(value), "") for value in rows.values]
    if len(set(probe_ids)) < len(probe_ids) or not all(codes):
        return None
    forms = [form for code in codes for form in ("q", "q", "Q", code)]
    numbers = [FIRST_MARK + place for place in _places(len(probe_ids))]
    places = [Place([number], form) for number, form in zip(numbers, forms, strict=True)]
    marked = [struct.unpack(f"<{place.form}", place.packed("<"))[0] for place in places]
    marked_rows = CaptureRows(probe_ids, *(marked[item::4] for item in (1, 2, 3)))
    columns = build_columns(marked_rows, FIRST_MARK)
    return frame_template(encode(Captures(cast(list[object], columns))), places)


def _places(rows: int) -> Iterator[int]:
    """Number the marks in the order of a frame: consecutive ones for the sequence numbers."""
    others = count(rows)
    for row in range(rows):
        yield row
        yield from islice(others, 3)
