"""MeasureDesk: measures few samples at once, and many beside the window's thread."""

import queue
import threading
from collections.abc import Hashable
from dataclasses import dataclass, field
from time import monotonic

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from pyprobe.plots.measured_samples import Interval, Samples, Stretch
from pyprobe.plots.measurements import (
    Measured,
    Measurements,
    MeasuringStoppedError,
    Summary,
    measure_pieces,
)

AT_ONCE = 1 << 14  # samples, which take about a millisecond
_LOOK_MS = 15
_REST = 3.0  # times as long as the last measurement took, before newer samples are measured


@dataclass(eq=False)
class _Job:
    what: Hashable
    version: Hashable
    stretch: Stretch
    has_edges: bool
    stopped: threading.Event = field(default_factory=threading.Event)
    result: Measurements | None = None
    took_s: float = 0.0

    def run(self) -> None:
        start_s = monotonic()
        try:
            self.result = measure_pieces(
                self.stretch.pieces,
                summary=self.stretch.summary,
                has_edges=self.has_edges,
                is_stopped=self.stopped.is_set,
            )
        except MeasuringStoppedError:
            return
        self.took_s = monotonic() - start_s


@dataclass(eq=False)
class _Slot:
    """One curve: what was found last, what is being measured, and what is wanted next."""

    done: _Job | None = None
    running: _Job | None = None
    wanted: _Job | None = None
    not_before_s: float = 0.0


class MeasureDesk(QObject):
    """Curves are told apart by a name. ``done``: something that was pending has been found.

    A measurement goes on to its end while newer samples come; then those are measured. As soon as
    something else is wanted of a curve, that is measured.
    """

    done = pyqtSignal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._slots: dict[str, _Slot] = {}
        self._timer: QTimer | None = None  # there while something is being measured

    @property
    def is_busy(self) -> bool:
        """Whether anything is being measured or waits to be."""
        return any(slot.running or slot.wanted for slot in self._slots.values())

    def measure(self, name: str, samples: Samples, interval: Interval, what: Hashable) -> Measured:
        """Return what is known of an interval of a curve, and find what is not.

        ``what`` the interval is stays the same while only its ends move with the data.
        """
        slot = self._slots.setdefault(name, _Slot())
        version = (samples.version, interval)
        if slot.done is not None and (slot.done.version, slot.done.what) == (version, what):
            return Measured(slot.done.result)
        stretch = samples.within(interval)
        if stretch.count <= AT_ONCE:
            self._stop(slot)
            found = measure_pieces(
                stretch.pieces, summary=stretch.summary, has_edges=samples.has_edges
            )
            return Measured(found)
        self._want(slot, _Job(what, version, stretch, samples.has_edges))
        if slot.done is not None and slot.done.what == what:
            return Measured(_fresher(slot.done.result, stretch.summary))
        known = stretch.summary
        return Measured(None if known is None else known.measurements(), is_pending=True)

    def _want(self, slot: _Slot, job: _Job) -> None:
        running = slot.running
        if running is not None and running.what != job.what:
            running.stopped.set()
            slot.running = running = None
        slot.wanted = None if running is not None and running.version == job.version else job
        if slot.done is None or slot.done.what != job.what:
            slot.not_before_s = 0.0
        self._start(slot)
        if self._timer is None:
            self._timer = QTimer(self)
            self._timer.timeout.connect(self._look)
            self._timer.start(_LOOK_MS)

    def _start(self, slot: _Slot) -> None:
        if slot.wanted is not None and slot.running is None and monotonic() >= slot.not_before_s:
            slot.running, slot.wanted = slot.wanted, None
            _CLERK.take(slot.running)

    def _look(self) -> None:
        is_news = False
        for slot in self._slots.values():
            if slot.running is not None and slot.running.result is not None:
                slot.done, slot.running = slot.running, None
                slot.not_before_s = monotonic() + _REST * slot.done.took_s
                is_news = True
            self._start(slot)
        if not self.is_busy:
            self._end_timer()
        if is_news:
            self.done.emit()

    @staticmethod
    def _stop(slot: _Slot) -> None:
        if slot.running is not None:
            slot.running.stopped.set()
        slot.running = slot.wanted = None

    def stop(self) -> None:
        """Give up what is being measured, and forget what was."""
        for slot in self._slots.values():
            self._stop(slot)
        self._slots.clear()
        self._end_timer()

    def _end_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer.deleteLater()
            self._timer = None


def _fresher(older: Measurements | None, newest: Summary | None) -> Measurements | None:
    """Return the newest numbers there are, with the frequency and the rise time found last."""
    if older is None or newest is None:
        return older
    return newest.measurements(older.frequency, older.rise_time)


class _Clerk:
    """Runs one job at a time, on a thread that is there only while there are any."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._is_working = False

    def take(self, job: _Job) -> None:
        """Run a job as soon as those before it are done."""
        self._jobs.put(job)
        with self._lock:
            if not self._is_working:
                self._is_working = True
                threading.Thread(target=self._work, name="pyprobe-measuring", daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._lock:
                try:
                    job = self._jobs.get_nowait()
                except queue.Empty:
                    self._is_working = False
                    return
            try:
                job.run()
            except BaseException:
                with self._lock:
                    self._is_working = False
                raise


_CLERK = _Clerk()
