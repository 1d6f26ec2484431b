"""While a recorder is attached nothing is dropped or reduced; afterwards the run is live."""

from pathlib import Path

import pytest

from pyprobe.session.recorded_session import RecordedSession
from pyprobe.session.recording import Recorder
from pyprobe.session.session import Session
from tests.session.conftest import MakeSession
from tests.session.running import Heard, occurrence_of, pipe_of, until, until_end

BURST = 3000  # arrays of 60,000 bytes: far more than ever waits on the way, in flushes of 16 MiB
BURSTS = f"""\
import sys, numpy
for number, line in enumerate(sys.stdin):
    for i in range({BURST}):
        row = numpy.full(7500, float(i))
    open(line.strip(), 'w').close()
    print('done', number, flush=True)
"""


def burst(session: Session, heard: Heard, marker: Path, number: int, *, waits: bool) -> None:
    """Let the program make a burst of captures while nobody takes them, then take what there is.

    It comes to an end alone unless it ``waits`` for us.
    """
    pipe = pipe_of(session)
    session.send_input(f"{marker}\n")
    while not (pipe.is_full if waits else marker.exists()):
        session.wait(0.05)
    assert marker.exists() is not waits
    until(session, lambda: f"done {number}" in heard.output["stdout"], "the burst")


def test_what_is_recorded_in_mid_run_is_whole_and_the_rest_is_live(
    make_session: MakeSession, tmp_path: Path
) -> None:
    session, heard, file = make_session(BURSTS)
    probe = session.add_probe(occurrence_of(file, "4:row"), str(file), throttle="every")
    session.start()
    until(session, lambda: session.hello is not None, "the greeting")
    path = str(tmp_path / "run.mcap")
    recorder = Recorder(path, session.program)
    session.attach_recorder(recorder)
    try:
        until(session, lambda: session.is_answered, "the new policy")
        burst(session, heard, tmp_path / "first", 0, waits=True)
        until(session, lambda: probe.captured == BURST, "the last capture")
    finally:
        session.detach_recorder()
        recorder.finish(None)
    assert probe.dropped == 0
    assert recorder.captures == BURST
    until(session, lambda: session.is_answered, "the old policy")
    burst(session, heard, tmp_path / "second", 1, waits=False)
    session.close_input()
    until_end(session)
    assert 0 < probe.captured - BURST < BURST
    assert probe.dropped == 2 * BURST - probe.captured
    recorded = RecordedSession(path)
    while recorded.load():
        pass
    recorded.close()
    assert recorded.probes[probe.id].history.count == BURST
    assert recorded.trouble == ""


ARRAYS = """\
import sys, numpy
for line in sys.stdin:
    big = numpy.arange(100_000)
    print('taken', flush=True)
"""


@pytest.mark.parametrize("records", [True, False])
def test_arrays_are_recorded_whole_whatever_the_window_asks_for(
    make_session: MakeSession, tmp_path: Path, records: bool
) -> None:
    session, _heard, file = make_session(ARRAYS, reduce_above=1000)
    probe = session.add_probe(occurrence_of(file, "3:big"), str(file), throttle="every")
    recorder = Recorder(str(tmp_path / "run.mcap"), session.program)
    if records:
        session.attach_recorder(recorder)  # before the run: it is configured so
    session.start()
    session.send_input("go\n")
    until(session, lambda: probe.captured == 1, "the capture")
    session.close_input()
    until_end(session)
    recorder.finish(session.ending)
    array = probe.history.last_array
    assert array is not None
    assert (array.size == 100_000) is records
