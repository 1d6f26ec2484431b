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
    assert "there is no nowhere" in reading_of(probe).sentence
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
