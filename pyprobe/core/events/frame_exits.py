"""FrameExits: how a frame is left, of which ``sys.settrace`` tells only that it is, and the value.

That is None also where an exception leaves it. The instruction it stands at tells the two apart,
but for a ``yield``: what is thrown into a generator leaves it from where that had yielded.
"""

from opcode import opname as _OPNAME
from types import FrameType

from pyprobe.core.events.base import CodeSites


class FrameExits:
    """Is told what comes before a frame is left. All notes are by the frame's ``id``."""

    def __init__(self) -> None:
        self._raised_at: dict[int, int] = {}  # where an exception was its last event
        self._yielding: set[int] = set()  # has come to a yield that is wanted

    def note_raise(self, frame: FrameType) -> None:
        """An exception has come into a frame."""
        self._raised_at[id(frame)] = frame.f_lasti

    def note_line(self, frame: FrameType) -> None:
        """A frame has come to a line, and so has handled its exception."""
        self._raised_at.pop(id(frame), None)

    def note_yield(self, frame: FrameType) -> None:
        """A frame has come to a yield that is wanted."""
        self._yielding.add(id(frame))

    def forget(self, frame: FrameType) -> None:
        """A frame begins or has been left."""
        self._raised_at.pop(id(frame), None)
        self._yielding.discard(id(frame))

    def way_out(self, frame: FrameType, sites: CodeSites, value: object) -> tuple[str, int]:
        """Return the name and the offset of the instruction by which a frame is left.

        The name is ``""`` where an exception leaves a generator from where it had yielded.
        """
        raw, offset = frame.f_code.co_code, frame.f_lasti
        opname = _OPNAME[raw[offset]]
        if opname == "RESUME" and offset >= 2 and _OPNAME[raw[offset - 2]] == "YIELD_VALUE":
            offset -= 2  # 3.13 has moved on to where the generator will resume
            opname = "YIELD_VALUE"
        if opname == "YIELD_VALUE" and value is None and self._is_thrown(frame, sites, offset):
            opname = ""
        return opname, offset

    def _is_thrown(self, frame: FrameType, sites: CodeSites, offset: int) -> bool:
        """Whether it is an exception, also where a ``with`` or ``finally`` has seen it before."""
        if offset in sites.yields:
            return id(frame) not in self._yielding
        return self._raised_at.get(id(frame)) == frame.f_lasti
