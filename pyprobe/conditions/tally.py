"""Tally: what the items of a condition could not decide, counted, with the newest reason."""


def how_often(times: int) -> str:
    """Return ``once``, or ``1,234 times``."""
    return "once" if times == 1 else f"{times:,} times"


class Tally:
    """Counts of items that were false for want of a value.

    ``missing`` counts by tag: there was no such name, attribute or element, or it could not be read
    without running code. ``not_comparable`` counts by item: its values are of unlike kinds. Two
    threads at the same instant may count as one.
    """

    __slots__ = ("missing", "not_comparable", "reasons")

    def __init__(self) -> None:
        self.missing: dict[str, int] = {}
        self.not_comparable: dict[str, int] = {}
        self.reasons: dict[str, str] = {}

    def miss(self, tag: str, error: Exception) -> bool:
        """Count a missing tag; return False, which its item then is."""
        self.missing[tag] = self.missing.get(tag, 0) + 1
        known = isinstance(error, KeyError)
        self.reasons[tag] = f"there was no {tag}" if known else str(error)
        return False

    def mismatch(self, item: str, reason: str) -> bool:
        """Count an item whose values cannot be compared; return False, which it then is."""
        self.not_comparable[item] = self.not_comparable.get(item, 0) + 1
        self.reasons[item] = reason
        return False
