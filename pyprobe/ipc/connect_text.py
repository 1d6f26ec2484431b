"""How a front end tells the target where to connect: one line of text in its environment.

Neither JSON nor anything else is needed to read it; importing that would delay the program's start.
"""

from collections.abc import Mapping


def write_connect(entries: Mapping[str, str | None]) -> str:
    """Return the line; entries that are None are left out."""
    return " ".join(
        f"{name}={text.encode('utf-8', 'surrogateescape').hex()}"
        for name, text in entries.items()
        if text is not None
    )


def read_connect(line: str) -> dict[str, str]:
    """Return the entries of a line.

    Raises:
        ValueError: it is not one that ``write_connect`` has made.
    """
    entries = {}
    for entry in line.split():
        name, _, digits = entry.partition("=")
        entries[name] = bytes.fromhex(digits).decode("utf-8", "surrogateescape")
    return entries
