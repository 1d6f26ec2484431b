"""A recording that is damaged anywhere is never more than one sentence, and keeps all the rest."""

import os
import struct
import tracemalloc
from pathlib import Path
from typing import Any

import msgpack
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcap.opcode import Opcode
from mcap.records import Channel, DataEnd, Message, Metadata
from mcap.stream_reader import StreamReader
from mcap.writer import CompressionType, Writer

from pyprobe.errors import RecordingError
from pyprobe.ipc.messages import PROTOCOL_VERSION
from pyprobe.session.recorded_file import RecordFile
from pyprobe.session.recorded_session import RecordedSession
from pyprobe.session.recording import _MAGIC
from pyprobe.session.recording_info import RecordedOutput
from pyprobe.session.recording_reader import RecordingReader
from tests.session.recordings import make_recording, probe_number

X, Y = probe_number("x", 1), probe_number("y", 2)
ROWS = [
    *[(X, float(i)) for i in range(4)],
    (Y, "text"),
    (X, np.arange(3.0)),
    (Y, 3),
    (X, True),
]
HUGE = b"\xff\xff\xff\xff\xff\xff\xff\x7f"


def small(folder: Path) -> bytes:
    path = make_recording(
        folder, ROWS, source="x = 1\ny = x + 1\n", output=[("stdout", "hello\n")], rows_a_chunk=3
    )
    return path.read_bytes()


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A small recording with all that one can hold."""
    return small(tmp_path_factory.mktemp("small"))


def captured(path: Path) -> list[int] | None:
    """Read a recording and open it; return the sequence numbers found, ``None`` if refused."""
    found = read(path)
    opened = shown(path)
    assert (opened is None) == (found is None)
    assert opened is None or found is None or opened <= len(found)
    return found


def read(path: Path) -> list[int] | None:
    """Read a recording; return the sequence numbers found, ``None`` if it is refused."""
    try:
        reader = RecordingReader(str(path))
        found = [int(seq) for columns in reader.columns() for one in columns for seq in one.seq]
    except RecordingError as error:
        check_sentence(error, path)
        return None
    if not reader.info.whole:
        assert reader.info.trouble
    return sorted(found)


def shown(path: Path) -> int | None:
    """Open a recording as the window does; return how many captures its probes have."""
    try:
        session = RecordedSession(str(path))
    except RecordingError as error:
        check_sentence(error, path)
        return None
    steps = 0
    while session.process_events(max_ms=0):
        steps += 1
        assert steps < 100
    return sum(probe.captured for probe in session.probes.values())


def check_sentence(error: RecordingError, path: Path) -> None:
    assert str(error).startswith(f"{path} ")
    assert "\n" not in str(error)


def chunk_places(path: Path) -> list[range]:
    with path.open("rb") as file:
        places = RecordFile(file).places()
    return [
        range(place.start, place.start + place.length)
        for place in places
        if place.opcode == Opcode.CHUNK
    ]


def telling_positions(path: Path) -> set[int]:
    """Return where damage also meets the window: in the heads of records, and here and there.

    A record whose content is damaged is left out as a whole, wherever the damage lies.
    """
    with path.open("rb") as file:
        starts = [place.start for place in RecordFile(file).places()]
    heads = {at for start in starts for at in range(start - 9, start + 4)}
    return heads | set(range(54)) | set(range(0, path.stat().st_size, 16))


def overwrite(path: Path, position: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(position)
        file.write(data)


def test_each_byte_turned_over_costs_at_most_its_own_chunk(
    tmp_path: Path, recording: bytes
) -> None:
    path = tmp_path / "run.mcap"
    path.write_bytes(recording)
    chunks = chunk_places(path)
    whole = captured(path)
    assert whole == list(range(len(ROWS)))
    telling = telling_positions(path)
    for position, byte in enumerate(recording):
        overwrite(path, position, bytes([byte ^ 0xFF]))
        found = captured(path) if position in telling else read(path)
        overwrite(path, position, bytes([byte]))
        if found is None:
            assert position < 8, position  # the magic: it is no MCAP file any more
            continue
        assert set(found) <= set(whole)
        lost = set(whole) - set(found)
        if not any(position in chunk for chunk in chunks):
            assert not lost, position
        assert len(lost) <= 3, position
    assert path.read_bytes() == recording


def test_no_flip_of_a_bit_goes_unnoticed_or_changes_a_value(
    tmp_path: Path, recording: bytes
) -> None:
    path = tmp_path / "run.mcap"
    path.write_bytes(recording)

    def values() -> list[str]:
        reader = RecordingReader(str(path))
        found = []
        for columns in reader.columns():
            for column in columns:
                for position in range(column.count):
                    shown: Any = (
                        column.texts[position]
                        if column.texts
                        else column.arrays[position].array.tolist()
                        if column.arrays
                        else column.values[position]
                    )
                    found.append(f"{column.seq[position]} {column.t_ns[position]} {shown}")
        return sorted(found)

    whole = values()
    for chunk in chunk_places(path):
        for position in chunk:
            overwrite(path, position, bytes([recording[position] ^ 1 << position % 8]))
            assert set(values()) <= set(whole)
            overwrite(path, position, recording[position : position + 1])


def test_cut_off_at_each_byte(tmp_path: Path, recording: bytes) -> None:
    path = tmp_path / "run.mcap"
    path.write_bytes(recording)
    ends = [chunk.stop for chunk in chunk_places(path)]
    telling = telling_positions(path)
    for size in reversed(range(len(recording))):
        os.truncate(path, size)
        found = captured(path) if size in telling else read(path)
        expected = min(3 * sum(end <= size for end in ends), len(ROWS))
        if found is None:
            assert expected == 0
        else:
            assert found == list(range(expected))
            assert "cut off" in RecordingReader(str(path)).survey().trouble


def test_a_length_that_cannot_be_allocates_nothing(tmp_path: Path, recording: bytes) -> None:
    path = tmp_path / "run.mcap"
    path.write_bytes(recording)
    telling = telling_positions(path)
    tracemalloc.start()
    try:
        for position in range(8, len(recording) - 8, 3):
            overwrite(path, position, HUGE)
            tracemalloc.reset_peak()
            before, _peak = tracemalloc.get_traced_memory()
            captured(path) if position in telling else read(path)
            _now, peak = tracemalloc.get_traced_memory()
            assert peak - before < 20 << 20, position
            overwrite(path, position, recording[position : position + len(HUGE)])
    finally:
        tracemalloc.stop()


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(edits=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=12), st.integers(0, 12))))
def test_any_edits_are_survived(
    tmp_path: Path, recording: bytes, edits: list[tuple[float, bytes, int]]
) -> None:
    data = bytearray(recording)
    for where, inserted, removed in edits:
        position = int(where * len(data))
        data[position : position + removed] = inserted
    path = tmp_path / "run.mcap"
    path.write_bytes(data)
    found = captured(path)
    assert found is None or set(found) <= set(range(len(ROWS)))


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(noise=st.binary(max_size=400))
def test_any_bytes_behind_the_magic_are_survived(tmp_path: Path, noise: bytes) -> None:
    path = tmp_path / "run.mcap"
    path.write_bytes(_MAGIC + noise)
    captured(path)


def test_a_damaged_length_loses_nothing_that_the_index_knows(
    tmp_path: Path, recording: bytes
) -> None:
    data = bytearray(recording)
    path = tmp_path / "run.mcap"
    path.write_bytes(data)
    first = chunk_places(path)[0]
    data[first.start - 8 : first.start] = HUGE
    path.write_bytes(data)
    assert captured(path) == list(range(len(ROWS)))


def write_messages(path: Path, *messages: object, protocol: int = PROTOCOL_VERSION) -> None:
    """Write a recording of any messages, with checksums that hold."""
    with path.open("wb") as file:
        writer: Any = Writer(file)
        writer.start(profile="pyprobe")
        writer.add_metadata("pyprobe", {"pyprobe": "99.0", "protocol": str(protocol)})
        channel = writer.register_channel("captures", "msgpack", 0)
        for message in messages:
            writer.add_message(channel, 0, msgpack.packb(message), 0)
        writer.finish()


def test_a_newer_recording_is_named(tmp_path: Path) -> None:
    path = tmp_path / "newer.mcap"
    write_messages(path, protocol=PROTOCOL_VERSION + 1)
    with pytest.raises(RecordingError, match=r"newer.mcap was recorded by PyProbe 99\.0, whose"):
        RecordedSession(str(path))


def column(**changed: object) -> dict[str, object]:
    packed = struct.pack("<q", 0)
    return {
        "p": 1,
        "n": 1,
        "k": "f8",
        "d": "float",
        "s": packed,
        "t": packed,
        "th": packed,
        "x": packed,
        **changed,
    }


def message(version: int, *columns: object) -> dict[str, object]:
    return {"v": version, "m": "captures", "columns": list(columns)}


def test_messages_of_an_older_version_are_read_where_they_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "older.mcap"
    older = PROTOCOL_VERSION - 1
    write_messages(path, message(older, column()), {"v": older, "m": "forgotten"}, protocol=older)
    assert captured(path) == [0]
    assert RecordingReader(str(path)).survey().whole


@pytest.mark.parametrize(
    "bad",
    [
        7,
        {"v": PROTOCOL_VERSION, "m": "unheard of"},
        {"v": "1", "m": "captures"},
        {"m": "output", "t_ns": "now"},
        message(PROTOCOL_VERSION, column(n=1 << 30)),
        message(PROTOCOL_VERSION, column(x=b"short")),
        message(PROTOCOL_VERSION, column(k="pickle")),
        message(PROTOCOL_VERSION, 5),
    ],
    ids=repr,
)
def test_a_message_nobody_understands_is_left_out_and_counted(tmp_path: Path, bad: object) -> None:
    path = tmp_path / "odd.mcap"
    write_messages(path, bad, message(PROTOCOL_VERSION, column()))
    assert captured(path) == [0]
    reader = RecordingReader(str(path))
    assert len(list(reader.columns())) == 1
    assert reader.info.trouble.startswith("1 damaged part of the recording could not be read")


def test_an_mcap_file_of_another_program_is_named(tmp_path: Path) -> None:
    path = tmp_path / "robot.mcap"
    with path.open("wb") as file:
        writer: Any = Writer(file)
        writer.start(profile="ros2")
        writer.finish()
    with pytest.raises(RecordingError, match="is an MCAP file of the profile 'ros2', not a rec"):
        RecordedSession(str(path))


@pytest.mark.parametrize("compression", ["NONE", "LZ4", "ZSTD"])
def test_a_recording_packed_anew_by_another_tool_is_read(tmp_path: Path, compression: str) -> None:
    path = make_recording(tmp_path, ROWS, output=[("stdout", "hello\n")])
    again = tmp_path / "again.mcap"
    pack_anew(path, again, CompressionType[compression])
    assert captured(again) == list(range(len(ROWS)))
    batches = RecordingReader(str(again)).batches()
    outputs = [one for batch in batches for one in batch.entries if isinstance(one, RecordedOutput)]
    assert [one.text for one in outputs] == ["hello\n"]


def pack_anew(path: Path, again: Path, compression: CompressionType) -> None:
    with path.open("rb") as source, again.open("wb") as file:
        writer: Any = Writer(file, compression=compression)
        writer.start(profile="pyprobe")
        record: Any
        for record in StreamReader(source).records:
            match record:
                case Channel():
                    writer.register_channel(record.topic, record.message_encoding, 0)
                case Message():
                    writer.add_message(record.channel_id, 0, record.data, 0)
                case Metadata():
                    writer.add_metadata(record.name, record.metadata)
                case DataEnd():
                    break
        writer.finish()
