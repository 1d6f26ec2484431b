"""The encoding of a source file, found as Python finds it, and what is wrong with it."""

import codecs
import io
import re
from typing import NamedTuple

_COOKIE = re.compile(rb"[ \t\f]*#.*?(coding[:=][ \t]*([-\w.]+))")
_BLANK = re.compile(rb"[ \t\f]*(?:#.*)?")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_COOKIE_LINES = 2  # Python looks for it no further down
_LATE_COOKIE_LINES = 9
_UNDECODED = re.compile("[\udc80-\udcff]")
_STAND_IN = "\ufdd0"  # no character, so no text holds it
_EXAMPLE = "# -*- coding: latin-1 -*-"


class Decoded(NamedTuple):
    """A file's text. With a ``problem``, which is a sentence of the file, ``text`` is ``""``."""

    text: str
    encoding: str
    problem: str


class _Cookie(NamedTuple):
    """A coding comment: what it names, as it is written, and its line, from 1."""

    name: str
    line: int
    written: str  # from "coding" on


def decode(data: bytes) -> Decoded:
    """Decode a file's bytes: a byte order mark or a coding comment decide, else it is UTF-8."""
    has_mark = data.startswith(codecs.BOM_UTF8)
    body = data.removeprefix(codecs.BOM_UTF8)
    cookie = _find_cookie(body)
    named = _normal_name(cookie.name) if cookie is not None else "utf-8"
    if cookie is not None and named != "utf-8":
        if not has_mark:
            return _decode_as(body, named, cookie)
        problem = (
            f"it begins with UTF-8's byte order mark, but line {cookie.line} says {cookie.name}"
        )
        return Decoded("", "utf-8-sig", problem)
    encoding = "utf-8-sig" if has_mark else named
    try:
        return Decoded(body.decode(), encoding, "")
    except UnicodeDecodeError as error:
        if (has_mark or cookie is not None) and _is_utf8_but_for_comments(body):
            return Decoded(body.decode(errors="replace"), encoding, "")
        advice = _advice(body, cookie, has_mark=has_mark)
        return Decoded("", encoding, f"{_bad_byte(error)}, which is not UTF-8{advice}")


def _decode_as(data: bytes, encoding: str, cookie: _Cookie) -> Decoded:
    problem = ""
    try:
        codecs.lookup(encoding)
    except LookupError:
        problem = f"line {cookie.line} names the encoding {cookie.name}, which Python does not know"
        encoding = ""
    try:
        text = data.decode(encoding) if encoding else ""
    except LookupError:
        problem = f"line {cookie.line} names the encoding {cookie.name}, which is not one for text"
    except UnicodeDecodeError as error:
        problem = (
            f"{_bad_byte(error)}, which is not {cookie.name}, though line {cookie.line} says so"
        )
    except UnicodeError as error:  # of codecs that know no positions
        problem = f"it is not {cookie.name}, though line {cookie.line} says so: {error}"
    else:
        if not problem and cookie.written not in text:
            problem = f"line {cookie.line} says {cookie.name}, which it is not itself"
    if not problem:
        return Decoded(text, encoding, "")
    remedy = "; the file is UTF-8, which needs no such line" if _is_utf8(data) else ""
    return Decoded("", encoding, problem + remedy)


def _find_cookie(data: bytes) -> _Cookie | None:
    lines = _LINE_END.split(data, _COOKIE_LINES)[:_COOKIE_LINES]
    for number, line in enumerate(lines, 1):
        cookie = _cookie_in(line, number)
        if cookie is not None:
            return cookie
        if not _BLANK.fullmatch(line) or not _is_utf8(line):
            return None
    return None


def _cookie_in(line: bytes, number: int) -> _Cookie | None:
    found = _COOKIE.match(line)
    return found and _Cookie(found[2].decode("ascii"), number, found[1].decode("ascii"))


def _normal_name(name: str) -> str:
    """Return the name that Python takes that of a coding comment for."""
    plain = name.lower().replace("_", "-")
    if plain == "utf-8" or plain.startswith("utf-8-"):
        return "utf-8"
    for latin in ("latin-1", "iso-8859-1", "iso-latin-1"):
        if plain == latin or plain.startswith(f"{latin}-"):
            return "iso-8859-1"
    return name


def _is_utf8_but_for_comments(data: bytes) -> bool:
    """Whether Python runs it: where UTF-8 is asked for, it does not look into comments."""
    import tokenize  # few files need it

    text = _UNDECODED.sub(_STAND_IN, data.decode(errors="surrogateescape"))
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text, newline=None).readline))
    except (tokenize.TokenError, SyntaxError):
        return False
    return not any(_STAND_IN in one.string for one in tokens if one.type != tokenize.COMMENT)


def _advice(data: bytes, cookie: _Cookie | None, *, has_mark: bool) -> str:
    """Return what is to be said of bytes that are not UTF-8, though taken for it."""
    if has_mark:
        return ", though the file begins with its byte order mark"
    if cookie is not None:
        return f", though line {cookie.line} says so; name the right encoding there"
    lines = _LINE_END.split(data, _LATE_COOKIE_LINES)[:_LATE_COOKIE_LINES]
    for number, line in enumerate(lines, 1):
        late = _cookie_in(line, number)
        if late is not None:
            return (
                f"; line {number} names {late.name}, but Python looks for that in the first line, "
                "or in the second below a comment"
            )
    place = "second" if lines[0].startswith(b"#!") else "first"
    return f"; a {place} line such as '{_EXAMPLE}' names another encoding"


def _bad_byte(error: UnicodeDecodeError) -> str:
    line = len(_LINE_END.findall(error.object, 0, error.start)) + 1
    return f"line {line} holds the byte 0x{error.object[error.start]:02X}"


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
