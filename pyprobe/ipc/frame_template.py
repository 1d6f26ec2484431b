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

    @property
    def packed(self) -> bytes:
        """The marks as they stand in the frame."""
        return struct.pack(f"<{len(self.marks)}q", *self.marks)


class FrameTemplate(NamedTuple):
    """``pack`` takes the parts around the places and the places' numbers, by turns."""

    parts: list[bytes]
    pack: Callable[..., bytes]


def frame_template(frame: bytes, places: Iterable[Place]) -> FrameTemplate | None:
    """Return what is made of a frame with marks at the places, which come in its order.

    None if they cannot be found for certain.
    """
    parts: list[bytes] = []
    form, rest = "<", frame
    for place in places:
        mark = place.packed
        if rest.count(mark) != 1:
            return None
        part, _, rest = rest.partition(mark)
        parts.append(part)
        form += f"{len(part)}s{place.form}"
    parts.append(rest)
    return FrameTemplate(parts, struct.Struct(f"{form}{len(rest)}s").pack)
