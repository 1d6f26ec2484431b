"""MeasuredCanvas: a plot of curves with cursors, markers and rows of measurements."""

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QAction, QHideEvent, QKeyEvent, QMouseEvent

from pyprobe.plots.axis_end import Axis
from pyprobe.plots.axis_range import RangeMode
from pyprobe.plots.axis_scale import AxisScale
from pyprobe.plots.curve_canvas import CurveCanvas
from pyprobe.plots.instruments import Instruments
from pyprobe.plots.measure_desk import MeasureDesk
from pyprobe.plots.measured_samples import MeasuredCurve, PointSamples, drawn_sample
from pyprobe.plots.note_editor import NoteEditor
from pyprobe.plots.readings import Reading, measured_values
from pyprobe.plots.theme import PlotTheme

_SNAP_PX = 40.0
_SEARCH_PX = 2.0  # around a drawn extreme lies the sample it is of


class MeasuredCanvas(CurveCanvas):
    """Measurements are taken between the cursors, or without them over what is in view."""

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__(theme, color)
        self.instruments = Instruments(
            self, theme.accent, self._snap, self._instruments_changed, self.done.emit
        )
        instruments = self.instruments
        self.tools = [instruments.markers, instruments.cursors]
        instruments.cursor_action.triggered.connect(
            lambda on: self.guarded(lambda: instruments.show_cursors(on, self.frame))
        )
        instruments.marker_action.triggered.connect(lambda _on: self.guarded(self.add_marker))
        instruments.note_action.triggered.connect(lambda _on: self.guarded(self._edit_chosen))
        instruments.measure_action.toggled.connect(self._on_measure)
        for action in instruments.keyed_actions:
            self.addAction(action)
        self.desk = MeasureDesk(self)
        self.desk.done.connect(self.read)

    def add_marker(self) -> None:
        """Set a marker on the data nearest to the mouse, or to the middle of the plot."""
        frame, markers = self.frame, self.instruments.markers
        middle = QPointF(frame.left + frame.width / 2, frame.top + frame.height / 2)
        before = list(markers.markers)
        if markers.add(self._mouse or middle) is None:
            self.readout_changed.emit("no data point is near enough for a marker")
            return
        self.instruments.tell_markers("add a marker", before)

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        """Write the note of a marker; else as any plot."""
        if event is not None and event.button() is Qt.MouseButton.LeftButton:
            number = self.instruments.markers.at(self.frame, event.position())
            if number is not None:
                self._edit_note(number, event.position())
                return
        super().mouseDoubleClickEvent(event)

    def _edit_chosen(self) -> None:
        """Write the note of the marker that is chosen."""
        markers = self.instruments.markers
        place = None if markers.active is None else markers.place(self.frame, markers.active)
        if markers.active is None or place is None:
            self.readout_changed.emit("no marker is chosen; K chooses the next one")
        else:
            self._edit_note(markers.active, place)

    def _edit_note(self, number: int, position: QPointF) -> None:
        take = partial(self.instruments.write_note, number)
        NoteEditor(self.instruments.markers.markers[number].note, take, self).open_at(position)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Shift and arrows move the marker that is chosen, else a cursor; else as any plot."""
        if event is None:
            return
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if not shift or step is None or not self._move_instrument(step):
            super().keyPressEvent(event)

    def _move_instrument(self, step: int) -> bool:
        """Move what is measured with; False where there is nothing to move."""
        cursors, markers = self.instruments.cursors, self.instruments.markers
        if markers.active is not None:
            before = list(markers.markers)
            self._step_marker(markers.active, step)
            if before != markers.markers:
                self.instruments.tell_markers("move a marker", before, merge=markers)
        elif cursors.is_shown:
            stood = cursors.positions
            cursors.step(self.frame, step)
            self.instruments.tell_cursors(stood, merge=cursors)
        else:
            return False
        return True

    def _step_marker(self, number: int, step: int) -> None:
        """Put a marker on the next point of the curve it stands on."""
        markers = self.instruments.markers
        at = markers.place(self.frame, number)
        found = None if at is None else self._nearest(at)
        if found is None:
            return
        curve = self.unscaled()[found[0]]
        there = np.flatnonzero(np.isfinite(curve.x) & np.isfinite(curve.y))
        place = int(np.searchsorted(there, found[1])) + step
        if 0 <= place < len(there):
            markers.put(number, self._sample_at(found[0], int(there[place])))

    def _instruments_changed(self) -> None:
        self.update()
        self.read.emit()
        self.changed.emit()

    def readings(self) -> list[Reading]:
        """Return what the cursors and the measurements tell."""
        measures = self.instruments.measure_action.isChecked()
        if not (measures or self.instruments.cursors.is_shown):
            return []
        curves = self.measured()
        rows = self.instruments.cursor_readings(curves, self.x_text)
        return [*rows, *self._measurements(curves)] if measures else rows

    def measured(self) -> list[MeasuredCurve]:
        """Return what is measured of the curves; a subclass gives all samples behind them."""
        return self.measured_points()

    def measured_points(self, *, has_edges: bool = True, note: str = "") -> list[MeasuredCurve]:
        """Return the points that are drawn; without ``has_edges`` they follow no order along x."""
        return [
            MeasuredCurve(
                curve.name, curve.color, PointSamples(curve.x, curve.y, object(), has_edges), note
            )
            for position, curve in enumerate(self.unscaled())
            if curve.name or not position
        ]

    def _measurements(self, curves: Sequence[MeasuredCurve]) -> list[Reading]:
        between = self.instruments.cursors.interval
        interval = between or self.x_window
        is_chosen = between is not None or self.x_range.mode is RangeMode.USER
        what = interval if is_chosen else self.x_range.mode
        rows = []
        for number, curve in enumerate(curves):
            found = self.desk.measure(f"{number} {curve.name}", curve.samples, interval, what)
            rows.append(Reading(curve.name, curve.color, measured_values(found, curve.note)))
        return rows

    def _on_measure(self, wanted: bool) -> None:
        if not wanted:
            self.desk.stop()

    def hideEvent(self, event: QHideEvent | None) -> None:
        """Measure nothing that nobody sees."""
        self.desk.stop()
        super().hideEvent(event)

    def _snap(self, position: QPointF) -> tuple[float, float] | None:
        """Return the nearest point of the data, in data values."""
        found = self._nearest(position)
        return None if found is None else self._sample_at(*found)

    def _nearest(self, position: QPointF) -> tuple[int, int] | None:
        """Return the curve and the place of its drawn point that is nearest."""
        best: tuple[float, int, int] | None = None
        for number, placed in enumerate(self.placed):
            point = placed.nearest(position, _SNAP_PX)
            if point is not None and (best is None or point[0] < best[0]):
                best = (point[0], number, point[1])
        return None if best is None else best[1:]

    def _sample_at(self, number: int, place: int) -> tuple[float, float]:
        """Return the sample that a drawn point is of, in data values."""
        curve = self.unscaled()[number]
        drawn = float(curve.x[place]), float(curve.y[place])
        alike = [
            one
            for one in self.measured()
            if (one.name, one.color) == (curve.name, curve.color) and curve.opacity == 1.0
        ]
        at = self.x_scale.place_of(drawn[0])
        if not alike or at is None:
            return drawn
        reach = (self.x_range.high - self.x_range.low) / max(self.frame.width, 1.0) * _SEARCH_PX
        ends = self.x_scale.value_at(at - reach), self.x_scale.value_at(at + reach)
        return drawn_sample(alike[0].samples, ends, drawn) or drawn

    def set_theme(self, theme: PlotTheme, color: str) -> None:
        """Draw in these colours."""
        self.instruments.set_color(theme.accent)
        super().set_theme(theme, color)

    def _set_log(self, axis: Axis, wanted: bool) -> None:
        scale = AxisScale.LOGARITHMIC if wanted else AxisScale.LINEAR
        if axis is Axis.X:
            self.instruments.cursors.scale = self.instruments.markers.x_scale = scale
        else:
            self.instruments.markers.y_scale = scale
        super()._set_log(axis, wanted)

    def view_actions(self) -> Sequence[QAction]:
        """Return the actions for the panel's menu."""
        return (*super().view_actions(), *self.instruments.actions)

    def state(self) -> dict[str, object]:
        """Return what the user chose."""
        return {**super().state(), **self.instruments.state()}

    def restore(self, state: Mapping[str, object]) -> None:
        """Take over what the user chose once."""
        super().restore(state)
        self.instruments.restore(state)
