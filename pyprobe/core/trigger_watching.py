"""Watching: the watches of an engine, and the handlers that ask them at the hits of probes.

Where there is no watch, no handler knows of this.
"""

from _thread import get_ident
from collections.abc import Callable
from time import perf_counter_ns
from types import CodeType, FrameType
from typing import TYPE_CHECKING

from pyprobe.core.budget import Budget
from pyprobe.core.capture_log import Extend
from pyprobe.core.gate import Gate
from pyprobe.core.recorder import Pack
from pyprobe.core.snapshot import PLACE, snapshot_record
from pyprobe.core.trigger_access import FrameAccess
from pyprobe.ipc.packed import PackedTree

if TYPE_CHECKING:
    from pyprobe.core.trigger_watch import TargetWatch, Watch

Taker = Callable[..., object]


class Watching:
    """``pack`` packs a snapshot, small and without shared memory; ``pause`` is told the condition
    that is to stop the calling thread, ``halt`` then does it where the thread is.

    ``is_over``: a STOP watch has ended capturing. ``on_snapshot`` is told each snapshot of a watch:
    its id and time, what was captured and the place.
    """

    def __init__(self, *, extend: Extend, pack: Pack, gate: Gate, budget: Budget) -> None:
        self._extend = extend
        self._pack = pack
        self._gate = gate
        self._budget = budget
        self._has_started = False
        self.watches: dict[int, TargetWatch] = {}
        self.pause: Callable[[str], None] = lambda condition: None
        self.halt: Callable[[FrameType], None] = lambda frame: None
        self.on_snapshot: Callable[[int, int, object, str], None] | None = None
        self.copies_locals = False
        self.is_over = False

    def set(self, watch_id: int, config: "Watch") -> None:
        """Ask a condition from now on; the code objects have to be armed anew.

        Raises:
            ConditionSyntaxError: its text is none.
        """
        from pyprobe.core.trigger_watch import TargetWatch  # only where there are some

        self.watches[watch_id] = TargetWatch(watch_id, config, self._act)

    def remove(self, watch_id: int) -> bool:
        """Ask it no more; False if it was not asked."""
        return self.watches.pop(watch_id, None) is not None

    def around(self, probe_id: int, handler: Taker, code: CodeType, disable: object) -> Taker:
        """Wrap a probe's handler so that it asks the watches at each hit, if there are any."""
        if not self.watches and not self.is_over:
            return handler
        from pyprobe.core.trigger_watch import WatchAction

        watches = [
            watch for watch in list(self.watches.values()) if watch.config.probe_id in (0, probe_id)
        ]
        waits = any(watch.config.action is WatchAction.START for watch in self.watches.values())
        if not watches and not waits and not self.is_over:
            return handler
        starting = [watch for watch in watches if watch.config.action is WatchAction.START]
        before = self._askers(starting, code)
        after = self._askers([watch for watch in watches if watch not in starting], code)
        budget = self._budget
        pauses = any(watch.config.action is WatchAction.PAUSE for watch in watches)

        def watching(frame: FrameType, *value: object) -> object:
            if self.is_over:
                return disable
            for ask in before:
                ask(frame)
            if not waits or self._has_started:
                handler(frame, *value)
            began_ns = perf_counter_ns()
            for ask in after:
                ask(frame)
            budget.spend(perf_counter_ns() - began_ns)
            if pauses:
                self.halt(frame)  # after the bill: this time is not probing's
            return None  # a condition hears every hit, whatever the throttle has answered

        return watching

    def _askers(
        self, watches: "list[TargetWatch]", code: CodeType
    ) -> list[Callable[[FrameType], None]]:
        return [watch.asker(code, copies_locals=self.copies_locals) for watch in watches]

    def _act(self, watch: "TargetWatch", frame: FrameType) -> None:
        from pyprobe.core.trigger_watch import WatchAction

        action = watch.config.action
        if action is WatchAction.SNAPSHOT:
            self.take_snapshot(watch.watch_id, frame)
        elif action is WatchAction.PAUSE:
            self.pause(watch.config.condition)
        elif action is WatchAction.START:
            self._has_started = True
        else:
            self.is_over = True
        self._gate.wake()

    def take_snapshot(self, owner_id: int, frame: FrameType) -> bool:
        """Capture the locals of a frame under an id that is no probe's; False for want of room."""
        gate = self._gate
        if gate.attention and not gate.pass_or_drop():
            return False
        access = FrameAccess(frame.f_code, copies_locals=self.copies_locals)
        record = snapshot_record(frame, access.locals_of(frame))
        packed, t_ns = self._pack(record), perf_counter_ns()
        self._extend((owner_id, t_ns, get_ident(), packed))
        if self.on_snapshot is not None:
            self.on_snapshot(owner_id, t_ns, packed, str(record[PLACE]))
        if isinstance(packed, PackedTree):
            gate.add_bytes(packed.inline_bytes, in_ring=False)
        return True
