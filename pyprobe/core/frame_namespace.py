"""The namespace in which a module or class body binds its names: itself, and nothing disturbed.

From 3.12 on such code may have variables in slots too, those of comprehensions that were inlined.
Then ``f_locals`` is another mapping while a comprehension runs. And 3.12 puts what a trace function
has looked at back into the frame: each slot gets what the namespace has under its name, so that the
comprehension goes on with that instead. So there the namespace is read from the frame's record.
"""

import sys
from collections.abc import Callable
from functools import lru_cache
from types import CodeType, FrameType

from pyprobe.core.code_map import fast_names

_OPTIMIZED = 0x01  # CO_OPTIMIZED: variables live in slots, not in a namespace
RECORD_PLACE = 24  # of the pointer to the interpreter's own record in a frame object
_MOST_PLACES = 16


def namespace_reader(code: CodeType) -> Callable[[FrameType], object]:
    """Return what reads the namespace of frames of ``code``, which is a module's or a class's."""
    is_disturbed = sys.version_info[:2] == (3, 12) and bool(fast_names(code))
    return _record_reader() if is_disturbed and namespace_place() else _namespace_of


def namespace_of(frame: FrameType) -> object:
    """Return the namespace of one frame; that of a function is its snapshot."""
    code = frame.f_code
    return frame.f_locals if code.co_flags & _OPTIMIZED else namespace_reader(code)(frame)


def _namespace_of(frame: FrameType) -> object:
    return frame.f_locals


@lru_cache(maxsize=1)
def _record_reader() -> Callable[[FrameType], object]:
    import ctypes

    pointer_at, object_at = ctypes.c_void_p.from_address, ctypes.py_object.from_address
    place = namespace_place()

    def read(frame: FrameType) -> object:
        found: object = object_at((pointer_at(id(frame) + RECORD_PLACE).value or 0) + place).value
        return found

    return read


@lru_cache(maxsize=1)
def namespace_place() -> int:
    """Return where the namespace is in the interpreter's record of a frame; 0 if unknown."""
    try:
        import ctypes
    except ImportError:  # an interpreter built without it
        return 0

    def find(frame: FrameType) -> int:
        record = ctypes.c_void_p.from_address(id(frame) + RECORD_PLACE).value
        if not record:
            return 0
        words = (ctypes.c_void_p * _MOST_PLACES).from_address(record)
        wanted = id(frame.f_locals)
        found = [at for at in range(_MOST_PLACES) if words[at] == wanted]
        return found[0] * ctypes.sizeof(ctypes.c_void_p) if len(found) == 1 else 0

    class Body:
        place = find(sys._getframe())

    return Body.place
