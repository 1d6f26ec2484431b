"""LateDocks: docks that a window has only once they are needed, and where they go at first."""

from collections.abc import Callable, Iterable
from typing import Protocol, runtime_checkable

import PyQt6Ads as ads
from PyQt6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from pyprobe.gui.dock_tree import set_shares, splitters_around
from pyprobe.gui.docks import Docks
from pyprobe.gui.theme import Theme

_AREA = ads.DockWidgetArea
_LEAST_BOTTOM_SHARE = 0.37
_TITLES = {
    "variables": "Variables",
    "stack": "Call stack",
    "breakpoints": "Breakpoints",
    "trigger": "Trigger",
    "snapshots": "Snapshots",
}
_RIGHT_OF_CONSOLE = ("variables",)
# None of the areas has more tabs than there is room for.
_OVER_CONSOLE = ("breakpoints", "snapshots")

Make = Callable[[], QWidget]


@runtime_checkable
class _Themed(Protocol):
    """A widget that draws in a theme's colours."""

    def set_theme(self, theme: Theme) -> None: ...


class LateDocks:
    """``make`` gives for each name what makes its widget; it is called when the dock is opened."""

    def __init__(self, docks: Docks, make: dict[str, Make]) -> None:
        self._docks = docks
        self._make = make
        self._known: dict[str, ads.CDockWidget] = {}
        self._filled: dict[str, QWidget] = {}

    @property
    def names(self) -> list[str]:
        """Those that there have been, in the order in which they came."""
        return list(self._known)

    def widget(self, name: str) -> QWidget | None:
        """Return what stands in a dock that has been opened."""
        return self._filled.get(name)

    def is_seen(self, name: str) -> bool:
        """Whether a dock is open and in front."""
        dock = self._known.get(name)
        return dock is not None and not dock.isClosed() and dock.isCurrentTab()

    def is_open(self, name: str) -> bool:
        """Whether a dock is open."""
        dock = self._known.get(name)
        return dock is not None and not dock.isClosed()

    def prepare(self, names: Iterable[str]) -> None:
        """Make the docks of these names, so that a remembered layout finds them."""
        for name in names:
            if name in _TITLES and name not in self._known:
                self._add(name)

    def fill_open(self) -> None:
        """Fill what a remembered layout has left open, but what only a stopped program fills."""
        for name, dock in self._known.items():
            if name in ("variables", "stack"):
                dock.toggleView(False)
            elif not dock.isClosed():
                self._fill(name)

    def show(self, name: str, *, to_front: bool = True) -> QWidget:
        """Open a dock, make its widget if it is the first time, and return that."""
        is_new = name not in self._known
        if is_new:
            self._add(name)
        widget = self._fill(name)
        dock = self._known[name]
        was_closed = dock.isClosed()
        if was_closed:
            dock.toggleView(True)
        if to_front or was_closed:
            dock.setAsCurrentTab()
        if is_new or was_closed:
            self._give_room()
        return widget

    def set_theme(self, theme: Theme) -> None:
        """Draw what has been opened in a theme's colours."""
        for widget in self._filled.values():
            if isinstance(widget, _Themed):
                widget.set_theme(theme)

    def _add(self, name: str) -> None:
        docks = self._docks
        pane = QWidget()
        layout = QVBoxLayout(pane)
        layout.setContentsMargins(0, 0, 0, 0)
        dock = docks.make_dock(name, _TITLES[name], pane)
        area = self._area_for(name)
        self._known[name] = dock
        docks.late.append(dock)
        if area is None:
            beside = docks.console.dockAreaWidget()
            docks.manager.addDockWidget(_AREA.RightDockWidgetArea, dock, beside)
        else:
            docks.manager.addDockWidgetTabToArea(dock, area)
        dock.toggleView(False)

    def _area_for(self, name: str) -> ads.CDockAreaWidget | None:
        """Return where a new dock becomes a tab; None where it gets an area of its own."""
        if name in _RIGHT_OF_CONSOLE:
            return None
        fixed = self._docks.console if name in _OVER_CONSOLE else self._docks.probes
        return fixed.dockAreaWidget()

    def _fill(self, name: str) -> QWidget:
        widget = self._filled.get(name)
        if widget is None:
            widget = self._filled[name] = self._make[name]()
            pane = self._known[name].widget()
            layout = pane.layout() if pane is not None else None
            if layout is not None:
                layout.addWidget(widget)
        return widget

    def _give_room(self) -> None:
        """Let the docks below be high enough to be worked in."""
        row, column = splitters_around(self._docks.console)
        if row is not None:
            _widen(row)
        if column is None or column.count() != 2:
            return
        sizes = column.sizes()
        total = sum(sizes)
        if total and sizes[1] / total < _LEAST_BOTTOM_SHARE:
            set_shares(column, [1.0 - _LEAST_BOTTOM_SHARE, _LEAST_BOTTOM_SHARE])


def _widen(row: QSplitter) -> None:
    """Share a row out where one of its parts has become too narrow to be read."""
    shown = [place for place in range(row.count()) if not _is_hidden(row, place)]
    sizes = row.sizes()
    if shown and min(sizes[place] for place in shown) < sum(sizes) / (2 * len(shown)):
        shares = [1.0 / len(shown) if place in shown else 0.0 for place in range(row.count())]
        set_shares(row, shares)


def _is_hidden(row: QSplitter, place: int) -> bool:
    widget = row.widget(place)
    return widget is None or widget.isHidden()
