"""``pyprobe labels``: the snapshots of a recording, or those of one label with their locals."""

import argparse
from collections.abc import Sequence

from pyprobe.commands.output import complain, say
from pyprobe.session.recording_reader import RecordingReader
from pyprobe.session.snapshot_labels import RecordedSnapshot, recorded_snapshots


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of ``labels``."""
    parser = argparse.ArgumentParser(
        prog="pyprobe labels",
        description="List the snapshots of a recording: capture number, seconds since the start, "
        "label and place. With LABEL only that one's, with the variables of each. Where the "
        "recording holds several runs, each line begins with its run.",
    )
    parser.add_argument("recording", metavar="RUN.mcap")
    parser.add_argument("label", metavar="LABEL", nargs="?")
    parser.add_argument("--run", metavar="N", type=int, help="those of one run only, from 1")
    return parser


def run(arguments: Sequence[str]) -> int:
    """List labels; the exit code is 1 if there is no such snapshot."""
    options = build_parser().parse_args(arguments)
    reader = RecordingReader(options.recording, run=options.run)
    count = 0
    for snapshot in recorded_snapshots(reader):
        if options.label in (None, snapshot.label):
            count += 1
            if reader.info.has_several_runs:
                say(f"run {snapshot.run}  ", end="")
            _print(snapshot, with_variables=options.label is not None)
    if reader.info.trouble:
        complain(reader.info.trouble)
    if not count:
        wanted = f" labelled {options.label!r}" if options.label is not None else ""
        complain(f"{options.recording} holds no snapshot{wanted}")
    return 0 if count else 1


def _print(snapshot: RecordedSnapshot, *, with_variables: bool) -> None:
    say(f"{snapshot.seq}  {snapshot.t_s:.6f} s  {snapshot.label}  {snapshot.place}")
    if with_variables:
        for name, text in snapshot.variables.items():
            say(f"    {name} = {text}")
