"""Docks: source, plots, console, probes and files in one window that the user can rearrange."""

from collections.abc import Iterator
from contextlib import contextmanager

import PyQt6Ads as ads
from PyQt6.QtCore import QObject, QRect, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QIcon
from PyQt6.QtWidgets import QAbstractButton, QSplitter, QVBoxLayout, QWidget

from pyprobe.gui.icons import make_icon
from pyprobe.gui.theme import Theme
from pyprobe.gui.trace_grid import choose_columns, deal, rows_that_fit

_AREA = ads.DockWidgetArea
_FLAG = ads.CDockManager.eConfigFlag
_FEATURE = ads.CDockWidget.DockWidgetFeature
_TAB_ICON_PX = 12


def configure_docks() -> None:
    """Set what holds for all dock managers; has to run before the first is made."""
    manager = ads.CDockManager
    manager.setConfigFlags(_FLAG.DefaultOpaqueConfig)
    for flag, is_on in (
        (_FLAG.DisableStylesheet, True),
        (_FLAG.FocusHighlighting, False),
        (_FLAG.HideSingleCentralWidgetTitleBar, True),
        (_FLAG.AllTabsHaveCloseButton, True),
        (_FLAG.TabCloseButtonIsToolButton, True),
        (_FLAG.DockAreaHasCloseButton, False),
        (_FLAG.DockAreaHasUndockButton, True),
        (_FLAG.DockAreaHasTabsMenuButton, True),
        (_FLAG.DockAreaDynamicTabsMenuButtonVisibility, True),
        (_FLAG.EqualSplitOnInsertion, True),
        (_FLAG.FloatingContainerHasWidgetTitle, True),
    ):
        manager.setConfigFlag(flag, is_on)


class Docks(QObject):
    """The dock manager and its docks. ``trace_hidden`` carries the id of a probe whose plot the
    user closed; the probe goes on.
    """

    trace_hidden = pyqtSignal(int)

    def __init__(self, container: QWidget, theme: Theme) -> None:
        super().__init__(container)
        configure_docks()
        self._theme = theme
        self._register_icons(theme)
        self.manager = ads.CDockManager(container)
        layout = container.layout()
        if isinstance(layout, QVBoxLayout):
            layout.addWidget(self.manager, 1)
        self._traces: dict[int, ads.CDockWidget] = {}
        self._is_changing = False
        self._plots: ads.CDockWidget | None = None

    # ---- fixed docks ---------------------------------------------------------------------

    def set_fixed(
        self, *, source: QWidget, plots_hint: QWidget, console: QWidget, probes: QWidget, files: QWidget
    ) -> None:
        """Place what every window has."""
        self.source = self._make("source", "Source", source)
        self.source.setFeature(_FEATURE.NoTab, True)
        self.source.setFeature(_FEATURE.DockWidgetClosable, False)
        self.manager.setCentralWidget(self.source)
        self._plots = self._make("plots", "Plots", plots_hint)
        self._plots.setFeatures(_FEATURE.NoDockWidgetFeatures)
        self.manager.addDockWidget(_AREA.RightDockWidgetArea, self._plots)
        self.console = self._make("console", "Console", console)
        console_area = self.manager.addDockWidget(_AREA.BottomDockWidgetArea, self.console)
        self.probes = self._make("probes", "Probes", probes)
        probes_area = self.manager.addDockWidget(
            _AREA.RightDockWidgetArea, self.probes, console_area
        )
        self.files = self._make("files", "Files", files)
        self.manager.addDockWidgetTabToArea(self.files, probes_area)
        self.probes.setAsCurrentTab()

    def set_first_sizes(self, width_px: int, height_px: int) -> None:
        """Give the docks their sizes of a first start."""
        plots_area = self._plots_area()
        self.manager.setSplitterSizes(plots_area, [width_px * 52 // 100, width_px * 48 // 100])
        console_area = self.console.dockAreaWidget()
        self.manager.setSplitterSizes(console_area, [width_px * 44 // 100, width_px * 56 // 100])
        bottom = console_area.parentWidget() if console_area is not None else None
        column = bottom.parentWidget() if bottom is not None else None
        if isinstance(column, QSplitter):
            column.setSizes([height_px * 70 // 100, height_px * 30 // 100])

    def show_dock(self, dock: "ads.CDockWidget") -> None:
        """Open a dock and bring it to the front."""
        dock.toggleView(True)
        dock.setAsCurrentTab()

    # ---- traces --------------------------------------------------------------------------

    @property
    def traces(self) -> dict[int, "ads.CDockWidget"]:
        """The plots' docks by probe id."""
        return self._traces

    def add_trace(self, probe_id: int, name: str, title: str, panel: QWidget, icon: QIcon) -> None:
        """Add a plot and lay the tiled ones out anew, unless the user has laid them out."""
        was_tidy = self._is_tidy()
        dock = self._make(f"trace-{name}", title, panel)
        dock.setIcon(icon)
        dock.closed.connect(lambda: self._on_closed(probe_id))
        with self._changing():
            last = self._last_docked()
            if last is None:
                self.manager.addDockWidgetTabToArea(dock, self._plots_area())
            else:
                self.manager.addDockWidget(
                    _AREA.BottomDockWidgetArea, dock, last.dockAreaWidget()
                )
            self._traces[probe_id] = dock
            if self._plots is not None:
                self._plots.toggleView(False)
        if was_tidy:
            self.arrange()

    def remove_trace(self, probe_id: int) -> None:
        """Take a plot away with its widget."""
        dock = self._traces.get(probe_id)
        if dock is None:
            return
        was_tidy = self._is_tidy()
        with self._changing():
            del self._traces[probe_id]
            if self._last_docked() is None and self._plots is not None:
                self._plots.toggleView(True)
            dock.setFeature(_FEATURE.DockWidgetDeleteOnClose, False)
            self.manager.removeDockWidget(dock)
            dock.deleteLater()
        if was_tidy:
            self.arrange()

    def show_trace(self, probe_id: int) -> None:
        """Open a plot that was closed, and bring it to the front."""
        dock = self._traces.get(probe_id)
        if dock is not None:
            with self._changing():
                dock.toggleView(True)
                if self._plots is not None:
                    self._plots.toggleView(False)
            dock.setAsCurrentTab()

    def set_trace_look(self, probe_id: int, title: str, icon: QIcon) -> None:
        """Change a plot's title and icon."""
        dock = self._traces.get(probe_id)
        if dock is not None:
            if dock.windowTitle() != title:
                dock.setWindowTitle(title)
            dock.setIcon(icon)

    def arrange(self) -> None:
        """Lay all plots out in a grid, closed and floating ones too."""
        docks = list(self._traces.values())
        if not docks or self._plots is None:
            return
        self.manager.setUpdatesEnabled(False)
        with self._changing():
            self._plots.toggleView(True)
            for dock in docks:
                self.manager.addDockWidgetTabToArea(dock, self._plots_area())
                dock.toggleView(True)
            room = self._plots_room()
            columns = choose_columns(len(docks), room.width(), room.height())
            self._tile(docks, deal(len(docks), columns), rows_that_fit(room.height()))
            self._plots.toggleView(False)
            self._even_out(docks, columns, room)
        self.manager.setUpdatesEnabled(True)

    # ---- layout and look -----------------------------------------------------------------

    def save_layout(self) -> bytes:
        """Return the layout for ``restore_layout``."""
        return bytes(self.manager.saveState())

    def restore_layout(self, layout: bytes) -> bool:
        """Take over a layout; plots it does not know are added. False if it is damaged."""
        with self._changing():
            restored = bool(layout) and bool(self.manager.restoreState(layout))
            homeless = [dock for dock in self._traces.values() if dock.dockAreaWidget() is None]
            for dock in homeless:
                self.manager.addDockWidgetTabToArea(dock, self._plots_area())
                dock.toggleView(True)
            if self._plots is not None:
                self._plots.toggleView(self._last_docked() is None)
        return restored

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours for the docks' own buttons."""
        self._theme = theme
        self._register_icons(theme)
        for container in self.manager.dockContainers():
            for button in container.findChildren(QAbstractButton):
                self._recolor(button)

    # ---- helpers -------------------------------------------------------------------------

    def _make(self, name: str, title: str, widget: QWidget) -> "ads.CDockWidget":
        dock = ads.CDockWidget(self.manager, title)
        dock.setObjectName(name)
        dock.setWidget(widget, ads.CDockWidget.eInsertMode.ForceNoScrollArea)
        dock.setMinimumSizeHintMode(
            ads.CDockWidget.eMinimumSizeHintMode.MinimumSizeHintFromDockWidget
        )
        dock.setFeature(_FEATURE.DockWidgetPinnable, False)
        dock.setAccessibleName(title)
        tab = dock.tabWidget()
        if tab is not None:
            tab.setIconSize(QSize(_TAB_ICON_PX, _TAB_ICON_PX))
        return dock

    def _plots_area(self) -> "ads.CDockAreaWidget | None":
        return self._plots.dockAreaWidget() if self._plots is not None else None

    def _plots_room(self) -> QRect:
        area = self._plots_area()
        return area.geometry() if area is not None else QRect(0, 0, 600, 400)

    def _tile(
        self, docks: "list[ads.CDockWidget]", columns: list[list[int]], most_rows: int
    ) -> None:
        left = None
        for column in columns:
            above = None
            for row, position in enumerate(column):
                dock = docks[position]
                if above is None:
                    side, beside = _AREA.RightDockWidgetArea, left or self._plots
                elif row < most_rows:
                    side, beside = _AREA.BottomDockWidgetArea, above
                else:  # no room for another row: a tab upon a plot further up
                    home = docks[column[row % most_rows]]
                    self.manager.addDockWidgetTabToArea(dock, home.dockAreaWidget())
                    continue
                self.manager.addDockWidget(side, dock, beside.dockAreaWidget())
                left = dock if above is None else left
                above = dock
        for column in columns:
            for position in column[:most_rows]:
                docks[position].setAsCurrentTab()

    def _even_out(self, docks: "list[ads.CDockWidget]", columns: int, room: QRect) -> None:
        for head in docks[:columns]:
            area = head.dockAreaWidget()
            splitter = area.parentWidget() if area is not None else None
            if isinstance(splitter, QSplitter) and splitter.orientation() == Qt.Orientation.Vertical:
                splitter.setSizes([room.height()] * splitter.count())
        cells = [_cell_of(dock) for dock in docks[:columns]]
        row = cells[0].parentWidget() if cells[0] is not None else None
        if not isinstance(row, QSplitter):
            return
        sizes = row.sizes()
        places = {row.indexOf(cell) for cell in cells if cell is not None}
        if self._plots_area() is not None:
            hidden = row.indexOf(_cell_of(self._plots))
            total = room.width()
            for place in range(len(sizes)):
                if place in places:
                    sizes[place] = total // max(1, len(places))
            if hidden >= 0 and hidden not in places:
                sizes[hidden] = 0
        row.setSizes(sizes)

    def _last_docked(self) -> "ads.CDockWidget | None":
        for dock in reversed(list(self._traces.values())):
            if not dock.isClosed() and not dock.isInFloatingContainer():
                return dock
        return None

    def _is_tidy(self) -> bool:
        """Whether the plots stand as ``arrange`` leaves them: each docked, open, in its own cell."""
        areas = [dock.dockAreaWidget() for dock in self._traces.values()]
        docked = all(
            not dock.isClosed() and not dock.isInFloatingContainer()
            for dock in self._traces.values()
        )
        own = len({id(area) for area in areas}) == len(areas)
        return docked and own

    def _on_closed(self, probe_id: int) -> None:
        if self._is_changing or probe_id not in self._traces:
            return
        if self._last_docked() is None and self._plots is not None:
            self._plots.toggleView(True)
        self.trace_hidden.emit(probe_id)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        was, self._is_changing = self._is_changing, True
        try:
            yield
        finally:
            self._is_changing = was

    def _register_icons(self, theme: Theme) -> None:
        provider = ads.CDockManager.iconProvider()
        for icon, name in _DOCK_ICONS.items():
            provider.registerCustomIcon(icon, make_icon(name, theme))

    def _recolor(self, button: QAbstractButton) -> None:
        name = _BUTTON_ICONS.get(button.objectName())
        if name is not None:
            button.setIcon(make_icon(name, self._theme))


_DOCK_ICONS = {
    ads.eIcon.TabCloseIcon: "close",
    ads.eIcon.DockAreaCloseIcon: "close",
    ads.eIcon.DockAreaMenuIcon: "next",
    ads.eIcon.DockAreaUndockIcon: "float",
}
_BUTTON_ICONS = {
    "tabCloseButton": "close",
    "dockAreaCloseButton": "close",
    "tabsMenuButton": "next",
    "detachGroupButton": "float",
}


def _cell_of(dock: "ads.CDockWidget | None") -> QWidget | None:
    """Return the widget of a dock's column: its area, or the vertical splitter around it."""
    area = dock.dockAreaWidget() if dock is not None else None
    parent = area.parentWidget() if area is not None else None
    if isinstance(parent, QSplitter) and parent.orientation() == Qt.Orientation.Vertical:
        return parent
    return area
