"""The values of numbers and strings written in a condition."""

LONGEST_NUMBER = 300  # beyond, a whole number could not be written out again
_ESCAPES = dict(zip("\\'\"nrt0abfv", "\\'\"\n\r\t\0\a\b\f\v", strict=True))
_CODE_LENGTHS = {"x": 2, "u": 4, "U": 8}
_HEX_DIGITS = frozenset("0123456789abcdefABCDEF")


def number_value(text: str) -> int | float | None:
    """Return a number as Python reads it, or None if this is none (or too long a one)."""
    if len(text) > LONGEST_NUMBER:
        return None
    try:
        return int(text, 0)
    except ValueError:
        pass
    if not any(char in text for char in ".eE"):
        return None  # such as 007
    try:
        return float(text)
    except ValueError:
        return None


def string_value(text: str) -> tuple[str, int]:
    """Return a quoted string's value and -1, or "" and the offset of a bad escape in ``text``."""
    inner_end = len(text) - 1
    parts, index = [], 1
    while index < inner_end:
        if text[index] != "\\":
            parts.append(text[index])
            index += 1
            continue
        char, used = _escape(text[index + 1 : inner_end])
        if not used:
            return "", index
        parts.append(char)
        index += 1 + used
    return "".join(parts), -1


def _escape(text: str) -> tuple[str, int]:
    """Return the character an escape stands for, and how many characters it takes; 0 if none."""
    letter = text[:1]
    if letter in _ESCAPES:
        return _ESCAPES[letter], 1
    length = _CODE_LENGTHS.get(letter, 0)
    digits = text[1 : 1 + length]
    if not length or len(digits) < length or not _HEX_DIGITS.issuperset(digits):
        return "", 0
    code = int(digits, 16)
    return (chr(code), 1 + length) if code <= 0x10FFFF else ("", 0)
