"""PanelMenu: the menu of a plot: its lens, its traces, and what else can be done with it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from PyQt6.QtGui import QAction, QActionGroup
from PyQt6.QtWidgets import QMenu, QWidget

from pyprobe.plots.plot_export import PICTURES, TABLES
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.trace_menu import TraceCommands, add_overlay_menu, add_trace_menus
from pyprobe.plots.trace_set import TraceSet
from pyprobe.plots.value_traits import ValueTraits

if TYPE_CHECKING:
    from PyQt6.QtCore import pyqtBoundSignal

    from pyprobe.plots.lens import LensWidget
    from pyprobe.plots.lens_choice import LensChoice
    from pyprobe.session.trace import Trace


class PanelCommands(TraceCommands, Protocol):
    """What a panel is asked for its menu, and by it."""

    theme: PlotTheme
    lens: "LensWidget | None"
    choice: "LensChoice"
    traces: TraceSet
    other_traces: "Callable[[], Sequence[Trace]]"
    more_actions: Sequence[QAction]
    link_action: QAction
    remove_text: str

    @property
    def lens_name(self) -> str: ...

    @property
    def remove_requested(self) -> "pyqtBoundSignal": ...

    @property
    def save_asked(self) -> "pyqtBoundSignal": ...

    def choose_lens(self, traits: ValueTraits, name: str) -> None: ...


def build_panel_menu(panel: PanelCommands, parent: QWidget, traits: ValueTraits | None) -> QMenu:
    """Return a panel's menu; ``traits`` are those of its value, None while there is none."""
    menu = QMenu(parent)
    lens = panel.lens
    if lens is not None and traits is not None:
        menu.addActions(list(lens.view_actions()))
        if lens.x_kind():
            menu.addAction(panel.link_action)
        menu.addSeparator()
        _add_lenses(menu, panel, traits)
        if lens.overlays:
            add_overlay_menu(menu, panel.traces, panel.other_traces(), panel)
            add_trace_menus(menu, panel.traces, panel.theme, panel)
            menu.addSeparator()
        _add_export(menu, panel, TABLES if lens.has_data else ())
    menu.addActions(panel.more_actions)
    remove = QAction(panel.remove_text, menu)
    remove.triggered.connect(panel.remove_requested.emit)
    menu.addAction(remove)
    return menu


def _add_export(menu: QMenu, panel: PanelCommands, tables: Sequence[str]) -> None:
    choices = QMenu("Export", menu)
    pictures = ((f"{suffix.upper()}…", suffix) for suffix in (*PICTURES, *tables))
    for text, suffix in (("Copy as picture", ""), *pictures):
        action = QAction(text, choices)
        action.triggered.connect(lambda _on, suffix=suffix: panel.save_asked.emit(suffix))
        choices.addAction(action)
    menu.addMenu(choices)


def _add_lenses(menu: QMenu, panel: PanelCommands, traits: ValueTraits) -> None:
    entries = panel.choice.registry.lenses_for(traits)
    if len(entries) < 2:
        return
    choices = QMenu("Draw as", menu)
    group = QActionGroup(choices)
    for entry in entries:
        action = QAction(entry.name.capitalize(), group)
        action.setCheckable(True)
        action.setChecked(entry.name == panel.lens_name)
        action.triggered.connect(lambda _on, name=entry.name: panel.choose_lens(traits, name))
        choices.addAction(action)
    menu.addMenu(choices)
