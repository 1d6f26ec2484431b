"""DataBreakpoints: stop where a variable, an attribute or an element changes."""

from _thread import RLock
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import CodeType, FrameType

from pyprobe.analysis.occurrence import Occurrence, OccurrenceKind, Path, StepKind
from pyprobe.analysis.qualnames import canonical_qualname
from pyprobe.core.code_map import CodeMap
from pyprobe.core.code_registry import normalized
from pyprobe.core.debug.breakpoint_actions import BreakpointActions
from pyprobe.core.debug.data_watch import DataWatch
from pyprobe.core.debug.records import BreakpointState, StopReason
from pyprobe.core.debug.target_breakpoint import Hit, TargetBreakpoint
from pyprobe.core.engine import Engine
from pyprobe.core.events.base import DATA, CodeSites, Handler, StoredSite, ValueHandler
from pyprobe.core.frame_reader import Reader, fast_access, path_reader
from pyprobe.core.plain_access import PlainAccessError
from pyprobe.core.resolver import Phase, Site, owns_scope, resolve
from pyprobe.errors import PyProbeError
from pyprobe.ipc.messages import SetDataBreakpoint

StoppedFrame = Callable[[], FrameType | None]
_STORES = (OccurrenceKind.STORE, OccurrenceKind.MEMBER_STORE)
# At one offset: where a call begins, then what the instruction before has bound, then what follows.
_ENTRY, _AFTER, _BEFORE = -1, 0, 1
_RAISING_STORES = frozenset({"STORE_ATTR", "STORE_SUBSCR", "STORE_SLICE", "STORE_NAME"})


@dataclass(slots=True)
class _Placed:
    """A data breakpoint: what binds it, what names it, and the code objects it is armed in."""

    target: TargetBreakpoint
    file: str
    watch: DataWatch
    stores: list[Occurrence]
    reads: list[Occurrence]
    has_owner: bool
    codes: dict[int, CodeType] = field(default_factory=dict)


class DataBreakpoints:
    """Data breakpoints by id. Methods may be called from any thread."""

    def __init__(
        self, engine: Engine, actions: BreakpointActions, stopped_frame: StoppedFrame
    ) -> None:
        self._engine = engine
        self._actions = actions
        self._stopped_frame = stopped_frame
        self._lock = RLock()
        self._placed: dict[int, _Placed] = {}
        self._copies_locals = engine.source.copies_locals

    def set(self, command: SetDataBreakpoint) -> TargetBreakpoint:
        """Watch what binds, in running frames too. One that has this id is replaced.

        Raises:
            PyProbeError, ValueError: its condition is none, or an occurrence is malformed.
        """
        occurrences = [_occurrence(plain) for plain in command.occurrences]
        target = TargetBreakpoint(
            command.breakpoint_id, condition=command.condition, copies_locals=self._copies_locals
        )
        target.act = self._actions.action(command.breakpoint_id, "", StopReason.DATA)
        target.on_end = lambda: self._end(placed)
        stores = [one for one in occurrences if one.kind in _STORES]
        owner_id = self._owner_id(command.func, command.symbol, stores)
        if not owner_id:  # another base may be another object
            occurrences = [one for one in occurrences if one.symbol == command.symbol]
            stores = [one for one in stores if one.symbol == command.symbol]
        reads = occurrences if command.in_place else []
        placed = _Placed(
            target,
            normalized(command.file),
            DataWatch(command.symbol, owner_id),
            stores,
            reads,
            bool(owner_id),
        )
        with self._lock:
            self.remove(command.breakpoint_id)
            self._placed[command.breakpoint_id] = placed
            for code in self._engine.codes_of(placed.file):
                self._place_in(code, [placed])
        return target

    def remove(self, breakpoint_id: int) -> None:
        """Remove a breakpoint; harmless when there is none."""
        with self._lock:
            placed = self._placed.pop(breakpoint_id, None)
            if placed is not None:
                self._disarm(placed)

    def met(self, code: CodeType, file: str) -> None:
        """Arm a code object that is about to run for the first time."""
        here = [placed for placed in list(self._placed.values()) if placed.file == file]
        if here:
            with self._lock:
                self._place_in(code, here)

    def _owner_id(self, func: str, symbol: str, stores: list[Occurrence]) -> int:
        """Return the id of the object whose attribute it is, where a thread stands beside it."""
        frame = self._stopped_frame()
        own = next((one for one in stores if one.symbol == symbol), None)
        if frame is None or own is None or not _is_attribute(own):
            return 0
        if canonical_qualname(frame.f_code.co_qualname) != (func or "<module>"):
            return 0
        try:
            return id(self._base_reader(frame.f_code, own)(frame))
        except (KeyError, PlainAccessError):
            return 0

    def _place_in(self, code: CodeType, placed: list[_Placed]) -> None:
        first = code.co_firstlineno
        last = max((line for _start, _end, line in code.co_lines() if line), default=0)
        code_map: CodeMap | None = None
        is_new = False
        for one in placed:
            near = [
                occurrence
                for occurrence in (*one.stores, *one.reads)
                if first <= occurrence.line <= last
            ]
            if not near or one.target.is_over:
                continue
            code_map = code_map or CodeMap(code)
            if any(_stands_in(code_map, occurrence) for occurrence in near):
                one.codes[id(code)] = code
                one.target.state = BreakpointState.SET
                is_new = True
        if is_new:
            self._arm(code, code_map)
            self._engine.gate.wake()

    def _arm(self, code: CodeType, code_map: CodeMap | None = None) -> None:
        table = _Table(code_map or CodeMap(code))
        for one in self._placed.values():
            if id(code) in one.codes and not one.target.is_over:
                self._add(table, one)
        sites = table.build()
        if sites:
            self._engine.source.arm(code, sites, layer=DATA)
        else:
            self._engine.source.disarm(code, layer=DATA)

    def _add(self, table: "_Table", one: _Placed) -> None:
        code = table.map.code
        hit, watch = one.target.hit_in(code), one.watch
        for occurrence in one.stores:
            for site in resolve(table.map, occurrence):
                if site.phase is not Phase.AFTER:
                    continue
                opname = table.map.instructions[site.position].opname
                read = self._reader(code, occurrence.path, opname)
                base = self._base_reader(code, occurrence) if one.has_owner else None
                table.add_store(site, watch, read, base, hit)
        naming = next((each for each in one.reads if owns_scope(code, each)), None)
        if naming is not None:
            read = self._reader(code, naming.path)
            base = self._base_reader(code, naming) if one.has_owner else None
            table.add_lines(watch.at_line(read, base, hit))
            if naming.path.root in _parameters(code) and not naming.path.steps:
                table.add_entry(watch.at_entry(read))

    def _reader(self, code: CodeType, path: Path, opname: str = "") -> Reader:
        access = fast_access(code, copies_locals=self._copies_locals)
        return path_reader(code, path, access=access, opname=opname)

    def _base_reader(self, code: CodeType, occurrence: Occurrence) -> Reader:
        path = occurrence.path
        return self._reader(code, Path(path.root, path.steps[:-1]))

    def _disarm(self, placed: _Placed) -> None:
        codes, placed.codes = placed.codes, {}
        for code in codes.values():
            self._arm(code)

    def _end(self, placed: _Placed) -> None:
        with self._lock:
            self._disarm(placed)
        self._engine.gate.wake()


class _Table:
    """Puts the handlers of one code object together."""

    def __init__(self, code_map: CodeMap) -> None:
        self.map = code_map
        self._before: dict[int, list[tuple[int, Handler]]] = {}
        self._lines: list[Handler] = []
        self._unwinds: list[Handler] = []

    def add_store(
        self, site: Site, watch: DataWatch, read: Reader, base: Reader | None, hit: Hit
    ) -> None:
        """Look before and after one instruction that binds."""
        store = self.map.instructions[site.position]
        following = self.map.following(site.position)
        if following is None:
            return
        line = store.span.line if store.span is not None else 0
        after = watch.after_store(store.offset, line, read, hit)
        self._put(following.offset, _AFTER, after)
        self._put(store.offset, _BEFORE, watch.at_store(store.offset, read, base))
        if store.opname in _RAISING_STORES:
            self._unwinds.append(watch.at_raise)

    def add_lines(self, compare: Handler) -> None:
        """Compare at every line, and where the function is left."""
        self._lines.append(compare)

    def add_entry(self, look: Handler) -> None:
        """Look where a call begins."""
        for index, ins in enumerate(self.map.instructions[:-1]):
            if ins.opname == "RESUME" and ins.arg & 3 == 0:
                self._put(self.map.instructions[index + 1].offset, _ENTRY, look)
                return

    def build(self) -> CodeSites:
        """Return the finished tables."""
        every_line = _all_of(self._lines) if self._lines else None
        return CodeSites(
            before={
                offset: _all_of([handler for _rank, handler in sorted(ranked, key=_rank)])
                for offset, ranked in self._before.items()
            },
            stored={
                offset: _stored(ranked)
                for offset, ranked in self._before.items()
                if any(rank <= _AFTER for rank, _handler in ranked)
            },
            every_line=every_line,
            every_return=_leaving(self._lines) if self._lines else None,
            unwind=_all_of(self._unwinds) if self._unwinds else None,
        )

    def _put(self, offset: int, rank: int, handler: Handler) -> None:
        self._before.setdefault(offset, []).append((rank, handler))


def _stored(ranked: list[tuple[int, Handler]]) -> StoredSite:
    """Part what is due to the store before from all else: line events come before all of it."""
    rest = [handler for rank, handler in ranked if rank > _AFTER]
    stored = [handler for rank, handler in sorted(ranked, key=_rank) if rank <= _AFTER]
    return StoredSite(_all_of(stored), _all_of(rest) if rest else None)


def _rank(ranked: tuple[int, Handler]) -> int:
    return ranked[0]


def _all_of(handlers: list[Handler]) -> Handler:
    if len(handlers) == 1:
        return handlers[0]

    def call_all(frame: FrameType) -> object:
        for handler in handlers:
            handler(frame)
        return None

    return call_all


def _leaving(handlers: list[Handler]) -> ValueHandler:
    def leave(frame: FrameType, value: object) -> object:
        for handler in handlers:
            handler(frame)
        return None

    return leave


def _stands_in(code_map: CodeMap, occurrence: Occurrence) -> bool:
    if occurrence.kind in _STORES and resolve(code_map, occurrence):
        return True
    return owns_scope(code_map.code, occurrence)


def _is_attribute(occurrence: Occurrence) -> bool:
    steps = occurrence.path.steps
    return bool(steps) and steps[-1].kind is StepKind.ATTRIBUTE


def _parameters(code: CodeType) -> Iterable[str]:
    count = code.co_argcount + code.co_kwonlyargcount
    count += bool(code.co_flags & 0x04) + bool(code.co_flags & 0x08)  # *args, **kwargs
    return code.co_varnames[:count]


def _occurrence(plain: object) -> Occurrence:
    if not isinstance(plain, dict):
        raise PyProbeError("an occurrence is a table")
    return Occurrence.from_dict(plain)
