"""RecordingOpener: opens recordings in windows of their own, chosen in a dialog or dropped here."""

import sys
from collections.abc import Callable

from PyQt6.QtCore import QEvent, QMimeData, QObject, QProcess, QProcessEnvironment
from PyQt6.QtGui import QDragEnterEvent, QDropEvent
from PyQt6.QtWidgets import QMainWindow

from pyprobe.errors import RecordingError
from pyprobe.gui.messages import Level, MessageBar

_SUFFIX = ".mcap"
_OWN_VARIABLES = ("PYPROBE_E2E_REPORT", "PYPROBE_REPORT_FIRST_PAINT")  # of this window alone


class RecordingOpener(QObject):
    """A recording has a window and a process of its own, so that neither delays the other.

    ``folder`` is where they are looked for first.
    """

    def __init__(
        self, window: QMainWindow, messages: MessageBar, folder: str, say: Callable[[str], None]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._messages = messages
        self._folder = folder
        self._say = say
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def choose(self) -> None:
        """Ask for a recording and open it."""
        self.ask("Open a recording", self.open)

    def ask(self, title: str, take: Callable[[str], object]) -> None:
        """Ask for a recording; the dialog blocks nothing."""
        from PyQt6.QtWidgets import QFileDialog

        dialog = QFileDialog(self._window, title, self._folder)
        dialog.setNameFilters([f"Recordings (*{_SUFFIX})", "All files (*)"])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def open(self, path: str, *, run: int | None = None) -> bool:
        """Open a recording in a window of its own; False, and the reason is told, if it is none.

        Of several runs it shows the last, unless another one is named.
        """
        from pyprobe.session.recording_reader import RecordingReader

        try:
            RecordingReader(path, run=run).survey()
        except RecordingError as error:
            self._messages.post(f"{error}.", Level.WARN, key=f"open {path}")
            return False
        process = QProcess()
        environment = QProcessEnvironment.systemEnvironment()
        for name in _OWN_VARIABLES:
            environment.remove(name)
        process.setProcessEnvironment(environment)
        process.setProgram(sys.executable)
        wanted = [] if run is None else ["--run", str(run)]
        process.setArguments(["-m", "pyprobe", "open", *wanted, path])
        started, _pid = process.startDetached()
        if not started:
            self._messages.post(f"{path} cannot be opened: {process.errorString()}.")
            return False
        self._say(f"{path} opens in a window of its own.")
        return True

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        """Take recordings that are dropped onto the window."""
        if isinstance(a1, QDropEvent) and a1.type() is QEvent.Type.Drop:
            for path in _recordings_in(a1.mimeData()):
                a1.acceptProposedAction()
                self.open(path)
        elif isinstance(a1, QDragEnterEvent) and _recordings_in(a1.mimeData()):
            a1.acceptProposedAction()
            return True
        return False


def _recordings_in(mime: QMimeData | None) -> list[str]:
    paths = [url.toLocalFile() for url in mime.urls()] if mime is not None else []
    return [path for path in paths if path.lower().endswith(_SUFFIX)]
