"""VariableTracer: probes in one's own process, with a callback instead of a window.

>>> tracer = VariableTracer(print)
>>> tracer.add_anchor_watch(ProbeAnchor("model.py", 12, 4, "gain", "step"))
>>> tracer.start_anchored()
"""

from _thread import allocate_lock, start_new_thread
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from time import perf_counter_ns
from typing import Any

from pyprobe.analysis.occurrence import Occurrence
from pyprobe.analysis.occurrence_index import OccurrenceIndex
from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.analysis.source_file import read_source
from pyprobe.conditions import parse
from pyprobe.core.anchor import ProbeAnchor
from pyprobe.core.budget import Budget
from pyprobe.core.data_classifier import classify_data
from pyprobe.core.door import Door
from pyprobe.core.engine import Engine
from pyprobe.core.events.choose import choose_event_source
from pyprobe.core.gate import Gate
from pyprobe.core.handles import Handle, When
from pyprobe.core.label_history import LabelHistory, LocalSnapshot
from pyprobe.core.own_watches import MonitorCallback, OwnWatches
from pyprobe.core.portions import SETTLE_AFTER_NS, Portions
from pyprobe.core.snapshot import LOCALS, PLACE
from pyprobe.core.standing_place import StandingPlace
from pyprobe.core.throttle import ThrottleStrategy, WatchConfig
from pyprobe.core.trigger import Trigger
from pyprobe.core.value_copy import CopiedValue, copy_value
from pyprobe.errors import PyProbeError

__all__ = ["CapturedVariable", "ThrottleStrategy", "Trigger", "VariableTracer", "WatchConfig"]

BUDGET_PERCENT = 5.0
_FIRST_WATCH_ID = 1 << 32  # beyond all probes


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
    ``history`` finds the snapshots that ``when(…).snapshot(label)`` has taken.
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
        self._portions: Portions | None = None
        self._indexes: dict[str, OccurrenceIndex] = {}
        self._timer = _Timer(self._rearm, self._gate)
        self._triggers: dict[ProbeAnchor, Trigger] = {}
        self._own = OwnWatches(first_id=_FIRST_WATCH_ID, failed=self._monitor_failed)
        self._standing = StandingPlace(lambda: self._engine is not None)
        self._newest: dict[int, object] = {}
        self._captured = count()
        self.history: LabelHistory[LocalSnapshot] = LabelHistory()

    @property
    def anchor_count(self) -> int:
        """How many anchors are watched."""
        return len(self._ids)

    def add_anchor_watch(
        self,
        anchor: ProbeAnchor,
        config: WatchConfig | None = None,
        *,
        trigger: Trigger | None = None,
    ) -> None:
        """Watch an anchor, at once if started; watching it again changes its config and trigger.

        Raises:
            ConditionSyntaxError: the trigger's condition is none.
        """
        if trigger is not None:
            parse(trigger.condition)
        self.remove_anchor_watch(anchor)
        if trigger is not None:
            self._triggers[anchor] = trigger
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
        self._triggers.pop(anchor, None)
        if probe_id is None:
            return
        del self._watches[probe_id]
        if self._engine is not None:
            self._engine.remove(probe_id)

    def when(self, condition: str, *, at: ProbeAnchor | None = None) -> When:
        """Return what acts when a condition holds at the hits of one watched anchor, or of all.

        ``pause()`` has the thread that hits stand until ``resume``.

        Raises:
            ConditionSyntaxError: the text is no condition.
            PyProbeError: the anchor is not watched.
        """
        if at is not None and at not in self._ids:
            raise PyProbeError(f"{at.identity_label()} is not watched")
        return self._own.when(condition, self._ids[at] if at is not None else 0)

    def monitor(self, tag: str, callback: MonitorCallback) -> Handle:
        """Call ``callback(CapturedVariable)`` with each capture of the watches of a name."""
        return self._own.monitor(tag, callback)

    def resume(self) -> None:
        """Let go on who stands because of ``when(…).pause()``; harmless when nobody does."""
        self._standing.release()

    @property
    def is_paused(self) -> bool:
        """Whether a thread stands because of ``when(…).pause()``."""
        return self._standing.is_taken

    def start_anchored(self) -> None:
        """Begin to capture. Harmless when started.

        Raises:
            PyProbeError: the interpreter has no hook left.
        """
        if self._engine is not None:
            return
        source, _reason = choose_event_source(Door(self._count_fault))
        engine = Engine(
            source,
            extend=self._emit,
            pack=copy_value,
            gate=self._gate,
            budget=self._budget,
            pack_snapshot=_copy_snapshot,
        )
        engine.watching.pause = self._standing.ask
        engine.watching.halt = lambda frame: self._standing.stand()
        engine.start()
        self._engine, self._portions = engine, Portions(engine)
        self._own.begin(engine)
        for probe_id in self._watches:
            self._arm(engine, probe_id)
        self._timer.start()

    def stop(self) -> None:
        """Stop capturing and give back every hook; the watches stay. Harmless when stopped."""
        if self._engine is not None:
            engine, self._engine = self._engine, None
            self._own.end()
            self._standing.release()
            engine.stop()
            self._timer.stop()

    def _arm(self, engine: Engine, probe_id: int) -> None:
        anchor, config = self._watches[probe_id]
        try:
            occurrence = self._occurrence(anchor)
        except PyProbeError as error:
            self.problems[anchor] = str(error)
            return
        engine.add(probe_id, anchor, occurrence, config)
        if anchor in self._triggers:
            engine.set_trigger(probe_id, self._triggers[anchor])

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
        number = next(self._captured)
        watch = self._watches.get(probe_id)
        if watch is None:
            if probe_id in self._own.labels:
                self._keep_snapshot(number, probe_id, t_ns, value)
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
        self._newest[probe_id] = copied.value
        try:
            self._callback(captured)
        except Exception:  # noqa: BLE001  a callback's fault must never reach the program
            self.callback_errors += 1
        self._own.captured(anchor.symbol, lambda: captured)

    def _keep_snapshot(self, number: int, watch_id: int, t_ns: int, record: object) -> None:
        assert type(record) is dict  # it is what _copy_snapshot has made
        newest = {
            config.var_name: self._newest[probe_id]
            for probe_id, (_anchor, config) in list(self._watches.items())
            if probe_id in self._newest
        }
        label, variables = self._own.labels[watch_id], record[LOCALS]
        self.history.add(LocalSnapshot(label, number, t_ns / 1e9, record[PLACE], variables, newest))

    def _monitor_failed(self, tag: str, error: Exception) -> None:
        self.callback_errors += 1

    def _rearm(self) -> int | None:
        engine, portions = self._engine, self._portions
        if engine is None or portions is None:
            return None
        now_ns = perf_counter_ns()
        slows_code = engine.source.slows_code
        if slows_code:
            engine.settle_armed()  # what an earlier turn has armed
        engine.rearm_due(now_ns)
        portions.turn(now_ns)
        settle_ns = now_ns + SETTLE_AFTER_NS if slows_code and engine.has_unsettled() else None
        due_ns = (engine.next_due_ns(), portions.due_ns, settle_ns)
        return min((at_ns for at_ns in due_ns if at_ns is not None), default=None)

    def _count_fault(self, sentence: str) -> None:
        self.callback_errors += 1


def _copy_snapshot(record: Any) -> object:
    variables = {name: copy_value(value).value for name, value in record[LOCALS].items()}
    return {PLACE: record[PLACE], LOCALS: variables}


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
