"""TracePanel: one trace: a header that tells, and the lens that suits its value."""

import logging

from PyQt6.QtCore import QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QActionGroup, QContextMenuEvent, QResizeEvent, QShowEvent
from PyQt6.QtWidgets import QMenu, QStackedLayout, QVBoxLayout, QWidget

from pyprobe.plots.builtin_lenses import registry
from pyprobe.plots.drawn_trace import DrawnTrace
from pyprobe.plots.header_text import header_content
from pyprobe.plots.lens import LensWidget, failure_sentence
from pyprobe.plots.lens_choice import LensChoice
from pyprobe.plots.lens_registry import LensEntry
from pyprobe.plots.panel_header import PanelHeader
from pyprobe.plots.placeholder import Placeholder
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.value_traits import ValueTraits, traits_of
from pyprobe.session.trace import ProbeStatus, Trace
from pyprobe.session.values import Value

_COMPACT_BELOW_PX = 150

_log = logging.getLogger(__name__)


class TracePanel(QWidget):
    """Draws a trace. The front end calls ``refresh`` when there is news, once a frame at most.

    ``remove_requested``: the user wants the trace gone. ``lens_failed``: a lens raised; told once
    for every different sentence, which also stands in the lens' place. ``lens_changed`` carries the
    name of the lens that draws now.
    """

    remove_requested = pyqtSignal()
    lens_failed = pyqtSignal(str)
    lens_changed = pyqtSignal(str)

    def __init__(self, trace: Trace, theme: PlotTheme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.trace = trace
        self.theme = theme
        self.choice = LensChoice(registry())
        self.lens: LensWidget | None = None
        self.lens_name = ""
        self._lenses: dict[str, LensWidget] = {}
        self._reported: set[str] = set()
        self._failed = ""
        self._drawn: tuple[object, ...] = ()
        self.header = PanelHeader(theme, self._color)
        self.placeholder = Placeholder(theme)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self.header)
        self._stack = QStackedLayout()
        self._layout.addLayout(self._stack, 1)
        self._stack.addWidget(self.placeholder)
        self.setFocusProxy(self.placeholder)
        self.setAccessibleName(f"trace of {self.title()}")
        self.refresh()

    @property
    def _color(self) -> str:
        return self.theme.trace_color(self.trace.color_index)

    def title(self) -> str:
        """Return the short name of the trace, such as ``x @ script.py:10``."""
        return self.trace.title

    def refresh(self) -> None:
        """Draw what is new. Costs nothing while the panel is hidden, and never raises."""
        if not self.isVisible():
            return
        try:
            self._refresh()
        except Exception as error:  # noqa: BLE001 - whatever a lens raises is shown in its place
            self._show_failure(failure_sentence(error))

    def _refresh(self) -> None:
        history = self.trace.history
        drawn = (history, history.count, history.last_t_ns, self.trace.sample_rate_hz)
        if drawn != self._drawn or self._failed:
            self._failed = ""
            self._draw(history.last)
            self._drawn = drawn
        elif history.last is None:
            self._show_waiting()
        self._tell_header()

    def _draw(self, value: Value | None) -> None:
        if value is None:
            self._show_waiting()
            return
        entry = self.choice.lens_for(traits_of(value))
        lens = self._lenses.get(entry.name) or self._make_lens(entry)
        shown = self._stack.currentWidget()
        if shown is not None:
            lens.setGeometry(shown.geometry())  # now, so that the first drawing fits
        lens.show_traces(self.drawn_traces())
        self._use_lens(entry.name, lens)

    def drawn_traces(self) -> tuple[DrawnTrace, ...]:
        """Return what the lens draws, the panel's own trace first."""
        trace = self.trace
        return (
            DrawnTrace(
                trace.title,
                self._color,
                trace.history,
                earlier=tuple(trace.earlier),
                sample_rate_hz=trace.sample_rate_hz,
            ),
        )

    def _show_waiting(self) -> None:
        is_error = self.trace.status is ProbeStatus.INVALID
        self.placeholder.set_sentence(self.trace.waiting_sentence(), is_error=is_error)
        self._stack.setCurrentWidget(self.placeholder)
        self.header.set_actions(())

    def _tell_header(self) -> None:
        is_drawn = self.lens is not None and self._stack.currentWidget() is self.lens
        notes = self.lens.notes() if is_drawn and self.lens is not None else ()
        content = header_content(self.trace, notes)
        before = self.header.content
        if before is None or before.status is not content.status:
            self.setAccessibleDescription(content.sentence())
        self.header.set_content(content)

    def _make_lens(self, entry: LensEntry) -> LensWidget:
        lens = entry.build(self.theme, self._color)
        lens.setAccessibleName(f"{entry.name} of {self.title()}")
        lens.readout_changed.connect(self.header.set_readout)
        lens.menu_requested.connect(self._open_menu)
        lens.failed.connect(self._show_failure)
        self._lenses[entry.name] = lens
        self._stack.addWidget(lens)
        return lens

    def _use_lens(self, name: str, lens: LensWidget) -> None:
        if self._stack.currentWidget() is not lens:
            had_focus = self._has_focus_inside()
            self._stack.setCurrentWidget(lens)
            self.setFocusProxy(lens)
            self.header.set_readout("")
            if had_focus:
                lens.setFocus()
        self.header.set_actions(lens.header_actions())
        self.lens = lens
        if self.lens_name != name:
            self.lens_name = name
            self.lens_changed.emit(name)

    def _has_focus_inside(self) -> bool:
        current = self._stack.currentWidget()
        focused = self.focusWidget()
        return (
            current is not None
            and focused is not None
            and focused.hasFocus()
            and (focused is current or current.isAncestorOf(focused))
        )

    def _show_failure(self, sentence: str) -> None:
        self._failed = sentence
        self.placeholder.set_sentence(sentence, is_error=True)
        self._stack.setCurrentWidget(self.placeholder)
        if sentence not in self._reported:
            self._reported.add(sentence)
            _log.error("%s %s", self.title(), sentence)
            self.lens_failed.emit(sentence)

    def set_theme(self, theme: PlotTheme) -> None:
        """Draw in the colours of this theme."""
        self.theme = theme
        self.header.set_theme(theme, self._color)
        self.placeholder.set_theme(theme)
        for lens in self._lenses.values():
            lens.set_theme(theme, self._color)

    def pick_lens(self, traits: ValueTraits, name: str) -> None:
        """Draw values of this family with another lens from now on.

        Raises:
            LensError: there is no such lens, or it cannot draw them.
        """
        self.choice.pick(traits, name)
        self.redraw()

    def redraw(self) -> None:
        """Choose the lens anew and draw, also where nothing is new."""
        self._drawn = ()
        self.refresh()

    def showEvent(self, event: QShowEvent | None) -> None:
        """Catch up on what came while the panel was hidden."""
        super().showEvent(event)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Give a low panel's height to the data."""
        super().resizeEvent(event)
        self.header.set_compact(self.height() < _COMPACT_BELOW_PX)

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        """Open the panel's menu from the header and the placeholder."""
        if event is not None:
            self._open_menu(event.globalPos())

    def _open_menu(self, position: QPoint) -> None:
        menu = self.build_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(position)

    def build_menu(self) -> QMenu:
        """Return the panel's menu; the caller shows and deletes it."""
        menu = QMenu(self)
        value = self.trace.history.last
        if self.lens is not None and value is not None:
            menu.addActions(list(self.lens.view_actions()))
            menu.addSeparator()
            self._add_lens_actions(menu, traits_of(value))
        remove = QAction("Remove probe", menu)
        remove.triggered.connect(self.remove_requested.emit)
        menu.addAction(remove)
        return menu

    def _add_lens_actions(self, menu: QMenu, traits: ValueTraits) -> None:
        entries = self.choice.registry.lenses_for(traits)
        if len(entries) < 2:
            return
        choices = QMenu("Draw as", menu)
        group = QActionGroup(choices)
        for entry in entries:
            action = QAction(entry.name.capitalize(), group)
            action.setCheckable(True)
            action.setChecked(entry.name == self.lens_name)
            action.triggered.connect(lambda _on, name=entry.name: self.pick_lens(traits, name))
            choices.addAction(action)
        menu.addMenu(choices)
        menu.addSeparator()
