"""The beat: where probes are armed at an interval, one turn of the service thread arms them all."""

from pathlib import Path

import pytest

from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.core.throttle import ThrottleStrategy, WatchConfig
from tests.core.capturing import Capturer

MS = 1_000_000
TIMED, AUTO, EVERY = (
    ThrottleStrategy.TIME_BASED,
    ThrottleStrategy.AUTO,
    ThrottleStrategy.NONE,
)


@pytest.mark.parametrize(
    ("throttles", "interval_ms"),
    [
        ([], 0),
        ([(AUTO, 0.0)], 25),
        ([(TIMED, 50.0)], 50),
        ([(TIMED, 50.0), (TIMED, 20.0)], 20),
        ([(TIMED, 50.0), (AUTO, 0.0)], 25),
        ([(TIMED, 51.0)], 0),  # its capture would lag behind
        ([(TIMED, 50.0), (TIMED, 200.0)], 0),
        ([(TIMED, 50.0), (EVERY, 0.0)], 0),
    ],
)
def test_the_interval_is_the_shortest_one_where_all_probes_have_one(
    throttles: list[tuple[ThrottleStrategy, float]], interval_ms: int
) -> None:
    capturer = Capturer()
    occurrence = find_occurrences("x = 1")[0]
    for strategy, parameter in throttles:
        capturer.add(Path("/nowhere.py"), occurrence, WatchConfig("x", strategy, parameter))
    assert capturer.engine.beat_interval_ns() == interval_ms * MS


def test_what_is_due_soon_after_another_is_armed_with_it() -> None:
    engine = Capturer().engine
    codes = [compile(f"x = {number}", "nowhere.py", "exec") for number in range(3)]
    for code, due_ms in zip(codes, (100, 103, 110), strict=True):
        engine.rearming.schedule(code, due_ms * MS)
    assert engine.next_due_ns() == 100 * MS
    assert engine.next_due_ns(3 * MS) == 103 * MS
    assert engine.next_due_ns(20 * MS) == 110 * MS
