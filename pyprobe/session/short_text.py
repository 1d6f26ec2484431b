"""Short texts of values; what cuts them is loaded when the first has no room. Pure."""

from collections.abc import Callable

ELLIPSIS = "…"


def shorten(text: str, characters: int, *, is_verbatim: bool = False) -> str:
    """Return a value's text in one line of at most ``characters``; see ``cut_value``.

    ``is_verbatim``: no number in it loses digits, as it is a text of the program.
    """
    if len(text) <= characters:
        return " ".join(text.split())
    from pyprobe.session.text_cutting import shortened

    return shortened(text, characters, is_verbatim=is_verbatim)


def cut_value(
    text: str, width: Callable[[str], float], room: float, *, is_verbatim: bool = False
) -> str:
    """Return a value in less room: its numbers in fewer digits, and where that is not enough, cut.

    It is never cut within a number, as the first digits of one are another one. A text that has
    room is returned whole; ``""`` when not even a word has room. ``width`` gives the width of a
    text in the unit of ``room``.
    """
    if width(text) <= room:
        return text
    from pyprobe.session.text_cutting import cut

    return cut(text, width, room, is_verbatim=is_verbatim)
