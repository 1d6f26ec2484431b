"""``pyprobe record``: what is captured, and that the program runs as it does plain."""

import os
import resource
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from pyprobe.session.recording_reader import RecordingReader
from tests.cli.conftest import Place
from tests.waiting import wait_for_files

LOOP = """\
total = 0.0
for i in range(4):
    x = i / 2
    total += x
print(total)
"""


def test_every_capture_is_there_in_order(place: Place) -> None:
    file = place.write(LOOP)
    done = place.record("-p", "program.py:3:x", "-p", "program.py:4:total", "program.py")
    assert (done.code, done.out) == (0, "3.0\n")
    assert done.err.startswith("pyprobe: 8 captures in out.mcap (")
    assert "0 dropped" in done.err
    assert "of the program's time" in done.err
    lines = place.export()
    assert [line["seq"] for line in lines] == list(range(8))
    assert [(line["symbol"], line["value"]) for line in lines] == [
        ("x", 0.0),
        ("total", 0.0),
        ("x", 0.5),
        ("total", 0.5),
        ("x", 1.0),
        ("total", 1.5),
        ("x", 1.5),
        ("total", 3.0),
    ]
    first = lines[0]
    assert list(first) == [
        *("seq", "t_ns", "probe", "file", "line", "col", "symbol", "thread", "value"),
    ]
    assert (first["file"], first["line"], first["col"]) == (str(file), 3, 4)
    times = [line["t_ns"] for line in lines]
    assert times == sorted(times)


def test_same_objects_and_mutations_are_not_merged(place: Place) -> None:
    """The graves: repeated values, lists that change, one-line loops, long statements."""
    place.write(
        """\
        for v in [1, 1, 2]:
            x = v
        items = []
        for i in range(3):
            items.append(i)
            seen = items
        s = 0
        for i in range(4): s += i
        y = (s +
             1 +
             2)
        """
    )
    specs = ["2:x", "6:seen", "8:s", "9:y"]
    done = place.record(
        *(part for spec in specs for part in ("-p", f"program.py:{spec}")), "program.py"
    )
    assert done.code == 0
    values: dict[str, list[object]] = {}
    for line in place.export():
        values.setdefault(line["symbol"], []).append(line["value"])
    assert values == {
        "x": [1, 1, 2],
        "seen": [[0], [0, 1], [0, 1, 2]],
        "s": [0, 1, 3, 6],
        "y": [9],
    }


def test_special_values_in_jsonl(place: Place) -> None:
    place.write(
        """\
        for x in (float("nan"), float("inf"), -float("inf"), 1 + 2j, complex("nan"), True,
                  2**62, "text", None):
            pass
        """
    )
    place.record("-p", "program.py:1:x", "program.py")
    lines = place.export()
    assert [line.get("value", line.get("text")) for line in lines] == [
        "NaN",
        "Infinity",
        "-Infinity",
        {"re": 1.0, "im": 2.0},
        {"re": "NaN", "im": 0.0},
        True,
        2**62,
        "text",
        "None",
    ]
    assert "value" not in lines[7]


def test_throttles(place: Place) -> None:
    place.write("for i in range(100):\n    x = i\n    y = i // 50\n")
    specs = ("-p", "program.py:2:x=every:10", "-p", "program.py:3:y")
    done = place.record(*specs, "--throttle", "change", "program.py")
    assert done.code == 0
    lines = place.export()
    assert [line["value"] for line in lines if line["symbol"] == "y"] == [0, 1]
    assert len([line for line in lines if line["symbol"] == "x"]) == 10


def test_a_module_with_arguments(place: Place) -> None:
    place.write("", "pkg/__init__.py")
    place.write(
        "import sys\nfrom pkg.inner import f\nname = sys.argv\nprint(f(3), name[1:])\n",
        "pkg/__main__.py",
    )
    place.write("def f(a):\n    b = a * 2\n    return b\n", "pkg/inner.py")
    probes = ("-p", "pkg/inner.py:2:b", "-p", "__main__.py:3:name", "-p", "pkg/inner.py:3:return")
    done = place.record(*probes, "-m", "pkg", "--run", "-m", "x")
    assert done.out == "6 ['--run', '-m', 'x']\n"
    assert [line["symbol"] for line in place.export()] == ["name", "b", "return"]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("raise SystemExit(7)", 7),
        ("import sys; sys.exit('bye')", 1),
        ("1 / 0", 1),
        ("import os; os._exit(9)", 9),
        ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", 128 + 15),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", 128 + 9),
        ("import os; os.abort()", 128 + 6),
        ("def f(:", 1),
    ],
)
def test_the_exit_code_is_the_programs(place: Place, source: str, code: int) -> None:
    place.write(source)
    done = place.record("program.py")
    assert done.code == code
    assert done.err.splitlines()[-1].startswith("pyprobe: ")


def test_how_the_program_was_killed_is_said_before_what_was_not_captured(place: Place) -> None:
    place.write("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\nx = 1\n")
    done = place.record("-p", "program.py:3:x", "program.py")
    ending, totals, unhit = done.err.splitlines()
    assert ending.startswith("pyprobe: the program was ended by signal SIGKILL")
    assert totals.startswith("pyprobe: 0 captures in out.mcap")
    assert unhit == "pyprobe: x @ program.py:3: never captured"


def test_a_program_that_comes_through_a_pipe_is_the_interpreters_to_read(place: Place) -> None:
    """As with ``pyprobe record … <(generate)`` in a shell."""
    reading, writing = os.pipe()
    os.write(writing, b"print(6 * 7)\n")
    os.close(writing)
    done = place.record(f"/dev/fd/{reading}", pass_fds=(reading,))
    os.close(reading)
    assert (done.code, done.out) == (0, "42\n")


def test_standard_input_is_the_programs(place: Place) -> None:
    place.write("import sys\nx = sys.stdin.read()\nsys.stdout.write(x.upper())\n")
    done = place.record("-p", "program.py:2:x", "program.py", stdin="words\nmore")
    assert done.out == "WORDS\nMORE"
    assert place.export()[0]["text"] == "words\nmore"


def test_no_qt_is_imported(place: Place) -> None:
    place.write(LOOP)
    code = (
        "import sys\nfrom pyprobe.cli import main\n"
        "main(['record', '-p', 'program.py:3:x', '-o', 'out.mcap', 'program.py'])\n"
        "print(sorted(name for name in sys.modules if 'Qt' in name or name == 'pyqtgraph'))\n"
    )
    command = place.command()
    done = subprocess.run(
        [command[0], "-c", code], cwd=place.folder, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("program.py:3:z", "'z'"),
        ("program.py:99:x", "has no line 99"),
        ("progam.py:3:x", "program.py"),
        ("program.py:3:x=often", "throttle 'often' is not known"),
        ("nonsense", "'nonsense' is no probe"),
    ],
)
def test_a_wrong_spec_ends_before_the_program_starts(place: Place, spec: str, message: str) -> None:
    place.write(LOOP)
    done = place.record("-p", spec, "program.py")
    assert done.code == 2
    assert done.out == ""
    assert message in done.err
    assert len(done.err.splitlines()) == 1
    assert not (place.folder / "out.mcap").exists()


def test_what_cannot_run_is_one_line(place: Place) -> None:
    assert place.record("gone.py").err == "pyprobe: gone.py: no such file\n"
    place.write(LOOP)
    done = place.pyprobe("record", "-o", "out.mcap", "--python", "/nowhere", "program.py")
    assert (done.code, done.err) == (2, "pyprobe: there is no interpreter /nowhere\n")
    done = place.pyprobe("record", "-o", "gone/out.mcap", "program.py")
    assert done.code == 2
    assert done.err == "pyprobe: gone/out.mcap cannot be written: No such file or directory\n"


Started = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def started(place: Place) -> Iterator[Started]:
    """Return a function that starts a recording and waits until its program says it is ready.

    Recorder and program are killed at the end: a program outlives its recorder by design.
    """
    processes: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            place.command("record", "-o", "out.mcap", *arguments),
            cwd=place.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        processes.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        return process

    yield start
    for process in processes:
        with suppress(ProcessLookupError):  # nobody of its session is left
            os.killpg(process.pid, signal.SIGKILL)
        with process:  # closes its streams and waits
            pass


# The alarm ends it even where the tests themselves are killed.
WAITING = """\
import signal, sys, time
signal.alarm(120)
def on_signal(number, frame):
    x = number
    print("got", number, flush=True)
    sys.exit(33)
signal.signal(signal.SIGTERM, on_signal)
signal.signal(signal.SIGINT, on_signal)
y = 0
print("ready", flush=True)
while True:
    y += 1
    time.sleep(0.001)
"""


def test_sigterm_is_passed_on_and_the_end_waited_for(place: Place, started: Started) -> None:
    place.write(WAITING)
    process = started("-p", "program.py:4:x", "program.py")
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 33
    assert out == b"got 15\n"
    assert b"1 capture in" in err


def test_ctrl_c_reaches_the_program_once_and_the_recording_goes_on(
    place: Place, started: Started
) -> None:
    place.write(WAITING)
    process = started("-p", "program.py:4:x", "program.py")
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the whole foreground group
    out, _err = process.communicate(timeout=30)
    assert process.returncode == 33
    assert out == b"got 2\n"
    assert [line["value"] for line in place.export()] == [2]


def test_a_killed_recorder_leaves_a_readable_file_and_the_program_running(
    place: Place, started: Started
) -> None:
    place.write(WAITING)
    process = started("-p", "program.py:12:y", "program.py")
    path = str(place.folder / "out.mcap")
    wait_for_files(place.folder, lambda: count_captures(path) > 0)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    process.kill()
    process.wait()
    (target,) = map(int, children)
    found = count_captures(path)
    assert found > 0
    assert not RecordingReader(path).survey().whole
    assert Path(f"/proc/{target}/stat").read_text().split()[2] in "SR"
    os.kill(target, signal.SIGTERM)
    assert process.stdout is not None
    assert process.stdout.read() == b"got 15\n"
    assert not list(Path("/dev/shm").glob(f"pyprobe-ring-{process.pid}-*"))


def count_captures(path: str) -> int:
    return sum(column.count for columns in RecordingReader(path).columns() for column in columns)


def test_a_full_disk_is_one_sentence_and_the_program_goes_on(place: Place) -> None:
    place.write(
        """\
        import random, resource
        resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))
        for i in range(300_000):
            x = random.random()
        print("went on")
        """
    )
    done = place.record(
        "-p",
        "program.py:4:x",
        "program.py",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, -1)),
    )
    assert (done.code, done.out) == (0, "went on\n")
    sentences = [line for line in done.err.splitlines() if "disk is full" in line]
    assert len(sentences) == 1
    lines = place.export()
    assert 0 < len(lines) < 300_000
    assert [line["seq"] for line in lines] == list(range(len(lines)))
    assert f"pyprobe: {len(lines):,} captures in out.mcap" in done.err


def test_large_arrays_are_whole(place: Place) -> None:
    place.write(
        "import numpy as np\nfor i in range(20):\n    x = np.arange(300_000.0) + i\n"
        "small = np.array([[1, 2], [3, 4]], 'i2')\n"
    )
    done = place.record("-p", "program.py:3:x", "-p", "program.py:4:small", "program.py")
    assert done.code == 0
    reader = RecordingReader(str(place.folder / "out.mcap"))
    arrays = [a.array for columns in reader.columns() for column in columns for a in column.arrays]
    assert [float(array[-1]) for array in arrays[:20]] == [299_999.0 + i for i in range(20)]
    small = place.export()[-1]
    assert (small["value"], small["dtype"], small["shape"]) == (
        [[1, 2], [3, 4]],
        "int16",
        [2, 2],
    )


def test_recording_is_lossless(place: Place) -> None:
    place.write("for i in range(300_000):\n    x = float(i)\n")
    done = place.record("-p", "program.py:2:x", "program.py")
    assert "300,000 captures" in done.err
    place.pyprobe("export", "out.mcap", "--format", "csv", "-o", "out.csv")
    with open(place.folder / "out.csv") as rows:
        header = rows.readline().strip().split(",")
        value = header.index("value")
        assert all(float(row.split(",")[value]) == i for i, row in enumerate(rows))
