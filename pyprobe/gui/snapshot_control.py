"""SnapshotControl: between the snapshot panel, the session's conditions and the window's time."""

import re
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from pyprobe.core.trigger_watch import WatchAction
from pyprobe.errors import PyProbeError
from pyprobe.gui.condition_names import attributes_of, names_at
from pyprobe.gui.messages import Level
from pyprobe.gui.snapshot_panel import SnapshotPanel
from pyprobe.gui.snapshot_watches import WatchRow
from pyprobe.session.session import Session
from pyprobe.session.trigger_board import BoardWatch

if TYPE_CHECKING:
    from pyprobe.gui.window_base import WindowBase

_SHORT_CHARACTERS = 30  # of a condition, in a menu
_PLACE = re.compile(r"(?P<file>.*):(?P<line>\d+) ")


class SnapshotControl(QObject):
    """Answers the panel of a window whose session runs a program."""

    said = pyqtSignal(str)

    def __init__(self, window: "WindowBase", session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self.panel = SnapshotPanel(window.theme, self._names)
        self.panel.moment_wanted.connect(self._go_to)
        self.panel.place_wanted.connect(self._reveal)
        watches = self.panel.watches
        watches.added.connect(self.add_watch)
        watches.switched.connect(self._switch)
        watches.removed.connect(self._remove)
        watches.changed.connect(self._change)
        watches.said.connect(self.said)

    @property
    def watches(self) -> tuple[BoardWatch, ...]:
        """The session's conditions."""
        return self._session.trigger_board.watches

    def update(self) -> None:
        """Show the conditions, how they fare, and what was taken."""
        runs, probed = self._session.has_process, bool(self._session.probes)
        rows = [_row(one, runs=runs, probed=probed) for one in self.watches]
        self.panel.watches.show_rows(rows)
        store = self._session.snapshots
        self.panel.show_snapshots(
            store.find_all(), epoch_ns=self._session.epoch_ns, forgotten=store.forgotten
        )

    def add_watch(self, condition: str, action: WatchAction, label: str) -> int:
        """Ask a condition from now on; return its id, 0 where it is none."""
        try:
            handle = self._session.when(condition).make(action, label)
        except PyProbeError as error:
            self._window.messages.post(f"{error}.", Level.WARN)
            return 0
        if not self._session.probes:
            self.said.emit("It is asked at the hits of probes; there is none yet.")
        self.update()
        one = self._find(handle.id)
        if one is not None:
            redo, undo = partial(self._put_back, one), partial(self._take_away, one.id)
            self._window.undo.push(f"add the condition {_short(condition)}", redo, undo)
        return handle.id

    def _find(self, watch_id: int) -> BoardWatch | None:
        return next((one for one in self.watches if one.id == watch_id), None)

    def _switch(self, watch_id: int, on: bool) -> None:
        one = self._find(watch_id)
        if one is None or one.is_on is on:
            return
        self._set_on(watch_id, on)
        self._window.undo.push(
            f"switch the condition {_short(one.watch.condition)}",
            partial(self._set_on, watch_id, on),
            partial(self._set_on, watch_id, not on),
        )

    def _set_on(self, watch_id: int, on: bool) -> None:
        self._session.trigger_board.switch(watch_id, on=on)
        self.update()

    def _remove(self, watch_id: int) -> None:
        one = self._find(watch_id)
        if one is None:
            return
        self._take_away(watch_id)
        redo, undo = partial(self._take_away, watch_id), partial(self._put_back, one)
        self._window.undo.push(f"remove the condition {_short(one.watch.condition)}", redo, undo)

    def _take_away(self, watch_id: int) -> None:
        self._session.trigger_board.remove(watch_id)
        self.update()

    def _put_back(self, one: BoardWatch) -> None:
        self._session.trigger_board.put_back(one)
        self.update()

    def _change(self, watch_id: int, condition: str, label: str) -> None:
        one = self._find(watch_id)
        if one is None:
            return
        before = (one.watch.condition, one.label)
        if not self._set_texts(watch_id, condition, label) or before == (condition, label):
            return
        self._window.undo.push(
            f"change the condition {_short(before[0])}",
            partial(self._set_texts, watch_id, condition, label),
            partial(self._set_texts, watch_id, *before),
        )

    def _set_texts(self, watch_id: int, condition: str, label: str) -> bool:
        try:
            self._session.trigger_board.change(watch_id, condition=condition, label=label)
        except PyProbeError as error:
            self.said.emit(f"{error}.")
            return False
        finally:
            self.update()
        return True

    def _names(self, base: str) -> Sequence[str]:
        found: dict[str, None] = {}
        for probe in self._session.probes.values():
            source = self._window.workspace.open(probe.anchor.file)
            line = probe.occurrence.line
            found.update(
                dict.fromkeys(attributes_of(source, base, line) if base else names_at(source, line))
            )
        return list(found)

    def _go_to(self, t_ns: int) -> None:
        if not self._window.time.cursor.move_to(t_ns):
            self.said.emit("There are no captures of that time any more.")

    def _reveal(self, place: str) -> None:
        found = _PLACE.match(f"{place} ")
        if found and self._window.workspace.can_show(found["file"]):
            self._window.sources.reveal(found["file"], int(found["line"]))


def _short(text: str) -> str:
    return text if len(text) <= _SHORT_CHARACTERS else f"{text[: _SHORT_CHARACTERS - 1]}…"


def _row(one: BoardWatch, *, runs: bool, probed: bool) -> WatchRow:
    reading = one.reading
    state = ""
    if reading is not None and one.is_on:
        times = f" × {reading.times:,}" if reading.times else ""
        state = f"{reading.state.value}{times}"
    elif one.is_on and runs:
        state = "waiting"
    note = reading.sentence if reading is not None else ""
    if not probed:
        state, note = "no probe yet", "It is asked at the hits of probes; click a variable"
    if not one.is_on:
        state = "off"
    watch = one.watch
    return WatchRow(one.id, watch.condition, watch.action, one.label, one.is_on, state, note)
