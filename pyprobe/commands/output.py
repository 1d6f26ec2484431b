"""How the commands speak on the terminal."""

import sys
from contextlib import suppress


def complain(sentence: str) -> None:
    """Write one line to stderr, marked as ours, if there is somebody to read it."""
    if sys.stderr is None:  # closed by whoever started us; print() would take stdout instead
        return
    with suppress(OSError):
        print(f"pyprobe: {sentence}", file=sys.stderr, flush=True)


def captures_text(count: int) -> str:
    """Return a number of captures as one says it."""
    return f"{count:,} capture{'' if count == 1 else 's'}"
