"""The handler of a probe with a trigger: asks the condition at every hit, and captures around it.

A probe without a trigger has none of this in its way.
"""

from collections.abc import Callable
from time import perf_counter_ns
from types import CodeType, FrameType

from pyprobe.conditions import ConditionError
from pyprobe.core.budget import Budget
from pyprobe.core.capture_log import Extend
from pyprobe.core.events.constants import with_constants
from pyprobe.core.gate import Gate
from pyprobe.core.handlers import Store
from pyprobe.core.recorder import Recorder
from pyprobe.core.target_probe import TargetProbe
from pyprobe.core.throttle import ThrottleStrategy
from pyprobe.core.trigger import TriggerMode
from pyprobe.core.trigger_runtime import TargetTrigger

Taker = Callable[..., object]
MakeTaker = Callable[[Gate, Store], Taker]


def triggered(
    probe: TargetProbe,
    trigger: TargetTrigger,
    code: CodeType,
    make_taker: MakeTaker,
    *,
    throttle: Callable[[Taker], Taker],
    recorder: Recorder,
    extend: Extend,
    gate: Gate,
    budget: Budget,
    disable: object,
    copies_locals: bool,
) -> Taker:
    """Return the handler of one probe's sites in ``code``.

    The hit that triggers is captured whatever the throttle says; those before and after it are
    throttled as without a trigger. The handler hears every hit, as the condition must.
    """
    test = trigger.conditions.evaluator_for(code, copies_locals=copies_locals).test
    capture = make_taker(gate, recorder.store)
    follow = throttle(make_taker(gate, _counted(trigger, _store(probe, recorder))))
    keep = throttle(make_taker(trigger.kept_gate, _store(probe, trigger.keep_recorder)))
    pre, post = trigger.config.pre, trigger.config.post
    automatic = trigger.config.mode is TriggerMode.AUTO

    @with_constants
    def handler(frame: FrameType, *value: object) -> object:
        if trigger.failure:
            follow(frame, *value)
            return None
        if trigger.is_over:
            return disable
        began_ns = perf_counter_ns()
        try:
            holds = test(frame)
        except ConditionError as error:
            trigger.fail(str(error))
            gate.wake()
            follow(frame, *value)
            return None
        budget.spend(perf_counter_ns() - began_ns + budget.dispatch_ns)
        if trigger.left:
            follow(frame, *value)
            if not trigger.left:
                trigger.finish()
        elif holds and began_ns >= trigger.ready_ns:
            probe.dropped += trigger.fire(began_ns, extend, gate)
            capture(frame, *value)
            trigger.left = post
            if not post:
                trigger.finish()
        elif automatic and trigger.runs_free:
            probe.dropped += trigger.kept.release(extend, gate)
            follow(frame, *value)
        elif pre:
            keep(frame, *value)
        return None

    return handler


def _store(probe: TargetProbe, recorder: Recorder) -> Store:
    changing = probe.config.throttle_strategy is ThrottleStrategy.CHANGE_DETECT
    return recorder.store_changed if changing else recorder.store


def _counted(trigger: TargetTrigger, store: Store) -> Store:
    """Wrap a store: what it takes is one of the captures after the trigger."""

    def store_one(probe: TargetProbe, value: object) -> bool:
        stored = store(probe, value)
        if stored and trigger.left > 0:
            trigger.left -= 1
        return stored

    return store_one
