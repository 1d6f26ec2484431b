"""The sheet of shortcuts and the palette know every key there is."""

import ast
from pathlib import Path

import pytest
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

import pyprobe
from pyprobe.gui.action_list import keys_of, list_actions
from pyprobe.gui.main_window import MainWindow
from pyprobe.gui.shortcut_sheet import shortcut_groups
from pyprobe.gui.shortcut_text import FIXED_GROUPS, IMAGE_KEYS, PLOT_KEYS, TABLE_KEYS
from pyprobe.plots.builtin_lenses import registry
from pyprobe.plots.lens import LensWidget
from pyprobe.plots.scalar_history import ScalarHistoryLens
from pyprobe.plots.theme import LIGHT_THEME
from tests.gui.conftest import OpenWindow
from tests.gui.test_main_window import toggle, wait_ended

ON_PLOTS = {row.keys for group in (PLOT_KEYS, IMAGE_KEYS, TABLE_KEYS) for row in group.rows}

# How keys that widgets take themselves stand on the sheet.
WORDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("Left", "Right", "Up", "Down"), ("Arrows", "Left", "Right", "Up", "Down")),
    "Plus": ("+",),
    "Equal": ("+",),
    "Minus": ("−",),
    "Delete": ("Del",),
    "Escape": ("Esc",),
    "PageUp": ("Page Up",),
    "PageDown": ("Page Down",),
    "Return": ("Enter",),
}
# Fields and lists that are typed or chosen in, whose keys are those of any such.
FIELDS = {
    *("action_palette", "checked_cells", "condition_field", "find_bar", "inline_editor"),
    *("overlay", "go_field", "plot_field", "variables_panel"),
}


def lens_names() -> list[str]:
    return list(registry().names())


def make_lens(name: str) -> LensWidget:
    entry = registry().get(name)
    assert entry is not None
    return entry.build(LIGHT_THEME, "#0072b2")


def all_actions(widget: QWidget) -> list[QAction]:
    found = [*widget.actions(), *widget.findChildren(QAction)]
    menus = widget.findChildren(QMenu)
    return [*found, *(one for menu in menus for one in menu.actions())]


@pytest.mark.parametrize("name", lens_names())
def test_every_key_of_a_lens_is_on_the_sheet(qapp: QApplication, name: str) -> None:
    lens = make_lens(name)
    keys = {keys_of(action) for action in all_actions(lens)} - {""}
    assert keys <= ON_PLOTS
    lens.deleteLater()


@pytest.mark.parametrize("name", lens_names())
def test_every_key_of_a_lens_is_that_of_an_action_of_it(qapp: QApplication, name: str) -> None:
    """So that it works there, and the palette lists it while the lens has the keyboard."""
    lens = make_lens(name)
    inner = [one for child in lens.findChildren(QWidget) for one in child.actions()]
    listed = [*lens.actions(), *lens.view_actions(), *inner]
    for action in lens.findChildren(QAction):
        assert action.shortcut().isEmpty() or action in listed
    lens.deleteLater()


def handled_keys() -> dict[str, set[str]]:
    """Return the keys that each module of the window handles itself, as Qt names them."""
    folder = Path(pyprobe.__file__).parent
    found: dict[str, set[str]] = {}
    for path in (*folder.glob("plots/*.py"), *folder.glob("gui/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr.startswith("Key_"):
                found.setdefault(path.stem, set()).add(node.attr.removeprefix("Key_"))
    return found


def test_every_key_that_a_widget_handles_is_on_the_sheet() -> None:
    on_sheet = {row.keys for group in FIXED_GROUPS for row in group.rows}
    words = {word.rpartition("+")[2] or "+" for keys in on_sheet for word in keys.split(", ")}
    handled = handled_keys()
    assert handled
    assert set(handled) >= FIELDS
    for module in set(handled) - FIELDS:
        for key in handled[module]:
            assert set(WORDS.get(key, (key,))) & words, (module, key)


def test_every_action_of_a_window_with_keys_is_on_the_sheet_and_in_the_palette(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    window: MainWindow = open_main_window("x = 1\n")
    toggle(window, 1, 0)
    window.program.run()
    wait_ended(window, qtbot)
    assert window.traces is not None
    (panel,) = window.traces.panels.values()
    qtbot.waitUntil(lambda: isinstance(panel.lens, ScalarHistoryLens))
    on_sheet = {row.keys for group in shortcut_groups(window) for row in group.rows}
    found = list_actions(window, panel.lens)
    listed = {entry.action for entry in found.entries}
    assert panel.lens is not None
    for action in panel.lens.actions():
        assert action in listed
    for entry in found.entries:
        assert not entry.keys or entry.keys in on_sheet, entry.text
    texts = {entry.text for entry in found.entries}
    by_mouse_too = {
        *("Overlay", "Axis at the right", "Hidden", "Type the left end…", "Fit to the data"),
        *("Lock X axis", "Link X axis", "Zoom X", "Pointer", "Dashed", "Copy as picture", "PNG…"),
        *("Add a marker", "Remove probe", "Value histogram", "Running mean", "Park this plot"),
    }
    assert by_mouse_too - texts <= {"Overlay"}  # there is no other trace
    from_the_source = list_actions(window, window.console.view)
    assert {entry.text for entry in from_the_source.entries} >= texts
    for one in (found, from_the_source):
        one.close()
    found.close()


def test_the_sheet_has_nothing_twice(open_main_window: OpenWindow) -> None:
    window = open_main_window("x = 1\n")
    for group in shortcut_groups(window):
        keys = [row.keys for row in group.rows]
        assert len(keys) == len(set(keys)), group.title
