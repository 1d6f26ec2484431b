"""A line of ours on stderr is written whole, also where nothing is buffered."""

import io
import sys
from collections.abc import Callable
from typing import Any

import pytest

from pyprobe.commands.output import complain, complain_beside_program


class Raw(io.RawIOBase):
    """A stream that keeps each write."""

    def __init__(self) -> None:
        self.writes: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        assert isinstance(data, bytes)
        self.writes.append(data)
        return len(data)


@pytest.mark.parametrize("say", [complain, complain_beside_program])
def test_what_the_program_writes_cannot_come_between_a_line_and_its_end(
    say: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = Raw()
    unbuffered: Any = raw
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(unbuffered, write_through=True))
    say("It is so.")
    assert raw.writes == [b"pyprobe: It is so.\n"]
