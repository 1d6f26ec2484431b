"""Console text: turns a program's output into styled lines; knows escapes, ``\\r`` and ``\\b``."""

import re
from collections import deque
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

MAX_LINES = 100_000
MAX_LINE_CHARACTERS = 8192
_TAB_PARTS = 17  # the default colour and sixteen others
_SPECIAL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ESCAPE = re.compile(
    r"\x1b(?:\[([0-?]*)[ -/]*([@-~])"  # CSI: parameters, final character
    r"|\][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC, such as a window title
    r"|[ -/]+[0-~]|[0-Z\\^-~])"
)
_UNFINISHED_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*\x1b?|[ -/]*)\Z")
_FILE_LINE = re.compile(r'File "([^"\n]+)", line (\d+)')


class Stream(IntEnum):
    """Where text in the console comes from."""

    STDOUT = 0
    STDERR = 1
    SYSTEM = 2  # what PyProbe says
    INPUT = 3  # what the user typed


class TextStyle(NamedTuple):
    """How a character looks: ``color`` 0 is the stream's own, 1 to 16 are the ANSI colours."""

    stream: Stream
    color: int = 0
    bold: bool = False

    def code(self) -> int:
        """Return a small number that is unique to this style."""
        return (self.stream * 2 + self.bold) * _TAB_PARTS + self.color


STYLE_COUNT = len(Stream) * 2 * _TAB_PARTS


def style_of_code(code: int) -> TextStyle:
    """Return the style that has this code."""
    rest, color = divmod(code, _TAB_PARTS)
    stream, bold = divmod(rest, 2)
    return TextStyle(Stream(stream), color, bool(bold))


class Run(NamedTuple):
    """A piece of a line in one style."""

    text: str
    style: int


Line = tuple[Run, ...]


class SourceLink(NamedTuple):
    """A ``File "x", line n`` in a line: where it stands (characters) and where it leads."""

    start: int
    stop: int
    file: str
    line: int


def find_link(text: str) -> SourceLink | None:
    """Return the first source place a line of a traceback names."""
    match = _FILE_LINE.search(text)
    if match is None:
        return None
    return SourceLink(match.start(), match.end(), match.group(1), int(match.group(2)))


@dataclass(slots=True)
class Update:
    """What to do to the view: replace its last (open) line by ``lines`` and a new open line."""

    lines: list[Line] = field(default_factory=list)
    open_line: Line = ()
    lost_lines: int = 0


class ConsoleText:
    """Collects output between two frames; memory is bounded to ``max_lines`` lines."""

    def __init__(self, max_lines: int = MAX_LINES) -> None:
        self._done: deque[Line] = deque()
        self._max_lines = max_lines
        self._lost = 0
        self._finished = 0
        self._changed = False
        self._characters: list[str] = []
        self._styles: list[int] = []
        self._cursor = 0
        self._style = {stream: TextStyle(stream) for stream in Stream}
        self._rest = dict.fromkeys(Stream, "")

    @property
    def waiting(self) -> bool:
        """Whether ``take`` has something to give."""
        return self._changed

    @property
    def next_line(self) -> int:
        """How many lines have begun so far: the number of the next one."""
        return self._finished + bool(self._characters)

    def feed(self, stream: Stream, text: str) -> None:
        """Take a piece of output, of any length, cut anywhere."""
        self._changed = True
        text = self._rest[stream] + text
        self._rest[stream] = ""
        cut = _UNFINISHED_ESCAPE.search(text, max(0, len(text) - 256))
        if cut is not None:
            self._rest[stream], text = text[cut.start() :], text[: cut.start()]
        pieces = text.replace("\r\n", "\n").split("\n")
        self._write(stream, pieces[0])
        if len(pieces) == 1:
            return
        self._finish_line()
        whole = self._skip_what_would_be_lost(pieces[1:-1])
        if _SPECIAL.search(text) is None:
            self._add_plain_lines(whole, self._style[stream].code())
        else:
            for piece in whole:
                self._write(stream, piece)
                self._finish_line()
        self._write(stream, pieces[-1])

    def start_line(self, stream: Stream, text: str) -> None:
        """Write a whole line of its own, after ending a line that is still open."""
        if self._characters:
            self._finish_line()
        self.feed(stream, text + "\n")

    def clear(self) -> None:
        """Forget what waits, and the open line."""
        self._done.clear()
        self._characters, self._styles, self._cursor, self._lost = [], [], 0, 0
        self._changed = False

    def take(self, max_lines: int) -> Update:
        """Return what the view has to show now, at most ``max_lines`` finished lines of it."""
        count = min(max_lines, len(self._done))
        update = Update([self._done.popleft() for _ in range(count)], (), self._lost)
        self._lost = 0
        self._changed = bool(self._done)
        if not self._done:
            update.open_line = _runs(self._characters, self._styles)
        return update

    def _skip_what_would_be_lost(self, pieces: list[str]) -> list[str]:
        """Return the last lines of a flood: those before them would be let go at once."""
        surplus = max(0, len(pieces) - self._max_lines)
        self._lost += surplus
        self._finished += surplus
        return pieces[surplus:]

    def _add_plain_lines(self, pieces: list[str], code: int) -> None:
        for piece in pieces:
            if len(piece) > MAX_LINE_CHARACTERS:
                self._put(piece, code)
                self._finish_line()
            else:
                self._done.append((Run(piece, code),) if piece else ())
                self._finished += 1
        self._let_go_surplus()

    def _let_go_surplus(self) -> None:
        while len(self._done) > self._max_lines:
            self._done.popleft()
            self._lost += 1

    def _write(self, stream: Stream, text: str) -> None:
        code = self._style[stream].code()
        start = 0
        while (match := _SPECIAL.search(text, start)) is not None:
            self._put(text[start : match.start()], code)
            start = match.end()
            if match.group() == "\r":
                self._cursor = 0
            elif match.group() == "\b":
                self._cursor = max(0, self._cursor - 1)
            elif match.group() == "\x1b":
                escape = _ESCAPE.match(text, match.start())
                if escape is not None:
                    start = escape.end()
                    self._obey(stream, escape.group(1), escape.group(2))
                    code = self._style[stream].code()
        self._put(text[start:], code)

    def _put(self, text: str, code: int) -> None:
        while text:
            room = MAX_LINE_CHARACTERS - self._cursor
            part, text = text[:room], text[room:]
            stop = self._cursor + len(part)
            self._characters[self._cursor : stop] = part
            self._styles[self._cursor : stop] = [code] * len(part)
            self._cursor = stop
            if text:
                self._finish_line()

    def _obey(self, stream: Stream, parameters: str | None, final: str | None) -> None:
        if final == "m":
            self._style[stream] = _apply_sgr(self._style[stream], parameters or "")
        elif final == "K":
            if parameters in ("1", "2"):
                self._characters, self._styles = [], []
                self._put(" " * self._cursor, self._style[stream].code())
            else:
                del self._characters[self._cursor :], self._styles[self._cursor :]

    def _finish_line(self) -> None:
        self._finished += 1
        self._done.append(_runs(self._characters, self._styles))
        self._characters, self._styles, self._cursor = [], [], 0
        self._let_go_surplus()


def _runs(characters: list[str], styles: list[int]) -> Line:
    if not characters:
        return ()
    text = "".join(characters)
    if styles.count(styles[0]) == len(styles):
        return (Run(text, styles[0]),)
    runs, start = [], 0
    for stop in range(1, len(text) + 1):
        if stop == len(text) or styles[stop] != styles[start]:
            runs.append(Run(text[start:stop], styles[start]))
            start = stop
    return tuple(runs)


def _apply_sgr(style: TextStyle, parameters: str) -> TextStyle:
    codes = [int(part) if part.isdigit() else 0 for part in parameters.split(";")]
    color, bold, position = style.color, style.bold, 0
    while position < len(codes):
        code = codes[position]
        position += 1
        if code == 0:
            color, bold = 0, False
        elif code in (1, 22):
            bold = code == 1
        elif code == 39:
            color = 0
        elif 30 <= code <= 37:
            color = code - 29
        elif 90 <= code <= 97:
            color = code - 81
        elif code in (38, 48):
            taken = codes[position : position + 5]
            if taken[:1] == [5]:
                if code == 38 and len(taken) > 1:
                    color = taken[1] + 1 if taken[1] < 16 else 0
                position += 2
            else:
                position += 4
    return TextStyle(style.stream, color, bold)
