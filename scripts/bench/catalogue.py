"""The table of rows: what is measured, what must be reached, and by which function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import rows_breakpoints
import rows_budget
import rows_conditions
import rows_cost
import rows_history
import rows_live
import rows_recordings
import rows_start
import rows_time
import rows_values
import rows_window
from measuring import Measurement, Setting


@dataclass(frozen=True)
class Row:
    """One line of the table. ``once``: it does not depend on the target's interpreter."""

    name: str
    title: str
    reach: str
    measure: Callable[[Setting], Measurement]
    once: bool = False


ROWS = (
    Row(
        "idle",
        "a CPU-bound program, one probe in code that does not run",
        "1.01 × plain",
        rows_cost.idle_probe,
    ),
    Row(
        "throttled",
        "a 50 ms probe in its hottest line",
        "1.03 × plain",
        rows_cost.throttled_probe,
    ),
    Row(
        "every",
        "`every` on a float in the hottest line, recorded losslessly to disk",
        "600 ns a capture, all 1,000,000 there, in order, under 250 MiB",
        rows_cost.recorded_float,
    ),
    Row(
        "auto",
        "`auto` in the hottest line",
        "slow-down within the budget, ±2 points",
        rows_budget.auto_probe,
    ),
    Row(
        "arrays",
        "a 1 MiB float64 array each hit, to the front end",
        "half the bandwidth of np.copyto",
        rows_values.big_arrays,
    ),
    Row(
        "first-capture",
        "probe added while the program runs, to first capture",
        "2 ms, median",
        rows_values.first_capture,
    ),
    Row(
        "breakpoints",
        "a hot loop with a breakpoint in a cold line, and with a conditional one in its hot line",
        "1.03 × plain; 1 µs a hit whose condition is false",
        rows_breakpoints.cold_and_conditional,
    ),
    Row(
        "first-pixel",
        "probe added while the program runs, to first pixel",
        "100 ms, median",
        rows_window.first_pixel,
    ),
    Row(
        "traces",
        "16 traces of 1,000,000 points, all live",
        "30 frames a second",
        rows_window.many_traces,
        once=True,
    ),
    Row(
        "first-paint",
        "`pyprobe script.py` to first paint, against a bare window with the same widgets",
        "1.5 ×",
        rows_window.first_paint,
        once=True,
    ),
    Row(
        "start", "what the runner adds to the start of a program", "60 ms", rows_start.runner_start
    ),
    Row(
        "scalars",
        "a history of 100,000,000 float captures: memory, and one frame at any zoom",
        "2 GiB, 16 ms",
        rows_history.many_scalars,
        once=True,
    ),
    Row(
        "live-traces",
        "live: 16 traces at 100,000 captures a second each",
        "30 frames a second, nothing lost in `record`",
        rows_live.many_fast_traces,
        once=True,
    ),
    Row(
        "live-images",
        "2-D arrays of 1920×1080 uint8 each hit, drawn live",
        "30 frames a second; program slowed by less than the budget",
        rows_live.live_images,
        once=True,
    ),
    Row(
        "open",
        "opening a recording of 10,000,000 captures to first paint",
        "2 s",
        rows_recordings.open_recording,
        once=True,
    ),
    Row(
        "cursor",
        "dragging the time cursor over 1,000 arrays of 1 MiB",
        "30 positions a second",
        rows_time.window_over_arrays,
        once=True,
    ),
    Row(
        "volume",
        "memory over 100,000 live arrays of 80 kB",
        "flat",
        rows_history.volume_of_arrays,
        once=True,
    ),
    Row(
        "condition",
        "one comparison of a condition, on a local of a frame",
        "400 ns",
        rows_conditions.one_comparison,
    ),
)
