"""Scalar history: the captured numbers of a probe over their count or over time."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QAction, QColor, QPainter

from pyprobe.ipc.columns import ValueKind
from pyprobe.plots.axis_range import RangeMode
from pyprobe.plots.curve_canvas import CurveCanvas
from pyprobe.plots.curves import Curve
from pyprobe.plots.number_text import count_text, number_text
from pyprobe.plots.plot_frame import PlotFrame
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.ticks import Ticks, time_ticks, value_ticks
from pyprobe.session.history import History

_HEAD_PX = 2.6
_RIGHT_PADDING_PX = 5.0  # so that the newest point is seen whole
_PARTS: tuple[Literal["re", "im"], ...] = ("re", "im")


class ScalarHistoryLens(CurveCanvas):
    """Numbers over capture index or time; complex ones as two curves, bools and ints as steps."""

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__(theme, color)
        self._history: History | None = None
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

    def show_history(self, history: History) -> None:
        """Draw the history as it is now."""
        self._history = history
        self.rebuild()

    def rebuild(self) -> None:
        """Load, lay out and place everything anew."""
        super().rebuild()
        self.follow_action.setChecked(self.x_range.mode is RangeMode.FOLLOW)

    def fit_x(self) -> None:
        """Show all captures, or keep the newest at the right edge."""
        span = self._history.span(self.axis) if self._history is not None else None
        if span is None:
            return
        first, last = span
        padding = _RIGHT_PADDING_PX / max(self.width(), 50)
        if self.x_range.mode is RangeMode.FOLLOW:
            self.x_range.follow(last + (self.x_range.high - self.x_range.low) * padding)
        elif first < last:
            self.x_range.fit(first, last + (last - first) * padding)
        else:
            margin = 1.0 if self.axis == "index" else 1e-3
            self.x_range.fit(first - margin, last + margin)

    def load(self, columns: int) -> None:
        """Fetch the envelope of what is in view."""
        self.curves = []
        history = self._history
        if history is None or history.span() is None:
            self.empty_sentence = "no number captured yet"
            return
        is_complex = history.scalars().imag is not None
        # Lines that run on to the edges need the captures just outside.
        margin = 1.0 if self.axis == "index" else 0.0
        for part in _PARTS if is_complex else _PARTS[:1]:
            x, y = history.envelope(
                self.x_range.low - margin,
                self.x_range.high + margin,
                columns,
                axis=self.axis,
                part=part,
            )
            self.curves.append(Curve(part, self.part_color(part), x, y, self.is_whole()))
        seen = any(len(curve.y) for curve in self.curves)
        drawn = any(bool(np.isfinite(curve.y).any()) for curve in self.curves)
        self.empty_sentence = "only NaN and infinities here" if seen and not drawn else ""
        self.fit_y()

    def is_whole(self) -> bool:
        """Whether bools or ints are captured now."""
        return self._history is not None and self._history.kind in (ValueKind.BOOL, ValueKind.INT)

    def paint_data(self, painter: QPainter, frame: PlotFrame) -> None:
        """Paint the curves and a head on the newest value."""
        super().paint_data(painter, frame)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        for placed in reversed(self.placed):
            if placed.newest is not None:
                painter.setBrush(QColor(placed.curve.color))
                painter.drawEllipse(placed.newest, _HEAD_PX, _HEAD_PX)

    def x_ticks(self, most: int) -> Ticks:
        """Return whole captures, or seconds."""
        if self.axis == "time":
            return time_ticks(self.x_range.low, self.x_range.high, most)
        return value_ticks(self.x_range.low, self.x_range.high, most, whole=True)

    def x_title(self) -> str:
        """Return the unit of the horizontal axis."""
        return "" if self.axis == "time" else "capture"

    def x_text(self, x: float) -> str:
        """Return a horizontal position as the readout tells it."""
        return f"{number_text(x)} s" if self.axis == "time" else f"capture {x:,.0f}"

    def notes(self) -> tuple[str, ...]:
        """Say what was let go and that more captures are in view than columns."""
        if self._history is None:
            return ()
        notes = []
        if self._history.dropped_scalars:
            notes.append(f"oldest {count_text(self._history.dropped_scalars)} let go")
        drawn = len(self.curves[0].x) if self.curves else 0
        in_view = self._count_in_view(self._history)
        if in_view > drawn > 0:
            notes.append(f"min/max of {count_text(_two_digits(2 * in_view / drawn))} each")
        return tuple(notes)

    def _count_in_view(self, history: History) -> int:
        low, high = self.x_range.low, self.x_range.high
        series = history.scalars()
        if self.axis == "index":
            last = series.first + len(series.value) - 1
            return max(int(min(high, last)) - int(max(low, series.first)) + 1, 0)
        bounds_ns = np.clip([low, high], -1e9, 1e9) * 1e9 + history.epoch_ns
        first, last = np.searchsorted(series.t_ns, bounds_ns.astype(np.int64)).tolist()
        return int(last - first)

    def view_actions(self) -> Sequence[QAction]:
        """Return the actions for the panel's menu."""
        return (self.auto_action, self.follow_action, self.time_action, self.grid_action)

    def header_actions(self) -> Sequence[QAction]:
        """Return the actions that stand in the panel's header."""
        return (self.follow_action, self.auto_action)

    def _follow(self, wanted: bool) -> None:
        if wanted:
            self.x_range.set_follow()
        else:
            self.x_range.set_user(self.x_range.low, self.x_range.high)
        self.rebuild()

    def _change_axis(self) -> None:
        # A range in captures means nothing in seconds.
        self.x_range.set_auto()
        self.rebuild()


def _two_digits(number: float) -> int:
    """Round so that a count that grows with every frame does not flicker."""
    size: int = 10 ** max(len(str(int(number))) - 2, 0)
    return round(number / size) * size
