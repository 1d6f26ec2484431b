"""Programs that fork, end, are interrupted or trace themselves while they stand or are stepped."""

import os
import re
import select
import signal
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from pyprobe.core.debug.records import StepKind, StopReason
from pyprobe.session.listener import ProgramState
from tests.session.conftest import TARGET_PYTHON, MakeSession
from tests.session.running import PATIENCE_S, occurrence_of, until, until_end
from tests.session.stepping import begin_step, step, stop_of
from tests.waiting import wait_for_files


@pytest.fixture(params=["monitoring", "settrace"])
def event_source(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both sources, as far as the interpreter has them."""
    monkeypatch.setenv("PYPROBE_EVENT_SOURCE", request.param)
    return str(request.param)


FORK = """\
import os, sys
def child():
    x = 1
    breakpoint_hook_is_plain = sys.breakpointhook is sys.__breakpointhook__
    tools = [sys.monitoring.get_tool(number) for number in range(6)]
    print("child", x, breakpoint_hook_is_plain, set(tools), sys.gettrace(), flush=True)
    os._exit(7)
breakpoint()
pid = os.fork()
if not pid:
    child()
_pid, status = os.waitpid(pid, 0)
print("parent", os.waitstatus_to_exitcode(status), flush=True)
"""


@pytest.mark.usefixtures("event_source")
@pytest.mark.parametrize("kind", [StepKind.OVER, StepKind.INTO])
def test_a_child_that_is_forked_while_stepping_is_plain(
    make_session: MakeSession, kind: StepKind
) -> None:
    session, heard, _file = make_session(FORK)
    assert session.debug.stop is None
    session.start()
    stop_of(session)
    lines = [step(session, kind).line for _ in range(4)]
    assert lines == [9, 10, 12, 13]
    session.resume()
    assert until_end(session).exit_code == 0
    assert heard.output["stdout"] == "child 1 True {None} None\nparent 7\n"


def test_breakpoint_right_after_a_fork_stops_at_once(make_session: MakeSession) -> None:
    session, _heard, _file = make_session(
        "import os\nif not os.fork():\n    os._exit(0)\nbreakpoint(); a = 1\nb = 2\n"
    )
    assert session.debug.stop is None
    session.start()
    assert stop_of(session).line == 4
    assert step(session, StepKind.OVER).line == 5


FORKING_THREAD = """\
import os, threading
def fork():
    pid = os.fork()
    if not pid:
        print("child", flush=True)
        os._exit(5)
    status = os.waitpid(pid, 0)[1]
    print("parent", os.waitstatus_to_exitcode(status), flush=True)
    done.append(1)
done = []
t = threading.Thread(target=fork)
t.start()
breakpoint()
t.join()
print(done, flush=True)
"""


def test_another_thread_forks_while_one_stands(make_session: MakeSession) -> None:
    session, heard, _file = make_session(FORKING_THREAD)
    session.debug.set_stepping(all_threads=False)
    session.start()
    stop_of(session)
    until(session, lambda: "parent 5" in heard.output["stdout"], "the child's end")
    assert session.state is ProgramState.PAUSED
    session.resume()
    assert until_end(session).exit_code == 0
    assert heard.output["stdout"].endswith("[1]\n")


def test_a_fork_in_a_line_that_is_evaluated_leaves_the_child_running(
    make_session: MakeSession,
) -> None:
    source = """\
    import os
    me = os.getpid()
    breakpoint()
    print("child" if os.getpid() != me else "parent", flush=True)
    """
    session, heard, _file = make_session(source)
    assert session.debug.stop is None
    session.start()
    stop_of(session)
    answers: list[dict[str, object]] = []
    request: dict[str, object] = {"ask": "evaluate", "frame": 0, "text": "os.fork()"}
    session.debug.ask({**request, "limit_ms": 20_000}, answers.append, heard.notes.append)
    until(session, lambda: "child" in heard.output["stdout"], "the child's end")
    until(session, lambda: bool(answers or heard.notes), "an answer")
    assert session.state is ProgramState.PAUSED
    session.resume()
    until_end(session)
    assert sorted(heard.output["stdout"].split()) == ["child", "parent"]


def test_the_program_leaves_while_a_thread_stands(make_session: MakeSession) -> None:
    source = """\
    import os, threading
    standing = threading.Event()
    def leave():
        standing.wait()
        os._exit(3)
    threading.Thread(target=leave).start()
    standing.set()
    breakpoint()
    """
    session, _heard, _file = make_session(source)
    session.debug.set_stepping(all_threads=False)
    session.start()
    assert until_end(session).exit_code == 3
    assert dict(session.debug.stops) == {}


def test_the_program_ends_while_a_daemon_thread_stands(make_session: MakeSession) -> None:
    source = """\
    import threading
    standing = threading.Event()
    def work():
        standing.set()
        breakpoint()
    threading.Thread(target=work, daemon=True).start()
    standing.wait()
    """
    session, _heard, _file = make_session(source)
    session.debug.set_stepping(all_threads=False)
    session.start()
    assert until_end(session).exit_code == 0


@pytest.mark.usefixtures("event_source")
def test_ctrl_c_reaches_a_program_that_stands(make_session: MakeSession) -> None:
    source = """\
    def main():
        x = 1
        try:
            breakpoint()
            x = 2
        except KeyboardInterrupt:
            x = 3
        print(x, flush=True)
    main()
    """
    session, heard, _file = make_session(source)
    assert session.debug.stop is None
    session.start()
    stop_of(session)
    session.send_signal(signal.SIGINT)
    assert until_end(session).exit_code == 0
    assert heard.output["stdout"] == "3\n"
    assert session.debug.stop is None


@pytest.mark.usefixtures("event_source")
def test_ctrl_c_reaches_a_program_that_stands_at_a_line(make_session: MakeSession) -> None:
    session, heard, _file = make_session("breakpoint()\nx = 1\nx = 2\n")
    assert session.debug.stop is None
    session.start()
    stop_of(session)
    assert step(session, StepKind.OVER).line == 2
    session.send_signal(signal.SIGINT)
    ending = until_end(session)
    assert (ending.exit_code, ending.signal) in [(130, None), (None, "SIGINT")]
    assert 'program.py", line 2, in <module>' in heard.output["stderr"]


@pytest.mark.usefixtures("event_source")
def test_a_signal_that_ends_breakpoint_leaves_a_traceback_as_pythons_own(
    make_session: MakeSession,
) -> None:
    source = """\
    import signal, traceback
    def handle(number, frame):
        raise OSError("told to end")
    signal.signal(signal.SIGTERM, handle)
    def stand():
        breakpoint()
    try:
        stand()
    except OSError:
        traceback.print_exc()
    stand()
    """
    session, heard, _file = make_session(source)
    assert session.debug.stop is None
    session.start()
    first = stop_of(session)
    session.send_signal(signal.SIGTERM)
    until(session, lambda: session.debug.stop is not None and session.debug.stop is not first)
    session.send_signal(signal.SIGINT)
    until_end(session)
    places = re.findall(r"line (\d+), in (\S+)", heard.output["stderr"])
    caught = [("8", "<module>"), ("6", "stand"), ("3", "handle")]
    assert places == [*caught, ("11", "<module>"), ("6", "stand")]
    assert heard.output["stderr"].endswith("KeyboardInterrupt\n")


def test_sigterm_ends_a_program_that_stands(make_session: MakeSession) -> None:
    session, _heard, _file = make_session("breakpoint()\nx = 1\n")
    assert session.debug.stop is None
    session.start()
    stop_of(session)
    session.send_signal(signal.SIGTERM)
    assert until_end(session).signal == "SIGTERM"


def test_a_program_that_stands_is_stopped(make_session: MakeSession) -> None:
    session, _heard, _file = make_session("breakpoint()\nx = 1\n")
    assert session.debug.stop is None
    session.start()
    stop_of(session)
    session.stop()
    until_end(session)


@pytest.mark.usefixtures("event_source")
def test_a_thread_that_stands_in_a_signal_handler_is_stepped(make_session: MakeSession) -> None:
    source = """\
    import signal
    def handle(number, frame):
        breakpoint()
        x = 1
        y = 2
    signal.signal(signal.SIGUSR1, handle)
    def main():
        a = 1
        signal.raise_signal(signal.SIGUSR1)
        b = 2
    main()
    """
    session, _heard, file = make_session(source)
    assert session.debug.stop is None
    session.start()
    assert stop_of(session).function == "handle"
    assert [step(session, StepKind.OVER).line for _ in range(2)] == [4, 5]
    assert step(session, StepKind.OUT).function == "main"
    assert step(session, StepKind.TO_LINE, file=str(file), line=10).line == 10
    session.resume()
    assert until_end(session).exit_code == 0


def test_the_programs_own_tracing_goes_on_while_it_is_stepped(
    make_session: MakeSession, event_source: str
) -> None:
    source = """\
    import sys
    lines = []
    def trace(frame, event, arg):
        if event == "line":
            lines.append(frame.f_lineno)
        return trace
    def work():
        a = 1
        b = 2
        return a + b
    breakpoint()
    sys.settrace(trace)
    work()
    sys.settrace(None)
    print(lines, flush=True)
    """
    session, heard, _file = make_session(source)
    assert session.debug.stop is None
    session.start()
    stop_of(session)
    assert step(session, StepKind.OVER).line == 12
    begin_step(session, StepKind.OVER)
    if event_source == "monitoring":
        assert stop_of(session).line == 13
        assert step(session, StepKind.INTO).line == 8
        session.resume()
    assert until_end(session).exit_code == 0
    assert heard.output["stdout"] == "[8, 9, 10]\n"


def test_a_program_goes_on_when_its_front_end_is_silent(make_session: MakeSession) -> None:
    program = "for often in range(1000):\n    breakpoint()\nprint('on', flush=True)\n"
    session, heard, _file = make_session(program)
    session.debug.set_stepping(release_after_s=0.3)
    session.start()
    stop_of(session)
    assert session.pid is not None
    watched = os.pidfd_open(session.pid)  # it takes nothing and sends nothing: it hangs
    assert select.select([watched], [], [], PATIENCE_S)[0]
    os.close(watched)
    assert until_end(session).exit_code == 0
    assert heard.output["stdout"] == "on\n"
    assert any("Nothing was heard of you for 0.3 s" in note for note in heard.notes)


def test_a_front_end_that_listens_keeps_the_program_standing(make_session: MakeSession) -> None:
    session, heard, _file = make_session("breakpoint()\nprint('on', flush=True)\n")
    session.debug.set_stepping(release_after_s=3.0)  # a busy machine may keep us waiting
    session.start()
    stop_of(session)
    states = 0
    while states < 4:  # a third of the limit after the other each asks for a sign of life
        session.wait(PATIENCE_S)
        states += session.process_events() is False
    assert heard.output["stdout"] == ""
    assert session.debug.stop is not None


FRONT_END = """\
import os, sys
from pyprobe.session.launch import Program, Stdio
from pyprobe.session.session import Session
session = Session(Program(sys.argv[1], None, (), sys.argv[2], sys.argv[3]))
session.debug
session.start()
while session.debug.stop is None:
    session.wait(None)
    session.process_events()
for text in sys.argv[4:]:
    session.debug.ask({"ask": "evaluate", "text": text, "limit_ms": 3_600_000}, print, print)
    while not os.path.exists("begun"):
        session.wait(0.01)
        session.process_events()
print("standing", flush=True)
while True:
    session.wait(None)
    session.process_events()
"""


BEGIN = "open('begun', 'w').close() or "


@pytest.mark.usefixtures("event_source")
@pytest.mark.parametrize(
    "evaluated",
    [
        (),
        (BEGIN + "sum(0 for _ in iter(int, 1))",),
        (BEGIN + "__import__('time').sleep(1000)",),
    ],
    ids=["stands", "computes", "waits"],
)
def test_a_program_goes_on_at_once_when_its_front_end_is_killed(
    evaluated: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "front_end.py").write_text(FRONT_END)
    pipe = tmp_path / "on"
    os.mkfifo(pipe)
    program = f"""\
    breakpoint()
    x = 1
    with open({str(pipe)!r}, "w") as told:
        told.write("on")
    """
    (tmp_path / "program.py").write_text(dedent(program))
    command = [sys.executable, "front_end.py", "program.py", TARGET_PYTHON, str(tmp_path)]
    command += evaluated
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as front_end:
        assert front_end.stdout is not None
        assert front_end.stdout.readline() == "standing\n"
        front_end.kill()
        assert pipe.read_text() == "on"


HANGS = """\
import sys, time
from pyprobe.session.launch import Program
from pyprobe.session.session import Session
session = Session(Program(sys.argv[1], None, (), sys.argv[2], sys.argv[3]))
session.debug.set_stepping(release_after_s=0.2)
session.start()
while session.debug.stop is None:
    session.wait(None)
    session.process_events()
time.sleep(1000)
"""


def test_a_program_goes_on_when_its_front_end_hangs_and_is_killed(tmp_path: Path) -> None:
    (tmp_path / "front_end.py").write_text(HANGS)
    program = """\
    import os, time
    parent = os.getppid()
    breakpoint()
    open("begun", "w").close()
    while os.getppid() == parent:
        time.sleep(0.001)
    for _often in range(300):  # it is time to be told that the front end is gone
        time.sleep(0.001)
    open("on", "w").close()
    """
    (tmp_path / "program.py").write_text(dedent(program))
    command = [sys.executable, "front_end.py", "program.py", TARGET_PYTHON, str(tmp_path)]
    with subprocess.Popen(command, cwd=tmp_path) as front_end:
        wait_for_files(tmp_path, (tmp_path / "begun").exists)
        front_end.kill()
    wait_for_files(tmp_path, (tmp_path / "on").exists)


def test_a_stop_for_a_watch_says_which(make_session: MakeSession) -> None:
    session, _heard, file = make_session("for i in range(5):\n    x = i\n    y = x\n")
    session.add_probe(occurrence_of(file, "2:x"), str(file), throttle="every")
    session.when("x == 3").pause()
    session.start()
    stopped = stop_of(session)
    assert (stopped.reason, stopped.detail, stopped.line) == (StopReason.WATCH, "x == 3", 3)
    assert step(session, StepKind.OVER).line == 1
