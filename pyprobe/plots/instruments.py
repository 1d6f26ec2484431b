"""Instruments: the cursors, the markers and the measurements a plot of curves carries."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import isfinite

from PyQt6.QtCore import QObject, Qt
from PyQt6.QtGui import QAction

from pyprobe.plots.cursors import CursorReading, Cursors
from pyprobe.plots.markers import Marker, Markers, Snap
from pyprobe.plots.measured_samples import MeasuredCurve
from pyprobe.plots.plot_frame import PlotFrame
from pyprobe.plots.readings import Reading, reading_text

Done = Callable[[str, Callable[[], object], Callable[[], object], object], object]


class Instruments(QObject):
    """``changed`` is called when what they show, or where they stand, has changed, ``done`` with
    what the user did: its name, what makes and what undoes it, and what steps have in common.

    ``snap`` returns the data point nearest to a place on the screen, ``None`` where none is near.
    While a marker is chosen keys move it, else the cursor that was moved last.
    """

    def __init__(
        self,
        parent: QObject,
        color: str,
        snap: Snap,
        changed: Callable[[], object],
        done: Done,
    ) -> None:
        super().__init__(parent)
        self._changed = changed
        self._done = done
        self.cursors = Cursors(color, self._cursors_changed, self.tell_cursors)
        self.markers = Markers(color, snap, changed, partial(self.tell_markers, "move a marker"))
        self.cursor_action = self._make_switch("Cursors", "C", "Two cursors and their distance (C)")
        self.measure_action = self._make_switch(
            "Measurements", "M", "A row of numbers per trace (M)"
        )
        self.measure_action.toggled.connect(lambda _on: changed())
        self.marker_action = self._make("Add a marker", "N", "A marker on the data (N)")
        self.other_action = self._make(
            "Take the other cursor", "Shift+C", "Shift and arrows move it then (Shift+C)"
        )
        self.other_action.triggered.connect(lambda _on: self.cursors.take_other())
        self.next_action = self._make(
            "Choose the next marker", "K", "Shift and arrows move it, Delete removes it (K)"
        )
        self.next_action.triggered.connect(lambda _on: self.markers.choose_next())
        self.note_action = self._make(
            "Write a note…", "Shift+N", "A note beside the marker that is chosen (Shift+N)"
        )
        self.remove_action = self._make(
            "Remove the marker", "Del", "The marker that is chosen (Delete)"
        )
        self.remove_action.triggered.connect(lambda _on: self._remove_chosen())
        self.clear_action = QAction("Remove all markers", parent)
        self.clear_action.triggered.connect(lambda _on: self._set_markers("remove markers", []))

    def _make(self, text: str, key: str, tip: str) -> QAction:
        action = QAction(text, self.parent())
        action.setShortcut(key)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.setToolTip(tip)
        return action

    def _make_switch(self, text: str, key: str, tip: str) -> QAction:
        action = self._make(text, key, tip)
        action.setCheckable(True)
        return action

    @property
    def actions(self) -> tuple[QAction, ...]:
        """The actions that can do something, for the panel's menu."""
        found = [self.cursor_action]
        found += [self.other_action] if self.cursors.is_shown else []
        found += [self.measure_action, self.marker_action]
        if self.markers.markers:
            chosen = (self.note_action, self.remove_action)
            found += [self.next_action, *(chosen if self.markers.active is not None else ())]
            found.append(self.clear_action)
        return tuple(found)

    @property
    def keyed_actions(self) -> tuple[QAction, ...]:
        """All actions with keys, for the plot."""
        return (
            *(self.cursor_action, self.other_action, self.measure_action, self.marker_action),
            *(self.next_action, self.note_action, self.remove_action),
        )

    # What the user does.

    def show_cursors(self, wanted: bool, frame: PlotFrame) -> None:
        """Put the cursors on the view, or take them away."""
        before = self.cursors.positions
        self.cursors.show(frame) if wanted else self.cursors.hide()
        self.tell_cursors(before, text="show cursors" if wanted else "hide cursors")

    def tell_cursors(
        self,
        before: tuple[float, float] | None,
        *,
        text: str = "move a cursor",
        merge: object = None,
    ) -> None:
        """Tell that the user has moved the cursors from where they stood."""
        redo = partial(self.put_cursors, self.cursors.positions)
        self._done(text, redo, partial(self.put_cursors, before), merge)

    def put_cursors(self, positions: tuple[float, float] | None) -> None:
        """Show the cursors somewhere, or nowhere."""
        self.cursor_action.setChecked(positions is not None)
        self.cursors.set(positions)

    def tell_markers(self, text: str, before: Sequence[Marker], *, merge: object = None) -> None:
        """Tell that the user has changed the markers."""
        markers = self.markers
        redo, undo = partial(markers.set, list(markers.markers)), partial(markers.set, list(before))
        self._done(text, redo, undo, merge)

    def write_note(self, number: int, note: str) -> None:
        """Write beside a marker."""
        before = list(self.markers.markers)
        self.markers.set_note(number, note)
        self.tell_markers("write a note", before)

    def _remove_chosen(self) -> None:
        active, there = self.markers.active, self.markers.markers
        if active is not None:
            self._set_markers("remove a marker", there[:active] + there[active + 1 :])

    def _set_markers(self, text: str, markers: Sequence[Marker]) -> None:
        before = list(self.markers.markers)
        self.markers.set(markers)
        self.tell_markers(text, before)

    def _cursors_changed(self) -> None:
        self.markers.active = None
        self._changed()

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
            "cursors": None if self.cursors.x is None else list(self.cursors.x),
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
