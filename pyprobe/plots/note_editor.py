"""NoteEditor: a marker's note, written where it stands."""

from collections.abc import Callable

from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QFocusEvent
from PyQt6.QtWidgets import QWidget

from pyprobe.plots.plot_field import PlotField

_WIDTH_PX = 160
_MOST_CHARACTERS = 80


class NoteEditor(PlotField):
    """Enter and a click elsewhere keep the note, Escape gives up."""

    def __init__(self, note: str, take: Callable[[str], object], parent: QWidget) -> None:
        super().__init__(note, parent, width_px=_WIDTH_PX, name="Note of the marker")
        self._take = take
        self._before = note
        self.setMaxLength(_MOST_CHARACTERS)
        self.setPlaceholderText("note")
        self.returnPressed.connect(self._keep)

    def open_at(self, position: QPointF) -> None:
        """Show it beside a place of the plot, within the plot."""
        self.show_at(position.x() + 8, position.y() - self.sizeHint().height())

    def _keep(self) -> None:
        text = self.text().strip()
        self.close_field()
        if text != self._before:
            self._take(text)

    def focusOutEvent(self, a0: QFocusEvent | None) -> None:
        """A click elsewhere keeps what was written."""
        super().focusOutEvent(a0)
        if self.isVisible():
            self._keep()
