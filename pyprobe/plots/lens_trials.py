"""LensTrials: a lens of another package draws in a process of its own before it may in the window.

What computes in C without end, or crashes, cannot be stopped where it runs; so it is found out
where nothing is lost by killing it.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PyQt6.QtCore import QObject, QProcess, QProcessEnvironment, QSize, QTimer, pyqtSignal

from pyprobe.plots.drawn_trace import DrawnTrace
from pyprobe.plots.lens_registry import LensEntry
from pyprobe.plots.trial_captures import captures_of
from pyprobe.plots.trial_process import READY
from pyprobe.session.reading_process import write_frame
from pyprobe.session.values import ArrayValue, Value

LIMIT_S = 5.0
_START_S = 60.0  # for the process and what the package imports, which the window has done
_GROWTH = 4  # times as large a value is another task
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    " from pyprobe.plots.trial_process import main; main()"
)


@dataclass(frozen=True, slots=True)
class TrialTask:
    """What a lens is tried with: values of a family, as large as this at most."""

    lens: str
    family: str
    size: int

    def covers(self, other: "TrialTask") -> bool:
        """Whether a lens that does this may do the other."""
        is_like = (self.lens, self.family) == (other.lens, other.family)
        return is_like and other.size <= _GROWTH * self.size


class LensTrials(QObject):
    """One process for each lens and family of values, and again where values grow a lot.

    ``passed`` tells that a lens may draw now what it has drawn; ``failed`` carries the origin of
    one that did not come to an end, and what happened. A process that cannot be had passes: what
    hangs in Python is stopped in the window, too.
    """

    passed = pyqtSignal()
    failed = pyqtSignal(str, str)

    def __init__(self, *, limit_s: float = LIMIT_S) -> None:
        super().__init__()
        self._limit_s = limit_s
        self._passed: set[TrialTask] = set()
        self._running: dict[TrialTask, _Trial] = {}

    def may_draw(
        self, entry: LensEntry, family: str, traces: Sequence[DrawnTrace], size: QSize
    ) -> bool:
        """Whether a lens has drawn such values; else it is tried with them, and told later."""
        task = TrialTask(entry.name, family, max(_size_of(one.history.last) for one in traces))
        if any(done.covers(task) for done in self._passed):
            return True
        if not any(begun.covers(task) for begun in self._running):
            try:
                offer = _offer(entry, traces, size)
            except ValueError:  # not to be sent
                self._passed.add(task)
                return True
            self._running[task] = _Trial(self, entry, task, offer, self._limit_s)
        return False

    def ended(self, task: TrialTask, origin: str, failure: str) -> None:
        """Take how a trial has ended; ``failure`` is ``""`` where the lens has drawn."""
        self._running.pop(task).deleteLater()
        if failure:
            self.failed.emit(origin, failure)
        else:
            self._passed.add(task)
            self.passed.emit()

    def close(self) -> None:
        """End all trials."""
        for trial in self._running.values():
            trial.close()
        self._running.clear()


class _Trial(QObject):
    """One process, and the time it has."""

    def __init__(
        self, trials: LensTrials, entry: LensEntry, task: TrialTask, offer: bytes, limit_s: float
    ) -> None:
        super().__init__(trials)
        self._trials, self._entry, self._task, self._limit_s = trials, entry, task, limit_s
        self._is_ready = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)
        self._process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("QT_QPA_PLATFORM", "offscreen")
        self._process.setProcessEnvironment(environment)
        self._process.setStandardErrorFile(QProcess.nullDevice())
        self._process.readyReadStandardOutput.connect(self._on_output)
        self._process.finished.connect(self._on_finished)
        self._process.errorOccurred.connect(self._on_error)
        self._timer.start(round(_START_S * 1000))
        self._process.start(sys.executable, ["-c", _START, json.dumps(sys.path)])
        self._process.write(offer)
        self._process.closeWriteChannel()

    def _on_output(self) -> None:
        if READY in self._process.readAllStandardOutput().data() and not self._is_ready:
            self._is_ready = True
            self._timer.start(round(self._limit_s * 1000))

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._on_output()
        has_crashed = self._is_ready and (code or status is QProcess.ExitStatus.CrashExit)
        name = self._entry.name
        self._end(f"{name} has crashed where it was tried first" if has_crashed else "")

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._end("")

    def _on_timeout(self) -> None:
        hangs = f"{self._entry.name} took longer than {self._limit_s:g} s where it was tried first"
        self._end(hangs if self._is_ready else "")

    def _end(self, failure: str) -> None:
        self.close()
        self._trials.ended(self._task, self._entry.origin, failure)

    def close(self) -> None:
        """Kill the process, and tell nothing."""
        self._timer.stop()
        self._process.blockSignals(True)
        if self._process.state() is not QProcess.ProcessState.NotRunning:
            self._process.kill()
            self._process.waitForFinished()


def _offer(entry: LensEntry, traces: Sequence[DrawnTrace], size: QSize) -> bytes:
    plain = [
        {
            "title": trace.title,
            "color": trace.color,
            "sample_rate_hz": trace.sample_rate_hz,
            "captures": captures_of(trace.history),
        }
        for trace in traces
        if trace.history.last is not None
    ]
    head = {"lens": entry.entry_point, "dark": False, "size": [size.width(), size.height()]}
    frame = BytesIO()
    write_frame(frame, {**head, "traces": plain})
    return frame.getvalue()


def _size_of(value: Value | None) -> int:
    if isinstance(value, ArrayValue):
        return int(np.prod(value.shape))
    return 1
