"""Recorder: turns a value into something that can leave the program, and appends the capture."""

from _thread import get_ident
from array import array
from collections.abc import Callable
from time import perf_counter_ns

from pyprobe.core.budget import Budget
from pyprobe.core.capture_log import Extend
from pyprobe.core.gate import Gate
from pyprobe.core.slots_in_hand import SlotsInHand
from pyprobe.core.target_probe import TargetProbe
from pyprobe.core.throttle import ThrottleStrategy
from pyprobe.ipc.packed import NO_ROOM, PackedArray, PackedText, PackedTree

# Packs one value; answers NO_ROOM when the shared-memory ring is full.
Pack = Callable[[object], object]

_INT64 = range(-(2**63), 2**63)


class Recorder:
    """Stores values of any kind; ``pack`` copies or summarises what is not an immutable number.

    ``pack_to_keep`` does so for what is compared with the next one, and ``share`` moves what is
    large of that into the ring, once it is to be sent.
    """

    def __init__(
        self,
        *,
        extend: Extend,
        pack: Pack,
        gate: Gate,
        budget: Budget,
        pack_to_keep: Pack | None = None,
        share: Pack | None = None,
        in_hand: SlotsInHand | None = None,
    ) -> None:
        self._extend = extend
        self._pack = pack
        self._pack_to_keep = pack_to_keep or pack
        self._share = share
        self._in_hand = in_hand
        self._gate = gate
        self._budget = budget

    def store(self, probe: TargetProbe, value: object) -> bool:
        """Append a capture of ``value``; False when there was no room for it."""
        kind = type(value)
        if kind is not float:
            probe.has_others = True  # before it is appended
        if (kind is int and value in _INT64) or _is_atom(kind):
            self._extend((probe.probe_id, perf_counter_ns(), get_ident(), value))
            return True
        return self._store_packed(probe, value, self._pack)

    def store_changed(self, probe: TargetProbe, value: object) -> bool:
        """Append a capture unless ``value`` equals the probe's last one, within its tolerance."""
        kind, began_ns = type(value), perf_counter_ns()
        packed = value if _is_atom(kind) or kind is int else self._pack_to_keep(value)
        if probe.hits and _same(probe.last, packed, probe.config.throttle_param):
            if packed is not value:
                self._budget.spend(perf_counter_ns() - began_ns)
            return False
        if packed is value:
            stored = self.store(probe, value)
        else:
            stored = self._store_packed(probe, packed, self._share)
        if not stored:
            return False
        probe.hits += 1  # not before: what lacks room on the stack is done again
        probe.last = packed
        return True

    def _store_packed(self, probe: TargetProbe, value: object, pack: Pack | None) -> bool:
        began_ns = perf_counter_ns()
        in_hand = self._in_hand
        mark = None if in_hand is None else in_hand.mark()
        may_be_logged = False
        try:
            packed = value if pack is None else self._pack_waiting(value, pack)
            if packed is NO_ROOM:
                probe.dropped += 1
                return False
            probe.has_others = True
            entry = (probe.probe_id, began_ns, get_ident(), packed)
            # No signal handler comes in between these two.
            may_be_logged = True
            self._extend(entry)
            self._count_waiting(packed)
        except BaseException:
            if in_hand is not None and mark is not None:
                in_hand.give_back(mark, may_be_logged=may_be_logged)
            raise
        if probe.config.throttle_strategy is not ThrottleStrategy.AUTO:
            self._budget.spend(perf_counter_ns() - began_ns)
        return True

    def _count_waiting(self, packed: object) -> None:
        if isinstance(packed, PackedArray):
            if packed.slot:
                self._gate.add_bytes(packed.slot[1], in_ring=True)
            else:
                self._gate.add_bytes(len(packed.data), in_ring=False)
        elif isinstance(packed, PackedTree):
            self._gate.add_bytes(packed.inline_bytes, in_ring=False)
            for _position, size in packed.slots:
                self._gate.add_bytes(size, in_ring=True)

    def _pack_waiting(self, value: object, pack: Pack) -> object:
        """Pack; a lossless recording waits for room, a live view does without the value."""
        packed = pack(value)
        while packed is NO_ROOM and self._gate.lossless:
            self._gate.hurry()
            self._gate.pause_briefly()
            packed = pack(value)
        return packed


def _is_atom(kind: type) -> bool:
    # By identity: a set would hash the class, which runs code of its metaclass.
    return kind is float or kind is bool or kind is complex


def _same(last: object, packed: object, tolerance: float) -> bool:
    if type(last) is not type(packed):
        return False
    if isinstance(packed, float | int | complex) and isinstance(last, float | int | complex):
        if packed == last or (packed != packed and last != last):
            return True
        return abs(packed - last) <= tolerance if tolerance else False
    return _content(last) == _content(packed)


def _content(packed: object) -> object:
    if isinstance(packed, PackedTree):
        # NaN as its bytes, which are equal to themselves.
        numbers = array("d", packed.floats).tobytes()
        return packed.form, numbers, packed.ints, packed.texts, packed.data
    return packed.record if isinstance(packed, PackedArray | PackedText) else packed
