"""PlotSaving: asks where a plot is to be written, and writes it beside the window's thread."""

import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numpy.typing import NDArray
from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QFileDialog, QWidget

from pyprobe.errors import LensError
from pyprobe.plots.plot_export import PICTURES, copy_picture, save_picture, save_table
from pyprobe.plots.title_forms import name_of
from pyprobe.plots.trace_panel import TracePanel

_NOT_IN_FILES = re.compile(r"[^\w.]+")
_FILTERS = {
    "png": "PNG pictures (*.png)",
    "svg": "SVG drawings (*.svg)",
    "csv": "Comma-separated values (*.csv)",
    "npz": "numpy archives (*.npz)",
}


def file_name(title: str) -> str:
    """Return a trace's title as the name of a file, without an ending."""
    return _NOT_IN_FILES.sub("-", name_of(title)).strip("-.") or "plot"


class PlotSaving(QObject):
    """``say`` gets a sentence when it is done, ``complain`` one when it cannot be.

    Numbers are written by a thread of their own; the interpreter waits for it when the window is
    closed meanwhile, so that the file is whole.
    """

    _written = pyqtSignal(str, str)

    def __init__(
        self, say: Callable[[str], None], complain: Callable[[str], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._say = say
        self._complain = complain
        self._written.connect(self._on_written)

    def ask(self, panel: TracePanel, suffix: str) -> None:
        """Copy a plot, or ask for the file; the dialog blocks nothing."""
        if panel.lens is None:
            return
        if not suffix:
            copy_picture(panel.lens)
            self._say("The picture of the plot is on the clipboard.")
            return
        window = panel.window()
        dialog = QFileDialog(window if isinstance(window, QWidget) else None, "Export the plot")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([_FILTERS[suffix], "All files (*)"])
        dialog.setDefaultSuffix(suffix)
        dialog.selectFile(f"{file_name(panel.title())}.{suffix}")
        dialog.fileSelected.connect(lambda path: self.save(panel, Path(path), suffix))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save(self, panel: TracePanel, path: Path, suffix: str) -> threading.Thread | None:
        """Write a plot; numbers by a thread that is returned."""
        if panel.lens is None:
            return None
        if suffix in PICTURES:
            try:
                save_picture(panel.lens, path)
            except LensError as error:
                self._on_written(str(path), str(error))
            else:
                self._on_written(str(path), "")
            return None
        data = panel.lens.data()
        if not data:
            self._complain("There is nothing in the plot that could be exported as numbers.")
            return None
        self._say(f"Writing {path.name} …")
        thread = threading.Thread(
            target=self._write, args=(data, path), name="pyprobe-export", daemon=False
        )
        thread.start()
        return thread

    def _write(self, data: dict[str, NDArray[Any]], path: Path) -> None:
        problem = ""
        try:
            save_table(data, path)
        except LensError as error:
            problem = str(error)
        try:
            self._written.emit(str(path), problem)
        except RuntimeError:  # the window has been closed meanwhile; the file is whole
            return

    def _on_written(self, path: str, problem: str) -> None:
        if problem:
            self._complain(f"{problem[0].upper()}{problem[1:]}.")
        else:
            self._say(f"Exported to {path}.")
