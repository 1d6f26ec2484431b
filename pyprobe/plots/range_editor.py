"""RangeEditor: a number that is typed where it stands, such as the end of an axis."""

from collections.abc import Callable
from math import isfinite

from PyQt6.QtCore import QPoint
from PyQt6.QtGui import QFocusEvent
from PyQt6.QtWidgets import QToolTip, QWidget

from pyprobe.plots.plot_field import PlotField

_WIDTH_PX = 92


class RangeEditor(PlotField):
    """``take`` gets the number and returns ``""``, or says why it cannot be.

    Enter takes it, Escape and a click elsewhere give up.
    """

    def __init__(
        self,
        value: float,
        take: Callable[[float], str],
        parent: QWidget,
        *,
        name: str = "End of the axis",
    ) -> None:
        super().__init__(f"{value:.9g}", parent, width_px=_WIDTH_PX, name=name)
        self._take = take
        self.returnPressed.connect(self._enter)
        self.textEdited.connect(lambda _text: self._complain(""))

    def open_at(self, x: float, y: float) -> None:
        """Show it centred on a place of the plot, within the plot."""
        self.show_at(x - _WIDTH_PX / 2, y - self.sizeHint().height() / 2)

    def _enter(self) -> None:
        try:
            number = float(self.text().replace(",", ""))
        except ValueError:
            self._complain(f"{self.text()!r} is no number")
            return
        problem = "it must be finite" if not isfinite(number) else self._take(number)
        if problem:
            self._complain(problem)
        else:
            self.close_field()

    def _complain(self, problem: str) -> None:
        self.setToolTip(problem)
        self.setProperty("wrong", bool(problem))
        self.setStyleSheet("QLineEdit { border: 1px solid #b8293a; }" if problem else "")
        self.setAccessibleDescription(problem)
        if problem:
            QToolTip.showText(self.mapToGlobal(QPoint(0, self.height() - 8)), problem, self)
        else:
            QToolTip.hideText()

    def focusOutEvent(self, a0: QFocusEvent | None) -> None:
        """A click elsewhere gives up."""
        super().focusOutEvent(a0)
        if self.isVisible():
            self.hide()
            self.deleteLater()
