"""Reads a recording, also one that was cut off: everything up to its last whole chunk."""

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from mcap.exceptions import McapError
from mcap.records import Channel, Footer, Header, Metadata
from mcap.records import Message as McapMessage
from mcap.stream_reader import CRCValidationError, StreamReader

from pyprobe.core.anchor import ProbeAnchor
from pyprobe.errors import ProtocolError, RecordingError
from pyprobe.ipc.codec import decode
from pyprobe.ipc.column_reader import Column, read_columns
from pyprobe.ipc.messages import Captures, Message
from pyprobe.session.recording import PROFILE

# What cutting a file at any byte can lead to in the reader.
_CUT_OFF = (McapError, CRCValidationError, EOFError, RuntimeError, ValueError, struct.error)


@dataclass(frozen=True)
class RecordedProbe:
    """A probe as the recording names it."""

    id: int
    anchor: ProbeAnchor
    throttle: str


@dataclass
class RecordingInfo:
    """What a recording says of itself. ``whole``: it was finished, not cut off."""

    program: dict[str, str] = field(default_factory=dict)
    target: dict[str, str] = field(default_factory=dict)
    ending: dict[str, str] = field(default_factory=dict)
    probes: dict[int, RecordedProbe] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    whole: bool = False


class _WholeReads:
    """A file that gives all bytes asked for or says that it has ended."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        if len(data) < size:
            raise EOFError
        return data


class RecordingReader:
    """One recording file. Every iteration reads it anew, in bounded memory.

    ``info`` holds what has been met so far; after a whole iteration, everything.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.info = RecordingInfo()

    def messages(self) -> Iterator[Message]:
        """Yield the target's messages in the order they came.

        Raises:
            RecordingError: the file cannot be read or is no recording of ours.
        """
        try:
            with open(self.path, "rb") as file:
                yield from self._messages(file)
        except OSError as error:
            raise RecordingError(f"{self.path} cannot be read: {error.strerror}") from error

    def columns(self) -> Iterator[list[Column]]:
        """Yield the decoded columns of one Captures message after the other.

        Raises:
            RecordingError: as ``messages``.
        """
        for message in self.messages():
            if isinstance(message, Captures):
                try:
                    yield read_columns(message.columns)
                except ProtocolError as error:
                    raise RecordingError(f"{self.path} is damaged: {error}") from error

    def _messages(self, file: BinaryIO) -> Iterator[Message]:
        self.info = RecordingInfo()
        known = False
        reader = StreamReader(
            _WholeReads(file),  # type: ignore[arg-type]
            validate_crcs=True,
        )
        try:
            for record in reader.records:
                if isinstance(record, Header):
                    known = record.profile == PROFILE
                    if not known:
                        break
                elif isinstance(record, Metadata):
                    self._take_metadata(record.name, record.metadata)
                elif isinstance(record, McapMessage):
                    yield decode(record.data)
                elif isinstance(record, Footer):
                    self.info.whole = True
                elif isinstance(record, Channel):
                    continue
        except ProtocolError as error:
            raise RecordingError(f"{self.path} is damaged: {error}") from error
        except _CUT_OFF:
            self.info.whole = False
        if not known:
            raise RecordingError(f"{self.path} is not a recording of PyProbe")

    def _take_metadata(self, name: str, data: dict[str, str]) -> None:
        if name == "pyprobe":
            self.info.program = data
        elif name == "target":
            self.info.target = data
        elif name == "ending":
            self.info.ending = data
        elif name == "source":
            self.info.sources[data["file"]] = data["sha256"]
        elif name == "probe":
            anchor = ProbeAnchor.from_dict(json.loads(data["anchor"]))
            probe = RecordedProbe(int(data["id"]), anchor, data["throttle"])
            self.info.probes[probe.id] = probe
