"""Adds and removes a probe in the real window while a program runs; prints each time to a pixel.

PYPROBE_E2E_REPORT=FILE python first_pixel.py ROUNDS PYTHON SCRIPT LINE COL
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication

from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.cli import main as pyprobe_main
from pyprobe.gui.main_window import MainWindow
from pyprobe.session.listener import ProgramState
from pyprobe.session.probe import Probe

STEP_MS = 37  # odd against the window's frames, so that all phases are met


class Rounds:
    """Adds the probe, waits for its pixel in the window's report, removes it, and again."""

    def __init__(self, rounds: int, script: str, line: int, col: int) -> None:
        source = Path(script).read_text(encoding="utf-8")
        found = find_occurrences(source, filename=script)
        self.occurrence = next(item for item in found if (item.line, item.col) == (line, col))
        self.script = script
        self.rounds = rounds
        self.probe: Probe | None = None
        self.seen = 0
        self.timer = QTimer()
        self.timer.timeout.connect(self.step)
        self.timer.start(STEP_MS)

    def window(self) -> MainWindow | None:
        windows = QApplication.topLevelWidgets()
        return next((item for item in windows if isinstance(item, MainWindow)), None)

    def step(self) -> None:
        window = self.window()
        if window is None or not window.is_complete:
            return
        if window.session.state is not ProgramState.RUNNING:
            return
        if self.probe is None:
            self.probe = window.session.add_probe(self.occurrence, self.script, throttle="auto")
            return
        times_ns = self.times_ns()
        if len(times_ns) > self.seen:
            self.seen = len(times_ns)
            window.session.remove_probe(self.probe)
            self.probe = None
            print("first_pixel_ns", times_ns[-1], flush=True)
            if self.seen == self.rounds:
                self.timer.stop()
                window.close()

    def times_ns(self) -> list[int]:
        text = Path(os.environ["PYPROBE_E2E_REPORT"]).read_text(encoding="utf-8")
        reports = [json.loads(line) for line in text.splitlines() if '"first_pixel"' in line]
        return [report["after_ns"] for report in reports]


def main() -> int:
    rounds, python, script, line, col = sys.argv[1:6]
    plain_exec: Callable[[], int] = QApplication.exec
    keep: list[Rounds] = []

    def run() -> int:
        keep.append(Rounds(int(rounds), script, int(line), int(col)))
        return plain_exec()

    QApplication.exec = staticmethod(run)  # type: ignore[method-assign]
    return pyprobe_main(["--run", "--python", python, script])


if __name__ == "__main__":
    sys.exit(main())
