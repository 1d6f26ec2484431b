"""Files of BulkWriter are, for every reader, what the library's own writer would have written."""

import io
import zlib
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mcap.opcode import Opcode
from mcap.reader import NonSeekingReader, SeekingReader
from mcap.records import Chunk, ChunkIndex, Footer, MessageIndex
from mcap.stream_reader import CRCValidationError, StreamReader, breakup_chunk
from mcap.writer import IndexType, Writer

from pyprobe.errors import RecordingError
from pyprobe.session import mcap_bulk_writer
from pyprobe.session.mcap_bulk_writer import BulkWriter

Message = tuple[int, int, int, bytes]  # channel, sequence number, time, body
TOPICS = ("/a", "/b", "/c")


def written(parts: Sequence[Sequence[Message]], *, topics: Sequence[str] = TOPICS) -> bytes:
    """Write messages in several calls; the channels are numbered from 1."""
    file = io.BytesIO()
    with BulkWriter(file, profile="p", library="l") as writer:
        schema = writer.add_schema("s", "jsonschema", b"{}")
        for topic in topics:
            writer.add_channel(topic, "json", schema, {"topic": topic, "é": "ü"})
        for part in parts:
            channels, sequences, times_ns, bodies = zip(*part, strict=True) if part else [()] * 4
            writer.add_messages(
                np.array(channels, np.uint16),
                np.array(sequences, np.uint32),
                np.array(times_ns, np.uint64),
                list(bodies),
            )
        writer.finish()
    return file.getvalue()


def written_by_the_library(messages: Sequence[Message], chunk_bytes: int) -> bytes:
    file = io.BytesIO()
    writer: Any = Writer(
        file, chunk_size=chunk_bytes, index_types=IndexType.CHUNK | IndexType.MESSAGE
    )
    writer.start(profile="p", library="l")
    schema = writer.register_schema("s", "jsonschema", b"{}")
    for topic in TOPICS:
        writer.register_channel(topic, "json", schema, {"topic": topic, "é": "ü"})
    for channel, sequence, time_ns, body in messages:
        writer.add_message(channel, time_ns, body, time_ns, sequence)
    writer.finish()
    return file.getvalue()


def records(data: bytes) -> list[object]:
    """Return all records, packed ones unpacked; CRCs are checked on the way.

    The indexes of a chunk's messages come by their channels, wherever they stand.
    """
    found: list[object] = []
    indexes: list[Any] = []
    record: Any
    for record in StreamReader(io.BytesIO(data), emit_chunks=True, validate_crcs=True).records:
        match record:
            case MessageIndex():
                indexes.append(record)
                continue
            case Chunk():
                found += breakup_chunk(record, validate_crc=True)
            case ChunkIndex():
                record.message_index_offsets = dict.fromkeys(record.message_index_offsets, 0)
            case Footer():
                record.summary_crc = 0
        found += sorted(indexes, key=attrgetter("channel_id"))
        indexes = []
        found.append(record)
    return found


MESSAGES = st.lists(
    st.lists(
        st.tuples(
            st.integers(1, 3),
            st.integers(0, (1 << 32) - 1),
            st.integers(0, (1 << 64) - 1),
            st.binary(max_size=40),
        ),
        max_size=20,
    ),
    max_size=4,
)


@settings(max_examples=200, deadline=None)
@given(parts=MESSAGES, chunk_bytes=st.sampled_from([0, 1, 300, 1 << 20]))
def test_every_record_is_that_of_the_library(parts: list[list[Message]], chunk_bytes: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mcap_bulk_writer, "_CHUNK_BYTES", chunk_bytes)
        ours = written(parts)
    theirs = written_by_the_library([one for part in parts for one in part], chunk_bytes)
    if chunk_bytes > 300:  # the library also ends chunks that hold no message yet
        assert records(ours) == records(theirs)
    for reader in (SeekingReader, NonSeekingReader):
        assert read(reader, ours) == read(reader, theirs)


def read(reader: Any, data: bytes, **options: Any) -> list[Message]:
    file = reader(io.BytesIO(data), validate_crcs=True)
    return [
        (channel.id, message.sequence, message.log_time, message.data)
        for _schema, channel, message in file.iter_messages(**options)
    ]


def many(count: int, body_bytes: int = 8) -> list[Message]:
    return [(1 + i % 3, i, 1000 + i, b"%0*d" % (body_bytes, i)) for i in range(count)]


def test_chunks_end_where_they_are_full_and_each_has_its_indexes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mcap_bulk_writer, "_CHUNK_BYTES", 10_000)
    messages = many(2000)
    data = written([messages[:5], messages[5:1999], messages[1999:]])
    summary = SeekingReader(io.BytesIO(data), validate_crcs=True).get_summary()
    assert summary is not None
    assert summary.statistics is not None
    assert summary.statistics.channel_message_counts == {1: 667, 2: 667, 3: 666}
    assert len(summary.chunk_indexes) == summary.statistics.chunk_count > 5
    for index in summary.chunk_indexes:
        assert index.uncompressed_size < 10_100
        assert sorted(index.message_index_offsets) == [1, 2, 3]
        for channel, offset in index.message_index_offsets.items():
            found = next(StreamReader(io.BytesIO(data[offset:]), skip_magic=True).records)
            assert isinstance(found, MessageIndex)
            assert found.channel_id == channel
            assert data[offset] == Opcode.MESSAGE_INDEX
    assert read(SeekingReader, data) == messages
    assert read(SeekingReader, data, topics="/b") == [one for one in messages if one[0] == 2]
    assert read(SeekingReader, data, reverse=True) == messages[::-1]


def test_a_message_larger_than_a_chunk_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mcap_bulk_writer, "_CHUNK_BYTES", 1000)
    messages = many(3, 5000)
    assert read(SeekingReader, written([messages])) == messages


@pytest.mark.parametrize("reader", [SeekingReader, NonSeekingReader])
def test_damage_is_found_by_the_readers(reader: Any) -> None:
    data = written([many(100)])
    (chunk,) = (
        record
        for record in StreamReader(io.BytesIO(data), emit_chunks=True).records
        if isinstance(record, Chunk)
    )
    checksum = chunk.uncompressed_crc.to_bytes(4, "little")
    damaged = data.replace(checksum, bytes([checksum[0] ^ 1]) + checksum[1:], 1)
    with pytest.raises(CRCValidationError):
        read(reader, damaged)


def test_the_summary_has_a_checksum() -> None:
    data = written([many(3)])
    start = int.from_bytes(data[-28:-20], "little")
    assert zlib.crc32(data[start:-12]) == int.from_bytes(data[-12:-8], "little")


def test_more_channels_than_mcap_has_numbers_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mcap_bulk_writer, "_MOST_CHANNELS", 2)
    with pytest.raises(RecordingError, match="no room for more than 2 topics"):
        written([])


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mcap_bulk_writer, "_CHUNK_BYTES", 100)

    class Full(io.BytesIO):
        def write(self, data: Any) -> int:
            if self.tell() > 300:
                raise OSError(28, "No space left on device")
            return super().write(data)

    rows = np.ones(500)
    writer = BulkWriter(Full(), profile="", library="")
    writer.add_channel("/a", "json", 0, {})
    with writer, pytest.raises(OSError, match="No space"):
        writer.add_messages(
            rows.astype("u2"), rows.astype("u4"), rows.astype("u8"), [b"0123456789"] * 500
        )
