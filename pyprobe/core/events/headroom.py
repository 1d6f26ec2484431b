"""Headroom: lets callbacks run where a thread has used up its recursion limit (3.12 and 3.13).

Every level of the limit is the program's. A callback that finds none left for its own frames gives
its thread some for as long as it runs. The next one may come where there is no level left even to
begin, so from then on callbacks are entered through C functions that first allow a few levels, as
the interpreter does for itself while it handles an overflow. That costs a microsecond, so it ends
as soon as no thread is in the depth any more.

The counters are those in the interpreter's own record of the thread, found by how they behave: no
function changes them for one thread alone.
"""

import sys
from _thread import allocate_lock, get_ident
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from time import perf_counter_ns
from types import FrameType
from typing import TYPE_CHECKING, Any

from pyprobe.core.door import Door

if TYPE_CHECKING:
    import ctypes

_ROOM_LEVELS = 500  # more than any callback needs
_ROOM_LEVELS_OF_C = 100  # each takes about a kilobyte of the stack
_ENOUGH_LEVELS = 40
_LOOK_AGAIN_NS = 100_000_000
_RECORD_INTS = 64  # of several hundred bytes
# Four ints of the record in a row: levels left, the limit, levels of C left, and the allowance.
_LEFT, _LIMIT, _C_LEFT, _ALLOWANCE = 0, 1, 2, 3


class Headroom:
    """Who is in the depth, and how callbacks are entered there.

    Where ``usable``, a callback that meets a RecursionError sets ``counter(record() + place)`` to 1
    and calls ``again``. All three are to be used as they are, without a frame between.

    ``switch`` is called with True when callbacks must be entered through ``entrance`` from now on,
    with False when they can be called as they are.
    """

    def __init__(self, door: Door, switch: Callable[[bool], None]) -> None:
        self._door = door
        self._switch = switch
        self._switching = allocate_lock()
        self._deep: set[int] = set()
        self._looked_ns = 0
        self._is_prepared = False
        self._counters: Callable[[int], Any] = lambda address: None
        self._counters_place = 0
        self._allowances: defaultdict[int, object] = defaultdict()
        self._to_pointer: Callable[[int], object] = lambda address: None
        self.usable = False
        self.record: Callable[[], int] = lambda: 0
        self.counter: Callable[[int], Any] = lambda address: None
        self.place = 0

    def prepare(self) -> None:
        """Load what is needed and find the counters; it takes two milliseconds the first time."""
        if self._is_prepared or sys.version_info[:2] not in ((3, 12), (3, 13)):
            return
        self._is_prepared = True
        try:
            import ctypes
        except ImportError:  # an interpreter built without it
            return
        self.record = ctypes.PYFUNCTYPE(ctypes.c_void_p)(("PyThreadState_Get", ctypes.pythonapi))
        index = find_counters((ctypes.c_int * _RECORD_INTS).from_address(self.record()))
        if index is None:
            return
        size = ctypes.sizeof(ctypes.c_int)
        self._counters, self._counters_place = (ctypes.c_int * 4).from_address, index * size
        self.counter, self.place = ctypes.c_int.from_address, (index + _ALLOWANCE) * size
        self._nowhere = ctypes.c_int()  # what threads are allowed that are in no need
        self._to_pointer = ctypes.c_void_p
        address = ctypes.addressof(self._nowhere)
        self._allowances.default_factory = partial(ctypes.c_void_p, address)
        self.usable = True

    def again(self, error: RecursionError, call: Callable[..., object], *event: object) -> object:
        """Call what has failed for want of levels; the thread has been allowed some.

        ``error.unfinished``, where there is such, are the parts of ``call`` that are left to do.
        """
        counters, added, added_of_c = self._make_room()
        try:
            if counters[_LEFT] - added < _ENOUGH_LEVELS:  # else it is levels of C that were missing
                with self._switching:
                    self._deep.add(get_ident())
                    record = self.record()
                    self._allowances[record] = self._to_pointer(record + self.place)
                    self._switch(True)
            answer = None
            for part in getattr(error, "unfinished", (call,)):
                answer = part(*event)
            return answer
        except RecursionError:  # of a limit that is another one again
            self._door.fault_count += 1
            return None
        except Exception as own_error:
            self._door.answer(own_error)
            return None
        finally:
            counters[_LEFT] -= added
            counters[_C_LEFT] -= added_of_c

    def entrance(self, callback: Callable[..., object], count: int) -> Callable[..., object]:
        """Return a C function of ``count`` arguments that makes room and calls ``callback``.

        It needs no level of Python's: ``PyThreadState_Get`` is called, its result is handed to
        ``memset``, whose result is handed to a function of ours, as ctypes calls an ``errcheck``.
        ``callback`` finds one more frame of ours below the program's.
        """
        import ctypes

        def enter(_result: object, _function: object, arguments: tuple[Any, ...]) -> object:
            try:
                counters, added, added_of_c = self._make_room()
            except RecursionError:  # a thread that is new in the depth; it has been allowed nothing
                self.counter(self.record() + self.place).value = 1
                counters, added, added_of_c = self._make_room()
            try:
                return callback(*arguments[2])
            finally:
                counters[_LEFT] -= added
                counters[_C_LEFT] -= added_of_c
                try:
                    _descend(_ENOUGH_LEVELS)
                except RecursionError:
                    with self._switching:  # all this is done by C functions
                        record = self.record()
                        self._allowances[record] = self._to_pointer(record + self.place)
                        self._deep.add(get_ident())
                else:
                    self._come_up()

        class Allowance:
            """Converts the address of a thread's record to that of its allowance."""

            from_param = self._allowances.__getitem__

        class One:
            """Converts anything to 1, as a value and as a size: no value of several bytes.

            It needs no level of C, where ``py_object`` does, and fails by an error of its own.
            """

            from_param = bool

        fill = ctypes.cast(ctypes.memset, ctypes.c_void_p).value
        assert fill is not None
        allow: Any = ctypes.PYFUNCTYPE(None)(fill)
        allow.argtypes = [Allowance, One, One]
        allow.errcheck = enter
        read: Any = ctypes.PYFUNCTYPE(ctypes.c_void_p)(("PyThreadState_Get", ctypes.pythonapi))
        read.argtypes = [One] * count  # which that function does not look at
        read.errcheck = allow
        return read  # type: ignore[no-any-return]

    def _make_room(self) -> tuple[Any, int, int]:
        """Turn what the thread was allowed into levels.

        Returns its counters, how many levels and how many of C.
        """
        counters = self._counters(self.record() + self._counters_place)
        added = _ROOM_LEVELS if counters[_LEFT] < _ROOM_LEVELS else 0
        counters[_LEFT] += added
        added_of_c = _ROOM_LEVELS_OF_C if counters[_C_LEFT] < _ROOM_LEVELS_OF_C else 0
        counters[_C_LEFT] += added_of_c
        counters[_ALLOWANCE] = 0
        return counters, added, added_of_c

    def _come_up(self) -> None:
        with self._switching:
            self._deep.discard(get_ident())
            if self._deep:
                self._forget_others()
            if not self._deep:
                self._switch(False)

    def _forget_others(self) -> None:
        """Forget threads that have ended, or have come up without a hit to tell of it."""
        now_ns = perf_counter_ns()
        if now_ns - self._looked_ns < _LOOK_AGAIN_NS:
            return
        self._looked_ns = now_ns
        frames = sys._current_frames()
        frames.pop(get_ident(), None)  # it would hold itself, and with it the program's
        highest = sys.getrecursionlimit() - 2 * _ENOUGH_LEVELS
        for ident in list(self._deep):
            if _depth(frames.get(ident)) < highest:
                self._deep.discard(ident)


def find_counters(record: "ctypes.Array[ctypes.c_int]") -> int | None:
    """Return where in its record a thread's counters begin; None when that is not certain."""
    limit = sys.getrecursionlimit()
    places = [
        place
        for place in range(len(record) - 4)
        if record[place + _LIMIT] == limit
        and record[place + _ALLOWANCE] == 0
        and 0 < record[place] < limit
        and _left_below(record, place, 1) == record[place] - 2
        and _left_below(record, place, 5) == record[place] - 6
    ]
    return places[0] if len(places) == 1 else None


def _left_below(record: "ctypes.Array[ctypes.c_int]", place: int, levels: int) -> int:
    return _left_below(record, place, levels - 1) if levels else record[place]


def _descend(levels: int) -> None:
    """Find out whether there are so many levels left."""
    if levels:
        _descend(levels - 1)


def _depth(frame: FrameType | None) -> int:
    depth = 0
    while frame is not None:
        depth += 1
        frame = frame.f_back
    return depth
