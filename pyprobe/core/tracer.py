"""VariableTracer: probes in one's own process, with a callback instead of a window.

>>> tracer = VariableTracer(print)
>>> tracer.add_anchor_watch(ProbeAnchor("model.py", 12, 4, "gain", "step"))
>>> tracer.start_anchored()
"""

from _thread import allocate_lock, start_new_thread
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter_ns

from pyprobe.analysis.occurrence import Occurrence
from pyprobe.analysis.occurrence_index import OccurrenceIndex
from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.analysis.source_file import read_source
from pyprobe.core.anchor import ProbeAnchor
from pyprobe.core.budget import Budget
from pyprobe.core.data_classifier import classify_data
from pyprobe.core.door import Door
from pyprobe.core.engine import Engine
from pyprobe.core.events.choose import choose_event_source
from pyprobe.core.gate import Gate
from pyprobe.core.throttle import ThrottleStrategy, WatchConfig
from pyprobe.core.value_copy import CopiedValue, copy_value
from pyprobe.errors import PyProbeError

__all__ = ["CapturedVariable", "ThrottleStrategy", "VariableTracer", "WatchConfig"]

BUDGET_PERCENT = 5.0


@dataclass(frozen=True, slots=True)
class CapturedVariable:
    """One capture. ``value`` is a copy: numbers, text, arrays and builtin containers as such, any
    other object as its text.

    ``dtype`` and ``shape`` are those of ``classify_data``; ``timestamp`` is in seconds of
    ``time.perf_counter``.
    """

    name: str
    value: object
    dtype: str
    shape: tuple[int, ...] | None
    timestamp: float
    source_file: str
    line_number: int
    function_name: str


class VariableTracer:
    """Watches anchors in this process; calls ``data_callback(CapturedVariable)`` at each capture.

    The callback runs in the thread that hit, at the hit. What it raises never reaches the program;
    it is counted in ``callback_errors``. ``problems`` says, by anchor, why a watch has no effect.
    """

    def __init__(self, data_callback: Callable[[CapturedVariable], object]) -> None:
        self.callback_errors = 0
        self.problems: dict[ProbeAnchor, str] = {}
        self._callback = data_callback
        self._gate = Gate()
        self._budget = Budget(BUDGET_PERCENT)
        self._ids: dict[ProbeAnchor, int] = {}
        self._watches: dict[int, tuple[ProbeAnchor, WatchConfig]] = {}
        self._next_id = 1
        self._engine: Engine | None = None
        self._indexes: dict[str, OccurrenceIndex] = {}
        self._timer = _Timer(self._rearm, self._gate)

    @property
    def anchor_count(self) -> int:
        """How many anchors are watched."""
        return len(self._ids)

    def add_anchor_watch(self, anchor: ProbeAnchor, config: WatchConfig | None = None) -> None:
        """Watch an anchor, at once if started; watching it again changes its config."""
        self.remove_anchor_watch(anchor)
        probe_id = self._next_id
        self._next_id += 1
        self._ids[anchor] = probe_id
        self._watches[probe_id] = (anchor, config or WatchConfig(anchor.symbol))
        if self._engine is not None:
            self._arm(self._engine, probe_id)

    def remove_anchor_watch(self, anchor: ProbeAnchor) -> None:
        """Stop watching an anchor; harmless when it is not watched."""
        probe_id = self._ids.pop(anchor, None)
        self.problems.pop(anchor, None)
        if probe_id is None:
            return
        del self._watches[probe_id]
        if self._engine is not None:
            self._engine.remove(probe_id)

    def start_anchored(self) -> None:
        """Begin to capture. Harmless when started.

        Raises:
            PyProbeError: the interpreter has no hook left.
        """
        if self._engine is not None:
            return
        source, _reason = choose_event_source(Door(self._count_fault))
        engine = Engine(
            source, extend=self._emit, pack=copy_value, gate=self._gate, budget=self._budget
        )
        engine.start()
        self._engine = engine
        for probe_id in self._watches:
            self._arm(engine, probe_id)
        self._timer.start()

    def stop(self) -> None:
        """Stop capturing and give back every hook; the watches stay. Harmless when stopped."""
        if self._engine is not None:
            self._engine.stop()
            self._engine = None
            self._timer.stop()

    def _arm(self, engine: Engine, probe_id: int) -> None:
        anchor, config = self._watches[probe_id]
        try:
            occurrence = self._occurrence(anchor)
        except PyProbeError as error:
            self.problems[anchor] = str(error)
            return
        engine.add(probe_id, anchor, occurrence, config)

    def _occurrence(self, anchor: ProbeAnchor) -> Occurrence:
        index = self._indexes.get(anchor.file)
        if index is None:
            source = read_source(anchor.file)
            if source.problem:
                raise PyProbeError(source.problem)
            index = OccurrenceIndex(find_occurrences(source.text, filename=anchor.file))
            self._indexes[anchor.file] = index
        occurrence = index.for_anchor(anchor.line, anchor.col, anchor.symbol)
        if occurrence is None:
            raise PyProbeError(f"nothing that can be probed stands at {anchor.identity_label()}")
        return occurrence

    def _emit(self, entry: tuple[int, int, int, object]) -> None:
        probe_id, t_ns, _thread, value = entry
        watch = self._watches.get(probe_id)
        if watch is None:
            return
        anchor, config = watch
        copied = (
            value if isinstance(value, CopiedValue) else CopiedValue(value, *classify_data(value))
        )
        captured = CapturedVariable(
            config.var_name,
            copied.value,
            copied.dtype,
            copied.shape,
            t_ns / 1e9,
            anchor.file,
            anchor.line,
            anchor.func,
        )
        try:
            self._callback(captured)
        except Exception:  # noqa: BLE001  a callback's fault must never reach the program
            self.callback_errors += 1

    def _rearm(self) -> int | None:
        engine = self._engine
        if engine is None:
            return None
        engine.rearm_due(perf_counter_ns())
        return engine.next_due_ns()

    def _count_fault(self, sentence: str) -> None:
        self.callback_errors += 1


class _Timer:
    """A thread that calls ``due`` when its last answer (in ns, None: when woken) has come."""

    def __init__(self, due: Callable[[], int | None], gate: Gate) -> None:
        self._due = due
        self._gate = gate
        self._bell = allocate_lock()
        self._done = allocate_lock()
        self._running = False

    def start(self) -> None:
        self._running = True
        self._bell.acquire(blocking=False)
        self._gate.connect(self._ring)
        self._done.acquire()
        start_new_thread(self._run, ())

    def stop(self) -> None:
        """Return when the thread has ended."""
        self._running = False
        self._ring()
        with self._done:
            return

    def _ring(self) -> None:
        if self._bell.locked():
            self._bell.release()

    def _run(self) -> None:
        try:
            while self._running:
                # Asleep first: what is scheduled from here on rings the bell.
                self._gate.sleeping(True)
                due_ns = self._due()
                if due_ns is None:
                    self._bell.acquire()
                else:
                    self._bell.acquire(timeout=max(due_ns - perf_counter_ns(), 0) / 1e9)
                self._gate.sleeping(False)
        finally:
            self._done.release()
