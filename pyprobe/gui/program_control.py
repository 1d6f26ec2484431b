"""ProgramControl: run, pause, stop and restart, and what the window says of a program's end."""

import os
from collections.abc import Callable
from functools import partial

from PyQt6.QtCore import QObject, pyqtSignal

from pyprobe.errors import LaunchError
from pyprobe.gui.console_text import Stream
from pyprobe.gui.messages import Action, Level, MessageBar
from pyprobe.session.ending import Ending, TracebackFrame
from pyprobe.session.front_session import FrontSession
from pyprobe.session.listener import ProgramState

ENDING = "ending"
_LAUNCH = "launch"


class ProgramControl(QObject):
    """Answers every command, also the one that can have no effect now (``said``).

    ``refusal`` is what is answered where no program can run at all, as in a recording's window.
    """

    said = pyqtSignal(str)
    about_to_run = pyqtSignal()

    def __init__(
        self,
        session: FrontSession,
        messages: MessageBar,
        reveal: Callable[[str, int], None],
        write_line: Callable[[Stream, str], None],
    ) -> None:
        super().__init__(messages)
        self._session = session
        self._messages = messages
        self._reveal = reveal
        self._write_line = write_line
        self.stop_was_asked = False
        self.refusal = ""
        # Who must have done before the program may start, such as a reader of edited sources.
        self.when_ready: Callable[[Callable[[], None]], None] = lambda then: then()

    def _is_refused(self) -> bool:
        if self.refusal:
            self.said.emit(self.refusal)
        return bool(self.refusal)

    def run(self) -> None:
        """Start the program, or let it go on when it is paused."""
        if self._is_refused():
            return
        if self._session.state is ProgramState.PAUSED:
            self._session.resume()
        elif self._session.has_process:
            self.said.emit("The program is running already; Ctrl+Shift+F5 restarts it.")
        else:
            self._start()

    def pause(self) -> None:
        """Pause, or go on."""
        if self._is_refused():
            return
        state = self._session.state
        if state is ProgramState.PAUSED:
            self._session.resume()
        elif state is ProgramState.RUNNING:
            self._session.pause()
            self.said.emit("Pausing: every thread of the program halts at its next line.")
        elif state is ProgramState.STARTING:
            self.said.emit("The program is only just starting; it can be paused in a moment.")
        else:
            self.said.emit("No program is running that could be paused; F5 runs it.")

    def stop(self) -> None:
        """Stop the program."""
        if self._is_refused():
            return
        if self._session.has_process:
            self.stop_was_asked = True
            self.said.emit("Stopping; after three seconds the program is killed.")
            self._session.stop()
        else:
            self.said.emit("No program is running; F5 runs it.")

    def restart(self) -> None:
        """Stop the program if it runs, and start it again."""
        if self._is_refused():
            return
        if self._session.has_process:
            self.said.emit("Restarting…")
            self.about_to_run.emit()
            self.when_ready(self._launch_again)
        else:
            self._start()

    def announce_start(self) -> None:
        """Take away what was said of the last run, and head the output of this one."""
        self.stop_was_asked = False
        self._messages.withdraw(ENDING)
        self._messages.withdraw(_LAUNCH)
        program = self._session.program
        words = [os.path.basename(program.python), *program.command()[1:]]
        self._write_line(Stream.SYSTEM, f"$ {' '.join(_shown(word) for word in words)}")

    def announce_ending(self, ending: Ending, *, goes_on: bool = False) -> None:
        """Say how the program ended; a traceback's frames lead to their lines.

        An end after which it ``goes_on`` by itself is said in the console only.
        """
        label = self._session.program.label
        self._write_line(Stream.SYSTEM, f"{label} {ending.sentence}")
        is_told = bool(self.refusal) and ending.exit_code == 0 and not ending.exception
        if goes_on or is_told:  # that a recorded program ended well is no news
            return
        links = tuple(
            Action(
                _frame_label(frame),
                partial(self._reveal, frame.file, frame.line),
                closes=False,
            )
            for frame in ending.frames
        )
        failed = bool(ending.exception) or ending.exit_code not in (0, None)
        level = Level.BAD if failed else Level.INFO
        if ending.signal is not None and not failed:
            level = Level.WARN
        text = f"{label} {ending.sentence}."
        self._messages.post(text.replace("..", "."), level, key=ENDING, links=links)

    def _start(self) -> None:
        self.about_to_run.emit()
        self.when_ready(self._launch)

    def _launch(self) -> None:
        if not self._session.has_process:  # it may have been asked for twice meanwhile
            is_first = self._session.state is not ProgramState.ENDED
            self._try(self._session.start if is_first else self._session.restart)

    def _launch_again(self) -> None:
        self._try(self._session.restart)

    def _try(self, begin: Callable[[], None]) -> None:
        try:
            begin()
        except LaunchError as error:
            self._messages.post(f"The program cannot be started: {error}.", Level.BAD, key=_LAUNCH)


def _frame_label(frame: TracebackFrame) -> str:
    place = f"{os.path.basename(frame.file)}:{frame.line}"
    return f"{place} in {frame.function}" if frame.function else place


def _shown(word: str) -> str:
    return f'"{word}"' if " " in word or not word else word
