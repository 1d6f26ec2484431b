"""Functions of the C library that do not let go of the GIL while they run.

Python's own let go of it around each system call, and whoever waits for it goes on: at a hit, where
a capture has been read and not stored yet, and in the service thread, which then waits a whole
switch interval to have it back. Made of ``_ctypes``, whose import takes a fifth of that of
``ctypes``. All of this is called before the program runs, which may import in ways of its own.
"""

import os
import sys
from collections.abc import Callable
from typing import Any


def library_function(name: str, *, with_errno: bool = False) -> Callable[..., int] | None:
    """Return a function of the C library that returns a ``ssize_t``; None where there is none.

    It takes C integers of 32 bit, ``bytes`` and what ``character_array`` returns. A call that fails
    raises nothing; what it returns tells, and ``errno_reader`` if that is wanted: it is kept in an
    object for each thread. At the limit of recursion it raises RecursionError, as any call does.
    """
    library = _ctypes()
    if library is None:
        return None
    # As for Python's own functions, which need the GIL.
    flags = library.FUNCFLAG_CDECL | library.FUNCFLAG_PYTHONAPI
    # No ``_argtypes_``: of these each is called, and at the limit of recursion fails, as an
    # ArgumentError (Modules/_ctypes/callproc.c).
    declared = {
        "_flags_": flags | (library.FUNCFLAG_USE_ERRNO if with_errno else 0),
        "_restype_": type("Size", (library._SimpleCData,), {"_type_": "l"}),
    }
    try:
        place = library.dlsym(library.dlopen(None, os.RTLD_NOW), name)
    except OSError:
        return None
    found: Callable[..., int] = type("Call", (library.CFuncPtr,), declared)(place)
    return found


def character_array(nbytes: int) -> Any:
    """Return memory that a function can write into; its ``raw`` is all of it as bytes.

    Only where ``library_function`` returns anything.
    """
    library = _ctypes()
    character = type("Value", (library._SimpleCData,), {"_type_": "c"})
    return type("Room", (library.Array,), {"_type_": character, "_length_": nbytes})()


def errno_reader() -> Callable[[], int]:
    """Return what tells ``errno`` as the thread's last call of a function ``with_errno`` left it.

    Only where ``library_function`` returns anything.
    """
    reader: Callable[[], int] = _ctypes().get_errno
    return reader


def _ctypes() -> Any:
    if sys.platform == "win32":
        return None
    try:
        import _ctypes as found
    except ImportError:
        return None
    return found
