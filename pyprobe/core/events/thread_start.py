"""AtThreadStart: the hook that ``threading`` finds for new threads; each sets the real one itself.

``threading`` asks whether there is a hook and then sets it. Where an audit hook of the program runs
in between, ``sys.settrace`` refuses the next thread that comes, by an error that would end it. So
the thread sets its hook while it asks, as often as it takes, and is then told that there is none.
"""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

Hook = Callable[[FrameType, str, Any], Any]

_MOST_TRIES = 100
_settrace, _gettrace = sys.settrace, sys.gettrace  # as they are before anybody wraps them


class AtThreadStart:
    """Stands for ``hook``, a method of ``owner``, and can be called as it."""

    def __init__(self, hook: Hook, owner: object) -> None:
        self._hook = hook
        self.__self__ = owner

    def __bool__(self) -> bool:
        for _ in range(_MOST_TRIES):
            if _gettrace() is not None:  # it is the program that asks
                break
            try:
                _settrace(self._hook)
            except RuntimeError:  # another thread is about to set its own
                continue
        return False

    def __call__(self, frame: FrameType, event: str, argument: Any) -> Any:
        return self._hook(frame, event, argument)
