"""Debug seams: what stepping, the frame looked at and the run bar ask of the debugger's parts."""

from typing import TYPE_CHECKING, Protocol

from pyprobe.gui.debug_answers import Answered, Failed

if TYPE_CHECKING:
    from PyQt6.QtCore import pyqtBoundSignal

    from pyprobe.gui.breakpoint_control import BreakpointControl
    from pyprobe.gui.breakpoint_gutter import BreakpointGutter
    from pyprobe.gui.source_page import SourcePage
    from pyprobe.gui.stack_panel import StackPanel
    from pyprobe.gui.variables_panel import VariablesPanel


class DebugPanels(Protocol):
    """What stepping asks of the other parts; a panel is made when it is first asked for."""

    @property
    def breakpoints(self) -> "BreakpointControl": ...

    @property
    def stack(self) -> "StackPanel": ...

    @property
    def variables(self) -> "VariablesPanel": ...

    def open_quietly(self, name: str) -> None: ...


class FrameOwner(Protocol):
    """What the frame that is looked at asks of who follows the program's stops."""

    @property
    def said(self) -> "pyqtBoundSignal": ...

    def ask(self, request: dict[str, object], answered: Answered, failed: Failed) -> None: ...

    def follow(self, entity: str) -> None: ...

    def scope_name(self, path: str, line: int) -> str: ...

    def gutter(self, page: "SourcePage") -> "BreakpointGutter": ...


class Stepper(Protocol):
    """What the run bar asks for."""

    def step(self, name: str) -> None: ...

    def jump_to_caret(self) -> None: ...

    def toggle_at_caret(self) -> None: ...
