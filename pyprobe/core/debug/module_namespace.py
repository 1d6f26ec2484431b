"""ModuleNamespace: the globals of one file, found from anywhere, and never kept."""

import sys
from types import CodeType, FrameType, ModuleType

from pyprobe.core.code_registry import PROCESS_REGISTRY, normalized
from pyprobe.core.plain_access import plain_dict
from pyprobe.core.plain_types import MISSING, has_base

Namespace = dict[str, object]
_MAX_FRAMES = 200
_MAX_UNNAMED = 100
_MAX_FILE_NAMES = 10_000


class ModuleNamespace:
    """``file`` is a real path. A namespace is its by ``__file__``, or as its code runs in it."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._spelled: dict[str, bool] = {}  # by what __file__ says
        self._file_names: dict[str, bool] = {}  # by what code says
        self._unnamed: set[int] = set()  # of namespaces without one, by id
        self._name = ""  # of the module, where it was found last
        self._looked_among = -1  # so many modules, and it was not there

    def is_it(self, namespace: Namespace) -> bool:
        """Whether these are the file's globals."""
        said = dict.get(namespace, "__file__", MISSING)
        if type(said) is not str:
            return id(namespace) in self._unnamed
        known = self._spelled.get(said)
        if known is None:
            known = self._spelled[said] = normalized(said) == self._file
        return known

    def is_file_of(self, code: CodeType) -> bool:
        """Whether code stands in the file."""
        name = code.co_filename
        known = self._file_names.get(name)
        if known is None:
            known = PROCESS_REGISTRY.file_of(code) == self._file
            if len(self._file_names) < _MAX_FILE_NAMES:
                self._file_names[name] = known
        return known

    def of_frame(self, frame: FrameType) -> Namespace | None:
        """Return the globals of a frame of the file's own code, None for other code."""
        if not self.is_file_of(frame.f_code):
            return None
        namespace = frame.f_globals
        if not self.is_it(namespace) and len(self._unnamed) < _MAX_UNNAMED:
            self._unnamed.add(id(namespace))
        return namespace

    def find(self, frame: FrameType) -> Namespace | None:
        """Return the globals as seen from ``frame``; None while the file has not run."""
        found = self.of_frame(frame) or self._in_module(self._name)
        if found is not None:
            return found
        if len(sys.modules) != self._looked_among:
            for name in list(sys.modules):
                found = self._in_module(name)
                if found is not None:
                    self._name = name
                    return found
            self._looked_among = len(sys.modules)
        return self._up_the_stack(frame)

    def _in_module(self, name: str) -> Namespace | None:
        module = sys.modules.get(name)
        if module is None or not has_base(type(module), ModuleType):
            return None
        namespace = plain_dict(module)
        return namespace if namespace is not None and self.is_it(namespace) else None

    def _up_the_stack(self, frame: FrameType) -> Namespace | None:
        above: FrameType | None = frame
        for _ in range(_MAX_FRAMES):
            if above is None:
                return None
            found = self.of_frame(above)
            if found is not None:
                return found
            above = above.f_back
        return None
