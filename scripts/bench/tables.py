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
on any machine. This file is written by that command.
"""


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


def markdown(
    rows: Sequence[Row], results: Mapping[tuple[str, str], Measurement], versions: Sequence[str]
) -> str:
    """Return the whole document."""
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
            if result is not None:
                mark = verdict(result) if judged else "—"
                cells = (row.title, row.reach, result.value, result.reference, mark)
                parts.append(f"| {' | '.join(cells)} |")
        parts.append("")
    return "\n".join(parts)
