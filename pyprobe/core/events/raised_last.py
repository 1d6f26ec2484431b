"""RaisedLast: the exceptions that a thread's outermost frame may still raise again.

``sys.settrace`` tells of an exception where it is raised and where it comes into a frame, but not
where a handler ends by raising it again. The caller is told of it then; the outermost has none.
"""

import sys
from _thread import get_ident
from opcode import opname as _OPNAME
from types import FrameType, TracebackType

_MOST_IN_EACH_OTHER = 20
_NORMAL = ("RETURN_", "YIELD_")
_context_of = BaseException.__dict__["__context__"].__get__

Raised = tuple[BaseException, TracebackType | None]


class RaisedLast:
    """They are held only while they are being handled, which holds them anyway."""

    def __init__(self) -> None:
        self._raised: dict[int, list[Raised]] = {}

    def __bool__(self) -> bool:
        return bool(self._raised)

    def note(self, frame: FrameType, error: BaseException, traceback: TracebackType | None) -> None:
        """An exception has come into a frame; its lines are wanted from now on."""
        if frame.f_back is None:
            self._raised.setdefault(get_ident(), []).append((error, traceback))
            frame.f_trace_lines = True

    def arrive(self, frame: FrameType) -> None:
        """Forget what has been handled, when the frame comes to a line."""
        if frame.f_back is not None or _opname(frame) == "PUSH_EXC_INFO":
            return  # its handler is only about to begin
        handled: set[int] = set()
        error = sys.exc_info()[1]
        while error is not None and len(handled) < _MOST_IN_EACH_OTHER:
            handled.add(id(error))
            error = _context_of(error)
        left = [one for one in self._raised.pop(get_ident(), ()) if id(one[0]) in handled]
        if left:
            self._raised[get_ident()] = left

    def leave(self, frame: FrameType) -> Raised | None:
        """Return the exception by which a frame is left, if it was the outermost one."""
        if frame.f_back is not None:
            return None
        raised = self._raised.pop(get_ident(), None)
        if not raised or _opname(frame).startswith(_NORMAL):
            return None
        return raised[-1]


def _opname(frame: FrameType) -> str:
    return _OPNAME[frame.f_code.co_code[frame.f_lasti]]
