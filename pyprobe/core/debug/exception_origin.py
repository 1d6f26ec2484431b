"""Exception origin: the frames that an exception has come through, from where it was raised.

Told from its traceback, so it holds also where another thread or task has raised it, and where it
was kept and is raised again. A group that a library has made of others, as a task group does, has
come from the first of them.
"""

from collections.abc import Callable, Iterator
from types import CodeType, FrameType, TracebackType

from pyprobe.core.debug.stopped_thread import PassedFrame
from pyprobe.core.plain_types import has_base, namespace_of

_MOST_FRAMES = 2000
_MOST_GROUPS = 10  # in each other

_next_of = namespace_of(TracebackType)["tb_next"].__get__
_frame_of = namespace_of(TracebackType)["tb_frame"].__get__
_line_of = namespace_of(TracebackType)["tb_lineno"].__get__
traceback_of = namespace_of(BaseException)["__traceback__"].__get__
_parts_of = namespace_of(BaseExceptionGroup)["exceptions"].__get__


def was_raised_here(traceback: TracebackType | None) -> bool:
    """Whether an exception has come through no other frame, nor been raised in this one before."""
    return traceback is None or traceback.tb_next is None


def passed_frames(
    error: BaseException,
    traceback: TracebackType | None,
    is_mine: Callable[[CodeType], bool],
    *,
    depth: int = 0,
) -> tuple[PassedFrame, ...]:
    """Return the frames it has come through, innermost first, from the program's own on.

    None at all where it has come through no frame that is the program's own.
    """
    entries = list(_entries(traceback))[-_MOST_FRAMES:]
    frames: list[FrameType] = [_frame_of(entry) for entry in entries]
    if depth < _MOST_GROUPS and (not frames or not is_mine(frames[-1].f_code)):
        for part in group_parts(error):
            inside = passed_frames(part, traceback_of(part), is_mine, depth=depth + 1)
            if inside:
                outside = passed_frames(error, traceback, is_mine, depth=_MOST_GROUPS)
                return inside + outside
    while frames and not is_mine(frames[-1].f_code):
        frames.pop()
    return tuple(
        PassedFrame(frame, _line_of(entry) or 0)
        for frame, entry in reversed(list(zip(frames, entries, strict=False)))
    )


def group_parts(error: BaseException) -> tuple[BaseException, ...]:
    """Return the exceptions that a group holds; none for any other exception."""
    if not has_base(type(error), BaseExceptionGroup):
        return ()
    parts: tuple[BaseException, ...] = _parts_of(error)
    return parts


def _entries(traceback: TracebackType | None) -> Iterator[TracebackType]:
    while traceback is not None:
        yield traceback
        traceback = _next_of(traceback)
