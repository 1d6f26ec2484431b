"""Output files: nothing of the user's is ever replaced by a slip of the hand."""

import os
import threading

import pytest

from tests.cli.conftest import Place

PROGRAM = "x = 1\n"


@pytest.mark.parametrize("output", ["program.py", "./program.py", "notes.txt", "link"])
def test_a_recording_never_replaces_what_is_no_recording(place: Place, output: str) -> None:
    program = place.write(PROGRAM)
    notes = place.folder / "notes.txt"
    notes.write_text("mine")
    (place.folder / "link").symlink_to(program)
    done = place.pyprobe("record", "-p", "program.py:1:x", "-o", output, "program.py")
    assert (done.code, done.out) == (2, "")
    assert done.err == f"pyprobe: {output} exists and is no recording, so it is not overwritten\n"
    assert program.read_text() == PROGRAM
    assert notes.read_text() == "mine"


def test_a_recording_replaces_a_recording_and_an_empty_file(place: Place) -> None:
    place.write(PROGRAM)
    (place.folder / "out.mcap").touch()
    for _ in range(2):
        assert place.record("-p", "program.py:1:x", "program.py").code == 0
        assert len(place.export()) == 1


@pytest.mark.parametrize("output", ["out.mcap", "./out.mcap", "link"])
def test_an_export_never_replaces_its_recording(place: Place, output: str) -> None:
    place.write(PROGRAM)
    place.record("-p", "program.py:1:x", "program.py")
    (place.folder / "link").symlink_to("out.mcap")
    done = place.pyprobe("export", "out.mcap", "--format", "csv", "-o", output)
    assert done.code == 2
    assert done.err == f"pyprobe: {output} is the recording itself, which is not overwritten\n"
    assert len(place.export()) == 1


def test_an_export_writes_into_a_pipe_and_through_a_link(place: Place) -> None:
    """Both used to be replaced by a file; as root that would hold for ``/dev/null`` too."""
    place.write(PROGRAM)
    place.record("-p", "program.py:1:x", "program.py")
    pipe, link, file = (place.folder / name for name in ("pipe", "link", "real.csv"))
    os.mkfifo(pipe)
    link.symlink_to(file)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    assert place.pyprobe("export", "out.mcap", "--format", "csv", "-o", "pipe").code == 0
    reader.join()
    assert pipe.is_fifo()
    assert place.pyprobe("export", "out.mcap", "--format", "csv", "-o", "link").code == 0
    assert link.is_symlink()
    assert file.read_text() == read[0]
    assert len(read[0].splitlines()) == 2
    for format_name in ("npz", "parquet", "hdf5", "mcap-json"):
        done = place.pyprobe("export", "out.mcap", "--format", format_name, "-o", "pipe")
        assert (done.code, pipe.is_fifo()) == (2, True)
        assert done.err == f"pyprobe: {pipe} is no ordinary file, which {format_name} needs\n"


@pytest.mark.parametrize(
    ("output", "reason"),
    [("nowhere/out.mcap", "No such file or directory"), (".", "Is a directory")],
)
def test_a_recording_that_cannot_be_written_is_one_line(
    place: Place, output: str, reason: str
) -> None:
    place.write("print('ran')\n")
    done = place.pyprobe("record", "-o", output, "program.py")
    assert (done.code, done.out) == (2, "")
    assert done.err == f"pyprobe: {output} cannot be written: {reason}\n"
