"""Shorter forms of a trace's title, whole parts dropped in order of what is missed least. Pure."""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache

from pyprobe.session.short_text import ELLIPSIS

_PLACED = re.compile(r"(?P<symbol>.+?) @ .*?:(?P<line>\d+)(?P<rest> .+)?", re.DOTALL)
_NAMED = re.compile(r"(?P<name>\w+) = .+", re.DOTALL)
_ATTRIBUTES = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+")
_LEAST_LETTERS = 4  # fewer of a name say nothing


@lru_cache(1024)  # asked for with every frame
def title_forms(title: str) -> tuple[str, ...]:
    """Return a title and its shorter forms: without its file, its line, its first attributes.

    ``self.gain @ script.py:10`` goes on as ``self.gain @ line 10``, ``self.gain``, ``gain``; of a
    math trace ``tr3 = tr0 * 2`` the name remains.
    """
    placed = _PLACED.fullmatch(title)
    if placed is not None:
        symbol, rest = placed["symbol"], placed["rest"] or ""
        forms = [title, f"{symbol} @ line {placed['line']}{rest}", f"{symbol}{rest}"]
        if rest.startswith((" in ", " less ")):  # of which recording it is
            forms.append(symbol)
    else:
        named = _NAMED.fullmatch(title)
        symbol = named["name"] if named is not None else title
        forms = [title, symbol]
    if _ATTRIBUTES.fullmatch(symbol):
        parts = symbol.split(".")
        forms += [".".join(parts[first:]) for first in range(1, len(parts))]
    return tuple(dict.fromkeys(forms))


def name_of(title: str) -> str:
    """Return a title without its place: ``x @ script.py:10`` is ``x``."""
    placed, named = _PLACED.fullmatch(title), _NAMED.fullmatch(title)
    if placed is not None:
        return f"{placed['symbol']}{placed['rest'] or ''}"
    return named["name"] if named is not None else title


def cut_end(
    text: str, width: Callable[[str], float], room: float, *, least: int = _LEAST_LETTERS
) -> str:
    """Return as many letters as have room with an ellipsis, ``""`` when they are fewer than least.

    A text that has room is returned whole. ``width`` gives the width of a text in the unit of
    ``room``.
    """
    if width(text) <= room:
        return text
    most = (
        bisect_right(range(len(text)), room, key=lambda count: width(text[:count] + ELLIPSIS)) - 1
    )
    return text[:most].rstrip() + ELLIPSIS if most >= least else ""


def told_apart(
    titles: Sequence[str], width: Callable[[Sequence[str]], float], room: float
) -> list[str]:
    """Return the longest forms of several titles that have room together and differ as the titles.

    ``width`` returns the width of all of them; when nothing has room, the shortest that differ.
    """
    all_forms = [title_forms(title) for title in titles]
    shortest = list(titles)
    for level in range(max((len(forms) for forms in all_forms), default=0)):
        shown = [forms[min(level, len(forms) - 1)] for forms in all_forms]
        if len(set(shown)) < len(set(titles)):
            continue
        if width(shown) <= room:
            return shown
        shortest = shown
    return shortest


def shortest_apart(titles: Sequence[str]) -> list[str]:
    """Return the shortest forms of several titles that differ as the titles do."""
    return told_apart(titles, len, -1.0)
