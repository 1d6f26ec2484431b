"""The modules of libraries as the program has loaded them; none of them is ever imported."""

import sys
from types import ModuleType
from typing import Any


def loaded_library(name: str) -> dict[str, Any]:
    """Return what a module holds, if it is loaded."""
    module = sys.modules.get(name)
    return vars(module) if type(module) is ModuleType else {}
