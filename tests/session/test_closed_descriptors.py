"""Programs that close descriptors which they do not know: ours are among them."""

from pyprobe.session.probe import ProbeStatus
from tests.session.conftest import MakeSession
from tests.session.running import occurrence_of, until, until_end

COUNT = 20_000
CLOSE_EACH = """\
for number in range(3, 1024):
    try:
        os.close(number)
    except OSError:
        pass
"""
PROGRAM = f"""\
import os
for i in range({COUNT}):
    x = i
CLOSE
for i in range(100):
    y = i
file = os.open(os.devnull, os.O_RDONLY)
print(file, flush=True)
input()
"""


def test_closerange_leaves_our_descriptors_open(make_session: MakeSession) -> None:
    session, heard, file = make_session(PROGRAM.replace("CLOSE", "os.closerange(3, 1024)"))
    early = session.add_probe(occurrence_of(file, "3:x"), str(file), throttle="every")
    late = session.add_probe(occurrence_of(file, "6:y"), str(file), throttle="every")
    session.start()
    until(session, lambda: heard.output["stdout"] == "3\n")
    session.send_input("\n")
    ending = until_end(session)
    assert (ending.exit_code, ending.complete) == (0, True)
    assert (early.captured, late.captured) == (COUNT, 100)
    assert not heard.notes


def test_captures_up_to_the_end_of_the_connection_are_saved(make_session: MakeSession) -> None:
    session, heard, file = make_session(PROGRAM.replace("CLOSE\n", CLOSE_EACH))
    probe = session.add_probe(occurrence_of(file, "3:x"), str(file), throttle="every")
    session.start()
    until(session, lambda: bool(heard.notes))
    (note,) = heard.notes
    assert note.startswith("The program has closed its connection to PyProbe, ")
    assert note.endswith("; from there on nothing is captured.")
    until(session, lambda: probe.captured == COUNT)
    assert probe.history.scalars().value.tolist() == list(range(COUNT))
    until(session, lambda: heard.output["stdout"] == "3\n")  # it was not ended
    session.send_input("\n")
    ending = until_end(session)
    assert (ending.exit_code, ending.complete) == (0, True)


def test_what_is_asked_of_a_program_that_is_cut_off_is_answered(make_session: MakeSession) -> None:
    session, heard, file = make_session(PROGRAM.replace("CLOSE\n", CLOSE_EACH))
    session.start()
    until(session, lambda: bool(heard.notes))
    late = session.add_probe(occurrence_of(file, "3:x"), str(file))
    assert late.status is ProbeStatus.INVALID
    assert late.detail == heard.notes[0]
    session.pause()
    assert not session.debug.is_pausing
    assert session.is_answered
    session.stop()
    assert until_end(session).signal == "SIGTERM"
