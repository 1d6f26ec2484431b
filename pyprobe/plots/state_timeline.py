"""State timeline: bools, enums and strings as bars from one change to the next, a lane a trace."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QAction, QColor, QFontMetricsF, QPainter, QPen

from pyprobe.plots.axes_painter import LegendEntry
from pyprobe.plots.drawn_trace import DrawnTrace
from pyprobe.plots.number_text import number_text
from pyprobe.plots.palette import TRACE_COLORS, trace_color
from pyprobe.plots.plot_canvas import PlotCanvas
from pyprobe.plots.plot_frame import PlotFrame
from pyprobe.plots.states import MIXED, StateRun, state_runs, state_span
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.ticks import NO_TICKS, Ticks, time_ticks, value_ticks
from pyprobe.plots.title_forms import cut_end, told_apart
from pyprobe.session.history_records import Axis

_LANE_SHARE = 0.62  # of a lane's height, the rest is air
_LARGEST_LANE_PX = 72.0
_MOST_LETTERS = 40  # of a state
_LARGEST_TITLE_SHARE = 0.3
_TEXT_GAP_PX = 5.0
_FILL_OPACITY = 0.28


class StateTimelineLens(PlotCanvas):
    """Every state has a colour of the palette, in the order the states were first seen."""

    overlays: ClassVar[bool] = True

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__(theme, color)
        self.traces: tuple[DrawnTrace, ...] = ()
        self.lanes: list[list[StateRun]] = []
        self.state_names: list[str] = []
        self.time_action = QAction("Time axis", self)
        self.time_action.setCheckable(True)
        self.time_action.setShortcut("T")
        self.time_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.time_action.triggered.connect(lambda _on: self.guarded(self._change_axis))
        self.addAction(self.time_action)

    @property
    def axis(self) -> Axis:
        """What stands on the horizontal axis."""
        return "time" if self.time_action.isChecked() else "index"

    def show_traces(self, traces: Sequence[DrawnTrace]) -> None:
        """Draw the traces as they are now."""
        self.traces = tuple(trace for trace in traces if not trace.is_hidden)
        self.rebuild()

    def fit_x(self) -> None:
        """Show all captures."""
        spans = [span for trace in self.traces if (span := state_span(trace.history, self.axis))]
        if not spans:
            return
        first, last = min(low for low, _ in spans), max(high for _, high in spans)
        extra = 1.0 if self.axis == "index" else max((last - first) * 0.01, 1e-6)
        self.x_range.fit(first, last + extra)

    def load(self, columns: int) -> None:
        """Find the runs in view."""
        low, high = self.x_range.low, self.x_range.high
        self.lanes = [
            state_runs(trace.history, low, high, columns, self.axis) for trace in self.traces
        ]
        for run in (run for lane in self.lanes for run in lane):
            if run.name not in self.state_names and run.name != MIXED:
                self.state_names.append(run.name)
        self.y_range.fit(0.0, float(max(len(self.lanes), 1)))
        self.empty_sentence = "" if any(self.lanes) else "no state captured yet"

    def y_ticks(self, most: int) -> Ticks:
        """Return the traces' names where there are several, as long as the bars keep their room."""
        if len(self.traces) < 2:
            return NO_TICKS
        places = tuple(len(self.traces) - lane - 0.5 for lane in range(len(self.traces)))
        metrics = QFontMetricsF(self.font())
        room_px = self.width() * _LARGEST_TITLE_SHARE

        def widest_px(names: Sequence[str]) -> float:
            return max(map(metrics.horizontalAdvance, names))

        names = told_apart([trace.title for trace in self.traces], widest_px, room_px)
        shown = (cut_end(name, metrics.horizontalAdvance, room_px) for name in names)
        return Ticks(places, tuple(shown))

    def x_ticks(self, most: int) -> Ticks:
        """Return whole captures, or seconds."""
        if self.axis == "time":
            return time_ticks(self.x_range.low, self.x_range.high, most)
        return value_ticks(self.x_range.low, self.x_range.high, most, whole=True)

    def x_title(self) -> str:
        """Return the unit of the horizontal axis."""
        return "" if self.axis == "time" else "capture"

    def state_color(self, name: str) -> str:
        """Return the ``#rrggbb`` of a state; of the first one the trace's own."""
        if name == MIXED or name not in self.state_names:
            return self.theme.muted
        own = next(
            (
                index
                for index in range(len(TRACE_COLORS))
                if trace_color(index, dark=self.theme.dark) == self.color
            ),
            0,
        )
        return trace_color(own + self.state_names.index(name), dark=self.theme.dark)

    def paint_data(self, painter: QPainter, frame: PlotFrame) -> None:
        """Paint each lane's bars with their names where there is room."""
        if not self.lanes:
            return
        lane_px = frame.height / len(self.lanes)
        height = min(lane_px * _LANE_SHARE, _LARGEST_LANE_PX)
        for number, lane in enumerate(self.lanes):
            top = frame.top + (number + 0.5) * lane_px - height / 2
            for run in lane:
                self._paint_run(painter, frame, run, top, height)

    def _paint_run(
        self, painter: QPainter, frame: PlotFrame, run: StateRun, top: float, height: float
    ) -> None:
        span = frame.x_high - frame.x_low
        left = frame.left + max((run.start - frame.x_low) / span, -0.01) * frame.width
        right = frame.left + min((run.stop - frame.x_low) / span, 1.01) * frame.width
        if right <= frame.left or left >= frame.right:
            return
        bar = QRectF(left, top, max(right - left, 1.0), height)
        color = QColor(self.state_color(run.name))
        fill = QColor(color)
        fill.setAlphaF(_FILL_OPACITY)
        painter.fillRect(bar, fill)
        painter.setPen(QPen(color, 1.0))
        painter.drawLine(bar.topLeft(), bar.bottomLeft())
        painter.drawLine(bar.bottomLeft(), bar.bottomRight())
        seen = QRectF(bar)
        seen.setLeft(max(bar.left(), frame.left) + _TEXT_GAP_PX)
        seen.setRight(min(bar.right(), frame.right) - _TEXT_GAP_PX)
        painter.setPen(QColor(self.theme.text))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(seen, int(flags), self.bar_text(run.name, seen.width()))

    def bar_text(self, name: str, room_px: float) -> str:
        """Return what stands in a bar: the state's name, or nothing, as the legend has it."""
        text = self.short_name(name)
        return text if QFontMetricsF(self.font()).horizontalAdvance(text) <= room_px else ""

    def legend(self) -> tuple[LegendEntry, ...]:
        """Return the states in view, in the order they were first seen."""
        in_view = {run.name for lane in self.lanes for run in lane}
        return tuple(
            LegendEntry(self.short_name(name), self.state_color(name))
            for name in self.state_names
            if name in in_view
        )

    def short_name(self, name: str) -> str:
        """Return what stands for a state: without its enum's name, and not too long."""
        return cut_end(name.removeprefix(self.common_start()), len, _MOST_LETTERS)

    def common_start(self) -> str:
        """Return the class of an enum, which all its members' names begin with."""
        starts = {name.rpartition(".")[0] for name in self.state_names}
        start = starts.pop() if len(starts) == 1 else ""
        return f"{start}." if start.replace(".", "_").isidentifier() else ""

    def readout(self, x: float, y: float) -> str:
        """Return the state under the mouse and how long it held."""
        lane = int(len(self.lanes) - y)
        if not 0 <= lane < len(self.lanes):
            return ""
        for run in self.lanes[lane]:
            if run.start <= x < run.stop:
                return f"{run.name}: {self._extent(run)}"
        return ""

    def _extent(self, run: StateRun) -> str:
        if self.axis == "index":
            return f"captures {run.start:,.0f} to {run.stop - 1:,.0f}"
        return f"{number_text(run.start)} s to {number_text(run.stop)} s"

    def view_actions(self) -> Sequence[QAction]:
        """Return the actions for the panel's menu."""
        return (*super().view_actions(), self.time_action)

    def _change_axis(self) -> None:
        self.x_range.set_auto()
        self.rebuild()
        self.changed.emit()

    def state(self) -> dict[str, object]:
        """Return what the user chose."""
        return {**super().state(), "axis": self.axis}

    def restore(self, state: Mapping[str, object]) -> None:
        """Take over what the user chose once."""
        self.time_action.setChecked(state.get("axis") == "time")
        super().restore(state)
