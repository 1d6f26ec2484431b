"""What the set-up says, and how it runs other programs quietly."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LOG_TAIL_LINES = 15


class SetupError(Exception):
    """The set-up cannot go on; the message says what to do."""


def say(text: str) -> None:
    """Print one line of progress."""
    print(f"set-up: {text}", file=sys.stderr, flush=True)


def run_quietly(command: list[str], log: Path, env: dict[str, str] | None = None) -> bool:
    """Run a command with its output appended to the log; return whether it succeeded."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as sink:
        sink.write(f"\n$ {' '.join(command)}\n")
        sink.flush()
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                env=env,
                check=False,
            )
        except OSError as error:
            sink.write(f"{error}\n")
            return False
    return done.returncode == 0


def tail(log: Path) -> str:
    """Return the last lines of the log."""
    return "\n".join(
        log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_TAIL_LINES:]
    )
