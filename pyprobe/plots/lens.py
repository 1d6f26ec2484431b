"""What a lens is: a widget that draws the histories of traces, and says what it left out."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from numpy.typing import NDArray
from PyQt6.QtCore import QPoint, pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QWidget

from pyprobe.plots.drawn_trace import DrawnTrace
from pyprobe.plots.readings import Reading
from pyprobe.plots.theme import PlotTheme
from pyprobe.session.history_reader import HistoryReader


class LensWidget(QWidget):
    """Base of all lenses.

    ``show_traces`` is called when there is something new, at most once a frame; it costs by the
    pixel. What it raises is caught by the panel; what a gesture raises must go through ``guarded``.
    A lens that ``overlays`` draws all traces it is given, any other the first one.

    ``changed``: the user changed something of what ``state`` tells. ``legend_clicked`` and
    ``legend_double_clicked`` carry the place of a trace among those that are shown. ``done``
    carries what the user did to the view: its name, what makes and what undoes it, and what is the
    same for changes that are undone as one. ``read`` says that ``readings`` has changed.
    ``x_moved`` carries the data values at the ends of the horizontal axis, each time the user has
    moved it.
    """

    overlays: ClassVar[bool] = False
    has_data: ClassVar[bool] = False  # whether ``data`` gives anything to export

    readout_changed = pyqtSignal(str)  # what is under the mouse, "" when it has left
    menu_requested = pyqtSignal(QPoint)  # in global coordinates
    failed = pyqtSignal(str)
    changed = pyqtSignal()
    done = pyqtSignal(str, object, object, object)
    read = pyqtSignal()
    x_moved = pyqtSignal(float, float)
    legend_clicked = pyqtSignal(int)
    legend_double_clicked = pyqtSignal(int)

    def show_traces(self, traces: Sequence[DrawnTrace]) -> None:
        """Draw what the histories of these traces hold now; the first is the panel's own."""
        self.show_history(traces[0].history)

    def show_history(self, history: HistoryReader) -> None:
        """Draw what the history holds now: all that a lens for a single trace needs to do."""

    def set_theme(self, theme: PlotTheme, color: str) -> None:
        """Draw in these colours; ``color`` is the ``#rrggbb`` of the panel's own trace."""

    def state(self) -> dict[str, object]:
        """Return what the user chose in this lens, as JSON takes it, to be remembered."""
        return {}

    def restore(self, state: Mapping[str, object]) -> None:
        """Take over what ``state`` returned once; what is not understood is passed over."""

    def notes(self) -> tuple[str, ...]:
        """Say what the drawing leaves out, such as ``min/max of 64 each``."""
        return ()

    def view_actions(self) -> Sequence[QAction]:
        """Return the actions for the panel's menu."""
        return ()

    def header_actions(self) -> Sequence[QAction]:
        """Return the checkable actions that stand as small buttons in the panel's header."""
        return ()

    def x_kind(self) -> str:
        """Return what the horizontal axis counts; axes of one kind can be linked. ``""``: none."""
        return ""

    def show_x(self, low: float, high: float) -> None:
        """Show this stretch of the horizontal axis in data values; NaN hands it to the data."""

    def data(self) -> dict[str, NDArray[Any]]:
        """Return what is drawn, at its full resolution, as named columns to be exported."""
        return {}

    def readings(self) -> Sequence[Reading]:
        """Return the rows of the strip below the plot: measurements, cursors."""
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
