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
    try:
        if output is None:
            return _write_stdout(_TEXT_WRITERS[format_name], reader)
        return _write_file(reader, format_name, output)
    except BrokenPipeError:
        raise  # whoever reads our output has seen enough, which is no failure
    except OSError as error:
        raise RecordingError(f"{output} cannot be written: {error.strerror}") from error


def _write_stdout(
    writer: Callable[[RecordingReader, IO[str]], int], reader: RecordingReader
) -> int:
    sys.stdout.flush()
    # UTF-8 without translation of line ends, whatever the terminal's encoding is.
    with open(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", newline="") as text:
        return writer(reader, text)


def _write_file(reader: RecordingReader, format_name: str, output: str) -> int:
    partial = f"{output}.part"
    try:
        if format_name == "npz":
            count = write_npz(reader, partial)
        else:
            with open(partial, "w", encoding="utf-8", newline="") as text:
                count = _TEXT_WRITERS[format_name](reader, text)
        os.replace(partial, output)
    finally:
        if os.path.exists(partial):
            os.unlink(partial)
    return count
