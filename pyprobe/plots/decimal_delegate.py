"""DecimalDelegate: puts the decimal points of a column's numbers below each other."""

import re

from PyQt6.QtCore import QModelIndex, QObject
from PyQt6.QtWidgets import QStyleOptionViewItem

from pyprobe.plots.value_delegate import ValueDelegate

FIGURE_SPACE = "\u2007"  # as wide as a digit, also where other spaces are not
_PLAIN = re.compile(r"[-+]?\d+(?:\.(?P<decimals>\d+))?")


class DecimalDelegate(ValueDelegate):
    """``decimals`` is how many digits a column has behind the point; the model is not changed."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.decimals: dict[int, int] = {}

    def padded(self, text: str, column: int) -> str:
        """Return a number with room for the digits that others of its column have more."""
        most = self.decimals.get(column, 0)
        own = decimals_of(text)
        if own is None or own >= most:
            return text
        return text + FIGURE_SPACE * (most - own + (own == 0))

    def initStyleOption(self, option: QStyleOptionViewItem | None, index: QModelIndex) -> None:
        """Give the text its room, unless it is one that was made to fit."""
        super().initStyleOption(option, index)
        if option is not None and option.text == index.data():
            option.text = self.padded(option.text or "", index.column())


def decimals_of(text: str) -> int | None:
    """Return how many digits stand behind the point; None of what is no plain number."""
    plain = _PLAIN.fullmatch(text)
    return None if plain is None else len(plain["decimals"] or "")
