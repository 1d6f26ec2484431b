"""What the run sign says: from the state of the session to a word and a detail. Pure."""

import os

from pyprobe.core.debug.records import StopPlace, StopReason
from pyprobe.core.trigger import Trigger, TriggerMode, TriggerState
from pyprobe.gui.run_sign import SignKind, SignText
from pyprobe.session.listener import ProgramState
from pyprobe.session.session import Session
from pyprobe.session.trigger_reading import TriggerReading

_REASONS = {
    StopReason.PAUSE: "paused",
    StopReason.BREAKPOINT: "breakpoint",
    StopReason.DATA: "changed",
    StopReason.EXCEPTION: "exception",
    StopReason.STEP: "step",
    StopReason.CALL: "breakpoint() was called",
    StopReason.WATCH: "condition held",
    StopReason.OTHER: "another thread has stopped",
}
_SAID_BY_DETAIL = (StopReason.STEP, StopReason.DATA, StopReason.EXCEPTION)
_WAITS = (TriggerState.ARMED, TriggerState.WAITING)


def sign_text(session: Session, stop: StopPlace | None) -> SignText:
    """Return what is to be read from across the room."""
    if stop is not None:
        why, line = reason_of(stop), f"{os.path.basename(stop.file)}:{stop.line}"
        shorter = tuple(f"{line} · {said}" for said in dict.fromkeys((why, why.partition("; ")[0])))
        least = (line, f"line {stop.line}")
        return SignText(SignKind.STANDS, "STOPPED", f"{place_of(stop)} · {why}", shorter, least)
    match session.state:
        case ProgramState.STARTING:
            return SignText(SignKind.RUNS, "STARTING")
        case ProgramState.PAUSED:
            halted = session.halted_at
            where = f"{os.path.basename(halted[0])}:{halted[1]}" if halted is not None else ""
            return SignText(SignKind.STANDS, "PAUSED", where)
        case ProgramState.RUNNING:
            return _running(session)
        case ProgramState.ENDED:
            return _ended(session)
    return SignText(SignKind.QUIET, "")


def _running(session: Session) -> SignText:
    if session.debug.is_pausing:
        return SignText(SignKind.WAITS, "PAUSING", "stops at its next line")
    triggers = [(probe.trigger, probe.trigger_reading) for probe in session.probes.values()]
    shared = session.shared_trigger
    if shared is not None and any(trigger is None for trigger, _reading in triggers):
        triggers.append(shared)
    waiting = [trigger for trigger, reading in triggers if trigger and _waits(trigger, reading)]
    if not waiting:
        return SignText(SignKind.RUNS, "RUNNING")
    more = f" and {len(waiting) - 1} more" if len(waiting) > 1 else ""
    return SignText(SignKind.WAITS, "WAITING FOR TRIGGER", f"{waiting[0].condition}{more}")


def _waits(trigger: Trigger, reading: TriggerReading | None) -> bool:
    if trigger.mode is TriggerMode.AUTO:
        return False
    return reading is None or reading.state in _WAITS


def _ended(session: Session) -> SignText:
    ending = session.ending
    if ending is None:
        return SignText(SignKind.QUIET, "ENDED")
    failed = bool(ending.exception) or ending.exit_code not in (0, None)
    detail = ending.signal or f"exit code {ending.exit_code}"
    if ending.exception:
        detail = ending.exception
    return SignText(SignKind.FAILED if failed else SignKind.QUIET, "ENDED", detail)


def place_of(stop: StopPlace) -> str:
    """Return where a thread stands: ``model.py:41 in Server.serve``."""
    where = f"{os.path.basename(stop.file)}:{stop.line}"
    return f"{where} in {stop.function}" if stop.function else where


def reason_of(stop: StopPlace) -> str:
    """Return why a thread stands, in one sentence."""
    reason = _REASONS[stop.reason]
    if stop.detail:
        return stop.detail if stop.reason in _SAID_BY_DETAIL else f"{reason}: {stop.detail}"
    return reason
