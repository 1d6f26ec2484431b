"""DataBreakpoints: stop where a variable, an attribute or an element changes."""

from _thread import RLock
from collections.abc import Callable
from dataclasses import dataclass, field
from types import CodeType, FrameType

from pyprobe.analysis.occurrence import Occurrence, OccurrenceKind, Path, StepKind
from pyprobe.analysis.qualnames import canonical_qualname
from pyprobe.core.code_map import CodeMap
from pyprobe.core.code_registry import PROCESS_REGISTRY, normalized
from pyprobe.core.debug.breakpoint_actions import BreakpointActions
from pyprobe.core.debug.culprits import Culprits
from pyprobe.core.debug.data_condition import tell_of
from pyprobe.core.debug.data_table import DataTable
from pyprobe.core.debug.data_watch import DataWatch, Tell
from pyprobe.core.debug.in_place import InPlace
from pyprobe.core.debug.records import BreakpointState, StopReason
from pyprobe.core.debug.slot_holders import OneObject
from pyprobe.core.debug.target_breakpoint import TargetBreakpoint
from pyprobe.core.debug.watched_thing import Wanted, WatchedThing
from pyprobe.core.door import Door
from pyprobe.core.engine import Engine
from pyprobe.core.events.base import DATA
from pyprobe.core.frame_reader import fast_access, path_reader
from pyprobe.core.plain_access import PlainAccessError
from pyprobe.errors import PyProbeError
from pyprobe.ipc.messages import SetDataBreakpoint

StoppedFrame = Callable[[], FrameType | None]
IsMine = Callable[[CodeType], bool]
_STORES = (OccurrenceKind.STORE, OccurrenceKind.MEMBER_STORE)


@dataclass(slots=True)
class _Placed:
    """A data breakpoint: what it watches, and the code objects it is armed in."""

    target: TargetBreakpoint
    thing: WatchedThing
    watch: DataWatch
    in_place: InPlace | None
    culprits: Culprits
    codes: dict[int, CodeType] = field(default_factory=dict)
    tells: dict[int, Tell] = field(default_factory=dict)  # by code, which the target holds

    def tell_in(self, code: CodeType) -> Tell:
        """Return what is to be called at a change in frames of ``code``; always the same."""
        tell = self.tells.get(id(code))
        if tell is None:
            tell = self.tells[id(code)] = tell_of(self.target, self.thing, code)
        return tell


class DataBreakpoints:
    """Data breakpoints by id. Methods may be called from any thread."""

    def __init__(
        self,
        engine: Engine,
        actions: BreakpointActions,
        stopped_frame: StoppedFrame,
        is_mine: IsMine = lambda code: True,
    ) -> None:
        self._engine = engine
        self._actions = actions
        self._stopped_frame = stopped_frame
        self._is_mine = is_mine
        self._lock = RLock()
        self._placed: dict[int, _Placed] = {}
        self._copies_locals = engine.source.copies_locals

    def set(self, command: SetDataBreakpoint) -> TargetBreakpoint:
        """Watch what binds, in running frames too. One that has this id is replaced.

        Raises:
            PyProbeError, ValueError: its condition is none, or an occurrence is malformed.
        """
        target = TargetBreakpoint(
            command.breakpoint_id,
            condition=command.condition,
            copies_locals=self._copies_locals,
            gate=self._engine.gate,
        )
        target.act = self._actions.action(command.breakpoint_id, "", StopReason.DATA)
        target.on_end = lambda: self._end(placed)
        placed = self._place(command, target)
        with self._lock:
            self.remove(command.breakpoint_id)
            self._placed[command.breakpoint_id] = placed
            for code in self._engine.all_codes():
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
        if self._placed:
            with self._lock:
                self._place_in(code, list(self._placed.values()))

    def _place(self, command: SetDataBreakpoint, target: TargetBreakpoint) -> _Placed:
        occurrences = [_occurrence(plain) for plain in command.occurrences]
        chosen = Occurrence.from_dict(command.chosen)
        file = normalized(command.file)
        wanted = Wanted(
            file=file,
            chosen=chosen,
            stores=tuple(one for one in occurrences if one.kind in _STORES),
            is_global=command.is_global,
            of_class=command.of_class,
            in_place=command.in_place,
            owner=self._owner(file, command.func, chosen),
        )
        thing = WatchedThing(wanted, copies_locals=self._copies_locals)

        target.detail = thing.limit

        def unreadable(why: str) -> None:
            if target.detail != why:
                target.detail = why
                self._engine.gate.counts_changed()

        watch = DataWatch(command.symbol, unreadable=unreadable)
        culprits = Culprits(PROCESS_REGISTRY.file_of, wanted.file)
        culprits.follow(lambda code: self._is_mine(code) or thing.is_own_file(code))
        in_place = None
        if command.in_place:
            in_place = InPlace(watch, thing.look, culprits)
            watch.refresh = in_place.refresh
        return _Placed(target, thing, watch, in_place, culprits)

    def _owner(self, file: str, func: str, chosen: Occurrence) -> OneObject | None:
        """Return the object whose attribute it is, where a thread stands beside it."""
        frame, steps = self._stopped_frame(), chosen.path.steps
        if frame is None or not steps or steps[-1].kind is not StepKind.ATTRIBUTE:
            return None
        code = frame.f_code
        is_here = canonical_qualname(code.co_qualname) == (func or "<module>")
        if not is_here or PROCESS_REGISTRY.file_of(code) != file:
            return None
        access = fast_access(code, copies_locals=self._copies_locals)
        base = Path(chosen.path.root, steps[:-1])
        try:
            return OneObject(path_reader(code, base, access=access)(frame))
        except (KeyError, PlainAccessError):
            return None

    def _place_in(self, code: CodeType, placed: list[_Placed]) -> None:
        if Door.is_own(code):
            return
        code_map: CodeMap | None = None
        is_new = False
        mine = self._is_mine(code)
        for one in placed:
            is_mine = mine or one.thing.is_own_file(code)
            if one.target.is_over or not one.thing.may_show_in(code, is_mine=is_mine):
                continue
            code_map = code_map or CodeMap(code)
            shows = any(True for _site in one.thing.sites(code_map, is_mine=is_mine))
            if shows or (one.in_place is not None and is_mine):
                one.codes[id(code)] = code
                is_new = True
            if shows or one.thing.is_own_file(code):
                one.target.state = BreakpointState.SET
        if is_new:
            self._arm(code, code_map)
            self._engine.gate.wake()

    def _arm(self, code: CodeType, code_map: CodeMap | None = None) -> None:
        table = DataTable(code_map or CodeMap(code))
        mine = self._is_mine(code)
        for one in self._placed.values():
            if id(code) in one.codes and not one.target.is_over:
                self._add(table, one, mine or one.thing.is_own_file(code))
        sites = table.build()
        if sites:
            self._engine.source.arm(code, sites, layer=DATA)
            self._engine.was_armed(code, DATA)
        else:
            self._engine.source.disarm(code, layer=DATA)
            self._engine.was_disarmed(code, DATA)

    def _add(self, table: DataTable, one: _Placed, is_mine: bool) -> None:
        code, thing, watch = table.map.code, one.thing, one.watch
        tell = one.tell_in(code)
        where = one.culprits.elsewhere(code)
        for site, read in thing.sites(table.map, is_mine=is_mine):
            table.add_site(site, watch, read, tell, where)
        for index, look in thing.meetings(table.map, is_mine=is_mine):
            table.add_look(index, look)
        begins = thing.begins_in(code)
        if begins is not None:
            table.add_entry(watch.at_entry(begins))
        if one.in_place is not None and is_mine:
            table.add_lines(one.in_place, tell)

    def _disarm(self, placed: _Placed) -> None:
        codes, placed.codes = placed.codes, {}
        for code in codes.values():
            self._arm(code)

    def _end(self, placed: _Placed) -> None:
        with self._lock:
            self._disarm(placed)
        self._engine.gate.wake()


def _occurrence(plain: object) -> Occurrence:
    if not isinstance(plain, dict):
        raise PyProbeError("an occurrence is a table")
    return Occurrence.from_dict(plain)
