"""DebugParts: triggers, snapshots, breakpoints and stepping of a window, made when first needed."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, Qt, pyqtSignal
from PyQt6.QtWidgets import QWidget

from pyprobe.gui.breakpoint_control import BreakpointControl
from pyprobe.gui.debug_control import DebugControl
from pyprobe.gui.debug_docks import LateDocks
from pyprobe.session.session import Session

if TYPE_CHECKING:
    from pyprobe.analysis.occurrence import Occurrence
    from pyprobe.gui.breakpoint_list import BreakpointList
    from pyprobe.gui.debug_data import DataBreakpoints
    from pyprobe.gui.debug_memory import DebugMemory
    from pyprobe.gui.snapshot_control import SnapshotControl
    from pyprobe.gui.stack_panel import StackPanel
    from pyprobe.gui.theme import Theme
    from pyprobe.gui.trigger_control import TriggerControl
    from pyprobe.gui.variables_control import VariablesControl
    from pyprobe.gui.variables_panel import VariablesPanel
    from pyprobe.gui.window_base import WindowBase
    from pyprobe.gui.window_menus import WindowMenus


class DebugParts(QObject):
    """Goes with a window whose session runs a program; a recording's window has none."""

    said = pyqtSignal(str)

    def __init__(self, window: "WindowBase", menus: "WindowMenus", session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self.docks = LateDocks(
            window.docks,
            {
                "trigger": lambda: self.triggers.panel,
                "snapshots": lambda: self.snapshots.panel,
                "breakpoints": lambda: self.breakpoint_list.panel,
                "stack": lambda: self.stack,
                "variables": lambda: self.variables,
            },
        )
        self.control = DebugControl(window, menus, session, self)
        self.control.said.connect(self.said)
        self.breakpoints = BreakpointControl(window, session)
        self.breakpoints.said.connect(self.said)
        # Loaded late, and before a program begins: one that calls breakpoint() stops there.
        window.program.about_to_run.connect(lambda: session.debug)
        window.probe_table.trigger_asked.connect(self.open_trigger)

    # ---- parts ---------------------------------------------------------------------------

    @cached_property
    def triggers(self) -> "TriggerControl":
        """What the trigger panel does."""
        from pyprobe.gui.trigger_control import TriggerControl

        control = TriggerControl(self._window, self._session)
        control.said.connect(self.said)
        return control

    @cached_property
    def snapshots(self) -> "SnapshotControl":
        """What the snapshot panel does."""
        from pyprobe.gui.snapshot_control import SnapshotControl

        control = SnapshotControl(self._window, self._session)
        control.said.connect(self.said)
        return control

    @cached_property
    def breakpoint_list(self) -> "BreakpointList":
        """What the list of breakpoints does."""
        from pyprobe.gui.breakpoint_list import BreakpointList

        control = BreakpointList(self._window, self.breakpoints)
        control.said.connect(self.said)
        return control

    @cached_property
    def data_breakpoints(self) -> "DataBreakpoints":
        """What asks for stops at a change."""
        from pyprobe.gui.debug_data import DataBreakpoints

        control = DataBreakpoints(self._window, self._session, self.breakpoints)
        control.said.connect(self.said)
        return control

    @cached_property
    def stack(self) -> "StackPanel":
        """The call stack."""
        from pyprobe.gui.stack_panel import StackPanel

        panel = StackPanel(self._window.theme)
        settings = self._session.debug.settings
        panel.show_stepping(all_threads=settings.all_threads, my_code=settings.only_my_code)
        panel.frame_chosen.connect(self.control.look_at)
        panel.thread_chosen.connect(self.control.look_at_thread)
        panel.stepping_changed.connect(self.control.set_stepping)
        panel.follow_asked.connect(self.control.follow)
        return panel

    @cached_property
    def variables(self) -> "VariablesPanel":
        """The variables of a frame."""
        from pyprobe.gui.variables_panel import VariablesPanel

        panel = VariablesPanel(self._window.theme, self._window.code_font)
        self.control.frames.attach(panel)
        self._variables_control = self._make_variables_control(panel)
        return panel

    def _make_variables_control(self, panel: "VariablesPanel") -> "VariablesControl":
        from pyprobe.gui.variables_control import VariablesControl

        def watch(path: str, occurrence: "Occurrence") -> None:
            self.data_breakpoints.ask(path, occurrence)

        def capture(entity: str) -> None:
            stop = self.control.stop
            if stop is not None:
                self.triggers.limit(stop.file, stop.function, entity)

        return VariablesControl(self._window, self.control, self.breakpoints, watch, capture, panel)

    # ---- memory --------------------------------------------------------------------------

    @cached_property
    def memory(self) -> "DebugMemory":
        """What is remembered of all this."""
        from pyprobe.gui.debug_memory import DebugMemory

        return DebugMemory(self.docks, self.breakpoints, self._session, self._window.workspace)

    def prepare(self, data: Mapping[str, object]) -> None:
        """Make the docks that a remembered layout places."""
        if data:
            from pyprobe.gui.debug_memory import dock_names

            self.docks.prepare(dock_names(data))

    def recall(self, data: Mapping[str, object], sources: Mapping[str, str]) -> list[str]:
        """Set what was remembered; return what went wrong."""
        return self.memory.recall(data, sources) if data else []

    # ---- docks ---------------------------------------------------------------------------

    def open(self, name: str) -> QWidget:
        """Open the dock of this name, bring it to the front and give it the keyboard."""
        self._window.docks.set_plots_only(False)
        widget = self.docks.show(name)
        self.update()
        widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return widget

    def open_quietly(self, name: str) -> None:
        """Open a dock the first time it is needed; one the user has closed stays closed."""
        if name not in self.docks.names or self.docks.widget(name) is None:
            self.docks.show(name)

    def open_trigger(self, probe_id: int = 0) -> None:
        """Show the trigger of a probe."""
        self.open("trigger")
        if probe_id:
            self.triggers.choose(probe_id)
        self.triggers.panel.condition.setFocus()

    # ---- news ----------------------------------------------------------------------------

    def update(self) -> None:
        """Show what has changed, a few times a second, where it is seen."""
        updates: dict[str, Callable[[], None]] = {
            "trigger": lambda: self.triggers.update(),
            "snapshots": lambda: self.snapshots.update(),
            "breakpoints": lambda: self.breakpoint_list.update(),
        }
        for name, update in updates.items():
            if self.docks.is_seen(name) and self.docks.widget(name) is not None:
                update()
        self.control.show_sign()

    def set_theme(self, theme: "Theme") -> None:
        """Draw in a theme's colours."""
        self.control.bar.sign.set_theme(theme)
        self.docks.set_theme(theme)
        self.update()
