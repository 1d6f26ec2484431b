"""What one capture of a float costs in this interpreter, measured at the start of the target."""

import sys
from time import perf_counter_ns

from pyprobe.analysis.occurrence import Occurrence, OccurrenceKind, Path, Scope, Span
from pyprobe.core.anchor import ProbeAnchor
from pyprobe.core.capture_log import CaptureLog
from pyprobe.core.gate import Gate
from pyprobe.core.handlers import DISPATCH_NS, reader_taker
from pyprobe.core.target_probe import TargetProbe
from pyprobe.core.throttle import WatchConfig

_ROUNDS = 200


def capture_cost_ns() -> int:
    """Return the time in ns that one capture of a scalar takes, events included. Takes 0.2 ms."""
    log = CaptureLog()
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
    probe = TargetProbe(0, ProbeAnchor("", 1, 0, "x"), occurrence, WatchConfig("x"))

    def store(_probe: TargetProbe, value: object) -> bool:
        log.extend((0, perf_counter_ns(), 0, value))
        return True

    take = reader_taker(probe, lambda frame: frame.f_lasti, gate=Gate(), store=store)
    frame = sys._getframe()
    began_ns = perf_counter_ns()
    for _ in range(_ROUNDS):
        take(frame)
    return (perf_counter_ns() - began_ns) // _ROUNDS + DISPATCH_NS
