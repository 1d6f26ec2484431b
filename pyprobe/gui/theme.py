"""Theme: the window's colours, light and dark, and the choice between them.

What the plots need too (ground, text, accent, warning, error) is theirs and taken over from them.
"""

from dataclasses import dataclass
from enum import Enum

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QPalette
from PyQt6.QtWidgets import QApplication

from pyprobe.plots.theme import DARK_THEME, LIGHT_THEME


class ThemeChoice(Enum):
    """What the user asked for; the value is what preferences store."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class CodeColors:
    """Colours of Python source."""

    text: str
    keyword: str
    definition: str
    decorator: str
    string: str
    number: str
    comment: str
    operator: str
    builtin: str


@dataclass(frozen=True, slots=True)
class Theme:
    """All colours of the window, as ``#rrggbb``."""

    dark: bool
    chrome: str  # window, toolbars, status bar
    surface: str  # code, console, plots, lists
    raised: str  # active tabs, fields, buttons under the mouse
    border: str
    text: str
    muted: str
    accent: str
    on_accent: str
    selection: str
    current_line: str
    good: str
    warn: str
    bad: str
    warn_fill: str
    bad_fill: str
    info_fill: str
    code: CodeColors


LIGHT = Theme(
    dark=False,
    chrome="#f2f3f5",
    surface=LIGHT_THEME.panel,
    raised="#e4e7ec",
    border="#d5d9e0",
    text=LIGHT_THEME.text,
    muted=LIGHT_THEME.muted,
    accent=LIGHT_THEME.accent,
    on_accent="#ffffff",
    selection="#cfe2fb",
    current_line="#f4f7fb",
    good="#1b7a48",
    warn=LIGHT_THEME.warning,
    bad=LIGHT_THEME.error,
    warn_fill="#fff4d9",
    bad_fill="#fdebec",
    info_fill="#e8f1fd",
    code=CodeColors(
        text=LIGHT_THEME.text,
        keyword="#7a32a8",
        definition="#1a56b0",
        decorator="#8a5a00",
        string="#2e7035",
        number="#a8480c",
        comment="#69717e",
        operator="#4a5262",
        builtin="#0b6e75",
    ),
)

DARK = Theme(
    dark=True,
    chrome="#1c1f26",
    surface=DARK_THEME.panel,
    raised="#2b303a",
    border="#323844",
    text=DARK_THEME.text,
    muted=DARK_THEME.muted,
    accent=DARK_THEME.accent,
    on_accent="#0d1420",
    selection="#264a76",
    current_line="#1a1e26",
    good="#57c48f",
    warn=DARK_THEME.warning,
    bad=DARK_THEME.error,
    warn_fill="#35301f",
    bad_fill="#3a2429",
    info_fill="#1d2c42",
    code=CodeColors(
        text=DARK_THEME.text,
        keyword="#c594f0",
        definition="#7ab3f7",
        decorator="#e3b04f",
        string="#98c98a",
        number="#efa06b",
        comment="#7d8696",
        operator="#b4bccb",
        builtin="#6fc7cf",
    ),
)


def choose_theme(choice: ThemeChoice, application: QApplication) -> Theme:
    """Return the theme for a choice; ``SYSTEM`` follows the platform's colour scheme."""
    if choice is ThemeChoice.LIGHT:
        return LIGHT
    if choice is ThemeChoice.DARK:
        return DARK
    hints = application.styleHints()
    dark = hints is not None and hints.colorScheme() == Qt.ColorScheme.Dark
    return DARK if dark else LIGHT


def make_palette(theme: Theme) -> QPalette:
    """Return the Qt palette of a theme."""
    role = QPalette.ColorRole
    colors = {
        role.Window: theme.chrome,
        role.WindowText: theme.text,
        role.Base: theme.surface,
        role.AlternateBase: theme.current_line,
        role.Text: theme.text,
        role.Button: theme.chrome,
        role.ButtonText: theme.text,
        role.BrightText: theme.bad,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.PlaceholderText: theme.muted,
        role.Highlight: theme.selection,
        role.HighlightedText: theme.text,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Light: theme.raised,
        role.Midlight: theme.raised,
        role.Mid: theme.border,
        role.Dark: theme.border,
        role.Shadow: "#000000",
        role.Accent: theme.accent,
    }
    palette = QPalette()
    for color_role, color in colors.items():
        palette.setColor(color_role, QColor(color))
    faded = blend(theme.muted, theme.chrome, 0.6)
    for color_role in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, color_role, QColor(faded))
    return palette


def blend(front: str, back: str, share: float) -> str:
    """Return the colour with ``share`` (0 to 1) of ``front`` over ``back``."""
    one, two = QColor(front), QColor(back)
    mixed = [
        round(a * share + b * (1.0 - share))
        for a, b in zip(one.getRgb()[:3], two.getRgb()[:3], strict=True)
        if a is not None and b is not None
    ]
    return QColor(*mixed).name()
