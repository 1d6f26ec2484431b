"""FrameTemplate: a frame that was built once, with places that numbers are filled into.

To find the places, the frame is built with marks for numbers: such as nothing else in it is likely
to be.
"""

import struct
from collections.abc import Callable, Iterable
from typing import NamedTuple

FIRST_MARK = 0x4A5E_9D31_0B70_0000  # those that follow are marks, too


class Place(NamedTuple):
    """Numbers that stand one behind the other: marks, and what ``struct`` calls all of them."""

    marks: list[int]
    form: str

    def packed(self, byte_order: str) -> bytes:
        """Return the marks as they stand in a frame of that byte order."""
        return struct.pack(f"{byte_order}{len(self.marks)}q", *self.marks)


class FrameTemplate(NamedTuple):
    """``pack`` takes the parts around the places and the places' numbers, by turns."""

    parts: list[bytes]
    pack: Callable[..., bytes]


def frame_template(
    frame: bytes, places: Iterable[Place], *, byte_order: str = "<"
) -> FrameTemplate | None:
    """Return what is made of a frame with marks at the places, which come in its order.

    ``byte_order`` is that of the numbers there, as ``struct`` writes it. None if they cannot be
    found for certain.
    """
    parts: list[bytes] = []
    form, rest = byte_order, frame
    for place in places:
        mark = place.packed(byte_order)
        if rest.count(mark) != 1:
            return None
        part, _, rest = rest.partition(mark)
        parts.append(part)
        form += f"{len(part)}s{place.form}"
    parts.append(rest)
    return FrameTemplate(parts, struct.Struct(f"{form}{len(rest)}s").pack)
