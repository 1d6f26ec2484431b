"""BreakpointOwner: what following edits and undoing ask of who sets and shows breakpoints."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from PyQt6.QtCore import pyqtBoundSignal

    from pyprobe.analysis.breakable_lines import BreakableLine
    from pyprobe.session.board_breakpoint import BoardBreakpoint
    from pyprobe.session.breakpoint_board import BreakpointBoard


class BreakpointOwner(Protocol):
    """``said`` is a hint; ``landing`` says where a breakpoint for a line comes to stand."""

    @property
    def said(self) -> "pyqtBoundSignal": ...

    @property
    def board(self) -> "BreakpointBoard": ...

    @property
    def all(self) -> "tuple[BoardBreakpoint, ...]": ...

    def landing(self, path: str, line: int) -> "BreakableLine": ...

    def show(self) -> None: ...
