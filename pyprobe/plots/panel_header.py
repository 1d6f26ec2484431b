"""PanelHeader: one or two lines above a trace that say what it is and how it fares."""

from collections.abc import Sequence
from dataclasses import replace

from PyQt6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QAction,
    QColor,
    QFont,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PyQt6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from pyprobe.plots.header_layout import GAP_PX, HeaderLine, share_line
from pyprobe.plots.header_text import NOT_LIVE, HeaderContent
from pyprobe.plots.state_glyph import paint_state_glyph
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.title_forms import title_forms
from pyprobe.session.short_text import cut_value

_MARGIN_PX = 8.0
_GLYPH_PX = 11.0
_MARK = "▲"  # stands for warnings that have no room
_SHORT = {NOT_LIVE: "past"}  # that a plot does not show the present has to be read at any size
_LEAST_SENTENCE_PX = 120.0  # of a warning that is cut
_SEPARATOR = "  ·  "
_ONE_LINE_FROM_PX = 720
_FACTS_FROM_PX = 560  # of a line with the title
_BUTTONS_FROM_PX = 230


class PanelHeader(QWidget):
    """Painted by hand, as its text changes with every frame; only its buttons are widgets.

    ``drag_started``: the user drags the header, to carry the trace to another plot.
    """

    drag_started = pyqtSignal()

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__()
        self.theme = theme
        self.color = color
        self.content: HeaderContent | None = None
        self.readout = ""
        self.shown: dict[str, str] = {}  # what was painted, after eliding
        self._title_font = QFont(self.font())
        self._title_font.setWeight(QFont.Weight.DemiBold)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._actions: list[QAction] = []
        self._buttons: dict[QAction, QToolButton] = {}
        self._is_compact = False
        self._pressed: QPointF | None = None
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 2, 4, 0)
        self._layout.setSpacing(2)
        self._layout.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self.set_theme(theme, color)

    def set_theme(self, theme: PlotTheme, color: str) -> None:
        """Draw in these colours."""
        self.theme = theme
        self.color = color
        self.setStyleSheet(
            f"QToolButton {{ border: 1px solid transparent; border-radius: 3px;"
            f" padding: 0px 5px; margin: 0px; color: {theme.muted}; background: transparent; }}"
            f"QToolButton:checked {{ color: {theme.accent}; border-color: {theme.frame}; }}"
            f"QToolButton:hover {{ color: {theme.text}; border-color: {theme.frame}; }}"
            f"QToolButton:focus {{ border-color: {theme.accent}; padding: 0px 5px; }}"
        )
        self.update()

    def set_content(self, content: HeaderContent) -> None:
        """Show this from the next frame on."""
        if content != self.content:
            before, self.content = self.content, content
            if before is None or before.warnings != content.warnings:
                self.setAccessibleName(", ".join((content.title, *content.warnings)))
            self.update()

    def set_readout(self, text: str) -> None:
        """Show what is under the mouse in place of the facts; ``""`` to end that."""
        if text != self.readout:
            self.readout = text
            self.update()

    def set_actions(self, actions: Sequence[QAction]) -> None:
        """Show these as buttons at the right end."""
        if list(actions) == self._actions:
            return
        self._actions = list(actions)
        for action in self._actions:
            if action not in self._buttons:
                self._buttons[action] = self._make_button(action)
        self._show_buttons()
        self.update()

    def _make_button(self, action: QAction) -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setAccessibleName(action.toolTip())
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        font = button.font()
        font.setPointSizeF(max(font.pointSizeF() * 0.88, 6.5))
        button.setFont(font)
        button.setFixedHeight(int(self._line_px()) - 2)
        self._layout.addWidget(button)
        return button

    def set_compact(self, compact: bool) -> None:
        """Keep to one line even in a narrow panel, because it is low."""
        if compact != self._is_compact:
            self._is_compact = compact
            self.updateGeometry()
            self.update()

    @property
    def is_one_line(self) -> bool:
        """Whether everything is in one line: in a wide panel and in a low one."""
        return self._is_compact or self.width() >= _ONE_LINE_FROM_PX

    def _show_buttons(self) -> None:
        """Keep only the last button where there is little room; the menu has them all."""
        is_wide = self.width() >= _FACTS_FROM_PX
        few = self._actions[-1:] if self.width() >= _BUTTONS_FROM_PX else []
        shown = self._actions if is_wide else few
        for action, button in self._buttons.items():
            button.setVisible(action in shown)

    def _line_px(self) -> float:
        return float(int(QFontMetricsF(self._title_font).height()) + 5)

    def sizeHint(self) -> QSize:
        """Return the height of one or two lines."""
        line = int(self._line_px())
        small = int(QFontMetricsF(self.font()).height())
        return QSize(200, line + 3 if self.is_one_line else line + small + 4)

    def minimumSizeHint(self) -> QSize:
        """Return the height; any width will do."""
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Go from one line to two and back."""
        if event is not None and event.oldSize().width() != event.size().width():
            self._show_buttons()
            self.updateGeometry()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Remember where a drag may begin."""
        is_left = event is not None and event.button() is Qt.MouseButton.LeftButton
        self._pressed = event.position() if event is not None and is_left else None

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Begin a drag once the mouse has gone far enough."""
        if event is None or self._pressed is None:
            return
        way = event.position() - self._pressed
        if way.manhattanLength() >= QApplication.startDragDistance():
            self._pressed = None
            self.drag_started.emit()

    def changeEvent(self, event: QEvent | None) -> None:
        """Follow a change of the font."""
        if event is not None and event.type() == QEvent.Type.FontChange:
            self._title_font = QFont(self.font())
            self._title_font.setWeight(QFont.Weight.DemiBold)
            self.updateGeometry()
        super().changeEvent(event)

    def event(self, event: QEvent | None) -> bool:
        """Make the tooltip when it is asked for, not with every frame."""
        if event is not None and event.type() == QEvent.Type.ToolTip and self.content is not None:
            self.setToolTip(self.content.sentence())
        return super().event(event)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint the mark, the title, the last value and the facts side by side."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self.theme.panel))
        if self.content is not None:
            self._paint_content(painter, self.content)
        painter.end()

    def _paint_content(self, painter: QPainter, content: HeaderContent) -> None:
        self.shown = {}
        line = self._line_px()
        glyph = QRectF(_MARGIN_PX, (line - _GLYPH_PX) / 2 + 1, _GLYPH_PX, _GLYPH_PX)
        paint_state_glyph(painter, glyph, content.status, self.color, self.theme.error)
        left = glyph.right() + 7.0
        shown = [button.x() for button in self._buttons.values() if not button.isHidden()]
        right = min(shown, default=self.width()) - _MARGIN_PX
        small = QFontMetricsF(self.font())
        baseline = line / 2 + small.ascent() / 2 - small.descent() / 2 + 1
        mark = self._mark(content, right - left) if self._is_tight else ""
        mark_px = small.horizontalAdvance(mark) + GAP_PX if mark else 0.0
        room_px = max(right - left - mark_px, 0.0)
        texts = self._share_line(content, room_px)
        if mark and texts.title != content.title:  # no room for three: the value has to go
            texts = self._share_line(replace(content, value=""), room_px)
        painter.setFont(self._title_font)
        self._text(painter, "title", QPointF(left, baseline), texts.title, self.theme.text)
        painter.setFont(self.font())
        at = QPointF(right - texts.value_px, baseline)
        self._text(painter, "value", at, texts.value, self.theme.text)
        start = left + texts.title_px + GAP_PX
        if not self.is_one_line:
            self._paint_facts(painter, left, self.width() - _MARGIN_PX, line + small.ascent())
        elif mark:
            self._text(painter, "mark", QPointF(start, baseline), mark, self.theme.warning)
        elif not self._reads_instead:
            end = right - texts.value_px - 2 * GAP_PX
            self._paint_facts(painter, start + GAP_PX, end, baseline)

    def _mark(self, content: HeaderContent, room_px: float) -> str:
        """Return the first warning in words where they leave the title whole, else its mark.

        The tooltip and the accessible name say all of them in full.
        """
        if not content.warnings:
            return ""
        short_title = title_forms(content.title)[:2][-1]
        title_px = QFontMetricsF(self._title_font).horizontalAdvance(short_title)
        metrics = QFontMetricsF(self.font())
        for words in (content.warnings[0], _SHORT.get(content.warnings[0], _MARK)):
            if title_px + GAP_PX + metrics.horizontalAdvance(words) + GAP_PX <= room_px:
                return words
        return _SHORT.get(content.warnings[0], _MARK)

    @property
    def _is_tight(self) -> bool:
        """Whether one line must do in a narrow panel."""
        return self._is_compact and self.width() < _FACTS_FROM_PX

    @property
    def _reads_instead(self) -> bool:
        """Whether what is under the mouse takes the last value's place, as one line has no more."""
        return bool(self.readout) and self._is_tight

    def _share_line(self, content: HeaderContent, room_px: float) -> HeaderLine:
        titles = title_forms(content.title)
        return share_line(
            titles[-1:] if self._reads_instead else titles,
            self.readout if self._reads_instead else content.value,
            room_px,
            (QFontMetricsF(self._title_font), QFontMetricsF(self.font())),
            has_facts=self.is_one_line and not self._is_tight,
        )

    def _paint_facts(self, painter: QPainter, left: float, right: float, baseline: float) -> None:
        """Paint the readout, or warnings and facts, each whole while there is room."""
        if self.content is None:
            return
        metrics = QFontMetricsF(self.font())
        if self.readout:
            text = cut_value(self.readout, metrics.horizontalAdvance, right - left)
            self._text(painter, "facts", QPointF(left, baseline), text, self.theme.text)
            return
        parts = [(text, self.theme.warning) for text in self.content.warnings]
        parts += [(text, self.theme.muted) for text in self.content.facts]
        x = left
        for number, (text, color) in enumerate(parts):
            shown = f"{_SEPARATOR}{text}" if number else text
            room_px = max(right - x, 0.0)
            has_room = metrics.horizontalAdvance(shown) <= room_px
            if not has_room and (number or room_px < _LEAST_SENTENCE_PX):
                break  # half a fact says less than none; the tooltip has them all
            cut = metrics.elidedText(shown, Qt.TextElideMode.ElideRight, room_px)
            if cut.strip("…"):
                self._text(painter, "facts", QPointF(x, baseline), cut, color)
            x += metrics.horizontalAdvance(shown)

    def _text(self, painter: QPainter, what: str, at: QPointF, text: str, color: str) -> None:
        self.shown[what] = self.shown.get(what, "") + text
        painter.setPen(QColor(color))
        painter.drawText(at, text)
