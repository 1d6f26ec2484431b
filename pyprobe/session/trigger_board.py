"""TriggerBoard: a session's watches, monitors and snapshots, over any number of runs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pyprobe.conditions import parse
from pyprobe.core.named_members import member_named
from pyprobe.core.trigger import Trigger, TriggerState
from pyprobe.core.trigger_watch import Watch, WatchAction
from pyprobe.errors import ProtocolError, PyProbeError
from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.messages import ProgramWatch, TriggerNote
from pyprobe.session.history_records import Capture
from pyprobe.session.model import SessionModel
from pyprobe.session.monitor import Handle, MonitorCallback, When, captures_of
from pyprobe.session.probe import Probe
from pyprobe.session.snapshots import SnapshotStore
from pyprobe.session.trigger_reading import TriggerReading, read_note
from pyprobe.session.values import Value

if TYPE_CHECKING:
    from pyprobe.session.recording import Recorder


@dataclass(slots=True)
class BoardWatch:
    """A watch as the session keeps it. ``is_programs``: the program has set it itself."""

    id: int
    watch: Watch
    label: str
    is_on: bool = True
    reading: TriggerReading | None = None
    is_programs: bool = False

    def note_in(self, recorder: "Recorder") -> None:
        """Have a recording say what its snapshots' ids mean."""
        watch = self.watch
        recorder.add_watch(self.id, watch.condition, watch.action.value, self.label)


@dataclass(slots=True)
class _Monitor:
    tag: str
    callback: MonitorCallback
    is_on: bool = True


class TriggerBoard:
    """``new_id`` gives ids that no probe has; ``send`` tells a running target of a watch.

    ``send`` takes a watch that is on, or off or removed.
    """

    def __init__(
        self,
        model: SessionModel,
        *,
        new_id: Callable[[], int],
        send: Callable[[BoardWatch, bool], None],
    ) -> None:
        self._model = model
        self._new_id = new_id
        self._send = send
        self._watches: dict[int, BoardWatch] = {}
        self._monitors: dict[int, _Monitor] = {}
        self._named: dict[int, BoardWatch] = {}  # what takes snapshots and is no watch
        self._programs: dict[int, BoardWatch] = {}  # what the program has set itself
        self._labels: dict[int, str] = {}  # also of removed ones: captures may be on their way
        self._waiting: list[Column] = []
        self.snapshots = SnapshotStore()
        self.trigger: Trigger | None = None  # that of all probes which have none of their own
        self.trigger_reading: TriggerReading | None = None

    # What scripts ask for

    def when(self, condition: str, probe_id: int = 0) -> When:
        """Return what makes watches of a condition.

        Raises:
            ConditionSyntaxError: the text is no condition.
        """
        parse(condition)

        def make(action: WatchAction, label: str) -> Handle:
            if action is WatchAction.SNAPSHOT and not label:
                raise PyProbeError("a snapshot needs a label")
            one = BoardWatch(self._new_id(), Watch(condition, action, probe_id), label)
            self._watches[one.id] = one
            self._labels[one.id] = label
            self._send(one, True)
            return Handle(self, one.id)

        return When(make)

    def name_snapshots(self, owner_id: int, label: str, condition: str) -> BoardWatch:
        """Say what the snapshots are called that come under an id which is no watch's."""
        self._labels[owner_id] = label
        watch = Watch(condition, WatchAction.SNAPSHOT)
        one = self._named[owner_id] = BoardWatch(owner_id, watch, label, is_on=False)
        return one

    def program_set(self, message: ProgramWatch) -> BoardWatch:
        """Take over a watch that the program has set itself; the next run may set it again.

        Raises:
            ProtocolError: its action is none.
        """
        try:
            watch = Watch(message.condition, member_named(WatchAction, message.action))
        except PyProbeError as error:
            raise ProtocolError(str(error)) from error
        one = BoardWatch(message.watch_id, watch, message.label, is_programs=True)
        self._programs[one.id] = one
        self._labels[one.id] = one.label
        return one

    def note_in(self, recorder: "Recorder") -> None:
        """Have a recording say what the ids of all snapshots mean."""
        for one in (*self._watches.values(), *self._named.values(), *self._programs.values()):
            one.note_in(recorder)

    def monitor(self, tag: str, callback: MonitorCallback) -> Handle:
        """Call back with each capture of the probes of a name."""
        handle_id = self._new_id()
        self._monitors[handle_id] = _Monitor(tag, callback)
        return Handle(self, handle_id)

    def set_trigger(self, trigger: Trigger | None) -> None:
        """Take over the trigger that probes share which have none of their own.

        Raises:
            ConditionSyntaxError: the condition's text is none.
        """
        if trigger is not None:
            parse(trigger.condition)
        self.trigger, self.trigger_reading = trigger, None

    # What handles ask for

    def switch(self, handle_id: int, *, on: bool) -> None:
        """Enable or disable; harmless where nothing changes."""
        monitor, one = self._monitors.get(handle_id), self._watches.get(handle_id)
        if monitor is not None:
            monitor.is_on = on
        if one is not None and one.is_on is not on:
            one.is_on = on
            self._send(one, on)

    def remove(self, handle_id: int) -> None:
        """Forget a watch or monitor; harmless when it is gone."""
        self._monitors.pop(handle_id, None)
        one = self._watches.pop(handle_id, None)
        if one is not None and one.is_on:
            self._send(one, False)

    def put_back(self, one: BoardWatch) -> None:
        """Ask a removed watch again, under its id; harmless when it is there."""
        if one.id not in self._watches:
            one.reading = None
            self._watches = dict(sorted({**self._watches, one.id: one}.items()))
            if one.is_on:
                self._send(one, True)

    def change(self, watch_id: int, *, condition: str, label: str) -> None:
        """Give a watch another condition and label; harmless where nothing changes.

        Raises:
            PyProbeError: there is no such watch, the text is no condition, or a snapshot would
                have no label.
        """
        one = self._watches.get(watch_id)
        if one is None:
            raise PyProbeError("there is no such condition")
        parse(condition)
        if one.watch.action is WatchAction.SNAPSHOT and not label:
            raise PyProbeError("a snapshot needs a label")
        if (one.watch.condition, one.label) == (condition, label):
            return
        if one.is_on:
            self._send(one, False)
        one.watch, one.label, one.reading = replace(one.watch, condition=condition), label, None
        self._labels[watch_id] = label
        if one.is_on:
            self._send(one, True)

    def is_on(self, handle_id: int) -> bool:
        """Whether it is there and not disabled."""
        monitor, one = self._monitors.get(handle_id), self._watches.get(handle_id)
        return bool(monitor and monitor.is_on) or bool(one and one.is_on)

    def reading(self, handle_id: int) -> TriggerReading | None:
        """Return how a watch fares."""
        one = self._watches.get(handle_id)
        return one.reading if one is not None else None

    # What a run asks and tells

    @property
    def watches(self) -> tuple[BoardWatch, ...]:
        """The watches there are, also those that are off; not what the program has set."""
        return tuple(self._watches.values())

    @property
    def programs_watches(self) -> tuple[BoardWatch, ...]:
        """The conditions that the program has set itself, by ``pyprobe.when``."""
        return tuple(self._programs.values())

    def wanted(self) -> Iterator[BoardWatch]:
        """Yield the watches a run begins with; those of its program are still to come."""
        self._programs.clear()
        self.trigger_reading = None
        for one in self._watches.values():
            one.reading = None
            if one.is_on:
                yield one

    def captured(self, probe: Probe, column: Column) -> None:
        """Let the monitors of a probe's name hear its captures."""
        for monitor in list(self._monitors.values()):
            if monitor.tag != probe.anchor.symbol:
                continue
            for capture in captures_of(column):
                if monitor.is_on:
                    self._call(monitor, capture)

    def _call(self, monitor: _Monitor, capture: Capture[Value]) -> None:
        try:
            monitor.callback(capture)
        except Exception as error:  # noqa: BLE001 - a script's callback may raise anything
            self._model.note(
                f"The callback that monitors {monitor.tag} raised {type(error).__name__}: {error}"
            )

    def hold(self, column: Column) -> None:
        """Take a column that is no probe's until all that came with it is stored."""
        if column.probe_id in self._labels:
            self._waiting.append(column)

    def settle(self) -> None:
        """Make snapshots of what was held."""
        held, self._waiting = self._waiting, []
        for column in held:
            label = self._labels[column.probe_id]
            self.snapshots.add_column(label, column, self._model.probes.values())

    def note_came(self, note: TriggerNote) -> None:
        """Take over how a watch fares, or the trigger that probes share."""
        if not note.owner_id:
            self._trigger_came(read_note(note))
            return
        one = self._watches.get(note.owner_id) or self._programs.get(note.owner_id)
        if one is None:
            return
        one.reading = read_note(note)
        if one.reading.state is TriggerState.OFF:
            condition, why = one.watch.condition, one.reading.detail
            self._model.note(f"The condition `{condition}` is switched off: {why}.")

    def _trigger_came(self, reading: TriggerReading) -> None:
        if self.trigger is not None:
            self.trigger_reading = reading
            if reading.state is TriggerState.OFF:
                why = reading.detail
                self._model.note(f"The trigger of all probes is switched off: {why}.")
