"""Image: the newest 2-D array, row 0 at the top, as colours between automatic levels."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QAction, QColor, QFontMetricsF, QImage, QPainter, QPen

from pyprobe.plots.axis_range import RangeMode
from pyprobe.plots.color_map import LEVELS, color_table
from pyprobe.plots.image_plane import Levels, auto_levels, colored, plane_of, sampled
from pyprobe.plots.plot_canvas import PlotCanvas
from pyprobe.plots.plot_frame import PlotFrame
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.ticks import Ticks, value_ticks
from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.values import ArrayValue, format_scalar

_MARGIN_PX = 10.0
_BAR_PX = 10.0
_BAR_GAP_PX = 8.0
_BAR_FROM_WIDTH_PX = 260  # narrower panels show no bar: the image needs the room
_SQUARE_UP_TO = 8.0  # longer images fill the panel, as square pixels would leave a hair


class ImageLens(PlotCanvas):
    """Pixel centres lie on whole coordinates: x is the column, y the row."""

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__(theme, color, zoom_both=True)
        self.frame = PlotFrame(0, 0, 1, 1, 0, 1, 0, 1, y_down=True)
        self.levels = Levels(0.0, 1.0)
        self.drawn: NDArray[np.uint32] = np.empty((0, 0), np.uint32)
        self._table = color_table(theme.missing)
        self._value: ArrayValue | None = None
        self._plane: NDArray[Any] = np.empty((0, 0))
        self._columns = 8
        self._target = QRectF()
        self.square_action = QAction("Square pixels", self)
        self.square_action.setCheckable(True)
        self.square_action.setChecked(True)
        self.square_action.setShortcut("S")
        self.square_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.square_action.triggered.connect(lambda _on: self.guarded(self.rebuild))
        self.addAction(self.square_action)

    def set_theme(self, theme: PlotTheme, color: str) -> None:
        """Draw in these colours."""
        self._table = color_table(theme.missing)
        super().set_theme(theme, color)

    def show_history(self, history: HistoryReader) -> None:
        """Draw the newest value, which is a 2-D array of numbers."""
        last = history.last
        if not isinstance(last, ArrayValue):
            return
        if last is not self._value:
            self._value = last
            self._plane = plane_of(last.array)
            self.levels = auto_levels(self._plane)
            is_bool = last.array.dtype.kind == "b"
            self.levels = Levels(0.0, 1.0) if is_bool else self.levels
        self.rebuild()

    @property
    def _is_square(self) -> bool:
        rows, columns = self._plane.shape
        ratio = max(rows, columns) / max(min(rows, columns), 1)
        return self.square_action.isChecked() and ratio <= _SQUARE_UP_TO

    def fit_x(self) -> None:
        """Show all columns."""
        self.x_range.fit(-0.5, max(self._plane.shape[1], 1) - 0.5)

    def load(self, columns: int) -> None:
        """Show all rows; with square pixels, leave room along one axis."""
        self._columns = columns
        self.empty_sentence = ""
        if not self._plane.size:
            shape = " × ".join(map(str, self._plane.shape))
            self.empty_sentence = f"empty image, {shape}"
        rows = max(self._plane.shape[0], 1)
        self.y_range.fit(-0.5, rows - 0.5)
        if (
            self.x_range.mode is RangeMode.AUTO
            and self.y_range.mode is RangeMode.AUTO
            and self._is_square
        ):
            self._make_square(columns / self.devicePixelRatioF())

    def _make_square(self, width: float) -> None:
        metrics = QFontMetricsF(self.font())
        height = max(self.height() - metrics.height() - 6.0 - 7.0, 8.0)
        rows, columns = max(self._plane.shape[0], 1), max(self._plane.shape[1], 1)
        pixel = min(width / columns, height / rows)
        more_x, more_y = (width / pixel - columns) / 2, (height / pixel - rows) / 2
        self.x_range.fit(-0.5 - more_x, columns - 0.5 + more_x)
        self.y_range.fit(-0.5 - more_y, rows - 0.5 + more_y)

    def place(self, frame: PlotFrame) -> None:
        """Colour the part in view: every pixel, or as many as the screen has."""
        ratio = self.devicePixelRatioF()
        count_y, count_x = self._plane.shape
        first_x, last_x = int(np.floor(frame.x_low + 0.5)), int(np.ceil(frame.x_high + 0.5))
        first_y, last_y = int(np.floor(frame.y_low + 0.5)), int(np.ceil(frame.y_high + 0.5))
        first_x, last_x = max(first_x, 0), min(last_x, count_x)
        first_y, last_y = max(first_y, 0), min(last_y, count_y)
        if first_x >= last_x or first_y >= last_y:
            self.drawn = np.empty((0, 0), np.uint32)
            return
        rows = sampled(count_y, first_y, last_y, max(int(frame.height * ratio), 1))
        columns = sampled(count_x, first_x, last_x, max(int(frame.width * ratio), 1))
        part = self._plane[rows][:, columns]
        self.drawn = np.ascontiguousarray(colored(part, self.levels, self._table))
        left, right = frame.x_pixels(np.array([first_x - 0.5, last_x - 0.5])).tolist()
        top, bottom = frame.y_pixels(np.array([first_y - 0.5, last_y - 0.5])).tolist()
        self._target = QRectF(QPointF(left, top), QPointF(right, bottom))

    def paint_data(self, painter: QPainter, frame: PlotFrame) -> None:
        """Paint the image, pixels as sharp rectangles."""
        if not self.drawn.size:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(self._target, _as_image(self.drawn))

    def right_margin(self) -> float:
        """Return the room of the colour bar and its two labels."""
        if self.width() < _BAR_FROM_WIDTH_PX:
            return _MARGIN_PX
        metrics = QFontMetricsF(self.font())
        widest = max(metrics.horizontalAdvance(text) for text in self._level_texts())
        return float(int(_BAR_GAP_PX + max(_BAR_PX, widest) + 7.0))

    def _level_texts(self) -> tuple[str, str]:
        return f"{self.levels.high:.4g}", f"{self.levels.low:.4g}"

    def paint_beside(self, painter: QPainter, frame: PlotFrame) -> None:
        """Paint the colour bar with the levels at its ends."""
        if self.width() < _BAR_FROM_WIDTH_PX or not self._plane.size:
            return
        metrics = QFontMetricsF(painter.font())
        line = metrics.height()
        left = frame.right + _BAR_GAP_PX
        bar = QRectF(left, frame.top + line, _BAR_PX, frame.height - 2 * line)
        if bar.height() >= line:
            colors = np.ascontiguousarray(self._table[LEVELS - 1 :: -1].reshape(LEVELS, 1))
            painter.drawImage(bar, _as_image(colors))
        painter.setPen(QPen(QColor(self.theme.muted)))
        high, low = self._level_texts()
        painter.drawText(QPointF(left, frame.top + metrics.ascent() - 2.0), high)
        painter.drawText(QPointF(left, frame.bottom - 1.0), low)

    def y_ticks(self, most: int) -> Ticks:
        """Return whole rows."""
        return value_ticks(self.y_range.low, self.y_range.high, most, whole=True)

    def x_title(self) -> str:
        """Return the unit of the horizontal axis."""
        return "column"

    def readout(self, x: float, y: float) -> str:
        """Return row, column and the exact value under the mouse."""
        row, column = int(np.floor(y + 0.5)), int(np.floor(x + 0.5))
        rows, columns = self._plane.shape
        if self._value is None or not (0 <= row < rows and 0 <= column < columns):
            return ""
        value = self._value.array[row, column].item()
        return f"[{row}, {column}]: {format_scalar(value)}"

    def notes(self) -> tuple[str, ...]:
        """Say what is shown of the values and what was left out."""
        notes = []
        if self._value is not None and self._value.array.dtype.kind == "c":
            notes.append("magnitude")
        if self._value is not None and self._value.reduced:
            notes.append(f"reduced: {self._value.reduced}")
        rows_in_view = min(self.frame.y_high, self._plane.shape[0]) - max(self.frame.y_low, 0)
        if self.drawn.size and rows_in_view > self.drawn.shape[0] + 1:
            notes.append(f"drawn 1 / {rows_in_view / self.drawn.shape[0]:.3g} rows")
        return tuple(notes)

    def view_actions(self) -> tuple[QAction, ...]:
        """Return the actions for the panel's menu."""
        return (self.auto_action, self.square_action)


def _as_image(colors: NDArray[np.uint32]) -> QImage:
    """Return a QImage over the array's memory, which the caller keeps while it is painted."""
    height, width = colors.shape
    return QImage(colors.data, width, height, width * 4, QImage.Format.Format_RGB32)  # type: ignore[call-overload,no-any-return]
