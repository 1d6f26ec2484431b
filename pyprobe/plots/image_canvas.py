"""ImageCanvas: a plane of numbers or a picture of colours on axes, with levels and a colour bar."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QAction, QColor, QFontMetricsF, QMouseEvent, QPainter

from pyprobe.plots.color_map import ColorMap, color_table
from pyprobe.plots.image_color_bar import BarPart, ColorBar, as_image
from pyprobe.plots.image_levels import (
    Levels,
    LevelsMode,
    around_zero,
    auto_levels,
    deciding_rows,
    percentile_levels,
)
from pyprobe.plots.image_picture import picture_colors
from pyprobe.plots.image_plane import colored, picked, plane_of, sampled
from pyprobe.plots.option_menu import OptionMenu
from pyprobe.plots.plot_canvas import PlotCanvas
from pyprobe.plots.plot_frame import PlotFrame
from pyprobe.plots.range_editor import RangeEditor
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.ticks import Ticks, value_ticks

_MARGIN_PX = 10.0
_BAR_FROM_WIDTH_PX = 260  # narrower panels show no bar: the image needs the room


class ImageCanvas(PlotCanvas):
    """Pixel centres lie on whole coordinates: x is the column, y the row, row 0 at the top.

    A subclass calls ``set_image`` when there is a new one. ``x0`` and ``dx`` say where columns lie
    on the horizontal axis: column c at ``x0 + c * dx``.
    """

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__(theme, color, zoom_both=True)
        self.frame = PlotFrame(0, 0, 1, 1, 0, 1, 0, 1, y_down=True)
        self.image: NDArray[Any] = np.empty((0, 0))
        self.is_picture = False
        self.x0, self.dx = 0.0, 1.0
        self.drawn: NDArray[np.uint32] = np.empty((0, 0), np.uint32)
        self._level_step = 1
        self._target = QRectF()
        self.bar = ColorBar(self._drag_levels, self._end_drag)
        self.tools = [self.bar]
        self.map_menu = OptionMenu("Colours", ColorMap.VIRIDIS, self._on_map, self)
        self.levels_menu = OptionMenu("Levels", LevelsMode.AUTO, self._on_mode, self)
        for part in (BarPart.LOW, BarPart.HIGH):
            action = QAction(f"Type the {part.value}…", self.levels_menu.menu)
            action.triggered.connect(
                lambda _on, part=part: self.guarded(lambda: self._edit_level(part))
            )
            self.levels_menu.menu.addAction(action)
        self._table = color_table(theme.missing)

    # The image and its levels.

    @property
    def levels(self) -> Levels:
        """The values that get the first and the last colour."""
        return self.bar.levels

    def set_image(self, image: NDArray[Any], *, is_picture: bool = False) -> None:
        """Show H × W numbers, or H × W × 3 or 4 colours."""
        self.image = image
        self.is_picture = is_picture
        self._find_levels()

    def _find_levels(self) -> None:
        """Let the image decide about the levels, unless the user has."""
        if self.levels_menu.choice is LevelsMode.FIXED or self.is_picture:
            return
        rows, self._level_step = deciding_rows(self.image)
        if self.image.dtype.kind == "b":
            levels = Levels(0.0, 1.0)
        elif self.levels_menu.choice is LevelsMode.PERCENTILE:
            levels = percentile_levels(plane_of(rows))
        else:
            levels = auto_levels(plane_of(rows))
        self.bar.levels = around_zero(levels) if self.map_menu.choice.is_symmetric else levels

    def set_levels(self, levels: Levels, mode: LevelsMode = LevelsMode.FIXED) -> None:
        """Take levels from the user, or with another mode hand them back to the data."""
        self.levels_menu.restore(mode.value)
        self.bar.levels = levels
        self._find_levels()
        self.rebuild()
        self.changed.emit()

    def _on_mode(self, _mode: LevelsMode) -> None:
        self.guarded(self._levels_changed)

    def _on_map(self, color_map: ColorMap) -> None:
        self._table = color_table(self.theme.missing, color_map)
        self.guarded(self._levels_changed)

    def _levels_changed(self) -> None:
        self._find_levels()
        self.rebuild()
        self.changed.emit()

    def _drag_levels(self, levels: Levels) -> None:
        self.levels_menu.restore(LevelsMode.FIXED.value)
        self.bar.levels = levels
        self.rebuild()

    def _end_drag(self, _before: Levels) -> None:
        self.changed.emit()

    def _edit_level(self, part: BarPart) -> None:
        is_high = part is BarPart.HIGH

        def take(value: float) -> str:
            before = self.levels
            low, high = (before.low, value) if is_high else (value, before.high)
            if not low < high:
                return "the lower level must be below the upper one"
            self.set_levels(Levels(low, high))
            return ""

        area = self.bar.area
        editor = RangeEditor(self.levels.high if is_high else self.levels.low, take, self)
        editor.setAccessibleName(part.value.capitalize())
        editor.open_at(area.right(), area.top() if is_high else area.bottom())

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        """Type a level at the bar's ends, hand both back in its middle; else as any plot."""
        if event is not None and event.button() is Qt.MouseButton.LeftButton:
            part = self.bar.part_at(event.position())
            if part is BarPart.MIDDLE:
                self.guarded(lambda: self.set_levels(self.levels, LevelsMode.AUTO))
                return
            if part is not None:
                self.guarded(lambda: self._edit_level(part))
                return
        super().mouseDoubleClickEvent(event)

    def set_theme(self, theme: PlotTheme, color: str) -> None:
        """Draw in these colours."""
        self._table = color_table(theme.missing, self.map_menu.choice)
        super().set_theme(theme, color)

    # Layout.

    @property
    def rows(self) -> int:
        """The height of the image in pixels of its own."""
        return int(self.image.shape[0])

    @property
    def columns(self) -> int:
        """The width of the image in pixels of its own."""
        return int(self.image.shape[1])

    def fit_x(self) -> None:
        """Show all columns."""
        last = max(self.columns, 1) - 0.5
        self.x_range.fit(self.x0 - 0.5 * self.dx, self.x0 + last * self.dx)

    def load(self, columns: int) -> None:
        """Show all rows."""
        self.empty_sentence = "" if self.image.size else self.empty_reason()
        self.y_range.fit(-0.5, max(self.rows, 1) - 0.5)

    def empty_reason(self) -> str:
        """Return the sentence for an image without pixels."""
        return f"empty image, {' × '.join(map(str, self.image.shape))}"

    def place(self, frame: PlotFrame) -> None:
        """Colour the part in view: every pixel, or as many as the screen has."""
        ratio = self.devicePixelRatioF()
        left_column, right_column = ((x - self.x0) / self.dx for x in (frame.x_low, frame.x_high))
        first_x, last_x = _whole(left_column, right_column, self.columns)
        first_y, last_y = _whole(frame.y_low, frame.y_high, self.rows)
        if first_x >= last_x or first_y >= last_y:
            self.drawn = np.empty((0, 0), np.uint32)
            return
        rows = sampled(self.rows, first_y, last_y, max(int(frame.height * ratio), 1))
        columns = sampled(self.columns, first_x, last_x, max(int(frame.width * ratio), 1))
        self.drawn = np.ascontiguousarray(self._colors(picked(self.image, rows, columns)))
        ends = self.x0 + (np.array([first_x, last_x]) - 0.5) * self.dx
        left, right = frame.x_pixels(ends).tolist()
        top, bottom = frame.y_pixels(np.array([first_y - 0.5, last_y - 0.5])).tolist()
        self._target = QRectF(QPointF(left, top), QPointF(right, bottom))

    def _colors(self, part: NDArray[Any]) -> NDArray[np.uint32]:
        if self.is_picture:
            return picture_colors(part)
        return colored(plane_of(part), self.levels, self._table)

    def paint_data(self, painter: QPainter, frame: PlotFrame) -> None:
        """Paint the image, pixels as sharp rectangles."""
        if self.drawn.size:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            if self.is_picture:
                painter.fillRect(self._target, QColor(self.theme.canvas))
            painter.drawImage(self._target, as_image(self.drawn, has_opacity=self.is_picture))

    @property
    def has_bar(self) -> bool:
        """Whether there is a colour bar: not for pictures, nor where there is no room."""
        return not self.is_picture and self.width() >= _BAR_FROM_WIDTH_PX

    def right_margin(self) -> float:
        """Return the room of the colour bar and its two labels."""
        return self.bar.width(QFontMetricsF(self.font())) if self.has_bar else _MARGIN_PX

    def paint_beside(self, painter: QPainter, frame: PlotFrame) -> None:
        """Paint the colour bar."""
        self.bar.area = QRectF()
        if self.has_bar and self.image.size:
            is_set = self.levels_menu.choice is LevelsMode.FIXED
            self.bar.paint_beside(painter, frame, self._table, self.theme, is_set=is_set)

    def y_ticks(self, most: int) -> Ticks:
        """Return whole rows."""
        return value_ticks(self.y_range.low, self.y_range.high, most, whole=True)

    def x_title(self) -> str:
        """Return the unit of the horizontal axis."""
        return "column"

    def pixel_at(self, x: float, y: float) -> tuple[int, int] | None:
        """Return the row and column under a data position, if there is a pixel."""
        row, column = int(np.floor(y + 0.5)), int(np.floor((x - self.x0) / self.dx + 0.5))
        inside = 0 <= row < self.rows and 0 <= column < self.columns
        return (row, column) if inside else None

    # What is told and remembered.

    def notes(self) -> tuple[str, ...]:
        """Say what is shown of the values and what was left out."""
        notes = []
        if self.image.dtype.kind == "c":
            notes.append("magnitude")
        if not self.is_picture and self.levels_menu.choice is not LevelsMode.AUTO:
            notes.append(f"levels {self.levels_menu.choice.value}")
        elif not self.is_picture and self._level_step > 1:
            notes.append(f"levels of 1 / {self._level_step} rows")
        rows_in_view = min(self.frame.y_high, self.rows) - max(self.frame.y_low, 0)
        if self.drawn.size and rows_in_view > self.drawn.shape[0] + 1:
            notes.append(f"drawn 1 / {rows_in_view / self.drawn.shape[0]:.3g} rows")
        return tuple(notes)

    def data(self) -> dict[str, NDArray[Any]]:
        """Return the whole image that is shown, with its own values."""
        return {"image": self.image} if self.image.size else {}

    def view_actions(self) -> Sequence[QAction]:
        """Return the actions for the panel's menu."""
        menus = (self.map_menu.action, self.levels_menu.action)
        return (self.auto_action, self.mode_menu.action, *self.axis_entries(), *menus)

    def state(self) -> dict[str, object]:
        """Return what the user chose."""
        chosen: dict[str, object] = {"map": self.map_menu.choice.value}
        chosen["levels"] = self.levels_menu.choice.value
        if self.levels_menu.choice is LevelsMode.FIXED:
            chosen["fixed"] = list(self.levels)
        return {**super().state(), **chosen}

    def restore(self, state: Mapping[str, object]) -> None:
        """Take over what the user chose once."""
        super().restore(state)
        self.map_menu.restore(state.get("map"))
        self._table = color_table(self.theme.missing, self.map_menu.choice)
        match state.get("fixed"):
            case [int() | float() as low, int() | float() as high] if (
                np.isfinite([low, high]).all() and low < high
            ):
                self.bar.levels = Levels(float(low), float(high))
                self.levels_menu.restore(state.get("levels"))
            case None if state.get("levels") != LevelsMode.FIXED.value:
                self.levels_menu.restore(state.get("levels"))
        self._find_levels()


def _whole(low: float, high: float, count: int) -> tuple[int, int]:
    """Return the first pixel in view and the one after the last, of ``count``."""
    first, last = np.clip([np.floor(low + 0.5), np.ceil(high + 0.5)], 0, count).astype(int)
    return int(first), int(last)
