"""What a lens is: a widget that draws one probe's history, and says what it left out."""

from collections.abc import Callable, Sequence

from PyQt6.QtCore import QPoint, pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QWidget

from pyprobe.plots.lens_choice import LensName
from pyprobe.plots.theme import PlotTheme
from pyprobe.session.history import History


class LensWidget(QWidget):
    """Base of all lenses.

    ``show_history`` is called when there is something new, at most once a frame; it costs by the
    pixel. What it raises is caught by the panel; what a gesture raises must go through ``guarded``.
    """

    readout_changed = pyqtSignal(str)  # what is under the mouse, "" when it has left
    menu_requested = pyqtSignal(QPoint)  # in global coordinates
    failed = pyqtSignal(str)

    def show_history(self, history: History) -> None:
        """Draw what the history holds now."""
        raise NotImplementedError

    def set_theme(self, theme: PlotTheme, color: str) -> None:
        """Draw in these colours; ``color`` is the trace's ``#rrggbb``."""
        raise NotImplementedError

    def notes(self) -> tuple[str, ...]:
        """Say what the drawing leaves out, such as ``min/max of 64 each``."""
        return ()

    def view_actions(self) -> Sequence[QAction]:
        """Return the actions for the panel's menu."""
        return ()

    def header_actions(self) -> Sequence[QAction]:
        """Return the checkable actions that stand as small buttons in the panel's header."""
        return ()

    def guarded(self, action: Callable[[], object]) -> None:
        """Run a part of an event handler; an error in it shows in the panel instead of aborting."""
        try:
            action()
        except Exception as error:  # noqa: BLE001 - Qt aborts the process when a handler raises
            self.failed.emit(failure_sentence(error))


def failure_sentence(error: Exception) -> str:
    """Return what to tell about an error that a lens has raised."""
    return f"cannot be drawn: {type(error).__name__}: {error}"


def build_lens(name: LensName, theme: PlotTheme, color: str) -> LensWidget:
    """Return a new widget for this lens; its module is loaded when it is first wanted."""
    match name:
        case LensName.SCALAR_HISTORY:
            from pyprobe.plots.scalar_history import ScalarHistoryLens

            return ScalarHistoryLens(theme, color)
        case LensName.WAVEFORM:
            from pyprobe.plots.waveform import WaveformLens

            return WaveformLens(theme, color)
        case LensName.IMAGE:
            from pyprobe.plots.image import ImageLens

            return ImageLens(theme, color)
        case LensName.TEXT:
            from pyprobe.plots.text import TextLens

            return TextLens(theme, color)
