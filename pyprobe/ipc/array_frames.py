"""Frames of a few arrays that are alike, made by filling in where they lie in the ring.

To build such a frame takes the service thread a tenth of a millisecond, for which a program that
binds large arrays waits again and again: the ring does not take more than a few of them at once.
"""

from collections.abc import Callable
from itertools import count, islice
from typing import cast

from pyprobe.ipc.capture_rows import CaptureRows
from pyprobe.ipc.codec import encode
from pyprobe.ipc.column_writer import build_columns
from pyprobe.ipc.frame_template import FIRST_MARK, FrameTemplate, Place, frame_template
from pyprobe.ipc.messages import Captures
from pyprobe.ipc.packed import ArrayForm, PackedArray

_FEWEST, _MOST_CAPTURES = 2, 32
_MOST_TEMPLATES = 64


_TemplateOf = Callable[[int, ArrayForm, int], FrameTemplate | None]


class ArrayFrames:
    """Remembers the frames of the probes that captured arrays lately, by how many there were."""

    def __init__(self) -> None:
        self._templates: dict[tuple[int, int], tuple[ArrayForm, FrameTemplate | None]] = {}

    def frame_of(self, first_seq: int, rows: CaptureRows) -> bytes | None:
        """Return the frame of drained captures, as ``column_writer`` and ``codec`` make it.

        None for what is not a few arrays of one probe and one thread, in the ring and alike.
        """
        return self._fill(first_seq, rows, self._template)

    def known_frame_of(self, first_seq: int, rows: CaptureRows) -> bytes | None:
        """Return the same, or None where it would be the first such frame; from any thread."""
        return self._fill(first_seq, rows, self._known_template)

    def _fill(self, first_seq: int, rows: CaptureRows, template_of: _TemplateOf) -> bytes | None:
        first, captures = rows.values[0], len(rows.values)
        if type(first) is not PackedArray or not _FEWEST <= captures <= _MOST_CAPTURES:
            return None
        probe_id, thread, form = rows.probe_ids[0], rows.threads[0], first.form
        if not (rows.probe_ids.count(probe_id) == rows.threads.count(thread) == captures):
            return None
        slots: list[int] = []
        for value in rows.values:
            if type(value) is not PackedArray or not value.slot:
                return None
            if value.form is not form and value.form != form:
                return None
            slots += value.slot
        template = template_of(probe_id, form, captures)
        if template is None:
            return None
        head, to_times, to_thread, to_slots, tail = template.parts
        times_ns = rows.times_ns
        return template.pack(
            *(head, first_seq, to_times, *times_ns, to_thread, thread, to_slots, *slots, tail)
        )

    def _known_template(
        self, probe_id: int, form: ArrayForm, captures: int
    ) -> FrameTemplate | None:
        known, template = self._templates.get((probe_id, captures), (None, None))
        return template if known is form or known == form else None

    def _template(self, probe_id: int, form: ArrayForm, captures: int) -> FrameTemplate | None:
        key = probe_id, captures
        known, template = self._templates.get(key, (None, None))
        if known is form or known == form:
            return template
        if len(self._templates) >= _MOST_TEMPLATES:
            self._templates.clear()
        template = _build(probe_id, form, captures)
        self._templates[key] = form, template
        return template


def _build(probe_id: int, form: ArrayForm, captures: int) -> FrameTemplate | None:
    marks = count(FIRST_MARK)
    seq, times, thread, slots = (
        list(islice(marks, numbers)) for numbers in (1, captures, 1, 2 * captures)
    )
    values = [PackedArray(form, b"", slot) for slot in zip(slots[::2], slots[1::2], strict=True)]
    rows = CaptureRows([probe_id] * captures, times, thread * captures, cast(list[object], values))
    frame = encode(Captures(cast(list[object], build_columns(rows, seq[0]))))
    places = (
        Place(seq, "q"),
        Place(times, f"{captures}q"),
        Place(thread, "Q"),
        Place(slots, f"{2 * captures}q"),
    )
    return frame_template(frame, places)
