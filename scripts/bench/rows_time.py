"""The row about the window's time: how many positions a second a drag over arrays shows."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from measuring import LONGEST_S, BenchError, Measurement, Setting
from virtual_display import display_environment, virtual_display

SCRIPT = Path(__file__).resolve().parent / "time_drag.py"
POSITIONS_LIMIT = 30.0


def window_over_arrays(setting: Setting) -> Measurement:
    """The whole window dragged over 1,000 arrays of 1 MiB, each position painted."""
    count = 300 if setting.quick else 1000
    with virtual_display() as display, tempfile.TemporaryDirectory() as folder:
        environment = {**display_environment(display), "PYPROBE_CONFIG_DIR": folder}
        done = subprocess.run(
            [sys.executable, os.fspath(SCRIPT), str(count)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=LONGEST_S,
            check=False,
        )
    if done.returncode:
        raise BenchError(f"{SCRIPT.name} ended with {done.returncode}: {done.stderr[-500:]}")
    found = {word: float(number) for word, number in map(str.split, done.stdout.splitlines())}
    if found["kept"] != count:
        raise BenchError(f"{found['kept']:.0f} of {count} arrays were kept")
    rate = found["positions_per_s"]
    reference = f"{count} arrays of 1 MiB, every position painted"
    return Measurement(f"{rate:.0f} positions a second", reference, rate >= POSITIONS_LIMIT)
