"""The rows about what probing costs a CPU-bound program."""

from __future__ import annotations

import contextlib
import io
import os
import statistics
import subprocess
import tempfile
from pathlib import Path

import quiet
from instructions import instructions_said
from measuring import (
    PROGRAMS,
    BenchError,
    Measurement,
    Printed,
    Setting,
    is_monitored,
    occurrence,
    record_command,
    references,
    run_plain,
)
from pacing import Prepare, plain_ratio, slowdown, with_probe
from quiet import cost

from pyprobe.analysis.occurrence import OccurrenceKind

SCRIPT = "hot_loop.py"
PACED, LOOPS = "run_kind.py", "hot_kinds.py"
# A quarter of a second or less: some four captures at 50 ms. In a much shorter stretch the turns
# weigh that follow each command, with the probe and without it.
PACED_STEPS = 4_000_000
CAPTURES = 1_000_000
ROUNDS = 5  # that they come in: each lasts for some ten flushes
MEMORY_LIMIT_MIB = 250.0
CAPTURE_LIMIT_NS = 600.0


def _ratio(
    setting: Setting, symbol: str, throttle: str, limit: float, steps: int, *, beside: str = ""
) -> Measurement:
    def prepare_in(script: str) -> Prepare:
        probed = occurrence(script, OccurrenceKind.STORE, symbol, 1 if symbol == "x" else 0)
        return lambda session: with_probe(session, probed, script, throttle=throttle)

    stretches = slowdown(setting, PACED, "float", steps=steps, prepare=prepare_in(LOOPS))
    reference = stretches.said(steps)
    if is_monitored(setting.python):  # else a piece would take as long as a stretch
        told_apart = cost(setting, prepare=prepare_in(quiet.SCRIPT))
        reference += instructions_said(setting, PACED, "float", prepare=prepare_in(LOOPS)) + beside
        reference += f"; told apart {told_apart.to_plain:.3f} {told_apart.said()}"
    value = f"{stretches.to_plain:.3f} × plain"
    return Measurement(value, reference, stretches.to_plain <= limit)


def idle_probe(setting: Setting) -> Measurement:
    """One probe in code that does not run."""
    return _ratio(setting, "rest", "every", 1.01, PACED_STEPS)


def throttled_probe(setting: Setting) -> Measurement:
    """A 50 ms probe in the hottest line."""
    return _ratio(setting, "x", "50ms", 1.03, PACED_STEPS, beside=_bare_arming(setting))


def _bare_arming(setting: Setting) -> str:
    """Say what arming at that interval costs by itself, where the interpreter can be armed."""
    if not is_monitored(setting.python):
        return ""
    ratio = plain_ratio(setting, PACED, "rearmed.py", "float", steps=PACED_STEPS)
    return f", a bare thread that arms it {ratio:.3f} × plain"


def _arguments() -> tuple[str, str]:
    return str(ROUNDS), str(CAPTURES // ROUNDS)


def _record(setting: Setting, recording: Path) -> tuple[Printed, float]:
    """Record a million captures; return what the program printed and the peak MiB of `record`."""
    probed = occurrence(SCRIPT, OccurrenceKind.STORE, "x", 1)
    script = str(PROGRAMS / SCRIPT)
    spec = f"{script}:{probed.line}:x@{probed.col}"
    command = record_command(setting, recording, spec, script, *_arguments())
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stderr is not None
    stdout, stderr = process.stdout.read(), process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    process.stderr.close()
    if process.returncode:
        raise BenchError(f"record ended with {process.returncode}: {stderr[-500:]}")
    return Printed({"stdout": stdout, "stderr": stderr}), usage.ru_maxrss / 1024


def recorded_float(setting: Setting) -> Measurement:
    """`every` on a float in the hottest line, recorded losslessly to disk.

    The limit is meant for a quiet machine, and noise only ever adds. So the least of all rounds is
    told beside the median.
    """
    captures = CAPTURES + CAPTURES // ROUNDS // 10  # the program warms up with a tenth of a round
    peaks: list[float] = []
    plain_s: list[float] = []
    recorded_s: list[float] = []
    with tempfile.TemporaryDirectory(prefix="pyprobe-bench-") as folder:
        recording = Path(folder, "out.mcap")
        for _ in range(setting.repeats(40)):
            plain_s += run_plain(setting, SCRIPT, *_arguments()).numbers("seconds")
            printed, peak_mib = _record(setting, recording)
            recorded_s += printed.numbers("seconds")
            peaks += [peak_mib, printed.median("peak_mib")]
        complete = _all_there_in_order(recording, captures)
    to_ns = 1e9 / (CAPTURES // ROUNDS)
    cost_ns = (statistics.median(recorded_s) - statistics.median(plain_s)) * to_ns
    least_ns = (min(recorded_s) - min(plain_s)) * to_ns
    simplest = references(setting)
    met = cost_ns <= CAPTURE_LIMIT_NS and complete and max(peaks) <= MEMORY_LIMIT_MIB
    value = f"{cost_ns:.0f} ns a capture, {'all' if complete else 'NOT all'} there, "
    value += f"at most {max(peaks):.0f} MiB"
    middle_turn_ns, least_turn_ns = statistics.median(plain_s) * to_ns, min(plain_s) * to_ns
    reference = f"at least {least_ns:.0f} ns; plain {middle_turn_ns:.0f} ns a turn, "
    reference += f"at least {least_turn_ns:.0f}; "
    reference += f"bare callback {simplest.median('callback'):.0f} ns, "
    reference += f"list.append {simplest.median('append'):.0f} ns"
    return Measurement(value, reference, met)


def _all_there_in_order(recording: Path, captures: int) -> bool:
    """Return whether the recording holds every capture, in order, with the right values."""
    from pyprobe.cli import main

    table = recording.with_suffix(".csv")
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        code = main(["export", str(recording), "--format", "csv", "-o", str(table)])
    if code != 0:
        raise BenchError(f"the recording cannot be exported: {said.getvalue()}")
    last_seq, count = -1, 0
    with table.open(encoding="utf-8") as rows:
        header = next(rows).strip().split(",")
        seq_column = header.index("seq")
        for row in rows:
            seq = int(row.split(",", seq_column + 1)[seq_column])
            if seq <= last_seq:
                return False
            last_seq, count = seq, count + 1
    return count == captures
