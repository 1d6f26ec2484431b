"""Expressions that never end and hold the whole interpreter: what is told, and how it ends."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from pyprobe.core.debug.records import StopReason
from pyprobe.core.evaluations import ENDED_TEXT
from pyprobe.session import debug_board, evaluation_watch
from pyprobe.session.launch import Stdio
from pyprobe.session.listener import ProgramState
from tests.session.conftest import TARGET_PYTHON, MakeSession
from tests.session.running import until, until_end
from tests.session.stepping import stop_of
from tests.waiting import wait_for_end, wait_for_files

ENDLESS = "sum(iter(int, 1))"
PROGRAM = """\
import os
x = 1
breakpoint()
with open("goes_on.part", "w") as file:
    file.write(str(x))
os.rename("goes_on.part", "goes_on")
while x: x = 1 + x % 5
"""

# A front end that has an expression evaluated (or sets a breakpoint with a condition), waits until
# that has begun, tells the program's process id, and waits to be killed.
FRONT_END = """\
import os, sys
from pyprobe.session import evaluation_guard
from pyprobe.session.launch import Program, Stdio
from pyprobe.session.session import Session
evaluation_guard.PATIENCE_S = float(sys.argv[4])
stdio = Stdio(sys.argv[5])
session = Session(Program("program.py", None, (), sys.argv[1], os.getcwd()), stdio=stdio)
text = "open('begun', 'w').close() or " + sys.argv[2]
if sys.argv[3] == "condition":
    session.breakpoints.add("program.py", 2, condition="py: " + text)
board = session.debug
session.start()
while board.stop is None and not os.path.exists("begun"):
    session.wait(1.0)
    session.process_events()
if sys.argv[3] == "line":
    request = {"ask": "evaluate", "text": text, "limit_ms": 1_000_000}
    board.ask(request, print, print)
while not os.path.exists("begun"):
    session.wait(0.05)
    session.process_events()
open("pid.part", "w").write(str(session.pid))
os.rename("pid.part", "pid")
while True:
    session.wait(1.0)
    session.process_events()
"""


class Killed:
    """A front end that was killed while an expression runs, and the program it has left."""

    def __init__(self, pid: int, errors: "subprocess.Popen[bytes]") -> None:
        self.pid = pid
        self._process = errors

    def errors(self) -> str:
        """What the front end and its helpers wrote to stderr until all had ended."""
        assert self._process.stderr is not None
        with self._process.stderr as stream:
            return stream.read().decode()


def kill_front_end(
    folder: Path, text: str, *, how: str = "line", patience_s: float = 0.5, stdio: str = "pipes"
) -> Killed:
    source = PROGRAM if how == "line" else PROGRAM.replace("breakpoint()", "pass")
    (folder / "program.py").write_text(source)
    command = [sys.executable, "-W", "ignore", "-c", FRONT_END, TARGET_PYTHON, text, how]
    process = subprocess.Popen(
        [*command, str(patience_s), stdio], cwd=folder, stderr=subprocess.PIPE
    )
    try:
        wait_for_files(folder, (folder / "pid").exists)
    finally:
        process.kill()
        process.wait()
    return Killed(int((folder / "pid").read_text()), process)


@pytest.mark.parametrize("how", ["line", "condition"])
@pytest.mark.parametrize("stdio", ["pipes", "inherit"])
def test_a_program_that_computes_for_a_dead_front_end_is_ended_and_says_why(
    tmp_path: Path, how: str, stdio: str
) -> None:
    killed = kill_front_end(tmp_path, ENDLESS, how=how, stdio=stdio)
    wait_for_end(killed.pid)
    assert ENDED_TEXT.strip() in killed.errors()
    assert not (tmp_path / "goes_on").exists()


@pytest.mark.parametrize("text", ["sum(x for x in iter(int, 1))", "sum(range(30_000_000))"])
@pytest.mark.parametrize("how", ["line", "condition"])
def test_a_program_whose_expression_can_end_goes_on(tmp_path: Path, how: str, text: str) -> None:
    killed = kill_front_end(tmp_path, text, how=how, patience_s=60, stdio="inherit")
    try:
        wait_for_files(tmp_path, (tmp_path / "goes_on").exists)
        assert (tmp_path / "goes_on").read_text() == "1"
    finally:
        with suppress(ProcessLookupError):
            os.kill(killed.pid, signal.SIGKILL)
    assert killed.errors() == ""


def test_a_program_that_computes_in_c_for_a_dead_front_end_is_interrupted_and_goes_on(
    tmp_path: Path,
) -> None:
    killed = kill_front_end(tmp_path, "9**9**9", patience_s=60, stdio="inherit")
    try:
        wait_for_files(tmp_path, (tmp_path / "goes_on").exists)
    finally:
        with suppress(ProcessLookupError):
            os.kill(killed.pid, signal.SIGKILL)
    assert killed.errors() == ""


@pytest.mark.parametrize("text", ["9**9**9", "__import__('re').match('(a+)+$', 'a' * 64 + 'b')"])
@pytest.mark.parametrize("stdio", [Stdio.PIPES, Stdio.INHERIT])
def test_c_code_that_looks_for_signals_is_interrupted_and_the_program_stands_where_it_stood(
    make_session: MakeSession, text: str, stdio: Stdio
) -> None:
    session, _heard, _file = make_session(PROGRAM, stdio=stdio)
    assert session.debug.stop is None
    session.start()
    stop = stop_of(session)
    said: list[Any] = []
    request: dict[str, object] = {"ask": "evaluate", "text": text, "limit_ms": 100}
    session.debug.ask(request, said.append, said.append)
    until(session, lambda: bool(said), "the answer")
    assert [one["error"] for one in said] == ["It was interrupted after 0.1 s."]
    assert session.debug.stop == stop
    session.debug.ask({"ask": "evaluate", "text": "x"}, said.append, said.append)
    until(session, lambda: len(said) > 1, "another answer")
    assert said[1]["text"] == "1"


OWN_HANDLER = """\
import os, signal
calls = []
signal.signal(signal.SIGURG, lambda number, frame: calls.append(number))
breakpoint()
before = len(calls)
os.kill(os.getpid(), signal.SIGURG)
print(before, len(calls))
"""


def test_the_programs_own_handler_hears_nothing_of_it_and_stays(
    make_session: MakeSession,
) -> None:
    session, heard, _file = make_session(OWN_HANDLER)
    assert session.debug.stop is None
    session.start()
    stop_of(session)
    said: list[Any] = []
    request: dict[str, object] = {"ask": "evaluate", "text": "9**9**9", "limit_ms": 100}
    session.debug.ask(request, said.append, said.append)
    until(session, lambda: bool(said), "the answer")
    session.resume()
    until_end(session)
    assert heard.output["stdout"] == "0 1\n"


def test_who_has_asked_is_told_and_stop_ends_the_program(make_session: MakeSession) -> None:
    session, _heard, _file = make_session(PROGRAM)
    assert session.debug.stop is None
    session.start()
    stop_of(session)
    said: list[Any] = []
    request: dict[str, object] = {"ask": "evaluate", "text": ENDLESS, "limit_ms": 100}
    session.debug.ask(request, said.append, said.append)
    until(session, lambda: bool(said), "the sentence")
    assert said == [debug_board.HOLDS_ALL]
    session.stop()
    assert until_end(session).signal == "SIGTERM"


def test_a_condition_that_does_not_end_is_told_and_stop_ends_the_program(
    make_session: MakeSession,
) -> None:
    session, heard, file = make_session(PROGRAM)
    session.breakpoints.add(str(file), 2, condition=f"py: {ENDLESS}")
    session.start()
    until(session, lambda: evaluation_watch.CONDITION_LASTS in heard.notes, "the note")
    assert session.state is ProgramState.RUNNING
    session.stop()
    assert until_end(session).signal == "SIGTERM"


def test_what_takes_long_but_ends_is_answered_all_the_same(make_session: MakeSession) -> None:
    session, _heard, _file = make_session(PROGRAM)
    assert session.debug.stop is None
    session.start()
    assert stop_of(session).reason is StopReason.CALL
    said: list[Any] = []
    request: dict[str, object] = {"ask": "evaluate", "text": "sum(range(10**7))", "limit_ms": 1}
    session.debug.ask(request, said.append, said.append)
    until(session, lambda: any(isinstance(one, dict) for one in said), "the answer")
    assert said[-1]["error"] or said[-1]["text"] == "49999995000000"
