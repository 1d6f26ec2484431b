"""Runs a program text with breakpoints in this process, and tells what they did."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from pyprobe.core.debug.breakpoints import Breakpoints
from pyprobe.core.debug.frame_scope import FrameScope
from pyprobe.core.debug.log_text import short_text
from pyprobe.core.debug.records import Breakpoint, StopReason
from pyprobe.core.debug.stopped_thread import PassedFrame
from pyprobe.ipc.messages import BreakpointNote, Logged
from tests.core.capturing import Capturer


@dataclass(frozen=True)
class Stop:
    """One stop of a thread; ``variables`` are its locals as text.

    ``is_live``: it stands in the frame that is shown, which an exception has not left yet.
    """

    breakpoint_id: int
    line: int
    function: str
    reason: StopReason
    detail: str
    variables: dict[str, str]
    is_live: bool = True


@dataclass
class Stops:
    """Takes the place of the stopper: notes where a thread would stand, and lets it go on."""

    found: list[Stop] = field(default_factory=list)

    def stop(
        self,
        frame: FrameType,
        reason: StopReason,
        *,
        breakpoint_id: int = 0,
        detail: str = "",
        passed: tuple[PassedFrame, ...] = (),
    ) -> None:
        line = frame.f_lineno
        if passed:
            frame, line = passed[0].frame, passed[0].line
        shown = FrameScope(frame).variables()
        variables = {name: short_text(value) for name, value in shown.items()}
        self.found.append(
            Stop(
                *(breakpoint_id, line, frame.f_code.co_qualname, reason, detail, variables),
                is_live=not passed,
            )
        )

    @property
    def lines(self) -> list[int]:
        return [stop.line for stop in self.found]


class Broken:
    """An engine with breakpoints over one program text."""

    def __init__(self, folder: Path, source: str) -> None:
        self.path = folder / "program.py"
        self.path.write_text(source, encoding="utf-8")
        self.source = source
        self.capturer = Capturer()
        self.stops = Stops()
        self.breakpoints = Breakpoints(
            self.capturer.engine,
            self.stops,
            is_mine=lambda code: code.co_filename == str(self.path),
        )
        self._next_id = 1

    def set(self, line: int, **fields: object) -> int:
        """Set a breakpoint; return its id."""
        self._next_id += 1
        record = Breakpoint(str(self.path), line, **fields)  # type: ignore[arg-type]
        self.breakpoints.set(self._next_id, record)
        return self._next_id

    def run(self, **namespace: object) -> dict[str, object]:
        """Run the program; what it raises is shown and passed over."""
        names: dict[str, object] = {"__name__": "program", **namespace}
        code = compile(self.source, str(self.path), "exec")
        try:
            exec(code, names)
        except Exception:  # noqa: BLE001 - the program may raise anything
            traceback.print_exc()
        assert self.capturer.faults == []
        return names

    @property
    def lines(self) -> list[int]:
        return self.stops.lines

    def logged(self) -> list[str]:
        """Return what was logged since."""
        return [
            str(entry[-1])
            for message in self.breakpoints.news()
            if isinstance(message, Logged)
            for entry in message.entries
            if isinstance(entry, list)
        ]

    def notes(self) -> dict[int, BreakpointNote]:
        """Return how those breakpoints fare of which there is something new."""
        return {
            message.breakpoint_id: message
            for message in (*self.breakpoints.news(), *self.breakpoints.changed())
            if isinstance(message, BreakpointNote)
        }


@contextmanager
def broken(folder: Path, source: str) -> Iterator[Broken]:
    """Yield a program that can be given breakpoints and run."""
    program = Broken(folder, source)
    program.capturer.engine.start()
    try:
        yield program
    finally:
        program.breakpoints.leave()
        program.capturer.engine.stop()
