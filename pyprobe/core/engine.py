"""The engine: hot-adds probes to running code and keeps them armed.

It knows probes, code objects and sites; where events come from (``core.events``), where captures go
(the sink's ``extend``) and who calls ``rearm_due`` are handed in.
"""

import sys
from _thread import RLock
from collections import deque
from collections.abc import Callable, Iterator
from types import CodeType, FrameType
from typing import TYPE_CHECKING

from pyprobe.analysis.occurrence import Occurrence
from pyprobe.core.anchor import ProbeAnchor
from pyprobe.core.budget import WINDOW_NS, Budget
from pyprobe.core.capture_log import Extend
from pyprobe.core.code_map import CodeMap
from pyprobe.core.code_registry import PROCESS_REGISTRY
from pyprobe.core.events.base import EventSource
from pyprobe.core.gate import Gate
from pyprobe.core.handlers import Notes
from pyprobe.core.rearming import Rearming
from pyprobe.core.recorder import Pack, Recorder
from pyprobe.core.resolver import Site, is_scope, resolve
from pyprobe.core.site_table import SiteTable
from pyprobe.core.slots_in_hand import SlotsInHand
from pyprobe.core.target_probe import TargetProbe
from pyprobe.core.throttle import ThrottleStrategy, WatchConfig
from pyprobe.core.trigger_watching import Watching

if TYPE_CHECKING:
    from pyprobe.core.heard_captures import Hear
    from pyprobe.core.trigger import Trigger
    from pyprobe.core.trigger_runtime import TargetTrigger
    from pyprobe.core.trigger_watch import Watch

# Longer than this nothing that was captured is kept waiting, for it is seen that it lags.
_BEAT_MS = 50.0
NO_INSTRUCTION = (
    "the compiler left no instruction for it (the code is never reached, or it was folded away)"
)


class Engine:
    """Probes by id, armed in every code object they stand in.

    Methods may be called from any thread, at any time between ``start`` and ``stop``.
    """

    def __init__(
        self,
        source: EventSource,
        *,
        extend: Extend,
        pack: Pack,
        gate: Gate,
        budget: Budget,
        pack_to_keep: Pack | None = None,
        pack_snapshot: Pack | None = None,
        share: Pack | None = None,
        in_hand: SlotsInHand | None = None,
        looks: bool = False,
    ) -> None:
        """``pack_to_keep`` packs what stays here for a while, so into no shared memory.

        ``share`` moves that there, when it is to leave. ``pack_snapshot`` packs without shared
        memory too, and reduces what is large. ``in_hand`` gives back what was taken of it in vain.
        ``looks``: whoever calls ``rearm_due`` may take a hit itself, of a thread that waits there.
        """
        self.source = source
        self.probes: dict[int, TargetProbe] = {}
        self.triggers: dict[int, TargetTrigger] = {}
        self._shared_trigger: TargetTrigger | None = None
        self.budget = budget
        self.gate = self._gate = gate
        self._extend = extend
        self._plain_recorder = Recorder(
            extend=extend,
            pack=pack,
            gate=gate,
            budget=budget,
            pack_to_keep=pack_to_keep,
            share=share,
            in_hand=in_hand,
        )
        self._recorder = self._plain_recorder
        self._taker_extend = extend
        self._pack_to_keep = pack_to_keep or pack
        self.watching = Watching(
            extend=extend, pack=pack_snapshot or pack, gate=gate, budget=budget
        )
        self.watching.copies_locals = source.copies_locals
        self._registry = PROCESS_REGISTRY
        self._by_file: dict[str, dict[int, TargetProbe]] = {}
        self._used_ids: set[int] = set()
        self._notes: dict[int, list[Notes]] = {}
        self._looks = looks and source.waits_plain
        self.rearming = Rearming(gate, wake=self._wake_code, marks_of=self._marks_of)
        self._unsettled: dict[int, CodeType] = {}  # armed since the last settling
        self._armed_otherwise: dict[tuple[int, str], CodeType] = {}  # than for probes, by layer
        self._arming: dict[int, RLock] = {}
        self._lock = RLock()
        self._code_listeners: list[Callable[[CodeType, str], None]] = []

    def start(self) -> None:
        """Begin to see code run.

        Raises:
            PyProbeError: the interpreter has no hook left for us.
        """
        if self.source.slows_code:
            self._registry.newly_met = deque()
            self.source.on_slowed = self._was_slowed
        self.source.start(self._on_code)
        for frame in _running_frames():
            self._registry.meet(frame.f_code)

    def stop(self) -> None:
        """Give back every hook; the probes are gone."""
        self.source.stop()
        self._registry.newly_met = None
        self.probes.clear()
        self._by_file.clear()
        self.rearming.clear()
        self._unsettled.clear()
        self._armed_otherwise.clear()

    def add(
        self, probe_id: int, anchor: ProbeAnchor, occurrence: Occurrence, config: WatchConfig
    ) -> TargetProbe:
        """Arm a probe, in running frames too. An id that is there is replaced."""
        with self._lock:
            self.remove(probe_id)
            probe = TargetProbe(probe_id, anchor, occurrence, config)
            # What an earlier probe of this id has captured may still wait to be sent.
            probe.has_others = probe_id in self._used_ids
            self._used_ids.add(probe_id)
            file = probe.file = self._registry.real_path(anchor.file)
            self.probes[probe_id] = probe
            if self._shared_trigger is not None:
                self.triggers[probe_id] = self._shared_trigger
            self._by_file.setdefault(file, {})[probe_id] = probe
            if config.enabled:
                for code in self._registry.codes_of(file):
                    self._consider(code, [probe], file)
        self.source.prepare_for_depth()  # after the arming, which is in haste
        return probe

    def remove(self, probe_id: int) -> None:
        """Disarm a probe; harmless when there is none."""
        with self._lock:
            probe = self.probes.pop(probe_id, None)
            self.triggers.pop(probe_id, None)
            if probe is None:
                return
            of_file = self._by_file[probe.file]
            of_file.pop(probe_id)
            if not of_file:
                del self._by_file[probe.file]
            for code in probe.codes.values():
                self._arm(code, probe.file)

    def set_config(self, probe_id: int, config: WatchConfig) -> None:
        """Change a probe's throttle; it keeps its counters."""
        with self._lock:
            probe = self.probes.get(probe_id)
            if probe is None:
                return
            probe.config = config
            probe.due_ns = 0
            probe.hits = 0
            probe.sampled = False
            for code in list(probe.codes.values()):
                self._arm(code, probe.file)

    def set_trigger(self, probe_id: int, trigger: "Trigger | None") -> None:
        """Give a probe a trigger, which begins anew, or none of its own.

        Raises:
            ConditionSyntaxError: its condition is none.
        """
        made = self._make_trigger(trigger, is_shared=False)
        with self._lock:
            probe = self.probes.get(probe_id)
            if probe is not None:
                self._trigger_by(probe, made or self._shared_trigger)

    def set_shared_trigger(self, trigger: "Trigger | None") -> None:
        """Have all probes that have no trigger of their own share one, which begins anew, or none.

        Raises:
            ConditionSyntaxError: its condition is none.
        """
        made = self._make_trigger(trigger, is_shared=True)
        with self._lock:
            before, self._shared_trigger = self._shared_trigger, made
            for probe in list(self.probes.values()):
                if self.triggers.get(probe.probe_id) is before:
                    self._trigger_by(probe, made)

    def _make_trigger(
        self, trigger: "Trigger | None", *, is_shared: bool
    ) -> "TargetTrigger | None":
        if trigger is None:
            return None
        from pyprobe.core.trigger_runtime import TargetTrigger  # only where there are some

        return TargetTrigger(
            trigger, pack=self._pack_to_keep, budget=self.budget, is_shared=is_shared
        )

    def _trigger_by(self, probe: TargetProbe, made: "TargetTrigger | None") -> None:
        if made is None:
            self.triggers.pop(probe.probe_id, None)
        else:
            self.triggers[probe.probe_id] = made
        for code in list(probe.codes.values()):
            self._arm(code, probe.file)

    def set_watch(self, watch_id: int, watch: "Watch") -> None:
        """Ask a condition at the hits of probes, and act when it holds.

        Raises:
            ConditionSyntaxError: its text is none.
        """
        with self._lock:
            self.watching.set(watch_id, watch)
            self._arm_all()

    def remove_watch(self, watch_id: int) -> None:
        """Ask it no more; harmless when it is not asked."""
        with self._lock:
            if self.watching.remove(watch_id):
                self._arm_all()

    def hear_captures(self, hear: "Hear | None") -> None:
        """Tell each capture with its value in the thread and at the hit; None for no more."""
        from pyprobe.core.heard_captures import HeardRecorder, heard_extend  # only where heard

        with self._lock:
            plain = self._plain_recorder
            self._recorder = plain if hear is None else HeardRecorder(plain, hear)
            self._taker_extend = self._extend if hear is None else heard_extend(self._extend, hear)
            self._arm_all()

    def codes_of(self, file: str) -> list[CodeType]:
        """Return the code objects of a file that have run and still live."""
        return self._registry.codes_of(self._registry.real_path(file))

    def all_codes(self) -> list[CodeType]:
        """Return all code objects that have run and still live."""
        return self._registry.all_codes()

    def listen_to_code(self, listener: Callable[[CodeType, str], None]) -> None:
        """Tell each code object, and its file's real path, before it first runs."""
        self._code_listeners.append(listener)

    def stop_listening_to_code(self, listener: Callable[[CodeType, str], None]) -> None:
        """Tell it no more; harmless when it was not told."""
        if listener in self._code_listeners:
            self._code_listeners.remove(listener)

    def _arm_all(self) -> None:
        for probe in self.probes.values():
            for code in list(probe.codes.values()):
                self._arm(code, probe.file)

    def next_due_ns(self, slack_ns: int = 0) -> int | None:
        """Return when ``rearm_due`` has something to do, None while nothing is throttled.

        What is due within ``slack_ns`` of the first is done with it, at the last one's time.
        """
        return self.rearming.next_due_ns(slack_ns)

    def rearm_due(self, now_ns: int) -> bool:
        """Re-arm every code object whose throttle interval is over, or take what waits there.

        Return whether there was one.
        """
        return self.rearming.turn(now_ns)

    def was_armed(self, code: CodeType, layer: str) -> None:
        """Have code settled soon, and now and then, that is armed for something else than probes.

        ``layer`` is that of the event source; ``was_disarmed`` ends it.
        """
        if self.source.slows_code:
            self._unsettled[id(code)] = self._armed_otherwise[id(code), layer] = code

    def was_disarmed(self, code: CodeType, layer: str) -> None:
        """What was told by ``was_armed`` is over."""
        self._armed_otherwise.pop((id(code), layer), None)

    def _was_slowed(self, code: CodeType) -> None:
        """Have code settled soon of which a part has just run for the first time since."""
        if id(code) not in self._unsettled:
            self._unsettled[id(code)] = code
            self.gate.wake()

    def has_armed(self) -> bool:
        """Whether there is code that is armed, for probes or something else."""
        return bool(self.probes or self._armed_otherwise)

    def has_unsettled(self) -> bool:
        """Whether code was armed and not settled since."""
        return bool(self._unsettled)

    def settle_armed(self, *, all_of_it: bool = False) -> None:
        """Let armed code be plain, where it can be: what was armed since, or all there is.

        An instruction that runs for the first time only now was not plain before.
        """
        if all_of_it:
            self._unsettled.update({id(one): one for one in list(self._armed_otherwise.values())})
            for probe in list(self.probes.values()):
                self._unsettled.update(probe.codes)
        while self._unsettled:
            _key, code = self._unsettled.popitem()
            self.source.settle(code)

    def has_slowed_code(self) -> bool:
        """Whether code runs slower than plain only because we have been told of its first run."""
        return bool(self._registry.newly_met)

    def settle_some(self, count: int) -> None:
        """Let that many of those code objects run plain again, the newest first: these run now."""
        newly_met = self._registry.newly_met
        while newly_met and count:
            count -= 1
            code = newly_met.pop()()
            if code is not None:
                self.source.settle(code)

    def beat_interval_ns(self) -> int:
        """Return the interval at which all probes are armed that are there; 0 where they differ.

        A probe that is armed at every window of the budget, or every few milliseconds, can have
        what it captured fetched when it is armed the next time.
        """
        return min((_beat_ns(probe.config) for probe in list(self.probes.values())), default=0)

    def _wake_code(self, key: int, code: CodeType) -> None:
        for notes in self._notes.get(key, ()):
            notes.asleep = False
        self._unsettled[key] = code
        self.source.rearm(code)
        self._look_if_settled(key, code)

    def _look_if_settled(self, key: int, code: CodeType) -> None:
        if self.source.is_settled(code):
            self._unsettled.pop(key, None)

    def _marks_of(self, key: int) -> tuple[object, ...]:
        """Return what a hit that is captured changes at once (counters follow with the flush)."""
        probes = [probe for probe in list(self.probes.values()) if key in probe.codes]
        return tuple((probe.budget_window, probe.due_ns) for probe in probes)

    def _on_code(self, code: CodeType) -> None:
        if self._registry.knows(code) and id(code) not in self._arming:  # not the other way round
            return
        # Of a kind that a thread need not wait for itself: arming may hook a thread (settrace),
        # which meets the code that this one stands in.
        mine = RLock()
        mine.acquire()
        held = self._arming.setdefault(id(code), mine)
        if held is not mine:
            with held:  # another thread came first; nothing may run before it has armed the code
                return
        try:
            self._meet(code)
        finally:
            del self._arming[id(code)]
            mine.release()

    def _meet(self, code: CodeType) -> None:
        file = self._registry.meet(code)
        if file is None:
            return
        newly_met = self._registry.newly_met
        if newly_met is not None and len(newly_met) == 1:  # of several the first has rung
            self._gate.wake()
        for listener in list(self._code_listeners):
            listener(code, file)
        if file not in self._by_file:
            return
        try:
            with self._lock:
                probes = self._by_file.get(file, {}).values()
                self._consider(code, [probe for probe in probes if probe.config.enabled], file)
        except RecursionError:  # it is met again, with more room
            self._registry.unmeet(code)
            raise

    def _consider(self, code: CodeType, probes: list[TargetProbe], file: str) -> None:
        """Arm ``code`` if any of the probes stands in it."""
        first, last = code.co_firstlineno, _last_line(code)
        near = [probe for probe in probes if first <= probe.occurrence.line <= last]
        if not near:
            return
        code_map = CodeMap(code)  # once for all: a module of data is millions of bytes long
        is_probed = False
        for probe in near:
            occurrence = probe.occurrence
            if resolve(code_map, occurrence):
                probe.codes[id(code)] = code
                is_probed = True
            elif (
                is_scope(code_map, occurrence) and not probe.codes and not _inside(code, occurrence)
            ):
                probe.detail = NO_INSTRUCTION
                self._gate.wake()
        if is_probed:
            self._arm(code, file, code_map)

    def _arm(self, code: CodeType, file: str, code_map: CodeMap | None = None) -> None:
        """Rebuild what is watched in one code object from the probes that stand in it."""
        key = id(code)
        table = SiteTable(
            code_map if code_map is not None else CodeMap(code),
            recorder=self._recorder,
            extend=self._taker_extend,
            gate=self._gate,
            budget=self.budget,
            schedule=self.rearming.schedule,
            disable=self.source.disable,
            copies_locals=self.source.copies_locals,
            watching=self.watching,
            triggers=self.triggers,
            # What is heard is told at the hit, in the thread that hits.
            looks=self._looks and self._taker_extend is self._extend,
        )
        for probe in self._by_file.get(file, {}).values():
            if key in probe.codes and probe.config.enabled:
                table.add(probe)
        self._notes[key] = table.notes
        self.rearming.was_armed(key, table.waiting_hits())
        sites = table.build()
        if sites:
            self.source.arm(code, sites)
            self._unsettled[key] = code
            self._look_if_settled(key, code)
        else:
            self._unsettled.pop(key, None)
            self._notes.pop(key, None)
            self.source.disarm(code)


def _beat_ns(config: WatchConfig) -> int:
    if config.throttle_strategy is ThrottleStrategy.AUTO:
        return WINDOW_NS
    timed = config.throttle_strategy is ThrottleStrategy.TIME_BASED
    return int(config.throttle_param * 1e6) if timed and config.throttle_param <= _BEAT_MS else 0


def _last_line(code: CodeType) -> int:
    return max((line for _start, _end, line in code.co_lines() if line), default=0)


def _inside(code: CodeType, occurrence: Occurrence) -> list[Site]:
    """Return the occurrence's sites in comprehensions, code objects of their own up to 3.11."""
    found: list[Site] = []
    for constant in code.co_consts:
        if isinstance(constant, CodeType) and constant.co_name.startswith("<"):
            found += resolve(CodeMap(constant), occurrence) or _inside(constant, occurrence)
    return found


def _running_frames() -> Iterator[FrameType]:
    for top in sys._current_frames().values():
        frame: FrameType | None = top
        while frame is not None:
            yield frame
            frame = frame.f_back
