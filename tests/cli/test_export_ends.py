"""An export that cannot come to its end says why in one line, and leaves no file behind."""

import os
import resource
import signal
import subprocess
from pathlib import Path

import pytest

from pyprobe.cli import main
from pyprobe.session.export import FORMATS
from tests.cli.conftest import Place
from tests.session.recordings import make_recording

LONG = 400_000


@pytest.fixture(scope="module")
def long_recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording that takes a while to export."""
    folder = tmp_path_factory.mktemp("long")
    return make_recording(folder, [(1, i / 7) for i in range(LONG)], rows_a_chunk=1000)


def start(place: Place, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        place.command("export", *arguments, "--progress", "lines"),
        cwd=place.folder,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(
    ("name", "number"),
    [*((name, signal.SIGINT) for name in FORMATS), ("hdf5", signal.SIGTERM)],
)
def test_a_signal_stops_it_and_the_older_file_stays(
    place: Place, long_recording: Path, name: str, number: signal.Signals
) -> None:
    output = place.folder / "out"
    output.write_text("older")
    with start(place, str(long_recording), "--format", name, "-o", "out") as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("progress 0.")
        process.send_signal(number)
        said = [line for line in process.stderr if not line.startswith("progress ")]
    assert said == ["pyprobe: the export was stopped, and no file was written\n"]
    assert process.returncode == 128 + number
    assert output.read_text() == "older"
    assert os.listdir(place.folder) == ["out"]


def test_progress_rises_to_the_end(place: Place, long_recording: Path) -> None:
    with start(place, str(long_recording), "--format", "npz", "-o", "out.npz") as process:
        assert process.stderr is not None
        *parts, last = process.stderr.read().splitlines()
    assert last == f"pyprobe: {LONG:,} captures"
    shown = [float(part.removeprefix("progress ")) for part in parts]
    assert shown == sorted(shown)
    assert 0 < shown[0] <= shown[-1] <= 1


def test_without_a_terminal_no_progress_is_shown(place: Place, long_recording: Path) -> None:
    done = place.pyprobe("export", str(long_recording), "--format", "csv", "-o", "out.csv")
    assert (done.code, done.err) == (0, f"pyprobe: {LONG:,} captures\n")


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_that_cannot_grow_is_one_line(place: Place, long_recording: Path, name: str) -> None:
    done = place.pyprobe(
        *("export", str(long_recording), "--format", name, "-o", "out"), preexec_fn=limited
    )
    assert (done.code, done.err) == (2, "pyprobe: out cannot be written: File too large\n")
    assert not os.listdir(place.folder)


def test_standard_output_that_is_full_is_named(place: Place, long_recording: Path) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            place.command("export", str(long_recording), "--format", "csv"),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    sentence = "standard output cannot be written: No space left on device"
    assert (done.returncode, done.stderr) == (2, f"pyprobe: {sentence}\n")


COMMANDS = (
    ("export", "IN", "--format", "csv"),
    ("export", "IN", "--format", "npz", "-o", "there.npz"),
    ("diff", "IN", "good.mcap"),
    ("diff", "good.mcap", "IN"),
    ("labels", "IN"),
    ("open", "IN"),
    ("open", "good.mcap", "IN"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("gone.mcap", "cannot be read: No such file or directory"),
        ("empty.mcap", "is not a recording of PyProbe"),
        ("folder.mcap", "cannot be read: Is a directory"),
        ("pipe.mcap", "is no ordinary file, as a recording is"),
        ("text.mcap", "is not a recording of PyProbe"),
        ("loop.mcap", "cannot be read: Too many levels of symbolic links"),
    ],
)
def test_what_is_no_recording_is_one_line(
    place: Place,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    command: tuple[str, ...],
    name: str,
    sentence: str,
) -> None:
    monkeypatch.chdir(place.folder)
    make_recording(place.folder, [(1, 1.5)], name="good.mcap")
    (place.folder / "there.npz").write_text("older")
    match name:
        case "empty.mcap":
            (place.folder / name).touch()
        case "folder.mcap":
            (place.folder / name).mkdir()
        case "pipe.mcap":
            os.mkfifo(place.folder / name)
        case "text.mcap":
            (place.folder / name).write_text("hello\n" * 100)
        case "loop.mcap":
            (place.folder / name).symlink_to(name)
    code = main([name if part == "IN" else part for part in command])
    out, err = capfd.readouterr()
    assert (code, out, err) == (2, "", f"pyprobe: {name} {sentence}\n")
    assert (place.folder / "there.npz").read_text() == "older"
