"""Calls of the C library: what goes in and comes out, and nothing else but RecursionError."""

import os
import sys
from ctypes import ArgumentError

import pytest

from pyprobe.ipc.gil_calls import character_array, errno_reader, library_function

pytestmark = pytest.mark.skipif(
    library_function("write") is None, reason="there are no such calls here"
)


def test_bytes_go_out_and_come_in() -> None:
    write, read = library_function("write"), library_function("read")
    assert write is not None
    assert read is not None
    ours, theirs = os.pipe()
    try:
        room = character_array(16)
        assert write(theirs, b"a\0b", 3) == 3
        assert read(ours, room, 16) == 3
        assert room.raw[:3] == b"a\0b"
    finally:
        os.close(ours)
        os.close(theirs)


def test_what_fails_says_so_and_raises_nothing() -> None:
    write, last_errno = library_function("write", with_errno=True), errno_reader()
    assert write is not None
    closed = os.dup(0)
    os.close(closed)
    assert write(closed, b"x", 1) == -1
    assert os.strerror(last_errno()) == "Bad file descriptor"


def test_what_there_is_not_is_none() -> None:
    assert library_function("no_such_function_at_all") is None


def test_at_the_limit_of_recursion_it_fails_as_any_call_does() -> None:
    write = library_function("write")
    assert write is not None
    raised: set[type[Exception]] = set()

    def deeper() -> None:
        try:
            write(-1, b"", 0)
        except (ArgumentError, RecursionError) as error:
            raised.add(type(error))
        deeper()

    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(300)
    try:
        with pytest.raises(RecursionError):
            deeper()
    finally:
        sys.setrecursionlimit(limit)
    assert raised <= {RecursionError}
