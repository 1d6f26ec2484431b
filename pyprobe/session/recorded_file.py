"""The records of an MCAP file, one by one; no length that stands in the file is trusted.

The mcap library reads what lengths say before it looks whether they can be, and gives up at the
first damage. Here lengths are held against the file's size, a chunk counts only when its checksum
holds, and what is damaged is left out and counted.
"""

import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO

import lz4.frame
import zstandard
from mcap.data_stream import ReadDataStream
from mcap.exceptions import McapError
from mcap.opcode import Opcode
from mcap.records import (
    Attachment,
    AttachmentIndex,
    ChunkIndex,
    Footer,
    Header,
    Metadata,
    MetadataIndex,
)

from pyprobe.ipc.codec import MAX_MESSAGE_BYTES

MAGIC = b"\x89MCAP0\r\n"
_RECORD_HEAD = struct.Struct("<BQ")
_CHUNK_HEAD = struct.Struct("<QQQII")  # start, end, uncompressed size, its crc, name's length
_LENGTH = struct.Struct("<Q")
_MESSAGE_HEAD_BYTES = 22
_FOOTER_BYTES = 20
_TAIL_BYTES = _RECORD_HEAD.size + _FOOTER_BYTES + len(MAGIC)
_LZ4_MAX_RATIO = 255  # the format packs no tighter; more is a damaged length
_WANTED = (Opcode.CHUNK, Opcode.METADATA, Opcode.ATTACHMENT)

# What parsing damaged bytes can lead to in the library.
_MALFORMED = (McapError, ValueError, OverflowError, struct.error)


class DamagedRecord(Exception):
    """A record holds what was never written; it is left out, and the reading goes on."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record's content lies in the file, in bytes."""

    opcode: int
    start: int
    length: int


class RecordFile:
    """An open MCAP file. ``size`` is its length in bytes when it was opened."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = os.fstat(file.fileno()).st_size
        self.has_magic = self._read(0, min(len(MAGIC), self.size)) == MAGIC
        self.was_cut_off = False
        self.has_damaged_frame = False

    def _read(self, start: int, length: int) -> bytes:
        self._file.seek(start)
        return self._file.read(length)

    def profile(self) -> str:
        """Return the profile that the header names; ``""`` where there is none that is whole."""
        for place in self._walk():
            if place.opcode != Opcode.HEADER:
                break
            try:
                return str(_parse(Header, self.content(place)).profile)
            except DamagedRecord:
                break
        return ""

    def places(self) -> list[Place]:
        """Return where chunks, metadata and attachments lie, in the order they were written.

        The index at the file's end says so, when its checksum holds; else the records are gone
        through, up to where the file is cut off or a record's length is damaged.
        """
        indexed = self._indexed()
        if indexed is not None:
            return indexed
        walked = list(self._walk())
        last = walked[-1] if walked else Place(0, 0, 0)
        reaches_end = last.opcode == Opcode.FOOTER
        reaches_end = reaches_end and last.start + last.length + len(MAGIC) <= self.size
        self.was_cut_off = not reaches_end and not self._ends_with_magic()
        self.has_damaged_frame = not self.was_cut_off
        return [place for place in walked if place.opcode in _WANTED]

    def content(self, place: Place) -> bytes:
        """Return a record's content.

        Raises:
            DamagedRecord: it would reach beyond the file's end.
        """
        if place.start + place.length > self.size:
            raise DamagedRecord
        data = self._read(place.start, place.length)
        if len(data) < place.length:
            raise DamagedRecord
        return data

    def _walk(self) -> Iterator[Place]:
        position = len(MAGIC)
        while position + _RECORD_HEAD.size <= self.size:
            head = self._read(position, _RECORD_HEAD.size)
            if len(head) < _RECORD_HEAD.size:
                return
            opcode, length = _RECORD_HEAD.unpack(head)
            start = position + _RECORD_HEAD.size
            if not opcode or length > self.size - start:
                return
            yield Place(opcode, start, length)
            if opcode == Opcode.FOOTER:
                return
            position = start + length

    def _ends_with_magic(self) -> bool:
        return self._read(max(0, self.size - len(MAGIC)), len(MAGIC)) == MAGIC

    def _indexed(self) -> list[Place] | None:
        if self.size < len(MAGIC) + _TAIL_BYTES or not self._ends_with_magic():
            return None
        tail_start = self.size - _TAIL_BYTES
        tail = self._read(tail_start, _TAIL_BYTES)
        footer = _parse(Footer, tail[_RECORD_HEAD.size : -len(MAGIC)])
        if not len(MAGIC) < footer.summary_start <= tail_start:
            return None
        summary = self._read(footer.summary_start, tail_start - footer.summary_start)
        checked = zlib.crc32(tail[: _RECORD_HEAD.size + 16], zlib.crc32(summary))
        if checked != footer.summary_crc:
            return None
        try:
            return sorted(_index_places(summary), key=lambda place: place.start)
        except (DamagedRecord, struct.error):
            return None


def _index_places(summary: bytes) -> Iterator[Place]:
    position = 0
    while position < len(summary):
        opcode, length = _RECORD_HEAD.unpack_from(summary, position)
        position += _RECORD_HEAD.size
        data = summary[position : position + length]
        position += length
        if opcode == Opcode.CHUNK_INDEX:
            chunk = _parse(ChunkIndex, data)
            yield _place(Opcode.CHUNK, chunk.chunk_start_offset, chunk.chunk_length)
        elif opcode == Opcode.METADATA_INDEX:
            metadata = _parse(MetadataIndex, data)
            yield _place(Opcode.METADATA, metadata.offset, metadata.length)
        elif opcode == Opcode.ATTACHMENT_INDEX:
            attachment = _parse(AttachmentIndex, data)
            yield _place(Opcode.ATTACHMENT, attachment.offset, attachment.length)


def _place(opcode: int, offset: int, length: int) -> Place:
    return Place(opcode, offset + _RECORD_HEAD.size, max(0, length - _RECORD_HEAD.size))


def _parse(record_class: Any, data: bytes) -> Any:
    try:
        return record_class.read(ReadDataStream(BytesIO(data)))
    except _MALFORMED as error:
        raise DamagedRecord from error


def read_metadata(data: bytes) -> Metadata:
    """Parse the content of a metadata record.

    Raises:
        DamagedRecord: it is malformed.
    """
    metadata: Metadata = _parse(Metadata, data)
    return metadata


def read_attachment(data: bytes) -> Attachment:
    """Parse the content of an attachment and check it.

    Raises:
        DamagedRecord: it is malformed, or its checksum does not hold.
    """
    attachment: Attachment = _parse(Attachment, data)
    if zlib.crc32(data[:-4]).to_bytes(4, "little") != data[-4:]:
        raise DamagedRecord
    return attachment


def read_chunk(data: bytes) -> list[memoryview]:
    """Return the data of the messages of a chunk, in order.

    Raises:
        DamagedRecord: it is malformed, or its checksum does not hold.
    """
    content = _unpacked(data)
    view = memoryview(content)
    messages: list[memoryview] = []
    position = 0
    while position < len(content):
        if position + _RECORD_HEAD.size > len(content):
            raise DamagedRecord
        opcode, length = _RECORD_HEAD.unpack_from(content, position)
        start = position + _RECORD_HEAD.size
        position = start + length
        if position > len(content):
            raise DamagedRecord
        if opcode == Opcode.MESSAGE:
            messages.append(view[start + _MESSAGE_HEAD_BYTES : position])
    return messages


def _unpacked(data: bytes) -> bytes:
    try:
        _start, _end, size, checksum, name_length = _CHUNK_HEAD.unpack_from(data)
        name_end = _CHUNK_HEAD.size + name_length
        compression = data[_CHUNK_HEAD.size : name_end]
        (packed_size,) = _LENGTH.unpack_from(data, name_end)
    except struct.error as error:
        raise DamagedRecord from error
    packed = memoryview(data)[name_end + _LENGTH.size :]
    if len(packed) != packed_size or size > 2 * MAX_MESSAGE_BYTES:
        raise DamagedRecord
    content = _decompress(compression, packed, size)
    if len(content) != size or zlib.crc32(content) != checksum:
        raise DamagedRecord
    return content


def _decompress(compression: bytes, packed: memoryview, size: int) -> bytes:
    """Decompress to at most ``size`` bytes, whatever the packed data say of their own size."""
    try:
        if compression == b"lz4":
            if size > _LZ4_MAX_RATIO * len(packed):
                raise DamagedRecord
            content: bytes = lz4.frame.LZ4FrameDecompressor().decompress(packed, max_length=size)
            return content
        if compression == b"zstd":
            if zstandard.get_frame_parameters(packed).content_size != size:
                raise DamagedRecord
            return zstandard.ZstdDecompressor().decompress(packed, max_output_size=size)
    except (RuntimeError, MemoryError, ValueError, EOFError, zstandard.ZstdError) as error:
        raise DamagedRecord from error
    if compression:
        raise DamagedRecord
    return bytes(packed)
