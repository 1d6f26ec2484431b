"""Runs a program in the real window, with probes, and prints how many frames its plots were given.

python live_window.py SECONDS SCRIPT:LINE:SYMBOL=THROTTLE… -- PYTHON SCRIPT [ARGS…]

Prints for the steady part of the run: ``frames`` a second, those of the plot that had the fewest;
``captures`` a second and probe, those of the probe that had the fewest; ``dropped``; and what the
program printed itself. Run it on a display (Xvfb will do).
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from time import perf_counter

from PyQt6.QtCore import QEvent, QObject, QTimer
from PyQt6.QtWidgets import QApplication, QWidget

from pyprobe.cli import main as pyprobe_main
from pyprobe.gui.main_window import MainWindow
from pyprobe.session.listener import ProgramState

WARM_UP_S = 2.0
TICK_MS = 20


class Counting(QObject):
    """Counts the paints of each plot's lens for a while, then waits for the program's end."""

    def __init__(self, probes: int, seconds: float) -> None:
        super().__init__()
        self._probes = probes
        self._seconds = seconds
        self._window: MainWindow | None = None
        self._paints: Counter[int] = Counter()
        self._watched: dict[QObject, int] = {}
        self._captured: dict[int, int] = {}
        self._begun_s = 0.0
        self._live_s = 0.0
        self._step: Callable[[MainWindow], object] = self._wait_for_captures
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._timer.start(TICK_MS)

    def _tick(self) -> None:
        windows = QApplication.topLevelWidgets()
        window = next((one for one in windows if isinstance(one, MainWindow)), None)
        if window is not None and window.is_complete:
            self._step(window)

    def _wait_for_captures(self, window: MainWindow) -> None:
        probes = window.session.probes.values()
        if len(probes) < self._probes or not all(probe.captured for probe in probes):
            return
        if not self._live_s:
            self._live_s = perf_counter()
        if perf_counter() - self._live_s > WARM_UP_S:
            self._begin(window)

    def _begin(self, window: MainWindow) -> None:
        assert window.traces is not None
        for trace_id, panel in window.traces.panels.items():
            if isinstance(panel.lens, QWidget):
                self._watched[panel.lens] = trace_id
                panel.lens.installEventFilter(self)
        self._captured = {one.id: one.captured for one in window.session.probes.values()}
        self._begun_s = perf_counter()
        self._step = self._count

    def _count(self, window: MainWindow) -> None:
        spent_s = perf_counter() - self._begun_s
        has_ended = window.session.state is ProgramState.ENDED
        if spent_s < self._seconds and not has_ended:
            return
        for lens in self._watched:
            lens.removeEventFilter(self)
        probes = window.session.probes.values()
        gained = [one.captured - self._captured[one.id] for one in probes]
        print("frames", min(self._paints[number] for number in self._watched.values()) / spent_s)
        print("captures", min(gained) / spent_s)
        print("counted_s", spent_s)
        self._step = self._wait_for_the_end

    def _wait_for_the_end(self, window: MainWindow) -> None:
        if window.session.state is not ProgramState.ENDED:
            return
        print("dropped", window.session.stats.dropped)
        print(window.console.view.text())
        self._timer.stop()
        window.close()

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        if a0 in self._watched and a1 is not None and a1.type() is QEvent.Type.Paint:
            self._paints[self._watched[a0]] += 1
        return False


def main() -> int:
    seconds = float(sys.argv[1])
    middle = sys.argv.index("--")
    specs, (python, *program) = sys.argv[2:middle], sys.argv[middle + 1 :]
    plain_exec: Callable[[], int] = QApplication.exec
    keep: list[Counting] = []

    def run() -> int:
        keep.append(Counting(len(specs), seconds))
        return plain_exec()

    QApplication.exec = staticmethod(run)  # type: ignore[method-assign]
    probes = [word for spec in specs for word in ("-p", spec)]
    return pyprobe_main(["--run", "--python", python, *probes, *program])


if __name__ == "__main__":
    sys.exit(main())
