"""How a header's room is shared out between title and value: whole where possible, else elided."""

from collections.abc import Sequence
from typing import NamedTuple

from PyQt6.QtGui import QFontMetricsF

from pyprobe.plots.title_forms import cut_end
from pyprobe.session.short_text import cut_value

GAP_PX = 10.0
_LEAST_TITLE_SHARE = 0.4
_LEAST_FACTS_PX = 110.0
_VALUE_SHARE = 0.3
_LONG_NUMBER = "-1234.56"  # shorter ones take its room, so that the title stays as it is
_LEAST_VALUE_PX = 48.0  # narrower, a value says nothing


class HeaderLine(NamedTuple):
    """The texts of a header's first line and their widths in pixels."""

    title: str
    title_px: float
    value: str
    value_px: float


def share_line(
    titles: Sequence[str],
    value: str,
    room_px: float,
    fonts: tuple[QFontMetricsF, QFontMetricsF],
    *,
    has_facts: bool,
) -> HeaderLine:
    """Return what fits; ``titles`` is the whole one, then shorter ones.

    ``fonts`` are the title's and the value's.
    ``has_facts``: facts follow in the same line, so neither may take all of it.
    """
    title_font, value_font = fonts
    value_px = value_font.horizontalAdvance(value)
    wanted_value_px = min(value_px, max(room_px * _VALUE_SHARE, _LEAST_VALUE_PX))
    name_px = title_font.horizontalAdvance(titles[-1])
    steady_px = max(value_px, value_font.horizontalAdvance(_LONG_NUMBER))
    if not has_facts and name_px + GAP_PX + steady_px <= room_px:
        wanted_value_px = steady_px  # the value comes before the place, which the code shows
    title_room_px = room_px - (wanted_value_px + GAP_PX if value else 0.0)
    if has_facts:
        title_room_px -= _LEAST_FACTS_PX + GAP_PX
    least_px = min(name_px, room_px * _LEAST_TITLE_SHARE)
    title = _fitting(titles, title_font, max(title_room_px, least_px))
    title_px = title_font.horizontalAdvance(title)
    left_px = room_px - title_px - GAP_PX
    most_value_px = min(left_px, room_px * _VALUE_SHARE) if has_facts else left_px
    if most_value_px < min(value_px, _LEAST_VALUE_PX):
        return HeaderLine(title, title_px, "", 0.0)
    shown = cut_value(value, value_font.horizontalAdvance, most_value_px + 1.0)
    return HeaderLine(title, title_px, shown, value_font.horizontalAdvance(shown))


def _fitting(titles: Sequence[str], font: QFontMetricsF, room_px: float) -> str:
    for title in titles:
        if font.horizontalAdvance(title) <= room_px:
            return title
    return cut_end(titles[-1], font.horizontalAdvance, room_px, least=1)
