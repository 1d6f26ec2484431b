"""FrameAccess: how a condition's names are read in the frames of one code object."""

from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

from pyprobe.conditions.private_names import class_around
from pyprobe.core.code_map import fast_names
from pyprobe.core.evaluations import PROCESS_EVALUATIONS
from pyprobe.core.frame_namespace import namespace_reader
from pyprobe.core.frame_reader import Reader, fast_access, variable_reader
from pyprobe.core.plain_access import read_attribute, read_item

_OPTIMIZED = 0x01  # CO_OPTIMIZED: variables live in fast slots, not in a namespace


class FrameAccess:
    """Reads locals, then globals, then builtins, by plain data access: ``conditions.Access``."""

    read_attribute = staticmethod(read_attribute)
    read_item = staticmethod(read_item)
    evaluate = staticmethod(PROCESS_EVALUATIONS.condition)

    def __init__(self, code: CodeType, *, copies_locals: bool) -> None:
        self._code = code
        self.class_name = class_around(code)
        self._access = fast_access(code, copies_locals=copies_locals)
        self._namespace_of = namespace_reader(code)
        self._locals: tuple[tuple[str, Reader], ...] | None = None

    def name_reader(self, name: str) -> Callable[[FrameType], object]:
        """Return what reads a variable; it raises KeyError while that has no value."""
        return variable_reader(self._code, name, access=self._access)

    def namespaces(self, scope: FrameType) -> tuple[dict[str, Any], dict[str, object]]:
        """Return a frame's globals, and its locals in a dict of their own."""
        return scope.f_globals, self.locals_of(scope)

    def locals_of(self, frame: FrameType) -> dict[str, object]:
        """Return the variables that have a value, and leave nothing behind in the frame."""
        found: dict[str, object] = {}
        if not self._code.co_flags & _OPTIMIZED:
            namespace = self._namespace_of(frame)
            if isinstance(namespace, dict):
                dict.update(found, namespace)
        for name, read in self._fast_readers():
            try:
                found[name] = read(frame)
            except KeyError:
                continue
        return found

    def _fast_readers(self) -> tuple[tuple[str, Reader], ...]:
        if self._locals is None:
            names = [name for name in fast_names(self._code) if name.isidentifier()]
            self._locals = tuple([(name, self.name_reader(name)) for name in names])
        return self._locals
