"""Every way in which a program of a session can end, and what is left behind: nothing."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.session.conftest import TARGET_PYTHON, MakeSession
from tests.session.running import occurrence_of, until, until_end
from tests.session.test_session import ENDLESS
from tests.waiting import wait_for_end


def test_an_uncaught_exception_comes_with_its_frames(make_session: MakeSession) -> None:
    session, heard, file = make_session(
        """\
        def divide(a, b):
            return a / b
        divide(1, 0)
        """
    )
    session.start()
    ending = until_end(session)
    assert ending.exit_code == 1
    assert ending.exception == "ZeroDivisionError: division by zero"
    assert ending.sentence == "ended with exit code 1: ZeroDivisionError: division by zero"
    assert [(Path(frame.file), frame.line, frame.function) for frame in ending.frames] == [
        (file, 3, "<module>"),
        (file, 2, "divide"),
    ]
    assert "ZeroDivisionError" in heard.output["stderr"]


def test_a_syntax_error_is_an_ending_like_any_other(make_session: MakeSession) -> None:
    session, heard, _file = make_session("x = = 1\n")
    session.start()
    ending = until_end(session)
    assert ending.exit_code == 1
    assert "SyntaxError" in heard.output["stderr"]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("", 0),
        ("raise SystemExit(7)", 7),
        ("import sys; sys.exit('no')", 1),
        ("import os; os._exit(9)", 9),
    ],
)
def test_exit_codes(make_session: MakeSession, source: str, code: int) -> None:
    session, _heard, _file = make_session(source)
    session.start()
    ending = until_end(session)
    assert (ending.exit_code, ending.signal) == (code, None)
    assert ending.sentence.startswith(f"ended with exit code {code}")


def test_os_exit_right_after_captures_loses_nothing(make_session: MakeSession) -> None:
    source = "import os\nfor i in range(50_000):\n    x = i\nos._exit(3)\n"
    session, _heard, file = make_session(source)
    probe = session.add_probe(occurrence_of(file, "3:x"), str(file), throttle="every")
    session.start()
    ending = until_end(session)
    assert (ending.exit_code, ending.complete) == (3, True)
    assert probe.captured == 50_000


def test_a_killed_program_ends_at_once_and_keeps_what_came(make_session: MakeSession) -> None:
    session, _heard, file = make_session(ENDLESS)
    probe = session.add_probe(occurrence_of(file, "5:x@4"), str(file), throttle="every")
    session.start()
    until(session, lambda: probe.captured > 5)
    assert session.pid is not None
    os.kill(session.pid, signal.SIGKILL)
    ending = until_end(session)
    assert (ending.exit_code, ending.signal) == (None, "SIGKILL")
    assert not ending.complete
    assert ending.sentence.startswith("was ended by signal SIGKILL")
    assert probe.history.count == probe.captured > 5


def test_killed_in_the_middle_of_a_flood_of_arrays(make_session: MakeSession) -> None:
    session, _heard, file = make_session(
        "import numpy as np\nwhile True:\n    x = np.ones(200_000)\n"
    )
    probe = session.add_probe(occurrence_of(file, "3:x"), str(file), throttle="every")
    session.start()
    until(session, lambda: probe.captured > 20)
    assert session.pid is not None
    os.kill(session.pid, signal.SIGKILL)
    until_end(session)
    assert probe.history.last_array is not None
    assert probe.history.last_array.sum() == 200_000
    assert probe.history.nbytes < 64 << 20


def test_stop_ends_the_whole_process_group(make_session: MakeSession) -> None:
    session, heard, _file = make_session(
        """\
        import subprocess, sys
        code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\\n" \\
               "signal.alarm(120)\\n" \\
               "print('child', flush=True)\\nwhile True: time.sleep(1)"
        child = subprocess.Popen([sys.executable, "-c", code])
        print(child.pid, flush=True)
        child.wait()
        """
    )
    session.start()
    until(session, lambda: "child" in heard.output["stdout"])
    child = int(heard.output["stdout"].replace("child", "").split()[0])
    session.stop()
    until_end(session)
    until(session, lambda: not lives(child), "the child's end")


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def test_a_program_that_ignores_sigterm_is_killed(
    make_session: MakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyprobe.session.target.STOP_GRACE_S", 0.2)
    session, heard, _file = make_session(
        "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print('ready', flush=True)\nwhile True: pass\n"
    )
    session.start()
    until(session, lambda: "ready" in heard.output["stdout"])
    session.stop()
    ending = until_end(session)
    assert (ending.signal, ending.sentence) == ("SIGKILL", "was stopped")


def test_a_child_that_outlives_the_program_does_not_hold_up_its_end(
    make_session: MakeSession,
) -> None:
    session, heard, _file = make_session(
        """\
        import subprocess, sys
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        print(child.pid)
        """
    )
    session.start()
    ending = until_end(session)
    child = int(heard.output["stdout"])
    os.kill(child, signal.SIGKILL)
    assert (ending.exit_code, ending.complete) == (0, True)


def test_exec_is_followed_to_the_end_of_the_other_program(make_session: MakeSession) -> None:
    session, heard, file = make_session(
        """\
        import os, sys
        x = 42
        os.execv(sys.executable, [sys.executable, "-c", "print('other'); raise SystemExit(6)"])
        """
    )
    probe = session.add_probe(occurrence_of(file, "2:x"), str(file), throttle="every")
    session.start()
    ending = until_end(session)
    assert ending.exit_code == 6
    assert ending.complete
    assert heard.output["stdout"] == "other\n"
    assert probe.history.count == 1
    note = "The program has replaced itself by another one, which goes on plain."
    assert heard.notes == [note]


@pytest.mark.parametrize("call", ["os.execv('/nowhere/at/all', ['all'])", "os._exit('nothing')"])
@pytest.mark.parametrize("end", ["pass", "os.kill(os.getpid(), signal.SIGKILL)"])
def test_a_call_that_fails_to_end_the_program_takes_its_goodbye_back(
    make_session: MakeSession, call: str, end: str
) -> None:
    session, heard, file = make_session(
        f"""\
        import os, signal
        try:
            {call}
        except (OSError, TypeError):
            x = 42
        {end}
        """
    )
    probe = session.add_probe(occurrence_of(file, "5:x"), str(file), throttle="every")
    session.start()
    ending = until_end(session)
    is_killed = end != "pass"
    assert ending.signal == ("SIGKILL" if is_killed else None)
    assert ending.complete != is_killed
    assert is_killed or probe.history.count == 1
    assert heard.notes == []


def test_an_interpreter_that_is_too_old_says_so(make_session: MakeSession, tmp_path: Path) -> None:
    session, _heard, _file = make_session("print(1)")
    old = tmp_path / "old"
    old.write_text(
        "#!/bin/sh\necho 'pyprobe: old is Python 3.9; PyProbe needs 3.11 or newer' >&2\nexit 3\n"
    )
    old.chmod(0o755)
    session.program = type(session.program)("program.py", None, (), str(old), str(tmp_path))
    session.start()
    ending = until_end(session)
    assert ending.exit_code == 3
    assert not ending.complete
    assert "before PyProbe could reach it" in ending.sentence
    assert ending.sentence.endswith("PyProbe needs 3.11 or newer")


def test_close_in_the_middle_leaves_nothing(make_session: MakeSession) -> None:
    session, heard, file = make_session(ENDLESS)
    session.add_probe(occurrence_of(file, "5:x@4"), str(file), throttle="every")
    session.start()
    until(session, lambda: "ready" in heard.output["stdout"])
    pid = session.pid
    assert pid is not None
    session.close()
    session.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_close_before_the_program_has_connected(make_session: MakeSession) -> None:
    session, _heard, _file = make_session(ENDLESS)
    session.start()
    session.close()
    assert not session.has_process


FRONT_END = """\
import sys
from pathlib import Path
from tests.session.running import Heard, occurrence_of, program_of, until
from pyprobe.session.session import Session
file = Path(sys.argv[1])
session = Session(program_of(file, python=sys.argv[2]))
session.add_listener(heard := Heard())
probe = session.add_probe(occurrence_of(file, "5:x@4"), str(file), throttle="every")
session.start()
try:
    until(session, lambda: probe.captured > 3)
    print(session.pid, flush=True)
    until(session, lambda: False)
finally:
    session.close()
"""


def test_a_front_end_that_is_killed_leaves_nothing_behind(tmp_path: Path) -> None:
    file = tmp_path / "program.py"
    file.write_text(ENDLESS)
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", FRONT_END, str(file), TARGET_PYTHON]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE) as front_end:
        assert front_end.stdout is not None
        target = int(front_end.stdout.readline())
        assert lives(target)
        front_end.kill()
    wait_for_end(target)
    assert not list(Path("/dev/shm").glob(f"pyprobe-ring-{front_end.pid}-*"))
