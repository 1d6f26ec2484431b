"""Stops and steps of real programs, as a session's debug board tells them."""

from dataclasses import replace
from pathlib import Path

import pytest

from pyprobe.core.debug.records import EVENT_FUNCTIONS, StepKind, StopReason
from pyprobe.errors import PyProbeError
from pyprobe.session.listener import ProgramState, SessionListener
from pyprobe.session.session import Session
from tests.session.conftest import MakeSession
from tests.session.running import occurrence_of, until, until_end
from tests.session.stepping import begin_step, line_of, step, stop_of

ENDLESS = """\
import time
def work():
    i = 0
    while True:
        i += 1
        print("ready", flush=True) if i == 1 else time.sleep(0.0005)
work()
"""
CALLS = """\
def double(x):
    y = x * 2
    return y

breakpoint()
a = double(1)
b = double(a)
print(a, b, flush=True)
"""


@pytest.fixture(params=["monitoring", "settrace"])
def event_source(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both sources, as far as the interpreter has them."""
    monkeypatch.setenv("PYPROBE_EVENT_SOURCE", request.param)
    return str(request.param)


class Stops(SessionListener):
    """Counts how often stops have changed."""

    def __init__(self) -> None:
        self.count = 0

    def on_stop(self) -> None:
        self.count += 1


def test_pauses_steps_and_goes_on(make_session: MakeSession, event_source: str) -> None:
    session, heard, file = make_session(ENDLESS)
    session.start()
    until(session, lambda: "ready" in heard.output["stdout"])
    session.pause()
    paused = stop_of(session)
    assert (paused.reason, paused.file, paused.function) == (StopReason.PAUSE, str(file), "work")
    assert paused.thread_name == "MainThread"
    assert session.state is ProgramState.PAUSED
    assert session.halted_at == (str(file), paused.line)
    assert session.hello is not None
    assert session.hello.event_source == event_source
    lines = [step(session, StepKind.OVER) for _ in range(3)]
    assert {place.reason for place in lines} == {StopReason.STEP}
    assert {place.line for place in lines} == {4, 5, 6}
    session.resume()
    until(session, lambda: session.state is ProgramState.RUNNING)
    assert session.debug.stop is None
    session.stop()
    until_end(session)


@pytest.mark.usefixtures("event_source")
def test_breakpoint_in_the_program_stops_it(make_session: MakeSession) -> None:
    session, heard, _file = make_session(CALLS)
    stops = Stops()
    session.add_listener(stops)
    assert session.debug.stop is None
    session.start()
    called = stop_of(session)
    assert (called.reason, called.line, called.function) == (StopReason.CALL, 5, "<module>")
    assert step(session, StepKind.OVER).line == 6
    inside = step(session, StepKind.INTO)
    assert (inside.line, inside.function) == (2, "double")
    behind = step(session, StepKind.OUT)
    assert (behind.line, behind.detail) == (6, "double returned 2")
    assert step(session, StepKind.TO_LINE, file=behind.file, line=8).line == 8
    count = stops.count
    begin_step(session, StepKind.OVER)
    assert until_end(session).exit_code == 0
    assert stops.count == count + 1
    assert heard.output["stdout"] == "2 4\n"
    assert dict(session.debug.stops) == {}


def test_breakpoint_is_the_programs_where_it_says_so(
    make_session: MakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = """\
    import os, sys
    os.environ["PYTHONBREAKPOINT"] = "0"
    breakpoint()
    os.environ["PYTHONBREAKPOINT"] = ""
    sys.breakpointhook = lambda: print("own", flush=True)
    breakpoint()
    """
    session, heard, _file = make_session(source)
    assert session.debug.stop is None
    session.start()
    assert until_end(session).exit_code == 0
    assert heard.output["stdout"] == "own\n"


def test_breakpoint_is_left_alone_where_nobody_wants_stops(make_session: MakeSession) -> None:
    session, heard, _file = make_session(
        "import sys\nprint(sys.breakpointhook is sys.__breakpointhook__)\n"
    )
    session.start()
    until_end(session)
    assert heard.output["stdout"] == "True\n"


def test_probes_are_alive_up_to_the_stop(make_session: MakeSession) -> None:
    session, _heard, file = make_session(CALLS)
    probe = session.add_probe(occurrence_of(file, "2:y"), str(file), throttle="every")
    assert session.debug.stop is None
    session.start()
    stop_of(session)
    assert probe.captured == 0
    step(session, StepKind.OVER)
    step(session, StepKind.OVER)
    until(session, lambda: probe.captured == 1)
    step(session, StepKind.OVER)
    until(session, lambda: probe.captured == 2)


def test_what_cannot_be_stepped_is_said_and_the_thread_stands(make_session: MakeSession) -> None:
    session, heard, _file = make_session(CALLS)
    with pytest.raises(PyProbeError, match="nothing to step"):
        session.debug.step(StepKind.OVER)
    session.start()
    stop_of(session)
    with pytest.raises(PyProbeError, match="Expected"):
        session.debug.step(StepKind.OVER, entity="name >>")
    session.debug.step(StepKind.RESUMPTION)
    until(session, lambda: bool(heard.notes))
    assert heard.notes == ["the thread does not stand in a generator or coroutine"]
    assert step(session, StepKind.OVER).line == 6


def test_running_to_a_line_without_code_ends_at_the_next(make_session: MakeSession) -> None:
    session, _heard, file = make_session("breakpoint()\na = 1\n\n# b\nb = 2\n")
    assert session.debug.stop is None
    session.start()
    stop_of(session)
    assert step(session, StepKind.TO_LINE, file=str(file), line=3).line == 5
    with pytest.raises(PyProbeError, match="there is no line 90"):
        session.debug.step(StepKind.TO_LINE, file=str(file), line=90)


def test_the_next_run_stops_again(make_session: MakeSession) -> None:
    session, _heard, _file = make_session(CALLS)
    assert session.debug.stop is None
    session.start()
    stop_of(session)
    session.restart()
    until(session, lambda: session.debug.stop is None, "the end of the first run")
    assert stop_of(session).line == 5


def test_settings_are_those_of_the_project(make_session: MakeSession, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.pyprobe]\nevent_functions = ["world.core:World.tick", "no name"]\n'
    )
    session, heard, _file = make_session("pass\n")
    settings = session.debug.settings
    assert settings.event_functions == (*EVENT_FUNCTIONS, "world.core:World.tick")
    assert settings.my_folders == (str(tmp_path),)
    assert len(heard.notes) == 1
    assert heard.notes[0].endswith(
        "'no name' in event_functions is not of the form module:function"
    )
    session.debug.set_stepping(all_threads=False)
    assert session.debug.settings == replace(settings, all_threads=False)


@pytest.mark.parametrize("text", ["[tool", "tool = 3", "[tool.pyprobe]\nevent_functions = 3"])
def test_a_project_file_that_is_no_good_is_no_obstacle(
    make_session: MakeSession, tmp_path: Path, text: str
) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    session, heard, _file = make_session("pass\n")
    assert session.debug.settings.event_functions == EVENT_FUNCTIONS
    assert len(heard.notes) == (0 if text == "tool = 3" else 1)


def test_library_code_is_stepped_into_where_that_is_asked(make_session: MakeSession) -> None:
    source = "import textwrap\nbreakpoint()\na = textwrap.dedent('x')\nb = 1\n"
    session, _heard, _file = make_session(source)
    session.debug.set_stepping(only_my_code=False)
    session.start()
    stop_of(session)
    step(session, StepKind.OVER)
    assert step(session, StepKind.INTO).function == "dedent"
    session.debug.set_stepping(only_my_code=True)
    assert step(session, StepKind.OUT).line == 3
    assert step(session, StepKind.INTO).line == 4


SIMPY = """\
import simpy

class Server:
    def __init__(self, environment, name, queue):
        self.environment = environment
        self.name = name
        self.queue = queue
        self.served = 0
        environment.process(self.serve())

    def serve(self):
        while True:
            job = yield self.queue.get()  # wait
            service_time = 1.0 + job % 3  # time
            yield self.environment.timeout(service_time)  # serve
            self.served += 1  # served

def arrive(environment, queue):
    for number in range(30):
        yield environment.timeout(0.25)
        yield queue.put(number)

environment = simpy.Environment()
queue = simpy.Store(environment)
servers = [Server(environment, f"Server {number}", queue) for number in range(1, 5)]
environment.process(arrive(environment, queue))
breakpoint()
environment.run(until=12)
print(sum(server.served for server in servers), flush=True)
"""
THIRD = 'self.name == "Server 3"'


@pytest.mark.usefixtures("event_source")
def test_one_server_of_a_simulation_is_followed(make_session: MakeSession) -> None:
    session, heard, file = make_session(SIMPY)
    probe = session.add_probe(
        occurrence_of(file, f"{line_of(SIMPY, '# time')}:service_time"),
        str(file),
        throttle="every",
    )
    line = {name: line_of(SIMPY, f"# {name}") for name in ("wait", "time", "serve", "served")}
    assert session.debug.stop is None
    session.start()
    stop_of(session)
    where = {"file": str(file), "line": line["time"], "entity": THIRD}
    assert step(session, StepKind.TO_LINE, **where).line == line["time"]
    assert name_of_server(session) == "'Server 3'"
    lines = []
    before = probe.captured
    for _ in range(8):
        lines.append(step(session, StepKind.OVER).line)
        assert name_of_server(session) == "'Server 3'"
    one_round = [line["serve"], line["served"], 12, line["wait"], line["time"]]
    assert lines == (one_round * 2)[:8]
    until(session, lambda: probe.captured > before + 4)  # the others have served in between
    event = step(session, StepKind.EVENT)
    assert (event.reason, event.detail[:10]) == (StopReason.STEP, "next event")
    step(session, StepKind.EVENT, entity=THIRD)
    assert name_of_server(session) == "'Server 3'"
    session.resume()
    assert until_end(session).exit_code == 0
    assert int(heard.output["stdout"]) > 10


def name_of_server(session: Session) -> str:
    """Return what the frame that stands has for its server's name."""
    answers: list[dict[str, object]] = []
    failures: list[str] = []
    request: dict[str, object] = {"ask": "evaluate", "frame": 0, "text": "self.name"}
    session.debug.ask({**request, "limit_ms": 5000}, answers.append, failures.append)
    until(session, lambda: bool(answers or failures), "an answer")
    assert not failures
    return str(answers[0]["text"])


ROUNDS = """\
def run():
    n = 0
    while n < 9:
        n += 1
        x = n
        y = n
run()
"""


@pytest.mark.usefixtures("event_source")
@pytest.mark.parametrize("kind", [StepKind.OVER, StepKind.INTO])
def test_steps_through_lines_that_have_run_before_the_stop(
    make_session: MakeSession, kind: StepKind
) -> None:
    session, _heard, file = make_session(ROUNDS)
    session.breakpoints.add(str(file), 6, condition="n == 4")
    session.start()
    assert stop_of(session).line == 6
    assert [step(session, kind).line for _ in range(5)] == [3, 4, 5, 6, 3]


@pytest.mark.usefixtures("event_source")
def test_a_pause_that_comes_with_the_start_stops_the_program(make_session: MakeSession) -> None:
    session, heard, _file = make_session(ENDLESS)
    assert session.debug.stop is None
    session.start()
    until(session, lambda: session.state is ProgramState.RUNNING)
    session.pause()
    assert stop_of(session).reason is StopReason.PAUSE
    session.resume()
    until(session, lambda: "ready" in heard.output["stdout"])
    session.stop()
    until_end(session)
