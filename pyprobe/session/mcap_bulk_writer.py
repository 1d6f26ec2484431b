"""BulkWriter: an MCAP file of many small messages, whose records are made a chunk at a time.

The mcap library makes one record after the other, which took nine tenths of an export. Everything
that does not come by the million is the library's own records.
"""

import zlib
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import Any, BinaryIO, Self

import numpy as np
import zstandard
from mcap.data_stream import RecordBuilder
from mcap.opcode import Opcode
from mcap.records import (
    Channel,
    Chunk,
    ChunkIndex,
    DataEnd,
    Footer,
    Header,
    Schema,
    Statistics,
    SummaryOffset,
)
from numpy.typing import NDArray

from pyprobe.errors import RecordingError

MAGIC = b"\x89MCAP0\r\n"
_CHUNK_BYTES = 1 << 20
_MOST_CHANNELS = 0xFFFF
_MOST_PACKING = 2
_MESSAGE_HEAD = np.dtype(
    [
        ("opcode", "u1"),
        ("length", "<u8"),
        ("channel", "<u2"),
        ("sequence", "<u4"),
        ("log_ns", "<u8"),
        ("publish_ns", "<u8"),
    ]
)
_HEAD_BYTES = _MESSAGE_HEAD.itemsize
_OPCODE_AND_LENGTH_BYTES = 9
_INDEX_HEAD = np.dtype([("opcode", "u1"), ("length", "<u8"), ("channel", "<u2"), ("nbytes", "<u4")])
_INDEX_ENTRY = np.dtype([("log_ns", "<u8"), ("offset", "<u8")])


class BulkWriter:
    """Writes to ``file`` from its start on; ``finish`` writes what makes it whole.

    Chunks are packed beside the caller, by a thread that ends with the context.
    """

    def __init__(self, file: BinaryIO, *, profile: str, library: str) -> None:
        self._file = file
        self._position = 0
        self._chunk = _Chunk()
        self._packer = ThreadPoolExecutor(1, "pyprobe-pack")
        self._packing: deque[Future[_PackedChunk]] = deque()
        self._schemas: dict[int, Schema] = {}
        self._channels: dict[int, Channel] = {}
        self._indexes: list[ChunkIndex] = []
        self._counts = np.zeros(1, np.int64)  # messages of each channel, by its number
        self._write(MAGIC)
        self._write(_record(Header(profile, library)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._packer.shutdown(cancel_futures=True)

    def add_schema(self, name: str, encoding: str, data: bytes) -> int:
        """Return the number of a new schema."""
        number = len(self._schemas) + 1
        schema = Schema(id=number, data=data, encoding=encoding, name=name)
        self._schemas[number] = schema
        self._chunk.add_record(_record(schema))
        return number

    def add_channel(
        self, topic: str, encoding: str, schema: int, metadata: Mapping[str, str]
    ) -> int:
        """Return the number of a new channel.

        Raises:
            RecordingError: MCAP has no numbers left.
        """
        number = len(self._channels) + 1
        if number > _MOST_CHANNELS:
            raise RecordingError(f"MCAP has no room for more than {_MOST_CHANNELS:,} topics")
        channel = Channel(
            id=number,
            topic=topic,
            message_encoding=encoding,
            metadata=dict(metadata),
            schema_id=schema,
        )
        self._channels[number] = channel
        self._counts = np.append(self._counts, 0)
        self._chunk.add_record(_record(channel))
        return number

    def add_messages(
        self,
        channels: NDArray[np.uint16],
        sequences: NDArray[np.uint32],
        times_ns: NDArray[np.uint64],
        bodies: Sequence[bytes],
    ) -> None:
        """Add messages in this order; all four are of one length, times count from 1970."""
        sizes = np.fromiter(map(len, bodies), np.int64, len(bodies))
        ends = np.cumsum(sizes + _HEAD_BYTES)
        start = taken = 0
        while start < len(bodies):
            room = max(0, _CHUNK_BYTES - self._chunk.nbytes)
            stop = 1 + int(np.searchsorted(ends, taken + room, side="right"))
            rows = slice(start, stop)
            heads = _heads(channels[rows], sequences[rows], times_ns[rows], sizes[rows])
            self._chunk.add(heads, bodies[rows])
            if self._chunk.nbytes > _CHUNK_BYTES:
                self._finish_chunk()
            start = min(stop, len(bodies))
            taken = int(ends[start - 1])

    def _finish_chunk(self) -> None:
        chunk, self._chunk = self._chunk, _Chunk()
        if chunk.is_empty:
            return
        self._counts += chunk.counts(len(self._counts))
        self._packing.append(self._packer.submit(chunk.packed))
        self._write_packed(_MOST_PACKING)

    def _write_packed(self, most_left: int) -> None:
        """Write chunks in their order, until no more than this many are still being packed."""
        while len(self._packing) > most_left:
            packed = self._packing.popleft().result()
            start = self._position
            self._write(_record(packed.record))
            end = self._position
            places: dict[int, int] = {}
            for channel, index in packed.message_indexes.items():
                places[channel] = self._position
                self._write(index)
            self._indexes.append(packed.index(start, end, places, self._position))

    def finish(self) -> None:
        """Write the last chunk and the summary."""
        self._finish_chunk()
        self._write_packed(0)
        self._write(_record(DataEnd(0)))
        summary = _Summary(self._position)
        summary.add_group(Opcode.SCHEMA, self._schemas.values())
        summary.add_group(Opcode.CHANNEL, self._channels.values())
        summary.add_group(Opcode.STATISTICS, [self._statistics()])
        summary.add_group(Opcode.CHUNK_INDEX, self._indexes)
        self._write(summary.whole())
        self._write(MAGIC)

    def _statistics(self) -> Statistics:
        return Statistics(
            attachment_count=0,
            channel_count=len(self._channels),
            channel_message_counts={
                number: count for number, count in enumerate(self._counts.tolist()) if count
            },
            chunk_count=len(self._indexes),
            message_count=int(self._counts.sum()),
            metadata_count=0,
            message_start_time=min((one.message_start_time for one in self._indexes), default=0),
            message_end_time=max((one.message_end_time for one in self._indexes), default=0),
            schema_count=len(self._schemas),
        )

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._position += len(data)


class _Chunk:
    """The records of the chunk that is being made."""

    def __init__(self) -> None:
        self.nbytes = 0
        self._parts: list[bytes] = []
        self._heads: list[NDArray[Any]] = []
        self._offsets: list[NDArray[np.int64]] = []

    def add_record(self, record: bytes) -> None:
        """Add any record but a message."""
        self._parts.append(record)
        self.nbytes += len(record)

    def add(self, heads: NDArray[Any], bodies: Sequence[bytes]) -> None:
        """Add messages."""
        sizes = heads["length"].astype(np.int64) + _OPCODE_AND_LENGTH_BYTES
        ends = self.nbytes + np.cumsum(sizes)
        self._heads.append(heads)
        self._offsets.append(ends - sizes)
        head_texts = heads.view(f"V{_HEAD_BYTES}").tolist()
        self._parts.append(b"".join(chain.from_iterable(zip(head_texts, bodies, strict=True))))
        self.nbytes = int(ends[-1])

    @property
    def is_empty(self) -> bool:
        """Whether it has no messages."""
        return not self._heads

    def counts(self, length: int) -> NDArray[np.int64]:
        """Return how many messages each channel has, by its number."""
        channels = np.concatenate([heads["channel"] for heads in self._heads])
        return np.bincount(channels, minlength=length)

    def packed(self) -> "_PackedChunk":
        """Return the chunk as it stands in the file."""
        data, heads = b"".join(self._parts), np.concatenate(self._heads)
        times_ns = heads["log_ns"]
        record = Chunk(
            compression="zstd",
            data=zstandard.ZstdCompressor().compress(data),
            message_start_time=int(times_ns.min()),
            message_end_time=int(times_ns.max()),
            uncompressed_crc=zlib.crc32(data),
            uncompressed_size=len(data),
        )
        return _PackedChunk(record, _message_indexes(heads, np.concatenate(self._offsets)))


@dataclass(frozen=True)
class _PackedChunk:
    """A chunk, and the index of each channel's messages in it: whole records, by their channels."""

    record: Chunk
    message_indexes: dict[int, bytes]

    def index(self, start: int, end: int, places: dict[int, int], stop: int) -> ChunkIndex:
        """Return its index: it stands from ``start`` to ``end``, the messages' up to ``stop``."""
        record = self.record
        return ChunkIndex(
            message_start_time=record.message_start_time,
            message_end_time=record.message_end_time,
            chunk_start_offset=start,
            chunk_length=end - start,
            message_index_offsets=places,
            message_index_length=stop - end,
            compression=record.compression,
            compressed_size=len(record.data),
            uncompressed_size=record.uncompressed_size,
        )


def _message_indexes(heads: NDArray[Any], offsets: NDArray[np.int64]) -> dict[int, bytes]:
    """Return where each channel's messages lie in a chunk, as records."""
    channels = heads["channel"]
    order = np.argsort(channels, kind="stable")
    entries = np.empty(len(heads), _INDEX_ENTRY)
    entries["log_ns"], entries["offset"] = heads["log_ns"][order], offsets[order]
    numbers, starts = np.unique(channels[order], return_index=True)
    indexes: dict[int, bytes] = {}
    for number, part in zip(numbers.tolist(), np.split(entries, starts[1:]), strict=True):
        length = _INDEX_HEAD.itemsize - _OPCODE_AND_LENGTH_BYTES + part.nbytes
        head = np.array((Opcode.MESSAGE_INDEX, length, number, part.nbytes), _INDEX_HEAD)
        indexes[number] = head.tobytes() + part.tobytes()
    return indexes


class _Summary:
    """What stands behind the data: the records by their sorts, and where each sort begins."""

    def __init__(self, start: int) -> None:
        self._start = start
        self._builder: Any = RecordBuilder()
        self._offsets: list[SummaryOffset] = []

    def add_group(self, opcode: Opcode, records: Any) -> None:
        """Add all records of one sort."""
        begin = self._builder.count
        for record in records:
            record.write(self._builder)
        self._offsets.append(
            SummaryOffset(
                group_opcode=opcode,
                group_start=self._start + begin,
                group_length=self._builder.count - begin,
            )
        )

    def whole(self) -> bytes:
        """Return the summary with its offsets and the footer."""
        offset_start = self._start + self._builder.count
        for offset in self._offsets:
            offset.write(self._builder)
        summary: bytes = self._builder.end()
        footer = _record(Footer(self._start, offset_start, 0))
        checksum = zlib.crc32(footer[:-4], zlib.crc32(summary))
        return summary + footer[:-4] + checksum.to_bytes(4, "little")


def _heads(
    channels: NDArray[np.uint16],
    sequences: NDArray[np.uint32],
    times_ns: NDArray[np.uint64],
    sizes: NDArray[np.int64],
) -> NDArray[Any]:
    heads = np.empty(len(sizes), _MESSAGE_HEAD)
    heads["opcode"] = Opcode.MESSAGE
    heads["length"] = sizes + (_HEAD_BYTES - _OPCODE_AND_LENGTH_BYTES)
    heads["channel"] = channels
    heads["sequence"] = sequences
    heads["log_ns"] = heads["publish_ns"] = times_ns
    return heads


def _record(record: Any) -> bytes:
    builder: Any = RecordBuilder()
    record.write(builder)
    data: bytes = builder.end()
    return data
