"""Helper: shows occurrences as short lines, so that tables of them can be read."""

from pyprobe.analysis.occurrence import Occurrence
from pyprobe.analysis.occurrences import find_occurrences


def listing(source: str) -> list[str]:
    """Return ``kind symbol line:col-end_col`` of every occurrence, in the order found."""
    return [short(occurrence) for occurrence in find_occurrences(source)]


def short(one: Occurrence) -> str:
    """Return one occurrence as ``kind symbol line:col-end_col``."""
    return f"{one.kind.value} {one.symbol} {one.line}:{one.col}-{one.end_col}"


def the(source: str, symbol: str, line: int | None = None) -> Occurrence:
    """Return the only occurrence of a symbol, or the only one on a line."""
    found = [
        one for one in find_occurrences(source) if one.symbol == symbol and line in (None, one.line)
    ]
    assert len(found) == 1, f"{symbol!r}: {[short(one) for one in found]}"
    return found[0]
