"""Writes a recording: an MCAP file with the same msgpack messages as the wire.

Frames are written as they came. A chunk is finished at least once a second and handed to the
operating system, so that a recording killed at any moment is readable up to there. Layout:

- channels ``captures``, ``events`` (all other messages of the target) and ``output`` (what the
  program wrote, where its streams are ours), encoding ``msgpack``;
- metadata ``pyprobe`` (program, argv, interpreter, versions, clocks), one ``probe`` for each
  probe (JSON of its anchor and occurrence), one ``watch`` for each condition of the session, one
  ``source`` for each file (sha256), and ``target`` and ``ending`` of each run: a recorder that
  goes on when the program is started again holds several. What a later run has otherwise, a probe
  that was moved or a file that was edited, is written again.
  MCAP gives metadata no checksum, so each has one of its own under ``crc32``;
- one attachment for each file with a probe: its bytes as they were, under its path.
"""

import errno
import hashlib
import json
import os
import zlib
from collections.abc import Mapping
from time import monotonic, perf_counter_ns, time_ns
from typing import NamedTuple

import msgpack
from mcap.writer import CompressionType, IndexType, Writer

from pyprobe import __version__
from pyprobe.errors import RecordingError
from pyprobe.ipc.messages import PROTOCOL_VERSION, Captures, Hello, Message
from pyprobe.session.ending import Ending
from pyprobe.session.launch import Program
from pyprobe.session.probe import Probe

PROFILE = "pyprobe"
LAYOUT_VERSION = 2  # 1 had no sources, no output and no checksums of metadata
OUTPUT_MESSAGE = "output"
_MAGIC = b"\x89MCAP0\r\n"
_CHUNK_BYTES = 1 << 18
_NEVER_BY_ITSELF = 1 << 62  # we finish chunks, to know which captures are in whole ones
_FLUSH_S = 0.5
_MAX_SOURCE_BYTES = 1 << 24
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class _Sink:
    """A file that is written through at once, so that nothing is lost when we are killed."""

    def __init__(self, path: str) -> None:
        self._file = open(path, "wb", buffering=0)  # noqa: SIM115 - closed by close()
        self._position = 0

    def write(self, data: bytes) -> int:
        view = memoryview(data)
        while view:
            written = self._file.write(view) or 0
            self._position += written
            view = view[written:]
        return len(data)

    def tell(self) -> int:
        return self._position

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        self._file.close()


class _Counts(NamedTuple):
    """Captures of probes, and snapshots."""

    captures: int
    snapshots: int

    def plus(self, other: "_Counts") -> "_Counts":
        """Return both together."""
        return _Counts(self.captures + other.captures, self.snapshots + other.snapshots)


class Recorder:
    """Writes runs to a file, mostly one. After a failure it is silent; ``failure`` says why.

    ``captures`` (those of probes), ``snapshots`` and ``runs`` count what it holds; after a failure
    those that can be read again.

    Raises:
        RecordingError: the file cannot be created, or holds something that is no recording.
    """

    def __init__(self, path: str, program: Program) -> None:
        self.path = path
        self.failure = ""
        self._kept = _Counts(0, 0)  # in chunks that were written whole
        self._pending = _Counts(0, 0)
        self._pending_bytes = 0
        self._program = program
        self._sources: dict[str, str] = {}  # the hash of each file as it was written
        self._looked_at: set[str] = set()  # in this run
        self._watch_ids: set[int] = set()
        self.runs = 0
        self._epoch_ns = 0
        self._is_run_over = False
        self._flush_due_s = monotonic() + _FLUSH_S
        self._sequence = 0
        self._is_open = True
        try:
            _refuse_to_replace(path)
            self._sink = _Sink(path)
        except OSError as error:
            raise RecordingError(f"{path} cannot be written: {error.strerror}") from error
        self._writer = Writer(
            self._sink,  # type: ignore[arg-type]
            chunk_size=_NEVER_BY_ITSELF,
            compression=CompressionType.LZ4,
            index_types=IndexType.ALL & ~IndexType.MESSAGE,
        )
        self._guarded(self._begin)

    @property
    def captures(self) -> int:
        """How many captures the file holds, those of the chunk being made included."""
        return self._kept.captures + (0 if self.failure else self._pending.captures)

    @property
    def snapshots(self) -> int:
        """How many snapshots the file holds, likewise."""
        return self._kept.snapshots + (0 if self.failure else self._pending.snapshots)

    @property
    def nbytes(self) -> int:
        """Bytes written so far."""
        return self._sink.tell()

    def _begin(self) -> None:
        self._writer.start(profile=PROFILE, library=f"pyprobe {__version__}")
        program = self._program
        self._add_metadata(
            "pyprobe",
            {
                "pyprobe": __version__,
                "layout": str(LAYOUT_VERSION),
                "protocol": str(PROTOCOL_VERSION),
                "script": program.script or "",
                "module": program.module or "",
                "args": json.dumps(program.args),
                "python": program.python,
                "cwd": program.cwd,
                "time_ns": str(time_ns()),
                "perf_counter_ns": str(perf_counter_ns()),
            },
        )
        self._captures_channel = self._writer.register_channel("captures", "msgpack", 0)
        self._events_channel = self._writer.register_channel("events", "msgpack", 0)
        self._output_channel = self._writer.register_channel("output", "msgpack", 0)
        if program.script_path is not None:
            self._add_source(program.script_path)

    def add_probe(self, probe: Probe) -> None:
        """Note what a probe watches."""
        self._guarded(self._add_probe, probe)

    def _add_probe(self, probe: Probe) -> None:
        self._add_source(probe.anchor.file)
        self._add_metadata(
            "probe",
            {
                "id": str(probe.id),
                "anchor": json.dumps(probe.anchor.to_dict()),
                "occurrence": json.dumps(probe.occurrence.to_dict(), default=repr),
                "throttle": probe.throttle,
                "run_code": str(probe.run_code).lower(),
            },
        )

    def add_watch(self, watch_id: int, condition: str, action: str, label: str) -> None:
        """Note what a condition does; its snapshots are captures under ``watch_id``."""
        self._watch_ids.add(watch_id)
        record = {"condition": condition, "action": action, "label": label}
        self._guarded(self._add_metadata, "watch", {"id": str(watch_id)} | record)

    def _add_source(self, file: str) -> None:
        if file in self._looked_at:
            return
        self._looked_at.add(file)
        try:
            text = _read_source(file)
        except OSError:
            text = b""  # deleted, or unreadable: the anchor still says where it was
            digest = ""
        else:
            digest = hashlib.sha256(text).hexdigest() if len(text) <= _MAX_SOURCE_BYTES else ""
        if self._sources.get(file) == digest:
            return
        self._sources[file] = digest
        self._add_metadata("source", {"file": file, "sha256": digest})
        if digest:
            self._writer.add_attachment(0, time_ns(), _sayable(file), "text/x-python", text)

    def _add_metadata(self, name: str, data: Mapping[str, str]) -> None:
        sayable = {key: _sayable(value) for key, value in data.items()}
        self._writer.add_metadata(name, sayable | {"crc32": metadata_checksum(name, sayable)})

    def add_output(self, stream: str, text: str) -> None:
        """Note what the program wrote to ``stdout`` or ``stderr``."""
        self._guarded(self._add_output, stream, text)

    def _add_output(self, stream: str, text: str) -> None:
        plain = {"m": OUTPUT_MESSAGE, "t_ns": perf_counter_ns(), "stream": stream}
        self._add_message(self._output_channel, msgpack.packb(plain | {"text": _sayable(text)}))

    def write(self, frame: bytes, message: Message, *, epoch_ns: int = 0) -> None:
        """Write one frame, which is ``message`` encoded; it holds no shared-memory slot.

        A Hello begins a run; ``epoch_ns`` is then the ``perf_counter_ns`` of its start, if known.
        """
        self._epoch_ns = epoch_ns or self._epoch_ns
        self._guarded(self._write, frame, message)

    def _write(self, frame: bytes, message: Message) -> None:
        if isinstance(message, Hello):
            self._begin_run(message)
        channel = self._captures_channel
        if not isinstance(message, Captures):
            channel = self._events_channel
        else:
            self._pending = self._pending.plus(_count(message.columns, self._watch_ids))
        self._add_message(channel, frame)

    def _begin_run(self, message: Hello) -> None:
        self.runs += 1
        self._is_run_over = False
        self._looked_at.clear()
        began = {"epoch_ns": str(self._epoch_ns)} if self._epoch_ns else {}
        self._add_metadata(
            "target",
            {
                "run": str(self.runs),
                **began,
                "python_version": message.python_version,
                "executable": message.executable,
                "event_source": message.event_source,
                "event_source_reason": message.event_source_reason,
                "pid": str(message.pid),
            },
        )
        if self.runs > 1 and self._program.script_path is not None:
            self._add_source(self._program.script_path)

    def _add_message(self, channel: int, frame: bytes) -> None:
        now_ns = time_ns()
        self._sequence += 1
        self._writer.add_message(channel, now_ns, frame, now_ns, self._sequence)
        self._pending_bytes += len(frame)
        self.flush_if_due()

    def flush_if_due(self) -> None:
        """Finish the chunk once a second, or when it is large; call it at least that often."""
        if self._pending_bytes > _CHUNK_BYTES or monotonic() >= self._flush_due_s:
            self.flush_now()

    def flush_now(self) -> None:
        """Finish the chunk: everything written so far survives us from here on."""
        self._flush_due_s = monotonic() + _FLUSH_S
        self._guarded(self._finish_chunk)

    def _finish_chunk(self) -> None:
        self._writer.flush()  # type: ignore[no-untyped-call]
        self._kept, self._pending = self._kept.plus(self._pending), _Counts(0, 0)
        self._pending_bytes = 0

    def end_run(self, ending: Ending) -> None:
        """Note how a run has ended; another one may follow. Harmless when noted already."""
        if not self._is_run_over:
            self._is_run_over = True
            self._guarded(self._add_ending, ending)

    def finish(self, ending: Ending | None) -> None:
        """Write the summary and close the file. Harmless when done already."""
        if not self._is_open:
            return
        if ending is not None:
            self.end_run(ending)
        self.flush_now()
        self._guarded(self._writer.finish)
        self._close()

    def _add_ending(self, ending: Ending) -> None:
        self._add_metadata(
            "ending",
            {
                "run": str(max(self.runs, 1)),
                "exit_code": "" if ending.exit_code is None else str(ending.exit_code),
                "signal": ending.signal or "",
                "sentence": ending.sentence,
                "exception": ending.exception,
                "frames": json.dumps([[one.file, one.line, one.function] for one in ending.frames]),
                "complete": str(ending.complete).lower(),
            },
        )

    def _guarded(self, action: object, *arguments: object) -> None:
        if not self._is_open:
            return
        try:
            action(*arguments)  # type: ignore[operator]
        except OSError as error:
            reason = "the disk is full" if error.errno in _FULL else error.strerror or str(error)
            self.failure = (
                f"The recording {os.path.basename(self.path)} stops here, because {reason};"
                " the program goes on, and what was written stays readable."
            )
            self._close()

    def _close(self) -> None:
        self._is_open = False
        self._sink.close()


def _read_source(file: str) -> bytes:
    if not os.path.isfile(file):  # a pipe, whose text the program would then not get
        raise FileNotFoundError(file)
    with open(file, "rb") as source:
        return source.read(_MAX_SOURCE_BYTES + 1)


def _refuse_to_replace(path: str) -> None:
    """Let a recording replace a recording only: a slip such as ``-o script.py`` would be costly."""
    if not os.path.isfile(path) or not os.path.getsize(path):
        return
    with open(path, "rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise RecordingError(f"{path} exists and is no recording, so it is not overwritten")


def metadata_checksum(name: str, data: Mapping[str, str]) -> str:
    """Return the checksum that stands in a metadata record, of its name and all else in it."""
    return f"{zlib.crc32(json.dumps([name, sorted(data.items())]).encode()):08x}"


def _sayable(text: str) -> str:
    """Return text without the lone surrogates of undecodable file names, which UTF-8 lacks."""
    return text.encode("utf-8", "backslashreplace").decode()


def _count(columns: list[object], watch_ids: set[int]) -> _Counts:
    """Return what the columns of a Captures message hold; snapshots come under ids of watches."""
    captures = snapshots = 0
    for column in columns:
        match column:
            case {"n": int(count), "p": int(owner_id)} if owner_id in watch_ids:
                snapshots += count
            case {"n": int(count)}:
                captures += count
    return _Counts(captures, snapshots)
