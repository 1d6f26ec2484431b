"""LeafLens: the base of lenses that show a value's parts, each of which can become a trace."""

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import pyqtSignal

from pyprobe.ipc.tree_form import Path
from pyprobe.plots.lens import LensWidget


class LeafLens(LensWidget):
    """``leaf_asked`` carries the path of a leaf that is to be plotted, or not any more;
    ``leaf_dragged`` that of one the user drags to another plot.

    ``plotted`` are the leaves that have a trace, with its ``#rrggbb``; the window sets it.
    """

    leaf_asked = pyqtSignal(object)
    leaf_dragged = pyqtSignal(object)

    plotted: Mapping[Path, str] = {}

    def set_plotted(self, plotted: Mapping[Path, str]) -> None:
        """Mark the leaves that have a trace."""
        self.plotted = dict(plotted)
        self.plotted_changed()

    def plotted_changed(self) -> None:
        """Draw the marks anew."""


def leaf_text(path: Sequence[str]) -> str:
    """Return the way to a leaf as Python would write it behind the value's name."""
    return "".join(path)
