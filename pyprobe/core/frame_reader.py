"""Reading one variable of a frame exactly, and leaving nothing behind in the frame.

On 3.12 ``frame.f_locals`` of a function leaves a snapshot in the frame that keeps objects alive, so
a variable is read with ``PyFrame_GetVar``, or, in a small function that cannot have put names of
its own into that snapshot, by taking the snapshot and emptying it. On 3.13 the proxy of PEP 667 is
clean. On 3.11 the interpreter has taken the snapshot itself before a trace function runs.
"""

import sys
from collections.abc import Callable
from types import CodeType, FrameType

from pyprobe.analysis.occurrence import Constant, Name, Path, Step, StepKind
from pyprobe.core import plain_access
from pyprobe.core.code_map import fast_names

Reader = Callable[[FrameType], object]

CO_OPTIMIZED = 0x01  # CO_OPTIMIZED: variables live in fast slots, not in a namespace
_SNAPSHOT_NAMES = frozenset({"locals", "exec", "eval", "vars", "dir"})
_SMALL_FRAME = 12  # up to here a snapshot costs less than one call through ctypes


class NotBoundError(KeyError):
    """The variable has no value at this moment; there is nothing to capture."""


def fast_locals_are_clean(code: CodeType) -> bool:
    """Whether ``frame.f_locals[name]`` reads a variable of this code and leaves nothing."""
    return not (sys.version_info[:2] == (3, 12) and code.co_flags & CO_OPTIMIZED)


def snapshot_can_be_cleared(code: CodeType) -> bool:
    """Whether, on 3.12, a frame's snapshot is ours alone to take and empty."""
    return (
        sys.version_info[:2] == (3, 12)
        and bool(code.co_flags & CO_OPTIMIZED)
        and len(fast_names(code)) <= _SMALL_FRAME
        and _SNAPSHOT_NAMES.isdisjoint(code.co_names)
    )


def variable_reader(code: CodeType, name: str) -> Reader:
    """Return a reader of the variable as code in ``code`` sees it: local, cell, global, builtin.

    The reader raises KeyError when the variable has no value.
    """
    if name in fast_names(code):
        return _fast_reader(code, name)
    if code.co_flags & CO_OPTIMIZED:
        return _global_reader(name)
    return _namespace_reader(name)


def _fast_reader(code: CodeType, name: str) -> Reader:
    if sys.version_info[:2] == (3, 12):
        if snapshot_can_be_cleared(code):
            return _snapshot_reader(name)
        return _get_var_reader(name)

    def read(frame: FrameType) -> object:
        return frame.f_locals[name]

    return read


def _snapshot_reader(name: str) -> Reader:
    def read(frame: FrameType) -> object:
        snapshot = frame.f_locals
        try:
            return snapshot[name]
        finally:
            snapshot.clear()

    return read


def _get_var_reader(name: str) -> Reader:
    import ctypes

    prototype = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.py_object, ctypes.py_object)
    get_var = prototype(("PyFrame_GetVar", ctypes.pythonapi))

    def read(frame: FrameType) -> object:
        try:
            return get_var(frame, name)
        except NameError:
            raise NotBoundError(name) from None

    return read


def _global_reader(name: str) -> Reader:
    def read(frame: FrameType) -> object:
        namespace = frame.f_globals
        if name in namespace:
            return namespace[name]
        return frame.f_builtins[name]

    return read


def _namespace_reader(name: str) -> Reader:
    read_global = _global_reader(name)

    def read(frame: FrameType) -> object:
        namespace = frame.f_locals
        if isinstance(namespace, dict) and dict.__contains__(namespace, name):
            return dict.__getitem__(namespace, name)
        return read_global(frame)

    return read


def path_reader(code: CodeType, path: Path, *, run_code: bool) -> Reader:
    """Return a reader of a name, chain or element by plain data access.

    The reader raises KeyError when a name in the path has no value, and PlainAccessError when a
    step would run the program's code (unless ``run_code``) or leads nowhere.
    """
    root = variable_reader(code, path.root)
    if not path.steps:
        return root
    steps = tuple(_step_reader(code, step, run_code) for step in path.steps)
    if len(steps) == 1:
        only = steps[0]
        return lambda frame: only(frame, root(frame))

    def read(frame: FrameType) -> object:
        value = root(frame)
        for step in steps:
            value = step(frame, value)
        return value

    return read


def _step_reader(
    code: CodeType, step: Step, run_code: bool
) -> Callable[[FrameType, object], object]:
    if step.kind is StepKind.ATTRIBUTE:
        name = str(step.value)
        read_attribute = (
            plain_access.read_attribute_running_code if run_code else plain_access.read_attribute
        )
        return lambda frame, value: read_attribute(value, name)
    read_item = plain_access.read_item_running_code if run_code else plain_access.read_item
    if step.kind is StepKind.SLICE and isinstance(step.value, tuple):
        start, stop, stride = (_index_reader(code, part) for part in step.value)
        return lambda frame, value: read_item(
            value, slice(start(frame), stop(frame), stride(frame))
        )
    if isinstance(step.value, tuple) and not isinstance(step.value, Name):
        parts = [_index_reader(code, part) for part in step.value]
        return lambda frame, value: read_item(value, tuple(part(frame) for part in parts))
    key = _index_reader(code, step.value)
    return lambda frame, value: read_item(value, key(frame))


def _index_reader(code: CodeType, index: Constant | Name) -> Reader:
    if isinstance(index, Name):
        return variable_reader(code, index.name)
    return lambda frame: index
