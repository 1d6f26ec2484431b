"""What a front end asks of a real program that stands: stack, variables, evaluation, next line."""

from typing import Any
from unittest.mock import ANY

import pytest

from pyprobe.core.debug.records import ExceptionStops, StepKind, StopReason
from pyprobe.errors import PyProbeError
from pyprobe.session.session import Session
from tests.session.conftest import MakeSession
from tests.session.running import until, until_end
from tests.session.stepping import step

PROGRAM = """\
import sys
limit = 10
class Motor:
    def __init__(self):
        self.gain, self.log = 2.5, []
def work(motor, n):
    values = list(range(n))
    breakpoint()
    shown = motor.gain
    motor.log.append(shown)
    return values
motor = Motor()
result = work(motor, 3)
print(result, motor.log, limit, flush=True)
"""


class Asking:
    """Asks a session, and waits for the answer."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __call__(self, ask: str, **fields: object) -> dict[str, Any]:
        answers: list[Any] = []
        request = {"ask": ask, **fields}
        self._session.debug.ask(request, answers.append, lambda why: answers.append(why))
        until(self._session, lambda: bool(answers), f"the answer to {ask}")
        if isinstance(answers[0], str):
            raise PyProbeError(answers[0])
        answer: dict[str, Any] = answers[0]
        return answer

    def texts(self, *path: object, **fields: object) -> dict[str, str]:
        rows = self("variables", path=list(path), **fields)["rows"]
        return {row["name"]: row["text"] for row in rows}


def _stand(session: Session) -> Asking:
    _ = session.debug  # from now on the program's breakpoint() stops it
    session.start()
    until(session, lambda: session.debug.stop is not None, "the stop")
    return Asking(session)


def test_a_program_that_stands_is_read_and_changed(make_session: MakeSession) -> None:
    session, heard, file = make_session(PROGRAM)
    ask = _stand(session)
    frames = ask("stack")["frames"]
    functions = [(frame["function"], frame["file"] == str(file)) for frame in frames[:2]]
    assert functions == [("work", True), ("<module>", True)]
    assert frames[0]["is_mine"]
    assert ask.texts()["values"] == "[0, 1, 2]"
    assert ask.texts(["attribute", "motor"])["gain"] == "2.5"
    (row,) = ask("threads")["threads"]
    assert (row[1], row[4], row[5]) == ("MainThread", "work", True)

    assert ask("evaluate", text="sum(v * n for v in values)")["text"] == "9"
    assert ask("evaluate", text="print('told', flush=True)")["error"] == ""
    assert ask("set", name="values[0]", text="n * 100")["text"] == "300"
    assert ask("set", path=[["attribute", "motor"], ["attribute", "gain"]], text="7")["error"] == ""
    assert ask("set", name="limit", frame=1, text="11")["text"] == "11"

    session.resume()
    until_end(session)
    until(session, lambda: "[300" in heard.output["stdout"], "the output")
    assert heard.output["stdout"] == "told\n[300, 1, 2] [7] 11\n"


def test_an_evaluation_that_never_ends_leaves_the_session_at_work(
    make_session: MakeSession,
) -> None:
    session, heard, _file = make_session(PROGRAM)
    ask = _stand(session)
    for text in ("while True: pass", "__import__('time').sleep(1e6)"):
        answer = ask("evaluate", text=text, limit_ms=100)
        assert answer["error"] == "It was interrupted after 0.1 s."
        assert ask.texts()["n"] == "3"
    session.resume()
    until_end(session)
    assert "[0, 1, 2] [2.5] 10" in heard.output["stdout"]


def test_plain_data_is_read_while_a_line_is_evaluated(make_session: MakeSession) -> None:
    session, _heard, _file = make_session(PROGRAM)
    ask = _stand(session)
    late: list[Any] = []
    session.debug.ask(
        {"ask": "evaluate", "text": "input()", "limit_ms": 60_000}, late.append, late.append
    )
    assert ask.texts()["n"] == "3"
    assert late == []
    session.send_input("it ends\n")
    until(session, lambda: bool(late), "the end of the evaluation")
    assert late[0]["text"] == "'it ends'"
    session.resume()
    until_end(session)


def test_no_thread_of_ours_is_left_by_an_evaluation(make_session: MakeSession) -> None:
    session, _heard, _file = make_session(PROGRAM)
    ask = _stand(session)
    for _ in range(3):
        ask("evaluate", text="1")
    count = "len(__import__('sys')._current_frames())"
    until(session, lambda: ask("evaluate", text=count)["text"] in ("2", "3"), "the threads' end")
    session.resume()
    until_end(session)


def test_what_is_asked_when_nothing_stands_is_refused(make_session: MakeSession) -> None:
    session, heard, _file = make_session("import time\nprint('ready', flush=True)\ntime.sleep(60)")
    _ = session.debug
    session.start()
    until(session, lambda: "ready" in heard.output["stdout"], "the start")
    refused: list[str] = []
    session.debug.ask({"ask": "stack"}, lambda answer: None, refused.append)
    until(session, lambda: bool(refused), "the refusal")
    assert refused == ["the program does not stand"]
    session.stop()
    until_end(session)


def test_the_next_line_is_changed_where_a_step_has_ended(make_session: MakeSession) -> None:
    session, heard, _file = make_session(PROGRAM)
    ask = _stand(session)
    refused = ask("jump", line=11)
    assert refused["error"]  # breakpoint() is a call: no line begins here
    session.debug.step(StepKind.OVER)
    until(session, lambda: _line(session) == 9, "the step")
    assert ask("jump", line=11) == {"line": 11, "error": "", "detail": ANY}
    assert ask("stack")["frames"][0]["line"] == 11
    session.resume()
    until_end(session)
    assert heard.output["stdout"] == "[0, 1, 2] [] 10\n"


def _line(session: Session) -> int:
    stop = session.debug.stop
    return stop.line if stop is not None else 0


LIFETIME = """\
import gc, weakref
gc.disable()
class Thing: pass
def work():
    thing = Thing()
    alive = weakref.ref(thing)
    breakpoint()
    del thing
    print(alive() is None, flush=True)
work()
"""


def test_objects_that_were_looked_at_live_no_longer_than_they_would(
    make_session: MakeSession,
) -> None:
    session, heard, _file = make_session(LIFETIME)
    ask = _stand(session)
    assert ask("evaluate", text="thing")["root"] == "$1"
    assert "Thing" in ask.texts()["thing"]
    assert ask("evaluate", text="kept = [thing for _ in range(3)]")["error"] == ""
    ask("stack"), ask("threads"), ask.texts("$1")
    session.debug.step(StepKind.OVER)
    until(session, lambda: _line(session) == 8, "the step")
    assert "Thing" in ask.texts()["thing"]
    assert "kept" not in ask.texts()
    session.resume()
    until_end(session)
    assert heard.output["stdout"] == "True\n"


def test_half_a_character_is_refused_and_the_program_stands_on(make_session: MakeSession) -> None:
    session, _heard, _file = make_session(PROGRAM)
    ask = _stand(session)
    with pytest.raises(PyProbeError, match="half a character"):
        ask("evaluate", frame=0, text="'\ud800'")
    with pytest.raises(PyProbeError, match="cannot be asked"):
        ask("variables", frame=0, path=[["\udfff"]])
    assert ask("evaluate", frame=0, text="n")["text"] == "3"
    answer = ask("evaluate", frame=0, text="chr(0xD800)")
    assert answer["text"] == r"'\ud800'"


UNCAUGHT = """\
import asyncio
async def child(n):
    secret = n * 2
    await asyncio.sleep(0)
    raise ValueError(secret)
async def main():
    await asyncio.gather(child(1), child(2))
def start():
    mine = "m"
    try:
        asyncio.run(main())
    finally:
        print("last", flush=True)
start()
"""


def test_frames_that_an_exception_has_left_are_read_and_left_behind(
    make_session: MakeSession,
) -> None:
    session, heard, _file = make_session(UNCAUGHT)
    session.breakpoints.set_exception_stops(ExceptionStops(uncaught=True))
    ask = _stand(session)
    stop = session.debug.stop
    assert stop is not None
    assert (stop.line, stop.detail) == (5, "ValueError: 2 (uncaught)")
    frames = ask("stack")["frames"]
    mine = [(frame["function"], frame["line"]) for frame in frames if frame["is_mine"]]
    assert mine == [("child", 5), ("main", 7), ("start", 11), ("<module>", 14)]
    assert ask.texts(frame=0, scope="locals") == {"n": "1", "secret": "2"}
    assert ask("evaluate", frame=0, text="secret + n")["text"] == "3"
    assert ask.texts(frame=len(frames) - 2, scope="locals") == {"mine": "'m'"}
    with pytest.raises(PyProbeError, match="goes on nowhere"):
        ask("jump", line=3)
    assert step(session, StepKind.OVER).line == 13
    session.resume()
    assert until_end(session).exit_code == 1
    assert heard.output["stdout"] == "last\n"


def test_a_step_ends_at_the_next_line_after_a_line_that_was_interrupted(
    make_session: MakeSession,
) -> None:
    session, _heard, _file = make_session("x = 1\nbreakpoint()\ny = 2\nz = 3\n")
    ask = _stand(session)
    for text in ("[0 for _ in iter(int, 1)]", "(lambda f: f(f))(lambda f: [0 for _ in f(f)])"):
        ask("evaluate", text=text, limit_ms=300)
    assert step(session, StepKind.OVER).line == 3
    assert step(session, StepKind.OVER).line == 4


THREADS = """\
import threading
from concurrent.futures import ThreadPoolExecutor
def work(n):
    y = n + 1
    return y
breakpoint()
done = True
"""


def test_threads_that_a_line_starts_work_for_it_and_stop_nowhere(make_session: MakeSession) -> None:
    session, _heard, file = make_session(THREADS)
    session.breakpoints.add(str(file), 4)
    ask = _stand(session)
    started = "t = threading.Thread(target=work, args=(1,)); t.start(); t.join()"
    assert ask("evaluate", text=started, limit_ms=60_000)["error"] == ""
    pool = "list(ThreadPoolExecutor(2).map(work, range(4)))"
    assert ask("evaluate", text=pool, limit_ms=60_000)["text"] == "[1, 2, 3, 4]"
    reasons = {stop.reason for stop in session.debug.stops.values()}
    assert reasons <= {StopReason.CALL, StopReason.OTHER}  # what is left of the pool halts
    session.resume()
    assert until_end(session).exit_code == 0
