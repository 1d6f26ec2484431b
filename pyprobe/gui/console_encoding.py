"""Console encoding: lines of the console as the bytes, styles and links an editor takes. Pure."""

from collections.abc import Iterable
from typing import NamedTuple

from pyprobe.gui.console_text import Line, find_link


class Encoded(NamedTuple):
    """UTF-8 text; ``styles`` are runs of (bytes, style code); ``links`` are (offset, bytes)."""

    data: bytes
    styles: list[tuple[int, int]]
    links: list[tuple[int, int]]


def encode_lines(lines: Iterable[Line], open_line: Line) -> Encoded:
    """Encode finished lines and the open line after them."""
    encoder = _Encoder()
    for line in lines:
        encoder.add(line, "\n")
    encoder.add(open_line, "")
    return encoder.finish()


class _Encoder:
    """Gathers neighbours of one style, so that a flood of plain lines is encoded in one piece."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._styles: list[tuple[int, int]] = []
        self._links: list[tuple[int, int]] = []
        self._offset = 0
        self._texts: list[str] = []
        self._code = 0

    def add(self, line: Line, end: str) -> None:
        if not line:
            self._put(end, self._code)
            return
        if any("File " in run.text for run in line):
            self._note_link("".join(run.text for run in line))
        for run in line:
            self._put(run.text, run.style)
        self._put(end, line[-1].style)

    def finish(self) -> Encoded:
        self._flush()
        return Encoded(b"".join(self._parts), self._styles, self._links)

    def _put(self, text: str, code: int) -> None:
        if code != self._code:
            self._flush()
            self._code = code
        self._texts.append(text)

    def _flush(self) -> None:
        if self._texts:
            data = "".join(self._texts).encode("utf-8", "replace")
            self._texts = []
            if data:
                self._parts.append(data)
                self._styles.append((len(data), self._code))
                self._offset += len(data)

    def _note_link(self, text: str) -> None:
        link = find_link(text)
        if link is not None:
            self._flush()
            before = len(text[: link.start].encode("utf-8", "replace"))
            inside = len(text[link.start : link.stop].encode("utf-8", "replace"))
            self._links.append((self._offset + before, inside))
