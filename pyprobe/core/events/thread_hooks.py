"""ThreadHooks: sets the trace hook of any thread, and tells how many levels one has left (3.11).

``sys.settrace`` sets the hook of the calling thread only. The interpreter's record of a thread can
be changed by any other thread, but it may be gone as soon as one has had its turn. So finding the
records, looking at them and changing them is one call of C functions, which no other comes between.

Where things stand in a record is found by how they behave.
"""

import gc
import sys
from _operator import add, and_, attrgetter, call, ge, is_, not_
from _thread import _local, get_ident
from collections.abc import Callable, Collection, Iterator
from itertools import accumulate, chain, compress, repeat, starmap, takewhile, tee
from types import FrameType
from typing import Any

from pyprobe.core.events.headroom import find_counters

_RECORD_BYTES = 256  # of several hundred
_MOST_LEVELS = 1 << 30
_FEW_LEVELS = 20
_value_of = attrgetter("value")
_settrace, _gettrace = sys.settrace, sys.gettrace  # as they are before anybody wraps them


class OwnLevels(_local):
    """``counter.value`` is how many levels of the recursion limit the calling thread has left."""

    def __init__(self, find: Callable[[], Any]) -> None:
        self.counter = find()


class _Plenty:
    value = _MOST_LEVELS


class ThreadHooks:
    """To be used where ``usable``, which it is once it was prepared, and on 3.11 only."""

    def __init__(self) -> None:
        self.usable = False
        self.own_levels = OwnLevels(_Plenty)
        self._is_prepared = False

    def prepare(self, hook: Callable[[FrameType, str, Any], Any]) -> None:
        """Load what is needed; it takes some milliseconds the first time."""
        if self._is_prepared or sys.version_info[:2] != (3, 11):
            return
        self._is_prepared = True
        try:
            import ctypes
        except ImportError:  # an interpreter built without it
            return
        self._load(ctypes)
        if self._find_places(ctypes, hook):
            self.own_levels = OwnLevels(self._own_counter)
            self.usable = True

    def _load(self, ctypes: Any) -> None:
        api, pointer = ctypes.pythonapi, ctypes.c_void_p
        declare = ctypes.PYFUNCTYPE  # of functions that keep the GIL
        self._own_record = declare(pointer)(("PyThreadState_Get", api))
        self._first = declare(pointer, pointer)(("PyInterpreterState_ThreadHead", api))
        # Called with a second argument, of which it knows nothing, by ``accumulate``.
        self._next = declare(pointer, pointer, pointer)(("PyThreadState_Next", api))
        self._interpreter = declare(pointer)(("PyInterpreterState_Get", api))()
        # Together these two have the interpreter look whether there is a hook now.
        self._enter_tracing = declare(None, pointer)(("PyThreadState_EnterTracing", api))
        self._leave_tracing = declare(None, pointer)(("PyThreadState_LeaveTracing", api))
        # The second argument is for ``map`` to count by.
        self._take_reference = declare(None, ctypes.py_object, pointer)(("Py_IncRef", api))
        copy = ctypes.cast(ctypes.memmove, pointer).value
        self._copy = declare(pointer, pointer, pointer, ctypes.c_size_t)(copy)
        self._address_of = ctypes.addressof
        self._word, self._int = pointer, ctypes.c_int
        self._word_bytes, self._int_bytes = ctypes.sizeof(pointer), ctypes.sizeof(ctypes.c_int)

    def _find_places(self, ctypes: Any, hook: Callable[[FrameType, str, Any], Any]) -> bool:
        """Find where in a record its thread's ident, levels, hook and the hook's function are."""
        record, size = self._own_record(), self._word_bytes
        ints = (self._int * (_RECORD_BYTES // self._int_bytes)).from_address(record)
        words = (self._word * (_RECORD_BYTES // size)).from_address(record)
        levels = find_counters(ints)
        before = _gettrace()
        _settrace(hook)
        with_hook = list(words)
        _settrace(None)
        without = list(words)
        _settrace(before)
        hooks = [place for place, word in enumerate(with_hook) if word == id(hook)]
        idents = [place for place, word in enumerate(without) if word == get_ident()]
        if levels is None or len(hooks) != 1 or len(idents) != 1:
            return False
        # Both functions, that of the profiler and ours, stand before both objects.
        function = hooks[0] - 2
        if function < 0 or without[hooks[0]] or without[function] or not with_hook[function]:
            return False
        self._function = self._word(with_hook[function])
        self._levels_place = levels * self._int_bytes
        self._ident_place, self._hook_place = idents[0] * size, hooks[0] * size
        self._function_place = function * size
        return True

    def _own_counter(self) -> Any:
        return self._int.from_address(self._own_record() + self._levels_place)

    def threads_without(self, *, exempt: Collection[int]) -> list[int]:
        """Return the idents of the threads that have no hook, but those of the exempt ones.

        One that a C library has set is known by its function only.
        """
        looks = tee(self._records(), 3)
        idents = self._values(looks[0], self._ident_place, self._word)
        bare = map(is_, self._values(looks[1], self._function_place, self._word), repeat(None))
        others = self._values(looks[2], self._ident_place, self._word)
        wanted = map(and_, bare, map(not_, map(exempt.__contains__, others)))
        return self._at_once(compress(idents, wanted))

    def set_where_none(
        self, hook: Callable[..., object], *, threads: Collection[int], least_levels: int
    ) -> None:
        """Set ``hook`` in those of the threads that have none now and that many levels left."""
        self._at_once(*self._hook_steps(hook, threads, least_levels))

    def _hook_steps(
        self, hook: Callable[..., object], threads: Collection[int], least_levels: int
    ) -> tuple[Iterator[Any], ...]:
        records, *looks = tee(self._records(), 4)
        conditions = (
            map(threads.__contains__, self._values(looks[0], self._ident_place, self._word)),
            map(is_, self._values(looks[1], self._function_place, self._word), repeat(None)),
            map(ge, self._values(looks[2], self._levels_place, self._int), repeat(least_levels)),
        )
        chosen = tee(compress(records, map(all, zip(*conditions, strict=True))), 5)
        address = self._word(id(hook))
        return (
            map(self._take_reference, repeat(hook), chosen[0]),
            self._writes(chosen[1], self._hook_place, address),
            self._writes(chosen[2], self._function_place, self._function),
            map(self._enter_tracing, chosen[3]),
            map(self._leave_tracing, chosen[4]),
        )

    def start_hooked(
        self, hook: Callable[..., object], start: Callable[..., int], arguments: tuple[Any, ...]
    ) -> int:
        """Call ``start``, which starts a thread by ``_thread``, and set that thread's hook at once.

        Raises whatever ``start`` raises.
        """
        new = [get_ident()]  # as its record says until the thread itself has come so far
        begin = map(new.append, starmap(start, (arguments,)))
        self._at_once(begin, *self._hook_steps(hook, new, _FEW_LEVELS))
        return new[1]

    @staticmethod
    def _at_once(*steps: Iterator[Any]) -> list[Any]:
        """Take all steps, of C functions, in one call; return what they return.

        There is no garbage collection meanwhile: it would run finalizers of the program.
        """
        was_enabled: list[bool] = []
        once = ((),)
        all_steps = (
            map(was_enabled.append, starmap(gc.isenabled, once)),
            starmap(gc.disable, once),
            *steps,
            map(call, compress((gc.enable,), was_enabled)),
        )
        try:
            answers = list(chain.from_iterable(all_steps))
        except BaseException:
            if was_enabled == [True]:
                gc.enable()
            raise
        return answers[2 : len(answers) - was_enabled[0]]

    def _records(self) -> Iterator[int]:
        """Yield the address of each thread's record, by C functions only."""
        start = chain(map(self._first, (self._interpreter,)), repeat(0))
        return takewhile(bool, accumulate(start, self._next))

    def _values(self, records: Iterator[int], place: int, kind: Any) -> Iterator[Any]:
        return map(_value_of, map(kind.from_address, map(add, records, repeat(place))))

    def _writes(self, records: Iterator[int], place: int, word: Any) -> Iterator[Any]:
        addresses = map(add, records, repeat(place))
        sources = map(self._address_of, repeat(word))  # which keeps it until it is written
        return map(self._copy, addresses, sources, repeat(self._word_bytes))
