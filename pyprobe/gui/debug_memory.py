"""Debug memory: what is remembered of a program's breakpoints, triggers, conditions and docks."""

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pyprobe.core.named_members import member_named
from pyprobe.core.trigger import Trigger, TriggerMode
from pyprobe.core.trigger_watch import WatchAction
from pyprobe.errors import PyProbeError
from pyprobe.session.session import Session

if TYPE_CHECKING:
    from pyprobe.gui.breakpoint_control import BreakpointControl
    from pyprobe.gui.debug_docks import LateDocks
    from pyprobe.gui.workspace import Workspace
    from pyprobe.session.probe import Probe

Plain = dict[str, object]


class DebugMemory:
    """Turns what was set by hand into plain data for JSON, and back.

    ``sources`` are the texts that lines refer to, by name, kept once for all that is remembered.
    """

    def __init__(
        self,
        docks: "LateDocks",
        breakpoints: "BreakpointControl",
        session: Session,
        workspace: "Workspace",
    ) -> None:
        self._docks = docks
        self._breakpoints = breakpoints
        self._session = session
        self._workspace = workspace

    # ---- keeping -------------------------------------------------------------------------

    def to_plain(self, sources: dict[str, str]) -> Plain:
        """Return what is to be remembered; texts go into ``sources``."""
        settings = self._session.debug.settings
        probes = self._session.probes.values()
        return {
            "board": self._board(),
            "texts": self._texts(sources),
            "triggers": {
                self._workspace.key_of(one): _trigger(one.trigger)
                for one in probes
                if one.trigger is not None
            },
            "trigger": _trigger(self._session.trigger_board.trigger),
            "watches": [
                [one.watch.condition, one.watch.action.value, one.label, one.is_on]
                for one in self._session.trigger_board.watches
                if not one.watch.probe_id
            ],
            "docks": self._docks.names,
            "stepping": [settings.all_threads, settings.only_my_code],
        }

    def _board(self) -> Plain:
        breakpoints = self._breakpoints
        return breakpoints.board.to_dict() if breakpoints.is_used else {}

    def _texts(self, sources: dict[str, str]) -> dict[str, str]:
        """Keep the text of each file that has breakpoints; return their names by the path."""
        names: dict[str, str] = {}
        for one in self._breakpoints.all:
            text = self._breakpoints.moves.text_of(one.record.file)
            name = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
            names[one.record.file], sources[name] = name, text
        return names

    # ---- bringing back -------------------------------------------------------------------

    def recall(self, data: Mapping[str, object], sources: Mapping[str, str]) -> list[str]:
        """Set what was remembered, moved with its texts; return what went wrong."""
        texts = data.get("texts")
        for path, name in texts.items() if isinstance(texts, dict) else ():
            if isinstance(name, str) and name in sources:
                self._breakpoints.moves.remember_text(path, sources[name])
        problems = []
        if data.get("board"):
            problems += self._breakpoints.board.restore(data["board"])
            self._breakpoints.follow_edits()
        for recall in (self._recall_triggers, self._recall_watches):
            try:
                recall(data)
            except PyProbeError as error:
                problems.append(f"What was remembered is not set again: {error}.")
        match data.get("stepping"):
            case [bool(all_threads), bool(my_code)]:
                self._session.debug.set_stepping(all_threads=all_threads, only_my_code=my_code)
        return problems

    def _recall_triggers(self, data: Mapping[str, object]) -> None:
        shared = _read_trigger(data.get("trigger"))
        if shared is not None:
            self._session.set_shared_trigger(shared)
        triggers = data.get("triggers")
        probes: dict[str, Probe] = {
            self._workspace.key_of(one): one for one in self._session.probes.values()
        }
        for key, plain in triggers.items() if isinstance(triggers, dict) else ():
            trigger = _read_trigger(plain)
            if trigger is not None and key in probes:
                self._session.set_trigger(probes[key], trigger)

    def _recall_watches(self, data: Mapping[str, object]) -> None:
        watches = data.get("watches")
        for plain in watches if isinstance(watches, list) else ():
            match plain:
                case [str(condition), str(action), str(label), bool(is_on)]:
                    when = self._session.when(condition)
                    handle = when.make(member_named(WatchAction, action), label)
                    if not is_on:
                        handle.disable()


def dock_names(data: Mapping[str, object]) -> list[str]:
    """Return the docks there were."""
    names = data.get("docks")
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _trigger(trigger: Trigger | None) -> list[object]:
    if trigger is None:
        return []
    mode = trigger.mode.value
    return [trigger.condition, mode, trigger.pre, trigger.post, trigger.hold_off_ms]


def _read_trigger(plain: object) -> Trigger | None:
    match plain:
        case [str(condition), str(mode), int(pre), int(post), float() | int() as hold]:
            return Trigger(condition, member_named(TriggerMode, mode), pre, post, float(hold))
    return None
