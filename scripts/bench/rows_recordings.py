"""The rows about recordings: how long one of ten million captures takes to open."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path
from time import perf_counter_ns

import numpy as np
from measuring import BenchError, Measurement, Setting, run_script
from virtual_display import display_environment, virtual_display

from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.core.anchor import ProbeAnchor
from pyprobe.ipc.codec import encode
from pyprobe.ipc.messages import Captures
from pyprobe.session.launch import Program
from pyprobe.session.probe import Probe
from pyprobe.session.recording import Recorder

SCRIPT = Path(__file__).resolve().parent / "open_paint.py"
CAPTURES = 10_000_000
QUICK_CAPTURES = 1_000_000
PROBES = 4
FLUSH = 4096
OPEN_LIMIT_S = 2.0
STEP_NS = 500


def open_recording(setting: Setting) -> Measurement:
    """From the start of ``pyprobe open`` to the first plot painted in the window, and to all."""
    count = QUICK_CAPTURES if setting.quick else CAPTURES
    with tempfile.TemporaryDirectory() as folder, virtual_display() as display:
        path = make_recording(Path(folder), count)
        taken = [_open(path, count, display) for _ in range(setting.repeats(5))]
    first_s = statistics.median(first for first, _whole in taken)
    whole_s = statistics.median(whole for _first, whole in taken)
    return Measurement(
        f"{first_s:.2f} s, with all of them after {whole_s:.2f} s",
        f"{count:,} captures of {PROBES} probes, in the window",
        first_s <= OPEN_LIMIT_S,
    )


def _open(path: Path, count: int, display: str) -> tuple[float, float]:
    """Return when the first plot and when all captures were painted, in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**display_environment(display), "PYPROBE_CONFIG_DIR": folder}
        start_ns = perf_counter_ns()
        printed = run_script(SCRIPT, os.fspath(path), environment=environment)
    if printed.median("captures") != count:
        raise BenchError(f"{printed.median('captures'):.0f} of {count} captures were shown")
    plot_ns, whole_ns = printed.median("plot_ns"), printed.median("whole_ns")
    return (plot_ns - start_ns) / 1e9, (whole_ns - start_ns) / 1e9


def make_recording(folder: Path, count: int) -> Path:
    """Write a recording of floats as the target sends them: probes in turns, flush by flush."""
    source = "".join(f"x{number} = 1\n" for number in range(PROBES))
    script = folder / "script.py"
    script.write_text(source, encoding="utf-8")
    path = folder / "run.mcap"
    recorder = Recorder(str(path), Program("script.py", None, (), sys.executable, str(folder)))
    for number, found in enumerate(find_occurrences(source), 1):
        anchor = ProbeAnchor(str(script), found.line, found.col, found.symbol, found.func)
        recorder.add_probe(
            Probe(
                number,
                anchor,
                found,
                throttle="every",
                run_code=False,
                color_index=0,
                epoch_ns=0,
            )
        )
    random = np.random.default_rng(0)
    for first in range(0, count, FLUSH):
        message = _flush(random, first, min(FLUSH, count - first))
        recorder.write(encode(message), message)
    recorder.finish(None)
    if recorder.failure:
        raise BenchError(recorder.failure)
    return path


def _flush(random: np.random.Generator, first: int, count: int) -> Captures:
    seq = np.arange(first, first + count, dtype="<i8")
    t_ns = STEP_NS * seq + random.integers(0, STEP_NS, count)
    values = np.cumsum(random.normal(size=count))
    columns: list[object] = []
    for number in range(min(PROBES, count)):
        rows = slice(number, None, PROBES)
        columns.append(
            {
                "p": number + 1,
                "n": len(seq[rows]),
                "k": "f8",
                "d": "float",
                "s": seq[rows].tobytes(),
                "t": t_ns[rows].astype("<i8").tobytes(),
                "th": (7).to_bytes(8, "little"),
                "x": values[rows].tobytes(),
            }
        )
    return Captures(columns)
