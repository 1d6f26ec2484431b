"""Instruments: the cursors, the markers and the measurements a plot of curves carries."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import isfinite

from PyQt6.QtCore import QObject, Qt
from PyQt6.QtGui import QAction

from pyprobe.plots.cursors import CursorReading, Cursors
from pyprobe.plots.markers import Marker, Markers, Snap
from pyprobe.plots.measured_samples import MeasuredCurve
from pyprobe.plots.readings import Reading, reading_text


class Instruments(QObject):
    """``changed`` is called when what they show, or where they stand, has changed.

    ``snap`` returns the data point nearest to a place on the screen, ``None`` where none is near.
    """

    def __init__(
        self,
        parent: QObject,
        color: str,
        snap: Snap,
        changed: Callable[[], object],
    ) -> None:
        super().__init__(parent)
        self._changed = changed
        self.cursors = Cursors(color, changed)
        self.markers = Markers(color, snap, changed)
        self.cursor_action = self._make("Cursors", "C", "Two cursors and their distance (C)")
        self.measure_action = self._make("Measurements", "M", "A row of numbers per trace (M)")
        self.measure_action.toggled.connect(lambda _on: changed())
        self.marker_action = self._make("Add a marker", "N", "A marker on the data (N)")
        self.marker_action.setCheckable(False)
        self.clear_action = QAction("Remove markers", parent)
        self.clear_action.triggered.connect(lambda _on: self.markers.set(()))

    def _make(self, text: str, key: str, tip: str) -> QAction:
        action = QAction(text, self.parent())
        action.setCheckable(True)
        action.setShortcut(key)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.setToolTip(tip)
        return action

    @property
    def actions(self) -> tuple[QAction, ...]:
        """All actions, for the panel's menu."""
        more = (self.clear_action,) if self.markers.markers else ()
        return (self.cursor_action, self.measure_action, self.marker_action, *more)

    def set_color(self, color: str) -> None:
        """Draw in this ``#rrggbb``."""
        self.cursors.color = color
        self.markers.color = color

    # What they read.

    def cursor_readings(
        self, curves: Sequence[MeasuredCurve], x_text: Callable[[float], str]
    ) -> list[Reading]:
        """Return where the cursors stand, and the curves' values there."""
        if self.cursors.x is None:
            return []
        at = (self.cursors.x[0], self.cursors.x[1])
        ways = CursorReading(at, (float("nan"),) * 2)
        values = (
            *(("A", x_text(at[0])), ("B", x_text(at[1]))),
            *(("Δx", reading_text(ways.dx)), ("1/Δx", reading_text(ways.rate))),
        )
        readings = [Reading("cursors", "", values)]
        for curve in curves:
            y = (curve.samples.value_at(at[0]), curve.samples.value_at(at[1]))
            texts = (y[0], y[1], CursorReading(at, y).dy)
            named = zip(("A", "B", "Δy"), map(reading_text, texts), strict=True)
            readings.append(Reading(curve.name, curve.color, tuple(named)))
        return readings

    # Memory.

    def state(self) -> dict[str, object]:
        """Return what is shown, as JSON takes it."""
        return {
            "cursors": self.cursors.x,
            "markers": [marker.to_dict() for marker in self.markers.markers],
            "measure": self.measure_action.isChecked(),
        }

    def restore(self, state: Mapping[str, object]) -> None:
        """Take over what was shown once."""
        match state.get("cursors"):
            case [int() | float() as first, int() | float() as second]:
                if isfinite(first) and isfinite(second):
                    self.cursors.set((float(first), float(second)))
                    self.cursor_action.setChecked(True)
        markers = state.get("markers")
        found = map(Marker.from_dict, markers if isinstance(markers, list) else ())
        self.markers.set([marker for marker in found if marker is not None])
        self.measure_action.setChecked(state.get("measure") is True)


def undoable(markers: Markers, before: Sequence[Marker]) -> tuple[partial[None], partial[None]]:
    """Return what makes and what undoes a change of the markers."""
    return partial(markers.set, list(markers.markers)), partial(markers.set, list(before))
