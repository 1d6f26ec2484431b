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


class SignKind(Enum):
    """What is to be seen at a glance."""

    QUIET = "quiet"
    RUNS = "runs"
    WAITS = "waits"
    STANDS = "stands"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SignText:
    """``word`` is seen from afar, ``detail`` from near; the first of ``shorter`` that has room
    stands where that has none.
    """

    kind: SignKind
    word: str
    detail: str = ""
    shorter: tuple[str, ...] = ()


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
        wordings = (shown.detail, *shown.shorter)
        fitting = (one for one in wordings if metrics.horizontalAdvance(one) <= room)
        whole = next(fitting, wordings[-1])
        detail = metrics.elidedText(whole, Qt.TextElideMode.ElideRight, max(room, 0.0))
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
