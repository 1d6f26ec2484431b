"""Execution events from ``sys.monitoring`` (PEP 669, Python 3.12+).

Local events on just the code objects that hold a probe; every offset nobody wants answers DISABLE
once, so the interpreter patches it back to plain speed. Tables are keyed by ``id(code)`` and hold
the code object: hashing a code object reads its whole bytecode.
"""

import sys
from _thread import get_ident
from collections.abc import Callable
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any

from pyprobe.core.door import Door, cut_ours
from pyprobe.core.events.base import (
    PROBES,
    CodeSites,
    Handler,
    LineHandler,
    LoneSite,
    RaiseHandler,
    ValueHandler,
)
from pyprobe.core.events.entry_check import without_entry_check
from pyprobe.core.events.headroom import Headroom
from pyprobe.core.events.instruction_callbacks import InstructionCallbacks
from pyprobe.core.events.superinstructions import NEEDED, Superinstructions

if TYPE_CHECKING:
    from pyprobe.core.events.layers import Layers

if sys.version_info >= (3, 12):
    from pyprobe.core.events.tool_id import take_tool_id

    _mon = sys.monitoring
    _E = _mon.events
    _DISABLE: object = _mon.DISABLE
    _getframe = sys._getframe
    _traceback_of = BaseException.__dict__["__traceback__"].__get__

    class MonitoringSource:
        """EventSource over one tool id of ``sys.monitoring``."""

        name = "monitoring"
        disable = _DISABLE
        copies_locals = False
        slows_code = NEEDED
        waits_plain = True

        def __init__(self, door: Door) -> None:
            self.program_door: Callable[[], object] | None = None
            self.on_slowed: Callable[[CodeType], object] = lambda code: None
            self._door = door
            self._tool = -1
            self._armed: dict[int, CodeType] = {}
            self._sites: dict[int, CodeSites] = {}
            self._layers: Layers | None = None
            self._before: dict[int, dict[int, Handler]] = {}
            self._returns: dict[int, dict[int, ValueHandler]] = {}
            self._yields: dict[int, dict[int, ValueHandler]] = {}
            self._unwinds: dict[int, Handler] = {}
            self._events: dict[int, int] = {}
            self._lines: dict[int, CodeSites] = {}
            self._entries: dict[int, int] = {}  # of a line's arrival that an instruction tells of
            self._ahead: dict[int, dict[int, Handler]] = {}
            self._asleep: dict[int, set[int]] = {}  # offsets that want nothing, where lines do
            self._every_return: dict[int, ValueHandler] = {}
            self._every_yield: dict[int, ValueHandler] = {}
            self._line_listener: LineHandler | None = None
            # Of which the listener wants some lines no more; on 3.12 all that it has heard of,
            # as their superinstructions are lost.
            self._silent: dict[int, CodeType] = {}
            self._raise_listener: RaiseHandler | None = None
            self._passing: BaseException | None = None  # of the program, on its way out of ours
            self._own_threads: set[int] = set()
            self._superinstructions = Superinstructions()
            self._headroom = Headroom(door, self._enter_by_headroom)
            self._instructions = InstructionCallbacks(
                self._before,
                _DISABLE,
                door=door,
                headroom=self._headroom,
                slowed=lambda code: self.on_slowed(code),
            )
            self._callbacks: dict[int, Callable[..., object]] = {}
            self._entrances: dict[int, Callable[..., object]] = {}
            self._by_headroom = False

        def start(self, on_code: Callable[[CodeType], None]) -> None:
            """Take a free tool id.

            Raises:
                PyProbeError: all six are in use.
            """
            self._tool = take_tool_id(self)
            self._door.on_pass = self._let_pass
            self._callbacks = {
                _E.PY_START: self._make_on_start(on_code),
                _E.INSTRUCTION: self._instructions.general,
                _E.JUMP: self._instructions.make_jump(1),
                _E.PY_RETURN: self._make_on_value(self._returns, self._every_return, 1),
                _E.PY_YIELD: self._make_on_value(self._yields, self._every_yield, 1),
                _E.PY_UNWIND: self._make_on_unwind(1),
                _E.LINE: self._make_on_line(1),
                _E.RAISE: self._make_on_raise(again=False),
                _E.RERAISE: self._make_on_raise(again=True),
            }
            for event, callback in self._callbacks.items():
                _mon.register_callback(self._tool, event, callback)
            _mon.set_events(self._tool, _E.PY_START)

        def _enter_by_headroom(self, by_headroom: bool) -> None:
            """Register the callbacks as they are, or the ways to them that need no frame."""
            if by_headroom is self._by_headroom or self._tool < 0:
                return
            if not self._entrances:
                enter = self._headroom.entrance
                self._entrances = {
                    _E.INSTRUCTION: enter(self._instructions.make_by_headroom(), 2),
                    _E.JUMP: enter(self._instructions.make_jump(2), 3),
                    _E.PY_RETURN: enter(
                        self._make_on_value(self._returns, self._every_return, 2), 3
                    ),
                    _E.PY_YIELD: enter(self._make_on_value(self._yields, self._every_yield, 2), 3),
                    _E.PY_UNWIND: enter(self._make_on_unwind(2), 3),
                    _E.LINE: enter(self._make_on_line(2), 2),
                }
            self._by_headroom = by_headroom
            chosen = self._entrances if by_headroom else self._callbacks
            for event in self._entrances:
                _mon.register_callback(self._tool, event, chosen[event])

        def prepare_for_depth(self) -> None:
            self._headroom.prepare()

        def arm(self, code: CodeType, sites: CodeSites, *, layer: str = PROBES) -> None:
            key = id(code)
            if layer != PROBES or (self._layers is not None and key in self._layers):
                sites = self._merged(key, layer, sites)
            self._arm(code, sites)

        def _merged(self, key: int, layer: str, sites: CodeSites) -> CodeSites:
            if self._layers is None:
                from pyprobe.core.events.layers import Layers  # only where there are several

                self._layers = Layers(self.disable)
            return self._layers.put(key, layer, sites, self._sites.get(key))

        def _arm(self, code: CodeType, sites: CodeSites) -> None:
            key = id(code)
            has_lines = bool(sites.lines or sites.every_line)
            self._armed[key] = code
            self._sites[key] = sites
            for table in (self._ahead, self._entries, self._asleep):
                table.pop(key, None)  # type: ignore[attr-defined]
            before = sites.before
            if has_lines:
                from pyprobe.core.events.ahead import with_lines  # only where lines are told of

                parts = with_lines(code, sites, self.disable)
                before, self._ahead[key], self._asleep[key], entry = parts
                _put(self._entries, key, entry)
            self._before[key] = before
            self._returns[key] = sites.returns
            self._yields[key] = sites.yields
            _put(self._unwinds, key, sites.unwind)
            _put(self._every_return, key, sites.every_return)
            _put(self._every_yield, key, sites.every_yield)
            _put(self._lines, key, sites if has_lines else None)
            # Fewer instructions are changed, and called back once to say that nobody wants them: a
            # loop whose every instruction was is slower by 2 to 5 % for long afterwards.
            before_event = _E.JUMP if sites.jumps and not has_lines else _E.INSTRUCTION
            events = (
                (before_event if before else 0)
                | (_E.PY_RETURN if sites.returns or sites.every_return else 0)
                | (_E.PY_YIELD if sites.yields or sites.every_yield else 0)
                | (_E.LINE if has_lines else 0)
            )
            self._events[key] = events
            if before:
                self._prefer(code, None if has_lines else sites.lone)
            if has_lines and self._line_listener is not None:
                # Lines that were disabled come back only where nothing asks for lines in between.
                _mon.set_events(self._tool, _mon.get_events(self._tool) & ~_E.LINE)
            self._set_local_events(code, events)
            self._set_global_events()

        def _set_local_events(self, code: CodeType, events: int) -> None:
            """Set them anew, so that those that were disabled come again."""
            _mon.set_local_events(self._tool, code, 0)
            _mon.set_local_events(self._tool, code, events)
            if self.is_settled(code):
                self._superinstructions.restore(code)

        def is_settled(self, code: CodeType) -> bool:
            return not self._events.get(id(code), 0) & ~_E.JUMP

        def _prefer(self, code: CodeType | None, lone: LoneSite | None) -> None:
            """Have hits in ``code`` cost the least."""
            callback = self._instructions.chosen(code, lone)
            if callback is not self._callbacks[_E.INSTRUCTION]:
                self._callbacks[_E.INSTRUCTION] = callback
                if not self._by_headroom:
                    _mon.register_callback(self._tool, _E.INSTRUCTION, callback)

        def rearm(self, code: CodeType) -> None:
            events = self._events.get(id(code))
            if events:
                if id(code) in self._asleep:
                    self._asleep[id(code)].clear()
                self._set_local_events(code, events)

        def settle(self, code: CodeType) -> None:
            if id(code) in self._armed:
                self._superinstructions.restore(code)
            else:
                self._superinstructions.restore_once(code)

        def disarm(self, code: CodeType, *, layer: str = PROBES) -> None:
            key = id(code)
            if self._layers is not None and key in self._layers:
                left = self._merged(key, layer, CodeSites())
                if left:
                    self._arm(code, left)
                    return
            elif layer != PROBES:
                return
            self._disarm(code)

        def _disarm(self, code: CodeType) -> None:
            key = id(code)
            if self._armed.pop(key, None) is None:
                return
            self._prefer(None, None)
            _mon.set_local_events(self._tool, code, 0)
            tables: tuple[dict[int, object], ...] = (
                *(self._before, self._returns, self._yields, self._sites),  # type: ignore[arg-type]
                *(self._unwinds, self._events, self._lines, self._ahead),  # type: ignore[arg-type]
                self._asleep,  # type: ignore[arg-type]
                *(self._every_return, self._every_yield),  # type: ignore[arg-type]
            )
            for table in tables:
                table.pop(key, None)
            self._set_global_events()
            self._superinstructions.restore(code)
            self._superinstructions.forget(code)

        def listen_to_lines(self, handler: LineHandler | None) -> None:
            if self._line_listener is not None:
                self._line_listener = None
                self._set_global_events()
                self._end_silence()
            if handler is not None and self._tool >= 0:
                self._line_listener = handler
                self._set_global_events()

        def _end_silence(self) -> None:
            """Set the event anew, off until now, for the code that had lines disabled."""
            silent, self._silent = self._silent, {}
            for code in list(silent.values()):
                events = self._events.get(id(code), 0)
                _mon.set_local_events(self._tool, code, 0 if events else _E.LINE)
                _mon.set_local_events(self._tool, code, events)
                if not events:
                    self._superinstructions.restore(code)
                    self._superinstructions.forget(code)

        def listen_to_raises(self, handler: RaiseHandler | None) -> None:
            self._raise_listener = handler
            if self._tool >= 0:
                self._set_global_events()

        def let_pass(self, error: BaseException, frame: FrameType) -> None:
            self._let_pass(error)

        def is_own_thread(self) -> bool:
            return get_ident() in self._own_threads

        def exempt_this_thread(self) -> None:
            """Call no handlers in the calling thread for lines and exceptions: it is ours."""
            self._own_threads.add(get_ident())

        def stop(self) -> None:
            if self._tool < 0:
                return
            self.listen_to_lines(None)
            self._raise_listener = None
            self._passing = None
            for code in list(self._armed.values()):
                self._disarm(code)
            self._layers = None
            tool, self._tool = self._tool, -1
            _mon.set_events(tool, 0)
            for event in self._callbacks:
                _mon.register_callback(tool, event, None)
            _mon.free_tool_id(tool)

        def abandon(self) -> None:
            self.stop()

        def _let_pass(self, error: BaseException) -> None:
            """Be told when it has reached the program, to take our frames out of its traceback."""
            self._passing = error
            self._set_global_events()

        def _set_global_events(self) -> None:
            events = _E.PY_START
            if self._line_listener is not None:
                events |= _E.LINE
            if self._raise_listener is not None or self._passing is not None:
                events |= _E.RAISE
            if self._raise_listener is not None:
                events |= _E.RERAISE  # the end of a handler, which may be the end of the thread
            if self._unwinds:
                events |= _E.PY_UNWIND
            _mon.set_events(self._tool, events)

        def _make_on_start(self, on_code: Callable[[CodeType], None]) -> Callable[..., object]:
            door, headroom = self._door, self._headroom

            @without_entry_check
            def on_start(code: CodeType, offset: int) -> object:
                try:
                    on_code(code)
                except RecursionError as error:
                    if not headroom.usable:
                        door.fault_count += 1
                        return None
                    headroom.counter(headroom.record() + headroom.place).value = 1
                    headroom.again(error, on_code, code)
                except BaseException as error:
                    door.answer(error)
                return _DISABLE

            return on_start

        def _make_on_value(
            self,
            table: dict[int, dict[int, ValueHandler]],
            every: dict[int, ValueHandler],
            level: int,
        ) -> Callable[..., object]:
            """Make a callback; ``level`` frames above it is the one that hit."""
            door, headroom = self._door, self._headroom

            @without_entry_check
            def on_value(code: CodeType, offset: int, value: object) -> object:
                try:
                    handler = table[id(code)][offset]
                except KeyError:
                    if (whole := every.get(id(code))) is None:
                        return _DISABLE
                    handler = whole
                try:
                    return handler(_getframe(level), value)
                except RecursionError as error:
                    if not headroom.usable:
                        door.fault_count += 1
                        return None
                    headroom.counter(headroom.record() + headroom.place).value = 1
                    return headroom.again(error, handler, _getframe(level), value)
                except BaseException as error:
                    return door.answer(error)

            return on_value

        def _make_on_unwind(self, level: int) -> Callable[..., object]:
            unwinds = self._unwinds
            door = self._door

            @without_entry_check
            def on_unwind(code: CodeType, offset: int, error: BaseException) -> object:
                handler = unwinds.get(id(code))
                if handler is not None:
                    try:
                        handler(_getframe(level))
                    except BaseException as own_error:
                        door.answer(own_error)
                return None

            return on_unwind

        def _make_on_line(self, level: int) -> Callable[..., object]:
            """Make a callback; ``level`` frames above it is the one that arrives."""
            sites_by_code, own_threads = self._lines, self._own_threads
            entries = self._entries
            before, ahead, asleep = self._before, self._ahead, self._asleep
            door, headroom = self._door, self._headroom

            @without_entry_check
            def on_line(code: CodeType, line: int) -> object:
                if get_ident() in own_threads:
                    return None
                listener, key, frame = self._line_listener, id(code), _getframe(level)
                sites = sites_by_code.get(key)
                handler = None if sites is None else sites.lines.get(line, sites.every_line)
                if entries.get(key, -1) == frame.f_lasti:
                    handler = None  # the event of the instruction tells of this line
                try:
                    if handler is None:
                        answer = _DISABLE
                    else:
                        early = ahead.get(key, {}).get(frame.f_lasti)
                        if early is not None:
                            early(frame)
                        answer = handler(frame)
                    # Where a line's event is disabled, the next one of that instruction is lost.
                    if answer is _DISABLE and frame.f_lasti in before.get(key, ()):
                        answer = _DISABLE if frame.f_lasti in asleep.get(key, ()) else None
                    # A thread may stand in a handler for long: what came since is for later lines.
                    if listener is None or listener is not self._line_listener:
                        if NEEDED and answer is _DISABLE:
                            self.on_slowed(code)
                        return answer
                    heard = self._hear(listener, code, frame)
                    return _DISABLE if heard is answer is _DISABLE else None
                except RecursionError as error:
                    if not headroom.usable or level > 1 or handler is None:
                        door.fault_count += 1
                        return None
                    headroom.counter(headroom.record() + headroom.place).value = 1
                    return headroom.again(error, handler, frame)
                except BaseException as error:
                    return door.answer(error)

            return on_line

        def _hear(self, listener: LineHandler, code: CodeType, frame: FrameType) -> object:
            if self._door.is_own(code):
                return _DISABLE
            answer = listener(frame)
            if answer is _DISABLE or NEEDED:
                self._silent[id(code)] = code
            return answer

        def _make_on_raise(self, *, again: bool) -> Callable[..., object]:
            own_threads, door = self._own_threads, self._door

            @without_entry_check
            def on_raise(code: CodeType, offset: int, error: BaseException) -> object:
                try:
                    if error is self._passing and not door.is_own(code):
                        self._passing = None
                        cut_ours(error.__traceback__)
                        self._set_global_events()
                    listener = self._raise_listener
                    if listener is None or get_ident() in own_threads or door.is_own(code):
                        return None
                    frame = _getframe(1)
                    # The one says where the handler has ended, the other where it was raised.
                    at = offset if again else frame.f_lasti
                    listener(frame, error, _traceback_of(error), at)
                except RecursionError:  # the caller, which has more levels, is told of it next
                    door.fault_count += 1
                except BaseException as own_error:
                    door.answer(own_error)
                return None

            return on_raise


def _put(table: dict[int, Any], key: int, value: object) -> None:
    if value is None:
        table.pop(key, None)
    else:
        table[key] = value
