"""LiveCompare: lays a recording over the run that goes on, and says where the run parts from it."""

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer

from pyprobe.errors import RecordingError
from pyprobe.gui.messages import Action, Level
from pyprobe.session.comparison_pairs import ProbePair, pair_probes
from pyprobe.session.comparison_traces import DifferenceTrace, OtherTrace
from pyprobe.session.ending import Ending
from pyprobe.session.listener import SessionListener
from pyprobe.session.live_comparison import LiveComparison, LivePair
from pyprobe.session.probe import Probe
from pyprobe.session.recorded_session import RecordedSession
from pyprobe.session.recording_info import RecordedProbe, RecordingInfo
from pyprobe.session.recording_reader import RecordingReader

if TYPE_CHECKING:
    from pyprobe.gui.window_base import WindowBase
    from pyprobe.session.history import History

KEY = "comparison"
_TICK_MS = 30
_WORK_MS = 8.0
_MOST_DIFFERENCES = 8


class LiveCompare(QObject):
    """One comparison at a time. It goes on from run to run, each compared from its beginning."""

    def __init__(self, window: "WindowBase") -> None:
        super().__init__(window)
        self._window = window
        self._other: RecordedSession | None = None
        self._pairs: list[ProbePair] = []
        self._comparison = LiveComparison({})
        self._others: dict[int, OtherTrace] = {}
        self._differences: dict[int, DifferenceTrace] = {}
        self._told: LivePair | None = None
        self._known: dict[int, Probe] = {}
        self._listener = _Listener(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._work)
        window.closing.connect(self.close)

    @property
    def others(self) -> tuple[OtherTrace, ...]:
        """The recording's traces, laid over those of the run."""
        return tuple(self._others.values())

    @property
    def differences(self) -> tuple[DifferenceTrace, ...]:
        """The difference traces of the probes that part."""
        return tuple(self._differences.values())

    @property
    def is_up_to_date(self) -> bool:
        """Whether all that has come is compared."""
        return not self._timer.isActive()

    def choose(self) -> None:
        """Ask for the recording."""
        self._window.recordings.ask("Compare with a recording", self.start)

    def start(self, path: str) -> None:
        """Compare with a recording; what is wrong with it is told."""
        try:
            other = RecordedSession(path)
        except RecordingError as error:
            self._window.messages.post(f"{error}.", Level.WARN, key=KEY)
            return
        self.close()
        self._other = other
        self._window.make_traces()
        self._window.session.add_listener(self._listener)
        self._match()
        self._timer.start()
        if self._others:
            self._window.status.show_hint(f"{other.name} is laid over this program's plots.")
        else:
            self._window.messages.post(
                f"None of the probes here is in {other.name}; one that is added is compared.",
                key=KEY,
            )

    def close(self) -> None:
        """End the comparison and take its traces away."""
        self._timer.stop()
        self._window.session.remove_listener(self._listener)
        if self._other is not None:
            self._other.close()
        self._other, self._told = None, None
        self._comparison = LiveComparison({})
        self._others, self._differences = {}, {}
        self._show_guests()

    def wake(self) -> None:
        """Something has come that is to be compared."""
        if self._other is not None and not self._timer.isActive():
            self._timer.start()

    def match_probes(self) -> None:
        """A probe may have been added, removed or moved."""
        probes = self._window.session.probes
        if self._other is not None and {*probes} != {*self._known}:
            self._match()
        self.wake()

    def _match(self) -> None:
        other = self._other
        if other is None:
            return
        session = self._window.session
        self._known = dict(session.probes)
        infos = self._info(), RecordingReader(other.path, run=other.run).survey()
        colors, kept = len(session.probes), self._comparison.pairs
        pairs: dict[int, LivePair] = {}
        for pair in pair_probes(*infos):
            if pair.a is None or pair.b is None:
                continue
            probe, partner = session.probes[pair.a.id], other.probes[pair.b.id]
            known = kept.get(probe.id)
            pairs[probe.id] = known or LivePair(pair, probe, partner, self._new_history)
            if probe.id not in self._others:
                color = colors + len(self._others)
                self._others[probe.id] = OtherTrace(partner, probe, other.name, color)
        for gone in {*self._others} - {*pairs}:
            del self._others[gone]
        self._comparison = LiveComparison(pairs)
        self._show_guests()
        self._lay_over()

    def _new_history(self) -> "History":
        return self._window.session.histories.new(self._window.session.epoch_ns)

    def _info(self) -> RecordingInfo:
        """Return what a recording of this program would say of its probes."""
        session, workspace = self._window.session, self._window.workspace
        program = session.program
        info = RecordingInfo(program={"cwd": program.cwd, "script": program.script or ""})
        for probe in session.probes.values():
            info.probes[probe.id] = _as_recorded(probe)
            file = probe.anchor.file
            if file not in info.texts:
                text = workspace.open(file).text
                info.texts[file] = text.encode("utf-8", "surrogatepass")
        return info

    def _lay_over(self) -> None:
        traces = self._window.traces
        for probe_id, trace in self._others.items():
            panel = traces.panels.get(probe_id) if traces is not None else None
            if panel is not None and trace not in panel.traces.overlays:
                panel.traces.add(trace)
                panel.redraw()

    def _show_guests(self) -> None:
        if self._window.traces is not None:
            self._window.traces.set_guests(self._others.values(), self._differences.values())

    def _work(self) -> None:
        """Read the recording, then compare what has come, for a part of a frame."""
        other, traces = self._other, self._window.traces
        if other is None or traces is None:
            return
        if other.load(_WORK_MS):
            traces.refresh_guests()
            self._timer.start()
            return
        has_more = self._comparison.update(_WORK_MS)
        self._show_findings()
        traces.refresh_guests()
        if has_more:
            self._timer.start()

    def _show_findings(self) -> None:
        first = self._comparison.first
        if first is None and self._told is not None:  # another run has begun
            self._told = None
            self._window.messages.withdraw(KEY)
            self._differences = {}
            self._show_guests()
        parted = [one for one in self._comparison.pairs.values() if one.first is not None]
        shown = {one.probe.id for one in parted[:_MOST_DIFFERENCES]}
        for pair in parted:
            known = self._differences.get(pair.probe.id)
            is_new = known is None or known.history is not pair.difference
            if pair.probe.id in shown and is_new:
                self._differences[pair.probe.id] = DifferenceTrace(
                    pair.probe, self._name, pair.difference, iter(())
                )
                self._show_guests()
        if first is not None and first is not self._told:
            self._told = first
            self._tell(first)

    @property
    def _name(self) -> str:
        return self._other.name if self._other is not None else ""

    def _tell(self, pair: LivePair) -> None:
        difference = pair.first
        if difference is None:
            return
        label = pair.probe.anchor.identity_label()
        self._window.messages.post(
            f"The run parts from {self._name} first at capture {difference.index:,} of {label}:"
            f" {difference.sentence}.",
            key=KEY,
            actions=(Action("Go there", lambda: self._go_to(difference.t_ns_a), closes=False),),
        )

    def _go_to(self, t_ns: int) -> None:
        self._window.time.cursor.move_to(t_ns)

    def tell_end(self) -> None:
        """The run is over: say that it was as the recording, where it was."""
        other = self._other
        if other is None:
            return
        while other.load() or self._comparison.update(_WORK_MS):
            continue  # what is left is little, as all before has been compared while it came
        self._show_findings()
        pairs = self._comparison.pairs.values()
        if self._comparison.first is not None or not pairs:
            return
        problems = [pair for pair in pairs if pair.problem]
        if problems:
            label = problems[0].probe.anchor.identity_label()
            text = f"{label} cannot be compared with {self._name}: {problems[0].problem}."
        elif all(pair.is_same for pair in pairs):
            text = f"The run holds the same captures as {self._name}."
        else:
            text = f"The run is the same as {self._name} as far as both go; one holds more."
        self._window.messages.post(text, key=KEY)


class _Listener(SessionListener):
    def __init__(self, compare: LiveCompare) -> None:
        self._compare = compare

    def on_captures(self, probe_ids: set[int]) -> None:
        self._compare.wake()

    def on_probe(self, probe: Probe) -> None:
        self._compare.match_probes()

    def on_ending(self, ending: Ending) -> None:
        self._compare.tell_end()


def _as_recorded(probe: Probe) -> RecordedProbe:
    return RecordedProbe(probe.id, probe.anchor, probe.throttle, probe.occurrence, probe.run_code)


def live_compare(window: "WindowBase") -> LiveCompare:
    """Return a window's comparison, made when it is first asked for."""
    found = window.findChild(LiveCompare)
    return found if found is not None else LiveCompare(window)
