"""Steps limited to one entity, and steps from event to event of a simulator."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from pyprobe.errors import PyProbeError
from tests.core.debug.walking import END, Walk

SIMULATOR = """\
class Simulator:
    def __init__(self):
        self.queue = []
        self.now = 0

    def step(self):
        self.now += 1
        process = self.queue.pop(0)  # dispatch
        if process is not None:
            process.go()

    def run(self):
        while self.queue:
            self.step()
"""
SERVERS = """\
from simulator_of_test import Simulator

class Server:
    def __init__(self, name, simulator):
        self.name = name
        self.served = 0
        self.simulator = simulator
        self.work = self.serve()
        simulator.queue += [None, self]

    def go(self):
        next(self.work, None)  # go

    def serve(self):
        for served in range(2):  # for
            self.simulator.queue.append(self)  # queue
            yield served  # yield
            self.served += 1  # served

simulator = Simulator()
servers = [Server(f"Server {number}", simulator) for number in range(3)]
simulator.run()  # start
end = 1  # end
"""
SECOND = 'self.name == "Server 1"'


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[ModuleType]:
    """A simulator in a library's place."""
    file = tmp_path / "site-packages" / "simulator_of_test.py"
    file.parent.mkdir()
    file.write_text(SIMULATOR)
    module = ModuleType("simulator_of_test")
    sys.modules[module.__name__] = module
    exec(compile(SIMULATOR, str(file), "exec"), module.__dict__)
    yield module
    del sys.modules[module.__name__]


def served_by(walking: Walk) -> str:
    """Return the name of the server whose frame the thread stands in."""
    name: str = walking.standing().frame.f_locals["self"].name
    return name


@pytest.mark.usefixtures("simulator")
def test_an_entity_limits_steps_to_its_own_frames(tmp_path: Path) -> None:
    with Walk(tmp_path, SERVERS).running() as walking:
        assert walking.next_stop() == "start"
        stops = []
        for _ in range(9):
            stops.append(walking.step("into", entity=SECOND))
            assert served_by(walking) == "Server 1"
        lines = [stop.split()[0] for stop in stops]
    assert lines == ["go", "for", "queue", "yield", "go", "go", "served", "for", "queue"]


@pytest.mark.usefixtures("simulator")
@pytest.mark.parametrize(
    ("entity", "wanted"),
    [
        ("in Server.serve", ["for", "queue", "yield", "for", "queue"]),
        ("in Server", ["go", "for", "queue", "yield", "go"]),
        (f"in Server.serve, {SECOND}", ["for", "queue", "yield", "served", "for"]),
    ],
)
def test_a_function_or_class_limits_steps_to_its_frames(
    tmp_path: Path, entity: str, wanted: list[str]
) -> None:
    with Walk(tmp_path, SERVERS).running() as walking:
        assert walking.next_stop() == "start"
        lines = [walking.step("into", entity=entity).split()[0] for _ in wanted]
    assert lines == wanted


INHERITED = """\
class Base:
    def __init__(self, name):
        self.name = name  # init
    def serve(self, other):
        self.done = other  # base serve
        return self.rest(0)  # rested
    def rest(self, n):
        return n  # base rest
    @classmethod
    def count(cls):
        return 1  # count
    @staticmethod
    def free(first):
        return first  # free
class Server(Base):
    def rest(self, n):
        super().rest(n)  # super
        return n  # rest
class Late(Server): pass
class Other(Base): pass
def free(server):
    return server  # function
def run(one):  # run
    one.serve(one)  # serve
    one.count()  # class method
    one.free(one)  # static
    free(one)  # free function
for kind in (Base, Other, Late):  # start
    run(kind("a"))  # call
end = 1  # end
"""
SERVED = ["base serve", "rested", "super", "base rest", "super", "rest"]


@pytest.mark.parametrize(
    ("entity", "wanted"),
    [
        (
            "in Server",
            ["init", *SERVED, "rested", "count", "free"],
        ),
        ("in Server.serve", ["base serve", "rested"]),
        ("in Server.rest", ["super", "rest"]),
        ("in Other.rest", ["base rest"]),
        ("in Late", ["init", *SERVED]),
    ],
)
def test_a_class_limits_steps_to_the_methods_it_inherits_too(
    tmp_path: Path, entity: str, wanted: list[str]
) -> None:
    with Walk(tmp_path, INHERITED).running() as walking:
        assert walking.next_stop() == "start"
        for name in wanted:
            walking.step("into", entity=entity)
            assert walking.standing().place.line == walking.line(name)


@pytest.mark.usefixtures("simulator")
def test_over_a_yield_follows_one_entity_among_others(tmp_path: Path) -> None:
    with Walk(tmp_path, SERVERS).running() as walking:
        walking.next_stop()
        walking.step("to yield", entity=SECOND)
        assert served_by(walking) == "Server 1"
        assert walking.step("over") == "served served=0"
        assert served_by(walking) == "Server 1"
        assert walking.step("resumption", entity=SECOND) == "served served=1"
        assert served_by(walking) == "Server 1"
        assert walking.step("over", entity=SECOND) == "for served=1"


@pytest.mark.usefixtures("simulator")
def test_an_event_step_ends_where_own_code_runs_in_the_next_event(tmp_path: Path) -> None:
    with Walk(tmp_path, SERVERS).running() as walking:
        walking.configure(event_functions=["simulator_of_test:Simulator.step"])
        walking.next_stop()
        told = []
        for _ in range(2):
            walking.step("event")
            assert walking.last is not None
            told.append((served_by(walking), walking.last.line, walking.last.detail))
        go = walking.line("go")
        assert told == [
            ("Server 0", go, "next event, 1 passed over"),
            ("Server 1", go, "next event, 1 passed over"),
        ]
        assert walking.step("into").startswith("for")  # line steps and event steps mix
        assert walking.step("event").startswith("go")
        assert served_by(walking) == "Server 2"
        assert walking.step("event", entity=SECOND).startswith("go")
        assert served_by(walking) == "Server 1"


@pytest.mark.usefixtures("simulator")
def test_an_event_of_libraries_too_begins_with_its_function(tmp_path: Path) -> None:
    with Walk(tmp_path, SERVERS).running() as walking:
        walking.configure(event_functions=["simulator_of_test:Simulator.step"], only_my_code=False)
        walking.next_stop()
        walking.step("event")
        frame = walking.standing().frame
        assert (frame.f_code.co_name, frame.f_lineno) == ("step", 7)


@pytest.mark.usefixtures("simulator")
def test_events_end_with_the_program(tmp_path: Path) -> None:
    with Walk(tmp_path, SERVERS, start="end").running() as walking:
        walking.configure(event_functions=["simulator_of_test:Simulator.step"])
        assert walking.next_stop() == "end"
        assert walking.step("event") == END


def test_steps_that_cannot_be_taken_say_why_and_the_thread_stands(tmp_path: Path) -> None:
    with Walk(tmp_path, "a = 1  # start\nb = 2  # b\n").running() as walking:
        walking.next_stop()
        with pytest.raises(PyProbeError, match="loaded no function that means an event"):
            walking.begin("event")
        with pytest.raises(PyProbeError, match="not stand in a generator or coroutine"):
            walking.begin("to_yield")
        with pytest.raises(PyProbeError, match="the thread does not stand"):
            walking.begin("over", thread=12345)
        with pytest.raises(PyProbeError, match="Expected"):
            walking.begin("over", entity="name >>")
        assert walking.step("over") == "b"


def test_all_code_is_stepped_into_where_that_is_asked(tmp_path: Path) -> None:
    source = "import textwrap\na = textwrap.dedent('x')  # start\nb = 2  # b\n"
    with Walk(tmp_path, source).running() as walking:
        walking.configure(only_my_code=False)
        walking.next_stop()
        assert walking.step("into").startswith("dedent!")
        assert walking.step("out") == "start"
        assert walking.step("over") == "b"
