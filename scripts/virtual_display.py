"""A virtual X display for as long as a `with` block lasts; used by demo, screenshots and tests."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

WAIT_S = 20.0


class NoVirtualDisplay(Exception):
    """Xvfb is missing or did not start."""


def has_display() -> bool:
    """Return whether windows can be opened here without a virtual display."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@contextlib.contextmanager
def virtual_display(width: int = 1600, height: int = 1000) -> Iterator[str]:
    """Run an X server without a screen; yield its name, such as ``:7``.

    Raises:
        NoVirtualDisplay: Xvfb cannot be started.
    """
    read_end, write_end = os.pipe()
    command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", f"{width}x{height}x24"]
    try:
        server = subprocess.Popen(
            [*command, "-nolisten", "tcp", "-noreset"],
            pass_fds=[write_end],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        os.close(read_end)
        raise NoVirtualDisplay(f"Xvfb cannot be started: {error}") from error
    finally:
        os.close(write_end)
    try:
        with os.fdopen(read_end, encoding="ascii") as answer:
            number = answer.readline().strip()
        if not number:
            raise NoVirtualDisplay("Xvfb ended before it was ready")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(WAIT_S)


def display_environment(name: str) -> dict[str, str]:
    """Return this process's environment, with windows sent to the display ``name``."""
    environment = {key: value for key, value in os.environ.items() if key != "WAYLAND_DISPLAY"}
    return {**environment, "DISPLAY": name, "QT_QPA_PLATFORM": "xcb"}
