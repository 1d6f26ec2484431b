"""Loads the packages that only some formats need, and says how to get one that is missing."""

import importlib
from typing import Any

from pyprobe.errors import RecordingError


def load_extra(module: str, extra: str) -> Any:
    """Return a module of an optional package.

    Raises:
        RecordingError: it is not installed; the message names the command that installs it.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        raise RecordingError(
            f"the format {extra} needs the package {package}: pip install 'pyprobe-scope[{extra}]'"
        ) from error
