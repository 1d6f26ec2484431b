"""Occurrence text: what a click will take, in a few words."""

from pyprobe.analysis.occurrence import Occurrence, OccurrenceKind

_WORDS = {
    OccurrenceKind.STORE: ("store of {symbol}", "every binding, as it is bound"),
    OccurrenceKind.LOAD: ("load of {symbol}", "the value that is read here"),
    OccurrenceKind.PARAMETER: ("parameter {symbol}", "the argument, once a call"),
    OccurrenceKind.MEMBER_STORE: ("store to {symbol}", "the value stored there"),
    OccurrenceKind.BASE_STORE: ("{symbol} as a whole", "after the store into it"),
    OccurrenceKind.MEMBER_LOAD: ("load of {symbol}", "the value that is read here"),
    OccurrenceKind.RETURN: ("return", "the value as it is returned"),
    OccurrenceKind.YIELD: ("yield", "the value as it is yielded"),
}


def describe_occurrence(occurrence: Occurrence) -> str:
    """Return what a click takes, such as ``store of x in main(): every binding``."""
    what, when = _WORDS[occurrence.kind]
    where = f" in {occurrence.func}()" if occurrence.func else ""
    return f"{what.format(symbol=occurrence.symbol)}{where}: {when}"


def click_hint(occurrence: Occurrence, *, is_probed: bool) -> str:
    """Return the status hint under the mouse."""
    verb = "Click to remove the probe from the" if is_probed else "Click to probe the"
    return f"{verb} {describe_occurrence(occurrence)}"
