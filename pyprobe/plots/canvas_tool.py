"""CanvasTool: something a plot carries that takes the mouse before the plot itself does."""

from typing import Protocol

from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QPainter

from pyprobe.plots.plot_frame import PlotFrame


class CanvasTool(Protocol):
    """Asked in turn; the first that takes a press gets the drag that follows."""

    def takes(self, frame: PlotFrame, position: QPointF) -> bool:
        """Whether a press there is for this tool."""

    def press(self, frame: PlotFrame, position: QPointF) -> None:
        """Begin."""

    def move(self, frame: PlotFrame, position: QPointF) -> None:
        """Follow the drag."""

    def release(self) -> None:
        """End it."""

    def paint(self, painter: QPainter, frame: PlotFrame) -> None:
        """Paint over the data; the painter is clipped to their area."""
