"""A bench for math traces: a board over probes that are fed by hand, and waiting for results."""

import threading
from collections.abc import Iterable
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from pyprobe.ipc.array_reader import ArrayValue
from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import ValueKind
from pyprobe.session.math_board import MathBoard
from pyprobe.session.math_trace import MathTrace
from pyprobe.session.probe import Probe
from pyprobe.session.trace import Trace
from tests.plots.samples import append_scalars, make_probe

MS = 1_000_000


def probe(number: int, values: list[float] | None = None) -> Probe:
    made = make_probe(f"x{number}")
    made.id = number
    if values is not None:
        append_scalars(made, np.array(values))
    return made


class Bench:
    """A board with its sources; ``settle`` waits until everything is computed."""

    def __init__(self, *, fill_after_s: float | None = None) -> None:
        self.sources: list[Probe] = []
        self.woken = threading.Event()
        self.board = MathBoard(lambda: self.sources, self.woken.set, fill_after_s=fill_after_s)

    def probe(self, values: list[float]) -> Probe:
        made = probe(len(self.sources) + 1, values)
        self.sources.append(made)
        return made

    def settle(self) -> None:
        until_s = monotonic() + 60
        while not self.board.is_idle:
            assert monotonic() < until_s
            self.woken.wait(0.05)  # a window looks now and then, too
            self.woken.clear()
            self.board.collect()

    def numbers(self, trace: Trace) -> list[float]:
        return [round(number, 6) for number in trace.history.scalars().value.tolist()]

    def add(self, expression: str) -> MathTrace:
        """Add a math trace and wait for what it gives."""
        trace = self.board.add(expression)
        self.settle()
        return trace

    def go_to(self, trace: MathTrace, t_ns: int) -> list[float]:
        """Show a time, and return the newest result of then, once it is exact."""
        self.board.show_at(t_ns)
        self.board.past(trace, t_ns)
        self.settle()
        found = self.board.past(trace, t_ns)
        assert found.is_exact
        last = trace.as_of(t_ns).last
        return [] if last is None else np.round(getattr(last, "array", [0]), 6).tolist()

    def begin_run(self, epoch_ns: int) -> None:
        """Begin another run for all sources."""
        for source in self.sources:
            source.begin_generation(epoch_ns)
        self.tell()

    def tell(self) -> None:
        """Say that all sources have news, and wait for what is computed."""
        self.board.update({source.id for source in self.sources})
        self.settle()


def numbers(of: Probe, rows: Iterable[tuple[int, float]]) -> None:
    """Let a probe capture numbers, each at a sequence number, which is also its millisecond."""
    pairs = list(rows)
    of.history.append(
        Column(
            probe_id=of.id,
            kind=ValueKind.FLOAT,
            dtype="float",
            seq=np.array([seq for seq, _ in pairs], np.int64),
            t_ns=np.array([seq * MS for seq, _ in pairs], np.int64) + of.history.epoch_ns,
            thread=np.zeros(len(pairs), np.uint64),
            values=np.array([value for _, value in pairs], np.float64),
        )
    )


def array(of: Probe, seq: int, values: NDArray[np.generic]) -> None:
    """Let a probe capture an array at a sequence number, which is also its millisecond."""
    of.history.append(
        Column(
            probe_id=of.id,
            kind=ValueKind.ARRAY,
            dtype=str(values.dtype),
            seq=np.array([seq], np.int64),
            t_ns=np.array([seq * MS], np.int64) + of.history.epoch_ns,
            thread=np.zeros(1, np.uint64),
            arrays=[ArrayValue(values, "ndarray", values.shape, "")],
        )
    )
