"""Docks: source, plots, console, probes and files in one window that the user can rearrange."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import PyQt6Ads as ads
from PyQt6.QtCore import QObject, QSize, QTimer, pyqtSignal
from PyQt6.QtGui import QAction, QIcon
from PyQt6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from pyprobe.gui.dock_look import BUTTON_ICONS, DOCK_ICONS, configure_docks
from pyprobe.gui.dock_refit import DockRefit
from pyprobe.gui.dock_tiles import (
    even_out,
    main_row,
    set_source_share,
    share_out_tabs,
    source_share,
    tile,
    unseen,
)
from pyprobe.gui.dock_tree import set_shares, splitters_around, tree_place
from pyprobe.gui.icons import make_icon
from pyprobe.gui.theme import Theme
from pyprobe.gui.trace_grid import MIN_HEIGHT_PX, Grid, choose_grid

_AREA = ads.DockWidgetArea
_FEATURE = ads.CDockWidget.DockWidgetFeature
_TAB_ICON_PX = 12
_FIRST_SOURCE_SHARE = 0.53
_MANY = 64  # plots that are not laid out anew whenever one comes or goes


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How all docks stand; ``places`` is where ``arrange`` left the plots by probe id."""

    layout: bytes
    places: dict[int, tuple[int, ...]]


@dataclass(slots=True)
class _Batch:
    """Plots that come and go together, laid out once in the end."""

    was_tidy: bool
    is_due: bool = False


class Docks(QObject):
    """The dock manager and its docks. A plot that is closed is parked: its probe goes on.

    ``trace_hidden`` and ``trace_shown`` carry the id of a probe whose plot was parked or restored.
    """

    trace_hidden = pyqtSignal(int)
    trace_shown = pyqtSignal(int)
    parked_changed = pyqtSignal()

    def __init__(self, container: QWidget, theme: Theme) -> None:
        super().__init__(container)
        configure_docks()
        self._theme = theme
        self._register_icons(theme)
        self.manager = ads.CDockManager(container)
        self._layout = container.layout()
        if isinstance(self._layout, QVBoxLayout):
            self._layout.addWidget(self.manager, 1)
        self._traces: dict[int, ads.CDockWidget] = {}
        self._is_changing = False
        self._arranged: dict[int, tuple[int, ...]] = {}
        self._parking_order: list[int] = []
        self._set_aside: list[ads.CDockWidget] = []
        self._plots_only_share: float | None = None
        self._batch: _Batch | None = None
        self._grid: Grid | None = None
        self.late: list[ads.CDockWidget] = []  # those that a window has once they are needed

    # ---- fixed docks ---------------------------------------------------------------------

    def set_fixed(
        self,
        *,
        source: QWidget,
        plots_hint: QWidget,
        console: QWidget,
        probes: QWidget,
        files: QWidget,
    ) -> None:
        """Place what every window has."""
        self.source = self.make_dock("source", "Source", source)
        self.source.setFeature(_FEATURE.NoTab, True)
        self.source.setFeature(_FEATURE.DockWidgetClosable, False)
        self.manager.setCentralWidget(self.source)
        self._plots = self.make_dock("plots", "Plots", plots_hint)
        self._plots.setFeatures(_FEATURE.NoDockWidgetFeatures)
        self.manager.addDockWidget(_AREA.RightDockWidgetArea, self._plots)
        self.console = self.make_dock("console", "Console", console)
        console_area = self.manager.addDockWidget(_AREA.BottomDockWidgetArea, self.console)
        self.probes = self.make_dock("probes", "Probes", probes)
        probes_area = self.manager.addDockWidget(
            _AREA.RightDockWidgetArea, self.probes, console_area
        )
        self.files = self.make_dock("files", "Files", files)
        self.manager.addDockWidgetTabToArea(self.files, probes_area)
        self.probes.setAsCurrentTab()
        self._refit = DockRefit(self.manager, self.source, self._fit_anew)

    def set_console_actions(self, actions: list[QAction]) -> None:
        """Put these into the title bar of the console."""
        self.console.setTitleBarActions(actions)
        area = self.console.dockAreaWidget()
        title_bar = area.titleBar() if area is not None else None
        if title_bar is not None:
            title_bar.updateDockWidgetActionsButtons()

    def set_first_sizes(self) -> None:
        """Give the docks their sizes of a first start; the window has to have its own."""
        self._set_source_share(_FIRST_SOURCE_SHARE)
        bottom, column = splitters_around(self.console)
        if bottom is not None:
            set_shares(bottom, [0.44] + [0.56 / max(1, bottom.count() - 1)] * (bottom.count() - 1))
        if column is not None:
            set_shares(column, [0.73, 0.27])

    def show_dock(self, dock: "ads.CDockWidget") -> None:
        """Open a dock and bring it to the front."""
        dock.toggleView(True)
        dock.setAsCurrentTab()

    def add_below(self, widget: QWidget) -> None:
        """Put a widget below all docks."""
        if isinstance(self._layout, QVBoxLayout):
            self._layout.addWidget(widget)

    # ---- plots only ----------------------------------------------------------------------

    @property
    def is_plots_only(self) -> bool:
        """Whether all but the plots is hidden."""
        return self._plots_only_share is not None

    def set_plots_only(self, wanted: bool) -> None:
        """Hide all but the plots, or show again what was shown before."""
        area = self.source.dockAreaWidget()
        if wanted == self.is_plots_only or area is None:
            return
        was_tidy = bool(self.shown) and self._is_tidy()
        if wanted:
            share = self._source_share()
            others = (self.console, self.probes, self.files, *self.late)
            self._set_aside = [dock for dock in others if not dock.isClosed()]
            front = [dock for dock in self._set_aside if dock.isCurrentTab()]
            self._set_aside.sort(key=lambda dock: dock in front)  # opened last, so in front again
            for dock in self._set_aside:
                dock.toggleView(False)
            self._plots_only_share = share
            area.hide()
            if was_tidy:
                self._tidy_up()
            return
        kept, self._plots_only_share = self._plots_only_share, None
        area.show()
        for dock in self._set_aside:
            dock.toggleView(True)
        self._set_aside = []
        if kept is not None:
            self._set_source_share(kept)
        if was_tidy:
            QTimer.singleShot(0, self._arrange_again)  # once what is shown again has its room

    def _arrange_again(self) -> None:
        if self.shown and not self.is_plots_only and self._is_tidy():
            self._tidy_up()

    # ---- traces --------------------------------------------------------------------------

    @property
    def shown(self) -> list[int]:
        """The probes whose plots are not parked."""
        return [one for one, dock in self._traces.items() if not dock.isClosed()]

    @property
    def parked(self) -> list[int]:
        """The probes whose plots are parked, the last one last."""
        closed = [one for one, dock in self._traces.items() if dock.isClosed()]
        order = self._parking_order
        return sorted(closed, key=lambda one: order.index(one) if one in order else -1)

    @property
    def is_dark(self) -> bool:
        """Whether the theme is dark."""
        return self._theme.dark

    def trace_around(self, widget: QWidget | None) -> int | None:
        """Return the probe in whose plot a widget stands."""
        while widget is not None:
            for probe_id, dock in self._traces.items():
                if dock is widget:
                    return probe_id
            widget = widget.parentWidget()
        return None

    @property
    def traces(self) -> dict[int, "ads.CDockWidget"]:
        """The plots' docks by probe id."""
        return self._traces

    def add_trace(self, probe_id: int, name: str, title: str, panel: QWidget, icon: QIcon) -> None:
        """Add a plot and lay the tiled ones out anew, unless the user has laid them out."""
        was_tidy = self._was_tidy()
        share = self._source_share()
        dock = self.make_dock(f"trace-{name}", title, panel)
        dock.setIcon(icon)
        panel.show()  # within the dock; it may have been there before
        dock.closed.connect(lambda: self._on_closed(probe_id))
        with self._changing():
            last = self._last_docked()
            if was_tidy and (self._batch is not None or len(self._traces) >= _MANY):
                pass  # it is placed with the others, once, or beside them
            elif last is None:
                self.manager.addDockWidgetTabToArea(dock, self._hint_area())
            elif last.height() < 2 * MIN_HEIGHT_PX:
                self.manager.addDockWidgetTabToArea(dock, last.dockAreaWidget())
            else:
                self.manager.addDockWidget(_AREA.BottomDockWidgetArea, dock, last.dockAreaWidget())
            self._traces[probe_id] = dock
            self._show_hint(False)
        self._set_source_share(share)
        if was_tidy:
            self._arrange_soon()
        dock.setAsCurrentTab()

    def remove_trace(self, probe_id: int) -> None:
        """Take a plot away; its widget stays, hidden."""
        dock = self._traces.get(probe_id)
        if dock is None:
            return
        was_tidy = self._was_tidy()
        share = self._source_share()
        with self._changing():
            del self._traces[probe_id]
            if probe_id in self._parking_order:
                self._parking_order.remove(probe_id)
            self._show_hint(self._last_docked() is None)
            dock.setFeature(_FEATURE.DockWidgetDeleteOnClose, False)
            panel = dock.takeWidget()
            self.manager.removeDockWidget(dock)
            dock.deleteLater()
            if panel is not None:
                panel.hide()
                panel.setParent(self.manager)
        self._set_source_share(share)
        if was_tidy:
            self._arrange_soon()
        self.parked_changed.emit()

    def park_trace(self, probe_id: int, *, quietly: bool = False) -> None:
        """Put a plot aside; ``quietly`` tells nobody."""
        dock = self._traces.get(probe_id)
        if dock is None or dock.isClosed():
            return
        blocked = self.blockSignals(quietly)
        try:
            dock.toggleView(False)  # what follows is the same as when the user closes it
        finally:
            self.blockSignals(blocked)
        if quietly:
            self.parked_changed.emit()

    def show_trace(self, probe_id: int) -> None:
        """Open a plot that was parked, and bring it to the front."""
        dock = self._traces.get(probe_id)
        if dock is None:
            return
        if dock.isClosed():
            was_tidy = self._is_tidy()
            share = self._source_share()
            with self._changing():
                dock.toggleView(True)
                self._show_hint(self._last_docked() is None)
            self._set_source_share(share)
            if was_tidy:
                self._tidy_up()
            self.parked_changed.emit()
            self.trace_shown.emit(probe_id)
        dock.setAsCurrentTab()

    def set_trace_look(self, probe_id: int, title: str, icon: QIcon) -> None:
        """Change a plot's title and icon."""
        dock = self._traces.get(probe_id)
        if dock is not None:
            if dock.windowTitle() != title:
                dock.setWindowTitle(title)
            dock.setIcon(icon)

    def arrange(self, share: float | None = None) -> None:
        """Lay the plots out in a grid, floating ones too; parked ones if there are no others.

        The source gets this ``share`` of the width, or keeps what it has.
        """
        docks = [self._traces[one] for one in self.shown or self._traces]
        if not docks:
            return
        share = self._source_share() if share is None else share
        self.manager.setUpdatesEnabled(False)
        with self._changing(), unseen(self.manager, wanted=len(docks) > _MANY):
            self._show_hint(True)
            for dock in docks:
                if dock.dockAreaWidget() is not None:
                    self.manager.addDockWidgetTabToArea(dock, self._hint_area())
                    dock.toggleView(True)
            self._grid = grid = self._choose_grid(len(docks), share)
            tile(self.manager, self._plots, docks, grid)
            self._show_hint(False)
        even_out(docks[: grid.columns], main_row(self.source))
        self._set_source_share(share)
        self._arranged = self._structure()
        self._refit.remember()
        self.manager.setUpdatesEnabled(True)
        self.parked_changed.emit()

    @contextmanager
    def arranging(self) -> Iterator[None]:
        """Lay the plots out once, after all that come and go within."""
        outer = self._batch
        batch = self._batch = outer or _Batch(self._is_tidy())
        try:
            yield
        finally:
            self._batch = outer
            if outer is None and batch.is_due:
                self._tidy_up()

    def _was_tidy(self) -> bool:
        return self._is_tidy() if self._batch is None else self._batch.was_tidy

    def _arrange_soon(self) -> None:
        if self._batch is None:
            self._tidy_up()
        else:
            self._batch.is_due = True

    def _tidy_up(self) -> None:
        """Lay the plots out anew; of many, as it takes long, only those that stand nowhere yet."""
        docks = [self._traces[one] for one in self.shown]
        homeless = [dock for dock in docks if dock.dockAreaWidget() is None]
        if len(docks) <= _MANY or 2 * len(homeless) > len(docks):
            self.arrange()
            return
        with self._changing():
            share_out_tabs(self.manager, docks, homeless)
        self._arranged = self._structure()

    def arrangement(self) -> Arrangement:
        """Return how everything stands, for ``restore_arrangement``."""
        return Arrangement(self.save_layout(), dict(self._arranged))

    def restore_arrangement(self, arrangement: Arrangement) -> None:
        """Put everything back to how it stood."""
        self.restore_layout(arrangement.layout)
        self._arranged = dict(arrangement.places)

    # ---- layout and look -----------------------------------------------------------------

    def save_layout(self) -> bytes:
        """Return the layout for ``restore_layout``; with all parts, also while plots are alone."""
        if self.is_plots_only:
            self.set_plots_only(False)
            try:
                return self.save_layout()
            finally:
                self.set_plots_only(True)
        data: bytes = self.manager.saveState().data()
        return data

    def restore_layout(self, layout: bytes) -> bool:
        """Take over a layout; plots it does not know are added. False if it is damaged."""
        self.set_plots_only(False)
        with self._changing():
            restored = bool(layout) and bool(self.manager.restoreState(layout))
            homeless = [dock for dock in self._traces.values() if dock.dockAreaWidget() is None]
            for dock in homeless:
                self.manager.addDockWidgetTabToArea(dock, self._hint_area())
                dock.toggleView(True)
            self._show_hint(self._last_docked() is None)
        self.parked_changed.emit()
        return restored

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours for the docks' own buttons."""
        self._theme = theme
        self._register_icons(theme)
        for container in self.manager.dockContainers():
            for button in container.findChildren(QAbstractButton):
                self._recolor(button)
        self.parked_changed.emit()

    # ---- helpers -------------------------------------------------------------------------

    def make_dock(self, name: str, title: str, widget: QWidget) -> "ads.CDockWidget":
        """Return a new dock that stands nowhere yet."""
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

    def _hint_area(self) -> "ads.CDockAreaWidget | None":
        return self._plots.dockAreaWidget()

    def _show_hint(self, visible: bool) -> None:
        self._plots.toggleView(visible)

    def _choose_grid(self, count: int, share: float) -> Grid:
        """Return the grid for the room beside a source with this share of the width."""
        row = main_row(self.source)
        if self.is_plots_only:
            room = self.manager.size()
        elif row is None:
            room = QSize(600, 400)
        else:
            room = QSize(round(row.width() * (1.0 - share)), row.height())
        return choose_grid(count, room.width(), room.height())

    def _fit_anew(self, share: float) -> None:
        """Lay the plots out anew where the window's size wants another grid."""
        count = len(self.shown)
        if not 0 < count <= _MANY or not self._is_tidy():
            return
        if self._choose_grid(count, share) != self._grid:
            self.arrange(share)

    def _source_share(self) -> float:
        """Return the share of the row's width that the source has."""
        share = 0.0 if self.is_plots_only else source_share(self.source)
        return _FIRST_SOURCE_SHARE if share is None else share

    def _set_source_share(self, share: float) -> None:
        """Give the source its share of the width, and the others theirs as they had it."""
        if not self.is_plots_only:
            set_source_share(self.source, share)

    def _last_docked(self) -> "ads.CDockWidget | None":
        for dock in reversed(list(self._traces.values())):
            if not dock.isClosed() and not dock.isInFloatingContainer():
                return dock
        return None

    def _is_tidy(self, *, but: int | None = None) -> bool:
        """Whether the plots stand as ``arrange`` left them, so that it may lay them out again."""
        now, then = self._structure(), dict(self._arranged)
        for places in (now, then):
            places.pop(but or 0, None)
        return not self._traces or now == then

    def _structure(self) -> dict[int, tuple[int, ...]]:
        """Return where each plot stands in the tree of splitters; ``()`` if it does not."""
        return {probe_id: tree_place(dock) for probe_id, dock in self._traces.items()}

    def _on_closed(self, probe_id: int) -> None:
        if self._is_changing or probe_id not in self._traces:
            return
        if probe_id in self._parking_order:
            self._parking_order.remove(probe_id)
        self._parking_order.append(probe_id)
        if self._last_docked() is None:
            with self._changing():
                self._show_hint(True)
        if self.shown and self._is_tidy(but=probe_id):
            self._tidy_up()
        self.parked_changed.emit()
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
        for icon, name in DOCK_ICONS.items():
            provider.registerCustomIcon(icon, make_icon(name, theme))

    def _recolor(self, button: QAbstractButton) -> None:
        name = BUTTON_ICONS.get(button.objectName())
        if name is not None:
            button.setIcon(make_icon(name, self._theme))
