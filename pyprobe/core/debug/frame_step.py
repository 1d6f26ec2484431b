"""FrameStep: steps that follow one frame by its identity, through calls, yields and exceptions.

Only code of the frame that is followed has events, so what it calls runs at plain speed. When the
frame has ended, the nearest caller that is the program's own is followed, from behind its call.
Where that code itself is called again, its lines are heard no more until the call has come back:
events are those of a code object, so what is left is one in each call that comes back to the place.
"""

import sys
from _thread import get_ident
from collections.abc import Collection
from gc import get_referents
from types import CodeType, FrameType

from pyprobe.core.debug import code_places
from pyprobe.core.debug.going_on import who_goes_on
from pyprobe.core.debug.records import StepKind
from pyprobe.core.debug.step import Step, StepOwner
from pyprobe.core.events.base import CodeSites
from pyprobe.core.events.entry_lines import entry_offset
from pyprobe.core.plain_types import class_name
from pyprobe.core.value_text import summarise
from pyprobe.errors import PyProbeError

_DETAIL_CHARS = 200
_ONLY_OURS = 2  # references to a frame: the step's, and that of the look at it
_MOST_IN_VAIN = 100  # events of other frames before it rests: to arm code anew costs as much
_WRAPPED = "async_generator_wrapped_value"  # in which an asynchronous generator gives its values
_COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>")  # frames of their own on 3.11


class FrameStep(Step):
    """INTO, OVER, OUT, TO_YIELD and RESUMPTION, from ``frame``, where the thread stands.

    ``is_leaving``: it stands where the frame gives a value away, by ``yield``. ``is_left``: the
    frame is a library's, and of no interest.

    Raises:
        PyProbeError: the step needs a generator or coroutine, and there is none.
    """

    def __init__(
        self,
        owner: StepOwner,
        thread: int,
        frame: FrameType,
        kind: StepKind,
        *,
        entity: str = "",
        is_leaving: bool = False,
        is_left: bool = False,
    ) -> None:
        super().__init__(owner, thread, entity)
        self._kind = kind
        if kind in (StepKind.TO_YIELD, StepKind.RESUMPTION):
            frame = _nearest_suspending(frame)
        self._frame: FrameType | None = frame
        self._ending: FrameType | None = None  # whose only line may be told of again
        self._line = frame.f_lineno
        self._has_yielded = is_leaving
        self._is_behind_call = False
        self._detail = ""
        self._inner: list[range] = []
        self._is_left = is_left
        self._in_vain = 0
        self._can_rest = not self._copies_locals  # which sys.settrace does, that traces frames

    def begin(self) -> None:
        """Arm what is needed; the thread still stands."""
        frame = self._frame
        assert frame is not None
        if self._kind is StepKind.INTO or not self.accepts(frame):
            self.hear_lines(self.thread)
        gives = self._has_yielded and self._kind in (StepKind.INTO, StepKind.OUT)
        if gives or self._is_left:
            self._leave(frame, "")
        elif returned := code_places.constant_returned(frame):
            # The interpreter decides before the event we stand in whether it tells of the return.
            if entry_offset(frame.f_code) == frame.f_lasti:
                self._ending = frame
            self._leave(frame, f"{_name(frame)} returned {_text(returned[0])}")
        else:
            self._follow(frame)

    def end(self) -> None:
        super().end()
        self._frame = self._ending = None  # what they hold lives no longer than without us

    def _follow(self, frame: FrameType, after_call: Collection[int] = ()) -> None:
        code = frame.f_code
        self._in_vain = 0
        if self._kind is StepKind.OVER:
            self._inner = code_places.inlined_comprehensions(code)
        sites = CodeSites(
            every_line=self._on_line if self._stops_at_lines() else None,
            every_return=self._on_return,
            every_yield=self._on_yield if code_places.can_suspend(code) else None,
            unwind=self._on_unwind,
            before=dict.fromkeys(after_call, self._on_after_call),
        )
        if self._kind is StepKind.TO_YIELD and not self._is_behind_call:
            sites.before.update(dict.fromkeys(code_places.awaits(code), self._on_await))
            sites.yields.update(dict.fromkeys(code_places.own_yields(code), self._on_own_yield))
        self.arm(code, sites)

    # What happens in the frame

    def _is_followed(self, frame: FrameType) -> bool:
        if frame is not self._frame:
            self._hear_in_vain(frame)
            return False
        return self.is_active

    def _hear_in_vain(self, frame: FrameType) -> None:
        """Another frame of the same code: one that the followed frame has called, it may be."""
        if not self._can_rest or not self.is_active or get_ident() != self.thread:
            return
        self._in_vain += 1
        if self._in_vain < _MOST_IN_VAIN:
            return
        self._in_vain = 0
        caller = frame.f_back
        while caller is not None and caller is not self._frame:
            caller = caller.f_back
        if caller is not None:
            self._rest(caller)

    def _rest(self, calling: FrameType) -> None:
        """Hear of nothing but the ways by which a call comes back to the frame."""
        sites = CodeSites(unwind=self._on_unwind)
        sites.before.update(dict.fromkeys(code_places.ways_back(calling), self._on_way_back))
        self.arm(calling.f_code, sites)

    def _on_way_back(self, frame: FrameType) -> None:
        if frame is not self._frame or not self.is_active:
            return
        behind = code_places.after_call(frame) if self._is_behind_call else ()
        self._follow(frame, behind)
        if self._is_behind_call and frame.f_lasti in behind:
            self._on_after_call(frame)
        elif frame.f_lineno is not None:
            self._on_line(frame)  # where a line begins just there

    def _on_line(self, frame: FrameType) -> None:
        if not self._is_followed(frame) or self._stays_on_line(frame):
            return
        if self._stops_at_lines() and self.accepts(frame):
            self.stop(frame, self._detail)

    def _stays_on_line(self, frame: FrameType) -> bool:
        """Whether it has come to no other line; a comprehension is part of the line it begins."""
        if any(frame.f_lasti in inner for inner in self._inner):
            return True
        before, self._line = self._line, frame.f_lineno
        return before == frame.f_lineno

    def _stops_at_lines(self) -> bool:
        if self._is_behind_call or self._kind in (StepKind.INTO, StepKind.OVER):
            return True
        return self._kind is StepKind.RESUMPTION and self._has_yielded

    def _on_after_call(self, frame: FrameType) -> None:
        if self._is_followed(frame) and self._is_behind_call:
            self.stop(frame, self._detail)

    def _on_await(self, frame: FrameType) -> None:
        if self._is_followed(frame) and self.accepts(frame):
            self.stop(frame)

    def _on_own_yield(self, frame: FrameType, value: object) -> None:
        if self._is_followed(frame) and self.accepts(frame):
            self.stop(frame, f"{_name(frame)} yields {_text(value)}", is_leaving=True)

    def _on_yield(self, frame: FrameType, value: object) -> None:
        if not self._is_followed(frame):
            return
        if self._kind is StepKind.RESUMPTION and not self._has_yielded:
            self._has_yielded = True
            self._line = frame.f_lineno
            self._follow(frame)  # with its lines, which until now ran at plain speed
        self._has_yielded = True
        gives = code_places.gives_value(frame)
        if gives and (self._is_behind_call or self._kind in (StepKind.INTO, StepKind.OUT)):
            self._leave(frame, f"{_name(frame)} has yielded {_text(value)}")

    def _on_return(self, frame: FrameType, value: object) -> None:
        if self._is_followed(frame):
            self._leave(frame, f"{_name(frame)} returned {_text(value)}")

    def _on_unwind(self, frame: FrameType) -> None:
        if self._is_followed(frame):
            self._leave(frame, f"{_name(frame)} was left by an exception")

    def _leave(self, frame: FrameType, detail: str) -> None:
        """The frame gives control away: go on with who gets it."""
        self.disarm()
        self._detail = detail
        self._is_behind_call = True
        goes_on = who_goes_on(frame, self._may_follow, self._owner.loop_functions())
        self._frame, self._line = goes_on.frame, None
        self._has_yielded = goes_on.is_suspended
        if goes_on.frame is not None and goes_on.is_suspended:
            self._line = goes_on.frame.f_lineno  # 3.13 tells of it when an exception comes there
        if goes_on.frame is not None:
            self._follow(goes_on.frame, goes_on.offsets)
        elif goes_on.is_anyone or self._entity is not None:
            self.hear_lines(self.thread)
        elif self._kind is not StepKind.INTO:
            self._owner.finish(self)

    def _may_follow(self, frame: FrameType) -> bool:
        return self._owner.my_code.is_mine(frame.f_code) and self.accepts(frame)

    # A generator that is dropped while it is suspended

    @property
    def is_suspended(self) -> bool:
        return self._has_yielded and self._frame is not None

    def is_lost(self) -> bool:
        return self._has_yielded and sys.getrefcount(self._frame) <= _ONLY_OURS

    # What happens elsewhere in the thread

    def hear_line(self, frame: FrameType) -> None:
        if not self.is_active or not self.accepts(frame):
            return
        if frame is self._frame or frame is self._ending:
            return  # told by its own events, or already
        if not self._is_in_line_of(frame):
            self.stop(frame, self._detail if self._is_behind_call else "")

    def _is_in_line_of(self, frame: FrameType) -> bool:
        """Whether it is a comprehension in one line of the frame that is followed."""
        if frame.f_code.co_name not in _COMPREHENSIONS:
            return False
        return frame.f_back is self._frame and frame.f_lineno == self._line


def _nearest_suspending(frame: FrameType) -> FrameType:
    found: FrameType | None = frame
    while found is not None:
        if code_places.can_suspend(found.f_code):
            return found
        found = found.f_back
    raise PyProbeError("the thread does not stand in a generator or coroutine")


def _name(frame: FrameType) -> str:
    code: CodeType = frame.f_code
    return code.co_qualname


def _text(value: object) -> str:
    if class_name(type(value)) == _WRAPPED:
        value = get_referents(value)[0]
    return summarise(value, most_chars=_DETAIL_CHARS)[0]
