"""CompareControl: lays another recording of a script over this one, and says where they part."""

from time import monotonic
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from pyprobe.errors import RecordingError
from pyprobe.gui.messages import Action, Level
from pyprobe.session.comparison import ProbeComparison, Verdict, first_in_time
from pyprobe.session.comparison_pairs import ProbePair, pair_probes
from pyprobe.session.comparison_series import difference_columns
from pyprobe.session.comparison_task import ComparisonTask
from pyprobe.session.comparison_traces import DifferenceTrace, OtherTrace
from pyprobe.session.recorded_session import RecordedSession
from pyprobe.session.recording_reader import RecordingReader

if TYPE_CHECKING:
    from pyprobe.gui.window_base import WindowBase

KEY = "comparison"
_TICK_MS = 15
_LOAD_MS = 8.0
_MOST_DIFFERENCES = 8


class CompareControl(QObject):
    """One comparison at a time; a second one replaces the first. ``finished``: all is shown."""

    finished = pyqtSignal()
    _compared = pyqtSignal()

    def __init__(self, window: "WindowBase", session: RecordedSession) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._other: RecordedSession | None = None
        self._task: ComparisonTask | None = None
        self._pairs: list[ProbePair] = []
        self._others: dict[int, OtherTrace] = {}
        self._differences: list[DifferenceTrace] = []
        self._has_told = False
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._load)
        self._compared.connect(self._take_findings)
        window.closing.connect(self.close)

    @property
    def others(self) -> tuple[OtherTrace, ...]:
        """The traces of the other recording that are laid over this one's."""
        return tuple(self._others.values())

    @property
    def differences(self) -> tuple[DifferenceTrace, ...]:
        """The difference traces, one for each probe whose captures part."""
        return tuple(self._differences)

    def choose(self) -> None:
        """Ask for the other recording."""
        self._window.recordings.ask("Compare with a recording", self.start)

    def start(self, path: str, *, run: int | None = None) -> None:
        """Compare with a recording, or one of its runs; what is wrong with it is told."""
        try:
            other = RecordedSession(path, run=run)
            infos = [reader.survey() for reader in self._readers(other)]
        except RecordingError as error:
            self._window.messages.post(f"{error}.", Level.WARN, key=KEY)
            return
        self.close()
        self._other = other
        self._pairs = pair_probes(*infos)
        self._lay_over(other)
        self._has_told = False
        self._task = ComparisonTask(*self._readers(other), self._compared.emit)
        self._task.start()
        self._timer.start()
        self._window.status.show_hint(f"Comparing with {other.name}…")

    def _readers(self, other: RecordedSession) -> tuple[RecordingReader, RecordingReader]:
        ours = RecordingReader(self._session.path, run=self._session.run)
        return ours, RecordingReader(other.path, run=other.run)

    def close(self) -> None:
        """End the comparison and take its traces away."""
        self._timer.stop()
        if self._task is not None:
            self._task.close()
        if self._other is not None:
            self._other.close()
        self._task, self._other = None, None
        self._others, self._differences = {}, []
        self._show_guests()

    def _lay_over(self, other: RecordedSession) -> None:
        self._window.make_traces()
        traces, name = self._window.traces, self._name
        shown = self._session.probes
        if traces is None:
            return
        colors = len(shown)
        for pair in self._pairs:
            if pair.a is None or pair.b is None or pair.a.id not in shown:
                continue
            partner, probe = shown[pair.a.id], other.probes[pair.b.id]
            trace = OtherTrace(probe, partner, name, colors + len(self._others))
            self._others[partner.id] = trace
        self._show_guests()
        for partner_id, trace in self._others.items():
            panel = traces.panels.get(partner_id)
            if panel is not None:
                panel.traces.add(trace)
                panel.redraw()

    @property
    def _name(self) -> str:
        return "" if self._other is None else self._other.name

    def _show_guests(self) -> None:
        traces = self._window.traces
        if traces is not None:
            traces.set_guests(self._others.values(), self._differences)

    def _load(self) -> None:
        """Read the other recording on, then the differences, for a part of a frame."""
        other, traces = self._other, self._window.traces
        if other is None or traces is None:
            self._timer.stop()
            return
        if other.load(_LOAD_MS):
            traces.refresh_guests()
            return
        deadline_s = monotonic() + _LOAD_MS / 1000
        while (open_ones := self._unfinished()) and monotonic() < deadline_s:
            self._load_difference(open_ones[0])
        traces.refresh_guests()
        if not open_ones and self._has_told:
            self._timer.stop()
            self._window.status.show_hint(f"Compared with {self._name}.")
            self.finished.emit()

    def _unfinished(self) -> list[DifferenceTrace]:
        return [one for one in self._differences if one.status.value == "live"]

    def _load_difference(self, trace: DifferenceTrace) -> None:
        try:
            if trace.load():
                self._session.histories.wait()
        except RecordingError as error:
            self._window.messages.post(f"{error}.", Level.WARN, key=KEY)

    def _take_findings(self) -> None:
        task = self._task
        if task is None or not task.is_done or self._has_told:
            return
        self._has_told = True
        if task.problem:
            self._window.messages.post(f"{task.problem}.", Level.WARN, key=KEY)
            return
        self._add_differences(task.found)
        self._tell(task.found)

    def _add_differences(self, found: list[ProbeComparison]) -> None:
        other = self._other
        if other is None:
            return
        readers = self._readers(other)
        parted = [one.pair for one in found if one.verdict is Verdict.PARTS]
        for pair in parted[:_MOST_DIFFERENCES]:
            partner = self._session.probes.get(pair.a.id) if pair.a is not None else None
            if partner is not None:
                history = self._session.histories.new(self._session.epoch_ns)
                columns = difference_columns(*readers, pair)
                self._differences.append(DifferenceTrace(partner, self._name, history, columns))
        self._show_guests()

    def _tell(self, found: list[ProbeComparison]) -> None:
        first = first_in_time(found)
        if first is None or first.first is None:
            self._window.messages.post(self._alike(found), key=KEY)
            return
        difference, label = first.first, first.pair.anchor.identity_label()
        parted = sum(one.verdict is Verdict.PARTS for one in found)
        more = f" {parted} of {len(found)} probes part." if parted > 1 else ""
        self._window.messages.post(
            f"The recordings part first at capture {difference.index:,} of {label}:"
            f" {difference.sentence}.{more}",
            key=KEY,
            actions=(Action("Go there", lambda: self._go_to(difference.t_ns_a), closes=False),),
        )

    def _alike(self, found: list[ProbeComparison]) -> str:
        if all(one.verdict is Verdict.SAME for one in found):
            return f"{self._name} holds the same captures."
        return f"What both recordings hold is the same; {self._name} holds more, or less, of it."

    def _go_to(self, t_ns: int) -> None:
        self._window.time.cursor.move_to(t_ns)
