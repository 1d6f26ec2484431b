"""DataTable: puts the handlers of all data breakpoints in one code object together."""

from types import FrameType

from pyprobe.core.code_map import CodeMap
from pyprobe.core.debug.data_watch import DataWatch, ReadSlot, Tell
from pyprobe.core.debug.in_place import InPlace
from pyprobe.core.debug.slot_sites import SlotSite, is_augmented
from pyprobe.core.events.base import CodeSites, Handler, StoredSite, ValueHandler

# At one offset: where a call begins, then what the instruction before has bound, then what follows.
_ENTRY, _AFTER, _BEFORE = -1, 0, 1
_BETWEEN = ("SWAP", "COPY")


class DataTable:
    """``map`` is the code object's."""

    def __init__(self, code_map: CodeMap) -> None:
        self.map = code_map
        self._before: dict[int, list[tuple[int, Handler]]] = {}
        self._lines: list[Handler] = []
        self._leaves: list[ValueHandler] = []
        self._yields: list[ValueHandler] = []
        self._unwinds: list[Handler] = []

    def add_site(
        self, site: SlotSite, watch: DataWatch, read: ReadSlot, tell: Tell, where: str
    ) -> None:
        """Look before and after one instruction. ``where``: ``of other.py``, or nothing."""
        store = self.map.instructions[site.position]
        following = self.map.following(self._last_half(site.position))
        if following is None:
            return
        line = store.span.line if store.span is not None else 0
        what = f"{site.verb} in line {line}{where}"
        after = watch.after_store(site, what, read, tell, is_call=site.is_call)
        augmented = self._is_augmented(site.position)
        before = watch.at_store(site, store.offset, site.select, read, augmented=augmented)
        self._put(following.offset, _AFTER, after)
        self._put(store.offset, _BEFORE, before)
        if site.may_raise:
            self._unwinds.append(watch.forget)
            for offset in self.map.handler_offsets(store.op_offset):
                self._put(offset, _ENTRY, watch.forget)

    def add_look(self, index: int, look: Handler) -> None:
        """Look at what an instruction is about to work on."""
        self._put(self.map.instructions[index].offset, _BEFORE, look)

    def add_lines(self, in_place: InPlace, tell: Tell) -> None:
        """Compare at every line, and where the function is left."""
        self._lines.append(in_place.at_line(tell))
        leave = in_place.at_leave(tell)
        self._leaves.append(leave)
        self._unwinds.append(lambda frame: leave(frame, None))
        self._yields.append(leave)
        for index, ins in enumerate(self.map.instructions[:-1]):
            if ins.opname == "RESUME" and ins.arg & 3 != 0:  # a generator is gone on with
                self._put(self.map.instructions[index + 1].offset, _ENTRY, self._lines[-1])

    def add_entry(self, look: Handler) -> None:
        """Look where a call begins."""
        for index, ins in enumerate(self.map.instructions[:-1]):
            if ins.opname == "RESUME" and ins.arg & 3 == 0:
                self._put(self.map.instructions[index + 1].offset, _ENTRY, look)
                return

    def build(self) -> CodeSites:
        """Return the finished tables."""
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
            every_line=_all_of(self._lines) if self._lines else None,
            every_return=_leaving(self._leaves) if self._leaves else None,
            every_yield=_leaving(self._yields) if self._yields else None,
            unwind=_all_of(self._unwinds) if self._unwinds else None,
        )

    def _put(self, offset: int, rank: int, handler: Handler) -> None:
        self._before.setdefault(offset, []).append((rank, handler))

    def _last_half(self, index: int) -> int:
        """On 3.11 a call is two instructions."""
        return index + 1 if self.map.instructions[index].opname == "PRECALL" else index

    def _is_augmented(self, index: int) -> bool:
        instructions = self.map.instructions
        index -= 1
        while index > 0 and instructions[index].opname in _BETWEEN:
            index -= 1
        return is_augmented(instructions[max(index, 0)])


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


def _leaving(handlers: list[ValueHandler]) -> ValueHandler:
    def leave(frame: FrameType, value: object) -> object:
        for handler in handlers:
            handler(frame, value)
        return None

    return leave
