"""TriggerControl: between the trigger panel, the session's probes and the level in a plot."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMenu

from pyprobe.core.trigger import Trigger
from pyprobe.errors import PyProbeError
from pyprobe.gui.condition_names import attributes_of, names_at
from pyprobe.gui.messages import Level
from pyprobe.gui.trigger_level_control import TriggerLevelControl
from pyprobe.gui.trigger_panel import ALL_PROBES, TriggerChoice, TriggerPanel
from pyprobe.gui.trigger_words import Form, condition_text, read_level, tag_of
from pyprobe.session.probe import Probe
from pyprobe.session.session import Session

if TYPE_CHECKING:
    from pyprobe.gui.window_base import WindowBase


_ALL_TITLE = "All probes, as one"


class TriggerControl(QObject):
    """Answers the panel of a window whose session runs a program."""

    said = pyqtSignal(str)

    def __init__(self, window: "WindowBase", session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self.panel = TriggerPanel(window.theme, self._names)
        self.panel.changed.connect(self.set_trigger)
        self.panel.chosen.connect(lambda _probe: self._on_chosen())
        self.panel.level_wanted.connect(self._want_level)
        self._level = TriggerLevelControl(self, self._on_moved)
        self._form = Form.RISING
        self._shown_level = 0
        menu = QMenu(self.panel)
        for form in Form:
            action = QAction(form.value, menu)
            action.triggered.connect(partial(self._choose_form, form))
            menu.addAction(action)
        self.panel.forms.setMenu(menu)

    # ---- what is shown -------------------------------------------------------------------

    def update(self) -> None:
        """Show how the triggers fare."""
        choices = [self._choice(probe) for probe in self._session.probes.values()]
        if choices:
            choices.append(self._shared_choice())
        self.panel.show_choices(choices, runs=self._session.has_process)
        if self._shown_level and self._shown_level not in self._session.probes:
            self._shown_level = 0
            self.panel.show_level(False)
            self._level.forget()

    def _choice(self, probe: Probe) -> TriggerChoice:
        reading = probe.trigger_reading
        return TriggerChoice(probe.id, probe.title, probe.trigger, reading, bool(tag_of(probe)))

    def _shared_choice(self) -> TriggerChoice:
        board = self._session.trigger_board
        return TriggerChoice(ALL_PROBES, _ALL_TITLE, board.trigger, board.trigger_reading, False)

    def choose(self, probe_id: int) -> None:
        """Show the trigger of a probe."""
        self.update()
        self.panel.choose(probe_id)

    def _probe(self, probe_id: int) -> Probe | None:
        return self._session.probes.get(probe_id)

    def _names(self, base: str) -> Sequence[str]:
        chosen = self._probe(self.panel.probe_id)
        found: dict[str, None] = {}
        for probe in [chosen] if chosen is not None else self._session.probes.values():
            source, line = self._window.workspace.open(probe.anchor.file), probe.occurrence.line
            names = attributes_of(source, base, line) if base else names_at(source, line)
            found.update(dict.fromkeys(names))
        return list(found)

    # ---- setting -------------------------------------------------------------------------

    def set_trigger(self, probe_id: int, trigger: Trigger | None) -> None:
        """Give a probe a trigger, or none; it can be undone."""
        if probe_id == ALL_PROBES:
            self._set_shared_trigger(trigger)
            return
        probe = self._probe(probe_id)
        if probe is None:
            return
        before = probe.trigger
        if not self._set(probe_id, trigger):
            return
        word = "set the trigger of" if trigger is not None else "remove the trigger of"
        if before != trigger:
            redo = partial(self._set, probe_id, trigger)
            undo = partial(self._set, probe_id, before)
            text = f"{word} {probe.anchor.symbol}"
            self._window.undo.push(text, redo, undo, merge=("trigger", probe_id))
        said = (
            f"Triggers on {trigger.condition}" if trigger is not None else "Every hit is captured"
        )
        self.said.emit(f"{probe.title}: {said}.")

    def _set_shared_trigger(self, trigger: Trigger | None) -> None:
        before = self._session.trigger_board.trigger
        if not self._share(trigger):
            return
        word = "set" if trigger is not None else "remove"
        if before != trigger:
            redo, undo = partial(self._share, trigger), partial(self._share, before)
            text = f"{word} the trigger of all probes"
            self._window.undo.push(text, redo, undo, merge=("trigger", ALL_PROBES))
        said = "Every hit is captured"
        if trigger is not None:
            said = f"All that have no trigger of their own trigger on {trigger.condition}"
        self.said.emit(f"{said}.")

    def _share(self, trigger: Trigger | None) -> bool:
        try:
            self._session.set_shared_trigger(trigger)
        except PyProbeError as error:
            self._window.messages.post(f"{error}.", Level.WARN)
            return False
        self.update()
        return True

    def _set(self, probe_id: int, trigger: Trigger | None) -> bool:
        probe = self._probe(probe_id)
        if probe is None:
            return False
        try:
            self._session.set_trigger(probe, trigger)
        except PyProbeError as error:
            self._window.messages.post(f"{error}.", Level.WARN)
            return False
        self.update()
        self._follow_level(probe, trigger)
        return True

    def limit(self, file: str, function: str, entity: str) -> None:
        """Have the probes of a function capture only where an entity's condition holds."""
        probes = [
            one
            for one in self._session.probes.values()
            if (one.anchor.file, one.occurrence.scope.qualname) == (file, function)
        ]
        with self._window.undo.group(f"capture only where {entity}"):
            for probe in probes:
                known = probe.trigger or Trigger(entity)
                self.set_trigger(probe.id, replace(known, condition=entity))
        if not probes:
            self.said.emit(f"There is no probe in {function} that could be limited to {entity}.")

    # ---- the level in the plot -----------------------------------------------------------

    def _choose_form(self, form: Form) -> None:
        self._form = form
        probe = self._probe(self.panel.probe_id)
        if probe is None:
            return
        if not form.has_level:
            self._hide_level()
            self.panel.write_condition(condition_text(form, tag_of(probe)))
            return
        known = self._known_level(probe)
        if known is not None:
            self.panel.write_condition(condition_text(form, tag_of(probe), known[1]))
        self._show_level(probe)

    def _known_level(self, probe: Probe) -> tuple[Form, float] | None:
        return read_level(self.panel.condition.text, tag_of(probe))

    def _show_level(self, probe: Probe) -> None:
        window = self._window
        window.make_traces()
        window.docks.show_trace(probe.id)
        panel = window.traces.panels.get(probe.id) if window.traces is not None else None
        known = self._known_level(probe)
        if known is not None:
            self._form = known[0]
        value = known[1] if known is not None else None
        if panel is None or not self._level.show(panel, value, self._form.direction):
            self.panel.show_level(False)
            self.said.emit(
                "A level is set in the plot of a number; there is none of this probe yet."
            )
            return
        self._shown_level = probe.id
        self.panel.show_level(True)
        self.said.emit(
            "Click into the plot where the level is to be; drag the line to move it."
            if value is None
            else f"The level is {value:g}; drag its line in the plot to move it."
        )

    def _want_level(self, probe_id: int, on: bool) -> None:
        probe = self._probe(probe_id)
        if on and probe is not None:
            self._show_level(probe)
        elif not on:
            self._hide_level()

    def _hide_level(self) -> None:
        self._shown_level = 0
        self.panel.show_level(False)
        self._level.hide()

    def _on_chosen(self) -> None:
        self._hide_level()

    def _on_moved(self, level: float) -> None:
        probe = self._probe(self._shown_level)
        if probe is not None:
            self.panel.choose(probe.id)
            self.panel.write_condition(condition_text(self._form, tag_of(probe), level))

    def _follow_level(self, probe: Probe, trigger: Trigger | None) -> None:
        if probe.id != self._shown_level:
            return
        condition = trigger.condition if trigger is not None else ""
        known = read_level(condition, tag_of(probe))
        if known is None:  # a line would stand for what is no more
            self._hide_level()
            return
        self._form = known[0]
        self._level.set(known[1], known[0].direction)
