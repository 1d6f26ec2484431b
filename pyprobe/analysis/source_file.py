"""Reads a source file as Python itself would decode it, and says plainly why it cannot."""

import codecs
import os
import stat
from dataclasses import dataclass
from os.path import basename

from pyprobe.analysis.source_encoding import decode


@dataclass(frozen=True, slots=True)
class SourceText:
    """A source file's text with ``\\n`` line ends; ``problem`` is one sentence, or ``""``.

    With a problem ``text`` is what can be shown of it all the same, or ``""``.
    """

    text: str
    encoding: str
    problem: str


def read_source(path: str) -> SourceText:
    """Read a source file. Never raises: what goes wrong is in ``problem``."""
    name = basename(path) or path
    if not _is_text(path):
        return SourceText("", "", f"{name} cannot be probed: its path is not UTF-8")
    try:
        if _is_taken_by_reading(path):
            why = "it can be read only once, by the program"
            return SourceText("", "", f"{path} is no regular file: {why}")
        with open(path, "rb") as file:
            data = file.read()
    except FileNotFoundError:
        return SourceText("", "", f"{path} does not exist")
    except IsADirectoryError:
        return SourceText("", "", f"{path} is a directory, not a Python file")
    except PermissionError:
        return SourceText("", "", f"{path} cannot be read: permission denied")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return SourceText("", "", f"{path} cannot be read: {reason}")
    return decode_source(data, name)


def _is_taken_by_reading(path: str) -> bool:
    """Whether this is a pipe, a terminal or the like; reading might also wait for ever."""
    mode = os.stat(path).st_mode
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _is_text(path: str) -> bool:
    """Whether a path is text; bytes that are none come as lone surrogates, which none may carry."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def decode_source(data: bytes, name: str) -> SourceText:
    """Decode a file's bytes: a byte order mark or a coding comment decide, else it is UTF-8."""
    bom_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
    bom_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    if data.startswith((*bom_32, *bom_16)):
        return SourceText("", "", f"{name} is UTF-16 or UTF-32 text, which Python does not run")
    if b"\0" in data:
        return SourceText("", "", f"{name} is a binary file, not Python source")
    decoded = decode(data)
    if decoded.problem:
        shown = data.decode("utf-8", errors="replace").removeprefix("\ufeff")
        problem = f"{name} cannot be decoded: {decoded.problem}"
        return SourceText(_newlines(shown), decoded.encoding, problem)
    return SourceText(_newlines(decoded.text), decoded.encoding, "")


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
