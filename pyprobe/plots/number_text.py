"""Numbers as short text for readouts and labels."""

from math import isinf, isnan


def number_text(number: float) -> str:
    """Return a number in at most six digits: ``0.25``, ``1.5e+20``, ``nan``, ``-inf``."""
    if isnan(number):
        return "nan"
    if isinf(number):
        return "inf" if number > 0 else "-inf"
    if number == int(number) and abs(number) < 1e15:
        return f"{int(number)}"
    return f"{number:.6g}"


def count_text(count: int) -> str:
    """Return a whole number with separators: ``12,345``."""
    return f"{count:,}"
