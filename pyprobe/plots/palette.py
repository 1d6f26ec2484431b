"""The colours of traces: few, told apart in light and dark and by colour-blind eyes.

All come from two published palettes made for colour-blind readers, Okabe and Ito (2008) and Paul
Tol (2021). Out of them the ones were taken that stand out by 3:1 from the background of their theme
and keep the largest smallest distance from each other in normal, protan, deutan and tritan vision;
``tests/plots/test_palette.py`` measures both.
"""

from typing import NamedTuple


class TraceColor(NamedTuple):
    """One trace's colour as ``#rrggbb`` in the light and in the dark theme, and its name."""

    light: str
    dark: str
    name: str


TRACE_COLORS: tuple[TraceColor, ...] = (
    TraceColor("#0072b2", "#56b4e9", "Blue"),
    TraceColor("#d55e00", "#d55e00", "Vermilion"),
    TraceColor("#009e73", "#009e73", "Bluish green"),
    TraceColor("#cc79a7", "#cc79a7", "Reddish purple"),
    TraceColor("#332288", "#0072b2", "Indigo"),
    TraceColor("#666633", "#f0e442", "Olive or yellow"),
    TraceColor("#aa3377", "#ffaabb", "Wine or pink"),
    TraceColor("#663333", "#e69f00", "Brown or orange"),
)


def trace_color(index: int, *, dark: bool) -> str:
    """Return the ``#rrggbb`` of the trace with this colour index (any integer; it goes round)."""
    pair = TRACE_COLORS[index % len(TRACE_COLORS)]
    return pair.dark if dark else pair.light


def relative_luminance(color: str) -> float:
    """Return the WCAG relative luminance, 0 to 1, of ``#rrggbb``."""
    channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast_ratio(first: str, second: str) -> float:
    """Return the WCAG contrast, 1 to 21, of two ``#rrggbb`` colours."""
    low, high = sorted((relative_luminance(first), relative_luminance(second)))
    return (high + 0.05) / (low + 0.05)
