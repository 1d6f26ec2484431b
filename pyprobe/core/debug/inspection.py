"""Inspection: answers what a front end asks of a thread that stands.

Requests and their answers are plain dicts. All but ``evaluate``, ``set`` and ``jump`` read plain
data and run no code of the program; those three run in the thread itself, within ``limit_ms``.

``{"ask": "threads"}``
    ``{"threads": [[ident, name, file, line, function, is_stopped], …]}``
``{"ask": "stack"}``
    ``{"frames": [{"index", "file", "line", "function", "kind", "task", "is_mine"}, …]}``, innermost
    first. ``kind`` is ``frame``, or ``awaiting`` for the suspended ones of tasks that await this.
``{"ask": "variables", "frame": index, "scope": "locals" or "globals", "path": [step, …],
"start": 0, "count": 100}``
    ``{"total": n, "rows": [{"name", "step", "text", "type", "parts", "number"}, …]}``. ``step``
    extends the path to what lies inside; ``parts`` is how much that is, -1 where it cannot be
    opened. A path that begins with ``"$"`` begins at the newest result of an evaluation, with
    ``"$2"`` at the second; the scope can say so, too.
``{"ask": "evaluate", "frame": index, "text": "…", "limit_ms": 2000}``
    ``{"text", "type", "parts", "number", "root", "error"}``: ``root`` is the path's beginning for
    the result, ``""`` for a statement; ``error`` is ``""`` or one sentence, and then ``text`` is
    empty. What the line prints goes where the program's own output goes.
``{"ask": "set", "frame": index, "name": "x" or "self.gain", "text": "…", "limit_ms": 2000}``, or
with ``"scope"`` and ``"path"`` instead of the name
    as for ``evaluate``, of the value as it then is.
``{"ask": "jump", "line": n}``
    ``{"line": n, "detail": "…", "error": "…"}``; the detail is the interpreter's remark on
    variables that it has emptied, the error its own reason why not.
"""

from _weakref import ref
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any, Protocol

from pyprobe.core.debug.awaited_job import AwaitedJob, Outcome
from pyprobe.core.debug.evaluation import NOTHING, assign, evaluate, value_of
from pyprobe.core.debug.frame_scope import FrameScope
from pyprobe.core.debug.jump import jump
from pyprobe.core.debug.requests import Request
from pyprobe.core.debug.setting import Place, follow_value, place_of, variable_place
from pyprobe.core.debug.stack import (
    StackFrame,
    describe_frame,
    describe_threads,
    stack_of,
    stack_of_exception,
)
from pyprobe.core.debug.stopped_thread import PassedFrame
from pyprobe.core.debug.value_parts import Parts, parts_of
from pyprobe.core.debug.variables import facts_of, follow, page_of, scope_parts
from pyprobe.errors import PyProbeError
from pyprobe.ipc.messages import Answer, Inspect, Message, PlainDict

MOST_RESULTS = 100
_NO_VALUE: PlainDict = {"text": "", "type": "", "parts": -1, "number": False, "root": ""}


class StandingThread(Protocol):
    """What is needed of ``stopped_thread.StoppedThread``."""

    ident: int

    @property
    def frame(self) -> FrameType: ...

    @property
    def frame_on(self) -> FrameType: ...

    @property
    def passed(self) -> tuple[PassedFrame, ...]: ...

    def submit(self, job: Callable[[], object]) -> None: ...


class Standing(Protocol):
    """What is needed of ``stopper.Stopper``."""

    @property
    def standing(self) -> tuple[Any, ...]: ...

    def stopped(self, thread: int = 0) -> Any: ...


class _Stop:
    """What is remembered of one thread while it stands; no longer, as it holds its objects."""

    def __init__(self, thread: StandingThread) -> None:
        passed, frame = thread.passed, thread.frame_on
        self.stack: list[StackFrame] = (
            stack_of_exception(passed, frame) if passed else stack_of(frame)
        )
        self.extras: dict[int, dict[str, Any]] = {}
        self.results: dict[str, Any] = {}
        self.count = 0
        self.job: AwaitedJob | None = None

    def keep(self, value: Any) -> str:
        """Remember a result, and return the beginning of paths into it."""
        self.count += 1
        root = f"${self.count}"
        self.results[root] = value
        self.results.pop(f"${self.count - MOST_RESULTS}", None)
        return root

    def result(self, root: str) -> Any:
        if root == "$":
            root = f"${self.count}"
        if root not in self.results:
            raise PyProbeError("this result is no longer there")
        return self.results[root]


class Inspection:
    """``ask`` is called on the service thread, ``post`` sends a message from any.

    ``is_mine`` tells the program's own code from libraries'.
    """

    def __init__(
        self,
        stopper: Standing,
        post: Callable[[Message], None],
        *,
        is_mine: Callable[[CodeType], bool],
    ) -> None:
        self._stopper = stopper
        self._post = post
        self._is_mine = is_mine
        self._stops: dict[int, tuple[Any, _Stop]] = {}
        self._askers: dict[str, Callable[[int, StandingThread, Request], None]] = {
            "stack": self._stack,
            "variables": self._variables,
            "evaluate": self._evaluate,
            "set": self._set,
            "jump": self._jump,
        }

    def ask(self, command: Inspect) -> None:
        """Find out, and send an Answer; later, where code of the program has to run.

        Raises:
            PyProbeError: what is asked for cannot be found.
        """
        request = Request(command.request)
        question = request.text("ask")
        if question == "threads":
            threads = self._stopper.standing
            frames = {one.ident: one.frame for one in threads}
            names = {one.ident: one.place.thread_name for one in threads if one.place.thread_name}
            self._answer(command.command_id, {"threads": describe_threads(frames, names)})
            return
        asker = self._askers.get(question)
        if asker is None:
            raise PyProbeError(f"there is no question {question!r:.40}")
        thread = self._stopper.stopped(command.thread)
        try:
            asker(command.command_id, thread, request)
        except PyProbeError:
            raise
        except Exception as error:  # whatever the program's data is, the service thread goes on
            raise PyProbeError(f"this cannot be read: {type(error).__name__}: {error}") from error

    def cut_short(self) -> None:
        """Interrupt what is evaluated: nobody waits for it any more."""
        for _thread, stop in list(self._stops.values()):
            if stop.job is not None:
                stop.job.cut_short()

    def _answer(self, command_id: int, answer: PlainDict) -> None:
        self._post(Answer(command_id, answer))

    def _stop_of(self, thread: StandingThread) -> _Stop:
        known = self._stops.get(thread.ident)
        if known is not None and known[0]() is thread:
            return known[1]
        stop = _Stop(thread)

        def forget(reference: object) -> None:
            now = self._stops.get(thread_ident)
            if now is not None and now[0] is reference:
                del self._stops[thread_ident]

        thread_ident = thread.ident
        self._stops[thread_ident] = (ref(thread, forget), stop)
        return stop

    def _scope(self, stop: _Stop, index: int) -> FrameScope:
        if not 0 <= index < len(stop.stack):
            raise PyProbeError("the stack has no such frame")
        return FrameScope(stop.stack[index].frame, extra=stop.extras.setdefault(index, {}))

    # Reading plain data

    def _stack(self, command_id: int, thread: StandingThread, request: Request) -> None:
        stack = self._stop_of(thread).stack
        frames = [describe_frame(index, one, self._is_mine) for index, one in enumerate(stack)]
        self._answer(command_id, {"frames": frames})

    def _variables(self, command_id: int, thread: StandingThread, request: Request) -> None:
        stop = self._stop_of(thread)
        start, count = request.number("start", 0), request.number("count", 100)
        root, steps = request.path()
        if root:
            inside = parts_of(follow_value(stop.result(root), steps))
        else:
            variables = self._scope_parts(stop, request)
            inside = parts_of(follow(variables, steps)) if steps else variables
        self._answer(command_id, page_of(inside, start, count))

    def _scope_parts(self, stop: _Stop, request: Request) -> Parts:
        scope = self._scope(stop, request.number("frame", 0))
        return scope_parts(scope, is_global=_is_global(request))

    # Running code of the program

    def _evaluate(self, command_id: int, thread: StandingThread, request: Request) -> None:
        stop = self._stop_of(thread)
        scope = self._scope(stop, request.number("frame", 0))
        text = request.text("text")
        self._run(command_id, thread, stop, request, lambda: evaluate(text, scope))

    def _set(self, command_id: int, thread: StandingThread, request: Request) -> None:
        stop = self._stop_of(thread)
        scope = self._scope(stop, request.number("frame", 0))
        text = request.text("text")
        place = self._place(stop, scope, request)

        def piece() -> Any:
            place.bind(value_of(text, scope))
            return place.read()

        self._run(command_id, thread, stop, request, piece)

    def _place(self, stop: _Stop, scope: FrameScope, request: Request) -> Place:
        name = request.text("name", "")
        if name:
            return Place(lambda value: assign(name, value, scope), lambda: evaluate(name, scope))
        root, steps = request.path()
        if root and steps:
            return place_of(stop.result(root), steps)
        if len(steps) == 1:
            return variable_place(scope, str(steps[0][-1]), is_global=_is_global(request))
        if steps:
            variable = follow(self._scope_parts(stop, request), steps[:1])
            return place_of(variable, steps[1:])
        raise PyProbeError("it is not said what to set")

    def _run(
        self,
        command_id: int,
        thread: StandingThread,
        stop: _Stop,
        request: Request,
        piece: Callable[[], Any],
    ) -> None:
        def answer(outcome: Outcome) -> None:
            found: PlainDict = {**_NO_VALUE, "error": outcome.error}
            if not outcome.error and outcome.value is not NOTHING:
                found.update(facts_of(outcome.value), root=stop.keep(outcome.value))
            self._answer(command_id, found)

        self._begin(thread, stop, AwaitedJob(piece, request.limit_s(), answer))

    def _jump(self, command_id: int, thread: StandingThread, request: Request) -> None:
        if thread.passed:
            raise PyProbeError("the exception has left this frame, so it goes on nowhere")
        frame, line = thread.frame, request.number("line")

        def answer(outcome: Outcome) -> None:
            reached, remark = outcome.value or (0, "")
            self._answer(command_id, {"line": reached, "detail": remark, "error": outcome.error})

        job = AwaitedJob(lambda: jump(frame, line), request.limit_s(), answer)
        self._begin(thread, self._stop_of(thread), job)

    @staticmethod
    def _begin(thread: StandingThread, stop: _Stop, job: AwaitedJob) -> None:
        if stop.job is not None and not stop.job.is_over:
            raise PyProbeError("what was evaluated before has not ended yet")
        stop.job = job
        job.begin(thread)


def _is_global(request: Request) -> bool:
    return request.text("scope", "locals") == "globals"
