"""TraceMenu: what can be done with each trace of a plot: side, style, colour, hide, take away."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QAction, QActionGroup, QColor, QIcon, QPainter, QPixmap
from PyQt6.QtWidgets import QMenu

from pyprobe.plots.drawn_trace import LineStyle, Side
from pyprobe.plots.palette import TRACE_COLORS
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.trace_set import Look, TraceSet, toggled
from pyprobe.session.trace import Trace

_SWATCH_PX = 14


class TraceCommands(Protocol):
    """What a panel does for its menu."""

    def overlay(self, trace: Trace) -> None:
        """Lay a trace over the plot's own."""

    def take_away(self, trace: Trace) -> None:
        """Take an overlay away."""

    def ask_rate(self, trace: Trace) -> None:
        """Ask for the sample rate of a trace's arrays."""

    def set_look(self, trace: Trace, look: Look, done: str) -> None:
        """Draw a trace in another way; ``done`` names the change for undo."""


def add_overlay_menu(
    menu: QMenu, shown: TraceSet, others: Sequence[Trace], commands: TraceCommands
) -> None:
    """Add the submenu of traces that can be laid over this plot."""
    able = [trace for trace in others if trace not in shown]
    if not able:
        return
    choices = QMenu("Overlay", menu)
    for trace in able:
        _add(choices, trace.title, partial(commands.overlay, trace))
    menu.addMenu(choices)


def add_trace_menus(
    menu: QMenu, shown: TraceSet, theme: PlotTheme, commands: TraceCommands
) -> None:
    """Add a submenu for each trace of the plot."""
    for trace in shown.traces:
        submenu = QMenu(trace.title if len(shown.traces) > 1 else "Line", menu)
        look = shown.look(trace)
        _add_looks(submenu, trace, look, theme, commands)
        if trace is not shown.own:
            submenu.addSeparator()
            _add(submenu, "Take away", partial(commands.take_away, trace))
        menu.addMenu(submenu)


def _add_looks(
    menu: QMenu, trace: Trace, look: Look, theme: PlotTheme, commands: TraceCommands
) -> None:
    def choose(changed: Look, done: str) -> Callable[[], None]:
        return lambda: commands.set_look(trace, changed, done)

    hidden = _add(menu, "Hidden", choose(toggled(look), "hide or show"))
    hidden.setCheckable(True)
    hidden.setChecked(look.is_hidden)
    menu.addSeparator()
    sides = QActionGroup(menu)
    for side in Side:
        action = _add(menu, f"Axis at the {side.value}", choose(replace(look, side=side), "axis"))
        _check(action, sides, checked=side is look.side)
    menu.addSeparator()
    styles = QActionGroup(menu)
    for style in LineStyle:
        chosen = choose(replace(look, style=style), "line style")
        _check(_add(menu, style.value.capitalize(), chosen), styles, checked=style is look.style)
    menu.addSeparator()
    colors = QMenu("Colour", menu)
    group = QActionGroup(colors)
    for index, pair in enumerate(TRACE_COLORS):
        color = pair.dark if theme.dark else pair.light
        action = _add(colors, pair.name, choose(replace(look, color_index=index), "colour"))
        action.setIcon(_swatch(color))
        own = trace.color_index if look.color_index is None else look.color_index
        _check(action, group, checked=own % len(TRACE_COLORS) == index)
    menu.addMenu(colors)
    menu.addSeparator()
    rate_hz = look.sample_rate_hz or trace.sample_rate_hz
    told = f" ({rate_hz:g} Hz)" if rate_hz else ""
    _add(menu, f"Sample rate{told}…", partial(commands.ask_rate, trace))
    if look.sample_rate_hz is not None:
        _add(menu, "Own sample rate", choose(replace(look, sample_rate_hz=None), "sample rate"))


def _add(menu: QMenu, text: str, run: Callable[[], object]) -> QAction:
    action = QAction(text.replace("&", "&&"), menu)
    action.triggered.connect(lambda _on: run())
    menu.addAction(action)
    return action


def _check(action: QAction, group: QActionGroup, *, checked: bool) -> None:
    action.setCheckable(True)
    action.setChecked(checked)
    group.addAction(action)


def _swatch(color: str) -> QIcon:
    pixmap = QPixmap(_SWATCH_PX, _SWATCH_PX)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    painter.drawEllipse(1, 1, _SWATCH_PX - 2, _SWATCH_PX - 2)
    painter.end()
    return QIcon(pixmap)
