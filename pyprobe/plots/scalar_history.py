"""Scalar history: the captured numbers of traces over their count or over time."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QAction, QColor, QPainter

from pyprobe.ipc.columns import ValueKind
from pyprobe.plots.axis_range import RangeMode
from pyprobe.plots.axis_scale import AxisScale
from pyprobe.plots.curves import Curve
from pyprobe.plots.drawn_trace import DrawnTrace
from pyprobe.plots.log_envelope import least_positive_s, log_envelope
from pyprobe.plots.measured_samples import HistorySamples, MeasuredCurve, rounding_note
from pyprobe.plots.merged_runs import common_grid, run_band, run_mean
from pyprobe.plots.number_text import count_text, number_text
from pyprobe.plots.persistence import BAND_OPACITY, Persistence
from pyprobe.plots.plot_frame import PlotFrame
from pyprobe.plots.run_curves import RunCurves
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.ticks import Ticks, time_ticks, value_ticks
from pyprobe.plots.trace_curves import earlier_opacity
from pyprobe.session.history_reader import HistoryReader

_HEAD_PX = 2.6
_RIGHT_PADDING_PX = 5.0  # so that the newest point is seen whole
_WHOLE_KINDS = (ValueKind.BOOL, ValueKind.INT)
_PARTS: tuple[Literal["re", "im"], ...] = ("re", "im")


class ScalarHistoryLens(RunCurves):
    """Numbers over capture index or time; complex ones as two curves, bools and ints as steps.

    The runs before this one fade behind it.
    """

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__(theme, color)
        self.follow_action = self._checkable("follow", "F")
        self.follow_action.setToolTip("Keep the newest value at the right edge (F)")
        self.follow_action.triggered.connect(lambda on: self.guarded(lambda: self._follow(on)))
        self.time_action = self._checkable("Time axis", "T")
        self.time_action.triggered.connect(lambda _on: self.guarded(self._change_axis))

    def _checkable(self, text: str, shortcut: str) -> QAction:
        action = QAction(text, self)
        action.setCheckable(True)
        action.setShortcut(shortcut)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.addAction(action)
        return action

    @property
    def axis(self) -> Literal["index", "time"]:
        """What stands on the horizontal axis."""
        return "time" if self.time_action.isChecked() else "index"

    def rebuild(self) -> None:
        """Load, lay out and place everything anew."""
        super().rebuild()
        self.follow_action.setChecked(self.x_range.mode is RangeMode.FOLLOW)

    def fit_x(self) -> None:
        """Show all captures, or keep the newest at the right edge."""
        spans = [
            span
            for trace in self.shown_traces
            for history in (trace.history, *trace.earlier)
            if (span := history.span(self.axis)) is not None
        ]
        if not spans:
            return
        first, last = min(low for low, _ in spans), max(high for _, high in spans)
        padding = _RIGHT_PADDING_PX / max(self.width(), 50)
        if self.x_range.mode is RangeMode.FOLLOW:
            newest = self.shown_traces[0].history.span(self.axis)
            last = last if newest is None else newest[1]
            newest_place = self.x_scale.place_of(last)
            if newest_place is not None:
                width = self.x_range.high - self.x_range.low
                self.x_range.follow(newest_place + width * padding)
        elif first < last:
            self.fit_x_to(first, last + (last - first) * padding, least=self._least_x())
        else:
            margin = 1.0 if self.axis == "index" else 1e-3
            self.fit_x_to(first - margin, last + margin, least=last / 2)

    def _least_x(self) -> float:
        """The least positive position of a capture, where a logarithmic axis begins."""
        if self.axis == "index":
            return 1.0
        histories = [one for trace in self.shown_traces for one in (trace.history, *trace.earlier)]
        found = (least_positive_s(history) for history in histories)
        return min((least for least in found if least is not None), default=0.0)

    def empty_reason(self, trace: DrawnTrace) -> str:
        """Return why there is nothing to draw."""
        histories = (trace.history, *trace.earlier)
        return "" if any(history.span() for history in histories) else "no number captured yet"

    def curves_of(self, trace: DrawnTrace, columns: int) -> list[Curve]:
        """Return this run's curves, then what persists of earlier runs, the latest first."""
        curves = self._curves_of_run(trace, trace.history, columns)
        mode = self.runs_menu.choice
        if not trace.earlier or mode is Persistence.LAST:
            return curves
        if mode is not Persistence.FADING:
            return self._merged(trace, curves, columns)
        for runs_ago, history in enumerate(reversed(trace.earlier), 1):
            opacity = earlier_opacity(runs_ago)
            for curve in self._curves_of_run(trace, history, columns):
                curves.append(replace(curve, name="", opacity=opacity))
        return curves

    def _merged(self, trace: DrawnTrace, curves: list[Curve], columns: int) -> list[Curve]:
        """Return the mean of all runs, or this run's curves over the band of all."""
        earlier = [self._curves_of_run(trace, history, columns) for history in trace.earlier]
        merged: list[Curve] = []
        for place, curve in enumerate(curves):
            runs = [(one[place].x, one[place].y) for one in (*earlier, curves) if place < len(one)]
            grid = common_grid(runs, (self.x_range.low, self.x_range.high), columns)
            if self.x_scale is AxisScale.LOGARITHMIC and len(grid) == columns:
                grid = self.x_scale.values_at(grid)
            if self.runs_menu.choice is Persistence.MEAN:
                x, y = run_mean(runs, grid)
                merged.append(replace(curve, x=x, y=y))
                continue
            low, high = run_band(runs, grid)
            band = replace(curve, name="", x=grid, y=high, floor=low, opacity=BAND_OPACITY)
            merged += [curve, band]
        return merged

    def _curves_of_run(
        self, trace: DrawnTrace, history: HistoryReader, columns: int
    ) -> list[Curve]:
        if history.span() is None:
            return []
        curves = []
        is_complex = history.has_imaginary
        is_whole = history.kind in _WHOLE_KINDS
        for part in _PARTS if is_complex else _PARTS[:1]:
            x, y = self._envelope(history, columns, part)
            color, style = self.part_look(trace, part)
            name = self.part_name(trace, part if is_complex else "")
            curves.append(Curve(name, color, x, y, is_whole, style, trace.side))
        return curves

    def _envelope(
        self, history: HistoryReader, columns: int, part: Literal["re", "im"]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        if self.x_scale is AxisScale.LOGARITHMIC:
            ends = (self.x_range.low, self.x_range.high)
            return log_envelope(history, ends, columns, axis=self.axis, part=part)
        # Lines that run on to the edges need the captures just outside.
        margin = 1.0 if self.axis == "index" else 0.0
        low, high = self.x_window
        return history.envelope(low - margin, high + margin, columns, axis=self.axis, part=part)

    def is_whole(self) -> bool:
        """Whether bools or ints are captured now."""
        return all(trace.history.kind in _WHOLE_KINDS for trace in self.shown_traces)

    def paint_data(self, painter: QPainter, frame: PlotFrame) -> None:
        """Paint the curves and a head on the newest value."""
        super().paint_data(painter, frame)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        for placed in reversed(self.placed):
            if placed.newest is not None and placed.curve.opacity == 1.0:
                painter.setBrush(QColor(placed.curve.color))
                painter.drawEllipse(placed.newest, _HEAD_PX, _HEAD_PX)

    def linear_x_ticks(self, most: int) -> Ticks:
        """Return whole captures, or seconds."""
        if self.axis == "time":
            return time_ticks(self.x_range.low, self.x_range.high, most)
        return value_ticks(self.x_range.low, self.x_range.high, most, whole=True)

    def x_title(self) -> str:
        """Return the unit of the horizontal axis."""
        if self.axis == "time":
            return "" if self.x_scale is AxisScale.LINEAR else "s"  # the ticks' note says it
        return "capture"

    def x_text(self, x: float) -> str:
        """Return a horizontal position as the readout tells it."""
        return f"{number_text(x)} s" if self.axis == "time" else f"capture {x:,.0f}"

    def notes(self) -> tuple[str, ...]:
        """Say what was let go and that more captures are in view than columns."""
        if not self.shown_traces:
            return ()
        history = self.shown_traces[0].history
        notes = list(self.run_notes())
        if history.dropped_scalars:
            notes.append(f"oldest {count_text(history.dropped_scalars)} let go")
        drawn = len(self.curves[0].x) if self.curves else 0
        in_view = self._count_in_view(history)
        if in_view > drawn > 0:
            is_even = self.x_scale is AxisScale.LINEAR
            each = count_text(_two_digits(2 * in_view / drawn))
            notes.append(f"min/max of {each} each" if is_even else "min/max by the pixel")
        return tuple(notes)

    def _count_in_view(self, history: HistoryReader) -> int:
        low, high = self.x_window
        span = history.span("index")
        if span is None:
            return 0
        if self.axis == "index":
            return max(int(min(high, span[1])) - int(max(low, span[0])) + 1, 0)
        bounds_ns = np.clip([low, high], -1e9, 1e9) * 1e9 + history.epoch_ns
        first, last = (history.index_at(int(t_ns)) for t_ns in bounds_ns.tolist())
        return max(last - max(first, int(span[0])), 0)

    def measured(self) -> list[MeasuredCurve]:
        """Return all stored scalars of the traces; the points themselves of a mean of runs."""
        if self.is_mean_of_runs:
            return self.measured_points(note="the mean of runs, as drawn")
        curves = []
        for trace in self.shown_traces:
            history = trace.history
            if history.span() is None:
                continue
            for part in _PARTS if history.has_imaginary else _PARTS[:1]:
                name = self.part_name(trace, part if history.has_imaginary else "")
                samples = HistorySamples(history, self.axis, part)
                color, note = self.part_look(trace, part)[0], rounding_note(history)
                curves.append(MeasuredCurve(name, color, samples, note))
        return curves

    def view_actions(self) -> Sequence[QAction]:
        """Return the actions for the panel's menu."""
        own = (self.follow_action, self.time_action)
        return (*own, *super().view_actions())

    def header_actions(self) -> Sequence[QAction]:
        """Return the actions that stand in the panel's header."""
        return (self.follow_action, self.auto_action)

    def _follow(self, wanted: bool) -> None:
        before = self.view()
        if wanted:
            self.x_range.set_follow()
        else:
            self.x_range.set_user(self.x_range.low, self.x_range.high)
        self.rebuild()
        self.view_was_changed(before)

    def _change_axis(self) -> None:
        # A range in captures means nothing in seconds.
        self.x_range.set_auto()
        self.rebuild()
        self.changed.emit()

    def x_kind(self) -> str:
        """Return what the horizontal axis counts."""
        return "s" if self.axis == "time" else "capture"

    def data(self) -> dict[str, NDArray[Any]]:
        """Return all stored captures of the shown traces."""
        columns: dict[str, NDArray[Any]] = {}
        for trace in self.shown_traces:
            series = trace.history.scalars()
            name = trace.title
            columns[f"{name} number"] = series.first + np.arange(len(series))
            columns[f"{name} t_ns"] = np.asarray(series.t_ns)
            exact = series.value if series.whole is None else series.whole
            columns[f"{name} value"] = np.asarray(exact)
            if series.imag is not None:
                columns[f"{name} imag"] = np.asarray(series.imag)
        return columns

    def state(self) -> dict[str, object]:
        """Return what the user chose."""
        return {**super().state(), "axis": self.axis}

    def restore(self, state: Mapping[str, object]) -> None:
        """Take over what the user chose once."""
        self.time_action.setChecked(state.get("axis") == "time")
        super().restore(state)


def _two_digits(number: float) -> int:
    """Round so that a count that grows with every frame does not flicker."""
    size: int = 10 ** max(len(str(int(number))) - 2, 0)
    return round(number / size) * size
