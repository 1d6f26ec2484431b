"""Drags the time of a whole window over arrays, and prints how many positions a second it shows.

Run it on a display (Xvfb will do): ``python scripts/bench/time_drag.py COUNT``. One probe has
captured COUNT arrays of 1 MiB, more than stay in memory; every position is one the cursor was not
at before. Each is done when plots, source, probe list, console and bar are painted.
"""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path
from time import perf_counter

import numpy as np
from PyQt6.QtWidgets import QApplication

from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.gui.app import make_application, take_down
from pyprobe.gui.main_window import MainWindow
from pyprobe.gui.preferences import Preferences
from pyprobe.gui.session_view import SessionView
from pyprobe.gui.workspace import Workspace
from pyprobe.ipc.array_reader import ArrayValue
from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import ValueKind
from pyprobe.session.launch import Program
from pyprobe.session.probe import Probe
from pyprobe.session.session import Session

SCRIPT = Path(__file__).resolve().parent / "programs" / "hot_loop.py"
SAMPLES = 131_072  # float64, 1 MiB
STEP_NS = 1_000_000
SECONDS = 4.0


def fill(session: Session, probe: Probe, count: int) -> None:
    """Let a probe capture arrays, one every millisecond; none is like another."""
    wave = np.sin(np.linspace(0.0, 60.0, SAMPLES))
    for number in range(count):
        values = wave * (1.0 + number / count)
        values.flags.writeable = False
        column = Column(
            probe.id,
            ValueKind.ARRAY,
            "<f8",
            np.array([number], np.int64),
            np.array([number * STEP_NS], np.int64),
            np.zeros(1, np.uint64),
            arrays=[ArrayValue(values, "ndarray", values.shape, "")],
        )
        probe.history.append(column)
        if number % 4 == 3:
            session.histories.wait()  # as a program that computes leaves the disk its time


def drag(application: QApplication, window: MainWindow, count: int) -> float:
    """Go over the whole run again and again, as a hand does; return positions a second."""
    start_s, positions = perf_counter(), 0
    while perf_counter() - start_s < SECONDS:
        share = abs((positions * 0.0137) % 2.0 - 1.0)  # to the end and back
        window.time.cursor.move_to(round(share * (count - 1)) * STEP_NS)
        application.processEvents()  # which paints
        positions += 1
    return positions / (perf_counter() - start_s)


def main() -> None:
    count = int(sys.argv[1])
    application = make_application()
    session = Session(Program(str(SCRIPT), None, (), sys.executable, str(SCRIPT.parent)))
    window = MainWindow(session.program, Preferences(), application)
    window.complete(Workspace(session))
    view = SessionView(session, window)
    window.sources.open(str(SCRIPT), is_main=True)
    window.show()
    window.first_sizes()
    occurrence = next(islice(find_occurrences(SCRIPT.read_text(), filename=str(SCRIPT)), 1))
    probe = window.workspace.add_probe(str(SCRIPT), occurrence, "every")
    window.make_traces()
    fill(session, probe, count)
    window.show_captures({probe.id})
    window.show_values()
    application.processEvents()
    rate = drag(application, window, count)
    print("kept", len(probe.history.arrays()))
    print("positions_per_s", rate)
    view.stop()
    session.close()
    take_down(window)


if __name__ == "__main__":
    main()
