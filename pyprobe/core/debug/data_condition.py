"""Data conditions: what a condition of a data breakpoint means where other code binds the thing.

``self.speed > 100`` is written where ``self`` is known. Where ``motor.speed = 120`` is what binds
it, ``self`` stands for that very object.
"""

from _thread import get_ident
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

from pyprobe.core.debug.data_watch import Tell
from pyprobe.core.debug.target_breakpoint import TargetBreakpoint
from pyprobe.core.debug.watched_thing import WatchedThing
from pyprobe.core.frame_reader import NotBoundError
from pyprobe.core.plain_types import MISSING
from pyprobe.core.trigger_access import FrameAccess


def tell_of(target: TargetBreakpoint, thing: WatchedThing, code: CodeType) -> Tell:
    """Return what is to be called at a change that code of ``code`` has made."""
    root_of = thing.root_reader(code) if target.asks else None
    copies_locals = thing.copies_locals
    if root_of is None:
        plain_hit = target.hit_in(code)
        return lambda frame, said, _holder, _value: plain_hit(frame, said)
    access = _ForeignAccess(code, thing.wanted.chosen.path.root, copies_locals=copies_locals)
    access.class_name = thing.wanted.of_class.rpartition(".")[2] or access.class_name
    hit = target.hit_in(code, access=access)

    def tell(frame: FrameType, said: str, holder: object, value: object) -> None:
        try:
            access.stand_for(root_of(frame, holder, value))
        except KeyError:
            access.stand_for(MISSING)
        try:
            hit(frame, said)
        finally:
            access.stand_for(MISSING)

    return tell


class _ForeignAccess(FrameAccess):
    """Reads one name of another scope, and all others as they are where the thread is."""

    def __init__(self, code: CodeType, name: str, *, copies_locals: bool) -> None:
        super().__init__(code, copies_locals=copies_locals)
        self._name = name
        self._stands_for: dict[int, object] = {}  # by thread, while the condition is asked

    def stand_for(self, value: object) -> None:
        """Say what the name means now, MISSING for nothing."""
        if value is MISSING:
            self._stands_for.pop(get_ident(), None)
        else:
            self._stands_for[get_ident()] = value

    def name_reader(self, name: str) -> Callable[[FrameType], object]:
        if name != self._name:
            return super().name_reader(name)

        def read(frame: FrameType) -> object:
            try:
                return self._stands_for[get_ident()]
            except KeyError:
                raise NotBoundError(name) from None

        return read

    def namespaces(self, scope: FrameType) -> tuple[dict[str, Any], dict[str, object]]:
        global_names, local_names = super().namespaces(scope)
        value = self._stands_for.get(get_ident(), MISSING)
        if value is not MISSING:
            local_names[self._name] = value
        return global_names, local_names
