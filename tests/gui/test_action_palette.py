"""The palette of all actions and the sheet of all keys: found, run, explained, closed."""

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pyprobe.gui.action_list import list_actions, menu_actions, plain_text
from pyprobe.gui.action_palette import ActionPalette
from pyprobe.gui.main_window import MainWindow
from pyprobe.gui.shortcut_sheet import ShortcutSheet, share_out, shortcut_groups
from pyprobe.gui.shortcut_text import SheetGroup, SheetRow
from pyprobe.gui.theme import ThemeChoice
from tests.gui.conftest import OpenWindow
from tests.gui.hands import hands
from tests.gui.test_main_window import hint, toggle

TEXT = "x = 1\ny = 2\n"


def action(window: MainWindow, text: str) -> QAction:
    return next(one for _, one in menu_actions(window) if plain_text(one) == text)


def open_palette(window: MainWindow) -> ActionPalette:
    action(window, "All actions…").trigger()
    (palette,) = (one for one in window.findChildren(ActionPalette) if one.isVisible())
    return palette


def shown(palette: ActionPalette) -> list[str]:
    entries = [
        palette.rows.entry(palette.rows.index(row)) for row in range(palette.rows.rowCount())
    ]
    return [entry.text for entry in entries if entry is not None]


def test_every_menu_action_is_listed(open_main_window: OpenWindow) -> None:
    window = open_main_window(TEXT)
    palette = open_palette(window)
    listed = {entry.action for entry in palette.entries}
    assert {one for _, one in menu_actions(window)} <= listed
    assert len(shown(palette)) == len(palette.entries)
    run = next(entry for entry in palette.entries if entry.text == "Run")
    assert (run.group, run.keys, run.why_not) == ("Program", "F5", "")
    dark = next(entry for entry in palette.entries if entry.text == "Dark")
    assert (dark.group, dark.checked) == ("View › Theme", False)
    palette.close_overlay()


def test_a_menus_name_comes_before_letters_here_and_there(open_main_window: OpenWindow) -> None:
    palette = open_palette(open_main_window(TEXT))
    hands.keyClicks(palette.field, "theme")
    assert {"Dark", "Light"} <= set(shown(palette)[:3])
    palette.close_overlay()


def test_typing_finds_and_enter_runs(open_main_window: OpenWindow) -> None:
    window = open_main_window(TEXT)
    palette = open_palette(window)
    hands.keyClicks(palette.field, "theme dark")
    assert shown(palette)[0] == "Dark"
    hands.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.preferences.theme is ThemeChoice.DARK
    assert not palette.isVisible()


def test_arrows_go_round_and_a_click_runs(open_main_window: OpenWindow) -> None:
    window = open_main_window(TEXT)
    palette = open_palette(window)
    last = palette.rows.rowCount() - 1
    hands.keyClick(palette.field, Qt.Key.Key_Up)
    assert palette.view.currentIndex().row() == last
    hands.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.view.currentIndex().row() == 0
    hands.keyClicks(palette.field, "go to line")
    row = palette.view.visualRect(palette.rows.index(0))
    hands.mouseClick(palette.view.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    page = window.source_area.current_page
    assert page is not None
    assert page.find_bar.isVisible()


def test_what_cannot_be_done_says_why(open_main_window: OpenWindow) -> None:
    window = open_main_window(TEXT)
    palette = open_palette(window)
    hands.keyClicks(palette.field, "stop")
    hands.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible()
    assert hint(window) == "Stop: no program is running."
    hands.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()


def test_nothing_found_is_said(open_main_window: OpenWindow) -> None:
    window = open_main_window(TEXT)
    palette = open_palette(window)
    hands.keyClicks(palette.field, "zzzz")
    assert not palette.view.isVisible()
    hands.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible()
    palette.close_overlay()


def test_the_keyboard_goes_back(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(TEXT)
    window.activateWindow()
    window.probe_table.setFocus()
    qtbot.waitUntil(window.probe_table.hasFocus)
    palette = open_palette(window)
    qtbot.waitUntil(palette.field.hasFocus)
    assert any(entry.text == "Remove the probe" for entry in palette.entries)
    hands.keyClick(palette.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(window.probe_table.hasFocus)
    palette = open_palette(window)
    window.console.view.setFocus()
    qtbot.waitUntil(lambda: not palette.isVisible())
    assert window.console.view.hasFocus()


def test_a_press_beside_closes(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(TEXT)
    palette = open_palette(window)
    hands.mouseClick(window.status, Qt.MouseButton.LeftButton)
    assert not palette.isVisible()


def test_a_plot_offers_its_own_actions(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(TEXT)
    probe = toggle(window, 1, 0)
    qtbot.waitUntil(lambda: window.traces is not None and probe.id in window.traces.panels)
    assert window.traces is not None
    panel = window.traces.panels[probe.id]
    found = list_actions(window, panel.placeholder)
    remove = next(entry for entry in found.entries if entry.text == "Remove probe")
    assert remove.group == "Trace of x @ program.py:1"
    assert found.entries.index(remove) < 10
    remove.action.trigger()
    assert not window.session.probes
    found.close()


def test_the_sheet_has_every_key(open_main_window: OpenWindow, qapp: QApplication) -> None:
    window = open_main_window(TEXT)
    groups = {group.title: group.rows for group in shortcut_groups(window)}
    assert SheetRow("Run", "F5") in groups["Program"]
    assert SheetRow("Change the throttle", "F2") in groups["Probes"]
    assert SheetRow("Keyboard shortcuts", "?") in groups["Help"]
    assert SheetRow("Zoom along X", "Wheel") in groups["Mouse on a plot"]
    action(window, "Keyboard shortcuts").trigger()
    (sheet,) = window.findChildren(ShortcutSheet)
    assert sheet.isVisible()
    assert window.rect().contains(sheet.geometry())
    window.resize(700, 500)
    qapp.processEvents()
    assert window.rect().contains(sheet.geometry())
    hands.keyClick(sheet, "?")
    assert not sheet.isVisible()


def test_opening_one_closes_the_other(open_main_window: OpenWindow) -> None:
    window = open_main_window(TEXT)
    palette = open_palette(window)
    action(window, "Keyboard shortcuts").trigger()
    assert not palette.isVisible()
    action(window, "Keyboard shortcuts").trigger()
    assert not [one for one in window.findChildren(ShortcutSheet) if one.isVisible()]


def test_groups_are_shared_out_evenly_and_in_order() -> None:
    groups = [SheetGroup(str(n), (SheetRow("a", "b"),) * n) for n in (3, 9, 2, 4, 6)]
    for columns in (1, 2, 3, 4, 9):
        dealt = share_out(groups, columns)
        assert [group for column in dealt for group in column] == groups
        assert len(dealt) <= columns
