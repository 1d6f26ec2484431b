"""Data breakpoints of a session, in real programs of several files."""

from pathlib import Path

import pytest

from pyprobe.core.debug.records import BreakpointState, StepKind, StopPlace, StopReason
from pyprobe.session.listener import SessionListener
from pyprobe.session.session import Session
from tests.session.conftest import MakeSession
from tests.session.running import occurrence_of, until, until_end
from tests.session.stepping import step, stop_of

MAIN = """\
import state
from base import Base
class Mine(Base):
    def own(self):
        self.x = 5
state.gain = 3
state.set_gain(4)
setattr(state, "gain", 5)
one = Mine()
one.own()
one.__dict__["x"] = 6
state.cfg.update(level=2)
match [1, 2, 3]:
    case [first, *rest]: pass
match {"k": 4}:
    case {"k": first}: pass
print(state.gain, one.x, state.cfg["level"], first, rest)
"""
STATE = """\
gain = 1
cfg = {"level": 1}
def set_gain(value):
    global gain
    gain = value
"""
BASE = """\
class Base:
    def __init__(self):
        self.x = 1
"""


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


def run(session: Session) -> list[str]:
    going = GoingOn(session)
    session.add_listener(going)
    session.start()
    until_end(session)
    assert all(place.reason is StopReason.DATA for place in going.places)
    return [f"{Path(place.file).name}: {place.detail}" for place in going.places]


WATCHED = [
    (
        *("state.py", "1:gain"),
        [
            "state.py: gain was no value, is 1; bound in line 1",
            "program.py: gain was 1, is 3; bound in line 6 of program.py",
            "state.py: gain was 3, is 4; bound in line 5",
            "program.py: gain was 4, is 5; bound in line 8 of program.py",
        ],
    ),
    (
        *("program.py", "17:state.gain"),
        [
            "program.py: state.gain was 1, is 3; bound in line 6",
            "state.py: state.gain was 3, is 4; bound in line 5 of state.py",
            "program.py: state.gain was 4, is 5; bound in line 8",
        ],
    ),
    (
        *("program.py", "5:self.x"),
        [
            "base.py: self.x was no value, is 1; bound in line 3 of base.py",
            "program.py: self.x was 1, is 5; bound in line 5",
            "program.py: self.x was 5, is 6; bound in line 11",
        ],
    ),
    (
        *("program.py", '17:state.cfg["level"]'),
        ['program.py: state.cfg["level"] was 1, is 2; bound in line 12'],
    ),
    (
        *("program.py", "14:first"),
        [
            "program.py: first was no value, is 1; bound in line 14",
            "program.py: first was 1, is 4; bound in line 16",
        ],
    ),
    (*("program.py", "14:rest"), ["program.py: rest was no value, is [2, 3]; bound in line 14"]),
]


@pytest.mark.parametrize(("file_name", "place", "said"), WATCHED, ids=[each[1] for each in WATCHED])
def test_what_other_files_bind_stops_the_program(
    make_session: MakeSession, file_name: str, place: str, said: list[str]
) -> None:
    session, _heard, file = make_session(MAIN)
    (file.parent / "state.py").write_text(STATE, encoding="utf-8")
    (file.parent / "base.py").write_text(BASE, encoding="utf-8")
    watched = file.parent / file_name
    one = session.breakpoints.add_data(occurrence_of(watched, place), str(watched))
    assert run(session) == said
    assert (one.state, one.hits) == (BreakpointState.SET, len(said))


def test_one_that_is_set_while_it_runs_finds_the_next_change(make_session: MakeSession) -> None:
    source = """\
import state
total = 0
while not state.stop:
    total += 1
    state.set_gain(total)
"""
    session, _heard, file = make_session(source)
    state = file.parent / "state.py"
    state.write_text(f"stop = False\n{STATE}", encoding="utf-8")
    session.start()
    until(session, lambda: session.is_answered)
    session.breakpoints.add_data(occurrence_of(state, "2:gain"), str(state))
    until(session, lambda: session.debug.stop is not None)
    stop = session.debug.stop
    assert stop is not None
    assert stop.detail.endswith("; bound in line 6")
    session.stop()
    until_end(session)


def test_a_step_from_the_last_statement_of_a_call_ends_in_its_caller(
    make_session: MakeSession,
) -> None:
    source = "class Pump:\n  def set(self, n):\n    self.n = n\np = Pump()\np.set(1)\nend = 1\n"
    session, _heard, file = make_session(source)
    session.breakpoints.add_data(occurrence_of(file, "3:self.n"), str(file))
    session.start()
    assert stop_of(session).reason is StopReason.DATA
    place = step(session, StepKind.OVER)
    assert (place.line, place.detail) == (5, "Pump.set returned None")
    assert step(session, StepKind.OVER).line == 6
    session.resume()
    until_end(session)
