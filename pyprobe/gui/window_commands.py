"""WindowCommands: what the menus of a window ask of the window as a whole."""

from typing import TYPE_CHECKING, Protocol

from PyQt6.QtWidgets import QWidget

from pyprobe.gui.theme import ThemeChoice

if TYPE_CHECKING:
    from pyprobe.gui.plot_commands import PlotCommands
    from pyprobe.gui.recording_control import RecordingControl


class WindowCommands(Protocol):
    """``recording`` and ``plots`` are there when the window is complete."""

    recording: "RecordingControl"
    plots: "PlotCommands"

    def open_file(self) -> None: ...

    def open_preferences(self) -> None: ...

    def choose_theme(self, choice: ThemeChoice) -> None: ...

    def compare_recordings(self) -> None: ...

    def forget_runs(self) -> None: ...

    def arrange_plots(self) -> None: ...

    def edit_math(self) -> None: ...

    def parts(self) -> list[QWidget | None]: ...
