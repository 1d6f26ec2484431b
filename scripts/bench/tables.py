"""How the bench's results are printed and written down."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path

from catalogue import Row
from measuring import Measurement

INTRODUCTION = """\
# Speed and memory

Measured by `make bench` (`python scripts/bench.py`), side by side with plain Python in one run; the
figures are medians. Beside each stands a reference from the same run, so that a ratio can be read
on any machine. A reference that begins with ± says by what part the figure may be off; one time in
ten it is off by more. What a probe costs a hot loop is also told apart from what else goes on on
the machine, as `scripts/bench/quiet.py` says: calm moments between hits are compared with plain's,
and what each hit adds is found by when it comes. Hot loops are timed as a program comes to them,
right after other Python code of its own, on a processor that nobody else uses: one that begins
where another process has just been is 2 to 5 % faster for seconds, plain or not
(`scripts/bench/programs/everyday.py`, `apart.py`). Each figure is one run's: where its ± reaches
over the limit, the next run may say otherwise. This file is written by that command.
"""


Cells = tuple[str, ...]
_HEADING = "## Python "
_COLUMNS = ["what", "reach", "measured", "reference", ""]


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def processor() -> str:
    """Return the processor's name, where the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def verdict(measurement: Measurement) -> str:
    """Return the mark beside a figure."""
    if measurement.met is None:
        return "—"
    return "reached" if measurement.met else "**not reached**"


def rows_before(document: str) -> dict[tuple[str, str], Cells]:
    """Return what a document says already: the cells of each row, by version and title."""
    found: dict[tuple[str, str], Cells] = {}
    version = ""
    for line in document.splitlines():
        if line.startswith(_HEADING):
            version = line.removeprefix(_HEADING)
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| ") and len(cells) == len(_COLUMNS) and cells != _COLUMNS:
            found[version, cells[0]] = tuple(cells)
    return found


def markdown(
    rows: Sequence[Row],
    results: Mapping[tuple[str, str], Measurement],
    versions: Sequence[str],
    before: Mapping[tuple[str, str], Cells] | None = None,
) -> str:
    """Return the whole document; rows that were not measured now stand as they did ``before``."""
    known = dict(before or {})
    versions = [*versions, *sorted({one for one, _ in known} - set(versions), key=_order)]
    versions = sorted(versions, key=_order, reverse=True) if before else versions
    machine = f"Machine: {processor()}, {os.cpu_count()} cores, {platform.system()}."
    parts = [INTRODUCTION, machine, ""]
    for version in versions:
        judged = not version.startswith("3.11")
        parts += [f"## Python {version}", ""]
        if not judged:
            parts += ["Measured and reported as it is; the aims are for 3.12 and newer.", ""]
        parts += ["| what | reach | measured | reference | |", "|---|---|---|---|---|"]
        for row in rows:
            result = results.get((row.name, version))
            cells = known.get((version, row.title))
            if result is not None:
                mark = verdict(result) if judged else "—"
                cells = (row.title, row.reach, result.value, result.reference, mark)
            if cells is not None:
                parts.append(f"| {' | '.join(cells)} |")
        parts.append("")
    return "\n".join(parts)
