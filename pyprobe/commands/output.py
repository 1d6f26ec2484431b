"""How the commands speak on the terminal."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from pyprobe.commands.shared_stderr import line_start
from pyprobe.errors import PyProbeError

STDOUT = "-"  # the name that stands for it on a command line


class OutputError(PyProbeError):
    """What a command has found cannot be written."""


def say(text: str, *, end: str = "\n") -> None:
    """Write to stdout; what its encoding lacks is written as escapes.

    Whoever reads a pipe may stop reading, which is no failure.

    Raises:
        OutputError: it is closed, or cannot be written, for instance because the disk is full.
    """
    stream = sys.stdout
    if stream is None:
        raise OutputError("standard output is closed")
    encoding = stream.encoding or "utf-8"
    with _writing():
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + end)


def finish_output() -> None:
    """Write what is held back.

    Raises:
        OutputError: as ``say``.
    """
    if sys.stdout is not None:
        with _writing():
            sys.stdout.flush()


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        # Else the interpreter fails when it flushes again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            why = error.strerror or str(error)
            raise OutputError(f"standard output cannot be written: {why}") from error


def complain(sentence: str) -> None:
    """Write one line to stderr, marked as ours, if there is somebody to read it."""
    _write_line(sentence)


def complain_beside_program(sentence: str) -> None:
    """Like ``complain``, but below half a line that the program may have left."""
    start = ""
    if sys.stderr is not None:
        with suppress(OSError):
            start = line_start(sys.stderr.fileno())
    _write_line(sentence, start=start)


def _write_line(sentence: str, *, start: str = "") -> None:
    if sys.stderr is None:  # closed by whoever started us
        return
    with suppress(OSError):
        # At once: without a buffer, what the program writes would come between a line and its end.
        sys.stderr.write(f"{start}pyprobe: {sentence}\n")
        sys.stderr.flush()


def captures_text(count: int) -> str:
    """Return a number of captures as one says it."""
    return f"{count:,} capture{'' if count == 1 else 's'}"
