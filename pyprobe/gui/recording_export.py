"""RecordingExport: writes a recording in another format, beside the window and its process."""

import os
import subprocess
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QFileDialog, QLabel, QMenu

from pyprobe.gui.messages import Action, Level

if TYPE_CHECKING:
    from pyprobe.gui.window_base import WindowBase

# Format, what its files end in, and what the dialog calls them.
_FORMATS = (
    ("mcap-json", "json.mcap", "MCAP with JSON messages, for Foxglove and PlotJuggler"),
    ("parquet", "parquet", "Parquet tables"),
    ("hdf5", "h5", "HDF5 files"),
    ("npz", "npz", "numpy archives"),
    ("csv", "csv", "Comma-separated values"),
    ("jsonl", "jsonl", "JSON lines"),
)
_OWN_VARIABLES = ("PYPROBE_E2E_REPORT", "PYPROBE_REPORT_FIRST_PAINT")  # of this window alone
_PROGRESS = "progress "
_OURS = "pyprobe: "
_KEY = "export"


class RecordingExport(QObject):
    """A command of its own does the work, so that the window stays quick; it may be cancelled.

    When the window is closed meanwhile the command goes on, and the file becomes whole.
    ``finished`` carries the path and whether the file was written.
    """

    finished = pyqtSignal(str, bool)
    _heard = pyqtSignal(str)
    _ended = pyqtSignal(int)

    def __init__(self, window: "WindowBase") -> None:
        super().__init__(window)
        self._window = window
        self._process: subprocess.Popen[str] | None = None
        self._output = ""
        self._said = ""
        self._shown: QLabel | None = None
        self._heard.connect(self._on_line)
        self._ended.connect(self._on_end)

    @property
    def is_running(self) -> bool:
        """Whether something is being exported."""
        return self._process is not None

    def ask(self, recording: str) -> None:
        """Ask for the file and its format; the dialog blocks nothing."""
        if self.is_running:
            name = os.path.basename(self._output)
            self._window.status.show_hint(f"{name} is still being written.")
            return
        dialog = QFileDialog(self._window, "Export the recording", os.path.dirname(recording))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        filters = {f"{text} (*.{ending})": (name, ending) for name, ending, text in _FORMATS}
        dialog.setNameFilters(list(filters))
        stem = os.path.splitext(os.path.basename(recording))[0]

        def choose(text: str) -> None:
            ending = filters[text][1]
            dialog.setDefaultSuffix(ending)
            dialog.selectFile(f"{stem}.{ending}")

        dialog.filterSelected.connect(choose)
        choose(next(iter(filters)))
        dialog.fileSelected.connect(
            lambda path: self.start(recording, filters[dialog.selectedNameFilter()][0], path)
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def start(self, recording: str, format_name: str, output: str) -> None:
        """Write a recording to a file, which appears when it is complete."""
        if self.is_running:
            return
        self._output, self._said = output, ""
        command = [sys.executable, "-m", "pyprobe", "export", recording, "--format", format_name]
        environment = {key: text for key, text in os.environ.items() if key not in _OWN_VARIABLES}
        self._process = subprocess.Popen(
            [*command, "-o", output, "--progress", "lines"],
            env={**environment, "PYTHONIOENCODING": "utf-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        threading.Thread(
            target=self._listen, args=(self._process,), name="pyprobe-export", daemon=True
        ).start()
        self._window.messages.post(
            f"{os.path.basename(recording)} is exported to {output} …",
            key=_KEY,
            actions=(Action("Cancel", self.cancel, closes=False),),
        )
        self._show("Exporting")

    def cancel(self) -> None:
        """Stop; no file is left."""
        if self._process is not None:
            self._process.terminate()

    def _listen(self, process: "subprocess.Popen[str]") -> None:
        with suppress(RuntimeError):  # the window has been closed; the command goes on
            assert process.stderr is not None
            with process.stderr as lines:
                for line in lines:
                    self._heard.emit(line.rstrip("\n"))
            self._ended.emit(process.wait())

    def _on_line(self, line: str) -> None:
        if line.startswith(_PROGRESS):
            self._show(f"Exporting {float(line.removeprefix(_PROGRESS)):.0%}")
        elif line.startswith(_OURS):
            self._said = line.removeprefix(_OURS)

    def _on_end(self, code: int) -> None:
        process, output, said = self._process, self._output, self._said
        self._process = None
        self._show("")
        if process is not None and code:
            self._remove_partial(output, process.pid)
        messages = self._window.messages
        if not code:
            messages.post(f"{said} exported to {output}.", key=_KEY)
        elif said and code > 0:
            messages.post(f"{said[0].upper()}{said[1:]}.", Level.WARN, key=_KEY)
        else:
            messages.post(f"{output} was not written: the export was ended.", Level.WARN, key=_KEY)
        self.finished.emit(output, not code)

    def _remove_partial(self, output: str, process_id: int) -> None:
        """Remove what a command has left that could not do so itself."""
        from pyprobe.session.export import partial_path

        with suppress(OSError):
            os.unlink(partial_path(output, process_id))

    def _show(self, text: str) -> None:
        if self._shown is None:
            self._shown = QLabel()
            self._shown.setAccessibleName("Export")
            self._window.status.addPermanentWidget(self._shown)
        self._shown.setText(text)
        self._shown.setVisible(bool(text))


def add_export_action(window: "WindowBase", recording: str, after: QAction) -> RecordingExport:
    """Add an entry behind another one of the menu of files; return what it does."""
    export = RecordingExport(window)
    action = QAction("E&xport the recording…", window)
    action.triggered.connect(lambda: export.ask(recording))
    for owner in after.associatedObjects():
        if isinstance(owner, QMenu):
            entries = owner.actions()
            owner.insertAction(entries[entries.index(after) + 1], action)
    return export
