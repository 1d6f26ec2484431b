"""FrameScope: the variables of one frame that stands, read and bound without leaving a trace.

Up to 3.12 ``frame.f_locals`` of a function is a snapshot that keeps objects alive, and that the
end of a trace function would put back into the frame, however old it is by then. So what we have
put there is taken out again, and the interpreter told that there is nothing to put back. From 3.13
on it is a clean view (PEP 667).
"""

import sys
from collections.abc import Callable, Iterator, MutableMapping
from types import FrameType
from typing import Any

from pyprobe.core.code_map import fast_names
from pyprobe.core.frame_namespace import namespace_of
from pyprobe.core.frame_reader import fast_access, is_plain, variable_reader
from pyprobe.core.plain_types import FLAG_DICT, flags_of
from pyprobe.errors import PyProbeError

_OPTIMIZED = 0x01  # CO_OPTIMIZED: variables live in fast slots, not in a namespace
_IS_VIEW = sys.version_info >= (3, 13)
_HAS_GET_VAR = sys.version_info[:2] == (3, 12)
# To a snapshot that only its frame has: the frame's own, our caller's, ours, getrefcount's.
_REFERENCES_WITH_OURS = 4

_get_var: Any = None
_locals_to_fast: Any = None


class ScopeError(PyProbeError):
    """A variable cannot be bound or deleted here."""


class FrameScope(MutableMapping[str, Any]):
    """Local variables of a frame by name, as a mapping that ``eval`` takes for its locals.

    ``extra`` holds names that the frame has no place for.
    """

    def __init__(self, frame: FrameType, *, extra: dict[str, Any] | None = None) -> None:
        self.frame = frame
        self.extra = {} if extra is None else extra
        self.refusal: ScopeError | None = None  # for which a NameError stands
        self.is_function = bool(frame.f_code.co_flags & _OPTIMIZED)
        names = [name for name in fast_names(frame.f_code) if name.isidentifier()]
        self._fast = tuple(dict.fromkeys(names))
        self._access = fast_access(frame.f_code, copies_locals=True)

    def with_extra(self, name: str, value: Any) -> "FrameScope":
        """Return the same scope with one more name, which the frame has no place for."""
        return FrameScope(self.frame, extra={**self.extra, name: value})

    @property
    def is_module(self) -> bool:
        """Whether its names are the globals."""
        return not self.is_function and self._namespace() is self.frame.f_globals

    def beside_globals(self) -> dict[str, Any]:
        """Return the variables that are not globals: a function inside would have to close over."""
        if self.is_module:
            return {**self._fast_variables(), **self.extra}
        return self.variables()

    def variables(self) -> dict[str, Any]:
        """Return all that have a value, arguments first."""
        found = self._fast_variables()
        if not self.is_function:
            namespace = self._namespace()
            if namespace is not None and flags_of(type(namespace)) & FLAG_DICT:
                found.update(dict.items(namespace))
        found.update(self.extra)
        return found

    def __getitem__(self, name: str) -> Any:
        if name in self._fast:
            found = self._fast_variables()
            if name in found:
                return found[name]
        if not self.is_function:
            namespace = self._namespace()
            if namespace is not None:
                try:
                    return namespace[name]
                except KeyError:
                    pass  # it may be among the extra ones
        return self.extra[name]

    def __setitem__(self, name: str, value: Any) -> None:
        if not self.is_function:
            if name in self._fast_variables():
                raise ScopeError(f"{name!r} belongs to a comprehension and cannot be bound here")
            self._namespace_to_bind()[name] = value
        elif name in self._fast:
            self._bind_fast(name, value)
        else:
            self.extra[name] = value

    def __delitem__(self, name: str) -> None:
        if name in self.extra:
            del self.extra[name]
        elif name in self._fast:
            self.refusal = ScopeError(
                f"the local variable {name!r} cannot be deleted while its frame runs"
            )
            raise self.refusal
        else:
            del self._namespace_to_bind()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.variables())

    def __len__(self) -> int:
        return len(self.variables())

    def _namespace(self) -> Any:
        """Return the mapping that a module's or class's body binds its names in."""
        if not self._is_in_comprehension:
            return namespace_of(self.frame)
        return self.frame.f_globals if self.frame.f_code.co_name == "<module>" else None

    @property
    def _is_in_comprehension(self) -> bool:
        """Whether one runs that was inlined into a module or class: each look is another view."""
        if not self._fast:
            return False
        return namespace_of(self.frame) is not namespace_of(self.frame)

    def _namespace_to_bind(self) -> Any:
        namespace = self._namespace()
        if namespace is None:
            raise ScopeError("a class's names cannot be bound while a comprehension runs in it")
        return namespace

    def _fast_variables(self) -> dict[str, Any]:
        if not self._fast:
            return {}
        if _HAS_GET_VAR:
            return self._variables_by(_variable_of)
        if not self.is_function and not self._is_in_comprehension:
            return {}
        snapshot = self.frame.f_locals
        found = self._variables_by(lambda frame, name: snapshot[name])
        self._leave_nothing_in(snapshot)
        return found

    def _variables_by(self, read: Callable[[FrameType, str], Any]) -> dict[str, Any]:
        found = {}
        code = self.frame.f_code
        for name in self._fast:
            try:
                if is_plain(code, name):
                    found[name] = read(self.frame, name)
                else:
                    found[name] = variable_reader(code, name, access=self._access)(self.frame)
            except (NameError, KeyError):  # it has no value now
                continue
        return found

    def _bind_fast(self, name: str, value: Any) -> None:
        variables = self.frame.f_locals
        variables[name] = value
        if not _IS_VIEW:
            _copy_locals_to_frame(self.frame)
        self._leave_nothing_in(variables)
        if self._fast_variables().get(name) is not value:
            raise ScopeError(f"{name!r} cannot be bound here")

    def _leave_nothing_in(self, snapshot: Any) -> None:
        """Empty a snapshot that we have caused, unless the program has it; nothing is put back."""
        if _IS_VIEW or not self.is_function:
            return
        if sys.getrefcount(snapshot) <= _REFERENCES_WITH_OURS:
            for name in self._fast:
                snapshot.pop(name, None)
        _copy_locals_to_frame(self.frame)


def _variable_of(frame: FrameType, name: str) -> Any:
    global _get_var
    if _get_var is None:
        import ctypes

        prototype = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.py_object, ctypes.py_object)
        _get_var = prototype(("PyFrame_GetVar", ctypes.pythonapi))
    return _get_var(frame, name)


def _copy_locals_to_frame(frame: FrameType) -> None:
    """Bind what the snapshot holds, and nothing that it does not; it counts as put back then."""
    global _locals_to_fast
    if _locals_to_fast is None:
        import ctypes

        prototype = ctypes.PYFUNCTYPE(None, ctypes.py_object, ctypes.c_int)
        _locals_to_fast = prototype(("PyFrame_LocalsToFast", ctypes.pythonapi))
    _locals_to_fast(frame, 0)
