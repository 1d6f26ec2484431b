"""``symbols``, ``export``, ``doctor``, ``--version``, and the window where there is none."""

import csv
import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pyprobe import __version__
from pyprobe.cli import SUBCOMMANDS, main
from pyprobe.commands import doctor
from pyprobe.commands.qt_check import DEBIAN_PACKAGES, check_qt, missing_libraries
from tests.cli.conftest import TARGET_PYTHON, Place

SOURCE = """\
class Filter:
    def step(self, v):
        self.gain = v * 2
        return self.gain
f = Filter()
for i in range(3):
    y = f.step(i + 1j)
"""
MIXED = """\
import sys
for x in (1, 2.5, True):
    pass
for text in ("a", "größer"):
    pass
for z in (1 + 2j, 3):
    pass
rows = [1.0, 2.0]
rows = [3.0, 4.0]
odd = [1, 2]
odd = [1, 2, 3]
"""
HEADLESS = {key: value for key, value in os.environ.items() if "DISPLAY" not in key}
HEADLESS.pop("QT_QPA_PLATFORM", None)


def test_version(place: Place) -> None:
    assert place.pyprobe("--version").out == f"pyprobe {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [("record", "-o", "out.mcap"), ("--run",)],
    ids=["record", "window"],
)
def test_a_working_folder_that_was_removed_is_told_in_one_line(
    place: Place, arguments: tuple[str, ...]
) -> None:
    program = place.write("print(1)\n")
    removes_first = (
        "import os, sys\n"
        "os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone')\n"
        "from pyprobe.cli import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    command = [sys.executable, "-P", "-c", removes_first, *arguments, str(program)]
    done = subprocess.run(command, cwd=place.folder, capture_output=True, text=True, check=False)
    expected = "pyprobe: the working folder has been removed; change to one that exists\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", expected)


def test_help_names_the_subcommands(place: Place) -> None:
    done = place.pyprobe("--help")
    assert done.code == 0
    assert f"pyprobe {' | '.join(SUBCOMMANDS)} [--help]\n" in done.out


def test_symbols_as_a_table_and_as_json(place: Place) -> None:
    place.write(SOURCE)
    rows = json.loads(place.pyprobe("symbols", "program.py", "--json").out)
    assert {"line": 3, "col": 13, "symbol": "self.gain", "kind": "member-store"}.items() <= next(
        row for row in rows if row["symbol"] == "self.gain" and row["line"] == 3
    ).items()
    assert [row["func"] for row in rows if row["kind"] == "return"] == ["Filter.step"]
    places = [(row["line"], row["col"]) for row in rows]
    assert places == sorted(places)
    table = place.pyprobe("symbols", "program.py").out.splitlines()
    assert len(table) == len(rows)
    assert any(line.split() == ["7", "4", "y", "store"] for line in table)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"x = = 1\n", "line 1"),
        (b"\x00\x01\x02", "is a binary file"),
        (b"x = '\xff'\n", "which is not UTF-8"),
        (None, "does not exist"),
    ],
)
def test_symbols_of_what_is_no_source(place: Place, data: bytes | None, message: str) -> None:
    if data is not None:
        (place.folder / "bad.py").write_bytes(data)
    done = place.pyprobe("symbols", "bad.py")
    assert (done.code, done.out) == (2, "")
    assert message in done.err
    assert len(done.err.splitlines()) == 1


def record_mixed(place: Place) -> None:
    place.write(MIXED)
    symbols = ("2:x", "4:text", "6:z", "8:rows", "9:rows", "10:odd", "11:odd")
    done = place.record(
        *(part for symbol in symbols for part in ("-p", f"program.py:{symbol}")), "program.py"
    )
    assert done.code == 0, done.err


def test_export_to_csv(place: Place) -> None:
    record_mixed(place)
    done = place.pyprobe("export", "out.mcap", "--format", "csv")
    rows = list(csv.DictReader(done.out.splitlines()))
    assert done.err == "pyprobe: 11 captures\n"
    assert [row["value"] for row in rows if row["symbol"] == "x"] == ["1", "2.5", "True"]
    assert [row["text"] for row in rows if row["symbol"] == "text"] == ["a", "größer"]
    assert [(row["value"], row["imag"]) for row in rows if row["symbol"] == "z"] == [
        ("1.0", "2.0"),
        ("3", ""),
    ]
    (row, _) = [row for row in rows if row["symbol"] == "rows"]
    assert (json.loads(row["value"]), row["shape"]) == ([1.0, 2.0], "2")


def test_a_dash_is_standard_output(place: Place) -> None:
    record_mixed(place)
    for name in ("csv", "jsonl"):
        plain = place.pyprobe("export", "out.mcap", "--format", name)
        assert place.pyprobe("export", "out.mcap", "--format", name, "-o", "-") == plain
    done = place.pyprobe("export", "out.mcap", "--format", "npz", "-o", "-")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("pyprobe: npz needs a file, and - is standard output")
    assert len(done.err.splitlines()) == 1
    done = place.pyprobe("record", "-o", "-", "program.py")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("pyprobe: a recording is a file, and standard output is the program")
    assert sorted(one.name for one in place.folder.iterdir()) == ["out.mcap", "program.py"]


def test_export_to_npz(place: Place) -> None:
    record_mixed(place)
    done = place.pyprobe("export", "out.mcap", "--format", "npz")
    assert done.code == 0, done.err
    with np.load(place.folder / "out.npz") as data:
        probes = {probe["symbol"]: probe for probe in json.loads(str(data["probes"]))}
        number = {symbol: probe["probe"] for symbol, probe in probes.items()}
        assert data[f"p{number['x']}_value"].tolist() == [1.0, 2.5, 1.0]
        assert data[f"p{number['x']}_seq"].tolist() == [0, 1, 2]
        assert data[f"p{number['text']}_text"].tolist() == ["a", "größer"]
        assert data[f"p{number['z']}_value"].tolist() == [1 + 2j, 3 + 0j]
        assert data[f"p{number['rows']}_array"].tolist() == [[3.0, 4.0]]


def test_export_of_arrays_of_many_shapes_to_npz(place: Place) -> None:
    place.write("for n in (1, 3, 2):\n    x = [float(i) for i in range(n)]\n")
    place.record("-p", "program.py:2:x", "program.py")
    place.pyprobe("export", "out.mcap", "--format", "npz", "-o", "named.npz")
    with np.load(place.folder / "named.npz") as data:
        assert data["p1_array_shape"].tolist() == [[1], [3], [2]]
        assert data["p1_array_flat"].tolist() == [0.0, 0.0, 1.0, 2.0, 0.0, 1.0]
        assert data["p1_array_seq"].tolist() == [0, 1, 2]


def test_an_export_that_cannot_be_written_leaves_nothing(place: Place) -> None:
    record_mixed(place)
    done = place.pyprobe("export", "out.mcap", "--format", "jsonl", "-o", "gone/x.jsonl")
    assert done.code == 2
    assert done.err == "pyprobe: gone/x.jsonl cannot be written: No such file or directory\n"
    (place.folder / "bad.mcap").write_text("no recording")
    done = place.pyprobe("export", "bad.mcap", "--format", "csv", "-o", "x.csv")
    assert done.err == "pyprobe: bad.mcap is not a recording of PyProbe\n"
    assert not list(place.folder.glob("x.csv*"))


def test_a_reader_that_has_seen_enough_ends_the_export_quietly(place: Place) -> None:
    place.write("for i in range(20_000):\n    x = i\n")
    place.record("-p", "program.py:2:x", "program.py")
    command = place.command("export", "out.mcap", "--format", "jsonl")
    with subprocess.Popen(
        command, cwd=place.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_an_interrupted_recording_says_so_when_exported(place: Place) -> None:
    record_mixed(place)
    file = place.folder / "out.mcap"
    file.write_bytes(file.read_bytes()[:-200])
    done = place.pyprobe("export", "out.mcap", "--format", "jsonl")
    assert done.code == 0
    assert "the recording was cut off, this is all it holds" in done.err


def test_doctor_asks_the_interpreter_itself(place: Place) -> None:
    done = place.pyprobe("doctor", "--python", TARGET_PYTHON, env=HEADLESS)
    assert done.code == 1  # no display
    version = subprocess.run(
        [TARGET_PYTHON, "-c", "import sys; print(*sys.version_info[:3], sep='.')"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    lines = dict(line.split(": ", 1) for line in done.out.splitlines())
    assert f"(Python {version})" in lines["interpreter"]
    source = "settrace" if version.startswith("3.11") else "monitoring"
    assert lines["event source"].strip().startswith(source)
    assert "no display" in lines["window"]


def test_doctor_names_an_interpreter_that_does_not_work(place: Place) -> None:
    old = place.folder / "old"
    old.write_text("#!/bin/sh\necho 'no good' >&2\nexit 3\n")
    old.chmod(0o755)
    done = place.pyprobe("doctor", "--python", str(old), env=HEADLESS)
    assert done.code == 1
    assert (
        "does not work: ended with exit code 3 before PyProbe could reach it: no good" in done.out
    )


def test_without_a_display_the_window_says_so_and_points_to_record(place: Place) -> None:
    place.write(SOURCE)
    done = place.pyprobe("program.py", env=HEADLESS)
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "pyprobe: there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)."
        " Without a window: pyprobe record -o OUT.mcap program.py\n"
    )


def test_a_display_that_does_not_answer(place: Place) -> None:
    place.write(SOURCE)
    done = place.pyprobe("program.py", env=HEADLESS | {"DISPLAY": ":4711"})
    assert done.code == 1
    assert "the display :4711 does not answer" in done.err


def test_missing_libraries_are_named_with_their_package(tmp_path: Path) -> None:
    """Qt's own plug-in, made to need a library that is not there."""
    qt = Path(importlib.import_module("PyQt6").__path__[0]) / "Qt6"
    assert missing_libraries(qt) == ()
    plugin = tmp_path / "plugins" / "platforms" / "libqxcb.so"
    plugin.parent.mkdir(parents=True)
    (tmp_path / "lib").symlink_to(qt / "lib")
    real = (qt / "plugins" / "platforms" / "libqxcb.so").read_bytes()
    plugin.write_bytes(real.replace(b"libQt6Gui.so.6", b"libQt6Not.so.6"))
    assert missing_libraries(tmp_path) == ("libQt6Not.so.6",)
    assert DEBIAN_PACKAGES["libxcb-cursor.so.0"] == "libxcb-cursor0"


def test_an_offscreen_platform_needs_no_display() -> None:
    check = check_qt({"QT_QPA_PLATFORM": "offscreen"})
    assert check.problem == ""
    assert "offscreen" in check.display


def test_a_script_that_cannot_be_opened(place: Place) -> None:
    (place.folder / "folder").mkdir()
    done = place.pyprobe("folder")
    assert (done.code, done.err) == (2, "pyprobe: folder: is a folder without __main__.py\n")
    assert place.pyprobe("-").code == 2
    assert "./record" in place.pyprobe("--help").out


def test_a_script_named_like_a_subcommand_is_named_with_its_folder(place: Place) -> None:
    place.write("print('mine')", "record")
    done = place.record("./record")
    assert done.out == "mine\n"


def test_the_front_end_works_as_a_module(place: Place) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pyprobe", "--version"], capture_output=True, check=True
    )
    assert done.stdout.startswith(b"pyprobe ")


def test_ctrl_c_before_there_is_a_program_ends_quietly(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(arguments: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(doctor, "run", interrupted)
    assert main(["doctor"]) == 130
    assert capsys.readouterr() == ("", "")
