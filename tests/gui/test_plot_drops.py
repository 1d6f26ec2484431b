"""What is dropped onto a plot is seen there, or it is said why not."""

from pytestqt.qtbot import QtBot

from pyprobe.gui.main_window import MainWindow
from pyprobe.plots.trace_drag import DraggedSymbol, symbol_mime, trace_mime
from pyprobe.plots.trace_panel import TracePanel
from tests.gui.conftest import OpenWindow
from tests.gui.test_main_window import toggle, wait_ended

TEXT = """\
for n in range(20):
    level = n / 2
    state = {"gain": n}
    name = f"number {n}"
    other = n + 1
"""


def open_ran(open_main_window: OpenWindow, qtbot: QtBot) -> dict[str, TracePanel]:
    window: MainWindow = open_main_window(TEXT)
    for line in (2, 3, 4):
        toggle(window, line, 4)
    window.program.run()
    wait_ended(window, qtbot)
    assert window.traces is not None
    panels = {panel.title().split(" ")[0]: panel for panel in window.traces.panels.values()}
    names = {"level": "scalar history", "state": "tree", "name": "text"}
    qtbot.waitUntil(lambda: {one: panels[one].lens_name for one in panels} == names)
    return panels


def window_of(panel: TracePanel) -> MainWindow:
    window = panel.window()
    assert isinstance(window, MainWindow)
    return window


def told(window: MainWindow) -> str:
    message = window.messages.current()
    return message.text if message is not None else ""


def test_a_trace_is_not_laid_over_what_draws_only_one(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    panels = open_ran(open_main_window, qtbot)
    level, state = panels["level"], panels["state"]
    state.dropped.emit(trace_mime(level.trace.id, level.title()))
    assert state.traces.overlays == ()
    assert told(window_of(state)) == (
        f"The lens tree draws one trace, so {level.title()} is not laid over {state.title()}. "
        "Another lens may draw both."
    )


def test_a_symbol_dropped_there_has_a_plot_of_its_own(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    panels = open_ran(open_main_window, qtbot)
    state, window = panels["state"], window_of(panels["state"])
    file = next(iter(window.session.probes.values())).anchor.file
    state.dropped.emit(symbol_mime(DraggedSymbol(file, 5, 4), "other"))
    assert state.traces.overlays == ()
    assert window.traces is not None
    qtbot.waitUntil(lambda: window.traces is not None and len(window.traces.panels) == 4)
    assert not window.docks.parked
    assert "is not laid over" in told(window)


def test_what_the_lens_cannot_draw_is_said(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    panels = open_ran(open_main_window, qtbot)
    level, state = panels["level"], panels["state"]
    level.dropped.emit(trace_mime(state.trace.id, state.title()))
    assert level.traces.overlays == (state.trace,)
    assert told(window_of(level)) == (
        f"{state.title()} is laid over, but its values are none for a scalar history."
    )
