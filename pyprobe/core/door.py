"""The door between our callbacks and the program: what may pass and what is kept on our side.

A callback runs in the program's thread, so a signal handler of the program can raise inside it
(a timeout, a KeyboardInterrupt), and another thread can have one raised there from outside
(``PyThreadState_SetAsyncExc``). Such an exception is the program's and must reach it; one of ours
must not. What tells them apart is the code that raised, and whose class it is.
"""

import sys
from collections.abc import Callable
from os.path import dirname
from types import CodeType, TracebackType

_OWN_FOLDER = dirname(dirname(__file__))


class Door:
    """Answers exceptions that arise in callbacks.

    ``report`` is told each distinct fault of ours once, in one sentence. ``on_pass`` is told an
    exception of the program's just before it leaves our callback.
    """

    def __init__(self, report: Callable[[str], None]) -> None:
        self.on_pass: Callable[[BaseException], None] = lambda _error: None
        self._report = report
        self._reported: set[str] = set()
        self.fault_count = 0

    def answer(self, error: BaseException) -> None:
        """Raise the program's exceptions again, count and report our own."""
        if not self.is_ours(error):
            self.on_pass(error)
            raise error.with_traceback(_without_ours(error.__traceback__))
        self.fault_count += 1
        sentence = f"PyProbe failed in a callback: {type(error).__name__}: {error}"
        if sentence not in self._reported and len(self._reported) < 100:
            self._reported.add(sentence)
            self._report(sentence)

    def is_ours(self, error: BaseException) -> bool:
        """Whether it is our code that has failed, and not a handler of the program's in it."""
        return (
            isinstance(error, Exception)
            and not self._is_programs(error.__traceback__)
            and not _is_programs_class(type(error))
        )

    @staticmethod
    def is_own(code: CodeType) -> bool:
        """Whether a code object is PyProbe's."""
        return code.co_filename.startswith(_OWN_FOLDER)

    def _is_programs(self, traceback: TracebackType | None) -> bool:
        """Whether a frame below ours belongs to the program: it ran as a signal handler."""
        while traceback is not None:
            name = traceback.tb_frame.f_code.co_filename
            if not name.startswith((_OWN_FOLDER, "<frozen")) and not self._is_library(traceback):
                return True
            traceback = traceback.tb_next
        return False

    @staticmethod
    def _is_library(traceback: TracebackType) -> bool:
        """Whether a frame is library code that we called: a handler has no caller of ours."""
        caller = traceback.tb_frame.f_back
        name = traceback.tb_frame.f_globals.get("__name__", "")
        return caller is not None and name.partition(".")[0] in _LIBRARIES_WE_CALL


_OWN_CLASSES = frozenset({"pyprobe", "msgpack", *sys.stdlib_module_names})
_LIBRARIES_WE_CALL = frozenset({"numpy", "datetime", "enum", "array", "pandas", "torch", "PIL"})

_module_of = type.__dict__["__module__"].__get__  # asks no metaclass


def _is_programs_class(kind: type[BaseException]) -> bool:
    """Whether it is one that neither we nor what we call could have raised by ourselves."""
    module = _module_of(kind)
    top = module.partition(".")[0] if type(module) is str else ""
    return top not in _LIBRARIES_WE_CALL and top not in _OWN_CLASSES


def _without_ours(traceback: TracebackType | None) -> TracebackType | None:
    """Return what is left of a traceback that begins in our frames: those of a handler."""
    while traceback is not None and Door.is_own(traceback.tb_frame.f_code):
        traceback = traceback.tb_next
    return traceback


def cut_ours(traceback: TracebackType | None) -> None:
    """Take our frames out of a traceback that begins in the program's."""
    while traceback is not None:
        traceback.tb_next = _without_ours(traceback.tb_next)
        traceback = traceback.tb_next


def is_own_function(function: object) -> bool:
    """Whether a function that stands in another module is one of ours."""
    code = getattr(function, "__code__", None)
    return isinstance(code, CodeType) and Door.is_own(code)
