"""StackBar: a slider for each axis of an array that its image does not show."""

from functools import partial

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPalette
from PyQt6.QtWidgets import QGridLayout, QLabel, QSlider, QWidget

from pyprobe.plots.stack import Stack
from pyprobe.plots.theme import PlotTheme

MOST_SLIDERS = 4
_ROW_PX = 22


class StackBar(QWidget):
    """``moved`` carries an axis and a place. Axes of one place have no slider."""

    moved = pyqtSignal(int, int)

    def __init__(self, theme: PlotTheme, parent: QWidget) -> None:
        super().__init__(parent)
        self.sliders: dict[int, QSlider] = {}
        self._counts: dict[int, QLabel] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(8, 0, 10, 2)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        self.setAutoFillBackground(True)
        self.set_theme(theme)
        self.hide()

    def set_theme(self, theme: PlotTheme) -> None:
        """Take over colours."""
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, QColor(theme.panel))
        palette.setColor(QPalette.ColorRole.WindowText, QColor(theme.muted))
        palette.setColor(QPalette.ColorRole.Highlight, QColor(theme.accent))
        self.setPalette(palette)

    def show_stack(self, stack: Stack) -> None:
        """Show a slider for each axis with more than one place, at most four."""
        axes = [axis for axis, length in enumerate(stack.lengths) if length > 1][:MOST_SLIDERS]
        if axes != list(self.sliders):
            self._make_sliders(axes)
        for axis, slider in self.sliders.items():
            place, length = stack.places[axis], stack.lengths[axis]
            with QSignalBlocker(slider):
                slider.setMaximum(length - 1)
                slider.setPageStep(max(length // 10, 1))
                slider.setValue(place)
            self._counts[axis].setText(f"{place} of {length}")
            widest = self.fontMetrics().horizontalAdvance(f"{length} of {length}")
            self._counts[axis].setMinimumWidth(widest)

    def _make_sliders(self, axes: list[int]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.sliders, self._counts = {}, {}
        for row, axis in enumerate(axes):
            slider = QSlider(Qt.Orientation.Horizontal, self)
            slider.setAccessibleName(f"Place along axis {axis}")
            slider.setFixedHeight(_ROW_PX - 2)
            slider.valueChanged.connect(partial(self.moved.emit, axis))
            count = QLabel(self)
            count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(QLabel(f"axis {axis}", self), row, 0)
            self._grid.addWidget(slider, row, 1)
            self._grid.addWidget(count, row, 2)
            self.sliders[axis], self._counts[axis] = slider, count

    def height_wanted(self) -> int:
        """Return the pixels all sliders need."""
        return len(self.sliders) * _ROW_PX + (2 if self.sliders else 0)
