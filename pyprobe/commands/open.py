"""``pyprobe open``: shows a recording in the window, without its program."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from pyprobe.commands.output import complain
from pyprobe.commands.qt_check import check_qt
from pyprobe.commands.window_arguments import add_automation_options, check_automation
from pyprobe.session.environment import drop_foreign_qt_paths
from pyprobe.session.options import WindowOptions
from pyprobe.session.recorded_session import RecordedSession
from pyprobe.session.recording_reader import RecordingReader

EXIT_NO_WINDOW = 1


@dataclass(frozen=True)
class OpenOptions:
    """How to open a recording's window: see WindowOptions."""

    session: RecordedSession
    compare_with: str | None
    screenshot: str | None
    quit_after_s: float | None


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of ``open``."""
    parser = argparse.ArgumentParser(
        prog="pyprobe open",
        description="Show a recording in the window it was made for, without its program.",
    )
    parser.add_argument("recording", metavar="RUN.mcap")
    parser.add_argument("other", metavar="B.mcap", nargs="?", help="compare the recording with it")
    parser.add_argument(
        "--run", metavar="N", type=int, help="which run to show, from 1, of several (the last)"
    )
    add_automation_options(parser)
    return parser


def open_recording(arguments: Sequence[str]) -> OpenOptions:
    """Read the command line and open the recording; its captures are still to be loaded.

    Raises:
        RecordingError: the file cannot be read, is no recording of ours or a newer one.
    """
    parser = build_parser()
    options = parser.parse_args(arguments)
    check_automation(parser, options)
    if options.other is not None:
        RecordingReader(options.other).survey()  # refused here rather than in the window
    session = RecordedSession(options.recording, run=options.run)
    return OpenOptions(session, options.other, options.screenshot, options.quit_after)


def run(arguments: Sequence[str]) -> int:
    """Open the window; return the exit code."""
    options = open_recording(arguments)
    session = options.session
    try:
        drop_foreign_qt_paths()
        check = check_qt()
        if check.problem:
            complain(f"{check.problem}. Without a window: pyprobe export {session.path}")
            return EXIT_NO_WINDOW
        from pyprobe.gui.app import run_window  # here, as no other command needs Qt

        return run_window(
            WindowOptions(
                program=session.program,
                screenshot=options.screenshot,
                quit_after_s=options.quit_after_s,
                compare_with=options.compare_with,
            ),
            session,
        )
    finally:
        session.close()
