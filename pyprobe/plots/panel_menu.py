"""PanelMenu: the menu of a plot: its lens, its traces, and what else can be done with it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PyQt6.QtGui import QAction, QActionGroup
from PyQt6.QtWidgets import QMenu

from pyprobe.plots.plot_export import PICTURES, TABLES
from pyprobe.plots.trace_menu import add_overlay_menu, add_trace_menus
from pyprobe.plots.value_traits import ValueTraits

if TYPE_CHECKING:
    from pyprobe.plots.trace_panel import TracePanel


def build_panel_menu(panel: "TracePanel", traits: ValueTraits | None) -> QMenu:
    """Return a panel's menu; ``traits`` are those of its value, None while there is none."""
    menu = QMenu(panel)
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


def _add_export(menu: QMenu, panel: "TracePanel", tables: Sequence[str]) -> None:
    choices = QMenu("Export", menu)
    pictures = ((f"{suffix.upper()}…", suffix) for suffix in (*PICTURES, *tables))
    for text, suffix in (("Copy as picture", ""), *pictures):
        action = QAction(text, choices)
        action.triggered.connect(lambda _on, suffix=suffix: panel.save_asked.emit(suffix))
        choices.addAction(action)
    menu.addMenu(choices)


def _add_lenses(menu: QMenu, panel: "TracePanel", traits: ValueTraits) -> None:
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
