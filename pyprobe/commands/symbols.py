"""``pyprobe symbols``: every occurrence of a file that can be probed."""

import argparse
import json
from collections.abc import Sequence

from pyprobe.analysis.occurrence import Occurrence
from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.analysis.problems import SpecProblem
from pyprobe.analysis.source_file import read_source
from pyprobe.commands.output import say


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of ``symbols``."""
    parser = argparse.ArgumentParser(
        prog="pyprobe symbols",
        description="List what can be probed in a file: line, column, symbol, kind, function.",
    )
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--json", action="store_true", help="one JSON list instead of a table")
    return parser


def run(arguments: Sequence[str]) -> int:
    """List one file's occurrences, in the order of the text."""
    options = build_parser().parse_args(arguments)
    source = read_source(options.file)
    if source.problem:
        raise SpecProblem(source.problem)
    found = find_occurrences(source.text, filename=options.file)
    found.sort(key=lambda occurrence: (occurrence.line, occurrence.col, -occurrence.end_col))
    say(_as_json(found) if options.json else _as_table(found), end="")
    return 0


def _as_json(found: list[Occurrence]) -> str:
    rows = [
        {
            "line": occurrence.line,
            "col": occurrence.col,
            "symbol": occurrence.symbol,
            "kind": occurrence.kind.value,
            "func": occurrence.func,
        }
        for occurrence in found
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def _as_table(found: list[Occurrence]) -> str:
    symbol_width = max((len(occurrence.symbol) for occurrence in found), default=0)
    return "".join(
        f"{occurrence.line:>5} {occurrence.col:>4}  {occurrence.symbol:<{symbol_width}}  "
        f"{occurrence.kind.value:<12}  {occurrence.func}".rstrip()
        + "\n"
        for occurrence in found
    )
