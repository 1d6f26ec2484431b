"""LoneTake: the callback of code of which a single probe wants every hit of one variable.

Most often this is what is watched in a hot loop. So the callback reads the variable and appends the
capture itself, where otherwise it looks for a handler and calls that: a tenth of a hit.
"""

import sys
from _thread import get_ident
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter_ns
from types import CodeType

from pyprobe.core.capture_log import Extend
from pyprobe.core.door import Door
from pyprobe.core.events.appends import Push, with_appends
from pyprobe.core.events.base import InstructionCallback, LoneSite
from pyprobe.core.events.constants import with_constants
from pyprobe.core.events.entry_check import without_entry_check
from pyprobe.core.events.headroom import Headroom
from pyprobe.core.frame_slots import Slot
from pyprobe.core.gate import Gate
from pyprobe.core.memory_arrays import address_of
from pyprobe.core.target_probe import TargetProbe


@dataclass(frozen=True, slots=True)
class LoneTake:
    """What ``handlers.namespace_taker`` is made of, or ``slot_taker`` where there is a ``slot``."""

    probe: TargetProbe
    name: str
    gate: Gate
    extend: Extend
    store: Callable[[TargetProbe, object], bool]
    slot: Slot | None

    def callback(
        self,
        code: CodeType,
        site: LoneSite,
        otherwise: InstructionCallback,
        door: Door,
        headroom: Headroom,
    ) -> InstructionCallback:
        """See ``LoneTaker``."""
        lone_code, lone_offset, handler = code, site.offset, site.handler
        probe, probe_id, name = self.probe, self.probe.probe_id, self.name
        records, values = self.slot or (None, ())
        gate, store, push = self.gate, self.store, Push(self.extend)
        frame_above, now_ns, this_thread, address = (
            sys._getframe,
            perf_counter_ns,
            get_ident,
            address_of,
        )

        @with_appends
        @with_constants
        @without_entry_check
        def on_instruction(code: CodeType, offset: int) -> object:
            if offset != lone_offset or code is not lone_code:
                return otherwise(code, offset)
            try:
                try:
                    if records is None:
                        value = frame_above(1).f_locals[name]
                    else:
                        value = values[records[address(frame_above(1)) >> 3] >> 3]
                except (KeyError, ValueError):  # it is not bound
                    return None
                if gate.attention and not gate.pass_or_drop():
                    probe.dropped += 1
                elif type(value) is float:
                    push(value, this_thread(), now_ns(), probe_id)
                else:
                    store(probe, value)
            except RecursionError as error:
                if not headroom.usable:
                    door.fault_count += 1
                    return None
                headroom.counter(headroom.record() + headroom.place).value = 1
                return headroom.again(error, handler, frame_above(1))
            except BaseException as error:
                door.answer(error)
            return None

        return on_instruction
