"""InProgram: what ``pyprobe.when`` and ``pyprobe.monitor`` inside a program that is watched do.

The program has a pyprobe of its own, perhaps of another version: only plain values, objects that
are asked by their methods' names, and callbacks pass between the two.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from pyprobe.core.capture_log import CaptureLog
from pyprobe.core.engine import Engine
from pyprobe.core.handles import Handle, When
from pyprobe.core.label_history import LabelHistory, TakenSnapshot
from pyprobe.core.own_watches import MonitorCallback, OwnWatch, OwnWatches
from pyprobe.core.trigger_watch import WatchAction
from pyprobe.ipc.messages import Message, Note, ProgramWatch

# Beyond all ids that a front end gives.
FIRST_ID = 1 << 40


@dataclass(frozen=True, slots=True)
class ProgramCapture:
    """One capture, as the program's own monitors get it. ``value`` is its own object, no copy.

    ``timestamp``: in seconds of ``time.perf_counter``.
    """

    name: str
    value: object
    timestamp: float
    source_file: str
    line_number: int
    function_name: str


class InProgram:
    """One for a target, made when the program first asks.

    ``can_stop`` answers whether the front end can let the program go on when it stands.
    """

    def __init__(
        self,
        engine: Engine,
        log: CaptureLog,
        post: Callable[[Message], None],
        can_stop: Callable[[], bool],
    ) -> None:
        self._engine = engine
        self._log = log
        self._post = post
        self._can_stop = can_stop
        self._own = OwnWatches(first_id=FIRST_ID, failed=self._failed, listens=self._listen)
        self._own.begin(engine)
        self.history: LabelHistory[TakenSnapshot] = LabelHistory()
        engine.watching.on_snapshot = self._snapshot_taken

    def when(self, condition: str) -> When:
        """Return what makes watches of a condition, asked at the hits of all probes.

        Raises:
            ConditionSyntaxError: the text is no condition.
        """
        return self._own.when(condition, announce=self._announce)

    def monitor(self, tag: str, callback: MonitorCallback) -> Handle:
        """Call back with each capture of the probes of a name, in the thread and at the hit."""
        return self._own.monitor(tag, callback)

    def _listen(self, any_monitors: bool) -> None:
        self._engine.hear_captures(self._captured if any_monitors else None)

    def _announce(self, watch_id: int, one: OwnWatch) -> None:
        watch = one.watch
        if watch.action is WatchAction.PAUSE and not self._can_stop():
            self._post(
                Note(
                    f"The program asks to be paused when {watch.condition};"
                    " it goes on, as nobody here could let it."
                )
            )
        self._post(ProgramWatch(watch_id, watch.condition, watch.action.value, one.label))

    def _captured(self, probe_id: int, value: object) -> None:
        probe = self._engine.probes.get(probe_id)
        if probe is None:
            return
        anchor = probe.anchor
        self._own.captured(
            anchor.symbol,
            lambda: ProgramCapture(
                anchor.symbol, value, perf_counter(), anchor.file, anchor.line, anchor.func
            ),
        )

    def _snapshot_taken(self, watch_id: int, t_ns: int, packed: object, place: str) -> None:
        label = self._own.labels.get(watch_id)
        if label is not None:
            number = self._log.seq_of(packed)
            self.history.add(TakenSnapshot(label, number, t_ns / 1e9, place))

    def _failed(self, tag: str, error: Exception) -> None:
        raised = type(error).__name__
        self._post(Note(f"The program's callback that monitors {tag} raised {raised}."))
