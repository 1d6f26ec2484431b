"""The menu of a place in the source: probe it, stop there, run there, watch it, copy."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QAction, QGuiApplication
from PyQt6.QtWidgets import QMenu

from pyprobe.analysis.occurrence import Occurrence
from pyprobe.core.debug.records import Breakpoint, DataBreakpoint
from pyprobe.gui.source_page import SourcePage

if TYPE_CHECKING:
    from pyprobe.gui.debug_parts import DebugParts
    from pyprobe.gui.window_base import WindowBase


def open_source_menu(
    window: "WindowBase", debug: "DebugParts | None", path: str, line: int, col: int, at: QPoint
) -> None:
    """Open the menu of a place at a global position; ``col`` is -1 in the margins."""
    page = window.source_area.pages.get(path)
    if page is None:
        return
    menu = QMenu(page)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    _SourceMenu(window, debug, page, menu).fill(line, col)
    menu.popup(at)


class _SourceMenu:
    def __init__(
        self, window: "WindowBase", debug: "DebugParts | None", page: SourcePage, menu: QMenu
    ) -> None:
        self._window = window
        self._debug = debug
        self._page = page
        self._menu = menu

    def fill(self, line: int, col: int) -> None:
        """Add what can be done there."""
        occurrence = self._page.view.occurrence_at(line, col) if col >= 0 else None
        if occurrence is not None:
            self._add_probe(occurrence)
        debug = self._debug
        if debug is not None:
            if occurrence is not None:
                self._add_watch(debug, occurrence)
            self._menu.addSeparator()
            self._add_breakpoint(debug, line)
            self._add_data(debug, line)
            self._menu.addSeparator()
            self._add_running(debug, line)
        if col >= 0:
            self._menu.addSeparator()
            self._add_copying()

    def _add(self, text: str, run: Callable[[], object], *, enabled: bool = True) -> QAction:
        action = QAction(text, self._menu)
        action.triggered.connect(lambda _on: run())
        action.setEnabled(enabled)
        self._menu.addAction(action)
        return action

    def _add_probe(self, occurrence: Occurrence) -> None:
        path = self._page.path
        probe = self._window.workspace.probe_at(path, occurrence)
        toggle = partial(self._window.sources.toggle, path, occurrence)
        word = "Probe" if probe is None else "Remove the probe of"
        self._add(f"{word} {occurrence.symbol}", toggle)
        debug = self._debug
        if probe is not None and debug is not None:
            self._add("Trigger…", partial(debug.open_trigger, probe.id))

    def _add_watch(self, debug: "DebugParts", occurrence: Occurrence) -> None:
        path = self._page.path
        self._add(
            f"Stop when {occurrence.symbol} changes…",
            lambda: debug.data_breakpoints.ask(path, occurrence),
        )

    def _add_breakpoint(self, debug: "DebugParts", line: int) -> None:
        control, path = debug.breakpoints, self._page.path
        landing = control.landing(path, line)
        known = control.at(path, landing.line) if landing.line is not None else None
        if known is None or not isinstance(known.record, Breakpoint):
            self._add("Set a breakpoint", lambda: control.add(path, line))
            self._add("Breakpoint with a condition…", lambda: control.edit(path, line))
            self._add("Log a message instead…", lambda: control.edit(path, line, "message"))
            once = partial(control.add_once, path, line)
            self._add("Stop here once", once)
            return
        one, at = known, known.line
        self._add("Edit the condition…", lambda: control.edit(path, at))
        self._add("Edit the hit count…", lambda: control.edit(path, at, "hit_count"))
        self._add("Edit the log message…", lambda: control.edit(path, at, "message"))
        shot = isinstance(one.record, Breakpoint) and one.record.one_shot
        self._add(
            "Stop every time" if shot else "Stop only once",
            lambda: control.change(one.id, one_shot=not shot),
        )
        self._add(
            "Disable" if one.enabled else "Enable",
            lambda: control.enable(one.id, not one.enabled),
        )
        self._add("Remove the breakpoint", lambda: control.remove(one.id))

    def _add_data(self, debug: "DebugParts", line: int) -> None:
        control = debug.breakpoints
        for one in control.data_at(self._page.path, line):
            record = one.record
            if isinstance(record, DataBreakpoint):
                what = f"the stop when {record.symbol} changes"
                self._add(
                    f"{'Disable' if one.enabled else 'Enable'} {what}",
                    partial(control.enable, one.id, not one.enabled),
                )
                self._add(f"Remove {what}", partial(control.remove, one.id))

    def _add_running(self, debug: "DebugParts", line: int) -> None:
        control, path = debug.control, self._page.path
        self._add("Run to here", lambda: control.run_to(path, line))
        stands = control.stop is not None and control.stop.file == path
        self._add("Set next line here", lambda: control.jump(line), enabled=stands)

    def _add_copying(self) -> None:
        view = self._page.view
        self._add("Copy", self._copy, enabled=view.hasSelectedText())
        self._add("Select all", view.selectAll)

    def _copy(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(self._page.view.selectedText())
