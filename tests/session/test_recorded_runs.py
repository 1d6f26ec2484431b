"""A recording that went on while its program was started again: nothing of any run is lost."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
from pyarrow import parquet

from pyprobe.errors import RecordingError
from pyprobe.ipc.codec import encode
from pyprobe.ipc.messages import Hello
from pyprobe.session.ending import Ending
from pyprobe.session.export import export
from pyprobe.session.recorded_session import RecordedSession
from pyprobe.session.recording import Recorder
from pyprobe.session.recording_reader import LAST_RUN, RecordingReader
from tests.session.columns import FIRST_NS, captures_of
from tests.session.conftest import MakeSession
from tests.session.recordings import SCRIPT, probe_number, probes_of
from tests.session.running import occurrence_of, program_of, until, until_end

X = probe_number("x", 1)
RUNS = ([1.0, 2.0, 3.0], [10.0], [20.0, 30.0])
COMMENT = "# new\n"


def hello(pid: int) -> Hello:
    return Hello(pid, "3.13.0", "/usr/bin/python3", "monitoring", "Python 3.12 or newer")


def record_runs(path: Path, runs: tuple[list[float], ...] = RUNS) -> None:
    """Record runs of a script that grows by a line before each but the first."""
    file = path.parent / "script.py"
    source = SCRIPT
    file.write_text(source)
    recorder = Recorder(str(path), program_of(file, python="python"))
    for number, values in enumerate(runs):
        greeting = hello(100 + number)
        recorder.write(encode(greeting), greeting, epoch_ns=FIRST_NS * (number + 1))
        (probe,) = [one for one in probes_of(file, source) if one.anchor.symbol == "x"][:1]
        probe.id = X
        recorder.add_probe(probe)
        message = captures_of([(X, value) for value in values])
        recorder.write(encode(message), message)
        recorder.flush_now()
        recorder.end_run(Ending(number, None, f"ended with exit code {number}"))
        source = COMMENT + source
        file.write_text(source)
    recorder.finish(None)
    assert not recorder.failure


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "run.mcap"
    record_runs(path)
    return path


def loaded(path: Path, run: int | None = None) -> RecordedSession:
    session = RecordedSession(str(path), run=run)
    while session.load():
        pass
    session.close()
    return session


def generations(session: RecordedSession) -> list[list[float]]:
    probe = session.probes[X]
    return [one.scalars().value.tolist() for one in (*probe.earlier, probe.history)]


def test_the_last_run_is_shown_and_those_before_it_are_its_generations(recording: Path) -> None:
    session = loaded(recording)
    assert generations(session) == list(RUNS)
    assert (session.run, len(session.runs)) == (3, 3)
    assert session.name == "run.mcap, run 3 of 3"
    assert session.notes[0] == (
        "The recording holds 3 runs of the program; shown is the last; those before it fade behind."
    )
    probe = session.probes[X]
    assert [one.epoch_ns for one in (*probe.earlier, probe.history)] == [
        FIRST_NS,
        2 * FIRST_NS,
        3 * FIRST_NS,
    ]
    assert session.hello == hello(102)
    assert session.ending is not None
    assert session.ending.exit_code == 2
    assert probe.captured == session.stats.received == 2
    assert session.forget_earlier()
    assert generations(session) == [RUNS[2]]


@pytest.mark.parametrize("run", [1, 2, 3])
def test_any_run_can_be_chosen_and_is_shown_as_it_was(recording: Path, run: int) -> None:
    session = loaded(recording, run)
    assert generations(session) == list(RUNS[:run])
    assert session.ending is not None
    assert session.ending.exit_code == run - 1
    assert session.hello == hello(99 + run)
    script = str(recording.parent / "script.py")
    assert session.source(script).text == COMMENT * (run - 1) + SCRIPT
    assert session.probes[X].anchor.line == run
    assert [one.sentence for one in session.runs] == [
        f"ended with exit code {number}" for number in range(3)
    ]


@pytest.mark.parametrize("run", [0, -2, 4])
def test_a_run_that_there_is_not_is_refused(recording: Path, run: int) -> None:
    with pytest.raises(RecordingError, match=r"holds 3 runs, and no run "):
        RecordingReader(str(recording), run=run).survey()


def values_of(recording: Path, run: int | None) -> list[float]:
    reader = RecordingReader(str(recording), run=run)
    return [value for columns in reader.columns() for value in columns[0].values.tolist()]


def test_a_reader_reads_all_runs_or_one(recording: Path) -> None:
    assert values_of(recording, None) == [value for values in RUNS for value in values]
    assert [values_of(recording, run) for run in (1, 2, 3)] == list(RUNS)
    assert values_of(recording, LAST_RUN) == RUNS[-1]


def test_a_damaged_greeting_loses_no_run(recording: Path) -> None:
    """A later greeting names its process, by which its own run is found."""
    reader = RecordingReader(str(recording))
    batches = list(reader.batches())
    assert [batch.runs for batch in batches] == [[1, 1], [2, 2], [3, 3]]
    data = bytearray(recording.read_bytes())
    data[batches[0].nbytes - 20] ^= 0xFF  # in the first chunk
    recording.write_bytes(data)
    assert values_of(recording, 2) == RUNS[1]
    assert generations(loaded(recording)) == list(RUNS[1:])


EXPECTED = [
    (run, line, value)
    for run, values in enumerate(RUNS, 1)
    for line, value in ((run, value) for value in values)
]


def test_lines_of_an_export_name_the_run_and_the_place_of_then(recording: Path) -> None:
    out = recording.parent / "out"
    assert export(RecordingReader(str(recording)), "jsonl", str(out)) == len(EXPECTED)
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert [(one["run"], one["line"], one["value"]) for one in lines] == EXPECTED
    export(RecordingReader(str(recording)), "csv", str(out))
    rows = list(csv.DictReader(io.StringIO(out.read_text())))
    assert [(int(row["run"]), int(row["line"]), float(row["value"])) for row in rows] == EXPECTED


def npz_runs(path: Path) -> list[int]:
    with np.load(path) as file:
        runs: list[int] = file[f"p{X}_run"].tolist()
    return runs


def hdf5_runs(path: Path) -> list[int]:
    with h5py.File(path) as file:
        runs: list[int] = file[f"p{X}/numbers/run"][:].tolist()
    return runs


def parquet_runs(path: Path) -> list[int]:
    runs: list[int] = parquet.read_table(path)["run"].to_pylist()
    return runs


@pytest.mark.parametrize(
    ("name", "runs_of"), [("npz", npz_runs), ("hdf5", hdf5_runs), ("parquet", parquet_runs)]
)
def test_other_exports_name_the_run_too(
    recording: Path, name: str, runs_of: Callable[[Path], list[int]]
) -> None:
    out = recording.parent / "out"
    assert export(RecordingReader(str(recording)), name, str(out)) == len(EXPECTED)
    assert runs_of(out) == [run for run, _line, _value in EXPECTED]
    assert export(RecordingReader(str(recording), run=2), name, str(out)) == len(RUNS[1])
    assert runs_of(out) == [2]


def test_an_export_of_one_run_names_none(tmp_path: Path) -> None:
    path = tmp_path / "run.mcap"
    record_runs(path, RUNS[:1])
    out = tmp_path / "out"
    export(RecordingReader(str(path)), "csv", str(out))
    assert out.read_text().startswith("seq,t_ns,probe,")


PROGRAM = "import sys\nfor i in range(5):\n    x = i + FIRST\nprint('over')\n"


def test_real_runs_of_an_edited_program(make_session: MakeSession, tmp_path: Path) -> None:
    session, heard, file = make_session(PROGRAM.replace("FIRST", "0"))
    path = tmp_path / "run.mcap"
    recorder = Recorder(str(path), session.program)
    session.attach_recorder(recorder)
    probe = session.add_probe(occurrence_of(file, "3:x"), str(file), throttle="every")
    session.start()
    until_end(session)
    file.write_text(PROGRAM.replace("FIRST", "100"))
    session.restart()
    assert not session.starts_again
    until_end(session)
    recorder.finish(session.ending)
    assert recorder.runs == 2
    assert heard.output["stdout"] == "over\n" * 2
    recorded = loaded(path)
    shown = recorded.probes[probe.id]
    assert [one.scalars().value.tolist() for one in (*shown.earlier, shown.history)] == [
        [0.0, 1.0, 2.0, 3.0, 4.0],
        [100.0, 101.0, 102.0, 103.0, 104.0],
    ]
    assert recorded.source(str(file)).text == file.read_text()
    assert loaded(path, 1).source(str(file)).text == PROGRAM.replace("FIRST", "0")
    assert all(run.ending["exit_code"] == "0" for run in recorded.runs)
    live = probe.history.span("time")
    assert shown.history.span("time") == live  # zero is the start of its run, as it was live


def test_a_restart_in_mid_run_begins_the_next_one(
    make_session: MakeSession, tmp_path: Path
) -> None:
    endless = "import time\ni = 0\nwhile True:\n    i += 1\n    time.sleep(0.001)\n"
    session, _heard, file = make_session(endless)
    path = tmp_path / "run.mcap"
    recorder = Recorder(str(path), session.program)
    probe = session.add_probe(occurrence_of(file, "4:i"), str(file), throttle="every")
    session.start()
    until(session, lambda: probe.captured > 5, "captures")
    session.attach_recorder(recorder)
    until(session, lambda: probe.captured > 20, "captures")
    session.restart()
    assert session.starts_again
    until(session, lambda: bool(probe.earlier) and probe.captured > 5, "the next run")
    session.stop()
    ending = until_end(session)
    recorder.finish(ending)
    recorded = loaded(path)
    shown = recorded.probes[probe.id]
    assert [one.scalars().value[0] > 5 for one in (*shown.earlier, shown.history)] == [True, False]
    assert shown.history.scalars().value.tolist() == probe.history.scalars().value.tolist()
