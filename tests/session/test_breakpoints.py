"""Breakpoints of a session: real programs that stop, log and take snapshots where they are."""

import os
from pathlib import Path
from typing import Any

import pytest

from pyprobe.core.debug.records import BreakpointState, ExceptionStops, StopPlace, StopReason
from pyprobe.errors import PyProbeError
from pyprobe.session.board_breakpoint import BoardBreakpoint
from pyprobe.session.listener import SessionListener
from pyprobe.session.log_line import LogLine
from pyprobe.session.session import Session
from tests.session.conftest import MakeSession
from tests.session.running import occurrence_of, until, until_end

LOOP = """\
def run(gain):
    for i in range(10):
        x = i * gain
        y = -x
    return x
print(run(2))
"""


class Log(SessionListener):
    """Keeps what breakpoints log, and counts what is told of them."""

    def __init__(self) -> None:
        self.lines: list[LogLine] = []
        self.told = 0

    def on_log(self, line: LogLine) -> None:
        self.lines.append(line)

    def on_breakpoints(self) -> None:
        self.told += 1

    @property
    def texts(self) -> list[str]:
        return [line.text for line in self.lines]


class GoingOn(SessionListener):
    """Lets the program go on at each stop, and keeps where it stood."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.places: list[StopPlace] = []

    def on_stop(self) -> None:
        place = self._session.debug.stop
        if place is not None:
            self.places.append(place)
            self._session.resume()


def places(session: Session) -> list[StopPlace]:
    """Run the program to its end, and return where it has stopped."""
    passing = GoingOn(session)
    session.add_listener(passing)
    session.start()
    until_end(session)
    session.remove_listener(passing)
    return passing.places


def state_of(one: BoardBreakpoint) -> BreakpointState:
    """A state that a type checker does not take for settled."""
    return one.state


def test_stops_where_it_is_set_and_goes_on(make_session: MakeSession) -> None:
    session, heard, file = make_session(LOOP)
    one = session.breakpoints.add(str(file), 4, condition="i > 7")
    stops = places(session)
    assert [(stop.line, stop.function, stop.breakpoint_id) for stop in stops] == [
        (4, "run", one.id),
        (4, "run", one.id),
    ]
    assert stops[0].reason is StopReason.BREAKPOINT
    assert stops[0].detail == "i > 7"
    assert stops[0].file == str(file)
    assert (state_of(one), one.hits) == (BreakpointState.SET, 2)
    assert heard.output["stdout"] == "18\n"


def test_lands_on_the_next_line_that_runs_or_says_why_not(
    make_session: MakeSession, tmp_path: Path
) -> None:
    session, _heard, file = make_session("x = 1\n\n# nothing\ny = 2\n# end\n")
    one = session.breakpoints.add(str(file), 2)
    assert (one.line, one.record.line) == (4, 2)
    with pytest.raises(PyProbeError, match="line 5 is a comment, and nothing below it runs"):
        session.breakpoints.add(str(file), 5)
    assert [stop.line for stop in places(session)] == [4]
    assert session.breakpoints.all == (one,)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"condition": "x >"}, "Expected"),
        ({"entity": "("}, "Expected"),
        ({"hit_count": "x"}, "A hit count is a number"),
        ({"message": "{"}, "'{' is never closed"),
        ({"condition": "x == '\ud800'"}, "half a character"),
        ({"message": "\ud800"}, "half a character"),
    ],
)
def test_refuses_texts_that_are_none(make_session: MakeSession, fields: Any, said: str) -> None:
    session, _heard, file = make_session(LOOP)
    with pytest.raises(PyProbeError, match=said):
        session.breakpoints.add(str(file), 3, **fields)
    one = session.breakpoints.add(str(file), 3)
    with pytest.raises(PyProbeError, match=said):
        session.breakpoints.change(one.id, **fields)
    assert session.breakpoints.all == (one,)


def test_messages_are_logged_in_order_and_none_is_lost(make_session: MakeSession) -> None:
    session, _heard, file = make_session("for i in range(20_000):\n    x = i\n")
    log = Log()
    session.add_listener(log)
    one = session.breakpoints.add(str(file), 2, message="i is {i}")
    session.start()
    until_end(session)
    assert log.texts == [f"i is {i}" for i in range(20_000)]
    assert (log.lines[0].line, log.lines[0].breakpoint_id) == (2, one.id)
    assert one.hits == 20_000
    assert list(session.breakpoints.log) == log.lines[-10_000:]
    assert log.told


def test_a_line_that_runs_all_the_time_is_counted_exactly(make_session: MakeSession) -> None:
    session, _heard, file = make_session("for i in range(300_000):\n    x = i\n")
    one = session.breakpoints.add(str(file), 2, condition="i >= 100_000", hit_count="200_000")
    (stop,) = places(session)
    assert (stop.line, one.hits) == (2, 200_000)


def test_a_snapshot_is_taken_and_said(make_session: MakeSession) -> None:
    session, _heard, file = make_session(LOOP)
    log = Log()
    session.add_listener(log)
    session.add_probe(occurrence_of(file, "3:x"), str(file), throttle="every")
    session.breakpoints.add(str(file), 4, condition="i == 3", message="Snapshot: three")
    session.start()
    until_end(session)
    taken = session.snapshots.find("three")
    assert taken is not None
    assert taken.variables == {"gain": "2", "i": "3", "x": "6", "y": "-4"}
    assert [moment.text for moment in taken.probes.values()] == ["6"]
    assert log.texts == ["Snapshot 'three' was taken"]


def test_one_shot_disabled_and_removed(make_session: MakeSession) -> None:
    session, _heard, file = make_session(LOOP)
    board = session.breakpoints
    once, off, gone = (board.add(str(file), line) for line in (3, 4, 5))
    board.change(once.id, one_shot=True)
    board.enable(off.id, False)
    board.remove(gone.id)
    board.remove(gone.id)
    assert [stop.line for stop in places(session)] == [3]
    assert (state_of(once), state_of(off)) == (BreakpointState.SPENT, BreakpointState.PENDING)
    board.enable(off.id, True)
    assert [stop.line for stop in places(session)] == [3, *[4] * 10]


def test_waits_for_a_module_that_is_imported_late(
    make_session: MakeSession, tmp_path: Path
) -> None:
    session, _heard, file = make_session("import time\nprint('x')\nimport late\nlate.work(4)\n")
    module = file.parent / "late.py"
    module.write_text("def work(n):\n    m = n + 1\n    return m\n")
    one = session.breakpoints.add(str(module), 3)
    (stop,) = places(session)
    assert (stop.file, stop.line, stop.function) == (str(module), 3, "work")
    assert state_of(one) is BreakpointState.SET


def test_set_and_changed_while_the_program_runs(make_session: MakeSession) -> None:
    loop = "while n >= 0:\n    n += 1\n    time.sleep(0.001)\n"
    source = f"import time\nn = 0\nprint('ready', flush=True)\n{loop}"
    session, heard, file = make_session(source)
    session.start()
    until(session, lambda: "ready" in heard.output["stdout"])
    one = session.breakpoints.add(str(file), 5)
    until(session, lambda: session.debug.stop is not None)
    session.breakpoints.change(one.id, condition="n == -5")
    session.resume()
    until(session, lambda: session.debug.stop is None)
    session.breakpoints.change(one.id, condition="py: 1 / 0")
    until(session, lambda: state_of(one) is BreakpointState.INVALID)
    assert one.detail == "`1 / 0` raised ZeroDivisionError: division by zero"
    session.breakpoints.remove(one.id)
    session.stop()
    until_end(session)


def test_stops_when_a_variable_changes(make_session: MakeSession) -> None:
    session, _heard, file = make_session("x = 0\nfor i in range(6):\n    x = i // 3\n")
    one = session.breakpoints.add_data(occurrence_of(file, "3:x"), str(file), condition="i > 0")
    (stop,) = places(session)
    assert (stop.reason, stop.breakpoint_id) == (StopReason.DATA, one.id)
    assert stop.detail == "x was 0, is 1; bound in line 3"
    assert (state_of(one), one.hits, one.line) == (BreakpointState.SET, 1, 3)


def test_changes_in_place_are_found_and_their_cost_is_said(make_session: MakeSession) -> None:
    session, _heard, file = make_session("b = []\nfor i in range(2):\n    b.append(i)\ny = 0\n")
    occurrence = occurrence_of(file, "1:b")
    board = session.breakpoints
    assert board.cost_of_data(occurrence, str(file)) == (
        "One place binds b in this file; that, and whatever binds it from other files, costs some"
        " µs when it runs, all other code runs at full speed."
        " What libraries bind through setattr or __dict__ is not seen."
    )
    assert "compared at every line of your code" in board.cost_of_data(
        occurrence, str(file), in_place=True
    )
    board.add_data(occurrence, str(file), in_place=True)
    assert [stop.detail for stop in places(session)] == [
        "b was no value, is []; bound in line 1",
        "b was [], is [0]; changed in place by line 3",
        "b was [0], is [0, 1]; changed in place by line 3",
    ]


def test_says_what_cannot_be_watched(make_session: MakeSession) -> None:
    session, _heard, file = make_session("x = len('a')\n")
    with pytest.raises(PyProbeError, match=r"nothing in this file binds 'len'"):
        session.breakpoints.add_data(occurrence_of(file, "1:len"), str(file))


def test_an_uncaught_exception_stops_where_it_is_raised(make_session: MakeSession) -> None:
    session, _heard, _file = make_session(
        "def f(n):\n    return 1 / n\ntry:\n    f(1)\nfinally:\n    f(0)\n"
    )
    session.breakpoints.set_exception_stops(ExceptionStops(uncaught=True))
    (stop,) = places(session)
    assert (stop.line, stop.function, stop.reason) == (2, "f", StopReason.EXCEPTION)
    assert stop.detail == "ZeroDivisionError: division by zero (uncaught)"
    ending = session.ending
    assert ending is not None
    assert ending.exit_code == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_forked_child_is_plain(make_session: MakeSession) -> None:
    source = """\
import os
def work(who):
    text = f"{who} worked"
    print(text, flush=True)
child = os.fork()
if not child:
    work("child")
    os._exit(0)
os.waitpid(child, 0)
work("parent")
"""
    session, heard, file = make_session(source)
    session.breakpoints.add(str(file), 4)
    session.breakpoints.set_exception_stops(ExceptionStops(raised=True))
    assert [stop.line for stop in places(session)] == [4]
    assert heard.output["stdout"] == "child worked\nparent worked\n"


CAUGHT_SOMEHOW = """\
import asyncio, collections, concurrent.futures, functools, json, unittest
try:
    import no_such_module
except ImportError:
    pass
class A:
    @property
    def p(self): raise AttributeError("p")
    @functools.cached_property
    def q(self): return getattr(self, "p", 5)
print(hasattr(A(), "p"), A().q)
async def w(n):
    await asyncio.sleep(0)
    if n == 2: raise ValueError(n)
    return n
async def main():
    r = await asyncio.gather(*(w(i) for i in range(4)), return_exceptions=True)
    try: await asyncio.wait_for(asyncio.sleep(1), 0.01)
    except TimeoutError: pass
    async with asyncio.timeout(1): await asyncio.sleep(0)
    return r
print(asyncio.run(main()))
with concurrent.futures.ThreadPoolExecutor(2) as e:
    fs=[e.submit(int, v) for v in ("1","x")]
    for f in fs:
        try: f.result()
        except ValueError: pass
class T(unittest.TestCase):
    def test_a(self):
        with self.assertRaises(KeyError): {}["k"]
    def test_b(self): self.fail("x")
unittest.TextTestRunner(stream=open("/dev/null","w")).run(unittest.defaultTestLoader.loadTestsFromTestCase(T))
json.loads('{"a": [1, 2.5, null]}')
try: json.loads("{")
except json.JSONDecodeError: pass
class It:
    def __iter__(self): return self
    def __next__(self): raise StopIteration
list(It())
class Seq:
    def __getitem__(self, i):
        if i > 2: raise IndexError(i)
        return i
print(list(Seq()), 5 in Seq())
class C(collections.UserDict): pass
c=C(); c.get("x"); "x" in c
d=collections.ChainMap({}, {"a":1}); d["a"]
class D(dict):
    def __missing__(self,k): raise KeyError(k)
D().get("k")
def gen():
    try: yield 1
    finally: pass
g=gen(); next(g); g.close()
try:
    raise ValueError
except* ValueError:
    pass
print("end")
"""


def test_what_is_caught_somehow_is_not_uncaught(make_session: MakeSession) -> None:
    session, heard, _file = make_session(CAUGHT_SOMEHOW)
    session.breakpoints.set_exception_stops(ExceptionStops(uncaught=True))
    assert places(session) == []
    assert heard.output["stdout"].endswith("end\n")


def test_what_a_library_raises_stops_where_it_comes_into_the_programs_code(
    make_session: MakeSession,
) -> None:
    session, _heard, file = make_session("import json\ndef f():\n    json.loads('{')\nf()\n")
    session.breakpoints.set_exception_stops(ExceptionStops(uncaught=True))
    (stop,) = places(session)
    assert (stop.file, stop.line, stop.function) == (str(file), 3, "f")
    assert stop.detail.startswith("JSONDecodeError: Expecting property name")


def test_all_are_remembered(make_session: MakeSession) -> None:
    session, _heard, file = make_session(LOOP)
    board = session.breakpoints
    board.add(str(file), 4, condition="i > 3", hit_count="2", one_shot=True, entity="gain == 2")
    off = board.add(str(file), 5, message="x is {x}")
    board.enable(off.id, False)
    board.add_data(occurrence_of(file, "3:x"), str(file), condition="i == 9", in_place=True)
    board.set_exception_stops(ExceptionStops(uncaught=True, names=("KeyError",)))
    plain = board.to_dict()
    again, _heard, _file = make_session(LOOP)
    assert again.breakpoints.restore(plain) == []
    assert again.breakpoints.to_dict() == plain
    assert [one.enabled for one in again.breakpoints.all] == [True, False, True]
    assert again.breakpoints.exception_stops == board.exception_stops
    assert [(stop.line, stop.reason) for stop in places(again)] == [
        (4, StopReason.BREAKPOINT),
        (4, StopReason.DATA),
    ]


@pytest.mark.parametrize(
    "malformed",
    [
        [],
        {"breakpoints": [7]},
        {"breakpoints": [{"file": "a.py"}]},
        {"breakpoints": [{"file": "a.py", "line": "x"}]},
        {"breakpoints": [{"file": "a.py", "line": 1, "condition": ">"}]},
        {"breakpoints": [{"file": "a.py", "line": 1, "occurrence": {}}]},
    ],
)
def test_what_is_remembered_wrongly_is_left_out_and_said(
    make_session: MakeSession, malformed: object
) -> None:
    session, _heard, _file = make_session(LOOP)
    assert len(session.breakpoints.restore(malformed)) == 1
    assert session.breakpoints.all == ()


def test_moved_with_edits_it_counts_from_the_next_run_on(make_session: MakeSession) -> None:
    session, _heard, file = make_session(LOOP)
    one = session.breakpoints.add(str(file), 5)
    file.write_text("# new\n" + LOOP)
    session.breakpoints.move(one.id, 6)
    assert (one.line, one.record.line) == (6, 6)
    assert [stop.line for stop in places(session)] == [6]


def test_hits_of_the_text_of_before_leave_a_moved_one_where_it_is(
    make_session: MakeSession,
) -> None:
    session, _heard, file = make_session("for line in open(0):\n    x = line.strip()\n")
    log = Log()
    session.add_listener(log)
    one = session.breakpoints.add(str(file), 2, message="{line}")
    session.start()
    session.send_input("first\n")
    until(session, lambda: one.hits == 1, "the first hit")
    file.write_text("# more\n# of it\nfor line in open(0):\n    x = line.strip()\n")
    session.breakpoints.move(one.id, 4)
    session.send_input("second\n")
    until(session, lambda: one.hits == 2, "the second hit")
    assert one.line == 4
    session.breakpoints.change(one.id, message="now {line}")
    until(session, lambda: session.is_answered, "the change")
    session.send_input("third\n")
    session.close_input()
    until_end(session)
    assert [line.line for line in log.lines] == [2, 2, 2]
    assert log.texts[-1].startswith("now")
    assert one.line == 4
    session.start()
    session.send_input("again\n")
    session.close_input()
    until_end(session)
    assert log.lines[-1].line == 4
