"""Recordings: whole, cut off at any byte, and on a disk that is full."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from pyprobe.analysis.occurrence import Occurrence
from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.core.anchor import ProbeAnchor
from pyprobe.errors import RecordingError
from pyprobe.ipc.codec import encode
from pyprobe.ipc.messages import Bye, Captures, Message
from pyprobe.session.ending import Ending
from pyprobe.session.launch import Program
from pyprobe.session.probe import Probe
from pyprobe.session.recording import Recorder
from pyprobe.session.recording_reader import RecordingReader
from tests.session.columns import captures


def program(tmp_path: Path) -> Program:
    (tmp_path / "script.py").write_text("x = 1\n")
    return Program("script.py", None, ("a", "b c"), sys.executable, str(tmp_path))


def a_probe(tmp_path: Path) -> Probe:
    occurrence: Occurrence = find_occurrences("x = 1\n")[0]
    anchor = ProbeAnchor(str(tmp_path / "script.py"), 1, 0, "x")
    return Probe(1, anchor, occurrence, throttle="every", run_code=False, color_index=0, epoch_ns=0)


def write(recorder: Recorder, *messages: Message) -> None:
    for message in messages:
        recorder.write(encode(message), message)


def seqs(reader: RecordingReader) -> list[int]:
    return [seq for columns in reader.columns() for column in columns for seq in column.seq]


def test_a_whole_recording_reads_back(tmp_path: Path) -> None:
    path = str(tmp_path / "out.mcap")
    recorder = Recorder(path, program(tmp_path))
    recorder.add_probe(a_probe(tmp_path))
    sent = captures([1.0, 2.0, 3])
    write(recorder, sent, Bye("end", 3, 0))
    recorder.finish(Ending(0, None, "ended with exit code 0"))
    assert recorder.captures == 3
    reader = RecordingReader(path)
    assert list(reader.messages()) == [sent, Bye("end", 3, 0)]
    info = reader.info
    assert info.whole
    assert info.program["script"] == "script.py"
    assert json.loads(info.program["args"]) == ["a", "b c"]
    assert info.ending["exit_code"] == "0"
    assert info.probes[1].anchor.symbol == "x"
    (digest,) = info.sources.values()
    assert len(digest) == 64


def test_a_recording_cut_off_anywhere_keeps_its_whole_chunks(tmp_path: Path) -> None:
    path = tmp_path / "out.mcap"
    recorder = Recorder(str(path), program(tmp_path))
    recorder.add_probe(a_probe(tmp_path))
    random = np.random.default_rng(0)
    whole_at: list[tuple[int, int]] = []
    for batch in range(20):
        values = random.normal(size=50).tolist()
        write(recorder, captures(values, first_seq=50 * batch))
        recorder.flush_now()
        whole_at.append((recorder.nbytes, 50 * (batch + 1)))
    recorder.finish(None)
    data = path.read_bytes()
    cut = tmp_path / "cut.mcap"
    for size in range(100, len(data), 97):
        cut.write_bytes(data[:size])
        reader = RecordingReader(str(cut))
        expected = max((count for nbytes, count in whole_at if nbytes <= size), default=0)
        try:
            found = seqs(reader)
        except RecordingError:
            assert expected == 0
            continue
        assert found == list(range(len(found)))
        assert expected <= len(found) <= expected + 50
        assert not reader.info.whole


def test_noise_after_the_cut_is_not_taken_for_captures(tmp_path: Path) -> None:
    path = tmp_path / "out.mcap"
    recorder = Recorder(str(path), program(tmp_path))
    write(recorder, captures([1.0] * 100))
    recorder.flush_now()
    size = recorder.nbytes
    write(recorder, captures([2.0] * 100, first_seq=100))
    recorder.finish(None)
    data = bytearray(path.read_bytes())
    data[size + 60 : size + 200] = os.urandom(140)
    path.write_bytes(data)
    assert seqs(RecordingReader(str(path))) == list(range(100))


def test_what_is_no_recording_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "text.mcap"
    for data in (b"", b"hello", b"\x89MCAP0\r\n", os.urandom(5000)):
        path.write_bytes(data)
        with pytest.raises(RecordingError, match="is not a recording of PyProbe"):
            list(RecordingReader(str(path)).messages())
    with pytest.raises(RecordingError, match=r"gone.mcap cannot be read: No such file"):
        list(RecordingReader(str(tmp_path / "gone.mcap")).messages())


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"out.mcap cannot be written: No such file"):
        Recorder(str(tmp_path / "gone" / "out.mcap"), program(tmp_path))


@contextmanager
def file_size_limit(nbytes: int) -> Iterator[None]:
    """Make every write beyond the limit fail, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (nbytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_stops_the_recording_and_nothing_else(tmp_path: Path) -> None:
    path = str(tmp_path / "out.mcap")
    random = np.random.default_rng(0)
    recorder = Recorder(path, program(tmp_path))
    with file_size_limit(100_000):
        for batch in range(100):
            write(recorder, captures(random.normal(size=500).tolist(), first_seq=500 * batch))
            recorder.flush_now()
            if recorder.failure:
                break
        write(recorder, captures([1.0], first_seq=10**6))
        recorder.finish(None)
    assert recorder.failure == (
        "The recording out.mcap stops here, because the disk is full;"
        " the program goes on, and what was written stays readable."
    )
    found = seqs(RecordingReader(path))
    assert found == list(range(len(found)))
    assert len(found) > 1000
    assert recorder.captures == len(found)


@pytest.mark.parametrize("limit", [50_000, 100_000, 300_000, 333_333, 1_000_000])
def test_on_a_full_disk_only_what_can_be_read_again_is_counted(tmp_path: Path, limit: int) -> None:
    path = str(tmp_path / "out.mcap")
    random = np.random.default_rng(0)
    recorder = Recorder(path, program(tmp_path))
    with file_size_limit(limit):
        for batch in range(1000):
            write(recorder, captures(random.normal(size=500).tolist(), first_seq=500 * batch))
            if recorder.failure:
                break
        recorder.finish(None)
    assert recorder.failure
    assert recorder.captures == len(seqs(RecordingReader(path)))


def test_large_arrays_are_kept_whole(tmp_path: Path) -> None:
    path = str(tmp_path / "out.mcap")
    recorder = Recorder(path, program(tmp_path))
    array = np.random.default_rng(1).normal(size=(1000, 1100))
    write(recorder, captures([array, array * 2]))
    recorder.finish(None)
    ((column,),) = RecordingReader(path).columns()
    np.testing.assert_array_equal(column.arrays[1].array, array * 2)


def test_what_was_flushed_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "out.mcap"
    code = (
        "import os, sys, signal, time\n"
        "from pathlib import Path\n"
        "from tests.session.test_recording import *\n"
        "folder = Path(sys.argv[1])\n"
        "recorder = Recorder(str(folder / 'out.mcap'), program(folder))\n"
        "write(recorder, captures([1.0, 2.0]))\n"
        "recorder.flush_now()\n"
        "write(recorder, captures([3.0], first_seq=2))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=root, check=False)
    assert done.returncode == -9
    reader = RecordingReader(str(path))
    assert seqs(reader) == [0, 1]
    assert not reader.info.whole


def test_messages_are_those_of_the_wire(tmp_path: Path) -> None:
    path = str(tmp_path / "out.mcap")
    recorder = Recorder(path, program(tmp_path))
    frame = encode(captures([1.5, "text"]))
    recorder.write(frame, captures([1.5, "text"]))
    recorder.finish(None)
    (message,) = RecordingReader(path).messages()
    assert isinstance(message, Captures)
    assert encode(message) == frame
