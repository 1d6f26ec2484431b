"""OwnModules: PyProbe's modules in the target, which no name in ``sys.modules`` stands for.

So the program may have a pyprobe of its own, and the runner may load a part of itself at any time:
our modules are executed with an ``__import__`` of their own. And the program may put functions of
its own in the place of built-in ones, of those of ``os`` or ``select``: ours keep what was there.
Who has to change the program's module takes it from ``sys.modules``.
"""

import builtins
import sys
from _frozen_importlib_external import SourceFileLoader
from _thread import RLock
from collections.abc import Mapping, Sequence
from os.path import __name__ as _path_module
from os.path import isdir, join
from types import CodeType, ModuleType

_TOP = "pyprobe"
_LIGHT_DATACLASSES = "pyprobe.core.light_dataclasses"
_LIGHT_TYPING = "pyprobe.core.light_typing"
_COPIED = ("os", "time", "select", "struct", "_thread", "gc")  # what mocks and green threads change
_PATHS = {"os.path": _path_module, "genericpath": "genericpath"}
_HAS_EAGER_ANNOTATIONS = sys.version_info < (3, 14)  # PEP 649 computes them when asked
_standard_import = builtins.__import__


class OwnModules:
    """Loads modules of the package in ``folder``, each once, from any thread.

    ``hidden``: modules of the standard library that were taken out of ``sys.modules``, as the
    program has files of the same names; ours go on using them.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._modules: dict[str, ModuleType] = {}
        self._lock = RLock()
        # A copy: what the program puts in place of a built-in function is not meant for us.
        self._builtins = dict(vars(builtins), __import__=self._import)
        self.hidden: dict[str, ModuleType] = {}

    def load(self, name: str) -> ModuleType:
        """Return one of our modules.

        Raises:
            ModuleNotFoundError: there is none of this name.
        """
        module = self._modules.get(name)
        return module if module is not None else self._load_new(name)

    def _load_new(self, name: str) -> ModuleType:
        parent, _, last = name.rpartition(".")
        package = self.load(parent) if parent else None
        with self._lock:
            module = self._modules.get(name)
            if module is None:
                module = self._modules[name] = self._new(name)
                self._execute(module, name)
                if package is not None:
                    setattr(package, last, module)
        return module

    def _new(self, name: str) -> ModuleType:
        path = join(self._folder, *name.split(".")[1:])
        module = ModuleType(name)
        if isdir(path):
            module.__path__ = [path]
            module.__package__ = name
            module.__file__ = join(path, "__init__.py")
        else:
            module.__package__ = name.rpartition(".")[0]
            module.__file__ = f"{path}.py"
        module.__dict__["__builtins__"] = self._builtins
        return module

    def _copy(self, name: str) -> ModuleType:
        """Return a module with what the program's module held when it was first asked for."""
        copy = self._modules.get(name)
        if copy is None:
            copy = ModuleType(name)
            copy.__dict__.update((self.hidden.get(name) or _standard_import(name)).__dict__)
            copy = self._modules.setdefault(name, copy)
            if name == "os":
                copy.__dict__["path"] = self._execute_again(_path_module)
        return copy

    def _execute_again(self, name: str) -> ModuleType:
        """Return our copy of a module that ``os.path`` consists of, with functions of our own."""
        module = self._modules.get(name)
        if module is None:
            module = ModuleType(name)
            module.__dict__["__builtins__"] = self._builtins
            exec(_standard_code(name), module.__dict__)
            module = self._modules.setdefault(name, module)
        return module

    def _execute(self, module: ModuleType, name: str) -> None:
        try:
            assert module.__file__ is not None  # it was given above
            code = SourceFileLoader(name, module.__file__).get_code(name)
            assert code is not None  # a source file always has code
            exec(code, module.__dict__)
        except BaseException as error:
            del self._modules[name]
            if isinstance(error, FileNotFoundError):
                raise ModuleNotFoundError(f"No module named {name!r}", name=name) from None
            raise

    def _import(
        self,
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        """What an import statement of ours calls."""
        if name == "dataclasses" and _HAS_EAGER_ANNOTATIONS:
            return self.load(_LIGHT_DATACLASSES)
        if name == "typing" and fromlist and _HAS_EAGER_ANNOTATIONS:
            light = self.load(_LIGHT_TYPING)
            if all(part in light.__dict__ for part in fromlist):
                return light
        if name in _PATHS and fromlist:
            return self._execute_again(_PATHS[name])
        if name in _COPIED:
            return self._copy(name)
        top = name.partition(".")[0]
        if level or top != _TOP:
            found = self.hidden.get(name if fromlist else top)
            return found or _standard_import(name, globals, locals, fromlist or (), level)
        module = self.load(name)
        if not fromlist:
            return self._modules[top]
        for part in fromlist:
            if part not in module.__dict__ and hasattr(module, "__path__"):
                self.load(f"{name}.{part}")
        return module


def _standard_code(name: str) -> CodeType:
    code: CodeType = sys.modules[name].__spec__.loader.get_code(name)  # type: ignore[union-attr]
    return code
