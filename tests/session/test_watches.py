"""Conditions and monitors of a session: snapshots, pauses, and when capturing begins and ends."""

from typing import Any

import pytest

from pyprobe.conditions import ConditionSyntaxError
from pyprobe.core.trigger import TriggerState
from pyprobe.errors import PyProbeError
from pyprobe.session.listener import ProgramState
from pyprobe.session.monitor import Handle
from pyprobe.session.session import Session
from tests.session.conftest import MakeSession
from tests.session.running import occurrence_of, until, until_end

LOOP = """\
def run(gain):
    for i in range(100):
        x = i * gain
        y = -x
run(0.5)
"""
ENDLESS = """\
import time
x = 0
print("ready", flush=True)
while True:
    x += 1
    time.sleep(0.0005)
"""


def state_of(session: Session) -> ProgramState:
    """A state that a type checker does not take for settled."""
    return session.state


def state_of_watch(handle: Handle) -> TriggerState | None:
    return handle.reading.state if handle.reading is not None else None


def values(probe: Any) -> list[float]:
    found: list[float] = probe.history.scalars().value.tolist()
    return found


def test_a_snapshot_keeps_the_locals_and_every_probes_value(make_session: MakeSession) -> None:
    session, _heard, file = make_session(LOOP)
    x = session.add_probe(occurrence_of(file, "3:x"), str(file), throttle="every")
    y = session.add_probe(occurrence_of(file, "4:y"), str(file), throttle="every")
    handle = session.when("x == 20", at=x).snapshot("late")
    session.start()
    until_end(session)
    (taken,) = session.snapshots.find_all("late")
    assert session.history.find("late") is taken
    assert taken.place == f"{file}:4 run"
    assert taken.variables == {"gain": "0.5", "i": "40", "x": "20.0", "y": "-19.5"}
    assert (taken.probes[x.id].text, taken.probes[y.id].text) == ("20", "-19.5")
    assert taken.seq == taken.probes[x.id].seq + 1
    assert session.snapshots.labels == ["late"]
    assert session.snapshots.find("early") is None
    assert handle.reading is not None
    assert handle.reading.times == 1
    assert len(values(x)) == 100


def test_a_level_acts_when_it_is_reached_and_an_edge_each_time(make_session: MakeSession) -> None:
    session, _heard, file = make_session("for i in range(20):\n    x = i % 5\n    odd = i // 2\n")
    probe = session.add_probe(occurrence_of(file, "2:x"), str(file), throttle="every")
    session.when("x >= 3", at=probe).snapshot("level")
    session.when("changed(x)", at=probe).snapshot("edge")
    session.start()
    until_end(session)
    assert len(session.snapshots.find_all("level")) == 4
    assert len(session.snapshots.find_all("edge")) == 19


def test_a_snapshot_is_taken_of_a_hit_that_the_throttle_passes_over(
    make_session: MakeSession,
) -> None:
    session, _heard, file = make_session(LOOP)
    probe = session.add_probe(occurrence_of(file, "3:x"), str(file), throttle="1e6ms")
    session.when("x == 20").snapshot("late")
    session.start()
    until_end(session)
    assert len(session.snapshots.find_all("late")) == 1
    assert values(probe) == [0.0]


def test_it_pauses_the_program_where_the_condition_holds(make_session: MakeSession) -> None:
    session, _heard, file = make_session(ENDLESS)
    probe = session.add_probe(occurrence_of(file, "5:x@4"), str(file), throttle="every")
    handle = session.when("x == 50").pause()
    session.start()
    until(session, lambda: session.state is ProgramState.PAUSED)
    assert session.halted_at is not None
    assert session.halted_at[1] == 6
    until(session, lambda: probe.captured == 50)
    handle.remove()
    handle.remove()
    session.resume()
    until(session, lambda: probe.captured > 60)
    assert state_of(session) is ProgramState.RUNNING
    session.stop()
    until_end(session)


def test_capturing_begins_and_ends_where_it_is_told(make_session: MakeSession) -> None:
    session, heard, file = make_session(LOOP + "print('end')\n")
    x = session.add_probe(occurrence_of(file, "3:x"), str(file), throttle="every")
    y = session.add_probe(occurrence_of(file, "4:y"), str(file), throttle="every")
    session.when("x == 20", at=x).start()
    session.when("x == 22", at=x).stop()
    session.start()
    assert until_end(session).exit_code == 0
    assert values(x) == [20.0, 20.5, 21.0, 21.5, 22.0]
    assert values(y) == [-20.0, -20.5, -21.0, -21.5]
    assert heard.output["stdout"] == "end\n"


def test_a_watch_is_switched_off_and_on_while_the_program_runs(make_session: MakeSession) -> None:
    session, heard, file = make_session(ENDLESS)
    probe = session.add_probe(occurrence_of(file, "5:x@4"), str(file), throttle="every")
    session.start()
    until(session, lambda: "ready" in heard.output["stdout"])
    handle = session.when("changed(x)").snapshot("change")
    until(session, lambda: len(session.snapshots) > 3)
    handle.disable()
    handle.disable()
    assert not handle.is_enabled

    def captures_since_a_snapshot() -> int:
        taken = session.snapshots.find("change")
        assert taken is not None
        return probe.history.scalar_at(probe.history.count - 1).seq - taken.seq

    until(session, lambda: captures_since_a_snapshot() > 50, "captures without snapshots")
    taken = len(session.snapshots)
    handle.enable()
    until(session, lambda: len(session.snapshots) > taken)
    assert session.snapshots.find("change") is not None
    session.stop()
    until_end(session)


def test_a_condition_that_cannot_be_decided_is_noted_once(make_session: MakeSession) -> None:
    session, heard, file = make_session(LOOP)
    probe = session.add_probe(occurrence_of(file, "3:x"), str(file), throttle="every")
    handle = session.when("py: 1 / (i - 50) > 9").snapshot("never")
    missing = session.when("nowhere > 1").snapshot("never")
    session.start()
    assert until_end(session).exit_code == 0
    assert state_of_watch(handle) is TriggerState.OFF
    assert state_of_watch(missing) is TriggerState.WAITING
    assert missing.reading is not None
    assert missing.reading.undecided["nowhere"].times == 100
    assert [note for note in heard.notes if "switched off" in note] == heard.notes
    assert len(heard.notes) == 1
    assert probe.captured == 100


def test_a_monitor_hears_every_capture_of_its_name(make_session: MakeSession) -> None:
    session, heard, file = make_session(LOOP)
    session.add_probe(occurrence_of(file, "3:x"), str(file), throttle="every")
    session.add_probe(occurrence_of(file, "4:y"), str(file), throttle="every")
    seen: list[object] = []
    off = session.monitor("x", lambda capture: seen.append("off"))
    off.disable()
    session.monitor("x", lambda capture: 1 / 0)
    handle = session.monitor("x", lambda capture: seen.append(getattr(capture.value, "value", "")))
    session.start()
    assert until_end(session).exit_code == 0
    assert seen == [i * 0.5 for i in range(100)]
    assert heard.notes == [
        "The callback that monitors x raised ZeroDivisionError: division by zero"
    ]
    handle.remove()
    handle.remove()
    assert not handle.is_enabled


def test_a_new_run_asks_the_same_conditions(make_session: MakeSession) -> None:
    session, _heard, file = make_session(LOOP)
    session.add_probe(occurrence_of(file, "3:x"), str(file), throttle="every")
    session.when("x == 20").snapshot("late")
    session.start()
    until_end(session)
    session.restart()
    until_end(session)
    assert [one.number for one in session.snapshots.find_all("late")] == [1, 2]


def test_refuses_what_is_no_condition_and_a_snapshot_without_a_label(
    make_session: MakeSession,
) -> None:
    session, _heard, _file = make_session(LOOP)
    with pytest.raises(ConditionSyntaxError):
        session.when("x >")
    with pytest.raises(PyProbeError, match="label"):
        session.when("x > 1").snapshot("")
