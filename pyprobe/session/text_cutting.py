"""Text cutting: numbers lose digits, all else its end, and no number is cut. Pure."""

import re
from bisect import bisect_right
from collections.abc import Callable
from decimal import Context, Decimal
from functools import partial
from math import isfinite

_MORE = "…"
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_ONE_NUMBER = re.compile(_NUMBER)
_NUMBERS = re.compile(
    rf"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|(?<![\w.])(?P<number>{_NUMBER})(?=j?(?![\w.]))"
)
_NUMBER_AT_END = re.compile(r"[-+−]?\d[\w.,+-]*$")
_WHOLE_NUMBER_AT_END = re.compile(rf"(?<![\w.]){_NUMBER}j?$")
_NO_END = " ,([{-+" + _MORE
_HUGE_INT = re.compile(r"-?0x[0-9a-f]+… \((int of \d+ bits)\)")
_AFTER_NUMBER = " ,;:)]}…"
_MOST_DIGITS, _DIGITS, _LEAST_DIGITS = 15, 6, 2
_EXACT_DIGITS = 15  # of a whole number among other things, which is worth its digits
_LOOKED_AT = 16  # times the room, as blanks and digits may give way


def shortened(text: str, characters: int, *, is_verbatim: bool) -> str:
    """Return a text that is longer than so many characters in one line of that many at most."""
    if not is_verbatim and _ONE_NUMBER.fullmatch(text):
        return _fitting(text, characters, is_verbatim=False) or _MORE
    head = _whole_start(text, _LOOKED_AT * characters)
    line = " ".join(head.split()) + ("" if len(head) == len(text) else _MORE)
    return _fitting(line, characters, is_verbatim=is_verbatim) or _MORE


def _fitting(text: str, characters: int, *, is_verbatim: bool) -> str:
    return text if len(text) <= characters else cut(text, len, characters, is_verbatim=is_verbatim)


def cut(text: str, width: Callable[[str], float], room: float, *, is_verbatim: bool) -> str:
    """Return as much of a value as has room; ``""`` when not even a word has."""
    if not is_verbatim:
        text = _HUGE_INT.sub(r"\1", text)
        is_number = _ONE_NUMBER.fullmatch(text) is not None
        for digits in range(_MOST_DIGITS if is_number else _DIGITS, _LEAST_DIGITS - 1, -1):
            shorter = (fewer_digits if is_number else _numbers_shorter)(text, digits)
            if width(shorter) <= room:
                return shorter
        if is_number:
            return ""
        text = _numbers_shorter(text, _DIGITS)
    return _cut(text, width, room)


def _cut(text: str, width: Callable[[str], float], room: float) -> str:
    """Return as much of the text as has room with an ellipsis, which never touches a number."""
    most = bisect_right(range(len(text)), room, key=lambda n: width(text[:n] + _MORE)) - 1
    kept = _whole_start(text, most).rstrip(_NO_END)
    while number := _WHOLE_NUMBER_AT_END.search(kept):
        apart = f"{',' if text[len(kept) :].startswith(',') else ''} {_MORE}"
        if width(kept + apart) <= room:
            return kept + apart
        kept = kept[: number.start()].rstrip(_NO_END)
    return kept + _MORE if kept else ""


def fewer_digits(number: str, digits: int = _DIGITS) -> str:
    """Return a number in so many significant digits; as it is where that is no shorter."""
    value = float(number)
    if isfinite(value):
        shorter = f"{value:.{digits}g}"
    else:  # larger than a float can be
        rounded = Context(prec=digits).create_decimal(Decimal(number))
        shorter = f"{rounded.normalize():e}"
    return shorter if len(shorter) < len(number) else number


def _numbers_shorter(text: str, digits: int) -> str:
    return _NUMBERS.sub(partial(_shorter, digits), text)


def _shorter(digits: int, found: re.Match[str]) -> str:
    number = found["number"]
    if number is None or (number.lstrip("+-").isdecimal() and len(number) <= _EXACT_DIGITS):
        return found[0]
    return fewer_digits(number, digits)


def _whole_start(text: str, characters: int) -> str:
    """Return at most so many characters, ending before a number that has not all of its own."""
    kept, after = text[: max(characters, 0)], text[characters : characters + 1]
    number = _NUMBER_AT_END.search(kept)
    if number is not None and after.strip(_AFTER_NUMBER):
        return kept[: number.start()]
    return kept
