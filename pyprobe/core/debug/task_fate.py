"""Task fate: which frames an exception comes to behind asyncio's loop, which catches it first.

A task keeps what its coroutine raises, and raises it again where it is awaited. That is followed
where it is certain: to the one task that awaits it, and to who has started the loop for it. What a
callback raises is only reported, so it comes to nobody.
"""

from types import FrameType

from pyprobe.core.debug.awaiting import ends_its_loop, only_waiter
from pyprobe.core.debug.code_places import is_coroutine
from pyprobe.core.plain_types import has_base
from pyprobe.errors import PyProbeError

_MOST_TASKS = 1000
_RUNS_LOOP = "run_until_complete"
_RUNNERS = ("asyncio.runners", "asyncio.base_events")  # they catch all to clean up, and raise it


class FateUnknownError(PyProbeError):
    """What becomes of an exception cannot be told."""


def frames_beyond(left: list[FrameType], error: BaseException) -> list[FrameType]:
    """Return the frames it comes to, from the innermost on, when it has left those that it leaves.

    The last of ``left`` is one that a loop has called.

    Raises:
        FateUnknownError: that cannot be told.
    """
    loop_call = left[-1].f_back
    if not has_base(type(error), Exception):
        raise FateUnknownError("asyncio treats it in its own way")
    if not is_coroutine(left[-1].f_code):
        return []
    found: list[FrameType] = []
    for _ in range(_MOST_TASKS):
        if ends_its_loop(left):
            return found + _frames_around_loop(loop_call)
        left = only_waiter(left)
        if not left:
            break
        found += left
    raise FateUnknownError("nobody awaits it, or not only one task")


def _frames_around_loop(frame: FrameType | None) -> list[FrameType]:
    """Return the frames from the one on that has started the loop for a task."""
    while frame is not None and frame.f_code.co_name != _RUNS_LOOP:
        frame = frame.f_back
    while frame is not None and dict.get(frame.f_globals, "__name__") in _RUNNERS:
        frame = frame.f_back
    found = []
    while frame is not None:
        found.append(frame)
        frame = frame.f_back
    return found
