"""The row about the window's time: how many positions a second a drag over arrays shows."""

from __future__ import annotations

import tempfile
from pathlib import Path

from measuring import BenchError, Measurement, Setting, run_script
from virtual_display import display_environment, virtual_display

SCRIPT = Path(__file__).resolve().parent / "time_drag.py"
POSITIONS_LIMIT = 30.0


def window_over_arrays(setting: Setting) -> Measurement:
    """The whole window dragged over 1,000 arrays of 1 MiB, each position painted."""
    count = 300 if setting.quick else 1000
    with virtual_display() as display, tempfile.TemporaryDirectory() as folder:
        environment = {**display_environment(display), "PYPROBE_CONFIG_DIR": folder}
        printed = run_script(SCRIPT, str(count), environment=environment)
    kept = printed.median("kept")
    if kept != count:
        raise BenchError(f"{kept:.0f} of {count} arrays were kept")
    rate = printed.median("positions_per_s")
    reference = f"{count} arrays of 1 MiB, every position painted"
    return Measurement(f"{rate:.0f} positions a second", reference, rate >= POSITIONS_LIMIT)
