"""BreakpointList: between the list of breakpoints, the session's board and the source."""

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtGui import QIcon

from pyprobe.core.debug.records import Breakpoint, DataBreakpoint, ExceptionStops
from pyprobe.errors import PyProbeError
from pyprobe.gui.breakpoint_control import BreakpointControl
from pyprobe.gui.breakpoint_marks import breakpoint_icon
from pyprobe.gui.breakpoint_panel import BreakpointPanel, BreakpointRow
from pyprobe.gui.breakpoint_words import mark_of, place_text, short_state, tip_of
from pyprobe.gui.condition_field import Names
from pyprobe.session.board_breakpoint import BoardBreakpoint

if TYPE_CHECKING:
    from pyprobe.gui.window_base import WindowBase


class BreakpointList(QObject):
    """Answers the panel of a window whose session runs a program."""

    said = pyqtSignal(str)

    def __init__(self, window: "WindowBase", control: BreakpointControl) -> None:
        super().__init__(window)
        self._window = window
        self._control = control
        self._icons: dict[tuple[object, ...], QIcon] = {}  # drawn once for all that look alike
        self.panel = BreakpointPanel(window.theme)
        self.panel.edited.connect(self._edit)
        self.panel.switched.connect(control.enable)
        self.panel.removed.connect(control.remove)
        self.panel.reveal_asked.connect(self._reveal)
        self.panel.exceptions_changed.connect(self._set_exceptions)
        self.panel.edit_asked.connect(self._edit_in_source)
        self.panel.said.connect(self.said)
        self.panel.names_of = self._names_of
        control.changed.connect(self.update)

    def update(self) -> None:
        """List the breakpoints as they are now."""
        board = self._control.board
        ordered = sorted(board.all, key=lambda one: (one.record.file, one.line, one.id))
        self.panel.show_rows([self._row(one) for one in ordered])
        self.panel.show_exceptions(board.exception_stops)

    def _row(self, one: BoardBreakpoint) -> BreakpointRow:
        record = one.record
        is_line = isinstance(record, Breakpoint)
        where = place_text(record.file, one.line)
        if isinstance(record, DataBreakpoint):
            where = f"{record.symbol} changes"
        return BreakpointRow(
            breakpoint_id=one.id,
            where=where,
            condition=record.condition,
            hit_count=record.hit_count if isinstance(record, Breakpoint) else "",
            message=record.message if isinstance(record, Breakpoint) else "",
            hits=one.hits,
            state=short_state(one),
            note=one.detail if one.enabled else "",
            enabled=one.enabled,
            icon=self._icon(one),
            tip=tip_of(one),
            is_line=is_line,
        )

    def _icon(self, one: BoardBreakpoint) -> QIcon:
        mark, theme = mark_of(one), self._window.theme
        look = (mark.kind, mark.state, mark.enabled, mark.one_shot, theme.dark)
        icon = self._icons.get(look)
        if icon is None:
            icon = self._icons[look] = breakpoint_icon(mark, theme)
        return icon

    def _edit(self, breakpoint_id: int, field: str, text: str) -> None:
        problem = self._control.change(breakpoint_id, **{field: text})
        if problem:
            self.said.emit(problem)
            self.update()

    def _edit_in_source(self, breakpoint_id: int, field: str) -> None:
        one = self._control.board.find(breakpoint_id)
        if one is not None:
            self._reveal(breakpoint_id)
            self._control.edit(one.record.file, one.line, field)

    def _names_of(self, breakpoint_id: int) -> Names:
        one = self._control.board.find(breakpoint_id)
        if one is None:
            return lambda _base: ()
        return self._control.names(one.record.file, one.line)

    def _reveal(self, breakpoint_id: int) -> None:
        one = self._control.board.find(breakpoint_id)
        if one is not None and self._window.workspace.can_show(one.record.file):
            self._window.docks.set_plots_only(False)
            self._window.sources.reveal(one.record.file, one.line)

    def _set_exceptions(self, stops: ExceptionStops) -> None:
        try:
            self._control.board.set_exception_stops(stops)
        except PyProbeError as error:
            self.said.emit(f"{error}.")
        self.update()
