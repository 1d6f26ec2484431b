"""PlotTheme: the colours plots are drawn with, light and dark."""

from dataclasses import dataclass

from pyprobe.plots.palette import trace_color


@dataclass(frozen=True, slots=True)
class PlotTheme:
    """Colours as ``#rrggbb``.

    ``canvas`` lies under the data, ``panel`` around it; ``text`` is read, ``muted`` is read second,
    ``grid`` is only felt. ``accent`` marks what is switched on or has the focus, ``warning`` what
    was lost or runs code of the program, ``error`` what failed. ``missing`` fills the pixels of an
    image that hold no number.
    """

    dark: bool
    canvas: str
    panel: str
    text: str
    muted: str
    grid: str
    frame: str
    accent: str
    warning: str
    error: str
    missing: str

    def trace_color(self, index: int) -> str:
        """Return the ``#rrggbb`` of the trace with this colour index."""
        return trace_color(index, dark=self.dark)


LIGHT_THEME = PlotTheme(
    dark=False,
    canvas="#ffffff",
    panel="#ffffff",
    text="#1f2430",
    muted="#5f6877",
    grid="#e9ecf0",
    frame="#c8cdd6",
    accent="#1763c6",
    warning="#8a5a00",
    error="#b8293a",
    missing="#d0d4da",
)

DARK_THEME = PlotTheme(
    dark=True,
    canvas="#14161b",
    panel="#14161b",
    text="#dce0e8",
    muted="#929bab",
    grid="#252a33",
    frame="#434b5a",
    accent="#5aa2f7",
    warning="#e3b04f",
    error="#f0757d",
    missing="#3f444c",
)


def plot_theme(*, dark: bool) -> PlotTheme:
    """Return the theme for a dark or a light window."""
    return DARK_THEME if dark else LIGHT_THEME
