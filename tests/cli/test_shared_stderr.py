"""Where the lines of ``record`` begin, when the program has left half a line on standard error."""

import fcntl
import os
import pty
import struct
import subprocess
import termios

import pytest

from tests.cli.conftest import TARGET_PYTHON, Place

HALF_A_LINE = "import sys\nsys.stderr.write(sys.argv[1])\n"
COLUMNS = 40


def command(place: Place, written: str) -> list[str]:
    arguments = ("--python", TARGET_PYTHON, "-o", "out.mcap", "program.py", written)
    return place.command("record", *arguments)


@pytest.mark.parametrize("mode", ["wb", "ab"])
@pytest.mark.parametrize(
    ("written", "before"), [("half", "half\n"), ("whole\n", "whole\n"), ("", "")]
)
def test_in_a_file_they_begin_below_half_a_line(
    place: Place, mode: str, written: str, before: str
) -> None:
    place.write(HALF_A_LINE)
    path = place.folder / "errors.txt"
    with path.open(mode) as errors:
        subprocess.run(command(place, written), cwd=place.folder, stderr=errors, check=True)
    assert path.read_text().startswith(f"{before}pyprobe: 0 captures")


def test_in_a_file_that_others_append_to_as_well(place: Place) -> None:
    place.write(HALF_A_LINE.replace("stderr", "stdout"))
    path = place.folder / "all.txt"
    with path.open("ab") as output, path.open("ab") as errors:
        half = command(place, "half")
        subprocess.run(half, cwd=place.folder, check=True, stdout=output, stderr=errors)
    assert path.read_text().startswith("half\npyprobe: 0 captures")


def test_a_pipe_gets_nothing_but_our_lines(place: Place) -> None:
    place.write(HALF_A_LINE)
    assert place.record("program.py", "half").err.startswith("halfpyprobe: 0 captures")


@pytest.mark.parametrize(
    ("written", "rows"),
    [
        ("half", ["half"]),
        ("whole\n", ["whole"]),
        ("x", ["x"]),
        ("", []),
        ("y" * (COLUMNS - 1), ["y" * (COLUMNS - 1)]),
        ("z" * COLUMNS, ["z" * COLUMNS]),
    ],
)
def test_on_a_terminal_they_begin_in_a_row_of_their_own(
    place: Place, written: str, rows: list[str]
) -> None:
    place.write(HALF_A_LINE)
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
    environment = os.environ | {"TERM": "xterm"}
    done = subprocess.run(
        command(place, written), cwd=place.folder, stderr=its, env=environment, check=True
    )
    os.close(its)
    shown = rows_of(read_all(ours))
    assert done.returncode == 0
    assert shown[: len(rows) + 1] == [
        *rows,
        "pyprobe: 0 captures in out.mcap (0.0 MB), 0"[:COLUMNS],
    ]


def test_on_a_terminal_that_knows_no_rows_nothing_is_added(place: Place) -> None:
    place.write(HALF_A_LINE)
    ours, its = pty.openpty()
    environment = os.environ | {"TERM": "dumb"}
    subprocess.run(
        command(place, "half"), cwd=place.folder, stderr=its, env=environment, check=True
    )
    os.close(its)
    assert read_all(ours).startswith("halfpyprobe: 0 captures")


def read_all(descriptor: int) -> str:
    data = b""
    with os.fdopen(descriptor, "rb", buffering=0) as terminal:
        try:
            while piece := terminal.read(4096):
                data += piece
        except OSError:  # the last that had it open has closed it
            pass
    return data.decode()


def rows_of(written: str) -> list[str]:
    """Return what a terminal shows; behind a full row it waits for one more character."""
    rows, column = [""], 0
    position = 0
    while position < len(written):
        one = written[position]
        position += 1
        if written.startswith("\x1b[K", position - 1):
            rows[-1] = rows[-1][:column]
            position += 2
        elif one == "\r":
            column = 0
        elif one == "\n":
            rows.append("")
        else:
            if column == COLUMNS:
                rows.append("")
                column = 0
            rows[-1] = rows[-1][:column] + one + rows[-1][column + 1 :]
            column += 1
    return [row.rstrip() for row in rows]
