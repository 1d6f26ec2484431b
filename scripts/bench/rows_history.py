"""The rows about histories: a hundred million scalars, a cursor over arrays, memory over time."""

from __future__ import annotations

from pathlib import Path

from measuring import Measurement, Setting, run_script

SCRIPT = Path(__file__).resolve().parent / "history_load.py"
MEMORY_LIMIT_BYTES = 2 << 30
SCALARS = 100_000_000
FRAME_LIMIT_MS = 16.0
FLAT_BYTES = 32 << 20


def many_scalars(setting: Setting) -> Measurement:
    """A history of 100,000,000 floats: its memory, and the slowest frame of any zoom."""
    count = SCALARS // 10 if setting.quick else SCALARS
    printed = run_script(SCRIPT, "scalars", str(count))
    memory_bytes = printed.median("memory_bytes") * (SCALARS / count)
    frame_ms = printed.median("slowest_frame_ms")
    value = f"{memory_bytes / (1 << 30):.2f} GiB, {frame_ms:.1f} ms"
    met = memory_bytes <= MEMORY_LIMIT_BYTES and frame_ms <= FRAME_LIMIT_MS
    reference = f"{count:,} filled, {printed.median('append_ns'):.0f} ns a value"
    return Measurement(value, reference, met)


def volume_of_arrays(setting: Setting) -> Measurement:
    """100,000 arrays of 80 kB through the ring: how memory grows after the first tenth."""
    count = 10_000 if setting.quick else 100_000
    printed = run_script(SCRIPT, "volume", str(count))
    growth_bytes, memory_bytes = printed.median("growth_bytes"), printed.median("memory_bytes")
    value = f"{growth_bytes / (1 << 20):+.1f} MiB, of {memory_bytes / (1 << 20):.0f}"
    rate, kept = printed.median("arrays_per_s"), printed.median("kept")
    reference = f"{count:,} arrays, {rate:.0f} a second, {kept:.0f} kept"
    return Measurement(value, reference, growth_bytes <= FLAT_BYTES)
