"""Stepping: the steps that threads are taking, and what they have in common."""

from _thread import get_ident
from collections.abc import Callable
from types import CodeType, FrameType

from pyprobe.core.debug.event_functions import find_event_functions, loaded_event_functions
from pyprobe.core.debug.frame_step import FrameStep
from pyprobe.core.debug.my_code import MyCode
from pyprobe.core.debug.place_step import EventStep, LineStep
from pyprobe.core.debug.records import EVENT_FUNCTIONS, StepKind, StopReason
from pyprobe.core.debug.step import Step
from pyprobe.core.debug.stopped_thread import StoppedThread
from pyprobe.core.debug.stopper import Stopper
from pyprobe.core.engine import Engine

_LOOK_FOR_LOST_S = 0.25


class Stepping:
    """A thread takes one step at a time: a stop for whatever reason ends the one it was taking.

    ``say`` tells the person at the front end one sentence.
    """

    def __init__(self, engine: Engine, stopper: Stopper, say: Callable[[str], None]) -> None:
        self.say = say
        self.engine = engine
        self.my_code = MyCode()
        self.event_functions: tuple[str, ...] = EVENT_FUNCTIONS
        self._stopper = stopper
        self._steps: dict[int, Step] = {}
        self._hearing: dict[int, Step] = {}
        self._leaving: dict[int, FrameType] = {}
        stopper.on_stop = self.thread_stops

    def begin(
        self,
        thread: StoppedThread,
        kind: StepKind,
        *,
        file: str = "",
        line: int = 0,
        entity: str = "",
    ) -> None:
        """Let a thread that stands take a step.

        Raises:
            PyProbeError: it cannot be taken from there; the thread stands on.
        """
        step = self._new_step(thread, kind, file, line, entity)
        self._steps[thread.ident] = step
        step.begin()
        self._stopper.let_go(thread)

    def _new_step(
        self, thread: StoppedThread, kind: StepKind, file: str, line: int, entity: str
    ) -> "FrameStep | LineStep | EventStep":
        ident, frame = thread.ident, thread.frame_on
        if kind is StepKind.TO_LINE:
            return LineStep(self, ident, file, line, entity=entity)
        if kind is StepKind.EVENT:
            functions = find_event_functions(self.event_functions)
            return EventStep(self, ident, frame, functions, entity=entity)
        return FrameStep(
            self,
            ident,
            frame,
            kind,
            entity=entity,
            is_leaving=self._leaving.get(ident) is frame,
            is_left=bool(thread.passed) and not self.my_code.is_mine(frame.f_code),
        )

    # What steps ask for

    def hear_lines(self, step: Step, thread: int) -> None:
        """Tell a step each line of the program's own code that a thread comes to."""
        self._hearing[thread] = step
        self._stopper.listen(self._on_line)

    def _on_line(self, frame: FrameType) -> object:
        if not self.my_code.is_mine(frame.f_code):
            return self.engine.source.disable
        step = self._hearing.get(get_ident())
        if step is not None:
            step.hear_line(frame)
        return None

    def stop(self, frame: FrameType, detail: str, *, is_leaving: bool) -> None:
        """Stop the calling thread; ``is_leaving``: where the frame gives a value away."""
        if not is_leaving:
            self._stopper.stop(frame, StopReason.STEP, detail=detail)
            return
        ident = get_ident()
        self._leaving[ident] = frame
        try:
            self._stopper.stop(frame, StopReason.STEP, detail=detail)
        finally:
            self._leaving.pop(ident, None)

    def loop_functions(self) -> list[CodeType]:
        """Return the functions by which simulators run what is due."""
        return loaded_event_functions(self.event_functions)

    def finish(self, step: Step) -> None:
        """It has come to its end, and wants nothing more."""
        step.end()
        if self._steps.get(step.thread) is step:
            del self._steps[step.thread]
        hearing = [ident for ident, one in list(self._hearing.items()) if one is step]
        for ident in hearing:
            self._hearing.pop(ident, None)
        if hearing and not self._hearing:
            self._stopper.listen(None)

    @property
    def is_idle(self) -> bool:
        """Whether no thread takes a step."""
        return not self._steps

    def sleep_s(self) -> float | None:
        """Return the seconds until ``look`` has something to do; None for any time."""
        waits = any(step.is_suspended for step in list(self._steps.values()))
        return _LOOK_FOR_LOST_S if waits else None

    def look(self) -> None:
        """End the steps of generators that were dropped: from 3.13 on no event tells of that."""
        for step in list(self._steps.values()):
            if step.is_lost():
                self.finish(step)
                self.say(
                    "The generator that was followed has been dropped, so the step has no end."
                )

    # What the stopper tells

    def thread_stops(self, ident: int) -> None:
        """A thread stops: it has stepped enough."""
        step = self._steps.get(ident)
        if step is not None:
            self.finish(step)

    def end_all(self) -> None:
        """No thread takes a step any more."""
        for step in list(self._steps.values()):
            self.finish(step)
