"""Makes the records of values that travel as text, within their bounds."""

from pyprobe.ipc.packed import PackedText

MAX_TEXT_CHARS = 4096
# Below this many bits an int has fewer digits than any limit the interpreter lets a program set.
_SAFE_DECIMAL_BITS = 2100
_LONGEST_DECIMAL_BITS = 13_600
_LEADING_BITS = 128


def packed_text(
    kind: str, type_name: str, text: str, *, cut: bool = False, failure: str = ""
) -> PackedText:
    """Return a text value, cut to 4,096 characters; ``kind`` is the classifier's dtype."""
    if len(text) > MAX_TEXT_CHARS:
        text, cut = text[:MAX_TEXT_CHARS], True
    return PackedText(
        {"kind": kind, "type": encodable(type_name)[:256], "text": encodable(text), "cut": cut},
        failure,
    )


def encodable(text: str) -> str:
    """Return the text with lone surrogates, which no encoding carries, written as escapes."""
    if text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def int_text(value: int) -> tuple[str, bool]:
    """Return an exact int of any size as text, and whether digits were left out.

    Decimal where that is cheap and the interpreter's digit limit lets it, else hexadecimal.
    """
    bits = value.bit_length()
    if bits <= _LONGEST_DECIMAL_BITS:
        try:
            return str(value), False
        except ValueError:  # the program has set a lower limit of digits
            return hex(value), False
    sign = "-" if value < 0 else ""
    leading = abs(value) >> (bits - _LEADING_BITS)
    return f"{sign}{leading:#x}… (int of {bits} bits)", True
