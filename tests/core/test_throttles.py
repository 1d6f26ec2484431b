"""Throttles and the budget: which hits become captures."""

from pathlib import Path
from types import CodeType

import pytest

from pyprobe.core.budget import WINDOW_NS, Budget
from pyprobe.core.doubt import Doubt
from pyprobe.core.throttle import (
    ThrottleStrategy,
    WatchConfig,
    parse_throttle,
)
from pyprobe.errors import PyProbeError
from tests.core.capturing import Capturer, capture, marked_occurrences


def config(strategy: ThrottleStrategy, param: float = 0.0) -> WatchConfig:
    return WatchConfig("x", strategy, param)


LOOP = "for i in range(10):\n    x = i  # probe: x"


def test_every_hit(tmp_path: Path) -> None:
    captured = capture(LOOP, tmp_path, config=config(ThrottleStrategy.NONE))
    assert captured.values == list(range(10))


def test_every_nth_hit(tmp_path: Path) -> None:
    captured = capture(LOOP, tmp_path, config=config(ThrottleStrategy.SAMPLE_EVERY_N, 3))
    assert captured.values == [0, 3, 6, 9]


def test_on_change(tmp_path: Path) -> None:
    source = (
        "for i in [1, 1, 2, 2.0, 2, float('nan'), float('nan'), 'a', 'a']:\n    x = i  # probe: x"
    )
    captured = capture(source, tmp_path, config=config(ThrottleStrategy.CHANGE_DETECT))
    assert repr(captured.values) == repr([1, 2, 2.0, 2, float("nan"), "a"])


def test_on_change_beyond_a_tolerance(tmp_path: Path) -> None:
    source = "for i in [1.0, 1.05, 1.09, 1.2, 1.25]:\n    x = i  # probe: x"
    captured = capture(source, tmp_path, config=config(ThrottleStrategy.CHANGE_DETECT, 0.1))
    assert captured.values == [1.0, 1.2]


def test_on_change_of_the_content_of_a_list(tmp_path: Path) -> None:
    source = "a = []\nfor i in range(4):\n    x = a  # probe: x\n    if i == 1: a.append(1)"
    captured = capture(source, tmp_path, config=config(ThrottleStrategy.CHANGE_DETECT))
    assert captured.values == [[], [1]]


def test_at_most_once_an_interval_and_again_when_re_armed(tmp_path: Path) -> None:
    source = (
        "def f(a):\n"
        "    x = a  # probe: x\n"
        "for i in range(50): f(i)\n"
        "later()\n"
        "for i in range(50): f(i)"
    )
    path = tmp_path / "program.py"
    path.write_text(source)
    capturer = Capturer()
    capturer.engine.start()
    try:
        capturer.add(path, marked_occurrences(source)[0], config(ThrottleStrategy.TIME_BASED, 1e6))
        due = []

        def later() -> None:
            """What the timer does when the interval is over."""
            due_ns = capturer.engine.next_due_ns()
            assert due_ns is not None
            due.append(due_ns)
            for probe in capturer.engine.probes.values():
                probe.due_ns = 0
            capturer.engine.rearm_due(due_ns)

        exec(compile(source, str(path), "exec"), {"later": later})
        captured = capturer.drain()
        assert captured.values == [0, 0]
        assert due[0] - captured.times_ns[0] == pytest.approx(1e12, rel=0.01)
    finally:
        capturer.engine.stop()


def test_a_place_disabled_after_its_re_arming_is_found_and_armed_again(tmp_path: Path) -> None:
    source = (
        "def f(a):\n"
        "    x = a  # probe: x\n"
        "f(1)\n"
        "f(2)  # nobody listens: the interval was over before the callback had answered\n"
        "later()\n"
        "f(3)"
    )
    path = tmp_path / "program.py"
    path.write_text(source)
    capturer = Capturer()
    engine = capturer.engine
    in_time = engine.rearming.schedule

    def late(code: CodeType, due_ns: int) -> None:
        """What happens where the program's thread waits for its turn within the callback."""
        in_time(code, due_ns)
        for probe in engine.probes.values():
            probe.due_ns = 0
        engine.rearm_due(due_ns)

    engine.rearming.schedule = late  # type: ignore[method-assign]
    engine.start()
    try:
        capturer.add(path, marked_occurrences(source)[0], config(ThrottleStrategy.TIME_BASED, 50))

        def later() -> None:
            due_ns = engine.next_due_ns()
            assert due_ns is not None
            engine.rearm_due(due_ns)

        exec(compile(source, str(path), "exec"), {"later": later})
        assert capturer.drain().values == [1, 3]
    finally:
        engine.stop()


def test_doubts_end() -> None:
    doubt = Doubt(compile("", "", "exec"), 0, ())
    waits = []
    while doubt.wait_longer(doubt.check_ns):
        waits.append(doubt.check_ns)
    assert len(waits) == 3
    assert waits == sorted(waits)


def test_auto_captures_every_hit_of_a_line_that_is_rarely_hit(tmp_path: Path) -> None:
    captured = capture(LOOP, tmp_path, config=config(ThrottleStrategy.AUTO))
    assert captured.values == list(range(10))


def test_auto_is_sampled_when_the_budget_is_spent(tmp_path: Path) -> None:
    source = "for i in range(200_000):\n    x = i  # probe: x"
    captured = capture(source, tmp_path, config=config(ThrottleStrategy.AUTO))
    assert captured.values[:100] == list(range(100))
    assert len(captured.values) < 100_000


def test_a_hot_probe_does_not_starve_a_rare_one(tmp_path: Path) -> None:
    source = (
        "for i in range(200_000):\n"
        "    x = i  # probe: x\n"
        "    if i == 199_999:\n"
        "        y = i  # probe: y"
    )
    captured = capture(source, tmp_path, config=config(ThrottleStrategy.AUTO))
    assert ("y", 199_999) in captured.entries


def test_a_disabled_watch_captures_nothing(tmp_path: Path) -> None:
    assert capture(LOOP, tmp_path, config=WatchConfig("x", enabled=False)).values == []


ALLOWANCE_NS = WINDOW_NS * 0.05


def spent_budget() -> Budget:
    """A budget of 5 % that has spent its first window's allowance and its reserve."""
    budget = Budget(5.0)
    budget.roll(1_000)
    budget.spend(int(budget.left_ns))
    return budget


def test_the_budget_carries_what_was_overspent() -> None:
    budget = spent_budget()
    while budget.left_ns < ALLOWANCE_NS:  # until the reserve is paid back
        budget.roll(budget.window_end_ns)
    budget.spend(2 * int(ALLOWANCE_NS))
    assert budget.next_allowance_ns() == budget.window_end_ns + WINDOW_NS
    budget.roll(budget.window_end_ns)
    assert budget.left_ns == pytest.approx(0, abs=1)
    budget.roll(budget.window_end_ns)
    assert budget.left_ns == pytest.approx(ALLOWANCE_NS, abs=1)


def test_the_reserve_captures_a_short_run_whole() -> None:
    budget = Budget(5.0)
    budget.roll(0)
    assert budget.left_ns == pytest.approx(19 * ALLOWANCE_NS)
    budget.roll(WINDOW_NS)
    assert budget.left_ns == pytest.approx(19 * ALLOWANCE_NS)


def test_what_fits_into_the_allowance_leaves_the_reserve_alone() -> None:
    budget = Budget(5.0)
    budget.roll(0)
    for _ in range(100):
        budget.spend(int(ALLOWANCE_NS))
        budget.roll(budget.window_end_ns)
    assert budget.left_ns == pytest.approx(19 * ALLOWANCE_NS)


@pytest.mark.parametrize("windows", [40, 80, 400])
def test_the_reserve_is_paid_back_so_that_a_long_run_holds_its_share(windows: int) -> None:
    budget = Budget(5.0)
    for window in range(windows):
        budget.roll(window * WINDOW_NS)
        budget.spend(max(int(budget.left_ns), 0))
    assert budget.cost_ns == pytest.approx(windows * ALLOWANCE_NS, rel=1e-3)


def test_while_the_reserve_is_paid_back_every_window_has_half_its_allowance() -> None:
    budget = spent_budget()
    budget.roll(budget.window_end_ns)
    assert budget.left_ns == pytest.approx(ALLOWANCE_NS / 2)


@pytest.mark.parametrize("overspent", [0.0, 0.3, 1.2, 7.5, 30.0])
def test_says_when_there_will_be_something_to_spend(overspent: float) -> None:
    budget = spent_budget()
    budget.spend(int(overspent * ALLOWANCE_NS))
    due_ns = budget.next_allowance_ns()
    while budget.window_end_ns <= due_ns:
        assert budget.left_ns <= 0
        budget.roll(budget.window_end_ns)
    assert budget.left_ns > 0


def test_the_budget_saves_nothing_up() -> None:
    budget = spent_budget()
    budget.roll(100 * WINDOW_NS)
    assert budget.left_ns == pytest.approx(ALLOWANCE_NS)


@pytest.mark.parametrize(
    ("text", "strategy", "param"),
    [
        ("every", ThrottleStrategy.NONE, 0.0),
        ("every:10", ThrottleStrategy.SAMPLE_EVERY_N, 10.0),
        ("50ms", ThrottleStrategy.TIME_BASED, 50.0),
        ("0.5ms", ThrottleStrategy.TIME_BASED, 0.5),
        ("change", ThrottleStrategy.CHANGE_DETECT, 0.0),
        ("change:0.1", ThrottleStrategy.CHANGE_DETECT, 0.1),
        ("auto", ThrottleStrategy.AUTO, 0.0),
    ],
)
def test_a_throttle_is_read_as_it_is_written(
    text: str, strategy: ThrottleStrategy, param: float
) -> None:
    assert parse_throttle(text) == (strategy, param)


@pytest.mark.parametrize(
    "text", ["", "often", "every:", "every:0", "every:x", "0ms", "-1ms", "ms", "change:", "nanms"]
)
def test_refuses_a_throttle_that_is_none_and_names_those_there_are(text: str) -> None:
    with pytest.raises(PyProbeError, match="every, every:N, Nms, change"):
        parse_throttle(text)
