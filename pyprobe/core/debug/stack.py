"""The call stack of a thread that stands, with the tasks that await it, and all threads there are.

Read as plain data: no code of the program runs.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import CodeType, FrameType, ModuleType
from typing import Any

from pyprobe.core.code_registry import PROCESS_REGISTRY
from pyprobe.core.debug.awaiting import awaiting_frames, task_of
from pyprobe.core.debug.stopped_thread import PassedFrame
from pyprobe.core.door import Door
from pyprobe.core.plain_access import plain_dict
from pyprobe.core.value_records import encodable
from pyprobe.ipc.messages import PlainDict

MOST_FRAMES = 1000
_NAME_CHARS = 500


@dataclass(frozen=True, slots=True)
class StackFrame:
    """One frame of a stack. ``is_awaiting``: it is suspended, and waits for the ones before.

    ``line`` is where it is, 0 where it may have moved since and is asked itself.
    """

    frame: FrameType
    is_awaiting: bool
    task: str
    line: int = 0


def stack_of(innermost: FrameType) -> list[StackFrame]:
    """Return a thread's frames, innermost first, then those of the tasks that await it."""
    running = _frames_from(innermost)
    task = task_of(running)
    found = [StackFrame(frame, False, task) for frame in running[:MOST_FRAMES]]
    for frame, name in awaiting_frames(running):
        if len(found) >= 2 * MOST_FRAMES:
            break
        found.append(StackFrame(frame, True, name))
    return found


def stack_of_exception(passed: Sequence[PassedFrame], frame_on: FrameType) -> list[StackFrame]:
    """Return the frames an exception has come through, innermost first, then who called them.

    ``frame_on`` is where its thread stands.
    """
    found = [
        StackFrame(one.frame, False, "", one.line)
        for one in passed
        if not Door.is_own(one.frame.f_code)
    ]
    own = {id(one.frame) for one in passed}
    callers = _frames_from(frame_on)
    # Where a loop only reports the exception, those who called the report have not called these.
    if any(id(frame) in own for frame in callers):
        found += [StackFrame(frame, False, "") for frame in callers if id(frame) not in own]
    return found[:MOST_FRAMES]


def _frames_from(innermost: FrameType | None) -> list[FrameType]:
    found = []
    frame = innermost
    while frame is not None:
        if not Door.is_own(frame.f_code):
            found.append(frame)
        frame = frame.f_back
    return found


def describe_frame(index: int, one: StackFrame, is_mine: Callable[[CodeType], bool]) -> PlainDict:
    """Return one frame of a stack as a front end is told of it."""
    frame, code = one.frame, one.frame.f_code
    return {
        "index": index,
        "file": _file(code),
        "line": one.line or frame.f_lineno or 0,
        "function": _name(code.co_qualname),
        "kind": "awaiting" if one.is_awaiting else "frame",
        "task": one.task,
        "is_mine": is_mine(code),
    }


def describe_threads(standing: Mapping[int, FrameType], names: Mapping[int, str]) -> list[object]:
    """Return ``[ident, name, file, line, function, is_stopped]`` of every thread of the program.

    ``standing``: the frames in which threads stand; ``names``: of those that are known already.
    """
    names = {**names, **_thread_names()}
    rows: list[object] = []
    for ident, top in sorted(sys._current_frames().items()):
        frame = standing.get(ident) or _frame_of_program(top)
        if frame is not None:
            code, name = frame.f_code, names.get(ident, f"Thread {ident}")
            place = [_file(code), frame.f_lineno or 0, _name(code.co_qualname)]
            rows.append([ident, _name(name), *place, ident in standing])
    return rows


def _frame_of_program(innermost: FrameType) -> FrameType | None:
    """The innermost frame that is not ours; None in a thread of ours, which began in our code."""
    outermost = innermost
    while outermost.f_back is not None:
        outermost = outermost.f_back
    frames = [] if Door.is_own(outermost.f_code) else _frames_from(innermost)
    return frames[0] if frames else None


def _thread_names() -> dict[int, str]:
    module = sys.modules.get("threading")
    active: Any = vars(module).get("_active") if type(module) is ModuleType else None
    found: dict[int, str] = {}
    for ident, thread in list(active.items()) if type(active) is dict else ():
        name = dict.get(plain_dict(thread) or {}, "_name")
        if type(ident) is int and type(name) is str:
            found[ident] = name
    return found


def _file(code: CodeType) -> str:
    return encodable(PROCESS_REGISTRY.file_of(code))


def _name(text: str) -> str:
    return encodable(text[:_NAME_CHARS])
