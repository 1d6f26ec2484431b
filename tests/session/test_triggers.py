"""Triggers over the wire: a session's probe with a condition, in a real program."""

from pyprobe.core.trigger import Trigger, TriggerMode, TriggerState
from pyprobe.session.probe import Probe
from pyprobe.session.trigger_reading import TriggerReading
from tests.session.conftest import MakeSession
from tests.session.running import occurrence_of, until, until_end

LOOP = """\
for i in range(1000):
    x = i * 0.5
print("done")
"""
ENDLESS = """\
import time
x = 0
print("ready", flush=True)
while True:
    x += 1
    time.sleep(0.0005)
"""


def reading_of(probe: Probe) -> TriggerReading:
    assert probe.trigger_reading is not None
    return probe.trigger_reading


def test_captures_around_the_hit_for_which_it_holds(make_session: MakeSession) -> None:
    session, heard, file = make_session(LOOP)
    probe = session.add_probe(occurrence_of(file, "2:x"), str(file), throttle="every")
    session.set_trigger(probe, Trigger("x == 10", pre=2, post=1))
    session.start()
    assert until_end(session).exit_code == 0
    assert probe.history.scalars().value.tolist() == [9.0, 9.5, 10.0, 10.5]
    assert heard.output["stdout"] == "done\n"
    assert reading_of(probe).times == 1
    assert reading_of(probe).sentence == ""


def test_arrays_are_kept_from_before_the_trigger(make_session: MakeSession) -> None:
    source = (
        "import numpy as np\nfor i in range(30):\n    a = np.full(20_000, float(i))\n    b = i\n"
    )
    session, _heard, file = make_session(source)
    probe = session.add_probe(occurrence_of(file, "3:a"), str(file), throttle="every")
    session.set_trigger(probe, Trigger("i == 20", pre=3, post=2))
    session.start()
    until_end(session)
    last_elements = [float(capture.value.array[-1]) for capture in probe.history.arrays()]
    assert last_elements == [17.0, 18.0, 19.0, 20.0, 21.0, 22.0]


def test_set_changed_and_taken_away_while_the_program_runs(make_session: MakeSession) -> None:
    session, heard, file = make_session(ENDLESS)
    probe = session.add_probe(occurrence_of(file, "5:x@4"), str(file), throttle="every")
    session.set_trigger(probe, Trigger("nowhere > 1"))
    session.start()
    until(session, lambda: "ready" in heard.output["stdout"])
    until(session, lambda: bool(probe.trigger_reading and probe.trigger_reading.undecided))
    assert reading_of(probe).state is TriggerState.WAITING
    assert "there was no nowhere" in reading_of(probe).sentence
    assert probe.captured == 0
    session.set_trigger(probe, Trigger("x > 0", mode=TriggerMode.SINGLE, post=4))
    until(session, lambda: bool(probe.trigger_reading) and probe.captured == 5)
    until(session, lambda: reading_of(probe).state is TriggerState.STOPPED)
    session.set_trigger(probe, None)
    until(session, lambda: probe.captured > 20)
    assert probe.trigger_reading is None
    session.stop()
    until_end(session)


def test_a_trigger_that_fails_is_noted_once_and_the_program_goes_on(
    make_session: MakeSession,
) -> None:
    session, heard, file = make_session(LOOP)
    probe = session.add_probe(occurrence_of(file, "2:x"), str(file), throttle="every")
    session.set_trigger(probe, Trigger("py: 1 / (i - 900)"))
    session.start()
    assert until_end(session).exit_code == 0
    assert reading_of(probe).state is TriggerState.OFF
    assert probe.history.scalars().value[-1] == 499.5
    said = "switched off: `1 / (i - 900)` raised ZeroDivisionError: division by zero."
    assert heard.notes == [f"The trigger of x @ program.py:2 is {said}"]


def test_every_run_begins_with_the_trigger_as_it_was_set(make_session: MakeSession) -> None:
    session, _heard, file = make_session(LOOP)
    probe = session.add_probe(occurrence_of(file, "2:x"), str(file), throttle="every")
    session.set_trigger(probe, Trigger("x > 5", mode=TriggerMode.SINGLE))
    session.start()
    until_end(session)
    assert probe.history.scalars().value.tolist() == [5.5]
    session.restart()
    until_end(session)
    assert probe.history.scalars().value.tolist() == [5.5]


PAIR = """\
for i in range(100):
    a = i
    b = 2 * i
    c = 3 * i
"""


def test_probes_share_a_trigger_and_its_captures_from_before_and_after(
    make_session: MakeSession,
) -> None:
    session, _heard, file = make_session(PAIR)
    a, b, own = (
        session.add_probe(occurrence_of(file, spec), str(file), throttle="every")
        for spec in ("2:a", "3:b", "4:c")
    )
    session.set_trigger(own, Trigger("c == 30"))
    session.set_shared_trigger(Trigger("a == 50", pre=3, post=2))
    session.start()
    until_end(session)
    assert a.history.scalars().value.tolist() == [49.0, 50.0, 51.0]
    assert b.history.scalars().value.tolist() == [96.0, 98.0, 100.0]
    assert own.history.scalars().value.tolist() == [30.0]
    reading = session.trigger_board.trigger_reading
    assert reading is not None
    assert reading.times == 1
    assert a.trigger_reading is None
    assert reading_of(own).times == 1


def test_a_probe_shares_the_trigger_when_it_comes_and_when_its_own_goes(
    make_session: MakeSession,
) -> None:
    session, heard, file = make_session(ENDLESS)
    session.set_shared_trigger(Trigger("nowhere > 1"))
    session.start()
    until(session, lambda: "ready" in heard.output["stdout"])
    probe = session.add_probe(occurrence_of(file, "5:x@4"), str(file), throttle="every")
    board = session.trigger_board
    until(session, lambda: bool(board.trigger_reading and board.trigger_reading.undecided))
    assert probe.captured == 0
    session.set_trigger(probe, Trigger("x > 0"))
    until(session, lambda: probe.captured > 5)
    session.set_trigger(probe, None)
    session.set_shared_trigger(None)
    until(session, lambda: probe.captured > 20)
    session.set_shared_trigger(Trigger("x > 0", mode=TriggerMode.SINGLE, post=4))
    until(
        session,
        lambda: (
            board.trigger_reading is not None
            and board.trigger_reading.state is TriggerState.STOPPED
        ),
    )
    session.stop()
    until_end(session)


def test_a_shared_trigger_that_fails_is_noted(make_session: MakeSession) -> None:
    session, _heard, file = make_session(PAIR)
    probe = session.add_probe(occurrence_of(file, "2:a"), str(file), throttle="every")
    session.set_shared_trigger(Trigger("py: 1 / (a - 90)"))
    session.start()
    until_end(session)
    assert [note for note in session.notes if "The trigger of all probes is switched off" in note]
    assert probe.captured >= 10
