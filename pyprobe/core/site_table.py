"""SiteTable: assembles the handlers of all probes that stand in one code object."""

from collections.abc import Callable, Mapping
from functools import partial
from sys import intern
from types import CodeType
from typing import TYPE_CHECKING

from pyprobe.analysis.occurrence import OccurrenceKind
from pyprobe.core.budget import Budget
from pyprobe.core.capture_log import Extend
from pyprobe.core.code_map import CodeMap
from pyprobe.core.events.base import CodeSites, Handler, LoneSite, StoredSite
from pyprobe.core.events.lone_take import LoneTake
from pyprobe.core.frame_reader import (
    FastAccess,
    Reader,
    fast_access,
    is_plain,
    lone_slot,
    path_reader,
)
from pyprobe.core.gate import Gate
from pyprobe.core.handlers import (
    JumpNotes,
    Notes,
    Schedule,
    both,
    module_taker,
    namespace_taker,
    reader_taker,
    slot_taker,
    snapshot_taker,
    throttled,
    value_taker,
)
from pyprobe.core.recorder import Recorder
from pyprobe.core.resolver import Phase, Site, resolve
from pyprobe.core.target_probe import TargetProbe
from pyprobe.core.throttle import ThrottleStrategy
from pyprobe.core.trigger_watching import Watching
from pyprobe.core.waiting_hit import WaitingHit
from pyprobe.core.waiting_place import waiting_offset

if TYPE_CHECKING:
    from pyprobe.core.trigger_handler import MakeTaker
    from pyprobe.core.trigger_runtime import TargetTrigger

# Stores that can raise; a note of one must be taken back then.
_RAISING_STORES = frozenset({"STORE_ATTR", "STORE_SUBSCR", "STORE_SLICE", "STORE_NAME"})

# At one offset: first what the instruction before it has stored, then entry, then reads.
_RANK = {Phase.AFTER: 0, Phase.ENTRY: 1, Phase.BEFORE: 2}


class SiteTable:
    """Collects handlers per offset; ``build`` puts them in the order of execution."""

    def __init__(
        self,
        code_map: CodeMap,
        *,
        recorder: Recorder,
        extend: Extend,
        gate: Gate,
        budget: Budget,
        schedule: Schedule,
        disable: object,
        copies_locals: bool,
        watching: Watching,
        triggers: "Mapping[int, TargetTrigger]",
        looks: bool,
    ) -> None:
        """``looks``: see ``Engine``; of probes that are not heard."""
        code = code_map.code
        self._access = fast_access(code, copies_locals=copies_locals)
        self._copies_locals = copies_locals
        self.notes: list[Notes] = []
        self._code = code
        self._map = code_map
        self._recorder = recorder
        self._extend = extend
        self._gate = gate
        self._budget = budget
        self._schedule = schedule
        self._watching = watching
        self._triggers = triggers
        self._disable = disable
        self._looks = looks
        self._before: dict[int, list[tuple[tuple[int, int], Handler]]] = {}
        self._leaves: dict[Phase, dict[int, list[Callable[..., object]]]] = {
            Phase.RETURN: {},
            Phase.YIELD: {},
        }
        self._unwinds: list[Handler] = []
        self._lone_takes: dict[Handler, LoneTake] = {}  # of handlers that take every hit
        self._waiting_hits: list[tuple[Site, WaitingHit]] = []
        self._probe_count = 0
        self._only_takes = True  # no handler does more than to take values

    def add(self, probe: TargetProbe) -> None:
        """Add the sites of one probe."""
        sites = resolve(self._map, probe.occurrence)
        if not sites:
            return
        self._probe_count += 1
        if sites[0].phase in self._leaves:
            self._add_leaves(probe, sites)
            return
        handler = self._watched(probe, self._handler(probe, sites))
        for site in sites:
            if site.phase is Phase.ENTRY:
                self._add_entry(handler)
            elif site.phase is Phase.AFTER:
                self._add_after(site, handler)
            else:
                offset = self._map.instructions[site.position].offset
                self._put(offset, (_RANK[Phase.BEFORE], site.order), handler)

    def _opname(self, probe: TargetProbe, site: Site) -> str:
        """Return what reads or binds the name at a site; a store's base is read before it."""
        opname, occurrence = self._map.instructions[site.position].opname, probe.occurrence
        if occurrence.kind is not OccurrenceKind.BASE_STORE:
            return opname
        return self._map.reads_within(occurrence.span).get(occurrence.path.root, opname)

    def build(self) -> CodeSites:
        """Return the finished tables."""
        before = {
            offset: both([handler for _rank, handler in sorted(ranked, key=_rank)], self._disable)
            for offset, ranked in self._before.items()
        }
        leaves = {
            phase: {offset: both(handlers, self._disable) for offset, handlers in table.items()}
            for phase, table in self._leaves.items()
        }
        lone = self._lone()
        return CodeSites(
            before=before,
            lone=lone,
            jumps=lone is None and self._only_takes and self._are_jumps_back(),
            stored={
                offset: self._stored(ranked)
                for offset, ranked in self._before.items()
                if any(rank[0] <= _RANK[Phase.AFTER] for rank, _handler in ranked)
            },
            returns=leaves[Phase.RETURN],
            yields=leaves[Phase.YIELD],
            unwind=both(self._unwinds, self._disable) if self._unwinds else None,
        )

    def _are_jumps_back(self) -> bool:
        """Whether handlers are called before jumps back alone: as after a loop's last statement.

        Not where the code handles exceptions: one that a signal handler of the program raises
        during the event of a jump would not be found to be inside of a ``try``.
        """
        if not self._before or self._unwinds or self._code.co_exceptiontable:
            return False
        jumps = {
            ins.offset
            for ins in self._map.instructions
            if ins.opname == "JUMP_BACKWARD" and ins.offset == ins.op_offset
        }
        return jumps.issuperset(self._before)

    def _lone(self) -> LoneSite | None:
        """Return the only site, if its handler can be done without a call."""
        places = [
            (offset, handler) for offset, ranked in self._before.items() for _, handler in ranked
        ]
        is_only = len(places) == 1 and not self._unwinds and not any(self._leaves.values())
        take = self._lone_takes.get(places[0][1]) if is_only else None
        return LoneSite(*places[0], take) if take is not None else None

    def _stored(self, ranked: list[tuple[tuple[int, int], Handler]]) -> StoredSite:
        """Part what stores before an offset have left to do there from all else."""
        limit = _RANK[Phase.AFTER], 1 << 30
        in_order = sorted(ranked, key=_rank)
        stored = [handler for rank, handler in in_order if rank <= limit]
        rest = [handler for rank, handler in in_order if rank > limit]
        return StoredSite(both(stored, self._disable), both(rest, self._disable) if rest else None)

    def _put(self, offset: int, rank: tuple[int, int], handler: Handler) -> None:
        self._before.setdefault(offset, []).append((rank, handler))

    def _add_leaves(self, probe: TargetProbe, sites: list[Site]) -> None:
        handler = self._watched(probe, self._value_handler(probe))
        for site in sites:
            offset = self._map.instructions[site.position].op_offset
            self._leaves[site.phase].setdefault(offset, []).append(handler)

    def _add_entry(self, handler: Handler) -> None:
        index = self._first_instruction()
        if index is None:
            return
        first = self._map.instructions[index]
        rank = (_RANK[Phase.ENTRY], len(self._before))
        if first.offset not in self._map.jump_targets:
            self._put(first.offset, rank, handler)
            return
        # The body begins with a loop: coming back to its head is no entry.
        jumped = JumpNotes()
        self._put(first.offset, rank, jumped.unless_jumped(handler))
        for source in self._map.jumps_to(first.offset):
            self._put(self._map.instructions[source].offset, (4, 0), jumped.at_jump)
            following = self._map.following(source)
            if following is not None and not self._map.always_jumps(source):
                self._put(following.offset, (-1, 0), jumped.forget)

    def _first_instruction(self) -> int | None:
        """Return the index of the first instruction of a call that events are told of."""
        instructions = self._map.instructions
        for index, ins in enumerate(instructions[:-1]):
            if ins.opname == "RESUME" and ins.arg & 3 == 0:
                return index + 1
        return None

    def _add_after(self, site: Site, handler: Handler) -> None:
        following = self._map.following(site.position)
        if following is None:
            return
        rank = (_RANK[Phase.AFTER], site.order)
        if following.offset not in self._map.jump_targets:
            self._put(following.offset, rank, handler)
            return
        store = self._map.instructions[site.position]
        notes = Notes(self._disable)
        self.notes.append(notes)
        # Rank 3: the note belongs to the store itself, after all that happens before it.
        self._put(store.offset, (3, 0), notes.at_store)
        self._put(following.offset, rank, notes.after_store(handler))
        if store.opname in _RAISING_STORES:
            self._unwinds.append(notes.forget)
            for offset in self._map.handler_offsets(store.op_offset):
                self._put(offset, (0, 0), notes.forget)

    def _store(self, probe: TargetProbe) -> Callable[[TargetProbe, object], bool]:
        if probe.config.throttle_strategy is ThrottleStrategy.CHANGE_DETECT:
            return self._recorder.store_changed
        return self._recorder.store

    def waiting_hits(self) -> list[WaitingHit]:
        """Return what looks for hits of all the probes, in order; nothing if one needs more."""
        if not self._only_takes or len(self._waiting_hits) < self._probe_count:
            return []
        in_order = sorted(self._waiting_hits, key=lambda one: (one[0].position, one[0].order))
        return [hit for _site, hit in in_order]

    def _handler(self, probe: TargetProbe, sites: list[Site]) -> Handler:
        trigger, opname = self._triggers.get(probe.probe_id), self._opname(probe, sites[0])
        if trigger is None:
            return self._throttled(probe, self._taker(probe, opname, sites))
        read = self._reader(probe, opname)
        return self._triggered(
            *(probe, trigger),
            lambda gate, store: reader_taker(probe, read, gate=gate, store=store),
        )

    def _value_handler(self, probe: TargetProbe) -> Callable[..., object]:
        trigger = self._triggers.get(probe.probe_id)
        if trigger is None:
            take = value_taker(probe, gate=self._gate, store=self._store(probe))
            return self._throttled(probe, take)
        return self._triggered(
            *(probe, trigger),
            lambda gate, store: value_taker(probe, gate=gate, store=store),
        )

    def _watched(self, probe: TargetProbe, handler: Callable[..., object]) -> Callable[..., object]:
        watched = self._watching.around(probe.probe_id, handler, self._code, self._disable)
        if watched is not handler:
            self._only_takes = False
        return watched

    def _triggered(
        self, probe: TargetProbe, trigger: "TargetTrigger", make_taker: "MakeTaker"
    ) -> Callable[..., object]:
        from pyprobe.core.trigger_handler import triggered  # only where there are triggers

        self._only_takes = False
        return triggered(
            *(probe, trigger, self._code, make_taker),
            throttle=lambda take: self._throttled(probe, take, schedule=_never),
            recorder=self._recorder,
            extend=self._extend,
            gate=self._gate,
            budget=self._budget,
            disable=self._disable,
            copies_locals=self._copies_locals,
        )

    def _reader(self, probe: TargetProbe, opname: str) -> Reader:
        occurrence = probe.occurrence
        return path_reader(
            self._code,
            occurrence.path,
            access=self._access,
            run_code=probe.config.run_code,
            opname=opname,
            opnames=self._map.reads_within(occurrence.span) if occurrence.path.steps else {},
        )

    def _throttled(
        self,
        probe: TargetProbe,
        take: Callable[..., object],
        *,
        schedule: Schedule | None = None,
    ) -> Callable[..., object]:
        return throttled(
            probe,
            take,
            self._code,
            budget=self._budget,
            schedule=schedule or self._schedule,
            disable=self._disable,
        )

    def _taker(self, probe: TargetProbe, opname: str, sites: list[Site]) -> Handler:
        store = self._store(probe)
        path = probe.occurrence.path
        changing = probe.config.throttle_strategy is ThrottleStrategy.CHANGE_DETECT
        read = self._reader(probe, opname)
        name = intern(path.root)  # found by identity then, as the interpreter's own are
        if path.steps or changing or opname.endswith("_GLOBAL"):
            return reader_taker(probe, read, gate=self._gate, store=store)
        if opname.endswith("_NAME") and self._access is FastAccess.UNDISTURBED:
            return reader_taker(probe, read, gate=self._gate, store=store)
        if opname.endswith("_NAME"):
            return module_taker(
                probe, name, read, gate=self._gate, extend=self._extend, store=store
            )
        if not is_plain(self._code, name):
            return reader_taker(probe, read, gate=self._gate, store=store)
        return self._local_taker(probe, name, read, sites)

    def _local_taker(
        self, probe: TargetProbe, name: str, read: Reader, sites: list[Site]
    ) -> Handler:
        gate, extend, store = self._gate, self._extend, self._store(probe)
        if self._access is FastAccess.SNAPSHOT:
            return snapshot_taker(probe, name, gate=gate, extend=extend, store=store)
        slot = lone_slot(self._code, name) if self._access is FastAccess.SLOT else None
        if slot is not None:
            take = slot_taker(probe, slot, gate=gate, extend=extend, store=store)
        elif self._access is FastAccess.DIRECT:
            take = namespace_taker(probe, name, gate=gate, extend=extend, store=store)
        else:
            return reader_taker(probe, read, gate=gate, store=store)
        self._lone_takes[take] = LoneTake(probe, name, gate, extend, store, slot)
        is_timed = probe.config.throttle_strategy is ThrottleStrategy.TIME_BASED
        if not (self._looks and is_timed and len(sites) == 1):
            return take
        find = partial(waiting_offset, self._map, sites[0], name)
        hit = WaitingHit(probe, self._code, name, slot, find, gate=gate, extend=extend)
        self._waiting_hits.append((sites[0], hit))
        return hit.noted(take)


def _rank(ranked: tuple[tuple[int, int], Handler]) -> tuple[int, int]:
    return ranked[0]


def _never(code: CodeType, due_ns: int) -> None:
    """A trigger hears every hit, so nothing of its probe is ever to be re-armed."""
