"""Source text: read a program's file as the interpreter would, or say in a sentence why not."""

import codecs
import tokenize
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

MAX_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file's text with newlines as ``\\n``; ``problem`` is one sentence, or ``""``.

    Text is kept beside a problem wherever something can be shown (a wrong encoding), so that the
    reader sees the place that is meant.
    """

    path: str
    text: str
    problem: str = ""


def read_source(path: str) -> SourceText:
    """Read a file; never raises for what can be wrong with a file."""
    name = Path(path).name
    try:
        with open(path, "rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return SourceText(path, "", f"{name} does not exist.")
    except IsADirectoryError:
        return SourceText(path, "", f"{name} is a folder, not a Python file.")
    except OSError as error:
        return SourceText(path, "", f"{name} cannot be read: {error.strerror or error}.")
    if len(data) > MAX_BYTES:
        return SourceText(path, "", f"{name} is larger than {MAX_BYTES >> 20} MiB; it is not shown.")
    return decode_source(path, data)


def decode_source(path: str, data: bytes) -> SourceText:
    """Decode a file's bytes by its coding cookie, UTF-8 without one."""
    name = Path(path).name
    if b"\0" in data:
        return SourceText(path, "", f"{name} holds binary data; it cannot be shown as source.")
    try:
        encoding, _ = tokenize.detect_encoding(BytesIO(data).readline)
    except SyntaxError:
        return SourceText(
            path, _any_text(data), f"{name} is not valid UTF-8 and names no known encoding."
        )
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = f"{name} is not valid {encoding}: byte 0x{data[error.start]:02x} in line {line}."
        return SourceText(path, _any_text(data), problem)
    return SourceText(path, _plain_newlines(text))


def _any_text(data: bytes) -> str:
    return _plain_newlines(data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace"))


def _plain_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
