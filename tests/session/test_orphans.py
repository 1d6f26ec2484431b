"""Programs whose front end is killed before they could connect, or that never would."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from pyprobe.session.orphan_guard import OrphanGuard
from tests.waiting import wait_for_end, wait_for_files

PATIENCE_S = 60

# A front end that starts a program with pipes, tells both process ids, and then is killed.
FRONT_END = """\
import os, sys, time
from pyprobe.session.launch import Program
from pyprobe.session.session import Session
session = Session(Program("program.py", None, (), sys.argv[1], os.getcwd()))
session.start()
until = sys.argv[2]
while True:
    session.process_events()
    target = session._run.target
    has_come = {"started": True, "guarded": target._guard, "cut off": target._is_cut_off}
    if has_come[until] and (until == "started" or target._guard is not None):
        break
    time.sleep(0.01)
open("pid.part", "w").write(str(session.pid))
os.rename("pid.part", "pid")
while True:
    time.sleep(1)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "program.py").write_text("open('ran', 'w')\nwhile True: pass\n")
    yield tmp_path
    pid = tmp_path / "pid"
    if pid.exists():
        with suppress(ProcessLookupError):  # as it should be
            os.killpg(int(pid.read_text()), signal.SIGKILL)


def interpreter(folder: Path, script: str) -> str:
    """Return an interpreter that does something before it starts, or instead."""
    fake = folder / "python"
    fake.write_text("#!/bin/sh\n" + textwrap.dedent(script).replace("PYTHON", sys.executable))
    fake.chmod(0o755)
    return str(fake)


def kill_front_end(folder: Path, python: str, until: str) -> int:
    """Start a front end, kill it when it has come that far, and return the program's process id."""
    command = [sys.executable, "-c", FRONT_END, python, until]
    with subprocess.Popen(command, cwd=folder) as process:
        try:
            wait_for_files(folder, (folder / "pid").exists)
        finally:
            process.kill()
    return int((folder / "pid").read_text())


def test_an_interpreter_that_hangs_while_it_starts(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sockets = folder / "tmp"
    sockets.mkdir()
    monkeypatch.setenv("TMPDIR", str(sockets))
    wait_for_end(kill_front_end(folder, interpreter(folder, "exec sleep 1000"), "guarded"))
    assert not list(sockets.iterdir())


def test_an_interpreter_that_hangs_and_heeds_no_signal(folder: Path) -> None:
    script = "trap '' TERM\nwhile true; do sleep 0.1; done"
    wait_for_end(kill_front_end(folder, interpreter(folder, script), "guarded"))


def test_a_program_that_never_lets_us_in(folder: Path) -> None:
    python = interpreter(folder, 'exec PYTHON -E "$@"')
    wait_for_end(kill_front_end(folder, python, "guarded"))


def test_an_interpreter_that_starts_when_the_front_end_is_gone(folder: Path) -> None:
    """The door finds nobody, and nobody to read what the program writes."""
    script = 'while [ ! -e go ]; do sleep 0.02; done\nexec PYTHON "$@"'
    pid = kill_front_end(folder, interpreter(folder, script), "started")
    (folder / "go").touch()
    wait_for_end(pid)
    assert not (folder / "ran").exists()


def test_a_dismissed_guard_ends_nothing() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        guard = OrphanGuard(process.pid, is_group=False, grace_s=0.1)
        guard.dismiss()
        guard.dismiss()
        assert process.poll() is None
        process.communicate(b"\n", PATIENCE_S)
    assert process.returncode == 0


def test_a_program_that_has_closed_the_connection(folder: Path) -> None:
    """It cannot notice that the front end is gone, and is looked after like one that never came."""
    (folder / "program.py").write_text(
        "import os\nfor number in range(3, 1024):\n"
        "    try: os.close(number)\n    except OSError: pass\nwhile True: pass\n"
    )
    wait_for_end(kill_front_end(folder, sys.executable, "cut off"))
