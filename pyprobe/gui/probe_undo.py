"""ProbeUndo: hears which probes come, go and change by the user's hand, and makes it undoable."""

from dataclasses import dataclass
from functools import partial

from pyprobe.gui.undo import UndoStack
from pyprobe.gui.workspace import Workspace
from pyprobe.session.listener import SessionListener
from pyprobe.session.probe import Probe


@dataclass(frozen=True, slots=True)
class _Settings:
    """What the user can change of a probe."""

    throttle: str
    run_code: bool
    color_index: int


def _settings(probe: Probe) -> _Settings:
    return _Settings(probe.throttle, probe.run_code, probe.color_index)


class ProbeUndo(SessionListener):
    """Listens to the session, so that every way to change a probe can be undone alike.

    What is there when it begins, and what happens while the stack is quiet, is not undoable.
    """

    def __init__(self, workspace: Workspace, stack: UndoStack) -> None:
        self._workspace = workspace
        self._session = workspace.session
        self._stack = stack
        self._known = {one.id: _settings(one) for one in self._session.probes.values()}
        self._session.add_listener(self)

    def on_probe(self, probe: Probe) -> None:
        before, is_there = self._known.get(probe.id), probe.id in self._session.probes
        name = probe.anchor.symbol
        add = partial(self._workspace.restore_probe, probe)
        remove = partial(self._session.remove_probe, probe)
        if not is_there:
            if self._known.pop(probe.id, None) is not None:
                self._stack.push(f"remove probe {name}", remove, add)
            return
        now = self._known[probe.id] = _settings(probe)
        if before is None:
            self._stack.push(f"add probe {name}", add, remove)
        elif now != before:
            what = "colour" if now.color_index != before.color_index else "throttle"
            if now.run_code != before.run_code:
                what = "reading"
            self._stack.push(
                f"change {what} of {name}",
                partial(self._apply, probe, now),
                partial(self._apply, probe, before),
            )

    def _apply(self, probe: Probe, settings: _Settings) -> None:
        if probe.color_index != settings.color_index:
            self._session.set_color(probe, settings.color_index)
        if (probe.throttle, probe.run_code) != (settings.throttle, settings.run_code):
            self._session.set_throttle(probe, settings.throttle, run_code=settings.run_code)
