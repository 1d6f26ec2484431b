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
