"""In a window of another size the plots are laid out anew, and the source keeps its share."""

from PyQt6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from pyprobe.gui.dock_tiles import source_share
from pyprobe.gui.dock_tree import splitters_around
from pyprobe.gui.main_window import MainWindow
from tests.gui.conftest import OpenWindow
from tests.gui.hands import hands
from tests.gui.test_many_plots import open_with, shares

COUNT = 10
EACH_BY_ITSELF = [1] * COUNT
SMALL, LARGE = (800, 578), (1360, 840)


def share_of_source(window: MainWindow) -> float:
    share = source_share(window.docks.source)
    assert share is not None
    return share


def test_a_small_window_leaves_the_source_its_share(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_with(open_main_window, qtbot, COUNT)
    before = share_of_source(window)
    assert shares(window) == EACH_BY_ITSELF
    window.resize(*SMALL)
    qtbot.waitUntil(lambda: shares(window) != EACH_BY_ITSELF)
    assert abs(share_of_source(window) - before) < 0.03
    window.resize(*LARGE)
    qtbot.waitUntil(lambda: shares(window) == EACH_BY_ITSELF)
    assert abs(share_of_source(window) - before) < 0.03


def test_a_share_that_was_chosen_is_kept(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_with(open_main_window, qtbot, COUNT)
    row, _column = splitters_around(window.docks.source)
    assert row is not None
    handle = row.handle(1)
    assert handle is not None
    begin = handle.rect().center()
    hands.mousePress(handle, Qt.MouseButton.LeftButton, pos=begin)
    hands.mouseMove(handle, begin - QPoint(round(row.width() * 0.18), 0))
    hands.mouseRelease(handle, Qt.MouseButton.LeftButton)
    chosen = share_of_source(window)
    assert chosen < 0.4
    window.resize(*SMALL)
    qtbot.waitUntil(lambda: shares(window) != EACH_BY_ITSELF)
    assert abs(share_of_source(window) - chosen) < 0.03


def test_what_a_person_has_arranged_stays(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_with(open_main_window, qtbot, COUNT)
    first, second, *_ = window.docks.traces.values()
    window.docks.manager.addDockWidgetTabToArea(first, second.dockAreaWidget())
    arranged = shares(window)
    window.resize(*SMALL)
    settled = window.docks._refit._settle
    qtbot.waitUntil(lambda: settled.isActive())
    qtbot.waitUntil(lambda: not settled.isActive())
    assert shares(window) == arranged
