"""VariablesControl: what can be done with a variable of a stopped frame, by its menu."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QPoint, Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QMenu

from pyprobe.analysis.occurrence import Occurrence
from pyprobe.conditions import parse
from pyprobe.conditions.errors import ConditionSyntaxError
from pyprobe.gui.debug_answers import VariablePage, VariableRow, read_page
from pyprobe.gui.variables_panel import VariablesPanel
from pyprobe.gui.variables_tree import VariablePlace, written

if TYPE_CHECKING:
    from pyprobe.gui.breakpoint_control import BreakpointControl
    from pyprobe.gui.debug_control import DebugControl
    from pyprobe.gui.window_base import WindowBase

_PLAIN = ("str", "int", "bool")
_TELLING = ("name", "id", "ident", "key", "label", "number", "index", "title")


class VariablesControl(QObject):
    """Answers the menu of the variables' tree; ``watch`` asks whether to stop at a change, and
    ``capture`` limits the probes of the stopped function to an entity.
    """

    def __init__(
        self,
        window: "WindowBase",
        control: "DebugControl",
        breakpoints: "BreakpointControl",
        watch: Callable[[str, Occurrence], None],
        capture: Callable[[str], None],
        panel: VariablesPanel,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._control = control
        self._breakpoints = breakpoints
        self._watch = watch
        self._capture = capture
        self._panel = panel
        panel.tree.menu_asked.connect(self._open_menu)

    def _open_menu(self, place: VariablePlace, row: VariableRow | None, at: QPoint) -> None:
        if row is None:
            return
        menu = QMenu(self._panel)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        name = written(place.names)
        if not place.scope.startswith("$"):
            follow = self._control.follow
            menu.addAction("Follow this one only", partial(self.with_entity, place, row, follow))
            stop = self._control.stop
            if stop is not None and stop.breakpoint_id:
                limit = partial(self._breakpoints.limit, stop.breakpoint_id)
                menu.addAction(
                    "Stop here only for this one", partial(self.with_entity, place, row, limit)
                )
            capture = partial(self.with_entity, place, row, self._capture)
            menu.addAction("Capture here only for this one", capture)
            found = self._occurrence(place)
            if found is not None:
                path, occurrence = found
                text = f"Stop when {occurrence.symbol} changes…"
                menu.addAction(text, partial(self._watch, path, occurrence))
            menu.addAction("Change the value", self._panel.tree.edit_current)
            menu.addSeparator()
        if place.scope.startswith("$") and len(place.names) == 1:
            menu.addAction("Remove", self._panel.tree.remove_result)
        menu.addAction("Copy the value", partial(self._copy, row.text))
        menu.addAction("Copy the name", partial(self._copy, name))
        menu.popup(at)

    def _copy(self, text: str) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(text)

    def _occurrence(self, place: VariablePlace) -> tuple[str, Occurrence] | None:
        """Return where the source names a variable, nearest to where the frame stands."""
        stop = self._control.stop
        if stop is None or stop.file not in self._window.source_area.pages:
            return None
        source = self._window.workspace.open(stop.file)
        symbol = written(place.names)
        function = self._control.scope_name(stop.file, stop.line)
        found = [
            one
            for line in source.index.lines
            for one in source.index.on_line(line)
            if one.symbol == symbol and (one.scope.qualname == function or place.scope == "globals")
        ]
        best = min(found, key=lambda one: abs(one.line - stop.line), default=None)
        return (stop.file, best) if best is not None else None

    # ---- one instance --------------------------------------------------------------------

    def with_entity(
        self, place: VariablePlace, row: VariableRow, take: Callable[[str], object]
    ) -> None:
        """Hand over a condition that holds only in frames that have this object, or this value."""
        name = written(place.names)
        if row.type in _PLAIN and _is_condition(f"{name} == {row.text}"):
            take(f"{name} == {row.text}")
            return
        if row.parts <= 0:
            self._by_identity(name, take)
            return

        def answered(answer: dict[str, object]) -> None:
            telling = telling_part(read_page(answer))
            entity = f"{name}.{telling.name} == {telling.text}" if telling is not None else ""
            if entity and _is_condition(entity):
                take(entity)
            else:
                self._by_identity(name, take)

        request = place.request(self._control.frames.index, 0, 200)
        self._control.ask(request, answered, self._control.said.emit)

    def _by_identity(self, name: str, take: Callable[[str], object]) -> None:
        """Do so for an object that nothing tells from others but that it is this one."""

        def answered(answer: dict[str, object]) -> None:
            text = answer.get("text")
            if isinstance(text, str) and text.isdigit():
                take(f"py: id({name}) == {text}")

        frame = self._control.frames.index
        request: dict[str, object] = {"ask": "evaluate", "frame": frame, "text": f"id({name})"}
        self._control.ask(request, answered, self._control.said.emit)


def telling_part(page: VariablePage) -> VariableRow | None:
    """Return the attribute that tells an object from others of its class: its name, its number."""
    plain = [row for row in page.rows if row.type in _PLAIN and row.name.isidentifier()]
    by_name = {row.name.lstrip("_"): row for row in plain if row.type != "bool"}
    for name in _TELLING:
        if name in by_name:
            return by_name[name]
    return next((row for row in plain if row.type == "str"), None)


def _is_condition(text: str) -> bool:
    try:
        parse(text)
    except ConditionSyntaxError:
        return False
    return True
