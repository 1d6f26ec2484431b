"""Reads a recording, also one that was cut off or damaged: everything in it that is whole."""

import json
import os
import stat
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256

from mcap.opcode import Opcode
from mcap.records import Metadata

from pyprobe import __version__
from pyprobe.analysis.occurrence import Occurrence
from pyprobe.core.anchor import ProbeAnchor
from pyprobe.core.throttle import parse_throttle
from pyprobe.errors import ProtocolError, PyProbeError, RecordingError
from pyprobe.ipc.codec import decode_plain, from_plain
from pyprobe.ipc.column_reader import Column, read_columns
from pyprobe.ipc.messages import PROTOCOL_VERSION, Captures, Hello, Message, MessageType
from pyprobe.session.recorded_file import (
    DamagedRecord,
    Place,
    RecordFile,
    read_attachment,
    read_chunk,
    read_metadata,
)
from pyprobe.session.recorded_runs import ByRun, RunFollower, RunRecords
from pyprobe.session.recording import LAYOUT_VERSION, OUTPUT_MESSAGE, PROFILE, metadata_checksum
from pyprobe.session.recording_info import (
    RecordedOutput,
    RecordedProbe,
    RecordedWatch,
    RecordingInfo,
)

LAST_RUN = -1


Entry = Message | RecordedOutput


@dataclass(frozen=True)
class Batch:
    """What one chunk holds, in the order it came, and of which run each is.

    ``nbytes`` of the file have then been read.
    """

    entries: list[Entry]
    runs: list[int]
    nbytes: int


class RecordingReader:
    """One recording file. Every iteration reads it anew, in bounded memory.

    ``info`` holds what the recording says of itself from the first step of any of the methods on.
    A recording mostly holds one ``run``, counted from 1; of several only that one is read, or
    ``LAST_RUN``, with those before it if ``with_earlier``. ``None`` reads all. ``run`` then tells
    of which run that is what came last.

    ``watch`` is called after each chunk with the part of the file that has been read, from 0 to 1;
    what it raises ends the reading.
    """

    def __init__(self, path: str, *, run: int | None = None, with_earlier: bool = False) -> None:
        self.path = path
        self.size = 0
        self.info = RecordingInfo()
        self.run = 1
        self.wanted_run = run
        self.watch: Callable[[float], None] = _nobody
        self._with_earlier = with_earlier
        self._places: dict[int, ByRun[RecordedProbe]] = {}

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
            places = self._survey(file)
            follower = RunFollower(self.info.runs)
            for place in places:
                if self._is_behind(follower.run):
                    return
                entries, runs = [], []
                for entry in self._entries(file, place):
                    if isinstance(entry, Hello):
                        follower.take(entry)
                    if self._is_wanted(follower.run):
                        entries.append(entry)
                        runs.append(follower.run)
                nbytes = place.start + place.length
                self.watch(min(nbytes / self.size, 1.0))
                yield Batch(entries, runs, nbytes)

    def _is_wanted(self, run: int) -> bool:
        if self.wanted_run is None:
            return True
        is_earlier = run < self.info.run
        return not self._is_behind(run) and (self._with_earlier or not is_earlier)

    def _is_behind(self, run: int) -> bool:
        # A last run, of which all records are damaged, is still one that nobody else is asked for.
        return self.wanted_run not in (None, LAST_RUN) and run > self.info.run

    def probe(self, probe_id: int) -> RecordedProbe | None:
        """Return what a probe was in the run of what came last; ``None`` if its record is lost."""
        places = self._places.get(probe_id)
        return places.at(self.run) if places is not None else None

    def messages(self) -> Iterator[Message]:
        """Yield the target's messages in the order they came.

        Raises:
            RecordingError: as ``survey``.
        """
        for batch in self.batches():
            for entry, run in zip(batch.entries, batch.runs, strict=True):
                if isinstance(entry, Message):
                    self.run = run
                    yield entry

    def columns(self) -> Iterator[list[Column]]:
        """Yield the decoded columns of one Captures message after the other.

        Raises:
            RecordingError: as ``survey``.
        """
        for message in self.messages():
            if isinstance(message, Captures):
                columns, _snapshots = self.read_columns(message)
                if columns:
                    yield columns

    def read_columns(self, message: Captures) -> tuple[list[Column], list[Column]]:
        """Return the columns of probes, and those of snapshots, whose ``probe_id`` is a watch's.

        None, and one damaged part more, if the message is malformed.
        """
        try:
            columns = read_columns(message.columns)
        except ProtocolError:
            self.info.damaged += 1
            return [], []
        watches = self.info.watches
        of_probes = [one for one in columns if one.probe_id not in watches]
        return of_probes, [one for one in columns if one.probe_id in watches]

    @contextmanager
    def _opened(self) -> Iterator[RecordFile]:
        try:
            if _would_wait(self.path):
                raise RecordingError(f"{self.path} is no ordinary file, as a recording is")
            with open(self.path, "rb") as file:
                yield RecordFile(file)
        except OSError as error:
            raise RecordingError(f"{self.path} cannot be read: {error.strerror}") from error

    def _survey(self, file: RecordFile) -> list[Place]:
        """Take in what is no chunk; return where the chunks lie."""
        self.info = info = RecordingInfo()
        self.run, self._places = 1, {}
        self.size = file.size
        profile = file.profile() if file.has_magic else ""
        places = file.places() if file.has_magic else []
        info.was_cut_off, info.damaged = file.was_cut_off, int(file.has_damaged_frame)
        metadata: list[Metadata] = []
        texts: dict[str, list[bytes]] = {}
        for place in places:
            try:
                if place.opcode == Opcode.METADATA:
                    metadata.append(read_metadata(file.content(place)))
                elif place.opcode == Opcode.ATTACHMENT:
                    attachment = read_attachment(file.content(place))
                    texts.setdefault(attachment.name, []).append(attachment.data)
            except DamagedRecord:
                info.damaged += 1
        records = self._checked(metadata)
        if profile != PROFILE and not info.program:
            raise RecordingError(_no_recording(self.path, profile))
        self._refuse_newer()
        self._settle(records, texts)
        return [place for place in places if place.opcode == Opcode.CHUNK]

    def _refuse_newer(self) -> None:
        program = self.info.program
        protocol, layout = program.get("protocol", "0"), program.get("layout", "1")
        if _number(protocol) > PROTOCOL_VERSION or _number(layout) > LAYOUT_VERSION:
            raise RecordingError(
                f"{self.path} was recorded by PyProbe {program.get('pyprobe', '?')}, whose "
                f"recordings this PyProbe {__version__} is too old to read"
            )

    def _checked(self, records: list[Metadata]) -> list[tuple[str, dict[str, str]]]:
        """Return what metadata records hold; the damaged ones are counted."""
        # Damage can also swallow a checksum; layout 1 had none at all.
        are_checked = any("crc32" in record.metadata for record in records)
        checked = []
        for record in records:
            data = dict(record.metadata)
            checksum = data.pop("crc32", None)
            if are_checked and checksum != metadata_checksum(record.name, data):
                self.info.damaged += 1
                continue
            if record.name == "pyprobe":
                self.info.program = data
            checked.append((record.name, data))
        return checked

    def _settle(
        self, records: list[tuple[str, dict[str, str]]], texts: dict[str, list[bytes]]
    ) -> None:
        """Find out what runs there are, and what all else was in the one that is wanted."""
        info, runs = self.info, RunRecords()
        sources: dict[str, ByRun[str]] = {}
        for name, data in records:
            try:
                self._take_metadata(name, data, runs, sources)
            except (PyProbeError, ValueError, KeyError):
                info.damaged += 1
        info.runs = runs.runs
        info.run = len(info.runs) if self.wanted_run in (None, LAST_RUN) else self.wanted_run
        if not 1 <= info.run <= len(info.runs):
            held = f"{len(info.runs)} runs" if info.has_several_runs else "one run"
            raise RecordingError(f"{self.path} holds {held}, and no run {info.run}")
        info.target, info.ending = info.runs[info.run - 1].target, info.runs[info.run - 1].ending
        probes = [(probe_id, places.at(info.run)) for probe_id, places in self._places.items()]
        info.probes = {probe_id: probe for probe_id, probe in probes if probe is not None}
        hashes = [(file, known.at(info.run)) for file, known in sources.items()]
        info.sources = {file: digest for file, digest in hashes if digest is not None}
        info.texts = {file: _text_of(data, info.sources.get(file)) for file, data in texts.items()}

    def _take_metadata(
        self, name: str, data: dict[str, str], runs: RunRecords, sources: dict[str, ByRun[str]]
    ) -> None:
        if name == "target":
            runs.add_target(data)
        elif name == "ending":
            runs.add_ending(data)
        elif name == "source":
            sources.setdefault(data["file"], ByRun()).add(runs.current, data["sha256"])
        elif name == "probe":
            probe = _probe(data)
            self._places.setdefault(probe.id, ByRun()).add(runs.current, probe)
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


def _would_wait(path: str) -> bool:
    """Whether opening a file waits for somebody, or its length is not told: a pipe, a device."""
    mode = os.stat(path).st_mode
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _nobody(fraction: float) -> None:
    """Watch nothing."""


def _no_recording(path: str, profile: str) -> str:
    if profile:
        return f"{path} is an MCAP file of the profile {profile!r:.40}, not a recording of PyProbe"
    return f"{path} is not a recording of PyProbe"


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _text_of(texts: list[bytes], digest: str | None) -> bytes:
    """Return which of a file's texts has a hash, else the last; a file is edited between runs."""
    same = (data for data in texts if len(texts) > 1 and sha256(data).hexdigest() == digest)
    return next(same, texts[-1])


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
