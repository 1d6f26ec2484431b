"""Lets a program's thread stand, so that tests can ask of it what a front end would.

The program text calls ``stand()`` where it is to stop; ``standing(source)`` runs it in a thread of
its own, yields what asks of it, and lets it go on and end.
"""

import sys
import threading
from _thread import get_ident
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pyprobe.core.debug.inspection import Inspection
from pyprobe.core.debug.records import StopPlace, StopReason
from pyprobe.core.debug.stopped_thread import StoppedThread
from pyprobe.errors import PyProbeError
from pyprobe.ipc.codec import decode, encode
from pyprobe.ipc.messages import Answer, Inspect, Message, PlainDict

PATIENCE_S = 60.0

# A function that stands with parameters, a cell, a local without a value and a global.
FUNCTION = """
limit = 10
def work(a, b):
    values = [1, 2, 3]
    shared = 4
    def read():
        return shared
    stand()
    result.update(locals())
    result['read'] = read()
    if False:
        late = 0
    return late if 'late' in result else None
result = {}
returned = work(1, 2)
"""


class Stopped:
    """A program that stands. ``ask`` returns the answer to a question, or raises its refusal."""

    def __init__(self) -> None:
        self.namespace: dict[str, Any] = {"__name__": "program", "stand": self.stand}
        self.printed: list[str] = []
        self.failure: BaseException | None = None
        self.thread: StoppedThread | None = None
        self._arrived = threading.Event()
        self._answers: dict[int, PlainDict] = {}
        self._answered = threading.Condition()
        self._asked = 0
        self.inspection = Inspection(
            self, self._post, is_mine=lambda code: code.co_filename == "prog"
        )

    # What the stopper is for the inspection

    @property
    def standing(self) -> tuple[StoppedThread, ...]:
        return () if self.thread is None else (self.thread,)

    def stopped(self, thread: int = 0) -> StoppedThread:
        if self.thread is None:
            raise PyProbeError("the program does not stand")
        return self.thread

    # In the program

    def stand(self, level: int = 1) -> None:
        frame = sys._getframe(level)
        place = StopPlace(get_ident(), "", StopReason.PAUSE, "prog", frame.f_lineno, "")
        self.thread = StoppedThread(get_ident(), frame, place)
        del frame
        self._arrived.set()
        try:
            self.thread.stand()
        finally:
            self.thread = None

    def run(self, source: str) -> None:
        try:
            exec(compile(source, "prog", "exec"), self.namespace)
        except BaseException as error:  # noqa: BLE001 - the test looks at it
            self.failure = error
        finally:
            self._arrived.set()

    # In the test

    def wait_until_it_stands(self) -> None:
        assert self._arrived.wait(PATIENCE_S)
        self._arrived.clear()
        if self.thread is None and self.failure is not None:
            raise self.failure

    def go_on(self) -> None:
        if self.thread is not None:
            self.thread.release()

    def ask(self, ask: str, **fields: object) -> PlainDict:
        """Return the answer to a question, sent and received as on the wire."""
        return self.wait_for(self.begin(ask, **fields))

    def begin(self, ask: str, **fields: object) -> int:
        self._asked += 1
        sent = decode(encode(Inspect(self._asked, 0, {"ask": ask, **fields})))
        assert isinstance(sent, Inspect)
        self.inspection.ask(sent)
        return self._asked

    def wait_for(self, command_id: int) -> PlainDict:
        with self._answered:
            assert self._answered.wait_for(lambda: command_id in self._answers, PATIENCE_S)
        return self._answers[command_id]

    def _post(self, message: Message) -> None:
        came = decode(encode(message))
        assert isinstance(came, Answer)
        with self._answered:
            self._answers[came.command_id] = came.answer
            self._answered.notify_all()

    # Short for tests

    def evaluate(self, text: str, **fields: object) -> str:
        """Return the text of a line's result, or its error."""
        answer = self.ask("evaluate", text=text, **fields)
        return str(answer["error"] or answer["text"])

    def set(self, text: str, **fields: object) -> str:
        answer = self.ask("set", text=text, **fields)
        return str(answer["error"] or answer["text"])

    def rows(self, *path: object, **fields: object) -> list[Any]:
        """Return the rows of what a path of names and keys leads to."""
        steps: list[object] = []
        for name in path:
            if isinstance(name, str) and name.startswith("$"):
                steps.append(name)
                continue
            page = self.ask("variables", path=steps, count=1000, **fields)["rows"]
            assert isinstance(page, list)
            steps.append(next(row["step"] for row in page if row["name"] == name))
        answer = self.ask("variables", path=steps, **fields)
        found = answer["rows"]
        assert isinstance(found, list)
        return found

    def texts(self, *path: object, **fields: object) -> dict[str, str]:
        return {row["name"]: row["text"] for row in self.rows(*path, **fields)}


@contextmanager
def standing(source: str, **names: object) -> Iterator[Stopped]:
    """Run a program text until it stands; ``names`` are globals of it."""
    program = Stopped()
    program.namespace.update(names)
    thread = threading.Thread(target=program.run, args=(source,), name="Program")
    thread.start()
    try:
        program.wait_until_it_stands()
        yield program
    finally:
        program.go_on()
        thread.join(PATIENCE_S)
        assert not thread.is_alive()
    if program.failure is not None:
        raise program.failure
