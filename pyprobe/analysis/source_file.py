"""Reads a source file as Python itself would decode it, and says plainly why it cannot."""

import codecs
import io
import tokenize
from dataclasses import dataclass
from os.path import basename


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
    try:
        encoding, _lines = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError as error:
        cookie = _cookie_less(data)
        return SourceText(cookie, "", f"{name} cannot be decoded: {_plain(error.msg, data, name)}")
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        return SourceText(
            _cookie_less(data), encoding, _decode_problem(error, data, encoding, name)
        )
    return SourceText(_newlines(text), encoding, "")


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _cookie_less(data: bytes) -> str:
    return _newlines(data.decode("utf-8", errors="replace").removeprefix("\ufeff"))


def _plain(message: str, data: bytes, name: str) -> str:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        if "invalid or missing encoding" in message:
            return _bad_byte(error, data)
    return message


def _decode_problem(
    error: UnicodeDecodeError | LookupError, data: bytes, encoding: str, name: str
) -> str:
    if not isinstance(error, UnicodeDecodeError):
        return f"{name} names the encoding {encoding}, which is not one for text"
    if encoding in ("utf-8", "utf-8-sig"):
        return f"{name} cannot be decoded: {_bad_byte(error, data)}"
    line = data.count(b"\n", 0, error.start) + 1
    byte = data[error.start]
    return f"{name} cannot be decoded: line {line} holds the byte 0x{byte:02X}, not {encoding}"


def _bad_byte(error: UnicodeDecodeError, data: bytes) -> str:
    line = data.count(b"\n", 0, error.start) + 1
    return (
        f"line {line} holds the byte 0x{data[error.start]:02X}, which is not UTF-8; "
        "a first line such as '# -*- coding: latin-1 -*-' names another encoding"
    )
