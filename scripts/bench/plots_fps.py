"""Frames a second of many live traces: every frame each probe captures, every panel is redrawn.

Run it on a display (Xvfb will do): ``python scripts/bench/plots_fps.py``. A frame here is what the
window's thread does: decoding and storing new captures, refreshing all panels, painting them to the
screen. No program runs beside it. The values are white noise, which fills the panels and is the
most expensive to draw. Beside it stands the same window with panels that only draw a ready polyline
of as many points of the same noise.

The first frames are not counted: the histories were filled at one stroke, so that all of them grow
in the very next frame, which in a program happens one after the other.
"""

import argparse
from dataclasses import dataclass
from time import perf_counter, process_time
from typing import Any

import numpy as np
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QApplication, QGridLayout, QWidget

from pyprobe.analysis.occurrence import Occurrence, OccurrenceKind, Path, Scope, Span
from pyprobe.core.anchor import ProbeAnchor
from pyprobe.ipc.column_reader import read_columns
from pyprobe.ipc.columns import ValueKind
from pyprobe.plots.polyline import polygon
from pyprobe.plots.theme import plot_theme
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.session.probe import Probe, ProbeStatus

_COLUMNS = 4
_STEP_NS = 10_000
_WARM_UP_FRAMES = 5


@dataclass(frozen=True)
class FrameRate:
    """What was measured; times are means over all frames.

    ``cpu_ms`` is this process' own share of a frame, whatever else the machine was doing;
    ``slowest_ms`` the longest frame.
    """

    panels: int
    points: int
    frames_per_second: float
    store_ms: float
    refresh_ms: float
    paint_ms: float
    cpu_ms: float
    slowest_ms: float
    bare_frames_per_second: float


class BarePanel(QWidget):
    """Fills itself and draws one polyline: the least that a live plot can do."""

    def __init__(self, columns: int) -> None:
        super().__init__()
        extremes = np.random.default_rng(0).random((columns, 2)) * 0.1 + np.array([0.0, 0.9])
        self._x = np.repeat(np.linspace(0.0, 1.0, columns), 2)
        self._y = extremes.ravel()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Draw."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("#ffffff"))
        painter.setPen(QColor("#0072b2"))
        painter.drawPolyline(polygon(self._x * self.width(), self._y * self.height()))
        painter.end()


def measure(
    application: QApplication,
    *,
    panels: int = 16,
    points: int = 1_000_000,
    seconds: float = 5.0,
    captures_a_frame: int = 500,
    size: tuple[int, int] = (1600, 1000),
) -> FrameRate:
    """Measure with ``panels`` traces that hold ``points`` captures each before the first frame."""
    probes = [_probe(number) for number in range(panels)]
    random = np.random.default_rng(1)
    for probe in probes:
        _capture(probe, random.random(points))
    views = [TracePanel(probe, plot_theme(dark=False)) for probe in probes]
    window = _window(views, size, application)
    for _ in range(_WARM_UP_FRAMES):
        _frame(application, probes, views, random, captures_a_frame)
    spent = []
    begin, begin_cpu = perf_counter(), process_time()
    while perf_counter() - begin < seconds:
        spent.append(_frame(application, probes, views, random, captures_a_frame))
    cpu_ms = (process_time() - begin_cpu) / len(spent) * 1e3
    rate = len(spent) / (perf_counter() - begin)
    columns = int(views[0].width() * views[0].devicePixelRatioF())
    window.close()
    window.deleteLater()
    application.processEvents()
    store, refresh, paint = (np.mean(spent, axis=0) * 1e3).tolist()
    slowest_ms = float(np.sum(spent, axis=1).max()) * 1e3
    bare = _bare_rate(application, panels, columns, seconds / 3, size)
    return FrameRate(panels, points, rate, store, refresh, paint, cpu_ms, slowest_ms, bare)


def _frame(
    application: QApplication,
    probes: list[Probe],
    views: list[TracePanel],
    random: np.random.Generator,
    captures: int,
) -> np.ndarray[Any, np.dtype[np.float64]]:
    news = random.random(captures)
    t_0 = perf_counter()
    for probe in probes:
        _capture(probe, news)
    t_1 = perf_counter()
    for view in views:
        view.refresh()
    t_2 = perf_counter()
    application.processEvents()
    return np.array([t_1 - t_0, t_2 - t_1, perf_counter() - t_2])


def _bare_rate(
    application: QApplication, panels: int, columns: int, seconds: float, size: tuple[int, int]
) -> float:
    views = [BarePanel(columns) for _ in range(panels)]
    window = _window(views, size, application)
    frames = 0
    begin = perf_counter()
    while perf_counter() - begin < seconds:
        for view in views:
            view.update()
        application.processEvents()
        frames += 1
    rate = frames / (perf_counter() - begin)
    window.close()
    window.deleteLater()
    application.processEvents()
    return rate


def _window(views: Any, size: tuple[int, int], application: QApplication) -> QWidget:
    window = QWidget()
    grid = QGridLayout(window)
    for number, view in enumerate(views):
        grid.addWidget(view, number // _COLUMNS, number % _COLUMNS)
    window.resize(*size)
    window.show()
    for _ in range(5):
        application.processEvents()
    return window


def _probe(number: int) -> Probe:
    span = Span(number + 1, 0, number + 1, 1)
    occurrence = Occurrence(
        kind=OccurrenceKind.STORE,
        symbol="x",
        line=number + 1,
        col=0,
        end_col=1,
        func="",
        span=span,
        name="x",
        path=Path("x"),
        scope=Scope("<module>", 1, span),
        statement=span,
    )
    anchor = ProbeAnchor("/bench/script.py", number + 1, 0, "x")
    probe = Probe(
        number,
        anchor,
        occurrence,
        throttle="every",
        run_code=False,
        color_index=number,
        epoch_ns=0,
    )
    probe.status = ProbeStatus.LIVE
    return probe


def _capture(probe: Probe, values: Any) -> None:
    first = probe.history.count
    seq = np.arange(first, first + len(values), dtype=np.int64)
    wire = {
        "p": probe.id,
        "n": len(values),
        "k": ValueKind.FLOAT.value,
        "d": "float",
        "s": seq.tobytes(),
        "t": (seq * _STEP_NS).tobytes(),
        "th": np.zeros(len(values), np.uint64).tobytes(),
        "x": values.tobytes(),
    }
    for column in read_columns([wire]):
        probe.history.append(column)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--panels", type=int, default=16)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=5.0)
    options = parser.parse_args()
    application = QApplication([])
    result = measure(
        application, panels=options.panels, points=options.points, seconds=options.seconds
    )
    print(
        f"{result.panels} panels of {result.points:,} points: "
        f"{result.frames_per_second:.1f} frames/s "
        f"(store {result.store_ms:.1f} ms, refresh {result.refresh_ms:.1f} ms, "
        f"paint {result.paint_ms:.1f} ms, {result.cpu_ms:.1f} ms of CPU, "
        f"slowest {result.slowest_ms:.0f} ms); "
        f"bare polylines: {result.bare_frames_per_second:.1f} frames/s"
    )


if __name__ == "__main__":
    main()
