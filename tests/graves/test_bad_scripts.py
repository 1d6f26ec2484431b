"""Scripts that are missing, odd or hostile: one clear line, or they run as they do plain."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import TARGET_PYTHON, Done, Place
from tests.session.conftest import MakeSession
from tests.session.running import occurrence_of, until, until_end

# Name, bytes, and what naming a probe in it is answered with ("" where the probe is good).
FILES = {
    "empty": (b"", "program.py has no line 1; it is empty"),
    "binary": (bytes(range(1, 256)) * 8, "program.py cannot be decoded: "),
    "zero": (b"x = 1\0\n", "program.py is a binary file, not Python source"),
    "no cookie": (b"x = 'caf\xe9'\n", "program.py cannot be decoded: line 1 holds the byte 0xE9"),
    "cookie": (b"# -*- coding: latin-1 -*-\nx = 'caf\xe9'\n", ""),
    "wrong cookie": (
        b"# coding: nonsense\nx = 1\n",
        "line 1 names the encoding nonsense, which Python does not know",
    ),
    "mark": (b"\xef\xbb\xbfx = '\xc3\xa9'\n", ""),
    "returns": (b"x = 1\r\ny = x\r\n", ""),
    "old returns": (b"x = 1\ry = x\r", ""),
    "no newline": (b"x = 1", ""),
    "form feed": (b"x = 1\x0c\ny = 2\n", ""),
    "syntax": (b"x = 1\ndef f(:\n", "program.py, line 2: "),
    "tabs": (b"x = 1\nif x:\n\ty = 1\n        z = 1\n", "program.py, line "),
    "deep": (b"x = 1\ny = " + b"(" * 300 + b")" * 300 + b"\n", "program.py, line 2: "),
}


def run_plain(place: Place) -> Done:
    done = subprocess.run(
        [TARGET_PYTHON, "program.py"], cwd=place.folder, capture_output=True, check=False
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_odd_runs_as_it_does_plain(place: Place, name: str) -> None:
    data, answer = FILES[name]
    (place.folder / "program.py").write_bytes(data)
    plain, ours = run_plain(place), place.record("program.py")
    assert (ours.code, ours.out) == (plain.code, plain.out)
    assert ours.err.startswith(plain.err)
    assert ours.err.removeprefix(plain.err).startswith("pyprobe: 0 captures in out.mcap")
    (place.folder / "out.mcap").unlink()
    line = 2 if data.startswith(b"#") else 1
    probed = place.record("-p", f"program.py:{line}:x", "program.py")
    if answer:
        assert (probed.code, probed.out) == (2, "")
        assert len(probed.err.splitlines()) == 1
        assert answer in probed.err
        assert not (place.folder / "out.mcap").exists()
    else:
        assert (probed.code, len(place.export())) == (plain.code, 1)


def test_a_name_that_is_no_text_runs_and_is_told_to_hold_no_probe(place: Place) -> None:
    name = os.fsdecode(b"caf\xe9.py")
    (place.folder / name).write_text("x = 1\nraise ValueError('\\udc80')\n", encoding="utf-8")
    ran = place.record(name)
    assert ran.code == 1
    assert "\nValueError: \\udc80\npyprobe: 0 captures in out.mcap" in ran.err
    assert "atexit" not in ran.err
    (place.folder / "out.mcap").unlink()
    probed = place.record("-p", f"{name}:1:x", name)
    assert probed.code == 2
    assert probed.err == "pyprobe: caf\\udce9.py cannot be probed: its path is not UTF-8\n"


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("missing.py", "missing.py: no such file"),
        ("folder", "folder: is a folder without __main__.py"),
        ("dangling.py", "dangling.py: no such file"),
        ("-", "a program from standard input has no source to show; save it to a file"),
    ],
)
def test_a_script_that_is_not_there_is_one_line(place: Place, script: str, message: str) -> None:
    (place.folder / "folder").mkdir()
    (place.folder / "dangling.py").symlink_to("nowhere.py")
    done = place.record(script)
    assert (done.code, done.out, done.err) == (2, "", f"pyprobe: {message}\n")
    assert not (place.folder / "out.mcap").exists()


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("mian.py:1:x", "no file 'mian.py' belongs to the program; the nearest is main.py"),
        ("main.py:99:x", "main.py has no line 99; it ends with line 3; 'x' stands on line 1"),
        ("main.py:0:x", "main.py has no line 0; it ends with line 3; 'x' stands on line 1"),
        ("main.py:2:x", "main.py:2 has no 'x' that can be probed; it has total"),
        ("main.py:3:x", "main.py:3 has no 'x' that can be probed; nothing on that line"),
        ("main.py:1:x@7", "main.py:1 has no 'x' at column 7; it stands at @0"),
        ("main.py:1", "'main.py:1' is no probe; write FILE:LINE:SYMBOL[@COL][=THROTTLE]"),
        ("main.py:1:x=0ms", "throttle '0ms' is not known; use every, every:N, Nms"),
        ("", "'' is no probe; write FILE:LINE:SYMBOL"),
    ],
)
def test_a_wrong_spec_names_the_nearest(place: Place, spec: str, message: str) -> None:
    place.write("x = 1\ntotal = 2\npass\n", "main.py")
    done = place.record("-p", spec, "main.py")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"pyprobe: {message}")
    assert len(done.err.splitlines()) == 1
    assert not (place.folder / "out.mcap").exists()


def test_a_probe_on_a_line_that_never_runs_is_no_error(place: Place) -> None:
    place.write("def never():\n    x = 1\ny = 2\n")
    done = place.record("-p", "program.py:2:x", "-p", "program.py:3:y", "program.py")
    assert done.code == 0
    assert done.err.splitlines()[1:] == ["pyprobe: x @ program.py:2: never captured"]
    assert [line["symbol"] for line in place.export()] == ["y"]


def test_a_program_that_moves_about_and_deletes_itself(place: Place) -> None:
    """Places are kept as absolute paths from the start, and nothing is read again."""
    place.write(
        """\
        import os, sys
        here = os.getcwd()
        os.remove(__file__)
        os.chdir("/")
        for i in range(3):
            x = i
        os.chdir(here)
        os.rmdir("empty")
        1 / 0
        """
    )
    (place.folder / "empty").mkdir()
    done = place.record("-p", "program.py:6:x", "program.py")
    assert done.code == 1
    assert "ZeroDivisionError" in done.err
    assert [(line["file"], line["value"]) for line in place.export()] == [
        (str(place.folder / "program.py"), i) for i in range(3)
    ]


def test_a_program_edited_while_it_runs_keeps_its_probes(make_session: MakeSession) -> None:
    """It goes on with the text it was started with, and so do its probes."""
    session, heard, file = make_session(
        """\
        n = 0
        print("ready", flush=True)
        while input() != "end":
            n += 1
            x = n * 10
        """
    )
    probe = session.add_probe(occurrence_of(file, "5:x"), str(file), throttle="every")
    session.start()
    until(session, lambda: "ready" in heard.output["stdout"])
    file.write_text("garbage = (\n")
    session.send_input("1\n2\nend\n")
    assert until_end(session).exit_code == 0
    assert probe.history.scalars().value.tolist() == [10, 20]


def test_streams_that_are_closed_from_the_start(place: Place) -> None:
    """Files of ours then get the numbers 0, 1 and 2, and must not become the program's."""
    place.write("import sys\nx = [sys.stdin, sys.stdout, sys.stderr] == [None] * 3\n")
    command = place.command("record", "-o", "out.mcap", "-p", "program.py:2:x", "program.py")
    shell = subprocess.run(
        ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *command], cwd=place.folder, check=False
    )
    assert shell.returncode == 0
    assert [line["value"] for line in place.export()] == [True]


@pytest.mark.parametrize("limit", [8, 64])
def test_few_open_files_are_one_line_at_most(place: Place, limit: int) -> None:
    place.write("x = 1\nprint('ran')\n")
    command = place.command("record", "-o", "out.mcap", "-p", "program.py:1:x", "program.py")
    done = subprocess.run(
        ["sh", "-c", f'ulimit -n {limit}; exec "$@"', "sh", *command],
        cwd=place.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "ran\n")
    assert "Traceback" not in done.stderr
    assert ("Too many open files" in done.stderr) == (limit == 8)


def test_names_that_are_no_ascii(place: Place) -> None:
    place.write("x = 'é'\n", "spaced ü/é 1.py")
    done = place.record("-p", "spaced ü/é 1.py:1:x", "spaced ü/é 1.py", env=plain_locale())
    assert done.code == 0
    (line,) = place.export()
    assert (Path(line["file"]).name, line["text"]) == ("é 1.py", "é")


def plain_locale() -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    return {**kept, "LC_ALL": "C"}
