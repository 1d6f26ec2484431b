"""Shortcut text: the keys and gestures that are no actions, for the sheet of shortcuts."""

from dataclasses import dataclass

from pyprobe.gui.action_list import ON_A_PLOT


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One line of the sheet: what is done, and the keys or gesture that do it."""

    text: str
    keys: str


@dataclass(frozen=True, slots=True)
class SheetGroup:
    """Lines under one title."""

    title: str
    rows: tuple[SheetRow, ...]


def _group(title: str, *rows: tuple[str, str]) -> SheetGroup:
    return SheetGroup(title, tuple(SheetRow(text, keys) for text, keys in rows))


SOURCE = _group(
    "In the source",
    ("Add or remove a probe", "Click"),
    ("Probe at the caret", "P"),
    ("Show the plot of a probe", "Click its disc"),
    ("Set or remove a breakpoint", "Click left of the line"),
    ("Change a breakpoint, run to here", "Right click"),
    ("Next file", "Ctrl+Tab"),
)
CONSOLE = _group(
    "In the console's input",
    ("Send the line", "Enter"),
    ("Earlier and later lines", "Up, Down"),
    ("End the program's input", "Ctrl+D"),
)
PLOT_MOUSE = _group(
    "Mouse on a plot",
    ("Pan", "Drag"),
    ("Pan one axis", "Drag on the axis"),
    ("Zoom along X", "Wheel"),
    ("Zoom along Y", "Ctrl+Wheel"),
    ("Zoom one axis", "Wheel on the axis"),
    ("Pan sideways", "Shift+Wheel"),
    ("Zoom to a rectangle", "Shift+Drag"),
    ("Show everything", "Double click"),
    ("Menu", "Right click"),
)
PLOT_KEYS = _group(
    ON_A_PLOT,
    ("Pan", "Arrows"),
    ("Zoom along X", "+, −"),
    ("Zoom along Y", "Ctrl +, Ctrl −"),
    ("Automatic range", "A"),
    ("Grid", "G"),
    ("Menu", "Shift+F10, Menu"),
    ("Give up a rectangle", "Esc"),
)
FIXED_GROUPS = (SOURCE, CONSOLE, PLOT_MOUSE, PLOT_KEYS)
