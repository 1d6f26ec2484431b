"""OwnWatches: the conditions and monitors that a program has set in its own process."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from pyprobe.conditions import parse
from pyprobe.core.engine import Engine
from pyprobe.core.handles import Handle, When
from pyprobe.core.named_members import member_named
from pyprobe.core.trigger_watch import Watch, WatchAction
from pyprobe.errors import PyProbeError

MonitorCallback = Callable[[Any], object]


@dataclass(slots=True)
class OwnWatch:
    """One condition; its snapshots are called ``label``."""

    watch: Watch
    label: str
    is_on: bool = True


@dataclass(slots=True)
class _Monitor:
    tag: str
    callback: MonitorCallback
    is_on: bool = True
    has_failed: bool = False


class OwnWatches:
    """``set_watch`` and ``remove_watch`` are the engine's, while there is one.

    Ids are counted from ``first_id``. ``failed`` is told once of each callback that raises, with
    its tag and what it raised; ``listens`` whether there are monitors, when that changes.
    """

    def __init__(
        self,
        *,
        first_id: int,
        failed: Callable[[str, Exception], None],
        listens: Callable[[bool], None] = lambda any_monitors: None,
    ) -> None:
        self._ids = count(first_id)
        self._failed = failed
        self._listens = listens
        self._engine: Engine | None = None
        self.watches: dict[int, OwnWatch] = {}
        self.labels: dict[int, str] = {}  # also of removed ones
        self._monitors: dict[int, _Monitor] = {}

    def begin(self, engine: Engine) -> None:
        """Have an engine ask all conditions that are on."""
        self._engine = engine
        for watch_id, one in self.watches.items():
            if one.is_on:
                engine.set_watch(watch_id, one.watch)

    def end(self) -> None:
        """The engine is no more; what is set stays."""
        self._engine = None

    def when(
        self,
        condition: str,
        probe_id: int = 0,
        *,
        announce: Callable[[int, OwnWatch], None] = lambda watch_id, one: None,
    ) -> When:
        """Return what makes watches of a condition, asked at the hits of one probe or, 0, of all.

        ``announce`` is told each before it is asked.

        Raises:
            ConditionSyntaxError: the text is no condition.
        """
        parse(condition)

        def make(action: str, label: str) -> Handle:
            wanted = member_named(WatchAction, action)
            if wanted is WatchAction.SNAPSHOT and not label:
                raise PyProbeError("a snapshot needs a label")
            watch_id = next(self._ids)
            one = OwnWatch(Watch(condition, wanted, probe_id), label)
            self.watches[watch_id], self.labels[watch_id] = one, label
            announce(watch_id, one)
            if self._engine is not None:
                self._engine.set_watch(watch_id, one.watch)
            return Handle(self, watch_id)

        return When(make)

    def monitor(self, tag: str, callback: MonitorCallback) -> Handle:
        """Call back with each capture of the probes of a name."""
        handle_id = next(self._ids)
        self._monitors[handle_id] = _Monitor(tag, callback)
        if len(self._monitors) == 1:
            self._listens(True)
        return Handle(self, handle_id)

    def captured(self, tag: str, make: Callable[[], object]) -> None:
        """Tell the monitors of a name; ``make`` returns what they are called with."""
        for monitor in list(self._monitors.values()):
            if monitor.is_on and monitor.tag == tag:
                try:
                    monitor.callback(make())
                except Exception as error:  # noqa: BLE001 - a callback may raise anything
                    if not monitor.has_failed:
                        monitor.has_failed = True
                        self._failed(tag, error)

    # What handles ask for

    def switch(self, handle_id: int, *, on: bool) -> None:
        """Enable or disable; harmless where nothing changes."""
        monitor, one = self._monitors.get(handle_id), self.watches.get(handle_id)
        if monitor is not None:
            monitor.is_on = on
        if one is not None and one.is_on is not on:
            one.is_on = on
            self._tell(handle_id, one if on else None)

    def remove(self, handle_id: int) -> None:
        """Forget a watch or monitor; harmless when it is gone."""
        if self._monitors.pop(handle_id, None) is not None and not self._monitors:
            self._listens(False)
        if self.watches.pop(handle_id, None) is not None:
            self._tell(handle_id, None)

    def is_on(self, handle_id: int) -> bool:
        """Whether it is there and not disabled."""
        found = self._monitors.get(handle_id) or self.watches.get(handle_id)
        return found is not None and found.is_on

    def problem(self, handle_id: int) -> str:
        """Return why a condition is asked no more; ``""`` where all is well."""
        watches = self._engine.watching.watches if self._engine is not None else {}
        watch = watches.get(handle_id)
        return watch.failure if watch is not None else ""

    def _tell(self, watch_id: int, one: OwnWatch | None) -> None:
        if self._engine is None:
            return
        if one is None:
            self._engine.remove_watch(watch_id)
        else:
            self._engine.set_watch(watch_id, one.watch)
