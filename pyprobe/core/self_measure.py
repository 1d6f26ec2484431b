"""What captures cost in this interpreter, measured at the start of the target. Takes a millisecond.

A handler cannot time what happens around it: the event, the dispatching callback, the call itself.
"""

import sys
from collections.abc import Callable
from time import perf_counter_ns
from types import CodeType

from pyprobe.analysis.occurrence import Occurrence, OccurrenceKind, Path, Scope, Span
from pyprobe.core.anchor import ProbeAnchor
from pyprobe.core.budget import Budget
from pyprobe.core.capture_log import CaptureLog
from pyprobe.core.gate import Gate
from pyprobe.core.handlers import reader_taker, throttled
from pyprobe.core.target_probe import TargetProbe
from pyprobe.core.throttle import ThrottleStrategy, WatchConfig

_ROUNDS = 200
# The interpreter's own part of an event, a constant of C code that Python cannot time.
_EVENT_NS = 50


def measure_costs(budget: Budget) -> int:
    """Set what ``budget`` adds to each timed capture; return the ns of an untimed scalar one."""
    log = CaptureLog()
    probe = _some_probe()

    def store(_probe: TargetProbe, value: object) -> bool:
        log.extend((0, perf_counter_ns(), 0, value))
        return True

    take = reader_taker(probe, lambda frame: frame.f_lasti, gate=Gate(), store=store)
    timed_budget = Budget(100.0)
    timed_budget.dispatch_ns = 0
    timed = throttled(
        probe,
        take,
        _some_probe.__code__,
        budget=timed_budget,
        schedule=lambda code, due_ns: None,
        disable=None,
    )
    per_capture_ns = _dispatched_ns(take)
    per_timed_ns = _dispatched_ns(timed)
    counted_ns = timed_budget.cost_ns // _ROUNDS
    budget.dispatch_ns = max(per_timed_ns - counted_ns, 0) + _EVENT_NS
    return per_capture_ns + _EVENT_NS


def _dispatched_ns(handler: Callable[..., object]) -> int:
    """Return the ns of one call of ``handler`` as a callback of the interpreter makes it."""
    code = _some_probe.__code__
    table: dict[int, dict[int, Callable[..., object]]] = {id(code): {0: handler}}

    def on_instruction(code: CodeType, offset: int) -> object:
        try:
            handler = table[id(code)][offset]
        except KeyError:
            return None
        return handler(sys._getframe(1))

    began_ns = perf_counter_ns()
    for _ in range(_ROUNDS):
        on_instruction(code, 0)
    return (perf_counter_ns() - began_ns) // _ROUNDS


def _some_probe() -> TargetProbe:
    span = Span(1, 0, 1, 1)
    occurrence = Occurrence(
        kind=OccurrenceKind.STORE,
        symbol="x",
        line=1,
        col=0,
        end_col=1,
        func="",
        span=span,
        name="x",
        path=Path("x"),
        scope=Scope("<module>", 1, span),
        statement=span,
    )
    config = WatchConfig("x", ThrottleStrategy.AUTO)
    return TargetProbe(0, ProbeAnchor("", 1, 0, "x"), occurrence, config)
