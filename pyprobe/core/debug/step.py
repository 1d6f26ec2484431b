"""Step: one way of a thread to where it is to stop next; the base of all kinds."""

from _thread import get_ident
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Protocol

from pyprobe.conditions import ConditionError
from pyprobe.core.debug.entity_frames import EntityFrames
from pyprobe.core.debug.my_code import MyCode
from pyprobe.core.engine import Engine
from pyprobe.core.events.base import STEPS, CodeSites
from pyprobe.core.events.entry_lines import MISSING, entry_offset


class StepOwner(Protocol):
    """What a step needs of ``stepping.Stepping``."""

    engine: Engine
    my_code: MyCode
    say: Callable[[str], None]

    def hear_lines(self, step: "Step", thread: int) -> None:
        """Tell a step each line of the program's own code that a thread comes to."""

    def loop_functions(self) -> list[CodeType]:
        """Return the functions by which simulators run what is due."""

    def finish(self, step: "Step") -> None:
        """It has come to its end, and wants nothing more."""

    def stop(self, frame: FrameType, detail: str, *, is_leaving: bool) -> None:
        """Stop the calling thread; ``is_leaving``: where the frame gives a value away."""


class Step:
    """``thread`` is the one that takes the step; ``entity`` says which frames are meant, or ``""``.

    Raises:
        PyProbeError: the entity is none.
    """

    _count = 0

    def __init__(self, owner: StepOwner, thread: int, entity: str) -> None:
        Step._count += 1
        self._layer = f"{STEPS} {Step._count}"
        self._owner = owner
        self._armed: dict[int, CodeType] = {}
        self._copies_locals = owner.engine.source.copies_locals
        self._entity = (
            EntityFrames(entity, copies_locals=self._copies_locals) if entity.strip() else None
        )
        self._has_complained = False
        self._hearing = 0
        self._entries: list[
            CodeType
        ] = []  # whose first lines are told of only where they are armed
        self._entry_layer = f"{self._layer} entries"
        self.thread = thread
        self.is_active = True

    @property
    def is_suspended(self) -> bool:
        """Whether it waits for a generator to go on."""
        return False

    def is_lost(self) -> bool:
        """Whether what it waits for is gone."""
        return False

    def hear_line(self, frame: FrameType) -> None:
        """A line of the program's own code, in a thread that ``hear_lines`` has named."""

    def arm(self, code: CodeType, sites: CodeSites) -> None:
        """Watch a code object until the step ends, or it is armed or disarmed anew."""
        self._armed[id(code)] = code
        self._owner.engine.source.arm(code, sites, layer=self._layer)

    def disarm(self) -> None:
        """Watch nothing more."""
        armed, self._armed = self._armed, {}
        for code in armed.values():
            self._owner.engine.source.disarm(code, layer=self._layer)

    def end(self) -> None:
        """Let go of everything. Harmless when called twice."""
        self.is_active = False
        self.disarm()
        entries, self._entries = self._entries, []
        for code in entries:
            self._owner.engine.source.disarm(code, layer=self._entry_layer)

    def stop(self, frame: FrameType, detail: str = "", *, is_leaving: bool = False) -> None:
        """Come to the end: the calling thread stands in ``frame`` until it may go on."""
        self._owner.finish(self)
        self._owner.stop(frame, detail, is_leaving=is_leaving)

    def accepts(self, frame: FrameType) -> bool:
        """Whether a frame is one of the entity's."""
        if self._entity is None:
            return True
        try:
            return self._entity.has(frame)
        except ConditionError as error:
            if not self._has_complained:
                self._has_complained = True
                self._owner.say(f"Which frames are meant cannot be decided: {error}.")
            return False

    def hear_lines(self, thread: int) -> None:
        """Hear the lines of the program's own code that a thread comes to."""
        self._hearing = thread
        self._owner.hear_lines(self, thread)
        source, is_mine = self._owner.engine.source, self._owner.my_code.is_mine
        for code in self._owner.engine.all_codes() if MISSING else ():
            if is_mine(code) and entry_offset(code) is not None:
                sites = CodeSites(lines={code.co_firstlineno: self._hear_entry_line})
                self._entries.append(code)
                source.arm(code, sites, layer=self._entry_layer)

    def _hear_entry_line(self, frame: FrameType) -> None:
        if self.is_active and get_ident() == self._hearing:
            self.hear_line(frame)
