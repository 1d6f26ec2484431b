"""Loads msgpack's pure-Python part under a private name, for a target that has no msgpack of ours.

The program's own ``import msgpack`` is not affected: nothing is registered under that name.
"""

import sys
from _frozen_importlib import ModuleSpec, module_from_spec
from _frozen_importlib_external import spec_from_file_location
from os.path import join
from types import ModuleType

from pyprobe.errors import PyProbeError

PRIVATE_NAME = "pyprobe.ipc._msgpack"
_PARTS = ("exceptions", "ext", "fallback")


def load_pure(folder: str) -> ModuleType:
    """Load msgpack's exceptions, ext and fallback from the package's ``folder``; return fallback.

    Harmless if done already.

    Raises:
        PyProbeError: the folder does not hold msgpack.
    """
    loaded = sys.modules.get(f"{PRIVATE_NAME}.fallback")
    if loaded is not None:
        return loaded
    package = module_from_spec(ModuleSpec(PRIVATE_NAME, None, is_package=True))
    package.__path__ = []  # nothing else can be imported through it
    sys.modules[PRIVATE_NAME] = package
    try:
        for part in _PARTS:
            module = _load(f"{PRIVATE_NAME}.{part}", join(folder, f"{part}.py"))
            setattr(package, part, module)
    except (OSError, ImportError, SyntaxError) as error:
        for name in (PRIVATE_NAME, *(f"{PRIVATE_NAME}.{part}" for part in _PARTS)):
            sys.modules.pop(name, None)
        raise PyProbeError(f"msgpack cannot be loaded from {folder}: {error}") from error
    return module


def _load(name: str, path: str) -> ModuleType:
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"no loader for {path}")
    module = module_from_spec(spec)
    # This module's own, which in a target are out of the program's reach: see OwnModules.
    module.__dict__["__builtins__"] = globals()["__builtins__"]
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
