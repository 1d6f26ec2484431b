"""Makes recordings for the tests, without running a program."""

import sys
from collections.abc import Sequence
from pathlib import Path

from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.core.anchor import ProbeAnchor
from pyprobe.ipc.codec import encode
from pyprobe.ipc.messages import Bye, Message
from pyprobe.session.ending import Ending
from pyprobe.session.launch import Program
from pyprobe.session.probe import Probe
from pyprobe.session.recording import Recorder
from tests.session.columns import captures_of

SCRIPT = "x = 1\ny = x + 1\nbuf = [y]\nbuf[0] = 2\n"
Rows = Sequence[tuple[int, object]]


def probes_of(file: Path, source: str = SCRIPT) -> list[Probe]:
    """Return a probe, numbered from 1, for every occurrence of a source text."""
    return [
        Probe(
            number,
            ProbeAnchor(str(file), one.line, one.col, one.symbol, one.func),
            one,
            throttle="every",
            run_code=False,
            color_index=0,
            epoch_ns=0,
        )
        for number, one in enumerate(find_occurrences(source), 1)
    ]


def probe_number(symbol: str, line: int, source: str = SCRIPT) -> int:
    """Return the number that ``probes_of`` gives an occurrence."""
    return 1 + next(
        index
        for index, one in enumerate(find_occurrences(source))
        if (one.symbol, one.line) == (symbol, line)
    )


def make_recording(
    folder: Path,
    rows: Rows,
    *,
    name: str = "run.mcap",
    source: str = SCRIPT,
    script: str = "script.py",
    others: Sequence[Message] = (),
    output: Sequence[tuple[str, str]] = (),
    ending: Ending | None = Ending(0, None, "ended with exit code 0"),  # noqa: B008 - frozen
    rows_a_chunk: int = 50,
) -> Path:
    """Write a recording of a script whose every occurrence is probed; return its path.

    ``rows`` are probe number and value, in order of execution.
    """
    file = folder / script
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(source, encoding="utf-8")
    path = folder / name
    program = Program(script, None, ("a", "b c"), sys.executable, str(folder))
    recorder = Recorder(str(path), program)
    for probe in probes_of(file, source):
        recorder.add_probe(probe)
    for message in others:
        recorder.write(encode(message), message)
    for start in range(0, len(rows), rows_a_chunk):
        message = captures_of(rows[start : start + rows_a_chunk], first_seq=start)
        recorder.write(encode(message), message)
        recorder.flush_now()
    for stream, text in output:
        recorder.add_output(stream, text)
    bye = Bye("end", len(rows), 0)
    recorder.write(encode(bye), bye)
    recorder.finish(ending)
    assert not recorder.failure
    return path
