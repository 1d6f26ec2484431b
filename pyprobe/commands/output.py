"""How the commands speak on the terminal."""

import sys


def complain(sentence: str) -> None:
    """Write one line to stderr, marked as ours."""
    print(f"pyprobe: {sentence}", file=sys.stderr, flush=True)
