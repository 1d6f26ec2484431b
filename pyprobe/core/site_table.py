"""SiteTable: assembles the handlers of all probes that stand in one code object."""

from collections.abc import Callable
from types import CodeType

from pyprobe.core.budget import Budget
from pyprobe.core.code_map import CodeMap, Instruction
from pyprobe.core.events.base import CodeSites, Handler
from pyprobe.core.frame_reader import (
    FastAccess,
    fast_access,
    path_reader,
)
from pyprobe.core.gate import Gate
from pyprobe.core.handlers import (
    Extend,
    Notes,
    Schedule,
    both,
    module_taker,
    namespace_taker,
    reader_taker,
    snapshot_taker,
    throttled,
    value_taker,
)
from pyprobe.core.recorder import Recorder
from pyprobe.core.resolver import Phase, Site, resolve
from pyprobe.core.target_probe import TargetProbe
from pyprobe.core.throttle import ThrottleStrategy

# Stores that can raise; a note of one must be taken back then.
_RAISING_STORES = frozenset({"STORE_ATTR", "STORE_SUBSCR", "STORE_SLICE", "STORE_NAME"})

# Instructions at which the interpreter tells no INSTRUCTION event.
_SILENT = frozenset({"RESUME", "END_FOR", "CACHE", "RETURN_GENERATOR", "MAKE_CELL"})

# At one offset: first what the instruction before it has stored, then entry, then reads.
_RANK = {Phase.AFTER: 0, Phase.ENTRY: 1, Phase.BEFORE: 2}


class SiteTable:
    """Collects handlers per offset; ``build`` puts them in the order of execution."""

    def __init__(
        self,
        code: CodeType,
        *,
        recorder: Recorder,
        extend: Extend,
        gate: Gate,
        budget: Budget,
        schedule: Schedule,
        disable: object,
        copies_locals: bool,
    ) -> None:
        self._access = fast_access(code, copies_locals=copies_locals)
        self.notes: list[Notes] = []
        self._code = code
        self._map = CodeMap(code)
        self._recorder = recorder
        self._extend = extend
        self._gate = gate
        self._budget = budget
        self._schedule = schedule
        self._disable = disable
        self._before: dict[int, list[tuple[tuple[int, int], Handler]]] = {}
        self._leaves: dict[Phase, dict[int, list[Callable[..., object]]]] = {
            Phase.RETURN: {},
            Phase.YIELD: {},
        }
        self._entries: list[Handler] = []
        self._unwinds: list[Handler] = []

    def add(self, probe: TargetProbe) -> None:
        """Add the sites of one probe."""
        sites = resolve(self._map, probe.occurrence)
        if not sites:
            return
        if sites[0].phase in self._leaves:
            self._add_leaves(probe, sites)
            return
        handler = self._throttled(
            probe, self._taker(probe, self._map.instructions[sites[0].position].opname)
        )
        for site in sites:
            if site.phase is Phase.ENTRY:
                self._add_entry(handler)
            elif site.phase is Phase.AFTER:
                self._add_after(site, handler)
            else:
                offset = self._map.instructions[site.position].offset
                self._put(offset, (_RANK[Phase.BEFORE], site.order), handler)

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
        return CodeSites(
            before=before,
            returns=leaves[Phase.RETURN],
            yields=leaves[Phase.YIELD],
            entry=both(self._entries, self._disable) if self._entries else None,
            unwind=both(self._unwinds, self._disable) if self._unwinds else None,
        )

    def _put(self, offset: int, rank: tuple[int, int], handler: Handler) -> None:
        self._before.setdefault(offset, []).append((rank, handler))

    def _add_leaves(self, probe: TargetProbe, sites: list[Site]) -> None:
        store = self._store(probe)
        handler = self._throttled(probe, value_taker(probe, gate=self._gate, store=store))
        for site in sites:
            offset = self._map.instructions[site.position].op_offset
            self._leaves[site.phase].setdefault(offset, []).append(handler)

    def _add_entry(self, handler: Handler) -> None:
        first = self._first_instruction()
        if first is None or first.offset in self._map.jump_targets or first.opname in _SILENT:
            self._entries.append(handler)
        else:
            self._put(first.offset, (_RANK[Phase.ENTRY], len(self._before)), handler)

    def _first_instruction(self) -> Instruction | None:
        for index, ins in enumerate(self._map.instructions):
            if ins.opname == "RESUME" and ins.arg & 3 == 0:
                return self._map.following(index)
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

    def _throttled(self, probe: TargetProbe, take: Callable[..., object]) -> Callable[..., object]:
        return throttled(
            probe,
            take,
            self._code,
            budget=self._budget,
            schedule=self._schedule,
            disable=self._disable,
        )

    def _taker(self, probe: TargetProbe, opname: str) -> Handler:
        store = self._store(probe)
        path = probe.occurrence.path
        changing = probe.config.throttle_strategy is ThrottleStrategy.CHANGE_DETECT
        read = path_reader(
            self._code,
            path,
            access=self._access,
            run_code=probe.config.run_code,
            opname=opname,
        )
        name = path.root
        if path.steps or changing or opname.endswith("_GLOBAL"):
            return reader_taker(probe, read, gate=self._gate, store=store)
        if opname.endswith("_NAME"):
            return module_taker(
                probe, name, read, gate=self._gate, extend=self._extend, store=store
            )
        if name not in self._map.fast_names or self._access is FastAccess.GET_VAR:
            return reader_taker(probe, read, gate=self._gate, store=store)
        if self._access is FastAccess.DIRECT:
            return namespace_taker(probe, name, gate=self._gate, extend=self._extend, store=store)
        return snapshot_taker(probe, name, gate=self._gate, extend=self._extend, store=store)


def _rank(ranked: tuple[tuple[int, int], Handler]) -> tuple[int, int]:
    return ranked[0]
