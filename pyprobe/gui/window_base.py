"""WindowBase: what the parts of a window know of it: its frame and look, and each other."""

from typing import TYPE_CHECKING

from PyQt6.QtCore import QSize, pyqtSignal
from PyQt6.QtGui import QFont
from PyQt6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

from pyprobe.gui.code_style import monospace_font
from pyprobe.gui.docks import Docks
from pyprobe.gui.empty_plots import EmptyPlots
from pyprobe.gui.messages import Level, MessageBar
from pyprobe.gui.preferences import Preferences
from pyprobe.gui.source_area import SourceArea
from pyprobe.gui.status_bar import StatusBar
from pyprobe.gui.style_sheet import build_style_sheet
from pyprobe.gui.theme import choose_theme, make_palette
from pyprobe.gui.undo import UndoStack
from pyprobe.session.launch import Program

if TYPE_CHECKING:
    from pyprobe.gui.console_pane import ConsolePane
    from pyprobe.gui.open_recordings import RecordingOpener
    from pyprobe.gui.probe_table import ProbeTable
    from pyprobe.gui.program_control import ProgramControl
    from pyprobe.gui.rerun import Rerun
    from pyprobe.gui.source_control import SourceControl
    from pyprobe.gui.time_control import TimeControl
    from pyprobe.gui.trace_views import TraceViews
    from pyprobe.gui.workspace import Workspace
    from pyprobe.session.front_session import FrontSession

_FIRST_WIDTH_PX, _FIRST_HEIGHT_PX = 1360, 840


class WindowBase(QMainWindow):
    """The frame is there from the start; what is declared below comes with the session.

    ``preferences_changed`` carries the new Preferences.
    """

    preferences_changed = pyqtSignal(object)
    closing = pyqtSignal()

    workspace: "Workspace"
    session: "FrontSession"
    console: "ConsolePane"
    probe_table: "ProbeTable"
    program: "ProgramControl"
    sources: "SourceControl"
    rerun: "Rerun"
    time: "TimeControl"
    recordings: "RecordingOpener"

    def __init__(
        self, program: Program, preferences: Preferences, application: QApplication
    ) -> None:
        super().__init__()
        self.program_to_run = program
        self.preferences = preferences
        self._application = application
        self.theme = choose_theme(preferences.theme, application)
        self._font = monospace_font(preferences.font_points)
        self.undo = UndoStack(self)
        self.traces: TraceViews | None = None
        self._make_frame()
        self._apply_look()  # now, or every move into a dock would compute the look anew
        self._resize_to_screen()
        self.setWindowTitle(f"{program.label} – PyProbe")

    def _make_frame(self) -> None:
        self.source_area = SourceArea(self.theme, self._font)
        self.empty_plots = EmptyPlots(self.theme)
        self._console_pane, self._probes_pane, self._files_pane = _pane(), _pane(), _pane()
        center = QWidget()
        layout = QVBoxLayout(center)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.messages = MessageBar(self.theme, center)
        layout.addWidget(self.messages)
        self.docks = Docks(center, self.theme)
        self.docks.set_fixed(
            source=self.source_area,
            plots_hint=self.empty_plots,
            console=self._console_pane,
            probes=self._probes_pane,
            files=self._files_pane,
        )
        self.setCentralWidget(center)
        self.status = StatusBar()
        self.setStatusBar(self.status)

    def make_traces(self) -> None:
        """Make the plots' part, where there is none yet; afterwards ``traces`` is there."""
        raise NotImplementedError

    @property
    def code_font(self) -> QFont:
        """The font of the source and the console."""
        return self._font

    def _apply_look(self) -> None:
        self._application.setPalette(make_palette(self.theme))
        self._application.setStyleSheet(build_style_sheet(self.theme))

    def _resize_to_screen(self) -> None:
        screen = self.screen()
        room = screen.availableSize() if screen is not None else self.size()
        wanted = QSize(_FIRST_WIDTH_PX, _FIRST_HEIGHT_PX)
        if room.width() < _FIRST_WIDTH_PX * 1.15:
            wanted = room
        self.resize(wanted.boundedTo(room))

    def first_sizes(self) -> None:
        """Give the docks their sizes of a first start; the window has to have its own."""
        self.docks.set_first_sizes()

    def warn(self, text: str) -> None:
        """Tell the user what they ought to know."""
        self.messages.post(text, Level.WARN)


def _pane() -> QWidget:
    """Return the empty place of a part that comes after the first paint."""
    pane = QWidget()
    layout = QVBoxLayout(pane)
    layout.setContentsMargins(0, 0, 0, 0)
    return pane
