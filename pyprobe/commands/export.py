"""``pyprobe export``: turns a recording into jsonl, csv or npz."""

import argparse
import os
import sys
from collections.abc import Sequence

from pyprobe.commands.output import complain
from pyprobe.session.export import FORMATS, export
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
        help="the file to write; else standard output, for npz the recording's name with .npz",
    )
    return parser


def run(arguments: Sequence[str]) -> int:
    """Export one recording."""
    options = build_parser().parse_args(arguments)
    reader = RecordingReader(options.recording)
    try:
        count = export(reader, options.format, options.output)
    except BrokenPipeError:
        # The reader of our output has seen enough; Python must not fail when it flushes again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    cut_off = "" if reader.info.whole else "; the recording was cut off, this is all it holds"
    complain(f"{count:,} captures{cut_off}")
    return 0
