"""Paints what lies around and under the data: ground, grid, frame, tick labels, legend."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

import numpy as np
from PyQt6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from pyprobe.plots.plot_frame import PlotFrame
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.ticks import Ticks
from pyprobe.plots.title_forms import told_apart

LABEL_GAP_PX = 6.0
LABELS_FROM_PX = 64  # a lower plot has no horizontal labels: the data need the room
LOW_EDGE_PX = 4.0  # above and below the data of a low plot
_LEGEND_GAP_PX = 12.0
_SWATCH_PX = 10.0
_TOP_PX = 7.0
_BAND_ALPHA = 40
_LABEL_EDGE_PX = 2.0  # between a label and the edge of the plot
_TWO_LINES_FROM_PX = 110.0  # a lower plot has the horizontal title beside the labels
_LEAST_LABELS = 2  # fewer tell no scale


class LegendEntry(NamedTuple):
    """A word and the ``#rrggbb`` it stands for; ``trace`` is the place of the trace it names."""

    text: str
    color: str
    trace: int | None = None
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Axes:
    """What stands on the axes of one drawing; ``x_title`` names the horizontal unit.

    ``right_note`` completes the labels of an axis at the right, which paints it itself.
    """

    x: Ticks
    y: Ticks
    x_title: str = ""
    legend: tuple[LegendEntry, ...] = ()
    right_note: str = ""

    @property
    def whole_x_title(self) -> str:
        """The horizontal unit with the factor or the start of its labels."""
        return " ".join(part for part in (self.x.note, self.x_title) if part)


def gutter_width(ticks: Ticks, metrics: QFontMetricsF) -> float:
    """Return the width the labels left of the data need."""
    widest = max((metrics.horizontalAdvance(label) for label in ticks.labels), default=0.0)
    return widest + 2 * LABEL_GAP_PX


def top_height(axes: Axes, metrics: QFontMetricsF, height: float = inf) -> float:
    """Return the height of the strip above the data: a line where there is something to say.

    A plot of a low ``height`` has one only for what its labels cannot be read without.
    """
    line = metrics.height() + 4.0
    if height < LABELS_FROM_PX:
        return line if axes.y.note and height >= 2 * line else LOW_EDGE_PX
    return line if axes.y.note or axes.legend else _TOP_PX


def is_note_there(frame: PlotFrame, metrics: QFontMetricsF) -> bool:
    """Whether a note has room above the data; labels that need one are not shown without it."""
    return frame.top >= metrics.height()


def bottom_height(metrics: QFontMetricsF, title: str, height: float) -> float:
    """Return the height of the strip below the data of a plot: its labels, below them the title.

    A low plot has both in one line.
    """
    lines = 2 if title and height >= _TWO_LINES_FROM_PX else 1
    return lines * metrics.height() + LABEL_GAP_PX


class AxesPainter:
    """Holds the pens of a theme, so that a frame makes none."""

    def __init__(self, theme: PlotTheme) -> None:
        self.panel = QColor(theme.panel)
        self.canvas = QColor(theme.canvas)
        self._grid = cosmetic_pen(theme.grid)
        self._frame = cosmetic_pen(theme.frame)
        self._focus = cosmetic_pen(theme.accent)
        self._muted = QPen(QColor(theme.muted))
        self._text = QPen(QColor(theme.text))
        self.legend_areas: list[tuple[QRectF, LegendEntry]] = []

    def paint_band(self, painter: QPainter, band: QRectF) -> None:
        """Paint the rectangle that is zoomed to."""
        fill = QColor(self._focus.color())
        fill.setAlpha(_BAND_ALPHA)
        painter.setPen(self._focus)
        painter.setBrush(fill)
        painter.drawRect(band)

    def paint_ground(self, painter: QPainter, frame: PlotFrame, axes: Axes, *, grid: bool) -> None:
        """Paint the ground of the data area and the grid."""
        painter.fillRect(_area(frame), self.canvas)
        if not grid:
            return
        painter.setPen(self._grid)
        lines = [QLineF(x, frame.top, x, frame.bottom) for x in _places(frame, axes.x, across=True)]
        lines += [QLineF(frame.left, y, frame.right, y) for y in _places(frame, axes.y)]
        if lines:
            painter.drawLines(*lines)

    def paint_sentence(self, painter: QPainter, area: QRectF, sentence: str) -> None:
        """Say why there is nothing, in the middle of the data area."""
        painter.setPen(self._muted)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(area.adjusted(6, 2, -6, -2), int(flags), sentence)

    def paint_around(
        self, painter: QPainter, frame: PlotFrame, axes: Axes, *, room: QSizeF, focused: bool
    ) -> None:
        """Paint the frame, and where there is room labels, notes and legend; never over data.

        ``room`` is the width of the plot, and the height from its top to what stands below it.
        """
        painter.setPen(self._focus if focused else self._frame)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(_area(frame))
        painter.setPen(self._muted)
        metrics = QFontMetricsF(painter.font())
        if not axes.y.note or is_note_there(frame, metrics):
            self._paint_y_labels(painter, frame, axes, metrics)
        if room.height() - frame.bottom >= metrics.height():
            self._paint_x_labels(painter, frame, axes, metrics, room)
        if not is_note_there(frame, metrics):
            return
        if axes.y.note:
            painter.drawText(QPointF(frame.left, frame.top - 4.0), axes.y.note)
        left, right = (
            metrics.horizontalAdvance(note) + _LEGEND_GAP_PX if note else 0.0
            for note in (axes.y.note, axes.right_note)
        )
        self._paint_legend(painter, frame, axes.legend, (frame.left + left, frame.right - right))

    def _paint_y_labels(
        self, painter: QPainter, frame: PlotFrame, axes: Axes, metrics: QFontMetricsF
    ) -> None:
        drop = metrics.ascent() / 2 - metrics.descent() / 2
        last = inf
        for y, label in zip(_places(frame, axes.y), axes.y.labels, strict=True):
            # In a very low plot not all have room.
            if frame.top - 1 <= y <= frame.bottom + 1 and abs(last - y) >= metrics.ascent() * 0.8:
                last = y
                width = metrics.horizontalAdvance(label)
                painter.drawText(QPointF(frame.left - LABEL_GAP_PX - width, y + drop), label)

    def _paint_x_labels(
        self,
        painter: QPainter,
        frame: PlotFrame,
        axes: Axes,
        metrics: QFontMetricsF,
        room: QSizeF,
    ) -> None:
        baseline = frame.bottom + LABEL_GAP_PX / 2 + metrics.ascent()
        right, title = room.width() - _LABEL_EDGE_PX, axes.whole_x_title
        labels = _label_places(frame, axes.x, metrics, right)
        has_two_lines = room.height() - frame.bottom >= 2 * metrics.height()
        if not has_two_lines:
            title, labels = _sharing_line(frame, axes, metrics, labels)
        if title:
            start = max(frame.right - metrics.horizontalAdvance(title), _LABEL_EDGE_PX)
            below = metrics.height() if has_two_lines else 0.0
            painter.drawText(QPointF(start, baseline + below), title)
        for start, label in labels:
            painter.drawText(QPointF(start, baseline), label)

    def _paint_legend(
        self,
        painter: QPainter,
        frame: PlotFrame,
        legend: Sequence[LegendEntry],
        between: tuple[float, float],
    ) -> None:
        """Paint names as long as all have room, and how many of them have none."""
        self.legend_areas = []
        left, x = between
        metrics = QFontMetricsF(painter.font())
        middle = frame.top - 4.0 - metrics.ascent() / 2 + metrics.descent() / 2
        texts = _legend_texts(legend, x - left, metrics)
        for place in reversed(range(len(legend))):
            entry, text = legend[place], texts[place]
            right = x
            x -= metrics.horizontalAdvance(text)
            more = f"+{place}" if place else ""
            if x - _SWATCH_PX - 4.0 - metrics.horizontalAdvance(more) < left:
                painter.setPen(self._muted)
                start = right - metrics.horizontalAdvance(f"+{place + 1}")
                painter.drawText(QPointF(start, frame.top - 4.0), f"+{place + 1}")
                return
            painter.setPen(self._muted if entry.trace is None or entry.is_hidden else self._text)
            painter.drawText(QPointF(x, frame.top - 4.0), text)
            x -= _SWATCH_PX + 4.0
            color = self._muted.color() if entry.is_hidden else QColor(entry.color)
            thickness = 1.0 if entry.is_hidden else 2.0
            painter.fillRect(QRectF(x, middle - 1.0, _SWATCH_PX, thickness), color)
            if entry.trace is not None:
                area = QRectF(x - 2.0, 0.0, right - x + 4.0, frame.top)
                self.legend_areas.append((area, entry))
            x -= _LEGEND_GAP_PX

    def legend_at(self, position: QPointF) -> LegendEntry | None:
        """Return the entry of a trace that was painted at a place."""
        for area, entry in self.legend_areas:
            if area.contains(position):
                return entry
        return None


def cosmetic_pen(color: str, width_px: float = 1.0) -> QPen:
    """Return a pen whose width is in pixels of the screen, which Qt draws fastest."""
    pen = QPen(QColor(color), width_px)
    pen.setCosmetic(True)
    return pen


def _legend_texts(
    legend: Sequence[LegendEntry], room_px: float, metrics: QFontMetricsF
) -> list[str]:
    def width(texts: Sequence[str]) -> float:
        swatches = len(texts) * (_SWATCH_PX + 4.0) + (len(texts) - 1) * _LEGEND_GAP_PX
        return sum(map(metrics.horizontalAdvance, texts)) + swatches

    return told_apart([entry.text for entry in legend], width, room_px)


def _label_places(
    frame: PlotFrame, ticks: Ticks, metrics: QFontMetricsF, right: float
) -> list[tuple[float, str]]:
    """Return where the horizontal labels begin that have room side by side, within the plot."""
    found, next_free = [], 0.0
    for x, label in zip(_places(frame, ticks, across=True), ticks.labels, strict=True):
        width = metrics.horizontalAdvance(label)
        start = max(min(x - width / 2, right - width), _LABEL_EDGE_PX)
        if start >= next_free and frame.left - 1 <= x <= frame.right + 1:
            found.append((start, label))
            next_free = start + width + LABEL_GAP_PX
    return found


def _sharing_line(
    frame: PlotFrame, axes: Axes, metrics: QFontMetricsF, labels: list[tuple[float, str]]
) -> tuple[str, list[tuple[float, str]]]:
    """Return the title and the labels that share a line; two labels, which tell the scale, stay.

    So do the factor and the start that the labels cannot be read without.
    """
    note = axes.x.note
    for title in filter(None, (axes.whole_x_title, note)):
        end = frame.right - metrics.horizontalAdvance(title) - LABEL_GAP_PX
        kept = [one for one in labels if one[0] + metrics.horizontalAdvance(one[1]) <= end]
        if title == note or len(kept) >= min(len(labels), _LEAST_LABELS):
            return title, kept
    return "", labels


def _area(frame: PlotFrame) -> QRectF:
    return QRectF(frame.left, frame.top, frame.width, frame.height)


def _places(frame: PlotFrame, ticks: Ticks, *, across: bool = False) -> list[float]:
    """Pixel places of ticks, on pixel centres so that hair lines stay sharp."""
    positions = np.array(ticks.positions, np.float64)
    pixels = frame.x_pixels(positions) if across else frame.y_pixels(positions)
    places: list[float] = (np.floor(pixels) + 0.5).tolist()
    return places
