"""LoopReports: hears of the exceptions that asyncio's event loops report, as nothing caught them.

That is one of a task that nobody awaits, or of a callback. The loops' own function for it is
watched, which runs only then.
"""

import sys
from collections.abc import Callable
from types import CodeType, FrameType, FunctionType, ModuleType

from pyprobe.core.code_map import CodeMap
from pyprobe.core.engine import Engine
from pyprobe.core.events.base import CodeSites
from pyprobe.core.frame_reader import fast_access, variable_reader
from pyprobe.core.plain_types import FLAG_DICT, FLAG_EXCEPTION, FLAG_TYPE, flags_of, namespace_of

_LAYER = "loop reports"
_MODULE, _CLASS, _FUNCTION = "asyncio.base_events", "BaseEventLoop", "call_exception_handler"


class LoopReports:
    """``hear`` is told the frame and the exception, in the thread of the loop."""

    def __init__(self, engine: Engine, hear: Callable[[FrameType, BaseException], None]) -> None:
        self._engine = engine
        self._hear = hear
        self._code: CodeType | None = None
        self._listens = False

    def listen(self, wanted: bool) -> None:
        """Hear from now on, or no more; harmless when called twice."""
        if wanted == self._listens:
            return
        self._listens = wanted
        if wanted:
            self._engine.listen_to_code(self._meet)
            self._arm(_code_of_loaded())
            return
        self._engine.stop_listening_to_code(self._meet)
        if self._code is not None:
            self._engine.source.disarm(self._code, layer=_LAYER)
            self._code = None

    def _meet(self, code: CodeType, file: str) -> None:
        if code.co_name == _FUNCTION and code is _code_of_loaded():
            self._arm(code)

    def _arm(self, code: CodeType | None) -> None:
        if code is None or code is self._code:
            return
        instructions = CodeMap(code).instructions
        begin = next((i for i, one in enumerate(instructions) if one.opname == "RESUME"), -1) + 1
        self._code = code
        sites = CodeSites(before={instructions[begin].offset: self._on_call})
        self._engine.source.arm(code, sites, layer=_LAYER)

    def _on_call(self, frame: FrameType) -> None:
        code = frame.f_code
        access = fast_access(code, copies_locals=self._engine.source.copies_locals)
        try:
            context = variable_reader(code, "context", access=access)(frame)
        except KeyError:
            return
        if not flags_of(type(context)) & FLAG_DICT:
            return
        error = dict.get(context, "exception")  # type: ignore[call-overload]
        if flags_of(type(error)) & FLAG_EXCEPTION:
            self._hear(frame, error)


def _code_of_loaded() -> CodeType | None:
    """The code of the loops' function, if the program has loaded them."""
    module = sys.modules.get(_MODULE)
    loop = vars(module).get(_CLASS) if type(module) is ModuleType else None
    if loop is None or not flags_of(type(loop)) & FLAG_TYPE:
        return None
    function = namespace_of(loop).get(_FUNCTION)
    return function.__code__ if type(function) is FunctionType else None
