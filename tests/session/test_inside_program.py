"""``import pyprobe`` inside a program: conditions, monitors and snapshots that it sets itself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import pyprobe
from pyprobe.conditions import ConditionSyntaxError
from pyprobe.session.recorded_session import RecordedSession
from pyprobe.session.recording import Recorder
from tests.session.conftest import TARGET_PYTHON, MakeSession
from tests.session.running import occurrence_of, until, until_end

ROOT = str(Path(pyprobe.__file__).parent.parent)
PREFACE = f"import sys\nsys.path.append({ROOT!r})\nimport pyprobe\n"


def test_a_snapshot_is_taken_shown_and_found(make_session: MakeSession) -> None:
    session, heard, file = make_session(
        PREFACE
        + """\
handle = pyprobe.when("x == 20").snapshot("late")
def run(gain):
    for i in range(100):
        x = i * gain
run(0.5)
found = pyprobe.history.find("late")
print(found.label, found.number, found.place.rpartition(":")[2], handle.is_enabled)
print(len(pyprobe.history.find_all()), pyprobe.history.find("never"))
handle.remove(), handle.remove(), handle.enable()
run(0.5)
print(len(pyprobe.history.find_all("late")), handle.is_enabled)
"""
    )
    probe = session.add_probe(occurrence_of(file, "7:x"), str(file), throttle="every")
    session.start()
    until_end(session)
    output = heard.output["stdout"]
    assert output == "late 41 7 run True\n1 None\n1 False\n", heard.output
    (taken,) = session.snapshots.find_all("late")
    assert (taken.seq, taken.place) == (41, f"{file}:7 run")
    assert taken.variables == {"gain": "0.5", "i": "40", "x": "20.0"}
    assert taken.probes[probe.id].text == "20"
    (one,) = session.trigger_board.programs_watches
    assert (one.watch.condition, one.label, one.is_programs) == ("x == 20", "late", True)


def test_a_recording_knows_the_snapshots_of_its_program(
    make_session: MakeSession, tmp_path: Path
) -> None:
    session, _heard, file = make_session(
        PREFACE + "pyprobe.when('x == 2').snapshot('two')\nfor i in range(5):\n    x = i\n"
    )
    path = str(tmp_path / "run.mcap")
    recorder = session.recorder = Recorder(path, session.program)
    session.add_probe(occurrence_of(file, "6:x"), str(file), throttle="every")
    session.start()
    recorder.finish(until_end(session))
    recorded = RecordedSession(path)
    while recorded.process_events():
        pass
    (taken,) = recorded.snapshots.find_all("two")
    assert taken.variables["x"] == "2"
    recorded.close()


def test_monitors_hear_values_and_what_they_raise_is_reported_once(
    make_session: MakeSession,
) -> None:
    session, heard, file = make_session(
        PREFACE
        + """\
heard = []
def fail(capture):
    raise KeyError("no")
first = pyprobe.monitor("x", lambda capture: heard.append(capture.value))
second = pyprobe.monitor("x", fail)
def run():
    for x in (1.5, 2, "text", [3], {4: 5}):
        pass
run()
first.disable()
run()
first.remove(), second.remove()
run()
first = pyprobe.monitor("x", lambda capture: heard.append(capture.line_number))
run()
print(heard[:5], set(heard[5:]), flush=True)
"""
    )
    session.add_probe(occurrence_of(file, "10:x"), str(file), throttle="every")
    session.start()
    until_end(session)
    assert heard.output["stdout"] == "[1.5, 2, 'text', [3], {4: 5}] {10}\n", heard.output
    raised = [note for note in heard.notes if "monitors x raised KeyError" in note]
    assert len(raised) == 1
    assert session.stats.captured == 20


def test_a_program_pauses_where_it_can_be_let_go_on(make_session: MakeSession) -> None:
    source = PREFACE + "pyprobe.when('x == 3').pause()\nfor i in range(9):\n    x = i\nprint(x)\n"
    session, heard, file = make_session(source)
    session.add_probe(occurrence_of(file, "6:x"), str(file), throttle="every")
    _ = session.debug
    session.start()
    until(session, lambda: session.debug.stop is not None, "the stop")
    stop = session.debug.stop
    assert stop is not None
    assert (stop.reason.value, stop.detail) == ("watch", "x == 3")
    session.resume()
    until_end(session)
    assert heard.output["stdout"] == "8\n"


def test_a_program_goes_on_where_nobody_could_let_it(make_session: MakeSession) -> None:
    source = PREFACE + "pyprobe.when('x == 3').pause()\nfor i in range(9):\n    x = i\nprint(x)\n"
    session, heard, file = make_session(source)
    session.add_probe(occurrence_of(file, "6:x"), str(file), throttle="every")
    session.start()
    until_end(session)
    assert heard.output["stdout"] == "8\n"
    assert any("asks to be paused when x == 3" in note for note in heard.notes)


ALONE = """
import pyprobe
before = set(__import__("sys").modules)
handle = pyprobe.when("x > 5").snapshot("late")
handle.enable(), handle.disable(), handle.remove()
pyprobe.when("x").pause(), pyprobe.when("x").start(), pyprobe.when("x").stop()
pyprobe.monitor("x", print).remove()
print(handle.is_enabled, handle.problem, pyprobe.history.find("late"), pyprobe.history.find_all())
try:
    pyprobe.when("x >")
except Exception as error:
    print(type(error).__name__)
"""


def test_without_pyprobe_nothing_happens() -> None:
    environment = {**os.environ, "PYTHONPATH": ROOT}
    command = [TARGET_PYTHON, "-W", "error", "-c", ALONE]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert done.stdout == "False  None []\nConditionSyntaxError\n"
    assert done.stderr == ""


def test_importing_it_loads_nothing_else() -> None:
    code = (
        "import sys; before = set(sys.modules); import pyprobe;"
        "print(sorted(set(sys.modules) - before))"
    )
    environment = {**os.environ, "PYTHONPATH": ROOT}
    command = [TARGET_PYTHON, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert done.stdout == "['pyprobe']\n"


def test_a_mistake_in_a_condition_shows_wherever_the_program_runs() -> None:
    assert "pytest" in sys.modules  # this process is not watched
    with pytest.raises(ConditionSyntaxError):
        pyprobe.when("x >")
