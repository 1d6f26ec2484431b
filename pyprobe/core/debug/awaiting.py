"""Who awaits the code that stands: suspended coroutines and asyncio's tasks, read as plain data.

A running coroutine has those that await it directly as its callers. A task that awaits another task
is not among them: it is found here, through what it waits for and what the other one calls in the
end.
"""

import gc
import sys
from _weakref import ref
from collections.abc import Iterator, Mapping
from types import (
    AsyncGeneratorType,
    CoroutineType,
    FrameType,
    FunctionType,
    GeneratorType,
    MethodType,
    ModuleType,
)
from typing import Any

from pyprobe.core.plain_access import plain_dict
from pyprobe.core.plain_types import (
    FLAG_HEAP,
    FLAG_TYPE,
    MISSING,
    find_in_class,
    flags_of,
    has_base,
    mro_of,
    namespace_of,
)
from pyprobe.core.value_records import encodable

MOST_TASKS = 10_000
MOST_FRAMES = 1000
_MOST_FUTURES_BETWEEN = 4
_CHAINS = {
    id(CoroutineType): ("cr_frame", "cr_await"),
    id(GeneratorType): ("gi_frame", "gi_yieldfrom"),
    id(AsyncGeneratorType): ("ag_frame", "ag_await"),
}
_WAITER = "_fut_waiter"
_SUSPENDED = ("cr_suspended", "gi_suspended", "ag_suspended")
_ENDS_LOOP = "_run_until_complete_cb"  # what asyncio calls at the end of such a task
# Where the tasks of a version of asyncio are.
_TASK_SETS = ("_all_tasks", "_scheduled_tasks", "_eager_tasks")


def awaiting_frames(stack: list[FrameType]) -> Iterator[tuple[FrameType, str]]:
    """Yield the suspended frames that wait for the end of a running stack, each with its task.

    Those of the nearest task come first, in each task the innermost frame.
    """
    tasks = all_tasks()
    running = {id(frame) for frame in stack}
    current = [task for task in tasks if any(id(frame) in running for frame in _frames(task))]
    known = {id(task) for task in current}
    while current:
        told = [*current, *(one for task in current for one in _told_at_end(task))]
        wanted = set(map(id, told))
        waiting = [task for task in tasks if id(task) not in known and _waits(task, wanted)]
        for task in waiting:
            known.add(id(task))
            name = task_name(task)
            for frame in reversed(_frames(task)):
                yield frame, name
        current = waiting


def task_of(stack: list[FrameType]) -> str:
    """Return the name of the task that a running stack belongs to, ``""`` for none."""
    task = task_running(stack)
    return "" if task is None else task_name(task)


def task_running(stack: list[FrameType]) -> Any:
    """Return the task that a running stack belongs to, None for none."""
    running = {id(frame) for frame in stack}
    for task in all_tasks():
        if any(id(frame) in running for frame in _frames(task)):
            return task
    return None


def ends_its_loop(stack: list[FrameType]) -> bool:
    """Whether the task of a running stack is the one for which its loop runs: ``asyncio.run``."""
    for entry in _plain_list(_read(task_running(stack), "_callbacks")):
        callback = entry[0] if type(entry) is tuple and entry else entry
        if type(callback) is FunctionType and callback.__code__.co_name == _ENDS_LOOP:
            return True
    return False


def only_waiter(stack: list[FrameType]) -> list[FrameType]:
    """Return the frames of the one task that directly awaits that of a stack, innermost first.

    None where there is no such task, or something else is told of the end as well.
    """
    task = task_running(stack)
    waiting = [one for one in all_tasks() if task is not None and _read(one, _WAITER) is task]
    if len(waiting) != 1 or len(_plain_list(_read(task, "_callbacks"))) != 1:
        return []
    return _frames(waiting[0])[::-1]


def all_tasks() -> list[Any]:
    """Return asyncio's tasks that have not ended, if the program uses it."""
    module = sys.modules.get("asyncio.tasks")
    if type(module) is not ModuleType:
        return []
    found: dict[int, Any] = {}
    for name in _TASK_SETS:
        for task in _members(vars(module).get(name)):
            if _read(task, "_coro") is not None and len(found) < MOST_TASKS:
                found[id(task)] = task
    return list(found.values())


def _members(group: Any) -> list[Any]:
    """The elements of a set or of a WeakSet."""
    if type(group) is not set:
        group = dict.get(plain_dict(group) or {}, "data")
    if type(group) is not set:
        return []
    try:
        members = list(group)
    except RuntimeError:  # another thread changed it while we looked
        return []
    targets = [one() if type(one) is ref else one for one in members]
    return [target for target in targets if target is not None]


def task_name(task: Any) -> str:
    """Return a task's name."""
    own = _read(task, "_name")
    if own is None:
        getter = _in_c(task, "get_name")
        own = getter.__get__(task)() if getter is not None else None
    return encodable(own[:200]) if type(own) is str else "task"


def _read(task: Any, name: str) -> Any:
    """Return a field of a task or future, of asyncio's C or Python classes; None if it has none."""
    own = plain_dict(task)
    if own is not None and dict.__contains__(own, name):
        return dict.__getitem__(own, name)
    getter = _in_c(task, name)
    return getter.__get__(task) if getter is not None else None


def _in_c(task: Any, name: str) -> Any:
    """Return what asyncio's own C class of a task has under a name."""
    module = sys.modules.get("_asyncio")
    if type(module) is not ModuleType:
        return None
    for class_name in ("Task", "Future"):
        own = vars(module).get(class_name)
        if own is not None and has_base(type(task), own):
            found = find_in_class(own, name)
            return found if found is not MISSING else None
    return None


def _frames(task: Any) -> list[FrameType]:
    """The frames of a task's coroutine and of what it awaits directly, the outermost first."""
    found: list[FrameType] = []
    awaited = _read(task, "_coro")
    while awaited is not None and len(found) < MOST_FRAMES:
        frame, awaited = _link(awaited)
        if frame is not None:
            found.append(frame)
    return found


def _link(awaited: Any) -> tuple[FrameType | None, Any]:
    """The frame of something that is awaited, and what that awaits."""
    kind = type(awaited)
    names = _CHAINS.get(id(kind))
    if names is not None:
        space = namespace_of(kind)
        frame = space[names[0]].__get__(awaited)
        # Up to 3.12 the interpreter reads this from the stack of the frame also while it runs,
        # when something else may lie there, or nothing.
        if frame is None or frame.f_back is not None or not _is_suspended(awaited, space):
            return frame, None
        return frame, space[names[1]].__get__(awaited)
    if flags_of(kind) & FLAG_HEAP:
        return None, None
    # What stands between, such as a step of an asynchronous generator, holds just what it drives.
    for held in gc.get_referents(awaited):
        if id(type(held)) in _CHAINS:
            return None, held
    return None, None


def _is_suspended(awaited: Any, space: Mapping[str, Any]) -> bool:
    for name in _SUSPENDED:
        if name in space:
            return bool(space[name].__get__(awaited))
    return True  # an asynchronous generator, of which 3.11 does not tell


def _waits(task: Any, wanted: set[int]) -> bool:
    """Whether a task waits for one of these, or is told by them itself."""
    waiter = _read(task, _WAITER)
    return waiter is not None and (id(waiter) in wanted or id(task) in wanted)


def _told_at_end(task: Any) -> Iterator[Any]:
    """What the callbacks of a task hold: futures it settles, theirs, and a task group's parent."""
    level, known = [task], {id(task)}
    for _ in range(_MOST_FUTURES_BETWEEN):
        held = [one for each in level for one in _held_by_callbacks(each) if id(one) not in known]
        known.update(map(id, held))
        yield from held
        level = held


def _held_by_callbacks(future: Any) -> Iterator[Any]:
    for entry in _plain_list(_read(future, "_callbacks")):
        callback = entry[0] if type(entry) is tuple and entry else entry
        for held in _held_by(callback):
            yield held
            own = plain_dict(held)
            parent = None if own is None else dict.get(own, "_parent_task")
            if parent is not None:
                yield parent


def _plain_list(found: Any) -> list[Any]:
    return list(found) if type(found) is list else []


def _held_by(callback: Any) -> list[Any]:
    kind = type(callback)
    if kind is MethodType:
        return [callback.__self__, *_held_by(callback.__func__)]
    if kind is FunctionType:
        return [held for cell in callback.__closure__ or () for held in gc.get_referents(cell)]
    if flags_of(kind) & FLAG_TYPE or len(mro_of(kind)) > 2:
        return []
    held = gc.get_referents(callback)  # functools.partial, or a wrapper in C
    return [part for one in held for part in (one if type(one) is tuple else (one,))]
