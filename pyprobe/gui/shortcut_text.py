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
TIME_BAR = _group(
    "On the time bar",
    ("Earlier and later captures", "Left, Right"),
    ("First and last capture", "Home, End"),
    ("Live again", "Esc"),
)
VALUES = _group(
    "Among variables and snapshots",
    ("Change it", "F2"),
    ("Remove it", "Del"),
)
PLOT_MOUSE = _group(
    "Mouse on a plot",
    ("Pan", "Drag"),
    ("Pan one axis", "Drag on the axis"),
    ("Zoom along X", "Wheel"),
    ("Zoom along Y", "Ctrl+Wheel"),
    ("Zoom one axis", "Wheel on the axis"),
    ("Pan sideways", "Shift+Wheel"),
    ("Zoom to a rectangle", "Shift+Drag, right drag"),
    ("Show everything", "Double click"),
    ("Show all of one axis", "Double click its middle"),
    ("Type where an axis ends", "Double click its end"),
    ("Hide or show a trace", "Click its name"),
    ("Take a trace away", "Double click its name"),
    ("Lay a trace over another plot", "Drag its header"),
    ("Write a note at a marker", "Double click it"),
    ("Menu", "Right click"),
)
PLOT_KEYS = _group(
    ON_A_PLOT,
    ("Pan", "Arrows"),
    ("Zoom along X", "+, −"),
    ("Zoom along Y", "Ctrl +, Ctrl −"),
    ("Automatic range", "A"),
    ("Follow the newest value", "F"),
    ("Grid", "G"),
    ("Time axis", "T"),
    ("Logarithmic Y axis", "L"),
    ("Logarithmic X axis", "Shift+L"),
    ("Cursors", "C"),
    ("Take the other cursor", "Shift+C"),
    ("Measurements", "M"),
    ("Add a marker", "N"),
    ("Choose the next marker", "K"),
    ("Write a note at the marker", "Shift+N"),
    ("Remove the marker", "Del"),
    ("Move the marker or the cursor", "Shift+Arrows"),
    ("Menu", "Shift+F10, Menu"),
    ("Give up a rectangle", "Esc"),
)
IMAGE_KEYS = _group(
    "Keys on an image",
    ("Square pixels", "S"),
    ("Region of interest", "R"),
    ("Next line profile", "P"),
    ("Move the region or the profile", "Shift+Arrows"),
    ("Let the region grow, turn the line", "Ctrl+Shift+Arrows"),
    ("Along another axis", "Page Up, Page Down"),
)
TABLE_KEYS = _group(
    "Keys in a table or a tree",
    ("Copy", "Ctrl+C"),
    ("Copy as Python", "Ctrl+Shift+C"),
    ("Go to a row", "Ctrl+G"),
    ("Plot a number, unfold a branch", "Enter, Space"),
)
FIXED_GROUPS = (
    *(SOURCE, CONSOLE, TIME_BAR, VALUES),
    *(PLOT_MOUSE, PLOT_KEYS, IMAGE_KEYS, TABLE_KEYS),
)
