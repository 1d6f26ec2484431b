"""BreakpointHook: ``breakpoint()`` in the program stops it here, unless it has said otherwise.

The program's own ``sys.breakpointhook`` and ``PYTHONBREAKPOINT`` win.
"""

import os
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

_VARIABLE = "PYTHONBREAKPOINT"


class BreakpointHook:
    """``stop`` is called in the program's thread with the frame that calls ``breakpoint``."""

    def __init__(self, stop: Callable[[FrameType], None]) -> None:
        def hook(*arguments: Any, **named: Any) -> Any:
            if os.environ.get(_VARIABLE):
                return sys.__breakpointhook__(*arguments, **named)
            stop(sys._getframe(1))
            return None

        self._hook = hook
        if sys.breakpointhook is sys.__breakpointhook__:
            sys.breakpointhook = hook

    def remove(self) -> None:
        """Put Python's own back; the program's stays. Harmless when called twice."""
        if sys.breakpointhook is self._hook:
            sys.breakpointhook = sys.__breakpointhook__
