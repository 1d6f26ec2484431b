"""``pyprobe open``: its command line, and the recording it names, for the window to show."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from pyprobe.session.recorded_session import RecordedSession


@dataclass(frozen=True)
class OpenOptions:
    """How to open a recording's window: see WindowOptions."""

    session: RecordedSession
    screenshot: str | None
    quit_after_s: float | None


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of ``open``."""
    parser = argparse.ArgumentParser(
        prog="pyprobe open",
        description="Show a recording in the window it was made for, without its program.",
    )
    parser.add_argument("recording", metavar="RUN.mcap")
    parser.add_argument("--screenshot", metavar="FILE.png", help="write the window's picture")
    parser.add_argument(
        "--quit-after", metavar="SECONDS", type=float, help="close the window after this time"
    )
    return parser


def open_recording(arguments: Sequence[str]) -> OpenOptions:
    """Read the command line and open the recording; its captures are still to be loaded.

    Raises:
        RecordingError: the file cannot be read, is no recording of ours or a newer one.
    """
    options = build_parser().parse_args(arguments)
    session = RecordedSession(options.recording)
    return OpenOptions(session, options.screenshot, options.quit_after)
