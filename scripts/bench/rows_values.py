"""The rows about values on their way: large arrays, and the first capture of a new probe."""

from __future__ import annotations

import statistics
from time import perf_counter_ns

from measuring import (
    PROGRAMS,
    BenchError,
    Measurement,
    Setting,
    new_session,
    occurrence,
    process_until,
    run_plain,
    run_session,
)

from pyprobe.analysis.occurrence import OccurrenceKind

ARRAY_BYTES = 1 << 20
HITS = 5000
FIRST_HITS = 1000  # of arrays.py, timed by themselves
FIRST_CAPTURE_LIMIT_MS = 2.0


def big_arrays(setting: Setting) -> Measurement:
    """A 1 MiB float64 array each hit, all of them to the front end."""
    probed = occurrence("arrays.py", OccurrenceKind.STORE, "frame")
    plain_s = run_plain(setting, "arrays.py", str(HITS)).median("seconds")
    costs: list[float] = []
    first_costs: list[float] = []
    copies: list[float] = []
    kept_copies: list[float] = []
    told_copies: list[float] = []
    for _ in range(setting.repeats(5)):
        session, printed = run_session(
            setting, "arrays.py", str(HITS), probes=[(probed, "every")], lossless=True
        )
        if session.stats.received != FIRST_HITS + HITS:
            raise BenchError(f"{session.stats.received} of {FIRST_HITS + HITS} arrays arrived")
        costs.append(printed.median("seconds") - plain_s)
        first_costs.append(printed.median("first") - plain_s)
        copies.append(printed.median("copy"))
        kept_copies.append(printed.median("copy_kept"))
        told_copies.append(run_plain(setting, "told_copies.py", str(HITS)).median("told"))
    probed_rate = ARRAY_BYTES / statistics.median(costs) / 1e9
    copy_rate = ARRAY_BYTES / statistics.median(copies) / 1e9
    kept_rate = ARRAY_BYTES / statistics.median(kept_copies) / 1e9
    ratio = probed_rate / copy_rate
    value = f"{ratio:.2f} × np.copyto ({probed_rate:.1f} GB/s)"
    told_rate = ARRAY_BYTES / statistics.median(told_copies) / 1e9
    first_ratio = statistics.median(copies) / statistics.median(first_costs)
    reference = f"{first_ratio:.2f} × in the first {FIRST_HITS:,}, "
    reference += f"np.copyto {copy_rate:.1f} GB/s, {kept_rate:.1f} where the copies are kept, "
    reference += f"{told_rate:.1f} by a bare copy that another process is told of"
    return Measurement(value, reference, ratio >= 0.5)


def first_capture(setting: Setting) -> Measurement:
    """From adding a probe while the program runs to its first capture."""
    probed = occurrence("endless.py", OccurrenceKind.STORE, "x", 1)
    script = str(PROGRAMS / "endless.py")
    session, printed = new_session(setting, "endless.py")
    latencies_ms: list[float] = []
    try:
        session.start()
        process_until(session, lambda: "running" in printed.text["stdout"])
        for _ in range(setting.repeats(60)):
            added_ns = perf_counter_ns()
            probe = session.add_probe(probed, script, throttle="50ms")
            process_until(session, lambda probe=probe: probe.history.count > 0)  # type: ignore[misc]
            first_ns = int(probe.history.scalars().t_ns[0])
            latencies_ms.append((first_ns - added_ns) / 1e6)
            session.remove_probe(probe)
    finally:
        session.close()
    median_ms = statistics.median(latencies_ms)
    worst_ms = max(latencies_ms)
    return Measurement(
        f"{median_ms:.2f} ms",
        f"worst of all: {worst_ms:.1f} ms",
        median_ms <= FIRST_CAPTURE_LIMIT_MS,
    )
