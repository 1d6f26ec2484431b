"""RecordingControl: the window's Record button, from the choice of a file to the finished one."""

import os
from time import strftime
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from pyprobe.errors import RecordingError
from pyprobe.gui.messages import Action, Level
from pyprobe.session.listener import ProgramState
from pyprobe.session.session import Session
from pyprobe.session.sizes import size_text

if TYPE_CHECKING:
    from pyprobe.gui.recording_export import RecordingExport
    from pyprobe.gui.window_base import WindowBase
    from pyprobe.session.ending import Ending
    from pyprobe.session.recording import Recorder

KEY = "recording"
_SUFFIX = ".mcap"


class RecordingControl(QObject):
    """Records one run into one file: the one that goes on, from here on, else the next one.

    A program that is started again, by a restart or in a loop, goes on into the same file.
    ``switched`` carries whether the button is down.
    """

    switched = pyqtSignal(bool)
    said = pyqtSignal(str)

    def __init__(self, window: "WindowBase") -> None:
        super().__init__(window)
        self._window = window
        self._recorder: Recorder | None = None
        self._path = ""
        self._export: RecordingExport | None = None
        window.closing.connect(self.stop)

    @property
    def is_on(self) -> bool:
        """Whether something is recorded, or will be from the next run on."""
        return bool(self._path)

    def toggle(self) -> None:
        """Ask for a file and record, or stop that."""
        if self.is_on:
            self.stop()
        elif self._session is None:
            self.said.emit("This is a recording already.")
        else:
            self._choose()
        self._tell()

    @property
    def _session(self) -> Session | None:
        session = self._window.session
        return session if isinstance(session, Session) else None

    def _choose(self) -> None:
        from PyQt6.QtWidgets import QFileDialog

        program = self._window.program_to_run
        name = f"{os.path.splitext(program.label)[0]}-{strftime('%Y%m%d-%H%M%S')}{_SUFFIX}"
        dialog = QFileDialog(self._window, "Record into", os.path.join(program.cwd, name))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([f"Recordings (*{_SUFFIX})"])
        dialog.setDefaultSuffix(_SUFFIX[1:])
        dialog.selectFile(name)
        dialog.fileSelected.connect(self.start)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def start(self, path: str) -> None:
        """Record into a file, which is made now or when the program starts."""
        session = self._session
        if session is None:
            return
        self.stop()
        self._path = path
        self._window.messages.withdraw(KEY)
        if session.has_process:
            self._begin(session)
        else:
            self.said.emit(f"The next run is recorded in {os.path.basename(path)}; F5 runs it.")
        self._tell()

    def take_state(self, state: ProgramState) -> None:
        """A run begins: record it, where that is wanted."""
        session = self._session
        if state is ProgramState.STARTING and self._path and session is not None:
            self._begin(session)

    def take_ending(self, ending: "Ending") -> None:
        """The run is over, and so is its recording, unless the program is started again."""
        session = self._session
        goes_on = self._window.rerun.goes_on_after(ending)
        goes_on = goes_on or (session is not None and session.starts_again)
        if self._recorder is not None and not goes_on:
            self._finish(ending)

    def stop(self) -> None:
        """Record no more; the file is complete up to here."""
        if self._recorder is not None:
            self._finish(None)
        elif self._path:
            self._path = ""
            self.said.emit("The next run is not recorded.")
        self._tell()

    def update(self) -> None:
        """Show how much is recorded; stop where nothing more can be written."""
        recorder = self._recorder
        if recorder is not None and recorder.failure:
            self._finish(None)
            self._tell()
        self._show()

    def _begin(self, session: Session) -> None:
        from pyprobe.session.recording import Recorder

        if self._recorder is not None:
            return
        try:
            self._recorder = Recorder(self._path, session.program)
        except RecordingError as error:
            self._window.messages.post(f"{error}.", Level.BAD, key=KEY)
            self._path = ""
            self._tell()
            return
        session.attach_recorder(self._recorder)
        self._show()

    def _finish(self, ending: "Ending | None") -> None:
        recorder, path = self._recorder, self._path
        if recorder is None:
            return
        self._recorder, self._path = None, ""
        session = self._session
        if session is not None:
            session.detach_recorder()
        held = f"{os.path.basename(path)} ({size_text(recorder.nbytes)})"
        recorder.finish(ending)
        if recorder.failure:
            self._window.messages.post(recorder.failure, Level.WARN, key=KEY)
        else:
            runs = f" of {recorder.runs} runs" if recorder.runs > 1 else ""
            self._window.messages.post(
                f"{recorder.captures:,} captures{runs} are recorded in {held}.",
                key=KEY,
                actions=(
                    Action("Open", lambda: self._open(path)),
                    Action("Export…", lambda: self._ask_export(path), closes=False),
                ),
            )
        self._tell()

    def _open(self, path: str) -> None:
        self._window.recordings.open(path)

    def _ask_export(self, path: str) -> None:
        from pyprobe.gui.recording_export import RecordingExport

        if self._export is None:
            self._export = RecordingExport(self._window)
        self._export.ask(path)

    def _tell(self) -> None:
        self.switched.emit(self.is_on)
        self._show()

    def _show(self) -> None:
        recorder = self._recorder
        mark = ""
        if recorder is not None:
            mark = f"Recording {recorder.captures:,} captures, {size_text(recorder.nbytes)}"
        elif self._path:
            mark = "The next run is recorded"
        self._window.status.show_recorder(mark)
