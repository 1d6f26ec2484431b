"""Runs real programs in real sessions, and waits for what they do instead of sleeping."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic

from pyprobe.analysis.occurrence import Occurrence
from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.analysis.spec import parse_spec, resolve_spec
from pyprobe.session.ending import Ending
from pyprobe.session.launch import Program
from pyprobe.session.listener import ProgramState, SessionListener
from pyprobe.session.output import StreamName
from pyprobe.session.pipe import Pipe
from pyprobe.session.session import Session

PATIENCE_S = 30.0


class Heard(SessionListener):
    """Keeps what a session tells."""

    def __init__(self) -> None:
        self.states: list[ProgramState] = []
        self.endings: list[Ending] = []
        self.output: dict[str, str] = {"stdout": "", "stderr": ""}
        self.notes: list[str] = []
        self.captured: set[int] = set()

    def on_state(self, state: ProgramState) -> None:
        self.states.append(state)

    def on_ending(self, ending: Ending) -> None:
        self.endings.append(ending)

    def on_output(self, stream: StreamName, text: str) -> None:
        self.output[stream] += text

    def on_note(self, text: str) -> None:
        self.notes.append(text)

    def on_captures(self, probe_ids: set[int]) -> None:
        self.captured |= probe_ids


def occurrence_of(file: Path, spec: str) -> Occurrence:
    """Return the occurrence that ``LINE:SYMBOL[@COL]`` names."""
    source = file.read_text()
    return resolve_spec(parse_spec(f"{file}:{spec}"), find_occurrences(source), source)


def until(session: Session, condition: Callable[[], bool], what: str = "it") -> None:
    """Process events until the condition holds."""
    deadline_s = monotonic() + PATIENCE_S
    while not condition():
        assert monotonic() < deadline_s, f"{what} has not happened: {session.state}"
        session.wait(0.05)
        session.process_events()


def until_end(session: Session) -> Ending:
    """Process events until the program has ended."""
    until(session, lambda: not session.has_process, "the end")
    assert session.ending is not None
    return session.ending


def pipe_of(session: Session) -> Pipe:
    """Return the pipe of the run that a session has."""
    run = session._run
    assert run is not None
    return run.target.pipe


def program_of(file: Path, *args: str, python: str) -> Program:
    """Return a script as a program in its own folder."""
    return Program(file.name, None, args, python, str(file.parent))
