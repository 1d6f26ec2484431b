"""RunSign: the program's state in the toolbar, large enough to be read from across the room."""

from dataclasses import dataclass
from enum import Enum

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from pyprobe.gui.theme import Theme, blend

_LEAST_WIDTH_PX, _WISHED_WIDTH_PX = 120, 620
_PADDING_PX = 12.0
_WORD_POINTS, _DETAIL_POINTS = 3.0, 0.5
_WORTH_CUTTING = 15  # characters of a reason, of which fewer tell nothing


class SignKind(Enum):
    """What is to be seen at a glance."""

    QUIET = "quiet"
    RUNS = "runs"
    WAITS = "waits"
    STANDS = "stands"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SignText:
    """``word`` is seen from afar, ``detail`` from near.

    Where that has no room, the first of ``shorter`` that has stands there; else the last of them,
    cut; and where little more would be left of it than the first of ``least``, one of these.
    """

    kind: SignKind
    word: str
    detail: str = ""
    shorter: tuple[str, ...] = ()
    least: tuple[str, ...] = ()

    def wording(self, metrics: QFontMetricsF, room_px: float) -> str:
        """Return what of the detail there is room for."""
        told = (self.detail, *self.shorter)
        for one in told:
            if metrics.horizontalAdvance(one) <= room_px:
                return one
        cut = _cut(told[-1], metrics, room_px)
        if not self.least or len(cut) >= len(self.least[0]) + _WORTH_CUTTING:
            return cut
        for one in self.least:
            if metrics.horizontalAdvance(one) <= room_px:
                return one
        return _cut(self.least[-1], metrics, room_px)


def _cut(text: str, metrics: QFontMetricsF, room_px: float) -> str:
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, room_px)


class RunSign(QWidget):
    """Takes what the toolbar's buttons leave; what it has to say stands at the right."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown = SignText(SignKind.QUIET, "")
        self.setAccessibleName("State of the program")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumWidth(_LEAST_WIDTH_PX)

    @property
    def shown(self) -> SignText:
        """What stands there."""
        return self._shown

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self._theme = theme
        self.update()

    def show_text(self, text: SignText) -> None:
        """Show this."""
        if text != self._shown:
            self._shown = text
            words = f"{text.word} {text.detail}".strip()
            self.setAccessibleDescription(words)
            self.setToolTip(words)
            self.update()

    def sizeHint(self) -> QSize:
        """Return room for the word and the most important of the rest."""
        return QSize(_WISHED_WIDTH_PX, 26)

    def _font(self, more_points: float, *, bold: bool) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() + more_points)
        font.setBold(bold)
        return font

    def _colors(self) -> tuple[str, str]:
        """Return ground and ink."""
        theme = self._theme
        color = {
            SignKind.RUNS: theme.good,
            SignKind.WAITS: theme.accent,
            SignKind.STANDS: theme.warn,
            SignKind.FAILED: theme.bad,
        }.get(self._shown.kind)
        if color is None:
            return theme.chrome, theme.muted
        if self._shown.kind is SignKind.STANDS:
            return color, "#0d1420" if QColor(color).lightness() > 140 else "#ffffff"
        return blend(color, theme.chrome, 0.16), color

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        """Paint it at the right, as wide as its words."""
        shown = self._shown
        if not shown.word:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        large = self._font(_WORD_POINTS, bold=True)
        small = self._font(_DETAIL_POINTS, bold=False)
        word_px = QFontMetricsF(large).horizontalAdvance(shown.word)
        metrics = QFontMetricsF(small)
        room = self.width() - word_px - 3 * _PADDING_PX
        detail = shown.wording(metrics, max(room, 0.0))
        detail_px = metrics.horizontalAdvance(detail) + _PADDING_PX if detail else 0.0
        width = min(word_px + detail_px + 2 * _PADDING_PX, float(self.width()))
        box = QRectF(self.width() - width, 1.0, width, self.height() - 2.0)
        ground, ink = self._colors()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box, 6.0, 6.0)
        painter.setPen(QColor(ink))
        painter.setFont(large)
        left = box.left() + _PADDING_PX
        words = QRectF(QPointF(left, box.top()), box.bottomRight())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, shown.word)
        if detail:
            painter.setFont(small)
            words.setLeft(left + word_px + _PADDING_PX)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, detail)
        painter.end()
