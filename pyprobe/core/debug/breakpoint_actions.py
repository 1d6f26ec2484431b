"""What a breakpoint does when a hit counts: it stops, logs a message or takes a snapshot."""

from collections.abc import Callable
from types import CodeType, FrameType
from typing import Protocol

from pyprobe.conditions.log_message import LogMessage, parse_log_message
from pyprobe.core.debug.log_outlet import LogOutlet
from pyprobe.core.debug.log_text import LogText
from pyprobe.core.debug.records import StopReason
from pyprobe.core.debug.stopped_thread import PassedFrame
from pyprobe.core.debug.target_breakpoint import Act

TakeSnapshot = Callable[[int, FrameType], bool]


class Stops(Protocol):
    """Who makes the calling thread stand: ``Stopper``."""

    def stop(
        self,
        frame: FrameType,
        reason: StopReason,
        *,
        breakpoint_id: int = 0,
        detail: str = "",
        passed: tuple[PassedFrame, ...] = (),
    ) -> None: ...


class BreakpointActions:
    """Makes the actions of breakpoints from their messages."""

    def __init__(
        self, stopper: Stops, log: LogOutlet, take_snapshot: TakeSnapshot, *, copies_locals: bool
    ) -> None:
        self._stopper = stopper
        self._log = log
        self._take_snapshot = take_snapshot
        self._copies_locals = copies_locals

    def action(self, breakpoint_id: int, message: str, reason: StopReason) -> Act:
        """Return what to do at a hit.

        Raises:
            LogMessageError: the message is none.
        """
        parsed = parse_log_message(message)
        if parsed is None:
            return self._stop(breakpoint_id, reason)
        if parsed.snapshot:
            return self._snapshot(breakpoint_id, parsed.snapshot)
        return self._write(breakpoint_id, parsed)

    def _stop(self, breakpoint_id: int, reason: StopReason) -> Act:
        stop = self._stopper.stop

        def act(frame: FrameType, detail: str) -> None:
            stop(frame, reason, breakpoint_id=breakpoint_id, detail=detail)

        return act

    def _snapshot(self, breakpoint_id: int, label: str) -> Act:
        def act(frame: FrameType, detail: str) -> None:
            taken = self._take_snapshot(breakpoint_id, frame)
            said = "was taken" if taken else "was not taken: there was no room"
            self._log.put(breakpoint_id, frame, f"Snapshot {label!r} {said}")

        return act

    def _write(self, breakpoint_id: int, message: LogMessage) -> Act:
        texts: dict[int, tuple[CodeType, LogText]] = {}

        def act(frame: FrameType, detail: str) -> None:
            code = frame.f_code
            known = texts.get(id(code))
            if known is None or known[0] is not code:
                text = LogText(message, code, copies_locals=self._copies_locals)
                known = texts[id(code)] = code, text
            self._log.put(breakpoint_id, frame, known[1].of(frame))

        return act
