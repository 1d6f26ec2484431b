"""Turns a recording into a format other programs read."""

import errno
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import IO

from pyprobe.errors import RecordingError
from pyprobe.session.export_csv import write_csv
from pyprobe.session.export_jsonl import write_jsonl
from pyprobe.session.recording_reader import RecordingReader

_TextWriter = Callable[[RecordingReader, IO[str]], int]
_FileWriter = Callable[[RecordingReader, str], int]
_TEXT_WRITERS: dict[str, _TextWriter] = {"jsonl": write_jsonl, "csv": write_csv}


@dataclass(frozen=True)
class _FileFormat:
    """A format that needs a file: what its name ends in, and which function writes it."""

    ending: str
    module: str
    function: str
    passes: int = 1  # over the recording, or over as much data as it holds

    def writer(self) -> _FileWriter:
        """Return the function; what it stands on is loaded only now."""
        module = import_module(f"pyprobe.session.{self.module}")
        writer: _FileWriter = getattr(module, self.function)
        return writer


_FILE_FORMATS = {
    "npz": _FileFormat(".npz", "export_npz", "write_npz", passes=3),
    "parquet": _FileFormat(".parquet", "export_parquet", "write_parquet"),
    "hdf5": _FileFormat(".h5", "export_hdf5", "write_hdf5", passes=2),
    "mcap-json": _FileFormat(".json.mcap", "export_mcap", "write_mcap_json"),
}
TEXT_FORMATS = tuple(_TEXT_WRITERS)
FORMATS = (*TEXT_FORMATS, *_FILE_FORMATS)


def partial_path(output: str, process_id: int) -> str:
    """Return where a process writes a file until it is complete; that process is to remove it."""
    return f"{os.path.realpath(output)}.{process_id}.part"  # a link stays a link


def export(
    reader: RecordingReader,
    format_name: str,
    output: str | None,
    *,
    watch: Callable[[float], None] | None = None,
) -> int:
    """Write all captures of a recording; return how many there were.

    ``output`` is a path; ``None`` is standard output (jsonl, csv) or the recording's own name with
    the format's ending. A file appears under its name only when it is complete. ``watch`` is told
    how much is done, from 0 to 1; what it raises ends the export.

    Raises:
        RecordingError: the recording cannot be read, the output not be written, or the format
            needs a package that is not installed.
    """
    if format_name not in FORMATS:
        raise RecordingError(f"{format_name!r} is none of {', '.join(FORMATS)}")
    if output is None and format_name in _FILE_FORMATS:
        output = os.path.splitext(reader.path)[0] + _FILE_FORMATS[format_name].ending
    if output is not None and _is_same_file(output, reader.path):
        raise RecordingError(f"{output} is the recording itself, which is not overwritten")
    if watch is not None:
        passes = _FILE_FORMATS[format_name].passes if format_name in _FILE_FORMATS else 1
        reader.watch = _Passes(passes, watch)
    try:
        if output is None:
            return _write_stdout(_TEXT_WRITERS[format_name], reader)
        return _write_file(reader, format_name, output)
    except BrokenPipeError:
        raise  # whoever reads our output has seen enough, which is no failure
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise RecordingError(
            f"{output or 'standard output'} cannot be written: {reason}"
        ) from error


class _Passes:
    """Makes one part that is done of those of several passes."""

    def __init__(self, count: int, watch: Callable[[float], None]) -> None:
        self._count = count
        self._watch = watch
        self._done = 0
        self._last = 0.0

    def __call__(self, fraction: float) -> None:
        if fraction < self._last:
            self._done += 1
        self._last = fraction
        self._watch(min((self._done + fraction) / self._count, 1.0))


def _is_same_file(path: str, other: str) -> bool:
    return os.path.exists(path) and os.path.exists(other) and os.path.samefile(path, other)


def _write_stdout(writer: _TextWriter, reader: RecordingReader) -> int:
    if sys.stdout is None:
        raise RecordingError("standard output is closed; name a file with -o")
    sys.stdout.flush()
    # UTF-8 without translation of line ends, whatever the terminal's encoding is.
    with _text_file(os.dup(sys.stdout.fileno())) as text:
        return writer(reader, text)


def _write_file(reader: RecordingReader, format_name: str, output: str) -> int:
    output = os.path.realpath(output)
    if os.path.exists(output) and not os.path.isfile(output):
        if format_name in _FILE_FORMATS and not os.path.isdir(output):
            raise RecordingError(f"{output} is no ordinary file, which {format_name} needs")
        return _write_to(reader, format_name, output)  # a device or a pipe is never replaced
    partial = partial_path(output, os.getpid())
    try:
        count = _write_to(reader, format_name, partial)
        os.replace(partial, output)
    finally:
        if os.path.exists(partial):
            os.unlink(partial)
    return count


def _write_to(reader: RecordingReader, format_name: str, path: str) -> int:
    if format_name in _FILE_FORMATS:
        if os.path.isdir(path):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        return _FILE_FORMATS[format_name].writer()(reader, path)
    with _text_file(path) as text:
        return _TEXT_WRITERS[format_name](reader, text)


def _text_file(file: str | int) -> IO[str]:
    """Open a file for text; half characters, which UTF-8 lacks, are written as escapes."""
    return open(file, "w", encoding="utf-8", errors="backslashreplace", newline="")
