"""The themes: readable in every pair of colours that meet, and chosen as the user says."""

import pytest
from PyQt6.QtGui import QPalette
from PyQt6.QtWidgets import QApplication

from pyprobe.gui.style_sheet import build_style_sheet
from pyprobe.gui.theme import DARK, LIGHT, Theme, ThemeChoice, blend, choose_theme, make_palette
from pyprobe.plots.palette import TRACE_COLORS
from tests.plots.contrast import contrast_ratio

THEMES = [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")]
GROUNDS = ("chrome", "surface")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("ink", ["text", "muted", "accent", "good", "warn", "bad"])
def test_text_is_readable(theme: Theme, ground: str, ink: str) -> None:
    assert contrast_ratio(getattr(theme, ink), getattr(theme, ground)) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_code_is_readable(theme: Theme) -> None:
    colors = theme.code
    for name in type(colors).__slots__:
        for ground in (theme.surface, theme.current_line):
            assert contrast_ratio(getattr(colors, name), ground) >= 4.5, name


@pytest.mark.parametrize("theme", THEMES)
def test_text_on_fills_is_readable(theme: Theme) -> None:
    fills = (theme.info_fill, theme.warn_fill, theme.bad_fill, theme.selection, theme.raised)
    for fill in fills:
        assert contrast_ratio(theme.text, fill) >= 4.5
    for fill in (theme.info_fill, theme.warn_fill, theme.bad_fill):
        assert contrast_ratio(theme.accent, fill) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_traces_stand_out_from_the_code(theme: Theme) -> None:
    for pair in TRACE_COLORS:
        assert contrast_ratio(pair.dark if theme.dark else pair.light, theme.surface) >= 3.0


def test_choice(qapp: QApplication) -> None:
    assert choose_theme(ThemeChoice.LIGHT, qapp) is LIGHT
    assert choose_theme(ThemeChoice.DARK, qapp) is DARK
    assert choose_theme(ThemeChoice.SYSTEM, qapp) in (LIGHT, DARK)


def test_palette_and_style_sheet_carry_the_colors(qapp: QApplication) -> None:
    assert make_palette(DARK).color(QPalette.ColorRole.Base).name() == DARK.surface
    assert DARK.accent in build_style_sheet(DARK)
    assert "{" in build_style_sheet(LIGHT)


def test_blend() -> None:
    assert blend("#ffffff", "#000000", 0.5) == "#808080"
    assert blend("#123456", "#ffffff", 1.0) == "#123456"
