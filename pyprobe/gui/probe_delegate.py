"""NameDelegate: names in the probe list, which go short by whole parts."""

from PyQt6.QtWidgets import QStyleOptionViewItem

from pyprobe.plots.title_forms import cut_end, title_forms
from pyprobe.plots.value_delegate import FittingDelegate


class NameDelegate(FittingDelegate):
    """A name drops its file first, then its line, then its first attributes."""

    def shortened(self, text: str, option: QStyleOptionViewItem, room_px: float) -> str:
        """Return the longest form that has room."""
        width = option.fontMetrics.horizontalAdvance
        forms = title_forms(text)
        fitting = (form for form in forms if width(form) <= room_px)
        return next(fitting, "") or cut_end(forms[-1], width, room_px, least=1)
