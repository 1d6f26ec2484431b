"""Recordings of several runs on the terminal: which run is meant, and that none is lost."""

import json
from pathlib import Path

import pytest

from pyprobe.commands.open import open_recording
from pyprobe.errors import RecordingError
from pyprobe.session.recording import Recorder
from pyprobe.session.session import Session
from tests.cli.conftest import TARGET_PYTHON, Place
from tests.session.running import occurrence_of, program_of, until_end

PROGRAM = "for i in range(20):\n    x = i * GAIN\n    label = x == 4\n"
GAINS = (1, 1, 2)


@pytest.fixture
def recorded(place: Place) -> Place:
    """A folder with runs.mcap: three runs, of which the last is of an edited program."""
    file = place.folder / "main.py"
    session = Session(program_of(file, python=TARGET_PYTHON))
    recorder = Recorder(str(place.folder / "runs.mcap"), session.program)
    session.attach_recorder(recorder)
    file.write_text(PROGRAM.replace("GAIN", "1"))
    session.add_probe(occurrence_of(file, "2:x"), str(file), throttle="every")
    session.when("x == 4").snapshot("four")
    for number, gain in enumerate(GAINS):
        file.write_text(PROGRAM.replace("GAIN", str(gain)))
        (session.restart if number else session.start)()
        until_end(session)
    recorder.finish(None)
    session.close()
    return place


def test_an_export_holds_all_runs_and_says_so(recorded: Place) -> None:
    done = recorded.pyprobe("export", "runs.mcap", "--format", "jsonl")
    rows = [json.loads(line) for line in done.out.splitlines()]
    expected = [(run, i * gain) for run, gain in enumerate(GAINS, 1) for i in range(20)]
    assert [(row["run"], row["value"]) for row in rows] == expected
    assert done.err == "pyprobe: 60 captures of 3 runs\n"


def test_an_export_of_one_run(recorded: Place) -> None:
    done = recorded.pyprobe("export", "runs.mcap", "--format", "jsonl", "--run", "3")
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert [row["value"] for row in rows] == [i * 2 for i in range(20)]
    assert done.err == "pyprobe: 20 captures of run 3 of 3\n"
    done = recorded.pyprobe("export", "runs.mcap", "--format", "jsonl", "--run", "4")
    assert (done.code, done.out) == (2, "")
    assert "runs.mcap holds 3 runs, and no run 4" in done.err


def test_labels_name_their_run(recorded: Place) -> None:
    lines = recorded.pyprobe("labels", "runs.mcap").out.splitlines()
    assert [line.split()[:2] for line in lines] == [["run", "1"], ["run", "2"], ["run", "3"]]
    (line,) = recorded.pyprobe("labels", "runs.mcap", "--run", "3").out.splitlines()
    assert line == lines[2]
    moments = [float(one.split()[3]) for one in lines]
    assert all(0 <= moment < 60 for moment in moments)  # since the start of each run


def test_two_runs_of_one_file_are_compared(recorded: Place) -> None:
    both = ("runs.mcap", "runs.mcap")
    done = recorded.pyprobe("diff", *both, "--run-a", "1", "--run-b", "2")
    assert (done.code, done.out.splitlines()[-1]) == (0, "All the same.")
    done = recorded.pyprobe("diff", *both, "--run-a", "1")
    assert done.code == 1
    assert "parts at capture 1: 1 against 2" in done.out
    assert done.err.splitlines() == [
        "pyprobe: runs.mcap: run 1 of 3 was compared",
        "pyprobe: runs.mcap: run 3 of 3 was compared",
    ]
    found = json.loads(recorded.pyprobe("diff", *both, "--run-a", "1", "--json").out)
    assert (found["run_a"], found["run_b"]) == (1, 3)


def test_the_window_opens_the_last_run_or_the_one_named(recorded: Place, tmp_path: Path) -> None:
    path = str(tmp_path / "runs.mcap")
    for arguments, run in (([path], 3), (["--run", "2", path], 2)):
        options = open_recording(arguments)
        assert options.session.run == run
        options.session.close()
    with pytest.raises(RecordingError, match="no run 7"):
        open_recording(["--run", "7", path])
