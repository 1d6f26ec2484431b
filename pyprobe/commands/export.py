"""``pyprobe export``: turns a recording into a format other programs read."""

import argparse
import os
import sys
from collections.abc import Sequence

from pyprobe.commands.output import STDOUT, captures_text, complain
from pyprobe.commands.progress import PROGRESS, EndedBySignal, EndingSignals, ProgressShown
from pyprobe.errors import RecordingError
from pyprobe.session.ending import shell_exit_code
from pyprobe.session.export import FORMATS, TEXT_FORMATS, export
from pyprobe.session.recording_reader import RecordingReader


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of ``export``."""
    parser = argparse.ArgumentParser(
        prog="pyprobe export", description="Write the captures of a recording in another format."
    )
    parser.add_argument("recording", metavar="IN.mcap")
    parser.add_argument("--format", choices=FORMATS, required=True)
    parser.add_argument(
        "-o",
        "--output",
        metavar="OUT",
        help="the file to write, - for standard output (jsonl, csv); else standard output, or the "
        "recording's name with the format's ending",
    )
    parser.add_argument(
        "--run",
        metavar="N",
        type=int,
        help="only this run, counted from 1, of several",
    )
    parser.add_argument(
        "--progress",
        choices=PROGRESS,
        default="auto",
        help="how much is done, on standard error: on a terminal (auto), in lines, or not at all",
    )
    return parser


def run(arguments: Sequence[str]) -> int:
    """Export one recording."""
    options = build_parser().parse_args(arguments)
    output = None if options.output == STDOUT else options.output
    if options.output == STDOUT and options.format not in TEXT_FORMATS:
        raise RecordingError(
            f"{options.format} needs a file, and - is standard output; leave -o out for "
            "one beside the recording"
        )
    reader = RecordingReader(options.recording, run=options.run)
    try:
        with (
            EndingSignals(at_once=options.format in TEXT_FORMATS) as signals,
            ProgressShown(options.progress) as progress,
        ):

            def watch(fraction: float) -> None:
                signals.check()
                progress(fraction)

            count = export(reader, options.format, output, watch=watch)
    except EndedBySignal as ended:
        complain("the export was stopped, and no file was written")
        return shell_exit_code(-ended.number)
    except BrokenPipeError:
        # The reader of our output has seen enough; Python must not fail when it flushes again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    trouble = f"; {reader.info.trouble}" if reader.info.trouble else ""
    complain(f"{captures_text(count)}{_of_runs(reader, options.run)}{trouble}")
    return 0


def _of_runs(reader: RecordingReader, run: int | None) -> str:
    if not reader.info.has_several_runs:
        return ""
    runs = len(reader.info.runs)
    return f" of {runs} runs" if run is None else f" of run {run} of {runs}"
