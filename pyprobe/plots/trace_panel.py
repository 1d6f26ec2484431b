"""TracePanel: one trace: a header that tells, and the lens that suits its value."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from PyQt6.QtCore import QPoint, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QAction,
    QContextMenuEvent,
    QDrag,
    QDragEnterEvent,
    QDropEvent,
    QResizeEvent,
    QShowEvent,
)
from PyQt6.QtWidgets import QMenu, QStackedLayout, QVBoxLayout, QWidget

from pyprobe.plots.axis_range import AxisView
from pyprobe.plots.builtin_lenses import registry
from pyprobe.plots.drawn_trace import DrawnTrace
from pyprobe.plots.header_text import header_content
from pyprobe.plots.lens import LensWidget, failure_sentence
from pyprobe.plots.lens_choice import LensChoice
from pyprobe.plots.lens_registry import LensEntry
from pyprobe.plots.option_undo import OptionUndo
from pyprobe.plots.panel_header import PanelHeader
from pyprobe.plots.panel_menu import build_panel_menu
from pyprobe.plots.placeholder import Placeholder
from pyprobe.plots.plot_canvas import PlotCanvas
from pyprobe.plots.range_editor import RangeEditor
from pyprobe.plots.reading_strip import ReadingStrip
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.trace_drag import can_drop, trace_mime
from pyprobe.plots.trace_set import Look, Shown, TraceSet, toggled
from pyprobe.plots.value_traits import ValueTraits, traits_of
from pyprobe.session.past_readers import PastReaders
from pyprobe.session.trace import ProbeStatus, Trace
from pyprobe.session.values import Value

_COMPACT_BELOW_PX = 150

MayDraw = Callable[[LensEntry, str, Sequence[DrawnTrace], QSize], bool]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class _Click:
    """A click on the legend; a second one goes on with it, and is undone with it."""

    before: Shown


class TracePanel(QWidget):
    """Draws a trace. The front end calls ``refresh`` when there is news, once a frame at most.

    ``remove_requested``: the user wants the trace gone. ``lens_failed``: a lens raised; told once
    for every different sentence, which also stands in the lens' place. ``lens_changed`` carries the
    name of the lens that draws now. ``done`` carries a change the user made: its name, what makes
    and what undoes it, and what changes that are undone as one have in common. ``dropped`` carries
    the QMimeData of what was dropped onto the panel; ``x_moved`` the kind and the ends of the X
    axis of a linked panel; ``save_asked`` the suffix of the file to write, ``""`` the clipboard.
    ``linked``: the user has linked the X axis to others, or does not any more.
    """

    remove_requested = pyqtSignal()
    lens_failed = pyqtSignal(str)
    lens_changed = pyqtSignal(str)
    done = pyqtSignal(str, object, object, object)
    x_moved = pyqtSignal(str, float, float)
    save_asked = pyqtSignal(str)
    dropped = pyqtSignal(object)
    linked = pyqtSignal(bool)

    def __init__(self, trace: Trace, theme: PlotTheme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.trace = trace
        self.traces = TraceSet(trace)
        self.other_traces: Callable[[], Sequence[Trace]] = tuple
        # Asked of lenses of other packages: whether one may draw these traces in the window.
        self.may_draw: MayDraw = lambda _entry, _family, _traces, _size: True
        self.more_actions: Sequence[QAction] = ()
        self.remove_text = "Remove probe"
        self.link_action = QAction("Link X axis", self)
        self.link_action.setCheckable(True)
        self.link_action.setToolTip("Move the X axes of all linked plots together")
        self.link_action.triggered.connect(self.linked)
        self.theme = theme
        self.choice = LensChoice(registry())
        self.lens: LensWidget | None = None
        self.lens_name = ""
        self._lenses: dict[str, LensWidget] = {}
        self._lens_states: dict[str, Mapping[str, object]] = {}
        self._options: dict[str, OptionUndo] = {}
        self._reported: set[str] = set()
        self._failed = ""
        self._drawn: tuple[object, ...] = ()
        self._past = PastReaders()
        self._click: _Click | None = None
        self.header = PanelHeader(theme, self._color)
        self.header.drag_started.connect(self._drag)
        self.placeholder = Placeholder(theme)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self.header)
        self._stack = QStackedLayout()
        self._layout.addLayout(self._stack, 1)
        self.strip = ReadingStrip(theme)
        self._layout.addWidget(self.strip)
        self._stack.addWidget(self.placeholder)
        self.setFocusProxy(self.placeholder)
        self.setAcceptDrops(True)
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
        history = self._past.reader(self.trace)
        drawn = tuple(self._news_of(trace) for trace in self.traces.traces)
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
        traits = traits_of(value)
        entry = self.choice.lens_for(traits)
        if entry.origin and not self.may_draw(
            entry, traits.family, self.drawn_traces(), self._stack.geometry().size()
        ):
            self._show_sentence(f"{entry.name} is being tried first, beside the window")
            return
        lens = self._lenses.get(entry.name) or self._make_lens(entry)
        shown = self._stack.currentWidget()
        if shown is not None:
            lens.setGeometry(shown.geometry())  # now, so that the first drawing fits
        lens.show_traces(self.drawn_traces())
        self._use_lens(entry.name, lens)

    def drawn_traces(self) -> tuple[DrawnTrace, ...]:
        """Return what the lens draws, the panel's own trace first."""
        return self.traces.drawn(self.theme.trace_color, self._past.reader)

    def show_at(self, t_ns: int | None) -> None:
        """Show what was true at a time, in the target's ``perf_counter_ns``; ``None`` is live."""
        self._past.move_to(t_ns)
        self.refresh()

    def _news_of(self, trace: Trace) -> tuple[object, ...]:
        history = self._past.reader(trace)
        news = (history, history.count, history.last_t_ns, trace.sample_rate_hz)
        return (*news, *trace.earlier)

    def _show_waiting(self) -> None:
        is_error = self._past.fares(self.trace)[0] is ProbeStatus.INVALID
        self._show_sentence(self._past.sentence(self.trace), is_error=is_error)

    def _show_sentence(self, sentence: str, *, is_error: bool = False) -> None:
        self.placeholder.set_sentence(sentence, is_error=is_error)
        self._stack.setCurrentWidget(self.placeholder)
        self.header.set_actions(())

    def _tell_header(self) -> None:
        is_drawn = self.lens is not None and self._stack.currentWidget() is self.lens
        notes = self.lens.notes() if is_drawn and self.lens is not None else ()
        past = None if self._past.t_ns is None else self._past.reader(self.trace)
        last = self.trace.history.last
        missing = ""
        if last is not None and self.choice.picks:
            missing = self.choice.missing(traits_of(last))
        fares = self._past.fares(self.trace)
        content = header_content(self.trace, notes, past=past, fares=fares, missing_lens=missing)
        before = self.header.content
        if before is None or before.status is not content.status:
            self.setAccessibleDescription(content.sentence())
        self.header.set_content(content)
        self._read()

    def _make_lens(self, entry: LensEntry) -> LensWidget:
        lens = entry.build(self.theme, self._color)
        lens.setAccessibleName(f"{entry.name} of {self.title()}")
        lens.readout_changed.connect(self.header.set_readout)
        lens.menu_requested.connect(self._open_menu)
        lens.failed.connect(self._show_failure)
        lens.done.connect(self.done)
        lens.read.connect(self._read)
        lens.changed.connect(self._on_lens_changed)
        lens.x_moved.connect(self._on_x_moved)
        lens.legend_clicked.connect(self._on_legend_clicked)
        lens.legend_double_clicked.connect(self._on_legend_double_clicked)
        self._lenses[entry.name] = lens
        if entry.name in self._lens_states:
            lens.restore(self._lens_states[entry.name])
        self._options[entry.name] = OptionUndo(
            lens,
            lambda what, redo, undo, merge: self.done.emit(
                f"change {what} of {self.title()}", redo, undo, merge
            ),
            self.redraw,
        )
        self._stack.addWidget(lens)
        return lens

    def _on_lens_changed(self) -> None:
        """Tell what an option leaves out, also where nothing new comes any more."""
        lens = self.lens
        if lens is not None and self._stack.currentWidget() is lens:
            lens.guarded(self._tell_header)

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

    def _on_x_moved(self, low: float, high: float) -> None:
        if self.link_action.isChecked() and self.lens is not None and self.lens.x_kind():
            self.x_moved.emit(self.lens.x_kind(), low, high)

    def follow_x(self, kind: str, low: float, high: float) -> None:
        """Show what a linked panel shows, where the axis is of that kind."""
        if self.link_action.isChecked() and self.lens is not None and self.lens.x_kind() == kind:
            self.lens.show_x(low, high)

    def x_shown(self) -> tuple[str, float, float] | None:
        """Return the kind and the ends of the X axis that linked panels are to show, if any."""
        lens = self.lens
        if not self.link_action.isChecked() or not isinstance(lens, PlotCanvas):
            return None
        ends = lens.chosen_x()
        return None if ends is None or not lens.x_kind() else (lens.x_kind(), *ends)

    def x_view(self) -> AxisView | None:
        """Return what the X axis shows, for ``set_linked``."""
        return self.lens.x_range.view if isinstance(self.lens, PlotCanvas) else None

    def set_linked(self, linked: bool, view: AxisView | None) -> None:
        """Link the X axis to others or not, and show what it showed then."""
        self.link_action.setChecked(False)  # what is shown now is no news to the others
        if view is not None and isinstance(self.lens, PlotCanvas):
            self.lens.bring_back((view, *self.lens.view()[1:]))
        self.link_action.setChecked(linked)

    def match_color(self) -> None:
        """Draw in the colour that the trace has now."""
        if self.header.color != self._color:
            self.set_theme(self.theme)

    def _read(self) -> None:
        """Bring the rows below the plot up to date."""
        is_drawn = self.lens is not None and self._stack.currentWidget() is self.lens
        self.strip.set_rows(self.lens.readings() if is_drawn and self.lens is not None else ())

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
        self.strip.set_theme(theme)
        for lens in self._lenses.values():
            lens.set_theme(theme, self._color)
        self.redraw()

    def choose_lens(self, traits: ValueTraits, name: str) -> None:
        """Draw values of this family with another lens from now on, as the user wants it.

        Raises:
            LensError: there is no such lens, or it cannot draw them.
        """
        before = dict(self.choice.picks)
        self._do(
            f"draw {self.title()} as {name}",
            lambda: self.choice.pick(traits, name),
            lambda: setattr(self.choice, "picks", dict(before)),
        )

    def redraw(self) -> None:
        """Choose the lens anew and draw, also where nothing is new."""
        self._drawn = ()
        self.refresh()

    # Memory.

    def memory(self, key_of: Callable[[Trace], str]) -> dict[str, object]:
        """Return what the user chose in this plot, as JSON takes it.

        ``key_of`` names a trace so that it is found again.
        """
        states = {**self._lens_states, **{name: one.state() for name, one in self._lenses.items()}}
        return {
            "lenses": dict(self.choice.picks),
            "states": {name: dict(state) for name, state in states.items()},
            "traces": self.traces.to_dict(key_of),
            "linked": self.link_action.isChecked(),
        }

    def recall(
        self, memory: Mapping[str, object], traces: Sequence[Trace], key_of: Callable[[Trace], str]
    ) -> None:
        """Take over what ``memory`` gave; what is not understood is passed over."""
        lenses, states, shown = (memory.get(name) for name in ("lenses", "states", "traces"))
        if isinstance(lenses, dict):
            self.choice.picks = {str(family): str(name) for family, name in lenses.items()}
        for name, state in states.items() if isinstance(states, dict) else ():
            if isinstance(state, dict):
                self._lens_states[str(name)] = state
                if name in self._lenses:
                    self._options[name].restore(state)
        if isinstance(shown, dict):
            self.traces.restore(shown, traces, key_of)
        self.link_action.setChecked(memory.get("linked") is True)
        self.redraw()

    # Several traces.

    def overlay(self, trace: Trace) -> None:
        """Lay a trace over the panel's own; one that is there stays where it is."""
        if trace not in self.traces:
            self._do(
                f"overlay {trace.title}",
                lambda: self.traces.add(trace),
                lambda: self.traces.remove(trace),
            )

    def take_away(self, trace: Trace) -> None:
        """Take an overlay away."""
        place = next((at for at, one in enumerate(self.traces.overlays) if one is trace), None)
        if place is not None:
            self._do(
                f"take {trace.title} away",
                lambda: self.traces.remove(trace),
                lambda: self.traces.add(trace, place),
            )

    def ask_rate(self, trace: Trace) -> None:
        """Ask, over the plot, for the sample rate of a trace's arrays in Hz."""
        look = self.traces.look(trace)

        def take(rate_hz: float) -> str:
            if rate_hz <= 0:
                return "a sample rate in Hz is positive"
            self.set_look(trace, replace(look, sample_rate_hz=rate_hz), "sample rate")
            return ""

        now_hz = look.sample_rate_hz or trace.sample_rate_hz or 1.0
        editor = RangeEditor(now_hz, take, self, name="Sample rate in Hz")
        editor.open_at(self.width() / 2, self.header.height() + 16.0)

    def set_look(self, trace: Trace, look: Look, done: str) -> None:
        """Draw a trace in another way; ``done`` names the change."""
        before = self.traces.look(trace)
        if look != before:
            self._do(
                f"{done} of {trace.title}",
                lambda: self.traces.set_look(trace, look),
                lambda: self.traces.set_look(trace, before),
            )

    def _do(
        self,
        text: str,
        redo: Callable[[], object],
        undo: Callable[[], object],
        *,
        merge: object = None,
    ) -> None:
        def doing(change: Callable[[], object]) -> Callable[[], None]:
            def make_and_draw() -> None:
                change()
                self.redraw()

            return make_and_draw

        doing(redo)()
        self.done.emit(text, doing(redo), doing(undo), merge)

    def _on_legend_clicked(self, place: int) -> None:
        trace = self.traces.traces[place]
        before, hidden = self.traces.shown(), toggled(self.traces.look(trace))
        self._click = _Click(before)
        self._do(
            f"hide or show {trace.title}",
            lambda: self.traces.set_look(trace, hidden),
            lambda: self.traces.bring_back(before),
            merge=self._click,
        )

    def _on_legend_double_clicked(self, place: int) -> None:
        click = self._click or _Click(self.traces.shown())
        self.traces.bring_back(click.before)
        trace = self.traces.traces[place]
        if trace is self.trace:
            self.redraw()
            self.done.emit("", None, None, click)  # nothing has been done in the end
            return
        self._do(
            f"take {trace.title} away",
            lambda: self.traces.remove(trace),
            lambda: self.traces.bring_back(click.before),
            merge=click,
        )

    def _drag(self) -> None:
        drag = QDrag(self)
        drag.setMimeData(trace_mime(self.trace.id, self.title()))
        drag.exec(Qt.DropAction.CopyAction)

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        """Take a trace or a symbol of the source."""
        mime = event.mimeData() if event is not None else None
        if event is not None and mime is not None and can_drop(mime):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        """Hand on what was dropped; the window knows what it is."""
        mime = event.mimeData() if event is not None else None
        if event is not None and mime is not None and can_drop(mime):
            event.acceptProposedAction()
            self.dropped.emit(mime)

    def showEvent(self, event: QShowEvent | None) -> None:
        """Catch up on what came while the panel was hidden."""
        super().showEvent(event)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Give a low panel's height to the data."""
        super().resizeEvent(event)
        self.header.set_compact(self.height() < _COMPACT_BELOW_PX)
        self.strip.set_panel_height(self.height())

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
        value = self._past.reader(self.trace).last
        return build_panel_menu(self, self, None if value is None else traits_of(value))
