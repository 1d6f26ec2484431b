"""Measure what PyProbe costs, side by side with plain Python; print it and write it down.

.venv/bin/python scripts/bench.py [--only NAME]… [--quick] [--python PATH]… [--no-write]

With ``--only`` or ``--python`` the other rows of the document stay as they are.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "bench"))

from catalogue import ROWS  # noqa: E402  the folder of the rows must be on the path first
from envsetup.environments import Checkout, ensure_engines  # noqa: E402
from measuring import BenchError, Measurement, Setting, python_version  # noqa: E402
from tables import markdown, rows_before  # noqa: E402

from pyprobe.errors import PyProbeError  # noqa: E402

DOCUMENT = HERE.parent / "docs" / "performance.md"


def _pythons(named: list[str]) -> list[str]:
    if named:
        return [os.path.abspath(path) for path in named]
    engines = ensure_engines(Checkout(HERE.parent))
    return [str(python) for python in engines.values()] or [sys.executable]


def _measure(
    pythons: list[str], only: list[str], quick: bool
) -> dict[tuple[str, str], Measurement]:
    results: dict[tuple[str, str], Measurement] = {}
    for python in reversed(pythons):
        version = python_version(python)
        for row in ROWS:
            if (only and row.name not in only) or (row.once and python != pythons[-1]):
                continue
            try:
                result = row.measure(Setting(python, quick))
            except (BenchError, PyProbeError) as error:
                result = Measurement(f"failed: {error}", "", False)
            results[row.name, version] = result
            mark = {True: "reached", False: "NOT reached", None: ""}[result.met]
            print(f"{version:8s}{row.name:15s}{result.value:52s}{result.reference:40s}{mark}")
            sys.stdout.flush()
    return results


def main() -> int:
    # Users have PyProbe's bytecode compiled; without it every start would compile it anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    parser = argparse.ArgumentParser(description="Measure what PyProbe costs.")
    names = [row.name for row in ROWS]
    parser.add_argument("--only", action="append", default=[], choices=names, help="a row")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    parser.add_argument("--python", action="append", default=[], help="interpreter of the target")
    parser.add_argument("--no-write", action="store_true", help="leave docs/performance.md alone")
    options = parser.parse_args()
    pythons = _pythons(options.python)
    results = _measure(pythons, options.only, options.quick)
    if not options.no_write:
        versions = [python_version(python) for python in reversed(pythons)]
        partly = options.only or options.python
        before = rows_before(DOCUMENT.read_text(encoding="utf-8")) if partly else {}
        DOCUMENT.write_text(markdown(ROWS, results, versions, before), encoding="utf-8")
        print(f"written: {DOCUMENT}")
    missed = [key for key, result in results.items() if result.met is False]
    return 1 if any(not version.startswith("3.11") for _, version in missed) else 0


if __name__ == "__main__":
    sys.exit(main())
