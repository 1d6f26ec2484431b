"""What commands print: into a full disk, a closed stream, a pipe that nobody reads any more."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cli.conftest import Place

PROGRAM = """\
größe = 1
for x in range(5):
    y = x
"""
COMMANDS = [
    ("symbols", "program.py"),
    ("diff", "out.mcap", "out.mcap"),
    ("labels", "out.mcap"),
    ("export", "out.mcap", "--format", "csv"),
]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A folder with a program and its recording, which has a snapshot."""
    place = Place(tmp_path_factory.mktemp("recorded"))
    place.write(PROGRAM)
    place.record("-p", "program.py:3:y", "--snapshot-when", "y > 2=high", "program.py")
    return place


def run(place: Place, arguments: Sequence[str], **options: object) -> tuple[int, str]:
    """Run a command with a standard output of the test's; return its code and its stderr."""
    done = subprocess.run(
        place.command(*arguments),
        cwd=place.folder,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        **options,  # type: ignore[call-overload]
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_full_disk_is_one_line(recorded: Place, command: Sequence[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        code, said = run(recorded, command, stdout=full)
    assert (code, said) == (
        2,
        "pyprobe: standard output cannot be written: No space left on device\n",
    )


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_closed_stream_is_one_line(recorded: Place, command: Sequence[str]) -> None:
    code, said = run(recorded, command, preexec_fn=lambda: os.close(1))
    assert code == 2
    assert said.startswith("pyprobe: standard output is closed")
    assert said.count("\n") == 1


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_reader_that_has_seen_enough_is_no_failure(
    recorded: Place, command: Sequence[str]
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as nobody_reads:
        assert run(recorded, command, stdout=nobody_reads) == (0, "")


def test_what_an_encoding_lacks_is_escaped(recorded: Place) -> None:
    done = recorded.pyprobe(
        "symbols", "program.py", env={**os.environ, "PYTHONIOENCODING": "ascii"}
    )
    assert (done.code, done.err) == (0, "")
    assert "gr\\xf6\\xdfe" in done.out
