"""E2EReport: tells a test, line by line, where things are on the screen and what has happened.

Written only when ``PYPROBE_E2E_REPORT`` names a file; the tests' clicks and keys are real ones.
"""

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QEvent, QObject, QTimer
from PyQt6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QToolButton, QWidget

from pyprobe.gui.action_palette import ActionPalette
from pyprobe.gui.e2e_rects import global_rect, rect_list
from pyprobe.gui.overlay import Overlay
from pyprobe.gui.source_page import SourcePage
from pyprobe.session.ending import Ending
from pyprobe.session.listener import ProgramState, SessionListener
from pyprobe.session.probe import Probe

if TYPE_CHECKING:
    from pyprobe.gui.main_window import MainWindow

_SETTLE_MS = 60
_DRAGGED = {
    QEvent.Type.DragEnter: "enter",
    QEvent.Type.DragMove: "move",
    QEvent.Type.DragLeave: "leave",
    QEvent.Type.Drop: "drop",
}
_IS_HEARD = "isHeardByReport"  # a property of menus
_WINDOW_CHANGES = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.WindowStateChange)
_OVERLAYS = {"ActionPalette": "actions", "ShortcutSheet": "sheet", "MathEditor": "math"}


class E2EReport(QObject):
    """Appends JSON lines, each with ``t_ns`` (perf_counter) and ``event``."""

    def __init__(self, path: str, window: "MainWindow") -> None:
        super().__init__()
        self._file = open(path, "a", encoding="utf-8")  # noqa: SIM115 - closed by close()
        self._window = window
        self._added_ns: dict[int, int] = {}
        self._waits_for_pixel: set[int] = set()
        self._layout_timer = self._make_timer(self._write_layout)
        self._plots_timer = self._make_timer(self._write_plots)
        self._plots: list[dict[str, Any]] = []
        self._debug: dict[str, Any] = {}
        self._listener = _Listener(self)
        window.session.add_listener(self._listener)
        window.source_area.laid_out.connect(self._layout_soon)
        window.messages.changed.connect(self._on_message)
        window.status.hinted.connect(lambda text: self.write("hint", text=text))
        window.time.changed.connect(self._on_time)
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def _make_timer(self, run: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(_SETTLE_MS)
        timer.timeout.connect(run)
        return timer

    def write(self, event: str, **facts: Any) -> None:
        """Write one line."""
        if not self._file.closed:
            line = {"t_ns": time.perf_counter_ns(), "event": event, **facts}
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()

    def close(self) -> None:
        """Stop reporting."""
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        self._layout_timer.stop()
        self._plots_timer.stop()
        self._window.session.remove_listener(self._listener)
        self.write("closed")
        self._file.close()

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        if a1 is None or a0 is None:
            return False
        if (
            (a1.type() in _WINDOW_CHANGES and a0 is self._window)
            or a1.type() is QEvent.Type.LayoutRequest
            or (isinstance(a0, Overlay) and a1.type() in (QEvent.Type.Show, QEvent.Type.Hide))
        ):
            self._layout_soon()
        elif a1.type() is QEvent.Type.Paint:
            if self._waits_for_pixel:
                self._look_for_pixel(a0)
            self._plots_soon()
        elif isinstance(a0, QMenu):
            self._on_menu(a0, a1.type())
        elif isinstance(a0, QLineEdit):
            self._on_editor(a0, a1.type())
        elif isinstance(a0, QWidget) and a1.type() in _DRAGGED:
            self.write(
                "drag", step=_DRAGGED[a1.type()], over=a0.accessibleName() or type(a0).__name__
            )
        return False

    def _layout_soon(self) -> None:
        if not self._layout_timer.isActive():
            self._layout_timer.start()

    def _plots_soon(self) -> None:
        if not self._plots_timer.isActive():
            self._plots_timer.start()

    # ---- what happens --------------------------------------------------------------------

    def on_probe(self, probe: Probe) -> None:
        """A probe has changed."""
        present = probe.id in self._window.session.probes
        if present and probe.id not in self._added_ns:
            self._added_ns[probe.id] = time.perf_counter_ns()
        elif not present:
            self._added_ns.pop(probe.id, None)
        self.write(
            "probe",
            id=probe.id,
            label=probe.anchor.identity_label(),
            line=probe.occurrence.line,
            col=probe.occurrence.col,
            status=probe.status.value if present else "removed",
            detail=probe.detail,
        )
        self._layout_soon()

    def on_captures(self, probe_ids: set[int]) -> None:
        """Captures have come."""
        for probe_id in probe_ids:
            added_ns = self._added_ns.get(probe_id)
            if added_ns is not None:
                self._added_ns[probe_id] = 0
                if added_ns:
                    self.write("first_capture", id=probe_id, after_ns=_since(added_ns))
                    self._waits_for_pixel.add(probe_id)
                    self._pixel_start = {**getattr(self, "_pixel_start", {}), probe_id: added_ns}

    def _look_for_pixel(self, painted: QObject) -> None:
        traces = self._window.traces
        for probe_id in list(self._waits_for_pixel):
            panel = traces.panels.get(probe_id) if traces is not None else None
            if panel is None or not isinstance(painted, QWidget):
                continue
            if panel.isAncestorOf(painted) and panel.lens is not None:
                self._waits_for_pixel.discard(probe_id)
                self.write("first_pixel", id=probe_id, after_ns=_since(self._pixel_start[probe_id]))

    def _on_message(self) -> None:
        message = self._window.messages.current()
        if message is not None:
            self.write("message", level=message.level.value, text=message.text)
        self._layout_soon()

    def _on_time(self) -> None:
        time_bar, view = self._window.time.bar, self._window.console.view
        position = time_bar.position
        self.write(
            "time",
            live=position.t_ns is None,
            count=position.count,
            total=position.total,
            text=position.text(),
            values={row.name: row.value for row in self._window.probe_model.rows},
            later=view.later_text()[:2000],
        )

    def _on_menu(self, menu: QMenu, what: QEvent.Type) -> None:
        if what is QEvent.Type.Show:
            from pyprobe.gui.e2e_plots import entry_text, menu_facts

            self.write("menu", title=menu.title(), entries=menu_facts(menu))
            if not menu.property(_IS_HEARD):
                menu.setProperty(_IS_HEARD, True)
                menu.hovered.connect(lambda action: self.write("hovered", text=entry_text(action)))

    def _on_editor(self, editor: QLineEdit, what: QEvent.Type) -> None:
        """A line that opens in place, such as for the end of an axis."""
        if what in (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.ToolTipChange):
            self.write(
                "editor",
                name=editor.accessibleName(),
                text=editor.text(),
                is_open=what is not QEvent.Type.Hide,
                problem=editor.toolTip(),
            )

    # ---- where things are ----------------------------------------------------------------

    def _write_plots(self) -> None:
        self._write_debug()
        traces = self._window.traces
        if traces is None:
            return
        from pyprobe.gui.e2e_plots import plot_facts

        plots = [plot_facts(panel) for panel in traces.panels.values() if panel.isVisible()]
        if plots != self._plots:
            self._plots = plots
            self.write("plots", plots=plots)

    def _write_debug(self) -> None:
        from pyprobe.gui.e2e_debug import debug_facts

        facts = debug_facts(self._window)
        if facts != self._debug:
            self._debug = facts
            self.write("debug", **facts)

    def _write_layout(self) -> None:
        window = self._window
        page = window.source_area.current_page
        self.write(
            "layout",
            window=global_rect(window),
            window_id=int(window.winId()),
            tokens=_tokens(page) if page is not None else [],
            path=page.path if page is not None else "",
            problems=[
                label.text()
                for overlay in window.findChildren(Overlay)
                for label in overlay.findChildren(QLabel, "overlayProblem")
                if label.isVisible()
            ],
            is_whole_screen=window.isFullScreen(),
            widgets=self._widgets(),
            traces=[
                {"id": probe_id, "rect": global_rect(panel), "title": panel.title()}
                for probe_id, panel in (window.traces.panels if window.traces else {}).items()
                if panel.isVisible()
            ],
        )

    def _widgets(self) -> dict[str, list[int]]:
        window = self._window
        named: dict[str, QWidget] = {
            "console": window.console.view,
            "input": window.console.input,
            "probes": window.probe_table,
            "messages": window.messages,
            "status": window.status,
            "plots": window.empty_plots,
            "parked": window.plots.strip,
            "time": window.time.bar.slider,
            "live": window.time.bar.live,
        }
        for overlay in window.findChildren(Overlay):
            name = type(overlay).__name__
            named[_OVERLAYS.get(name, name)] = (
                overlay.view if isinstance(overlay, ActionPalette) else overlay
            )
        page = window.source_area.current_page
        if page is not None:
            named["source"] = page.view
            named["find"] = page.find_bar
        for button in window.menus.toolbar.findChildren(QToolButton):
            action = button.defaultAction()
            if action is not None:
                named[f"button {action.iconText()}"] = button
        return {name: global_rect(widget) for name, widget in named.items() if widget.isVisible()}


class _Listener(SessionListener):
    """Passes on what the session says."""

    def __init__(self, report: E2EReport) -> None:
        self._report = report

    def on_state(self, state: ProgramState) -> None:
        self._report.write("state", state=state.value)

    def on_probe(self, probe: Probe) -> None:
        self._report.on_probe(probe)

    def on_captures(self, probe_ids: set[int]) -> None:
        self._report.on_captures(probe_ids)

    def on_ending(self, ending: Ending) -> None:
        self._report.write("ending", sentence=ending.sentence, complete=ending.complete)

    def on_output(self, stream: str, text: str) -> None:
        self._report.write("output", stream=stream, text=text[:2000])


def _tokens(page: SourcePage) -> list[dict[str, Any]]:
    tokens = []
    for occurrence in page.view.visible_occurrences():
        rect = page.view.token_rect(occurrence)
        if rect is not None:
            tokens.append(
                {
                    "line": occurrence.line,
                    "col": occurrence.col,
                    "symbol": occurrence.symbol,
                    "kind": occurrence.kind.value,
                    "rect": rect_list(rect),
                }
            )
    return tokens


def _since(start_ns: int) -> int:
    return time.perf_counter_ns() - start_ns
