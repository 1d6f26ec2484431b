"""Reads a recording, also one that was cut off or damaged: everything in it that is whole."""

import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from mcap.opcode import Opcode
from mcap.records import Metadata

from pyprobe import __version__
from pyprobe.analysis.occurrence import Occurrence
from pyprobe.core.anchor import ProbeAnchor
from pyprobe.core.throttle import parse_throttle
from pyprobe.errors import ProtocolError, PyProbeError, RecordingError
from pyprobe.ipc.codec import decode_plain
from pyprobe.ipc.column_reader import Column, read_columns
from pyprobe.ipc.messages import PROTOCOL_VERSION, Captures, Message, MessageType, from_plain
from pyprobe.session.recorded_file import (
    DamagedRecord,
    Place,
    RecordFile,
    read_attachment,
    read_chunk,
    read_metadata,
)
from pyprobe.session.recording import LAYOUT_VERSION, OUTPUT_MESSAGE, PROFILE, metadata_checksum


@dataclass(frozen=True)
class RecordedProbe:
    """A probe as the recording names it. ``occurrence`` is ``None`` where it is not readable."""

    id: int
    anchor: ProbeAnchor
    throttle: str
    occurrence: Occurrence | None = None
    run_code: bool = False


@dataclass(frozen=True)
class RecordedWatch:
    """A condition of the recorded session; snapshots are captures under its id."""

    id: int
    condition: str
    action: str
    label: str


@dataclass(frozen=True)
class RecordedOutput:
    """What the program wrote to a stream; ``t_ns`` is the clock of the captures."""

    t_ns: int
    stream: str
    text: str


@dataclass
class RecordingInfo:
    """What a recording says of itself.

    ``sources`` has the sha256 of each file, ``texts`` its bytes, where the recording holds them.
    ``whole``: it was finished, and no damage was met so far. ``damaged`` counts the parts that
    were left out.
    """

    program: dict[str, str] = field(default_factory=dict)
    target: dict[str, str] = field(default_factory=dict)
    ending: dict[str, str] = field(default_factory=dict)
    probes: dict[int, RecordedProbe] = field(default_factory=dict)
    watches: dict[int, RecordedWatch] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    texts: dict[str, bytes] = field(default_factory=dict)
    was_cut_off: bool = False
    damaged: int = 0

    @property
    def whole(self) -> bool:
        """Whether nothing is missing."""
        return not self.was_cut_off and not self.damaged

    @property
    def trouble(self) -> str:
        """Say in one clause what is wrong with the recording; ``""`` when nothing is."""
        if self.damaged:
            parts = "1 damaged part" if self.damaged == 1 else f"{self.damaged:,} damaged parts"
            cut_off = "the recording was cut off, and " if self.was_cut_off else ""
            return f"{cut_off}{parts} of the recording could not be read; this is all the rest"
        return "the recording was cut off, this is all it holds" if self.was_cut_off else ""


Entry = Message | RecordedOutput


@dataclass(frozen=True)
class Batch:
    """What one chunk holds, in the order it came; ``nbytes`` of the file have then been read."""

    entries: list[Entry]
    nbytes: int


class RecordingReader:
    """One recording file. Every iteration reads it anew, in bounded memory.

    ``info`` holds what the recording says of itself from the first step of any of the methods on.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.size = 0
        self.info = RecordingInfo()

    def survey(self) -> RecordingInfo:
        """Read everything but the messages, which is quick however long the recording is.

        Raises:
            RecordingError: the file cannot be read, is no recording of ours or a newer one.
        """
        with self._opened() as file:
            self._survey(file)
        return self.info

    def batches(self) -> Generator[Batch, None, None]:
        """Yield what the recording holds, chunk by chunk.

        Raises:
            RecordingError: as ``survey``.
        """
        with self._opened() as file:
            for place in self._survey(file):
                yield Batch(self._entries(file, place), place.start + place.length)

    def messages(self) -> Iterator[Message]:
        """Yield the target's messages in the order they came.

        Raises:
            RecordingError: as ``survey``.
        """
        for batch in self.batches():
            for entry in batch.entries:
                if isinstance(entry, Message):
                    yield entry

    def columns(self) -> Iterator[list[Column]]:
        """Yield the decoded columns of one Captures message after the other.

        Raises:
            RecordingError: as ``survey``.
        """
        for message in self.messages():
            if isinstance(message, Captures):
                columns = self.read_columns(message)
                if columns:
                    yield columns

    def read_columns(self, message: Captures) -> list[Column]:
        """Return the probes' columns of a message; none, and one damaged part more, if malformed.

        Snapshots are no probe's: see ``read_snapshots``.
        """
        watches = self.info.watches
        return [one for one in self._decoded(message) if one.probe_id not in watches]

    def read_snapshots(self, message: Captures) -> list[Column]:
        """Return the columns of snapshots, whose ``probe_id`` is a watch's."""
        watches = self.info.watches
        return [one for one in self._decoded(message) if one.probe_id in watches]

    def _decoded(self, message: Captures) -> list[Column]:
        try:
            return read_columns(message.columns)
        except ProtocolError:
            self.info.damaged += 1
            return []

    @contextmanager
    def _opened(self) -> Iterator[RecordFile]:
        try:
            with open(self.path, "rb") as file:
                yield RecordFile(file)
        except OSError as error:
            raise RecordingError(f"{self.path} cannot be read: {error.strerror}") from error

    def _survey(self, file: RecordFile) -> list[Place]:
        """Take in what is no chunk; return where the chunks lie."""
        self.info = info = RecordingInfo()
        self.size = file.size
        profile = file.profile() if file.has_magic else ""
        places = file.places() if file.has_magic else []
        info.was_cut_off, info.damaged = file.was_cut_off, int(file.has_damaged_frame)
        metadata: list[Metadata] = []
        for place in places:
            try:
                if place.opcode == Opcode.METADATA:
                    metadata.append(read_metadata(file.content(place)))
                elif place.opcode == Opcode.ATTACHMENT:
                    attachment = read_attachment(file.content(place))
                    info.texts[attachment.name] = attachment.data
            except DamagedRecord:
                info.damaged += 1
        self._take_all_metadata(metadata)
        if profile != PROFILE and not info.program:
            raise RecordingError(_no_recording(self.path, profile))
        self._refuse_newer()
        return [place for place in places if place.opcode == Opcode.CHUNK]

    def _refuse_newer(self) -> None:
        program = self.info.program
        protocol, layout = program.get("protocol", "0"), program.get("layout", "1")
        if _number(protocol) > PROTOCOL_VERSION or _number(layout) > LAYOUT_VERSION:
            raise RecordingError(
                f"{self.path} was recorded by PyProbe {program.get('pyprobe', '?')}, whose "
                f"recordings this PyProbe {__version__} is too old to read"
            )

    def _take_all_metadata(self, records: list[Metadata]) -> None:
        # Damage can also swallow a checksum; layout 1 had none at all.
        are_checked = any("crc32" in record.metadata for record in records)
        for record in records:
            data = dict(record.metadata)
            checksum = data.pop("crc32", None)
            try:
                if are_checked and checksum != metadata_checksum(record.name, data):
                    raise DamagedRecord
                self._take_metadata(record.name, data)
            except (DamagedRecord, PyProbeError, ValueError, KeyError):
                self.info.damaged += 1

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
            probe = _probe(data)
            self.info.probes[probe.id] = probe
        elif name == "watch":
            texts = data["condition"], data["action"], data["label"]
            watch = RecordedWatch(int(data["id"]), *texts)
            self.info.watches[watch.id] = watch

    def _entries(self, file: RecordFile, place: Place) -> list[Entry]:
        try:
            messages = read_chunk(file.content(place))
        except DamagedRecord:
            self.info.damaged += 1
            return []
        entries: list[Entry] = []
        for data in messages:
            try:
                entry = _entry(bytes(data))
            except ProtocolError:
                self.info.damaged += 1
                continue
            if entry is not None:
                entries.append(entry)
        return entries


def _no_recording(path: str, profile: str) -> str:
    if profile:
        return f"{path} is an MCAP file of the profile {profile!r:.40}, not a recording of PyProbe"
    return f"{path} is not a recording of PyProbe"


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _probe(data: dict[str, str]) -> RecordedProbe:
    anchor = ProbeAnchor.from_dict(json.loads(data["anchor"]))
    parse_throttle(data["throttle"])
    try:
        occurrence = Occurrence.from_dict(json.loads(data["occurrence"]))
    except (ValueError, KeyError):
        occurrence = None  # of another version; the anchor still says where it was
    run_code = data.get("run_code") == "true"
    return RecordedProbe(int(data["id"]), anchor, data["throttle"], occurrence, run_code)


def _entry(data: bytes) -> Entry | None:
    plain = decode_plain(data)
    if not isinstance(plain, dict):
        raise ProtocolError("a message is a map")
    if plain.get("m") == OUTPUT_MESSAGE:
        return _output(plain)
    if plain.get("v") == PROTOCOL_VERSION:
        return from_plain(plain)
    return _older(plain)


def _older(plain: dict[object, object]) -> Message | None:
    """Read a message of an older version; ``None`` where it cannot be, and holds no captures."""
    version = plain.get("v")
    if type(version) is not int or version > PROTOCOL_VERSION:
        raise ProtocolError(f"protocol version {version!r:.20}")
    try:
        return from_plain(plain | {"v": PROTOCOL_VERSION})
    except ProtocolError:
        if plain.get("m") == MessageType.CAPTURES.value:
            raise
        return None


def _output(plain: dict[object, object]) -> RecordedOutput:
    t_ns, stream, text = plain.get("t_ns"), plain.get("stream"), plain.get("text")
    if type(t_ns) is int and isinstance(stream, str) and isinstance(text, str):
        return RecordedOutput(t_ns, stream, text)
    raise ProtocolError("malformed output")
