"""The rows about histories: a hundred million scalars, a cursor over arrays, memory over time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from measuring import LONGEST_S, BenchError, Measurement, Setting

SCRIPT = Path(__file__).resolve().parent / "history_load.py"
MEMORY_LIMIT_BYTES = 2 << 30
SCALARS = 100_000_000
FRAME_LIMIT_MS = 16.0
FLAT_BYTES = 32 << 20


def _run(what: str, count: int) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), what, str(count)],
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )
    if done.returncode:
        raise BenchError(f"{SCRIPT.name} ended with {done.returncode}: {done.stderr[-500:]}")
    lines = (line.split() for line in done.stdout.splitlines())
    return {parts[0]: float(parts[1]) for parts in lines if len(parts) == 2}


def many_scalars(setting: Setting) -> Measurement:
    """A history of 100,000,000 floats: its memory, and the slowest frame of any zoom."""
    count = SCALARS // 10 if setting.quick else SCALARS
    found = _run("scalars", count)
    memory_bytes = found["memory_bytes"] * (SCALARS / count)
    frame_ms = found["slowest_frame_ms"]
    value = f"{memory_bytes / (1 << 30):.2f} GiB, {frame_ms:.1f} ms"
    met = memory_bytes <= MEMORY_LIMIT_BYTES and frame_ms <= FRAME_LIMIT_MS
    reference = f"{count:,} filled, {found['append_ns']:.0f} ns a value"
    return Measurement(value, reference, met)


def volume_of_arrays(setting: Setting) -> Measurement:
    """100,000 arrays of 80 kB through the ring: how memory grows after the first tenth."""
    count = 10_000 if setting.quick else 100_000
    found = _run("volume", count)
    growth_bytes, memory_bytes = found["growth_bytes"], found["memory_bytes"]
    value = f"{growth_bytes / (1 << 20):+.1f} MiB, of {memory_bytes / (1 << 20):.0f}"
    reference = f"{count:,} arrays, {found['arrays_per_s']:.0f} a second, {found['kept']:.0f} kept"
    return Measurement(value, reference, growth_bytes <= FLAT_BYTES)
