"""Sessions with real programs: probes, output, input, pause and restart."""

from pathlib import Path

import pytest

from pyprobe.errors import LaunchError, PyProbeError
from pyprobe.session.listener import ProgramState
from pyprobe.session.probe import Probe, ProbeStatus
from pyprobe.session.session import Session
from tests.session.conftest import MakeSession
from tests.session.running import Heard, occurrence_of, until, until_end
from tests.waiting import wait_for_end

LOOP = """\
for i in range(5):
    x = i * 0.5
print("done")
"""
ENDLESS = """\
import time
x = 0
print("ready", flush=True)
while True:
    x += 1
    time.sleep(0.001)
"""


def status_of(probe: Probe) -> ProbeStatus:
    """A status that a type checker does not take for settled."""
    return probe.status


def test_a_probe_set_before_the_start_captures_all(make_session: MakeSession) -> None:
    session, heard, file = make_session(LOOP)
    probe = session.add_probe(occurrence_of(file, "2:x"), str(file), throttle="every")
    assert status_of(probe) is ProbeStatus.ARMED
    session.start()
    ending = until_end(session)
    assert ending.exit_code == 0
    assert ending.complete
    assert ending.sentence == "ended with exit code 0"
    assert probe.history.scalars().value.tolist() == [0.0, 0.5, 1.0, 1.5, 2.0]
    assert probe.status is ProbeStatus.FINISHED
    assert probe.captured == session.stats.captured == session.stats.received == 5
    assert heard.output["stdout"] == "done\n"
    assert heard.states == [ProgramState.STARTING, ProgramState.RUNNING, ProgramState.ENDED]
    assert heard.captured == {probe.id}
    assert session.hello is not None


def test_probes_come_and_go_while_the_program_runs(make_session: MakeSession) -> None:
    session, heard, file = make_session(ENDLESS)
    session.start()
    until(session, lambda: "ready" in heard.output["stdout"])
    probe = session.add_probe(occurrence_of(file, "5:x@4"), str(file), throttle="every")
    until(session, lambda: probe.status is ProbeStatus.LIVE)
    session.remove_probe(probe)
    assert not session.probes
    again = session.add_probe(occurrence_of(file, "5:x@4"), str(file), throttle="every")
    assert again.id != probe.id
    assert again.color_index == probe.color_index
    until(session, lambda: again.captured > 3)
    assert session.stats.captures_per_second > 0
    session.stop()
    assert until_end(session).sentence == "was stopped"


def test_adding_twice_gives_the_same_probe(make_session: MakeSession) -> None:
    session, _heard, file = make_session(LOOP)
    probe = session.add_probe(occurrence_of(file, "2:x"), str(file))
    assert session.add_probe(occurrence_of(file, "2:x"), str(file)) is probe
    session.remove_probe(probe)
    session.remove_probe(probe)
    with pytest.raises(PyProbeError, match="throttle 'often' is not known"):
        session.add_probe(occurrence_of(file, "2:x"), str(file), throttle="often")
    assert not session.probes


def test_a_probe_on_a_line_that_never_runs_stays_armed(make_session: MakeSession) -> None:
    session, heard, file = make_session("def f():\n    x = 1\ninput()\n")
    probe = session.add_probe(occurrence_of(file, "2:x"), str(file))
    session.start()
    until(session, lambda: session.state is ProgramState.RUNNING)
    assert status_of(probe) is ProbeStatus.ARMED
    assert probe.detail == ""
    session.send_input("\n")
    until_end(session)
    assert probe.status is ProbeStatus.FINISHED
    assert heard.notes == []


def test_captures_that_stop_coming_make_a_probe_stale(make_session: MakeSession) -> None:
    session, _heard, file = make_session("x = 1\ninput()\nx = 2\ninput()\n")
    probe = session.add_probe(occurrence_of(file, "1:x"), str(file))
    session.start()
    until(session, lambda: probe.status is ProbeStatus.LIVE)
    until(session, lambda: probe.status is ProbeStatus.STALE)
    session.send_input("\n\n")
    until_end(session)
    assert probe.status is ProbeStatus.FINISHED


def test_the_throttle_can_change_while_it_runs(make_session: MakeSession) -> None:
    session, _heard, file = make_session(ENDLESS)
    probe = session.add_probe(occurrence_of(file, "5:x@4"), str(file), throttle="every")
    session.start()
    until(session, lambda: probe.captured > 5)
    assert probe.mode == "every"
    session.set_throttle(probe, "every:10")
    assert probe.mode == "1 / 10"

    def last_step() -> float:
        values = probe.history.scalars().value
        return float(values[-1] - values[-2])

    until(session, lambda: last_step() == 10.0, "captures of every tenth hit")


def test_what_is_typed_reaches_the_program(make_session: MakeSession) -> None:
    session, heard, _file = make_session(
        """\
        name = input("your name? ")
        print(f"hello {name}")
        import sys
        print(len(sys.stdin.read()))
        """
    )
    session.start()
    until(session, lambda: heard.output["stdout"] == "your name? ")
    session.send_input("Ada\n")
    until(session, lambda: "hello Ada" in heard.output["stdout"])
    session.send_input("rest")
    session.close_input()
    assert until_end(session).exit_code == 0
    assert heard.output["stdout"].endswith("4\n")


def test_restart_keeps_the_probes(make_session: MakeSession) -> None:
    session, heard, file = make_session(ENDLESS)
    probe = session.add_probe(occurrence_of(file, "5:x@4"), str(file), throttle="every")
    session.start()
    until(session, lambda: probe.captured > 3)
    file.write_text("y = 0\n" + LOOP)
    session.move_probe(probe, occurrence_of(file, "3:x"))
    session.restart()
    until(session, lambda: len(heard.endings) == 2, "the second end")
    assert heard.endings[0].sentence == "was stopped"
    assert heard.endings[1].exit_code == 0
    assert probe.anchor.line == 3
    assert probe.history.scalars().value.tolist() == [0.0, 0.5, 1.0, 1.5, 2.0]
    assert [history.count > 3 for history in probe.earlier] == [True]
    session.restart(clear_histories=False)
    until(session, lambda: len(heard.endings) == 3, "the third end")
    assert probe.history.count == 10
    assert len(probe.earlier) == 1
    assert session.forget_earlier()
    assert not session.forget_earlier()
    assert probe.earlier == []


def test_a_removed_probe_is_restored_as_it_was(make_session: MakeSession) -> None:
    session, heard, file = make_session(ENDLESS)
    probe = session.add_probe(occurrence_of(file, "5:x@4"), str(file), throttle="every")
    other = session.add_probe(occurrence_of(file, "6:time"), str(file), throttle="every")
    session.start()
    until(session, lambda: probe.captured > 3)
    session.remove_probe(probe)
    until(session, lambda: other.history.count > 3)
    count = probe.history.count
    assert session.restore_probe(probe)
    assert not session.restore_probe(probe)
    assert list(session.probes.values()) == [probe, other]
    until(session, lambda: probe.history.count > count)
    assert (probe.id, probe.color_index, probe.throttle) == (1, 0, "every")
    session.remove_probe(probe)
    session.stop()
    until(session, lambda: bool(heard.endings))
    assert session.restore_probe(probe)
    assert probe.status is ProbeStatus.FINISHED


def test_a_probe_gets_another_color(make_session: MakeSession) -> None:
    session, _heard, file = make_session(ENDLESS)
    probe = session.add_probe(occurrence_of(file, "5:x@4"), str(file))
    session.set_color(probe, 5)
    assert probe.color_index == 5
    again = session.add_probe(occurrence_of(file, "6:time"), str(file))
    assert again.color_index == 0


def test_pause_halts_and_resume_goes_on(make_session: MakeSession) -> None:
    session, _heard, file = make_session(ENDLESS)
    probe = session.add_probe(occurrence_of(file, "5:x@4"), str(file), throttle="every")
    session.start()
    until(session, lambda: probe.captured > 3)
    session.pause()
    until(session, lambda: session.state is ProgramState.PAUSED)
    assert session.halted_at is not None
    assert Path(session.halted_at[0]) == file
    session.resume()
    until(session, lambda: session.state is ProgramState.RUNNING)
    count = probe.captured
    until(session, lambda: probe.captured > count)
    session.pause()
    until(session, lambda: session.state is ProgramState.PAUSED)
    session.stop()
    assert until_end(session).sentence == "was stopped"


def test_a_flood_of_output_neither_stalls_nor_grows(make_session: MakeSession) -> None:
    session, heard, _file = make_session(
        "import sys\nline = 'x' * 99 + '\\n'\nfor _ in range(1000):\n"
        "    sys.stdout.write(line * 1000)\nprint('end')\n"
    )
    session.start()
    target_lines = 100 * 1000 * 1000 // 100
    until_end_without_reading(session)
    ending = until_end(session)
    assert ending.exit_code == 0
    text = heard.output["stdout"]
    assert text.endswith("end\n")
    assert len(text) < 4 << 20
    first = text.splitlines()[0]
    assert first.endswith("lines not shown")
    assert int(first.split()[1].replace(",", "")) > target_lines // 2


def until_end_without_reading(session: Session) -> None:
    """Let the program write everything before anybody looks."""
    until(session, lambda: session.hello is not None)
    assert session.pid is not None
    wait_for_end(session.pid)


def test_a_program_that_closes_its_output_is_still_followed(make_session: MakeSession) -> None:
    session, heard, _file = make_session(
        "import os, sys\nprint('half', end='', flush=True)\nos.close(1)\nos.close(2)\n"
        "sys.stdin.readline()\nos._exit(5)\n"
    )
    session.start()
    until(session, lambda: heard.output["stdout"] == "half")
    assert session.has_process
    session.send_input("\n")
    assert until_end(session).exit_code == 5


def test_what_cannot_be_started_is_said_and_can_be_tried_again(
    make_session: MakeSession, tmp_path: Path
) -> None:
    session, _heard, _file = make_session("print(1)")
    good = session.program
    session.program = type(good)("program.py", None, (), "/nowhere/python", str(tmp_path))
    with pytest.raises(LaunchError, match="there is no interpreter /nowhere/python"):
        session.start()
    assert session.state is ProgramState.IDLE
    session.program = good
    session.start()
    with pytest.raises(LaunchError, match="runs already"):
        session.start()
    assert until_end(session).exit_code == 0


def test_a_listener_that_was_removed_hears_nothing(make_session: MakeSession) -> None:
    session, _heard, _file = make_session("print(1)")
    other = Heard()
    session.add_listener(other)
    session.remove_listener(other)
    session.remove_listener(other)
    session.start()
    until_end(session)
    assert other.output["stdout"] == ""


def test_a_restart_that_cannot_be_is_told_and_the_session_goes_on(
    make_session: MakeSession,
) -> None:
    session, heard, file = make_session(ENDLESS)
    session.start()
    until(session, lambda: "ready" in heard.output["stdout"])
    moved = file.parent.rename(file.parent.with_name("moved"))
    try:
        session.restart()
        until(session, lambda: session.state is ProgramState.IDLE, "the attempt")
    finally:
        moved.rename(file.parent)
    assert heard.notes == [
        f"The program cannot be started again: the working directory {file.parent} does not exist."
    ]
    file.write_text(LOOP)
    session.start()
    assert until_end(session).exit_code == 0


def test_what_is_said_once_is_said_once_a_run(make_session: MakeSession) -> None:
    session, heard, _file = make_session(
        "import os, sys\nos.execv(sys.executable, [sys.executable, '-c', 'pass'])\n"
    )
    for _ in range(2):
        session.start()
        until_end(session)
    said = "The program has replaced itself by another one, which goes on plain."
    assert heard.notes == [said, said]
