"""Walks through program texts: the program runs in a thread, the test takes the steps.

A line is named by a comment, ``x = 1  # a``, or by its text. Where a walk stops is told as
``a x=1 y=2``: the line's name and the frame's variables that are plain values, by name.
"""

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from pyprobe.core.budget import Budget
from pyprobe.core.code_registry import normalized
from pyprobe.core.debug.debugger import Debugger
from pyprobe.core.debug.records import StepKind, StopReason
from pyprobe.core.debug.stopped_thread import StoppedThread
from pyprobe.core.door import Door
from pyprobe.core.engine import Engine
from pyprobe.core.events.base import BREAKPOINTS, CodeSites
from pyprobe.core.events.choose import choose_event_source
from pyprobe.core.gate import Gate
from pyprobe.core.trigger_access import FrameAccess
from pyprobe.core.value_copy import copy_value
from pyprobe.ipc.messages import Message, SetStepping, Step, Stopped

PATIENCE_S = 60.0
_PLAIN = (int, float, str, bool, type(None), list, tuple, dict, set)
END = "end"


class Walk:
    """A program that stops at the line named ``start`` when it first comes there."""

    def __init__(self, folder: Path, source: str, *, start: str = "start") -> None:
        self.source = source
        self.path = folder / "program.py"
        self.path.write_text(source, encoding="utf-8")
        self.faults: list[str] = []
        self.messages: list[Message] = []
        self._stops: queue.SimpleQueue[Stopped | BaseException | None] = queue.SimpleQueue()
        self._event_source, _reason = choose_event_source(Door(self.faults.append))
        self.engine = Engine(
            self._event_source,
            extend=lambda record: None,
            pack=copy_value,
            gate=Gate(),
            budget=Budget(5.0),
        )
        self.debugger = Debugger(self.engine, self._post)
        self._start_line = self.line(start)
        self._started = False
        self._thread = threading.Thread(target=self._run, name="program")
        self.namespace: dict[str, Any] = {"__name__": "program"}
        self.last: Stopped | None = None
        self.also_tell: Callable[[Message], object] = lambda message: None
        self.configure()

    def configure(self, **changes: Any) -> None:
        settings: dict[str, Any] = {
            "all_threads": True,
            "only_my_code": True,
            "my_folders": [str(self.path.parent)],
            "release_after_s": 0.0,
            "event_functions": [],
        }
        self.debugger.configure(SetStepping(1, **{**settings, **changes}))

    def line(self, name: str) -> int:
        """Return the number of the line whose comment names it."""
        numbers = [
            number
            for number, text in enumerate(self.source.splitlines(), 1)
            if text.endswith(f"# {name}")
        ]
        assert len(numbers) == 1, (name, numbers)
        return numbers[0]

    def name(self, line: int) -> str:
        return self.source.splitlines()[line - 1].rpartition("# ")[2].strip()

    # The program's side

    @contextmanager
    def running(self) -> Iterator["Walk"]:
        """Run the program; whatever is left of it at the end goes on to its own."""
        self.engine.start()
        self._event_source.exempt_this_thread()
        self.engine.listen_to_code(self._arm_start)
        self._thread.start()
        try:
            yield self
        finally:
            self.debugger.leave()
            self._thread.join(PATIENCE_S)
            self.engine.stop()
            assert not self._thread.is_alive()
        assert self.faults == []

    @contextmanager
    def running_here(self) -> Iterator[Callable[[], None]]:
        """Give what runs the program in the thread that calls."""
        self.engine.start()
        self.engine.listen_to_code(self._arm_start)
        try:
            yield lambda: exec(compile(self.source, str(self.path), "exec"), self.namespace)
        finally:
            self.debugger.leave()
            self.engine.stop()

    def exempt_this_thread(self) -> None:
        """The calling thread is the test's, not the program's."""
        self._event_source.exempt_this_thread()

    def stop_at(self, name: str) -> None:
        """Stop at another line whenever a thread comes there, in all code that comes."""
        line = self.line(name)

        def arm(code: CodeType, file: str) -> None:
            if any(line == number for *_range, number in code.co_lines()):
                stop = self.debugger.stopper.stop
                sites = CodeSites(lines={line: lambda frame: stop(frame, StopReason.BREAKPOINT)})
                self._event_source.arm(code, sites, layer=BREAKPOINTS)

        self.engine.listen_to_code(arm)
        for code in self.engine.codes_of(str(self.path)):
            arm(code, "")

    def _run(self) -> None:
        try:
            exec(compile(self.source, str(self.path), "exec"), self.namespace)
        except BaseException as error:  # noqa: BLE001 - the test is told
            self._stops.put(error)
        else:
            self._stops.put(None)

    def _arm_start(self, code: CodeType, file: str) -> None:
        lines = [line for _start, _end, line in code.co_lines()]
        if file == normalized(str(self.path)) and self._start_line in lines:
            sites = CodeSites(lines={self._start_line: self._arrive})
            self._event_source.arm(code, sites, layer=BREAKPOINTS)

    def _arrive(self, frame: FrameType) -> object:
        if self._started:
            return self._event_source.disable
        self._started = True
        self.debugger.stopper.stop(frame, StopReason.BREAKPOINT, breakpoint_id=1)
        return None

    def _post(self, message: Message) -> None:
        self.messages.append(message)
        self.also_tell(message)
        if isinstance(message, Stopped) and message.reason != StopReason.OTHER.value:
            self._stops.put(message)

    # The test's side

    def next_stop(self) -> str:
        """Wait for the next stop, and tell it; ``end`` where the program has ended instead."""
        stop = self._stops.get(timeout=PATIENCE_S)
        if isinstance(stop, BaseException):
            return f"{END} {type(stop).__name__}"
        self.last = stop
        return END if stop is None else self.tell(self.standing(stop.thread))

    def wait_for_stop(self) -> None:
        """Wait for the next stop, and tell nothing of it."""
        self._stops.get(timeout=PATIENCE_S)

    def drain(self) -> None:
        """Forget the stops that nobody has asked for."""
        while not self._stops.empty():
            self._stops.get()

    def standing(self, thread: int = 0) -> StoppedThread:
        return self.debugger.stopper.stopped(thread)

    def tell(self, thread: StoppedThread) -> str:
        frame = thread.frame
        assert frame.f_lineno is not None
        if normalized(frame.f_code.co_filename) == normalized(str(self.path)):
            texts = [self.name(frame.f_lineno)]
        else:
            texts = [f"{frame.f_code.co_name}!"]
        if frame.f_code.co_name != "<module>":
            texts += plain_locals(frame, copies_locals=self._event_source.copies_locals)
        return " ".join(texts)

    def step(self, wish: str, *, thread: int = 0, entity: str = "") -> str:
        """Take a step and return where it ends. ``to NAME`` runs to a line."""
        kind, _, name = wish.partition(" ")
        if kind == "to":
            self.begin("to_line", thread=thread, entity=entity, line=self.line(name))
        else:
            self.begin(kind, thread=thread, entity=entity)
        return self.next_stop()

    def begin(self, kind: str, *, thread: int = 0, entity: str = "", line: int = 0) -> None:
        """Take a step, and do not wait for its end."""
        file = str(self.path) if line else ""
        self.debugger.obey(Step(1, StepKind(kind).value, thread, file, line, entity))


def plain_locals(frame: FrameType, *, copies_locals: bool) -> list[str]:
    """Return ``name=value`` of the variables that hold plain values."""
    variables = FrameAccess(frame.f_code, copies_locals=copies_locals).locals_of(frame)
    return [
        f"{name}={value!r}".replace(" ", "")
        for name, value in sorted(variables.items())
        if type(value) in _PLAIN and not name.startswith("__")
    ]


def walk(folder: Path, source: str, *steps: str, start: str = "start", **options: Any) -> list[str]:
    """Return where the program stops: first at ``start``, then after each of the steps."""
    with Walk(folder, source, start=start).running() as walking:
        if options:
            walking.configure(**options)
        return [walking.next_stop(), *(walking.step(wish) for wish in steps)]
