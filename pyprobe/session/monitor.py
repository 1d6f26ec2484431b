"""Monitors and watches as scripts hold them: a handle for each, and the words that make one."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol

import numpy as np

from pyprobe.core.handles import BaseHandle, Switches
from pyprobe.core.trigger_watch import WatchAction
from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import ValueKind
from pyprobe.session.history_records import Capture
from pyprobe.session.tree_value import texts_of
from pyprobe.session.values import ArrayValue, ScalarValue, Value

if TYPE_CHECKING:
    from pyprobe.session.trigger_reading import TriggerReading

MonitorCallback = Callable[[Capture[Value]], object]


class HandleOwner(Switches, Protocol):
    """Who keeps the handles of a session."""

    def reading(self, handle_id: int) -> "TriggerReading | None": ...


class Handle(BaseHandle):
    """A handle of a session, which may outlive its runs."""

    def __init__(self, owner: HandleOwner, handle_id: int) -> None:
        super().__init__(owner, handle_id)
        self._owner = owner

    @property
    def reading(self) -> "TriggerReading | None":
        """How a watch fares in the current or last run; None before the target has told."""
        return self._owner.reading(self.id)


class When:
    """A condition, and what is to happen when it holds. Each method makes one watch of it.

    ``make`` does so for an action and the label of its snapshots.
    """

    def __init__(self, make: Callable[[WatchAction, str], Handle]) -> None:
        self.make = make

    def snapshot(self, label: str) -> Handle:
        """Keep the values of all probes and the locals of the frame that was hit."""
        return self.make(WatchAction.SNAPSHOT, label)

    def pause(self) -> Handle:
        """Halt every thread of the program at its next line."""
        return self.make(WatchAction.PAUSE, "")

    def start(self) -> Handle:
        """Begin to capture; nothing is captured before."""
        return self.make(WatchAction.START, "")

    def stop(self) -> Handle:
        """Capture nothing more in this run; the program goes on."""
        return self.make(WatchAction.STOP, "")


def captures_of(column: Column) -> Iterator[Capture[Value]]:
    """Yield the captures of a column, with arrays of their own."""
    for index in range(column.count):
        when = int(column.seq[index]), int(column.t_ns[index]), int(column.thread[index])
        yield Capture(*when, _value(column, index))


def _value(column: Column, index: int) -> Value:
    if column.kind is ValueKind.ARRAY:
        raw = column.arrays[index]
        array = np.array(raw.array)
        return ArrayValue(array, raw.type, tuple(raw.full_shape), raw.reduced)
    if column.kind in (ValueKind.TEXT, ValueKind.TREE):
        return texts_of(column.part(index, index + 1))[0]
    return ScalarValue(column.values[index].item(), column.kind, column.dtype)
