"""The rows about live plots: many fast traces, and large images, in the real window."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from measuring import (
    LONGEST_S,
    PROGRAMS,
    Measurement,
    Printed,
    Setting,
    occurrence,
    run_plain,
    run_script,
)
from virtual_display import display_environment, virtual_display

from pyprobe.analysis.occurrence import OccurrenceKind
from pyprobe.session.recording_reader import RecordingReader

SCRIPT = Path(__file__).resolve().parent / "live_window.py"
FRAMES_LIMIT = 30.0
NAMES = "abcdefghjklmnopq"
RATE = 100_000
RATE_SHARE = 0.95  # of the rate, which a program that sleeps now and then does not hold exactly
BUDGET_PERCENT = 5.0


def _run_window(seconds: float, specs: list[str], *program: str) -> Printed:
    """Run a program in the window; return what it and the window's counting printed."""
    with virtual_display() as display, tempfile.TemporaryDirectory() as folder:
        environment = {**display_environment(display), "PYPROBE_CONFIG_DIR": folder}
        return run_script(SCRIPT, str(seconds), *specs, "--", *program, environment=environment)


def _specs(script: str, names: Sequence[str], throttle: str) -> list[str]:
    found = [occurrence(script, OccurrenceKind.STORE, name) for name in names]
    return [f"{PROGRAMS / script}:{one.line}:{one.symbol}@{one.col}={throttle}" for one in found]


def many_fast_traces(setting: Setting) -> Measurement:
    """16 floats bound 100,000 times a second each: drawn live, and recorded whole."""
    seconds = 4.0 if setting.quick else 10.0
    script = str(PROGRAMS / "many_rates.py")
    specs = _specs("many_rates.py", NAMES, "every")
    program = (script, str(seconds + 4.0), str(RATE))
    printed = _run_window(seconds, specs, setting.python, *program)
    frames, rate = printed.median("frames"), printed.median("captures")
    lost, recorded_rate = _record(setting, specs, script, str(seconds / 2), str(RATE))
    met = frames >= FRAMES_LIMIT and rate >= RATE_SHARE * RATE and not lost
    whole = "nothing lost" if not lost else f"{lost:,} LOST"
    return Measurement(
        f"{frames:.0f} frames a second at {rate:,.0f} captures a second each, {whole} in `record`",
        f"`record` alone: {recorded_rate:,.0f} a second each",
        met,
    )


def _record(setting: Setting, specs: list[str], *program: str) -> tuple[int, float]:
    """Return how many captures of a recorded run are missing, and turns a second."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "run.mcap")
        pyprobe = str(Path(sys.executable).with_name("pyprobe"))
        probes = [word for spec in specs for word in ("-p", spec)]
        command = [pyprobe, "record", "--python", setting.python, *probes, "-o", path, *program]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=LONGEST_S, check=False
        )
        printed = Printed({"stdout": done.stdout, "stderr": done.stderr})
        wanted = round(printed.median("turns"))
        counts: dict[int, int] = {}
        for columns in RecordingReader(path).columns():
            for column in columns:
                counts[column.probe_id] = counts.get(column.probe_id, 0) + column.count
    lost = sum(wanted - count for count in counts.values()) + wanted * (len(specs) - len(counts))
    return lost, printed.median("rate")


def live_images(setting: Setting) -> Measurement:
    """Images of 1920 × 1080 uint8 at each hit, drawn live; what that costs the program."""
    images = "1000" if setting.quick else "2000"  # which last longer than the warm-up
    (spec,) = _specs("camera.py", ["frame"], "auto")
    plain, probed, frames = [], [], []
    for _ in range(setting.repeats(3)):
        plain.append(run_plain(setting, "camera.py", images).median("seconds"))
        printed = _run_window(60.0, [spec], setting.python, str(PROGRAMS / "camera.py"), images)
        probed.append(printed.median("seconds"))
        frames.append(printed.median("frames"))
    plain_s, rate = statistics.median(plain), statistics.median(frames)
    slower = 100.0 * (statistics.median(probed) / plain_s - 1.0)
    return Measurement(
        f"{rate:.0f} frames a second, {slower:.1f} % slower",
        f"budget {BUDGET_PERCENT:g} %; plain {1000 * plain_s:.1f} ms an image",
        rate >= FRAMES_LIMIT and slower <= BUDGET_PERCENT,
    )
