"""PlaceStep: steps to a place, whichever frame comes to it: a line of a file, the next event."""

from _thread import get_ident
from types import CodeType, FrameType

from pyprobe.core.code_map import CodeMap
from pyprobe.core.code_registry import normalized
from pyprobe.core.debug.line_entries import LineEntries
from pyprobe.core.debug.step import Step, StepOwner
from pyprobe.core.events.base import CodeSites


class LineStep(Step):
    """TO_LINE: any thread may come to the line first, also one of code that has not run yet."""

    def __init__(
        self, owner: StepOwner, thread: int, file: str, line: int, *, entity: str = ""
    ) -> None:
        super().__init__(owner, thread, entity)
        self._file = normalized(file)
        self._line = line
        self._offsets: dict[int, set[int]] = {}  # at which a code object arrives there, by its id

    def begin(self) -> None:
        """Arm the code there is, and what comes."""
        engine = self._owner.engine
        engine.listen_to_code(self._meet)
        for code in engine.codes_of(self._file):
            self._meet(code, self._file)

    def end(self) -> None:
        super().end()
        self._owner.engine.stop_listening_to_code(self._meet)

    def _meet(self, code: CodeType, file: str) -> None:
        if file != self._file or all(line != self._line for *_range, line in code.co_lines()):
            return
        entries = LineEntries(CodeMap(code)).at(self._line)
        self._offsets[id(code)] = {entry.offset for entry in entries}
        sites = CodeSites(
            lines={entry.line: self._on_arrival for entry in entries if entry.line is not None},
            before={entry.offset: self._on_arrival for entry in entries if entry.line is None},
        )
        if sites:
            self.arm(code, sites)

    def _on_arrival(self, frame: FrameType) -> None:
        arrives = frame.f_lasti in self._offsets.get(id(frame.f_code), ())
        if self.is_active and arrives and self.accepts(frame):
            self.stop(frame)


class EventStep(Step):
    """EVENT: the first line of the program's own code in the next event in which any runs.

    An event is a call of one of ``functions``; those that are going on are not the next one.
    """

    def __init__(
        self,
        owner: StepOwner,
        thread: int,
        frame: FrameType,
        functions: list[CodeType],
        *,
        entity: str = "",
    ) -> None:
        super().__init__(owner, thread, entity)
        self._functions = functions
        keys = {id(code) for code in functions}
        self._current: list[FrameType] = []  # held, so that no new frame can be taken for one
        caller: FrameType | None = frame
        while caller is not None:
            if id(caller.f_code) in keys:
                self._current.append(caller)
            caller = caller.f_back
        self._count = 0

    def begin(self) -> None:
        """Watch the functions."""
        for code in self._functions:
            sites = CodeSites(
                every_line=self._on_event_line,
                every_return=lambda frame, value: self._forget(frame),
                unwind=self._forget,
            )
            self.arm(code, sites)

    def end(self) -> None:
        super().end()
        self._current = []

    def _on_event_line(self, frame: FrameType) -> None:
        if not self.is_active or any(frame is one for one in self._current):
            return
        self._current.append(frame)
        self._count += 1
        if self._count == 1:
            self.hear_lines(get_ident())
        if self._owner.my_code.is_mine(frame.f_code):
            self.hear_line(frame)

    def _forget(self, frame: FrameType) -> None:
        self._current = [one for one in self._current if one is not frame]

    def hear_line(self, frame: FrameType) -> None:
        if not self.is_active or not self.accepts(frame):
            return
        skipped = f", {self._count - 1} passed over" if self._count > 1 else ""
        self.stop(frame, f"next event{skipped}")
