"""Handlers: the code that runs in the program's thread at a hit.

A *taker* reads the value and appends the capture; throttles wrap takers and decide which hits get
that far. Closures, because at this place a name lookup costs a tenth of a capture.
"""

from _thread import get_ident
from collections.abc import Callable
from gc import get_referents
from time import perf_counter_ns
from types import CodeType, FrameType

from pyprobe.core.budget import Budget
from pyprobe.core.capture_log import Extend
from pyprobe.core.events.base import Handler
from pyprobe.core.events.constants import with_constants
from pyprobe.core.frame_reader import Reader
from pyprobe.core.frame_slots import Slot
from pyprobe.core.gate import Gate
from pyprobe.core.memory_arrays import address_of
from pyprobe.core.plain_access import PlainAccessError
from pyprobe.core.target_probe import TargetProbe
from pyprobe.core.throttle import ThrottleStrategy

Store = Callable[[TargetProbe, object], bool]
Schedule = Callable[[CodeType, int], None]

# An async generator's value leaves in a wrapper that has no attribute for it (Objects/genobject.c).
_WRAPPED_YIELD = "async_generator_wrapped_value"


def namespace_taker(
    probe: TargetProbe, name: str, *, gate: Gate, extend: Extend, store: Store
) -> Handler:
    """Return the taker of a variable that ``frame.f_locals[name]`` reads cleanly."""
    probe_id = probe.probe_id

    @with_constants
    def take(frame: FrameType) -> object:
        try:
            value = frame.f_locals[name]
        except KeyError:
            return False
        if gate.attention and not gate.pass_or_drop():
            probe.dropped += 1
            return False
        if type(value) is float:
            extend((probe_id, perf_counter_ns(), get_ident(), value))
            return True
        return store(probe, value)

    return take


def module_taker(
    probe: TargetProbe, name: str, read: Reader, *, gate: Gate, extend: Extend, store: Store
) -> Handler:
    """Return the taker of a name in a module's or class's namespace.

    ``read`` is for globals, builtins and exotic namespaces.
    """
    probe_id = probe.probe_id

    @with_constants
    def take(frame: FrameType) -> object:
        namespace = frame.f_locals
        try:
            bound = type(namespace) is dict and name in namespace
            value = namespace[name] if bound else read(frame)
        except KeyError:
            return False
        if gate.attention and not gate.pass_or_drop():
            probe.dropped += 1
            return False
        if type(value) is float:
            extend((probe_id, perf_counter_ns(), get_ident(), value))
            return True
        return store(probe, value)

    return take


def snapshot_taker(
    probe: TargetProbe, name: str, *, gate: Gate, extend: Extend, store: Store
) -> Handler:
    """Return the taker of a variable whose frame's snapshot must be emptied again (3.12 where
    slots are not known)."""
    probe_id = probe.probe_id

    @with_constants
    def take(frame: FrameType) -> object:
        snapshot = frame.f_locals
        try:
            value = snapshot[name]
        except KeyError:
            return False
        finally:
            snapshot.clear()
        if gate.attention and not gate.pass_or_drop():
            probe.dropped += 1
            return False
        if type(value) is float:
            extend((probe_id, perf_counter_ns(), get_ident(), value))
            return True
        return store(probe, value)

    return take


def slot_taker(
    probe: TargetProbe, slot: Slot, *, gate: Gate, extend: Extend, store: Store
) -> Handler:
    """Return the taker of a variable that is read from its slot in the frame (up to 3.12)."""
    probe_id = probe.probe_id
    records, values = slot

    @with_constants
    def take(frame: FrameType) -> object:
        try:
            value = values[records[address_of(frame) >> 3] >> 3]
        except ValueError:
            return False
        if gate.attention and not gate.pass_or_drop():
            probe.dropped += 1
            return False
        if type(value) is float:
            extend((probe_id, perf_counter_ns(), get_ident(), value))
            return True
        return store(probe, value)

    return take


def reader_taker(probe: TargetProbe, read: Reader, *, gate: Gate, store: Store) -> Handler:
    """Return the taker of whatever a reader reads."""

    @with_constants
    def take(frame: FrameType) -> object:
        try:
            value = read(frame)
        except KeyError:
            return False
        except PlainAccessError as error:
            probe.detail = str(error)
            if gate.attention:
                gate.wake()
            return False
        if gate.attention and not gate.pass_or_drop():
            probe.dropped += 1
            return False
        return store(probe, value)

    return take


def value_taker(
    probe: TargetProbe, *, gate: Gate, store: Store
) -> Callable[[FrameType, object], object]:
    """Return the taker of a value that the event itself hands over (return, yield)."""

    def take(frame: FrameType, value: object) -> object:
        kind = type(value)
        # Only a class whose metaclass is type itself is asked its name: others run their code.
        if type(kind) is type and kind.__name__ == _WRAPPED_YIELD and kind.__module__ == "builtins":
            value = get_referents(value)[0]
        if gate.attention and not gate.pass_or_drop():
            probe.dropped += 1
            return False
        return store(probe, value)

    return take


def throttled(
    probe: TargetProbe,
    take: Callable[..., object],
    code: CodeType,
    *,
    budget: Budget,
    schedule: Schedule,
    disable: object,
) -> Callable[..., object]:
    """Wrap a taker (of a frame, or of a frame and a value) in its probe's throttle."""
    strategy = probe.config.throttle_strategy
    if strategy is ThrottleStrategy.TIME_BASED:
        return _timed(probe, take, code, schedule=schedule, disable=disable)
    if strategy is ThrottleStrategy.SAMPLE_EVERY_N:
        return _every_nth(probe, take)
    if strategy is ThrottleStrategy.AUTO:
        return _automatic(probe, take, code, budget=budget, schedule=schedule, disable=disable)
    return _every(take)


def _every(take: Callable[..., object]) -> Callable[..., object]:
    # A taker answers True or False, neither of which is DISABLE.
    return take


def _timed(
    probe: TargetProbe,
    take: Callable[..., object],
    code: CodeType,
    *,
    schedule: Schedule,
    disable: object,
) -> Callable[..., object]:
    interval_ns = int(probe.config.throttle_param * 1e6)

    @with_constants
    def handler(*event: object) -> object:
        now_ns = perf_counter_ns()
        if now_ns >= probe.due_ns:
            if not take(*event):
                return None
            probe.due_ns = now_ns + interval_ns
        schedule(code, probe.due_ns)
        return disable

    return handler


def _every_nth(probe: TargetProbe, take: Callable[..., object]) -> Callable[..., object]:
    every = max(int(probe.config.throttle_param), 1)

    @with_constants
    def handler(*event: object) -> object:
        if probe.hits % every == 0 and not take(*event):
            return None
        probe.hits += 1
        return None

    return handler


def _automatic(
    probe: TargetProbe,
    take: Callable[..., object],
    code: CodeType,
    *,
    budget: Budget,
    schedule: Schedule,
    disable: object,
) -> Callable[..., object]:
    @with_constants
    def handler(*event: object) -> object:
        began_ns = perf_counter_ns()
        if began_ns >= budget.window_end_ns:
            budget.roll(began_ns)
        # Each probe gets one capture a window, so that a hot one cannot starve a rare one.
        if budget.left_ns <= 0 and probe.budget_window == budget.window:
            due_ns = budget.next_allowance_ns()
            probe.sampled = True
            schedule(code, due_ns)
            return disable
        probe.budget_window = budget.window
        take(*event)
        budget.spend(perf_counter_ns() - began_ns + budget.dispatch_ns)
        return None

    return handler


class Notes:
    """Remembers that a store has run, where its next instruction can also be reached by a jump.

    Arriving there by the jump is not a store. Keyed by the frame's ``id``, stable while it runs.
    ``asleep``: the throttle wants no captures now, so the store need not be noted either; whoever
    re-arms the code sets it back.
    """

    def __init__(self, disable: object) -> None:
        self._noted: set[int] = set()
        self._disable = disable
        self.asleep = False

    def at_store(self, frame: FrameType) -> object:
        """Handle the store instruction itself."""
        if self.asleep:
            return self._disable
        self._noted.add(id(frame))
        return None

    def after_store(self, handler: Handler) -> Handler:
        """Wrap the handler of the instruction after the store."""
        noted = self._noted
        disable = self._disable

        @with_constants
        def after(frame: FrameType) -> object:
            key = id(frame)
            if key not in noted:
                return disable if self.asleep else None
            answer = handler(frame)
            noted.discard(key)  # not before: a handler that lacks room is called again
            self.asleep = answer is disable
            return answer

        return after

    def forget(self, frame: FrameType) -> object:
        """The store raised: the frame is in an exception handler, or unwinds."""
        self._noted.discard(id(frame))
        return None


class JumpNotes:
    """Tells the entry of a call from coming back by a jump, where both lead to one instruction."""

    def __init__(self) -> None:
        self._jumped: set[int] = set()

    def at_jump(self, frame: FrameType) -> object:
        """Handle the instruction that may jump there."""
        self._jumped.add(id(frame))
        return None

    def forget(self, frame: FrameType) -> object:
        """The jump was not taken."""
        self._jumped.discard(id(frame))
        return None

    def unless_jumped(self, handler: Handler) -> Handler:
        """Wrap the handler of the first instruction."""
        jumped = self._jumped

        def entered(frame: FrameType) -> object:
            key = id(frame)
            if key not in jumped:
                handler(frame)
            jumped.discard(key)
            return None

        return entered


def both(handlers: list[Callable[..., object]], disable: object) -> Callable[..., object]:
    """Return one handler that calls all, and answers DISABLE only when all do."""
    if len(handlers) == 1:
        return handlers[0]

    def handler(*event: object) -> object:
        answers = []
        for index, one in enumerate(handlers):
            try:
                answers.append(one(*event))
            except RecursionError as error:
                error.unfinished = handlers[index:]  # type: ignore[attr-defined]
                raise
        return disable if all(answer is disable for answer in answers) else None

    return handler
