"""What goes wrong around a window: signals, floods, foreign Qt variables, bad files, no display."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.e2e.conftest import Opener
from tests.e2e.driver import PATIENCE_S, ROOT
from tests.e2e.test_main_job import LOOP, close_cleanly, write_program
from tests.waiting import wait_for_end

PID_PROGRAM = """\
import os, signal
print("pid", os.getpid(), flush=True)
while True:
    signal.pause()
"""


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def program_pid(text: str) -> int:
    return int(text.split("pid ")[1].split()[0])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_closes_the_window_and_its_program(
    opener: Opener, tmp_path: Path, number: int
) -> None:
    window = opener("--run", write_program(tmp_path, PID_PROGRAM))
    said = window.wait_output("\n")
    pid = program_pid(said)
    os.kill(window.process.pid, number)
    assert window.finish() == (0, "")
    wait_for_end(pid)


def test_closing_stops_the_program(opener: Opener, tmp_path: Path) -> None:
    window = opener("--run", write_program(tmp_path, PID_PROGRAM))
    said = window.wait_output("\n")
    close_cleanly(window)
    assert not is_alive(program_pid(said))


def test_foreign_qt_variables_do_not_hijack_the_window(opener: Opener, tmp_path: Path) -> None:
    program = "import os\nprint('plug-ins', os.environ['QT_PLUGIN_PATH'])\n"
    foreign = tmp_path / "foreign" / "platforms"
    foreign.mkdir(parents=True)
    (foreign / "libqxcb.so").write_bytes(b"not a library")
    window = opener(
        "--run",
        write_program(tmp_path, program),
        environment={
            "QT_PLUGIN_PATH": str(foreign.parent),
            "QT_QPA_PLATFORM_PLUGIN_PATH": str(foreign),
        },
    )
    # The program keeps the user's variables, the window has not followed them.
    window.wait_output(f"plug-ins {foreign.parent}")
    close_cleanly(window)


def test_the_window_stays_usable_in_a_flood(opener: Opener, tmp_path: Path) -> None:
    program = "import sys\nline = 'x' * 79 + '\\n'\nwhile True:\n    sys.stdout.write(line)\n"
    window = opener("--run", write_program(tmp_path, program))
    window.wait_for(lambda line: line["event"] == "output")
    start_s = time.monotonic()
    probe = window.toggle(4, "line")
    window.wait_event("first_pixel", id=probe["id"])
    assert time.monotonic() - start_s < 10.0
    start = window.mark()
    window.key("shift+F5")
    window.wait_event("state", state="ended", after=start)
    close_cleanly(window)


@pytest.mark.parametrize(
    ("data", "exit_code"),
    [
        (b"", 0),
        (b"def f(:\n", 1),
        (b"name = 'caf\xe9'\n", 1),
        (b"# -*- coding: latin-1 -*-\nname = 'caf\xe9'\n", 0),
        (b"\x7fELF\0\0\0", 1),
    ],
)
def test_odd_files_open_and_run(
    opener: Opener, tmp_path: Path, data: bytes, exit_code: int
) -> None:
    path = tmp_path / "odd.py"
    path.write_bytes(data)
    window = opener(path)
    window.key("F5")
    ending = window.wait_event("ending")
    assert f"exit code {exit_code}" in ending["sentence"]
    close_cleanly(window)


def test_settings_that_are_damaged_are_told(opener: Opener, tmp_path: Path) -> None:
    settings = tmp_path / "settings"
    settings.mkdir()
    (settings / "preferences.json").write_text("{", encoding="utf-8")
    window = opener(write_program(tmp_path, LOOP))
    window.wait_for(lambda line: line["event"] == "message" and "could not be read" in line["text"])
    close_cleanly(window)


def screenshot(display: str, tmp_path: Path, picture: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *(sys.executable, "-m", "pyprobe", "--screenshot", str(picture), "--quit-after", "1"),
            str(write_program(tmp_path, LOOP)),
        ],
        env={
            **os.environ,
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "PYPROBE_CONFIG_DIR": str(tmp_path / "settings"),
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def test_screenshot_and_quit(display: str, tmp_path: Path) -> None:
    picture = tmp_path / "shot.png"
    done = screenshot(display, tmp_path, picture)
    assert (done.returncode, done.stderr) == (0, "")
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_screenshot_that_cannot_be_written_is_a_failure(display: str, tmp_path: Path) -> None:
    picture = tmp_path / "gone" / "shot.png"
    done = screenshot(display, tmp_path, picture)
    assert (done.returncode, done.stderr) == (1, f"pyprobe: {picture} cannot be written\n")
