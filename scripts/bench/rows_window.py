"""The rows about the window: first pixel, first paint, frames a second. Under a virtual display."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from time import perf_counter_ns

from measuring import (
    PROGRAMS,
    BenchError,
    Measurement,
    Printed,
    Setting,
    interleaved,
    occurrence,
    run_script,
)
from virtual_display import display_environment, virtual_display

from pyprobe.analysis.occurrence import OccurrenceKind

HERE = Path(__file__).resolve().parent
PIXEL_LIMIT_MS = 100.0
FRAMES_LIMIT = 30.0
PAINT_LIMIT = 1.5
FRAME_RATE = re.compile(r"([\d.]+) frames/s .*bare polylines: ([\d.]+) frames/s")


def _run(display: str, folder: str, script: str, *arguments: str) -> Printed:
    environment = {
        **display_environment(display),
        "PYPROBE_CONFIG_DIR": folder,
        "PYPROBE_E2E_REPORT": os.path.join(folder, "report"),
    }
    return run_script(HERE / script, *arguments, environment=environment)


def first_pixel(setting: Setting) -> Measurement:
    """From adding a probe while the program runs to its first drawn capture."""
    probed = occurrence("endless.py", OccurrenceKind.STORE, "x", 1)
    with virtual_display() as display, tempfile.TemporaryDirectory() as folder:
        printed = _run(
            display,
            folder,
            *("first_pixel.py", str(setting.repeats(40)), setting.python),
            *(str(PROGRAMS / "endless.py"), str(probed.line), str(probed.col)),
        )
    median_ms = printed.median("first_pixel_ns") / 1e6
    times_ms = [value / 1e6 for value in printed.numbers("first_pixel_ns")]
    reference = f"worst of all: {max(times_ms):.0f} ms"
    return Measurement(f"{median_ms:.0f} ms", reference, median_ms <= PIXEL_LIMIT_MS)


def first_paint(setting: Setting) -> Measurement:
    """`pyprobe script.py` to first paint, against a bare window with the same widgets."""
    with virtual_display() as display:

        def paint_ms(kind: str) -> float:
            with tempfile.TemporaryDirectory() as folder:
                start_ns = perf_counter_ns()
                program = str(PROGRAMS / "hot_loop.py")
                printed = _run(display, folder, "first_paint.py", kind, program)
            return (printed.median("first_paint_ns") - start_ns) / 1e6

        repeats = setting.repeats(11)
        for kind in ("bare", "pyprobe"):
            paint_ms(kind)
        bare, ours = interleaved(repeats, lambda: paint_ms("bare"), lambda: paint_ms("pyprobe"))
    ratio = ours / bare
    return Measurement(
        f"{ratio:.2f} × ({ours:.0f} ms)", f"bare window {bare:.0f} ms", ratio <= PAINT_LIMIT
    )


def many_traces(setting: Setting) -> Measurement:
    """16 traces of 1,000,000 points, all live."""
    with virtual_display() as display, tempfile.TemporaryDirectory() as folder:
        seconds = "3" if setting.quick else "8"
        text = _run(display, folder, "plots_fps.py", "--seconds", seconds).text["stdout"]
    found = FRAME_RATE.search(text)
    if found is None:
        raise BenchError(f"plots_fps.py printed: {text}")
    rate, bare = float(found[1]), float(found[2])
    reference = f"bare polylines {bare:.0f} frames a second"
    return Measurement(f"{rate:.0f} frames a second", reference, rate >= FRAMES_LIMIT)
