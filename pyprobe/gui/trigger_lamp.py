"""TriggerLamp: the state of a trigger as on a scope: a lamp, a word, and how often it fired."""

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from pyprobe.core.trigger import Trigger, TriggerState
from pyprobe.gui.theme import Theme, blend
from pyprobe.session.trigger_reading import TriggerReading

_PADDING_PX = 9.0
_LAMP_PX = 9.0
_WORDS = {
    TriggerState.ARMED: "ARMED",
    TriggerState.WAITING: "WAITING",
    TriggerState.TRIGGERED: "TRIGGERED",
    TriggerState.STOPPED: "STOPPED",
    TriggerState.OFF: "OFF",
}
_TIPS = {
    TriggerState.ARMED: "Gathers captures from before a trigger, or its hold-off is not over",
    TriggerState.WAITING: "The next hit for which the condition holds triggers",
    TriggerState.TRIGGERED: "It has triggered, and captures are taken",
    TriggerState.STOPPED: "A single trigger has all its captures; arm it again for the next",
    TriggerState.OFF: "It failed, and its probe captures as without it",
}


def trigger_word(trigger: Trigger | None, reading: TriggerReading | None, *, runs: bool) -> str:
    """Return a trigger's state in one word; ``""`` without one."""
    if trigger is None:
        return ""
    if reading is None:
        return "ARMED" if runs else "SET"
    return _WORDS[reading.state]


class TriggerLamp(QWidget):
    """Painted, as a style sheet knows no lamp."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._text = ""
        self._count = ""
        self._state: TriggerState | None = None
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("State of the trigger")
        self.show_state(None, None, runs=False)

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self._theme = theme
        self.update()

    @property
    def text(self) -> str:
        """What it says."""
        return f"{self._text} {self._count}".strip()

    def show_state(
        self, trigger: Trigger | None, reading: TriggerReading | None, *, runs: bool
    ) -> None:
        """Show how a trigger fares; None for a probe without one."""
        self._state = reading.state if trigger is not None and reading is not None else None
        self._text = trigger_word(trigger, reading, runs=runs) or "NO TRIGGER"
        self._count = f"× {reading.times:,}" if reading is not None and reading.times else ""
        self.setAccessibleDescription(self.text)
        tip = _TIPS[self._state] if self._state is not None else "Every hit is captured"
        self.setToolTip("It begins with the program" if trigger and reading is None else tip)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for the words."""
        metrics = QFontMetricsF(self._bold())
        width = metrics.horizontalAdvance(self.text) + _LAMP_PX + 3 * _PADDING_PX
        return QSize(round(max(width, 118.0)), round(metrics.height() + 8))

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setBold(True)
        return font

    def _color(self) -> str:
        theme = self._theme
        return (
            {
                TriggerState.ARMED: theme.accent,
                TriggerState.WAITING: theme.warn,
                TriggerState.TRIGGERED: theme.good,
                TriggerState.STOPPED: theme.text,
                TriggerState.OFF: theme.bad,
            }.get(self._state or TriggerState.STOPPED, theme.text)
            if self._state
            else theme.muted
        )

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        """Paint lamp and words on a ground of the lamp's colour."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = self._color()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(blend(color, self._theme.surface, 0.14)))
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, 5.0, 5.0)
        center = QPointF(_PADDING_PX + _LAMP_PX / 2, box.center().y())
        hollow = self._state is None
        painter.setPen(QColor(color))
        painter.setBrush(Qt.BrushStyle.NoBrush if hollow else QColor(color))
        painter.drawEllipse(center, _LAMP_PX / 2 - 0.5, _LAMP_PX / 2 - 0.5)
        painter.setFont(self._bold())
        painter.setPen(QColor(color))
        left = 2 * _PADDING_PX + _LAMP_PX
        words = QRectF(left, 0.0, self.width() - left, float(self.height()))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text)
        painter.end()
