"""Output lines: keeps what two streams wrote from breaking into each other's lines."""

from collections.abc import Sequence

from pyprobe.session.output import StreamName

Piece = tuple[StreamName, str]


class OutputLines:
    """Two pipes have no common order, so that a line that is written in pieces, as without a
    buffer, may be read with something of the other stream in between.

    A line that goes on in the pieces at hand is made whole first. One that is still open is held
    back once, until the next ``arrange``: then it is shown as it is, since it may be a prompt.
    """

    def __init__(self) -> None:
        self._held: list[Piece] = []

    @property
    def holds(self) -> bool:
        """Whether anything waits for the next ``arrange``."""
        return bool(self._held)

    def arrange(self, pieces: Sequence[Piece]) -> list[Piece]:
        """Return what can be shown, in order, neighbours of one stream joined."""
        waited = {stream for stream, _text in self._held}
        whole = _whole_lines([*self._held, *pieces])
        self._held = []
        for stream in ("stdout", "stderr"):
            if stream not in waited:
                self._hold_open_line(whole, stream)
        return _joined(whole)

    def _hold_open_line(self, pieces: list[Piece], stream: str) -> None:
        for place in range(len(pieces) - 1, -1, -1):
            name, text = pieces[place]
            if name == stream:
                end = text.rfind("\n") + 1
                if end < len(text):
                    self._held.append((name, text[end:]))
                    pieces[place] = (name, text[:end])
                return


def _whole_lines(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces with each open line followed at once by what completes it."""
    rest = list(pieces)
    whole: list[Piece] = []
    while rest:
        stream, text = rest.pop(0)
        place = 0
        while text and not text.endswith("\n") and place < len(rest):
            if rest[place][0] != stream:
                place += 1
                continue
            more = rest[place][1]
            end = more.find("\n") + 1 or len(more)
            text += more[:end]
            if end < len(more):
                rest[place] = (stream, more[end:])
            else:
                del rest[place]
        whole.append((stream, text))
    return whole


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    joined: list[Piece] = []
    for stream, text in pieces:
        if joined and joined[-1][0] == stream:
            joined[-1] = (stream, joined[-1][1] + text)
        elif text:
            joined.append((stream, text))
    return joined
