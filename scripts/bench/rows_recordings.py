"""The rows about recordings: how long one of ten million captures takes to open."""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np
from measuring import BenchError, Measurement, Setting

from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.core.anchor import ProbeAnchor
from pyprobe.ipc.codec import encode
from pyprobe.ipc.messages import Captures
from pyprobe.session.launch import Program
from pyprobe.session.probe import Probe
from pyprobe.session.recorded_session import RecordedSession
from pyprobe.session.recording import Recorder

CAPTURES = 10_000_000
QUICK_CAPTURES = 1_000_000
PROBES = 4
FLUSH = 4096
OPEN_LIMIT_S = 2.0
DRAWN_PIXELS = 1000
STEP_NS = 500


def open_recording(setting: Setting) -> Measurement:
    """From the path of a recording to all its captures in histories, each drawn once."""
    count = QUICK_CAPTURES if setting.quick else CAPTURES
    with tempfile.TemporaryDirectory() as folder:
        path = make_recording(Path(folder), count)
        taken = [_open(path, count) for _ in range(setting.repeats(5))]
    first_s = statistics.median(first for first, _whole in taken)
    whole_s = statistics.median(whole for _first, whole in taken)
    return Measurement(
        f"{whole_s:.2f} s ({count:,} captures)",
        f"the first of them drawn after {1000 * first_s:.0f} ms",
        whole_s <= OPEN_LIMIT_S,
    )


def _open(path: Path, count: int) -> tuple[float, float]:
    """Return when the first captures and when all were drawn, in seconds."""
    start_s = perf_counter()
    session = RecordedSession(str(path))
    session.load()
    _draw(session)
    first_s = perf_counter() - start_s
    while session.load(max_ms=50.0):
        pass
    _draw(session)
    whole_s = perf_counter() - start_s
    found = sum(probe.captured for probe in session.probes.values())
    session.close()
    if found != count:
        raise BenchError(f"{found} of {count} captures were read")
    return first_s, whole_s


def _draw(session: RecordedSession) -> None:
    for probe in session.probes.values():
        probe.history.envelope(0, probe.history.count, DRAWN_PIXELS)


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
