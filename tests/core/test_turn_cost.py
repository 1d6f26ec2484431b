"""What a turn of the service thread is counted for: as much as the program has lost by it."""

from typing import Any, cast

import pytest

from pyprobe.core import sender as sender_module
from pyprobe.core.budget import Budget
from pyprobe.core.capture_log import CaptureLog
from pyprobe.core.gate import Gate
from pyprobe.core.sender import HANDOFF_NS, Sender
from pyprobe.core.target_parts import TargetParts
from tests.core.capturing import Capturer

MS = 1_000_000


class Clocks:
    """The three clocks that the sender reads."""

    def __init__(self) -> None:
        self.now_ns = self.process_ns = self.thread_ns = 0

    def pass_time(self, duration_ns: int, *, program_ns: int = 0, own_ns: int = 0) -> None:
        """Let the program, and the service thread, take so much of the processor's time."""
        self.now_ns += duration_ns
        self.process_ns += program_ns + own_ns
        self.thread_ns += own_ns


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    """The clocks, standing at 0."""
    clocks = Clocks()
    monkeypatch.setattr(sender_module, "perf_counter_ns", lambda: clocks.now_ns)
    monkeypatch.setattr(sender_module, "process_time_ns", lambda: clocks.process_ns)
    monkeypatch.setattr(sender_module, "thread_time_ns", lambda: clocks.thread_ns)
    return clocks


def new_sender(budget: Budget, gate: Gate | None = None) -> Sender:
    absent = cast("Any", None)  # what no turn's cost depends on
    gate = gate or Gate()
    return Sender(TargetParts(absent, gate, budget, CaptureLog(), absent, Capturer().engine))


@pytest.mark.parametrize(
    ("worked_ns", "share"),
    [(25 * MS, 1.0), (100 * MS, 1.0), (5 * MS, 0.2), (0, 0.0)],
    ids=["computes", "computes in four threads", "sleeps mostly", "sleeps"],
)
def test_a_turn_costs_a_program_that_computes_the_more(
    clocks: Clocks, worked_ns: int, share: float
) -> None:
    budget = Budget(5.0)
    sender = new_sender(budget)
    clocks.pass_time(25 * MS, program_ns=worked_ns)
    began_ns = clocks.now_ns
    clocks.pass_time(MS, own_ns=MS)
    sender.charge_turn(began_ns)
    assert budget.cost_ns == pytest.approx(share * (MS + HANDOFF_NS))


def test_what_the_service_thread_works_itself_is_not_the_programs(clocks: Clocks) -> None:
    budget = Budget(5.0)
    sender = new_sender(budget)
    for _ in range(3):
        clocks.pass_time(25 * MS)
        began_ns = clocks.now_ns
        clocks.pass_time(20 * MS, own_ns=20 * MS)
        sender.charge_turn(began_ns)
    assert budget.cost_ns == 0


def test_what_the_program_waited_for_room_is_counted_once_and_whole(clocks: Clocks) -> None:
    budget, gate = Budget(5.0), Gate(lossless=True)
    sender = new_sender(budget, gate)
    pauses = []

    def open_at_the_third_look() -> None:
        pauses.append(gate)
        clocks.pass_time(2 * MS)
        if len(pauses) == 3:
            gate.open()

    gate_class = type(gate)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate_class, "pause_briefly", lambda _gate: open_at_the_third_look())
        patch.setattr("pyprobe.core.gate.perf_counter_ns", lambda: clocks.now_ns)
        gate.close()
        assert gate.pass_or_drop()
    for _ in range(2):
        sender.charge_turn(clocks.now_ns)
        assert budget.cost_ns == 6 * MS
