"""Turns a recording into a format other programs read: jsonl, csv or npz."""

import os
import sys
from collections.abc import Callable
from typing import IO

from pyprobe.errors import RecordingError
from pyprobe.session.export_npz import write_npz
from pyprobe.session.export_rows import write_csv, write_jsonl
from pyprobe.session.recording_reader import RecordingReader

FORMATS = ("jsonl", "csv", "npz")
_TEXT_WRITERS: dict[str, Callable[[RecordingReader, IO[str]], int]] = {
    "jsonl": write_jsonl,
    "csv": write_csv,
}


def export(reader: RecordingReader, format_name: str, output: str | None) -> int:
    """Write all captures of a recording; return how many there were.

    ``output`` is a path; ``None`` is standard output (jsonl, csv) or the recording's own name with
    the ending ``.npz``. A file appears under its name only when it is complete.

    Raises:
        RecordingError: the recording cannot be read, or the output not be written.
    """
    if format_name not in FORMATS:
        raise RecordingError(f"{format_name!r} is none of {', '.join(FORMATS)}")
    if format_name == "npz" and output is None:
        output = f"{os.path.splitext(reader.path)[0]}.npz"
    if output is not None and _is_same_file(output, reader.path):
        raise RecordingError(f"{output} is the recording itself, which is not overwritten")
    try:
        if output is None:
            return _write_stdout(_TEXT_WRITERS[format_name], reader)
        return _write_file(reader, format_name, output)
    except BrokenPipeError:
        raise  # whoever reads our output has seen enough, which is no failure
    except OSError as error:
        raise RecordingError(f"{output} cannot be written: {error.strerror}") from error


def _is_same_file(path: str, other: str) -> bool:
    return os.path.exists(path) and os.path.samefile(path, other)


def _write_stdout(
    writer: Callable[[RecordingReader, IO[str]], int], reader: RecordingReader
) -> int:
    sys.stdout.flush()
    # UTF-8 without translation of line ends, whatever the terminal's encoding is.
    with open(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", newline="") as text:
        return writer(reader, text)


def _write_file(reader: RecordingReader, format_name: str, output: str) -> int:
    output = os.path.realpath(output)  # a link stays a link
    if os.path.exists(output) and not os.path.isfile(output):
        if format_name == "npz" and not os.path.isdir(output):
            raise RecordingError(f"{output} is no ordinary file, which an npz archive needs")
        return _write_to(reader, format_name, output)  # a device or a pipe is never replaced
    partial = f"{output}.part"
    try:
        count = _write_to(reader, format_name, partial)
        os.replace(partial, output)
    finally:
        if os.path.exists(partial):
            os.unlink(partial)
    return count


def _write_to(reader: RecordingReader, format_name: str, path: str) -> int:
    if format_name == "npz":
        return write_npz(reader, path)
    with open(path, "w", encoding="utf-8", newline="") as text:
        return _TEXT_WRITERS[format_name](reader, text)
