"""Reading source files: encodings, and what is said of files that are none."""

import os
from pathlib import Path

import pytest

from pyprobe.analysis.source_file import SourceText, decode_source, read_source


def read(folder: Path, data: bytes) -> SourceText:
    path = folder / "main.py"
    path.write_bytes(data)
    return read_source(str(path))


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        (b"", "", "utf-8"),
        (b"x = 1\n", "x = 1\n", "utf-8"),
        ("é = 'ü'".encode(), "é = 'ü'", "utf-8"),
        (b"\xef\xbb\xbfx = 1", "x = 1", "utf-8-sig"),
        (b"#coding:latin-1\n'\xe9'", "#coding:latin-1\n'é'", "iso-8859-1"),
        (b"#!a\n# fileencoding=cp1252\n\x80", "#!a\n# fileencoding=cp1252\n€", "cp1252"),
        (b"a\r\nb\rc\n", "a\nb\nc\n", "utf-8"),
        (b"# \xe9 coding: latin-1\n", "# é coding: latin-1\n", "iso-8859-1"),
        (b"# coding: latin-1\r'\xe9'\r", "# coding: latin-1\n'é'\n", "iso-8859-1"),
        (b"# coding: U8\n'\xc3\xa9'", "# coding: U8\n'é'", "U8"),
        (b"# coding: utf-8\nx = 1  # \xe9\n", "# coding: utf-8\nx = 1  # \ufffd\n", "utf-8"),
        (b"\xef\xbb\xbf# \xe9\nx = 1\n", "# \ufffd\nx = 1\n", "utf-8-sig"),
        ("a\x0cb\u2028".encode(), "a\x0cb\u2028", "utf-8"),
    ],
)
def test_decodes_as_python_does(tmp_path: Path, data: bytes, text: str, encoding: str) -> None:
    assert read(tmp_path, data) == SourceText(text, encoding, "")


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"\x7fELF\0\0\0", "main.py is a binary file, not Python source"),
        ("x = 1".encode("utf-16"), "main.py is UTF-16 or UTF-32 text, which Python does not run"),
        (
            b"# -*- coding: nonsense -*-\n",
            (
                "main.py cannot be decoded: line 1 names the encoding nonsense, which Python does "
                "not know; the file is UTF-8, which needs no such line"
            ),
        ),
        (
            b"#!python\n# coding: nonsense\nx = '\xe9'\n",
            (
                "main.py cannot be decoded: line 2 names the encoding nonsense, which Python does "
                "not know"
            ),
        ),
        (
            b"# -*- coding: hex -*-\n'\xe9'",
            "main.py cannot be decoded: line 1 names the encoding hex, which is not one for text",
        ),
        (
            b"# -*- coding: ascii -*-\n\nx = '\xe9'",
            (
                "main.py cannot be decoded: line 3 holds the byte 0xE9, which is not ascii, "
                "though line 1 says so"
            ),
        ),
        (
            b"# -*- coding: ascii -*-\n\nx = '\xc3\xa9'",
            (
                "main.py cannot be decoded: line 3 holds the byte 0xC3, which is not ascii, "
                "though line 1 says so; the file is UTF-8, which needs no such line"
            ),
        ),
        (
            b"# -*- coding: utf-8 -*-\nx = '\xe9'\n",
            (
                "main.py cannot be decoded: line 2 holds the byte 0xE9, which is not UTF-8, "
                "though line 1 says so; name the right encoding there"
            ),
        ),
        (
            b"x = 1\r# coding: latin-1\r\ny = '\xe9'\n",
            (
                "main.py cannot be decoded: line 3 holds the byte 0xE9, which is not UTF-8; line 2 "
                "names latin-1, but Python looks for that in the first line, or in the second "
                "below a comment"
            ),
        ),
        (
            b"\xef\xbb\xbf# coding: latin-1\n",
            (
                "main.py cannot be decoded: it begins with UTF-8's byte order mark, but line 1 "
                "says latin-1"
            ),
        ),
        (
            b"\xef\xbb\xbfx = 1\n\n'\xe9'\n",
            (
                "main.py cannot be decoded: line 3 holds the byte 0xE9, which is not UTF-8, "
                "though the file begins with its byte order mark"
            ),
        ),
        (
            b"#!/usr/bin/python\nx = '\xe9'\n",
            (
                "main.py cannot be decoded: line 2 holds the byte 0xE9, which is not UTF-8; "
                "a second line such as '# -*- coding: latin-1 -*-' names another encoding"
            ),
        ),
        (
            b"# coding: cp037\nx = 12\n",
            (
                "main.py cannot be decoded: line 1 says cp037, which it is not itself; "
                "the file is UTF-8, which needs no such line"
            ),
        ),
    ],
)
def test_says_what_is_wrong(tmp_path: Path, data: bytes, problem: str) -> None:
    assert read(tmp_path, data).problem == problem


@pytest.mark.parametrize("data", [b"'\xe9'\n", b"\n\n\n'\xe9'\n", b"\r\n'\xe9'\n"])
def test_names_the_byte_that_is_not_utf8(tmp_path: Path, data: bytes) -> None:
    line = data.count(b"\n")
    found = read(tmp_path, data)
    assert found.problem == (
        f"main.py cannot be decoded: line {line} holds the byte 0xE9, which is not UTF-8; "
        "a first line such as '# -*- coding: latin-1 -*-' names another encoding"
    )
    assert found.text.strip() == "'\ufffd'"  # what can be shown of it all the same


def test_a_missing_file_and_a_directory(tmp_path: Path) -> None:
    missing = str(tmp_path / "no.py")
    assert read_source(missing) == SourceText("", "", f"{missing} does not exist")
    folder = str(tmp_path)
    expected = f"{folder} is a directory, not a Python file"
    assert read_source(folder) == SourceText("", "", expected)


def test_a_path_that_leads_through_a_file(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("")
    path = str(tmp_path / "main.py" / "x.py")
    assert read_source(path).problem == f"{path} cannot be read: {os.strerror(20)}"


def test_a_pipe_is_left_to_the_program(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    problem = read_source(str(path)).problem  # reading would wait for whoever writes
    assert problem.startswith(f"{path} is no regular file: ")


def test_a_path_that_is_none() -> None:
    assert read_source("a\0b").problem.startswith("a\0b cannot be read: ")


def test_a_path_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.py")
    path.write_text("x = 1\n")
    assert read_source(str(path)).problem.endswith("cannot be probed: its path is not UTF-8")


def test_a_file_that_may_not_be_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = str(tmp_path / "main.py")
    Path(path).touch()
    monkeypatch.setattr("builtins.open", refuse)  # the superuser may read everything
    assert read_source(path).problem == f"{path} cannot be read: permission denied"


def test_every_problem_is_one_line() -> None:
    for data in (b"\0", b"\xe9", b"# coding: x\n", b"\n# coding: \xe9\n"):
        problem = decode_source(data, "main.py").problem
        assert problem
        assert "\n" not in problem
