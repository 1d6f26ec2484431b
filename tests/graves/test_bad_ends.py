"""Ends that no program should come to: each is noticed at once, and nothing is left behind."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pyprobe.session.listener import ProgramState
from tests.cli.conftest import Place
from tests.session.conftest import MakeSession
from tests.session.running import PATIENCE_S, occurrence_of, until, until_end
from tests.waiting import wait_for_end, wait_for_files

SHARED_MEMORY = Path("/dev/shm")
ARRAYS = """\
import os, sys
import numpy as np
n = 0
print("ready", flush=True)
while not os.path.exists("enough"):
    n += 1
    x = np.full(20_000, float(n))
print("went on to its end", flush=True)
"""


def ours_in(folder: Path, marks: tuple[str, ...]) -> set[str]:
    return {entry.name for entry in folder.iterdir() if entry.name.startswith(marks)}


@contextmanager
def nothing_left_on_disk(temporary: Path) -> Iterator[None]:
    """Fail when shared memory, a socket or a folder is left that was not there before."""
    before = ours_in(SHARED_MEMORY, ("pyprobe", "psm_"))
    yield
    assert list(temporary.iterdir()) == []
    left = ours_in(SHARED_MEMORY, ("pyprobe", "psm_")) - before
    assert not {name for name in left if not maps(name)}


def maps(name: str) -> bool:
    """Whether a living process uses this shared memory: another test's, running beside this one."""
    for entry in Path("/proc").glob("[0-9]*/maps"):
        try:
            if name in entry.read_text():
                return True
        except OSError:  # it has ended, or is not ours to look at
            continue
    return False


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files of its own, so that others' do not count."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def start_recording(place: Place) -> "subprocess.Popen[bytes]":
    place.write(ARRAYS)
    command = place.command("record", "-o", "out.mcap", "-p", "program.py:7:x", "program.py")
    process = subprocess.Popen(command, cwd=place.folder, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    wait_for_files(place.folder, lambda: size_of(place.folder / "out.mcap") > 50_000)
    return process


def size_of(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def child_of(process: "subprocess.Popen[bytes]") -> int:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return int(children[0])


def test_a_recorder_killed_in_a_flood_of_arrays(place: Place, temporary: Path) -> None:
    pytest.importorskip("numpy")
    with nothing_left_on_disk(temporary):
        process = start_recording(place)
        process.kill()
        process.wait()
        (place.folder / "enough").touch()
        assert process.stdout is not None
        # The pipe ends when the program, which was waiting for the recorder, has ended as well.
        assert process.stdout.read() == b"went on to its end\n"
        process.stdout.close()
    lines = place.export()
    assert [line["value"][0] for line in lines] == [float(n + 1) for n in range(len(lines))]
    assert lines


def test_a_program_killed_in_a_flood_of_arrays(place: Place, temporary: Path) -> None:
    pytest.importorskip("numpy")
    with nothing_left_on_disk(temporary):
        process = start_recording(place)
        os.kill(child_of(process), signal.SIGKILL)
        process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 128 + signal.SIGKILL
    lines = place.export()
    assert [line["value"][0] for line in lines] == [float(n + 1) for n in range(len(lines))]


def test_both_killed_at_once(place: Place, temporary: Path) -> None:
    pytest.importorskip("numpy")
    with nothing_left_on_disk(temporary):
        process = start_recording(place)
        program = child_of(process)
        process.kill()
        os.kill(program, signal.SIGKILL)
        process.communicate(timeout=PATIENCE_S)
        wait_for_end(program)
    assert place.export()


@pytest.mark.parametrize(
    "source",
    ["", "raise SystemExit", "import os; os._exit(0)", "x = 1", "print('half', end='')"],
)
def test_programs_that_end_at_once(make_session: MakeSession, source: str) -> None:
    session, heard, _file = make_session(source)
    session.start()
    ending = until_end(session)
    assert (ending.exit_code, ending.complete, ending.sentence) == (
        *(0, True),
        "ended with exit code 0",
    )
    assert heard.output["stdout"] == ("half" if "half" in source else "")
    assert heard.notes == []


def test_a_program_that_never_ends_is_stopped(make_session: MakeSession) -> None:
    session, heard, file = make_session(
        """\
        import signal
        for name in ("SIGTERM", "SIGINT", "SIGHUP"):
            signal.signal(getattr(signal, name), lambda number, frame: print(number, flush=True))
        x = 0
        print("ready", flush=True)
        while True:
            try:
                x += 1
            except BaseException:
                pass
        """
    )
    probe = session.add_probe(occurrence_of(file, "8:x"), str(file), throttle="auto")
    session.start()
    until(session, lambda: "ready" in heard.output["stdout"] and probe.captured > 0)
    session.stop()
    ending = until_end(session)
    assert (ending.signal, ending.sentence) == ("SIGKILL", "was stopped")
    assert "15" in heard.output["stdout"]
    assert probe.history.count == probe.captured


def test_an_end_is_noticed_while_a_child_holds_every_stream(make_session: MakeSession) -> None:
    """``os._exit`` of a parent whose forked child lives on with the same pipes."""
    session, heard, file = make_session(
        """\
        import os, signal
        x = 7
        child = os.fork()
        if not child:
            signal.alarm(120)  # in case nobody kills it
            while True:
                signal.pause()
        print(child, flush=True)
        os._exit(4)
        """
    )
    probe = session.add_probe(occurrence_of(file, "2:x"), str(file), throttle="every")
    session.start()
    ending = until_end(session)
    os.kill(int(heard.output["stdout"]), signal.SIGKILL)
    assert (ending.exit_code, ending.complete) == (4, True)
    assert (probe.history.count, session.state) == (1, ProgramState.ENDED)


def test_100_mb_of_output_through_a_recorder(place: Place) -> None:
    """The recorder never touches the streams, so it grows by nothing."""
    place.write(
        "import sys\nline = 'x' * 999_999 + '\\n'\nfor i in range(100):\n"
        "    n = sys.stdout.write(line)\nprint('half', end='')\n"
    )
    with open(place.folder / "captured", "wb") as captured:
        command = place.command("record", "-o", "out.mcap", "-p", "program.py:4:n", "program.py")
        done = subprocess.run(command, cwd=place.folder, stdout=captured, check=False)
    assert done.returncode == 0
    assert (place.folder / "captured").stat().st_size == 100 * 1_000_000 + 4
    assert [line["value"] for line in place.export()] == [1_000_000] * 100
    assert (place.folder / "out.mcap").stat().st_size < 100_000


def test_what_stands_in_for_functions_is_not_called_by_our_code(place: Place) -> None:
    """As mocks and green threads put it there: it would be run, and counted, and may raise."""
    place.write(
        """\
        import builtins, os, select, struct, time
        called = []
        def stand_in(name):
            def refuse(*args, **kwargs):
                called.append(name)
                raise RuntimeError(f"taken away: {name}")
            return refuse
        kind, put, numbers = type(len), setattr, range(20_000)
        replaced = [
            (module, name, thing)
            for module in (builtins, os, select, struct, time)
            for name, thing in vars(module).items()
            if type(thing) is kind and not name.startswith("__")
        ]
        for module, name, thing in replaced:
            put(module, name, stand_in(name))
        for i in numbers:
            x = [i, (i,)]
        for module, name, thing in replaced:
            put(module, name, thing)
        print(called)
        """
    )
    done = place.record("-p", "program.py:18:x", "--throttle", "every", "program.py")
    assert (done.code, done.out) == (0, "[]\n")
    assert "pyprobe: 20,000 captures in out.mcap" in done.err
    assert "failed" not in done.err


def test_a_runner_that_is_broken_does_not_hold_up_the_end(place: Place) -> None:
    """The program takes away what our code calls; its end used to be waited for, for ever."""
    place.write(
        """\
        import gc
        for thing in gc.get_objects():
            if type(thing) is dict and str(thing.get("__name__")).startswith("pyprobe.core.send"):
                thing.clear()
        for i in range(3):
            x = [i, (i,)]
        """
    )
    done = place.record("-p", "program.py:6:x", "program.py")
    assert done.err.count("the runner failed: NameError") == 1
    assert "Traceback" not in done.err
    assert " captures in out.mcap" in done.err


def test_a_runner_that_is_broken_lets_the_program_leave(place: Place) -> None:
    """``os._exit`` is the program's, whatever has become of what is done before it."""
    place.write(
        """\
        import gc, os
        for i in range(3):
            x = i
        for thing in gc.get_objects():
            if type(thing) is dict and str(thing.get("__name__")).startswith("pyprobe.core.send"):
                thing.clear()
        os._exit(7)
        """
    )
    done = place.record("-p", "program.py:3:x", "program.py")
    assert done.code == 7
    assert done.err.count("the runner failed: NameError") == 1
    assert "Traceback" not in done.err
