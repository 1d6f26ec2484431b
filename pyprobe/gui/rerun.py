"""Rerun: starts the program again when a file of it is saved, or when it has ended by itself."""

import os
from collections.abc import Callable

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from pyprobe.gui.messages import Level, MessageBar
from pyprobe.gui.program_control import ProgramControl
from pyprobe.gui.sources import load_source
from pyprobe.session.ending import Ending
from pyprobe.session.front_session import FrontSession
from pyprobe.session.listener import ProgramState

ProblemOf = Callable[[str, Callable[[str], None]], None]

_PAUSE_MS = 150  # between two runs, so that a program that does nothing leaves the window usable
_BROKEN = "not-restarted"


class Rerun(QObject):
    """Two switches, both off at first. ``said`` is a hint."""

    said = pyqtSignal(str)
    switched = pyqtSignal()

    def __init__(
        self, session: FrontSession, program: ProgramControl, messages: MessageBar
    ) -> None:
        super().__init__(program)
        self._session = session
        self._program = program
        self._messages = messages
        self.problem_of: ProblemOf = lambda path, then: then(load_source(path).problem)
        self._on_save = False
        self._loops = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._start_again)

    @property
    def on_save(self) -> bool:
        """Whether the program restarts when one of its open files is saved."""
        return self._on_save

    @property
    def loops(self) -> bool:
        """Whether the program starts again when it has ended by itself."""
        return self._loops

    def set_on_save(self, wanted: bool) -> None:
        """Restart on save, or not."""
        self._on_save = wanted
        self._messages.withdraw(_BROKEN)
        self.switched.emit()
        self.said.emit(
            "The program restarts whenever one of its open files is saved."
            if wanted
            else "Saving a file no longer restarts the program."
        )

    def set_loops(self, wanted: bool) -> None:
        """Run again and again, or only when asked to."""
        self._loops = wanted
        self.switched.emit()
        if not wanted:
            self._timer.stop()
            self.said.emit("The program is not started again when it ends.")
        elif self._session.has_process:
            self.said.emit("The program starts again whenever it ends, until it is stopped.")
        else:
            self.said.emit("F5 runs the program again and again, until it is stopped.")

    def take_saved(self, path: str) -> bool:
        """Restart the program as a file of it was saved; False where that is not wanted."""
        if not self._on_save or self._session.state is ProgramState.IDLE:
            return False
        self.problem_of(path, lambda problem: self._restart_unless(problem, path))
        return True

    def _restart_unless(self, problem: str, path: str) -> None:
        if problem:
            name = os.path.basename(path)
            self._messages.post(
                f"The program is not restarted, as {name} has an error. {problem}",
                Level.WARN,
                key=_BROKEN,
            )
            return
        self._messages.withdraw(_BROKEN)
        self._program.restart()
        self.said.emit(f"Restarted, as {os.path.basename(path)} was saved.")

    def goes_on_after(self, ending: Ending) -> bool:
        """Whether the program is started again after this end."""
        ended_well = ending.exit_code == 0 and not ending.exception
        return self._loops and ended_well and not self._program.stop_was_asked

    def take_ending(self, ending: Ending) -> None:
        """Start the program again soon, or say why not."""
        if self.goes_on_after(ending):
            self._timer.start()
        elif self._loops and not self._program.stop_was_asked:
            self.said.emit("Not started again, since it has failed; F5 runs it.")

    def _start_again(self) -> None:
        if self._loops and not self._session.has_process:
            self._program.run()
