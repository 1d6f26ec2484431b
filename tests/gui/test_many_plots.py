"""Many plots: tiles as far as they can be read, then tabs that are shared out evenly."""

from collections import Counter

import pytest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pyprobe.gui.main_window import MainWindow
from pyprobe.gui.trace_grid import MIN_HEIGHT_PX, MIN_WIDTH_PX
from tests.gui.conftest import OpenWindow
from tests.gui.test_main_window import toggle


def open_with(open_main_window: OpenWindow, qtbot: QtBot, count: int) -> MainWindow:
    window: MainWindow = open_main_window("".join(f"a{n} = {n}\n" for n in range(count)))
    window.resize(1360, 840)
    window.first_sizes()
    qtbot.wait(0)
    for line in range(1, count + 1):
        toggle(window, line, 0)
    qtbot.waitUntil(lambda: len(window.docks.traces) == count)
    qtbot.wait(0)
    return window


def shares(window: MainWindow) -> list[int]:
    """Return how many plots each area holds."""
    areas = [dock.dockAreaWidget() for dock in window.docks.traces.values()]
    return sorted(Counter(id(area) for area in areas).values())


@pytest.mark.parametrize("count", [1, 2, 4, 6, 9, 12])
def test_up_to_twelve_are_all_seen(open_main_window: OpenWindow, qtbot: QtBot, count: int) -> None:
    window = open_with(open_main_window, qtbot, count)
    assert shares(window) == [1] * count
    docks = list(window.docks.traces.values())
    qtbot.waitUntil(lambda: all(dock.isVisible() for dock in docks))
    assert min(dock.width() for dock in docks) > MIN_WIDTH_PX * 0.9
    assert min(dock.height() for dock in docks) > MIN_HEIGHT_PX * 0.6  # its tab is beside


@pytest.mark.parametrize("count", [16, 30])
def test_more_are_tabs_of_as_many_tiles_as_can_be_read(
    open_main_window: OpenWindow, qtbot: QtBot, count: int
) -> None:
    window = open_with(open_main_window, qtbot, count)
    found = shares(window)
    assert len(found) >= 9
    assert found[-1] - found[0] <= 1
    window.plots.show_plots_only()
    assert shares(window) == [1] * count
    window.plots.show_plots_only()
    qtbot.waitUntil(lambda: shares(window) == found)


def test_of_very_many_only_the_new_ones_are_placed(
    open_main_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_with(open_main_window, qtbot, 66)
    docks = window.docks
    found = shares(window)
    assert len(found) >= 9
    assert found[-1] - found[0] <= 1
    arranged: list[int] = []
    plain = docks.arrange

    def arrange() -> None:
        arranged.append(len(docks.shown))
        plain()

    monkeypatch.setattr(docks, "arrange", arrange)
    window.plots.show_plots_only()
    window.plots.show_plots_only()
    qtbot.wait(0)
    first, *_others = docks.traces
    docks.park_trace(first)
    docks.show_trace(first)
    toggle(window, 66, 0)
    qtbot.waitUntil(lambda: len(docks.traces) == 65)
    toggle(window, 66, 0)
    qtbot.waitUntil(lambda: len(docks.traces) == 66)
    assert arranged == []
    assert sum(shares(window)) == 66
    window.source_area.setFocus()
    focused = QApplication.focusWidget()
    docks.arrange()
    assert arranged == [66]
    assert docks.manager.isVisible()
    assert QApplication.focusWidget() is focused
    found = shares(window)
    assert found[-1] - found[0] <= 1
