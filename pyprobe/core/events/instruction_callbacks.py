"""InstructionCallbacks: what the interpreter calls at instructions, as short as each can be made.

One that looks for the handler of any place; one for where a callback is entered with a frame of
ours between; and the one that a lone site brings along.
"""

import sys
from collections.abc import Callable
from types import CodeType

from pyprobe.core.door import Door
from pyprobe.core.events.base import Handler, InstructionCallback, LoneSite
from pyprobe.core.events.entry_check import without_entry_check
from pyprobe.core.events.headroom import Headroom
from pyprobe.core.events.superinstructions import NEEDED

_getframe = sys._getframe


class InstructionCallbacks:
    """Over the tables of a source: the handlers of each code object, by ``id(code)`` and offset.

    ``slowed`` is told code of which a part has run for the first time; only on 3.12.
    """

    def __init__(
        self,
        before: dict[int, dict[int, Handler]],
        disable: object,
        *,
        door: Door,
        headroom: Headroom,
        slowed: Callable[[CodeType], object],
    ) -> None:
        self._before = before
        self._disable = disable
        self._door = door
        self._headroom = headroom
        self._slowed = slowed
        # Most often one code object is watched; comparing it costs half of a look-up by id.
        self._prefer: Callable[[CodeType | None], None] = lambda code: None
        self.general = self._make(1)
        self._below_lone = self._make(2)

    def chosen(self, code: CodeType | None, lone: LoneSite | None) -> InstructionCallback:
        """Return the callback to register, best for hits in ``code``; it is right for all."""
        self._prefer(code)
        if code is None or lone is None:
            return self.general
        return lone.take.callback(code, lone, self._below_lone, self._door, self._headroom)

    def _make(self, level: int) -> InstructionCallback:
        """Make a callback; ``level`` frames above it is the one that hit."""
        before, slowed, disable = self._before, self._slowed, self._disable
        door, headroom = self._door, self._headroom
        favourite: CodeType | None = None
        favourite_handlers: dict[int, Handler] = {}

        @without_entry_check
        def on_instruction(code: CodeType, offset: int) -> object:
            try:
                if code is favourite:
                    handler = favourite_handlers[offset]
                else:
                    handler = before[id(code)][offset]
            except KeyError:
                if offset in before.get(id(code), ()):
                    return None  # another thread has changed the favourite in between
                if NEEDED:
                    slowed(code)
                return disable
            except BaseException as error:
                door.answer(error)
                return None
            try:
                return handler(_getframe(level))
            except RecursionError as error:
                if not headroom.usable:
                    door.fault_count += 1
                    return None
                headroom.counter(headroom.record() + headroom.place).value = 1
                return headroom.again(error, handler, _getframe(level))
            except BaseException as error:
                door.answer(error)
            return None

        def prefer(code: CodeType | None) -> None:
            nonlocal favourite, favourite_handlers
            favourite = None
            favourite_handlers = {} if code is None else before[id(code)]
            favourite = code

        if level == 1:
            self._prefer = prefer
        return on_instruction

    def make_jump(self, level: int) -> Callable[[CodeType, int, int], object]:
        """Make one for jumps; ``level`` frames above it is the one that hit."""
        before, disable = self._before, self._disable
        door, headroom = self._door, self._headroom

        @without_entry_check
        def on_jump(code: CodeType, offset: int, _destination: int) -> object:
            try:
                handler = before[id(code)][offset]
            except KeyError:
                return disable
            try:
                return handler(_getframe(level))
            except RecursionError as error:
                if not headroom.usable or level > 1:
                    door.fault_count += 1
                    return None
                headroom.counter(headroom.record() + headroom.place).value = 1
                return headroom.again(error, handler, _getframe(level))
            except BaseException as error:
                door.answer(error)
            return None

        return on_jump

    def make_by_headroom(self) -> InstructionCallback:
        """Make one to which levels are given beforehand, through a frame of ours."""
        before, disable, door = self._before, self._disable, self._door

        @without_entry_check
        def on_instruction(code: CodeType, offset: int) -> object:
            try:
                handler = before[id(code)][offset]
            except KeyError:
                return disable
            try:
                return handler(_getframe(2))
            except RecursionError:  # of another limit, that of C frames
                door.fault_count += 1
                return None
            except BaseException as error:
                door.answer(error)
            return None

        return on_instruction
