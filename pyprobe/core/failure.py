"""What ended the program, as the interpreter left it: for the front end's banner."""

import sys
from types import TracebackType

from pyprobe.core.value_records import encodable
from pyprobe.ipc.messages import Failure

_MAX_FRAMES = 200
_MAX_TEXT = 2000


def describe_failure() -> Failure | None:
    """Return the uncaught exception that is ending the main thread, None when there is none."""
    error = getattr(sys, "last_value", None)
    if not isinstance(error, BaseException):
        return None
    frames: list[object] = [list(frame) for frame in _frames(error.__traceback__)]
    if isinstance(error, SyntaxError) and isinstance(error.filename, str):
        frames.append([encodable(error.filename), error.lineno or 1, ""])
    return Failure(encodable(type(error).__name__), encodable(_text(error)), frames)


def _frames(traceback: TracebackType | None) -> list[tuple[str, int, str]]:
    found = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        file, function = encodable(code.co_filename), encodable(code.co_name)
        found.append((file, traceback.tb_lineno or 0, function))
        traceback = traceback.tb_next
    return found[-_MAX_FRAMES:]


def _text(error: BaseException) -> str:
    # The interpreter has just asked the exception for the same text, to print it.
    try:
        return str(error)[:_MAX_TEXT]
    except Exception as failure:  # noqa: BLE001  a program's __str__ may raise anything
        return f"(its text cannot be had: {type(failure).__name__})"
